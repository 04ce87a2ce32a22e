//! My notes under a lesson.

use super::marks::Marks;
use super::note::{NoteForm, NoteView, Page};
use crate::features::notes::model::{LessonNotes, Note};
use crate::shared::href;
use crate::shared::i18n::notes as texts;
use crate::shared::viewer::use_locale;
use crate::ui::{Glyph, Icon};
use leptos::prelude::*;
use uuid::Uuid;

/// My notes, the form of a new one, and what highlights the lesson's text.
#[component]
pub fn MyNotes(
    /// Of the course.
    slug: String,
    /// The lesson.
    lesson: Uuid,
    /// What is there.
    notes: LessonNotes,
) -> impl IntoView {
    let locale = use_locale();
    let all = href::notes(&slug);
    let has_more = notes.total > i64::try_from(notes.notes.len()).unwrap_or(i64::MAX);
    let page = Page { slug, lesson, writer: notes.writer };
    let list = RwSignal::new(notes.notes);
    let of_note = StoredValue::new(page.clone());
    view! {
        <section class="stack notes" aria-labelledby="notes">
            <h2 id="notes">{texts::title(locale)}</h2>
            <p class="small muted">{texts::only_you(locale)}</p>
            <For each=move || list.get() key=|note: &Note| note.id children=move |note| view! { <NoteView page=of_note.get_value() note/> }/>
            <NoteForm page=page.clone() id=notes.form_id version=0 body=String::new() label=texts::new_note(locale)/>
            <p>
                <a class="button plain compact" href=all>
                    {if has_more { texts::all_of_lesson(locale, notes.total) } else { texts::all_of_course(locale).to_owned() }}
                    <Icon glyph=Glyph::ChevronRight/>
                </a>
            </p>
            <Marks page list first_id=notes.mark_id/>
        </section>
    }
}
