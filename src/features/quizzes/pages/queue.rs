//! `/curate`: an airport board of what waits.

use super::{DeskSections, span_text};
use crate::features::assignments::pages::HandOver;
use crate::features::notifications::live;
use crate::features::quizzes::api::get_review_queue;
use crate::features::quizzes::model::{QueueLine, Waiting};
use crate::shared::href;
use crate::shared::i18n::{Locale, desk, review as texts, works};
use crate::shared::viewer::use_locale;
use crate::ui::{Empty, Glyph, Icon, Loaded, Moment};
use leptos::prelude::*;
use leptos_meta::Title;

/// Minutes left from which a promise is near.
const NEAR: i64 = 4 * 60;

/// The curator's queue.
#[component]
pub fn QueuePage() -> impl IntoView {
    let queue = Resource::new_blocking(|| (), |()| get_review_queue());
    live::on_next_news(|| "/curate".to_owned(), move || queue.refetch());
    view! { <Loaded resource=queue page=|lines| view! { <Queue lines/> }.into_any()/> }
}

#[component]
fn Queue(lines: Vec<QueueLine>) -> impl IntoView {
    let locale = use_locale();
    let overdue = lines.iter().filter(|line| line.minutes_left < 0).count();
    let near = lines.iter().filter(|line| (0..NEAR).contains(&line.minutes_left)).count();
    let first = lines.iter().find(|line| line.holder.is_none()).map(address);
    let count = lines.len();
    view! {
        <Title text=texts::title(locale)/>
        <DeskSections/>
        <main id="main" class="page wide" tabindex="-1">
            <header class="head">
                <h1>{texts::title(locale)}</h1>
            </header>
            {if lines.is_empty() {
                view! { <Empty glyph=Glyph::Inbox title=texts::empty_title(locale) text=texts::empty_text(locale)/> }.into_any()
            } else {
                view! {
                    <dl class="kpis">
                        <div>
                            <dt>{texts::waiting(locale)}</dt>
                            <dd class="num">{count}</dd>
                        </div>
                        <div>
                            <dt>{texts::near(locale)}</dt>
                            <dd class="num">{near}</dd>
                        </div>
                        <div>
                            <dt>{texts::overdue(locale)}</dt>
                            <dd class="num">{overdue}</dd>
                        </div>
                    </dl>
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
                            <tbody>{lines.into_iter().map(|line| row(locale, line)).collect_view()}</tbody>
                        </table>
                    </section>
                    {first
                        .map(|first| {
                            view! {
                                <p class="actions section">
                                    <a class="button" href=first>
                                        {texts::take_next(locale)}
                                    </a>
                                </p>
                            }
                        })}
                }
                    .into_any()
            }}
            <HandOver/>
        </main>
    }
}

/// Where a line leads.
fn address(line: &QueueLine) -> String {
    match line.waiting {
        Waiting::Answers(attempt, _) => href::review(attempt),
        Waiting::Work(submission, ..) => href::desk(submission),
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
        0..NEAR => "chip warn",
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

fn row(locale: Locale, line: QueueLine) -> impl IntoView {
    let address = address(&line);
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
