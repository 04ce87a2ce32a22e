//! `/admin/courses/{id}`: a course's modules and lessons.

use super::opening::{OpeningFields, rule_name};
use super::publishing::{BehindList, Draft};
use super::status_chip;
use crate::features::admin::pages::Sections;
use crate::features::authoring::api::get_course;
use crate::features::authoring::model::{CoursePage as Course, LessonLine, ModuleLine};
use crate::shared::error::parse_id;
use crate::shared::href;
use crate::shared::i18n::{Locale, admin, authoring as texts, exchange, learning};
use crate::shared::viewer::{use_form, use_locale};
use crate::ui::{Empty, Glyph, Icon, Loaded, Moment};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use uuid::Uuid;

/// A course.
#[component]
pub fn CoursePage() -> impl IntoView {
    let params = use_params_map();
    let course = Resource::new_blocking(move || params.read().get("id").unwrap_or_default(), |id| async move { get_course(parse_id(&id)?).await });
    view! { <Loaded resource=course page=|course| view! { <Outline course/> }.into_any()/> }
}

#[component]
fn Outline(course: Course) -> impl IntoView {
    let locale = use_locale();
    let id = course.id;
    let (class, glyph, word) = status_chip(locale, course.status);
    view! {
        <Title text=course.title.clone()/>
        <Sections/>
        <main id="main" class="page" tabindex="-1">
            <nav class="crumbs" aria-label=learning::where_you_are(locale)>
                <a href="/admin/courses">{admin::courses(locale)}</a>
            </nav>
            <header class="head">
                <h1>{course.title.clone()}</h1>
                <p class="row">
                    <span class=class>
                        <Icon glyph=glyph/>
                        {word}
                    </span>
                    <a href=href::outline(&course.slug)>{texts::as_learner(locale)}</a>
                    <a href=href::bank(id)>{exchange::title(locale)}</a>
                </p>
            </header>
            {course.pending.map(|pending| view! { <Draft course=id pending/> })}
            {if course.modules.is_empty() {
                view! { <Empty glyph=Glyph::Inbox title=texts::no_lessons_title(locale) text=texts::no_lessons_text(locale)/> }.into_any()
            } else {
                let zone = course.time_zone;
                course.modules.into_iter().map(|module| view! { <Module course=id module zone=zone.clone()/> }).collect_view().into_any()
            }}
            {(!course.behind.is_empty()).then(|| view! { <BehindList course=id behind=course.behind/> })}
        </main>
    }
}

#[component]
fn Module(course: Uuid, module: ModuleLine, zone: String) -> impl IntoView {
    let locale = use_locale();
    let form = use_form("module");
    let own = format!("_{}", module.id);
    let is_refused = form.problems.iter().any(|problem| problem.field.ends_with(&own));
    view! {
        <section class="section">
            <h2>{module.title}</h2>
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{texts::lesson(locale)}</th>
                        <th scope="col">{texts::minutes_short(locale)}</th>
                        <th scope="col">{texts::place(locale)}</th>
                        <th scope="col">{texts::draft(locale)}</th>
                    </tr>
                </thead>
                <tbody>{module.lessons.into_iter().map(|lesson| row(locale, course, lesson)).collect_view()}</tbody>
            </table>
            <details class="reveal" open=is_refused>
                <summary class="button plain compact">{texts::module_opens(locale)} ": " {rule_name(locale, &module.opening.rule)}</summary>
                <form class="form" method="post" action=format!("{}/modules/{}", href::edit_course(course), module.id) novalidate>
                    <OpeningFields form opening=module.opening own zone label=texts::module_opens(locale)/>
                    <div>
                        <button class="button quiet">{texts::save_module(locale)}</button>
                    </div>
                </form>
            </details>
        </section>
    }
}

fn row(locale: Locale, course: Uuid, lesson: LessonLine) -> impl IntoView {
    view! {
        <tr>
            <td class="main">
                <a href=href::edit_lesson(course, lesson.id)>{lesson.title}</a>
            </td>
            <td data-label=texts::minutes_short(locale)>
                <span class="num">{lesson.minutes}</span>
            </td>
            <td data-label=texts::place(locale)>
                <span>
                    {if lesson.is_required { texts::required(locale) } else { texts::optional(locale) }}
                    {lesson.is_preview.then(|| view! { " · " {texts::free(locale)} })}
                </span>
            </td>
            <td data-label=texts::draft(locale)>
                <span>
                    {lesson
                        .draft
                        .map(|at| view! { <span class="chip due"><Icon glyph=Glyph::Pencil/>{texts::changed(locale)} " " <Moment at=at/></span> })}
                </span>
            </td>
        </tr>
    }
}
