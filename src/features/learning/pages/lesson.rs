//! `/learn/{slug}/lessons/{id}`: a lesson, with the course's outline beside it.

use super::course_state::AwaitedLesson;
use super::lesson_tasks::LessonTasks;
use super::outline_list::OutlineList;
use super::read_ahead::ReadAhead;
use super::toc::Toc;
use super::video::VideoView;
use crate::features::files::pages::Attachments;
use crate::features::learning::model::{Awaited, LessonPage as Lesson, LessonState, Outline};
use crate::features::learning::rules::whole_percent;
use crate::features::notes::pages::MyNotes;
use crate::features::talk::pages::LessonQuestions;
use crate::shared::error::parse_id;
use crate::shared::href;
use crate::shared::i18n::{learning as texts, time, ui};
use crate::shared::viewer::use_locale;
use crate::ui::{Glyph, Icon, Loaded, Meter, ReadingView};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use uuid::Uuid;

/// A lesson.
#[component]
pub fn LessonPage() -> impl IntoView {
    let params = use_params_map();
    let ahead = ReadAhead::new();
    provide_context(ahead);
    let lesson = Resource::new_blocking(
        move || (params.read().get("slug").unwrap_or_default(), params.read().get("id").unwrap_or_default()),
        move |(slug, id)| async move {
            let id = parse_id(&id)?;
            ahead.open(slug, id).await
        },
    );
    view! { <Loaded resource=lesson page=|lesson| view! { <LessonView lesson/> }.into_any()/> }
}

#[component]
fn LessonView(lesson: Lesson) -> impl IntoView {
    let locale = use_locale();
    let number = lesson.outline.lessons().position(|other| other.id == lesson.id).map_or(1, |index| index + 1);
    let total = lesson.outline.lessons().count();
    let ahead = expect_context::<ReadAhead>();
    let slug = StoredValue::new(lesson.outline.slug.clone());
    view! {
        <Title text=lesson.title.clone()/>
        <div
            class="lesson"
            on:pointerover=move |event| slug.with_value(|slug| ahead.look_at(&event, slug))
            on:focusin=move |event| slug.with_value(|slug| ahead.look_at(&event, slug))
        >
            <Side outline=lesson.outline.clone() current=lesson.id number total/>
            <main id="main" class="text" tabindex="-1">
                <header>
                    <p class="small muted">
                        {lesson.module_title.clone()} " · " {texts::lesson_of(locale, number, total)} " · "
                        {time::minutes(locale, i64::from(lesson.minutes))}
                    </p>
                    <h1>{lesson.title.clone()}</h1>
                </header>
                <Toc headings=lesson.headings.clone()/>
                {lesson
                    .video
                    .clone()
                    .map(|video| {
                        view! { <VideoView slug=lesson.outline.slug.clone() lesson=lesson.id video is_kept=!lesson.outline.is_visit/> }
                    })}
                <ReadingView html=lesson.html.clone()/>
                <Attachments files=lesson.files.clone()/>
                <LessonTasks lesson=lesson.clone()/>
                <Finish lesson=lesson.clone()/>
                <MyNotes slug=lesson.outline.slug.clone() lesson=lesson.id notes=lesson.notes/>
                <LessonQuestions slug=lesson.outline.slug lesson=lesson.id questions=lesson.questions/>
            </main>
        </div>
    }
}

#[component]
fn Side(outline: Outline, current: Uuid, number: usize, total: usize) -> impl IntoView {
    let locale = use_locale();
    view! {
        <nav class="side" aria-label=texts::programme(locale)>
            <details class="drawer">
                <summary>
                    <Icon glyph=Glyph::Menu/>
                    <span>{texts::programme(locale)} " · " {texts::lesson_of(locale, number, total)}</span>
                    <Icon glyph=Glyph::ChevronDown/>
                </summary>
                <div class="inside">
                    <div class="course">
                        <a class="small muted" href=href::outline(&outline.slug)>
                            {outline.title.clone()}
                        </a>
                        <Meter hundredths=outline.progress/>
                        <p class="small muted num">
                            {ui::progress(locale, whole_percent(outline.progress))} " · "
                            {texts::lessons_done(locale, outline.completed, outline.required)}
                        </p>
                    </div>
                    <OutlineList outline=outline current=Some(current)/>
                </div>
            </details>
        </nav>
    }
}

/// Marking the lesson, and the way on.
#[component]
fn Finish(lesson: Lesson) -> impl IntoView {
    let locale = use_locale();
    let slug = lesson.outline.slug.clone();
    let next = lesson.next.and_then(|id| lesson.outline.lessons().find(|other| other.id == id).cloned());
    let closed_next = lesson.outline.lessons().skip_while(|other| other.id != lesson.id).nth(1).and_then(|other| {
        let waits = other.waits.clone()?;
        Some(Awaited { title: other.title.clone(), waits })
    });
    let is_finished = lesson.outline.finished.is_some();
    let can_mark = !lesson.is_marked && !lesson.outline.is_visit;
    let action = format!("{}/complete", href::lesson(&slug, lesson.id));
    let state = match lesson.state {
        LessonState::Completed => Some((Glyph::Check, "chip ok", texts::lesson_done(locale))),
        _ if lesson.is_marked => Some((Glyph::Clock, "chip warn", texts::lesson_read(locale))),
        _ => None,
    };
    let end = NodeRef::new();
    if let Some(next) = &next {
        expect_context::<ReadAhead>().when_nearly_read(slug.clone(), next.id, end);
    }
    let next_link = next.map(|next| {
        let class = if can_mark { "button quiet" } else { "button" };
        view! {
            <a class=class href=href::lesson(&slug, next.id)>
                {texts::next_lesson(locale, next.title)}
                <Icon glyph=Glyph::ArrowRight/>
            </a>
        }
    });
    let is_last = next_link.is_none();
    view! {
        <div class="next" id="finish" node_ref=end>
            <div>
                {state
                    .map(|(glyph, class, text)| {
                        view! {
                            <p>
                                <span class=class>
                                    <Icon glyph=glyph/>
                                    {text}
                                </span>
                            </p>
                        }
                    })}
                {can_mark.then(|| view! { <p class="muted">{texts::mark_hint(locale)}</p> })}
                {closed_next.map(|lesson| view! { <AwaitedLesson lesson/> })}
            </div>
            <div class="actions">
                {can_mark
                    .then(|| {
                        view! {
                            <form method="post" action=action>
                                <button class="button">
                                    <Icon glyph=Glyph::Check/>
                                    {texts::mark(locale)}
                                </button>
                            </form>
                        }
                    })} {next_link}
                {is_last
                    .then(|| {
                        view! {
                            <a class="button quiet" href=href::outline(&slug)>
                                {if is_finished { texts::to_finish(locale) } else { texts::to_outline(locale) }}
                            </a>
                        }
                    })}
            </div>
        </div>
    }
}
