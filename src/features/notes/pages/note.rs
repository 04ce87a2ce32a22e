//! A note under its lesson: what it is about, its text, whether it is saved.

use super::saver::{SaveState, Saver};
use crate::features::notes::model::Note;
use crate::shared::form::FormState;
use crate::shared::href;
use crate::shared::i18n::{Locale, notes as texts};
use crate::shared::viewer::{use_form, use_locale};
use crate::ui::{FieldError, Glyph, Icon, TextArea};
use leptos::prelude::*;
use uuid::Uuid;

/// Whose page it is on.
#[derive(Clone, Debug)]
pub(super) struct Page {
    /// In addresses.
    pub slug: String,
    /// The lesson.
    pub lesson: Uuid,
    /// The page, as a writer.
    pub writer: Uuid,
}

fn save_words(locale: Locale, state: SaveState) -> (&'static str, Option<Glyph>, String) {
    match state {
        SaveState::Idle => ("idle", None, String::new()),
        SaveState::Saving => ("saving", Some(Glyph::Loader), texts::saving(locale).to_owned()),
        SaveState::Saved(at) => ("saved", Some(Glyph::CloudCheck), texts::saved_at(locale, at.clock())),
        SaveState::BothKept => ("saved", Some(Glyph::Info), texts::both_kept(locale).to_owned()),
        SaveState::Failed => ("failed", Some(Glyph::CloudOff), texts::not_saved(locale).to_owned()),
        SaveState::Refused => ("failed", Some(Glyph::AlertTriangle), texts::refused(locale).to_owned()),
    }
}

/// The form of a note, new or there; what is typed is saved by itself where there are scripts.
#[component]
pub(super) fn NoteForm(
    /// Where it is.
    page: Page,
    /// `lesson_notes.id`.
    id: Uuid,
    /// Of what the page shows; 0 for a new note.
    version: i32,
    /// What the page shows.
    body: String,
    /// What the field is called.
    label: &'static str,
) -> impl IntoView {
    let locale = use_locale();
    let is_new = version == 0;
    let (form_name, field) = if is_new { ("note".to_owned(), "note_body".to_owned()) } else { (format!("note-{id}"), format!("note_body-{id}")) };
    let form: FormState = use_form(&form_name);
    // A refused new note keeps the id that it was sent with.
    let id = form.value("note").and_then(|id| Uuid::try_parse(&id).ok()).unwrap_or(id);
    let shown = id.to_string();
    let saver = Saver::new(&page.slug, page.lesson, page.writer, id, version);
    let state = saver.state.clone();
    warn_before_leaving(state.clone());
    let known = saver.known.clone();
    let (known_id, known_version) = (known.clone(), known);
    let has_problem = form.problem(&field).is_some();
    let state_id = format!("{field}-state");
    let described_by = if has_problem { format!("{field}-error {state_id}") } else { state_id.clone() };
    let words = move || save_words(locale, state.get());
    let (save_name, save_glyph) = (words.clone(), words.clone());
    view! {
        <form class="form" method="post" action=format!("{}/notes", href::lesson(&page.slug, page.lesson)) novalidate>
            <input type="hidden" name="note" prop:value=move || known_id.get().0.to_string() value=id.to_string()/>
            <input type="hidden" name="version" prop:value=move || known_version.get().1.to_string() value=form.value("version").unwrap_or_else(|| version.to_string())/>
            <input type="hidden" name="writer" value=page.writer.to_string()/>
            {if is_new {
                view! { <input type="hidden" name="is_new" value="yes"/> }
            } else {
                view! { <input type="hidden" name="shown" value=shown/> }
            }}
            <div class="field">
                <label for=field.clone() class=(!is_new).then_some("hush")>{label}</label>
                <TextArea
                    name=field.clone()
                    id=field.clone()
                    text=form.value(&field).unwrap_or(body)
                    rows=3
                    described_by=described_by
                    is_invalid=has_problem
                    on:input=move |event| saver.give(event_target_value(&event))
                />
                <FieldError form name=field/>
            </div>
            <div class="row">
                <button class="button quiet compact">{texts::save(locale)}</button>
                <p class="save" role="status" id=state_id data-state=move || save_name().0>
                    {move || save_glyph().1.map(|glyph| view! { <Icon glyph=glyph/> })}
                    <span>{move || words().2}</span>
                </p>
            </div>
        </form>
    }
}

/// The browser asks before it leaves a page with a note that the server does not have.
fn warn_before_leaving(state: ArcRwSignal<SaveState>) {
    Effect::new(move |_| {
        let state = state.clone();
        let handle = window_event_listener(leptos::ev::beforeunload, move |event| {
            if matches!(state.get_untracked(), SaveState::Saving | SaveState::Failed) {
                event.prevent_default();
            }
        });
        on_cleanup(move || handle.remove());
    });
}

/// A note that is there.
#[component]
pub(super) fn NoteView(
    /// Where it is.
    page: Page,
    /// The note.
    note: Note,
) -> impl IntoView {
    let locale = use_locale();
    let (slug, lesson, id) = (page.slug.clone(), page.lesson, note.id);
    if note.is_deleted {
        return view! { <Deleted slug lesson=Some(lesson) id/> }.into_any();
    }
    view! {
        <article class="note" id=format!("note-{id}")>
            {(!note.quote.text.is_empty()).then(|| view! { <blockquote>{note.quote.text}</blockquote> })}
            {note.is_copy.then(|| view! { <p class="small muted">{texts::is_copy(locale)}</p> })}
            <NoteForm page id version=note.version body=note.body label=texts::your_note(locale)/>
            <form method="post" action=format!("{}/delete", href::notes(&slug))>
                <input type="hidden" name="note" value=id.to_string()/>
                <input type="hidden" name="lesson" value=lesson.to_string()/>
                <button class="button plain compact">{texts::delete(locale)}</button>
            </form>
        </article>
    }
    .into_any()
}

/// In the place of a note that was deleted just now.
#[component]
pub(super) fn Deleted(
    /// Of the course.
    slug: String,
    /// Where the form leads back to: the lesson, else the list.
    lesson: Option<Uuid>,
    /// `lesson_notes.id`.
    id: Uuid,
) -> impl IntoView {
    let locale = use_locale();
    view! {
        <article class="note" id=format!("note-{id}")>
            <form class="row" method="post" action=format!("{}/restore", href::notes(&slug))>
                <input type="hidden" name="note" value=id.to_string()/>
                {lesson.map(|lesson| view! { <input type="hidden" name="lesson" value=lesson.to_string()/> })}
                <p class="muted">{texts::deleted(locale)}</p>
                <button class="button quiet compact">{texts::restore(locale)}</button>
            </form>
        </article>
    }
}
