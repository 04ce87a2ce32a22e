//! Plain routes of works: what learners send without scripts, and everybody's verdicts.

use super::drafts::{self, Written};
use super::{author_http, desk_http, duty_http};
use crate::features::assignments::rules::Takes;
use crate::features::files::rules::UploadPlace;
use crate::features::files::server::uploads::{self, NewUploadInput};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::server::http::forms::{self, Fields};
use crate::server::http::session::path_id;
use crate::server::state::AppState;
use crate::shared::error::Problem;
use crate::shared::href;
use crate::shared::viewer::Flash;
use axum::Router;
use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, Path};
use axum::response::Response;
use axum::routing::post;
use futures_util::TryStreamExt as _;
use uuid::Uuid;

/// Forms of works.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/learn/assignments/{id}", post(write))
        .route("/learn/assignments/{id}/withdraw", post(withdraw))
        .route("/learn/assignments/{id}/extend", post(extend))
        .route("/learn/assignments/{id}/files/{file}/remove", post(remove_file))
        .route("/learn/assignments/{id}/uploads/{upload}/drop", post(drop_upload))
        .route("/learn/assignments/{id}/remarks/{remark}", post(mark))
        .route("/curate/hand-over", post(duty_http::hand_over))
        .route("/curate/back", post(duty_http::come_back))
        .route("/admin/users/{id}/hand-over", post(duty_http::hand_over_of))
        .route("/admin/users/{id}/back", post(duty_http::come_back_of))
        .route("/curate/submissions/{id}/hold", post(desk_http::hold))
        .route("/curate/submissions/{id}/remarks", post(desk_http::add_remark))
        .route("/curate/submissions/{id}/remarks/{remark}/delete", post(desk_http::delete_remark))
        .route("/curate/submissions/{id}/verdict", post(desk_http::verdict))
        .route("/admin/courses/{id}/lessons/{lesson}/assignments", post(author_http::create))
        .route("/admin/courses/{id}/assignments/{assignment}", post(author_http::save))
        .route("/admin/courses/{id}/assignments/{assignment}/publish", post(author_http::publish))
        .route("/admin/courses/{id}/assignments/{assignment}/discard", post(author_http::discard))
}

/// A file with its form, for browsers without scripts. Its size is limited while it comes.
pub fn upload_routes() -> Router<AppState> {
    Router::new().route("/learn/assignments/{id}/files", post(upload_file))
}

async fn finish(ctx: Ctx, form: &str, fields: &Fields, id: &str, result: Result<()>, flash: Flash) -> Response {
    let page = path_id(id).map_or_else(|_| "/learn".to_owned(), href::assignment);
    forms::finish(ctx, form, fields, &page, result, |ctx, ()| forms::see_other_with(ctx, &page, flash)).await
}

/// Saves the round, or hands it in.
async fn write(ctx: Ctx, Path(id): Path<String>, fields: Fields) -> Response {
    let text = fields.get("text").replace("\r\n", "\n");
    let written = Written { text: &text, links: fields.get("links"), sequence: fields.get("sequence").parse().unwrap_or(-1) };
    let is_submitted = fields.get("then") == "submit";
    let result = match path_id(&id) {
        Ok(id) if is_submitted => drafts::submit(&ctx, id, written).await,
        Ok(id) => drafts::save_form(&ctx, id, written).await,
        Err(error) => Err(error),
    };
    finish(ctx, "work", &fields, &id, result, if is_submitted { Flash::WorkSubmitted } else { Flash::Saved }).await
}

async fn withdraw(ctx: Ctx, Path(id): Path<String>, fields: Fields) -> Response {
    let result = match path_id(&id) {
        Ok(id) => drafts::withdraw(&ctx, id).await,
        Err(error) => Err(error),
    };
    finish(ctx, "withdraw", &fields, &id, result, Flash::Withdrawn).await
}

async fn extend(ctx: Ctx, Path(id): Path<String>, fields: Fields) -> Response {
    let result = match path_id(&id) {
        Ok(id) => drafts::extend(&ctx, id).await,
        Err(error) => Err(error),
    };
    finish(ctx, "extend", &fields, &id, result, Flash::Saved).await
}

async fn remove_file(ctx: Ctx, Path((id, file)): Path<(String, String)>, fields: Fields) -> Response {
    let result = match (path_id(&id), path_id(&file)) {
        (Ok(id), Ok(file)) => drafts::remove_file(&ctx, id, file).await,
        (Err(error), _) | (_, Err(error)) => Err(error),
    };
    finish(ctx, "work", &fields, &id, result, Flash::Saved).await
}

async fn drop_upload(ctx: Ctx, Path((id, upload)): Path<(String, String)>, fields: Fields) -> Response {
    let result = match (ctx.actor.signed_in(), path_id(&id), path_id(&upload)) {
        (Err(refusal), ..) => Err(refusal.into()),
        (_, Ok(_), Ok(upload)) => uploads::give_up(&ctx, upload).await,
        (_, Err(error), _) | (.., Err(error)) => Err(error),
    };
    finish(ctx, "work", &fields, &id, result, Flash::Saved).await
}

async fn mark(ctx: Ctx, Path((id, remark)): Path<(String, String)>, fields: Fields) -> Response {
    let note = fields.get(&format!("note_{remark}")).replace("\r\n", "\n");
    let result = match (path_id(&id), path_id(&remark)) {
        (Ok(id), Ok(remark)) => drafts::mark(&ctx, id, remark, fields.get("done") == "yes", &note).await,
        (Err(error), _) | (_, Err(error)) => Err(error),
    };
    finish(ctx, "mark", &fields, &id, result, Flash::Saved).await
}

async fn upload_file(ctx: Ctx, Path(id): Path<String>, upload: std::result::Result<Multipart, MultipartRejection>) -> Response {
    let result = match (path_id(&id), upload) {
        (Ok(id), Ok(upload)) => read_file(&ctx, id, upload).await,
        (Ok(id), Err(_)) => no_file(&ctx, id).await,
        (Err(error), _) => Err(error),
    };
    finish(ctx, "files", &Fields::default(), &id, result, Flash::Saved).await
}

/// Who may not see the assignment gets its answer; anybody else is told that a file is missing.
async fn no_file(ctx: &Ctx, assignment_id: Uuid) -> Result<()> {
    super::view::page(ctx, assignment_id).await?;
    Err(ServiceError::field("file", Problem::Required))
}

async fn read_file(ctx: &Ctx, assignment_id: Uuid, mut upload: Multipart) -> Result<()> {
    while let Ok(Some(field)) = upload.next_field().await {
        let name = field.file_name().unwrap_or_default().to_owned();
        if field.name() != Some("file") || name.is_empty() {
            continue;
        }
        let takes: Takes = super::view::page(ctx, assignment_id).await?.task.takes;
        let role = takes.role_of(&name).ok_or_else(|| ServiceError::field("file", Problem::WrongFileType))?;
        let place = UploadPlace::Work { assignment_id };
        let input = NewUploadInput { role, place, name, size: place.max_bytes(role) };
        return uploads::receive(ctx, input, Box::pin(field.map_err(axum::Error::new))).await;
    }
    no_file(ctx, assignment_id).await
}
