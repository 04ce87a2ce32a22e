//! Lessons that are closed for a person: why, and opening one for them alone. Lessons that they completed, and letting them do one again.

use crate::features::admin::model::{ClosedLine, CompletedLine, OpeningLine, UserPage as Person};
use crate::features::learning::pages::waits_text;
use crate::shared::href;
use crate::shared::i18n::{Locale, admin as texts};
use crate::shared::viewer::{use_form, use_locale};
use crate::ui::{Field, FieldError, Glyph, Icon, Moment};
use leptos::prelude::*;
use uuid::Uuid;

/// What is closed, what was opened; nothing where there is neither.
#[component]
pub(super) fn Lessons(
    /// Whose.
    person: Person,
) -> impl IntoView {
    let locale = use_locale();
    let user = person.line.id;
    let reset = (!person.completed_lessons.is_empty()).then(|| view! { <Reset user lines=person.completed_lessons/> });
    let closed = (!person.closed_lessons.is_empty() || !person.openings.is_empty()).then(|| {
        view! {
            <section class="panel-box">
                <h2>{texts::closed_lessons(locale)}</h2>
                {(!person.openings.is_empty())
                    .then(|| {
                        view! {
                            <ul class="rows" role="list">
                                {person.openings.into_iter().map(|line| opening(locale, user, line)).collect_view()}
                            </ul>
                        }
                    })}
                {(!person.closed_lessons.is_empty()).then(|| view! { <Open user lines=person.closed_lessons/> })}
            </section>
        }
    });
    view! {
        {closed}
        {reset}
    }
}

#[component]
fn Reset(user: Uuid, lines: Vec<CompletedLine>) -> impl IntoView {
    let locale = use_locale();
    let form = use_form("reset_lesson");
    let chosen = form.value("reset_lesson_id").unwrap_or_default();
    view! {
        <section class="panel-box">
            <h2>{texts::completed_lessons(locale)}</h2>
            <form class="form" method="post" action=format!("{}/reset-lesson", href::user(user)) novalidate>
                <div class="field">
                    <label for="reset_lesson_id">{texts::closed_lesson(locale)}</label>
                    <select class="input" id="reset_lesson_id" name="reset_lesson_id">
                        {lines
                            .into_iter()
                            .map(|line| {
                                let id = line.lesson_id.to_string();
                                let is_chosen = id == chosen;
                                view! {
                                    <option value=id selected=is_chosen>
                                        {texts::completed_choice(locale, line.course_title, line.title)}
                                    </option>
                                }
                            })
                            .collect_view()}
                    </select>
                    <FieldError form=form.clone() name="reset_lesson_id"/>
                </div>
                <Field form name="reset_reason" label=texts::why_reset(locale) hint=texts::why_reset_hint(locale) required=true/>
                <div>
                    <button class="button quiet">{texts::reset_lesson(locale)}</button>
                </div>
            </form>
        </section>
    }
}

fn opening(locale: Locale, user: Uuid, line: OpeningLine) -> impl IntoView {
    let by = line.opened_by.unwrap_or_else(|| texts::the_program(locale).to_owned());
    view! {
        <li>
            <div>
                {line.title.clone()}
                <p class="small muted">
                    {line.course_title} " · " {texts::opened_by(locale, by, line.reason)} " · " <Moment at=line.at/>
                </p>
            </div>
            <form method="post" action=format!("{}/openings/{}/end", href::user(user), line.id)>
                <button class="button quiet compact" aria-label=texts::take_back_lesson(locale, line.title)>
                    {texts::take_back(locale)}
                </button>
            </form>
        </li>
    }
}

#[component]
fn Open(user: Uuid, lines: Vec<ClosedLine>) -> impl IntoView {
    let locale = use_locale();
    let form = use_form("open_lesson");
    let chosen = form.value("lesson_id").unwrap_or_default();
    view! {
        <form class="form" method="post" action=format!("{}/lessons", href::user(user)) novalidate>
            <div class="field">
                <label for="lesson_id">{texts::closed_lesson(locale)}</label>
                <select class="input" id="lesson_id" name="lesson_id">
                    {lines
                        .into_iter()
                        .map(|line| {
                            let id = line.lesson_id.to_string();
                            let is_chosen = id == chosen;
                            let text = texts::closed_choice(locale, line.course_title, line.title, waits_text(locale, &line.waits));
                            view! {
                                <option value=id selected=is_chosen>
                                    {text}
                                </option>
                            }
                        })
                        .collect_view()}
                </select>
                <FieldError form=form.clone() name="lesson_id"/>
            </div>
            <Field form name="opening_reason" label=texts::why_open(locale) hint=texts::why_open_hint(locale) required=true/>
            <div>
                <button class="button quiet">
                    <Icon glyph=Glyph::LockOpen/>
                    {texts::open_lesson(locale)}
                </button>
            </div>
        </form>
    }
}
