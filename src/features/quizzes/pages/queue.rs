//! `/curate`: an airport board of what waits, and works in other states.

use super::queue_filters::{Filters, Found, address_of};
use super::{DeskSections, span_text};
use crate::features::assignments::pages::HandOver;
use crate::features::notifications::live;
use crate::features::quizzes::api::get_review_queue;
use crate::features::quizzes::model::{QueueFilter, QueueLine, QueuePage as Page, Waiting};
use crate::features::quizzes::rules::NEAR_MINUTES;
use crate::shared::href;
use crate::shared::i18n::{Locale, admin, desk, review as texts, works};
use crate::shared::viewer::use_locale;
use crate::ui::{Empty, Glyph, Icon, Loaded, Moment, NextPage};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

/// The curator's queue.
#[component]
pub fn QueuePage() -> impl IntoView {
    let query = use_query_map();
    let filter = move || {
        let query = query.read();
        QueueFilter::of(|name| query.get(name))
    };
    let queue = Resource::new_blocking(filter, |filter| async move { get_review_queue(filter.clone()).await.map(|page| (filter, page)) });
    live::on_next_news(|| "/curate".to_owned(), move || queue.refetch());
    view! { <Loaded resource=queue page=|(filter, page)| view! { <Queue filter page/> }.into_any()/> }
}

#[component]
fn Queue(filter: QueueFilter, page: Page) -> impl IntoView {
    let locale = use_locale();
    let next = page.next.as_ref().map(|after| address_of(&filter, after));
    let is_waiting = filter.state.is_empty();
    let is_all = filter == QueueFilter::default();
    let first = page.lines.iter().find(|line| line.holder.is_none()).map(|line| address(&filter, line));
    let figures = [(texts::waiting(locale), page.waiting), (texts::near(locale), page.near), (texts::overdue(locale), page.overdue)];
    let (lines, found) = (page.lines, page.found);
    view! {
        <Title text=texts::title(locale)/>
        <DeskSections/>
        <main id="main" class="page wide" tabindex="-1">
            <header class="head">
                <h1>{texts::title(locale)}</h1>
            </header>
            <Filters filter=filter.clone() courses=page.courses assignments=page.assignments/>
            {if lines.is_empty() && found.is_empty() {
                let (title, text) = if is_all {
                    (texts::empty_title(locale), texts::empty_text(locale))
                } else {
                    (admin::nothing_title(locale), desk::nothing_text(locale))
                };
                view! {
                    <Empty glyph=Glyph::Inbox title text>
                        {(!is_all).then(|| view! { <a class="button quiet" href="/curate">{desk::whole_queue(locale)}</a> })}
                    </Empty>
                }
                    .into_any()
            } else if is_waiting {
                view! {
                    <dl class="kpis">
                        {figures
                            .map(|(name, count)| {
                                view! {
                                    <div>
                                        <dt>{name}</dt>
                                        <dd class="num">{count}</dd>
                                    </div>
                                }
                            })
                            .collect_view()}
                    </dl>
                    {first
                        .map(|first| {
                            view! {
                                <p class="actions">
                                    <a class="button" href=first>
                                        {texts::take_next(locale)}
                                    </a>
                                </p>
                            }
                        })}
                    <section class="section">
                        <h2 class="hush">{texts::queue(locale)}</h2>
                        <table class="table board">
                            <thead>
                                <tr>
                                    <th scope="col">{texts::learner(locale)}</th>
                                    <th scope="col">{desk::work(locale)}</th>
                                    <th scope="col">{desk::what_waits(locale)}</th>
                                    <th scope="col">{texts::handed_in(locale)}</th>
                                    <th scope="col">{texts::promised(locale)}</th>
                                    <th scope="col">{desk::who(locale)}</th>
                                </tr>
                            </thead>
                            <tbody>{lines.into_iter().map(|line| row(locale, &filter, line)).collect_view()}</tbody>
                        </table>
                    </section>
                }
                    .into_any()
            } else {
                view! { <Found found/> }.into_any()
            }}
            {next
                .map(|next| {
                    view! {
                        <nav class="pager" aria-label=admin::pages(locale)>
                            <NextPage href=Some(next) label=admin::next_page(locale)/>
                        </nav>
                    }
                })}
            <HandOver/>
        </main>
    }
}

/// Where a line leads.
fn address(filter: &QueueFilter, line: &QueueLine) -> String {
    match line.waiting {
        Waiting::Answers(attempt, _) => href::review(attempt),
        Waiting::Work(submission, ..) => filter.at(&href::desk(submission)),
    }
}

/// How long is left, or how late it is, in the largest fitting unit.
fn left_text(locale: Locale, minutes: i64) -> String {
    let span = span_text(locale, minutes.abs());
    if minutes < 0 { texts::late_by(locale, span) } else { texts::left(locale, span) }
}

/// The class of a chip by time left.
const fn left_class(minutes: i64) -> &'static str {
    match minutes {
        i64::MIN..0 => "chip due",
        0..NEAR_MINUTES => "chip warn",
        _ => "chip ok",
    }
}

/// The cell of the time left to a promised moment.
pub(super) fn left_cell(locale: Locale, minutes: i64) -> impl IntoView {
    view! {
        <td data-label=texts::promised(locale)>
            <span class=left_class(minutes)>
                <Icon glyph=Glyph::Clock/>
                {left_text(locale, minutes)}
            </span>
        </td>
    }
}

fn row(locale: Locale, filter: &QueueFilter, line: QueueLine) -> impl IntoView + use<> {
    let address = address(filter, &line);
    let what = match line.waiting {
        Waiting::Answers(_, count) => desk::open_answers(locale, count),
        Waiting::Work(_, round, 0) => works::round(locale, round),
        Waiting::Work(_, round, photos) => format!("{}, {}", works::round(locale, round), desk::photos(locale, photos)),
    };
    view! {
        <tr class=(line.minutes_left < 0).then_some("late")>
            <td class="main">
                <a href=address>{line.learner}</a>
                <br/>
                <span class="muted small">{line.course_title}</span>
            </td>
            <td data-label=desk::work(locale)>
                <span>{line.title}</span>
            </td>
            <td data-label=desk::what_waits(locale)>
                <span class="num">{what}</span>
                {(!line.pictures.is_empty())
                    .then(|| {
                        view! {
                            <span class="thumbs">
                                {line
                                    .pictures
                                    .into_iter()
                                    .map(|src| view! { <img src=src width="56" height="38" alt="" loading="lazy" decoding="async"/> })
                                    .collect_view()}
                            </span>
                        }
                    })}
            </td>
            <td data-label=texts::handed_in(locale)>
                <Moment at=line.submitted/>
            </td>
            {left_cell(locale, line.minutes_left)}
            <td data-label=desk::who(locale)>
                <span class="muted">
                    {match (line.holder, line.owner) {
                        (Some((name, until)), _) => desk::holder(locale, name, until.clock()),
                        (None, Some(owner)) => owner,
                        (None, None) => "—".to_owned(),
                    }}
                </span>
            </td>
        </tr>
    }
}
