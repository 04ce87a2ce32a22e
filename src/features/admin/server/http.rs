//! Plain routes of administration.

use super::{operations, service};
use crate::server::ctx::Ctx;
use crate::server::error::Result;
use crate::server::http::forms::{self, Fields};
use crate::server::http::session::path_id;
use crate::server::state::AppState;
use crate::shared::href;
use crate::shared::viewer::Flash;
use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::post;
use uuid::Uuid;

/// Forms of a person's page.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/admin/users/{id}/enroll", post(enroll))
        .route("/admin/users/{id}/lessons", post(open_lesson))
        .route("/admin/users/{id}/reset-lesson", post(reset_lesson))
        .route("/admin/users/{id}/openings/{opening}/end", post(close_lesson))
        .route("/admin/users/{id}/role", post(role))
        .route("/admin/users/{id}/disable", post(disable))
        .route("/admin/users/{id}/enable", post(enable))
        .route("/admin/queue/{id}/retry", post(retry))
}

async fn finish(ctx: Ctx, form: &str, fields: &Fields, id: &str, result: Result<()>, flash: Flash) -> Response {
    let page = Uuid::try_parse(id).map_or_else(|_| "/admin/users".to_owned(), href::user);
    forms::finish(ctx, form, fields, &page, result, |ctx, ()| forms::see_other_with(ctx, &page, flash)).await
}

async fn enroll(ctx: Ctx, Path(id): Path<String>, fields: Fields) -> Response {
    let course_id = Uuid::try_parse(fields.get("course_id")).ok();
    let result = match path_id(&id) {
        Ok(id) => service::enroll(&ctx, id, course_id, fields.get("reason")).await,
        Err(error) => Err(error),
    };
    finish(ctx, "enroll", &fields, &id, result, Flash::Enrolled).await
}

async fn open_lesson(ctx: Ctx, Path(id): Path<String>, fields: Fields) -> Response {
    let lesson_id = Uuid::try_parse(fields.get("lesson_id")).ok();
    let result = match path_id(&id) {
        Ok(id) => service::open_lesson(&ctx, id, lesson_id, fields.get("opening_reason")).await,
        Err(error) => Err(error),
    };
    finish(ctx, "open_lesson", &fields, &id, result, Flash::LessonOpened).await
}

async fn reset_lesson(ctx: Ctx, Path(id): Path<String>, fields: Fields) -> Response {
    let lesson_id = Uuid::try_parse(fields.get("reset_lesson_id")).ok();
    let result = match path_id(&id) {
        Ok(id) => service::reset_lesson(&ctx, id, lesson_id, fields.get("reset_reason")).await,
        Err(error) => Err(error),
    };
    finish(ctx, "reset_lesson", &fields, &id, result, Flash::Saved).await
}

async fn close_lesson(ctx: Ctx, Path((id, opening)): Path<(String, String)>, fields: Fields) -> Response {
    let result = match (path_id(&id), path_id(&opening)) {
        (Ok(id), Ok(opening)) => service::close_lesson(&ctx, id, opening).await,
        (Err(error), _) | (_, Err(error)) => Err(error),
    };
    finish(ctx, "close_lesson", &fields, &id, result, Flash::Saved).await
}

async fn role(ctx: Ctx, Path(id): Path<String>, fields: Fields) -> Response {
    let result = match path_id(&id) {
        Ok(id) => service::change_role(&ctx, id, fields.get("role")).await,
        Err(error) => Err(error),
    };
    finish(ctx, "role", &fields, &id, result, Flash::Saved).await
}

async fn set_active(ctx: Ctx, id: String, fields: Fields, is_active: bool, flash: Flash) -> Response {
    let result = match path_id(&id) {
        Ok(id) => service::set_active(&ctx, id, is_active).await,
        Err(error) => Err(error),
    };
    finish(ctx, "active", &fields, &id, result, flash).await
}

async fn disable(ctx: Ctx, Path(id): Path<String>, fields: Fields) -> Response {
    set_active(ctx, id, fields, false, Flash::Disabled).await
}

async fn enable(ctx: Ctx, Path(id): Path<String>, fields: Fields) -> Response {
    set_active(ctx, id, fields, true, Flash::Enabled).await
}

async fn retry(ctx: Ctx, Path(id): Path<String>) -> Response {
    let result = match path_id(&id) {
        Ok(id) => operations::retry(&ctx, id).await,
        Err(error) => Err(error),
    };
    forms::finish(ctx, "retry", &Fields::default(), "/admin/queue", result, |ctx, ()| forms::see_other_with(ctx, "/admin/queue", Flash::Saved)).await
}
