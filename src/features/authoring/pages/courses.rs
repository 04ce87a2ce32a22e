//! `/admin/courses`: all courses of the school.

use super::status_chip;
use crate::features::admin::pages::Sections;
use crate::features::authoring::api::list_courses;
use crate::features::authoring::model::CourseLine;
use crate::shared::href;
use crate::shared::i18n::{Locale, admin, authoring as texts};
use crate::shared::viewer::use_locale;
use crate::ui::{Empty, Glyph, Icon, Loaded};
use leptos::prelude::*;
use leptos_meta::Title;

/// All courses.
#[component]
pub fn CoursesPage() -> impl IntoView {
    let courses = Resource::new_blocking(|| (), |()| list_courses());
    view! { <Loaded resource=courses page=|courses| view! { <Courses courses/> }.into_any()/> }
}

#[component]
fn Courses(courses: Vec<CourseLine>) -> impl IntoView {
    let locale = use_locale();
    view! {
        <Title text=admin::courses(locale)/>
        <Sections/>
        <main id="main" class="page wide" tabindex="-1">
            <header class="head">
                <h1>{admin::courses(locale)}</h1>
            </header>
            {if courses.is_empty() {
                view! { <Empty glyph=Glyph::Inbox title=texts::no_courses_title(locale) text=texts::no_courses_text(locale)/> }.into_any()
            } else {
                view! {
                    <table class="table">
                        <thead>
                            <tr>
                                <th scope="col">{admin::course(locale)}</th>
                                <th scope="col">{texts::status(locale)}</th>
                                <th scope="col">{texts::lessons(locale)}</th>
                                <th scope="col">{texts::drafts(locale)}</th>
                                <th scope="col">{admin::learners(locale)}</th>
                            </tr>
                        </thead>
                        <tbody>{courses.into_iter().map(|course| row(locale, course)).collect_view()}</tbody>
                    </table>
                }
                    .into_any()
            }}
        </main>
    }
}

fn row(locale: Locale, course: CourseLine) -> impl IntoView {
    let (class, glyph, word) = status_chip(locale, course.status);
    view! {
        <tr>
            <td class="main">
                <a href=href::edit_course(course.id)>{course.title}</a>
            </td>
            <td data-label=texts::status(locale)>
                <span class=class>
                    <Icon glyph=glyph/>
                    {word}
                </span>
            </td>
            <td data-label=texts::lessons(locale)>
                <span class="num">{course.lessons}</span>
            </td>
            <td data-label=texts::drafts(locale)>
                <span class="num">{course.drafts}</span>
            </td>
            <td data-label=admin::learners(locale)>
                <span class="num">{course.learners}</span>
            </td>
        </tr>
    }
}
