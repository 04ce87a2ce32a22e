//! `/curate/learners`: whom a curator looks after, how far they are, and where they are stuck.

use crate::features::assignments::model::measures::LearnerWork;
use crate::features::assignments::pages::StateChip;
use crate::features::learning::api::list_learners;
use crate::features::learning::model::curated::{LearnerLine, LearnersPage as Page};
use crate::features::quizzes::pages::DeskSections;
use crate::shared::href;
use crate::shared::i18n::{Locale, admin, curated as texts, desk, works};
use crate::shared::viewer::use_locale;
use crate::ui::{Avatar, Empty, Glyph, Icon, Loaded, Meter, Moment, NextPage};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use uuid::Uuid;

/// Who was not there for so many days is worth a word.
const AWAY_DAYS: i64 = 7;

/// My learners.
#[component]
pub fn LearnersPage() -> impl IntoView {
    let query = use_query_map();
    let filters = move || {
        let query = query.read();
        let id = |name: &str| query.get(name).and_then(|id| Uuid::try_parse(&id).ok());
        (id("course"), id("after"))
    };
    let page = Resource::new_blocking(filters, |(course, after)| async move { list_learners(course, after).await.map(|page| (course, page)) });
    view! { <Loaded resource=page page=|(course, page)| view! { <Learners course page/> }.into_any()/> }
}

#[component]
fn Learners(course: Option<Uuid>, page: Page) -> impl IntoView {
    let locale = use_locale();
    let kept = course.map(|course| format!("course={course}&")).unwrap_or_default();
    let next = page.page.next.map(|after| format!("/curate/learners?{kept}after={after}"));
    let is_admin = page.is_admin;
    let options: Vec<_> = page
        .courses
        .into_iter()
        .map(|(id, title)| {
            view! {
                <option value=id.to_string() selected=course == Some(id)>
                    {title}
                </option>
            }
        })
        .collect();
    view! {
        <Title text=texts::title(locale)/>
        <DeskSections/>
        <main id="main" class="page wide" tabindex="-1">
            <header class="head">
                <h1>{texts::title(locale)}</h1>
            </header>
            <form class="filters" method="get" action="/curate/learners" role="search" aria-label=desk::course(locale)>
                <div class="field grow">
                    <label for="course">{desk::course(locale)}</label>
                    <select class="input" id="course" name="course">
                        <option value="">{desk::any_course(locale)}</option>
                        {options}
                    </select>
                </div>
                <button class="button quiet">
                    <Icon glyph=Glyph::Search/>
                    {desk::show(locale)}
                </button>
            </form>
            {if page.page.items.is_empty() {
                view! { <Empty glyph=Glyph::Users title=texts::empty_title(locale) text=texts::empty_text(locale)/> }.into_any()
            } else {
                view! {
                    <table class="table">
                        <thead>
                            <tr>
                                <th scope="col">{texts::learner(locale)}</th>
                                <th scope="col">{texts::progress(locale)}</th>
                                <th scope="col">{texts::last_visit(locale)}</th>
                                <th scope="col">{texts::works(locale)}</th>
                                <th scope="col">{texts::stuck(locale)}</th>
                            </tr>
                        </thead>
                        <tbody>{page.page.items.into_iter().map(|line| row(locale, line, is_admin)).collect_view()}</tbody>
                    </table>
                }
                    .into_any()
            }}
            {next
                .map(|next| {
                    view! {
                        <nav class="pager" aria-label=admin::pages(locale)>
                            <NextPage href=Some(next) label=admin::next_page(locale)/>
                        </nav>
                    }
                })}
        </main>
    }
}

fn row(locale: Locale, line: LearnerLine, is_admin: bool) -> impl IntoView {
    let works: Vec<_> = line.works.into_iter().map(|work| work_line(locale, work)).collect();
    let name = if is_admin {
        view! { <a href=href::user(line.user_id)>{line.name.clone()}</a> }.into_any()
    } else {
        view! { <span>{line.name.clone()}</span> }.into_any()
    };
    view! {
        <tr>
            <td class="main">
                <span class="row">
                    <Avatar name=line.name photo=line.photo/>
                    <span>{name} <br/> <span class="muted small">{line.course_title}</span></span>
                </span>
            </td>
            <td data-label=texts::progress(locale)>
                <Meter hundredths=line.progress/>
            </td>
            <td data-label=texts::last_visit(locale)>
                <span>
                    {match line.last_visit {
                        Some(at) => view! { <Moment at date_only=true/> }.into_any(),
                        None => texts::never(locale).into_any(),
                    }}
                    {line
                        .days_away
                        .filter(|days| *days >= AWAY_DAYS)
                        .map(|days| {
                            view! {
                                <br/>
                                <span class="chip warn">
                                    <Icon glyph=Glyph::Clock/>
                                    {texts::away(locale, days)}
                                </span>
                            }
                        })}
                </span>
            </td>
            <td data-label=texts::works(locale)>
                <div class="stack tight">{works}</div>
            </td>
            <td data-label=texts::stuck(locale)>
                <span>{line.stuck.unwrap_or_else(|| texts::all_done(locale).to_owned())}</span>
            </td>
        </tr>
    }
}

fn work_line(locale: Locale, work: LearnerWork) -> impl IntoView {
    view! {
        <span>
            <a href=href::desk(work.submission_id)>{work.title}</a>
            " "
            <span class="small muted">{works::round(locale, work.round)}</span>
            " "
            <StateChip state=work.state/>
        </span>
    }
}
