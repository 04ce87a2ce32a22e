//! Plain routes of notes: their forms.

use super::{saving, service};
use crate::features::notes::model::{NoteInput, Quote, SavedNote};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::server::http::forms::{self, Fields};
use crate::server::http::session::path_id;
use crate::server::state::AppState;
use crate::shared::error::FieldProblem;
use crate::shared::href;
use crate::shared::viewer::Flash;
use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::post;
use uuid::Uuid;

/// Forms of notes.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/learn/{slug}/lessons/{id}/notes", post(save))
        .route("/learn/{slug}/notes/delete", post(delete))
        .route("/learn/{slug}/notes/restore", post(restore))
}

/// The form's name and that of its text: those of a new note, or of the note that the page showed, which may by now be saved as another.
fn form_of(fields: &Fields) -> (String, String) {
    if fields.get("is_new") == "yes" {
        return ("note".to_owned(), "note_body".to_owned());
    }
    let shown = fields.get("shown");
    (format!("note-{shown}"), format!("note_body-{shown}"))
}

async fn save(ctx: Ctx, Path((slug, id)): Path<(String, String)>, fields: Fields) -> Response {
    let page = format!("/learn/{}/lessons/{}", href::percent_encode(&slug), href::percent_encode(&id));
    let (form, field) = form_of(&fields);
    let result = try_save(&ctx, &slug, &id, &fields, &field).await.map_err(|error| beside(error, &field));
    let given = fields.get("note").to_owned();
    forms::finish(ctx, &form, &fields, &page, result, |ctx, saved| {
        let is_same = saved.note.id.to_string() == given;
        let place = format!("{page}#note-{}", saved.note.id);
        forms::see_other_with(ctx, &place, if is_same { Flash::Saved } else { Flash::BothKept })
    })
    .await
}

/// The service knows one field; a page may have many notes.
fn beside(error: ServiceError, field: &str) -> ServiceError {
    match error {
        ServiceError::Invalid(problems) => {
            ServiceError::Invalid(problems.into_iter().map(|problem| FieldProblem::new(field, problem.problem)).collect())
        }
        error => error,
    }
}

async fn try_save(ctx: &Ctx, slug: &str, id: &str, fields: &Fields, field: &str) -> Result<SavedNote> {
    // A form that lost its ids begins a new note.
    let uuid = |name: &str| Uuid::try_parse(fields.get(name)).unwrap_or_else(|_| ctx.new_id());
    let input = NoteInput {
        id: uuid("note"),
        version: fields.get("version").parse().unwrap_or(0),
        writer: uuid("writer"),
        // What the button sends comes after everything that the page sent by itself.
        step: i32::MAX,
        quote: Quote::default(),
        body: fields.get(field).replace("\r\n", "\n"),
    };
    saving::save(ctx, slug, path_id(id)?, input).await
}

/// Back to the lesson, where the form was there, else to the list.
fn back(slug: &str, fields: &Fields) -> String {
    let slug = href::percent_encode(slug);
    match (Uuid::try_parse(fields.get("lesson")), Uuid::try_parse(fields.get("note"))) {
        (Ok(lesson), Ok(note)) => format!("{}#note-{note}", href::lesson(&slug, lesson)),
        _ => href::notes(&slug),
    }
}

/// What is no id is nobody's note.
fn note_id(fields: &Fields) -> Uuid {
    Uuid::try_parse(fields.get("note")).unwrap_or_default()
}

async fn delete(ctx: Ctx, Path(slug): Path<String>, fields: Fields) -> Response {
    let result = service::delete(&ctx, &slug, note_id(&fields)).await;
    let page = back(&slug, &fields);
    forms::finish(ctx, "delete-note", &fields, &page, result, |_, ()| forms::see_other(&page)).await
}

async fn restore(ctx: Ctx, Path(slug): Path<String>, fields: Fields) -> Response {
    let result = service::restore(&ctx, &slug, note_id(&fields)).await;
    let page = back(&slug, &fields);
    forms::finish(ctx, "restore-note", &fields, &page, result, |_, ()| forms::see_other(&page)).await
}
