//! Modules and lessons with their state, on the outline's page and beside a lesson.

use super::waits_text;
use crate::features::learning::model::{LessonState, Outline, OutlineLesson};
use crate::shared::href;
use crate::shared::i18n::{learning as texts, time};
use crate::shared::viewer::use_locale;
use crate::ui::{Glyph, Icon};
use leptos::prelude::*;
use uuid::Uuid;

/// The list. The lesson that is open is marked.
#[component]
pub fn OutlineList(
    /// The course.
    outline: Outline,
    /// The open lesson.
    #[prop(optional_no_strip)]
    current: Option<Uuid>,
    /// With more room, as a page of its own.
    #[prop(optional)]
    roomy: bool,
) -> impl IntoView {
    let slug = outline.slug;
    view! {
        <div class=if roomy { "outline roomy" } else { "outline" }>
            {outline
                .modules
                .into_iter()
                .enumerate()
                .map(|(index, module)| {
                    let slug = slug.clone();
                    view! {
                        <section>
                            <h2>{format!("{}. {}", index + 1, module.title)}</h2>
                            <ol role="list">
                                {module
                                    .lessons
                                    .into_iter()
                                    .map(|lesson| {
                                        let is_current = current == Some(lesson.id);
                                        view! { <li><LessonLink slug=slug.clone() lesson is_current/></li> }
                                    })
                                    .collect_view()}
                            </ol>
                        </section>
                    }
                })
                .collect_view()}
        </div>
    }
}

#[component]
fn LessonLink(slug: String, lesson: OutlineLesson, is_current: bool) -> impl IntoView {
    let locale = use_locale();
    let is_done = lesson.state == LessonState::Completed;
    if let Some(waits) = lesson.waits {
        // Its address answers with the same reason and a way on.
        return view! {
            <a class="locked" href=href::lesson(&slug, lesson.id) aria-current=is_current.then_some("page")>
                <Icon glyph=Glyph::Lock/>
                <span>{lesson.title} <span class="hush">", " {texts::state_closed(locale)}</span></span>
                <span class="time">{time::short_minutes(locale, i64::from(lesson.minutes))}</span>
                <span class="why">{waits_text(locale, &waits)}</span>
                {(!lesson.is_required).then(|| view! { <span class="why">{texts::optional(locale)}</span> })}
            </a>
        }
        .into_any();
    }
    let (glyph, state) = match lesson.state {
        LessonState::Completed => (Glyph::Check, texts::state_done(locale)),
        LessonState::InProgress => (Glyph::CircleDot, texts::state_begun(locale)),
        LessonState::NotStarted => (Glyph::Circle, texts::state_not_begun(locale)),
    };
    view! {
        <a class=is_done.then_some("done") href=href::lesson(&slug, lesson.id) aria-current=is_current.then_some("page")>
            <Icon glyph=glyph/>
            <span>{lesson.title} <span class="hush">", " {state}</span></span>
            <span class="time">{time::short_minutes(locale, i64::from(lesson.minutes))}</span>
            {lesson.waits_for_review.then(|| view! { <span class="why">{texts::waits_for_review(locale)}</span> })}
            {(!lesson.is_required).then(|| view! { <span class="why">{texts::optional(locale)}</span> })}
        </a>
    }
    .into_any()
}
