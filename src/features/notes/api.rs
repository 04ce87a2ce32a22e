//! Server functions of notes.

use super::model::{CourseNotes, NoteInput, SavedNote};
use crate::shared::error::AppError;
use crate::shared::wire::Json;
use leptos::prelude::*;
use uuid::Uuid;

/// My notes in a course, one page.
#[server(endpoint = "notes/mine", input = Json, output = Json)]
pub async fn get_notes(slug: String, after: Option<Uuid>) -> Result<CourseNotes, AppError> {
    crate::server::ctx::answer(|ctx| async move { super::server::service::of_course(&ctx, &slug, after).await }).await
}

/// Saves a note; the answer says what the server has.
#[server(endpoint = "notes/save", input = Json, output = Json)]
pub async fn save_note(slug: String, lesson_id: Uuid, note: NoteInput) -> Result<SavedNote, AppError> {
    crate::server::ctx::answer(|ctx| async move { super::server::saving::save(&ctx, &slug, lesson_id, note).await }).await
}
