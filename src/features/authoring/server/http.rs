//! Plain routes of authoring.

use super::lessons::{self, SaveLesson};
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

/// Forms of a lesson's text.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/admin/courses/{id}/lessons/{lesson}", post(save))
        .route("/admin/courses/{id}/lessons/{lesson}/publish", post(publish))
        .route("/admin/courses/{id}/lessons/{lesson}/discard", post(discard))
}

fn ids(course: &str, lesson: &str) -> Result<(Uuid, Uuid)> {
    Ok((path_id(course)?, path_id(lesson)?))
}

async fn finish(ctx: Ctx, form: &str, fields: &Fields, (course, lesson): (&str, &str), result: Result<()>, flash: Flash) -> Response {
    let page = match ids(course, lesson) {
        Ok((course, lesson)) => href::edit_lesson(course, lesson),
        Err(_) => "/admin/courses".to_owned(),
    };
    forms::finish(ctx, form, fields, &page, result, |ctx, ()| forms::see_other_with(ctx, &page, flash)).await
}

fn revision(fields: &Fields) -> i32 {
    fields.get("revision").parse().unwrap_or(0)
}

async fn save(ctx: Ctx, Path((course, lesson)): Path<(String, String)>, fields: Fields) -> Response {
    let content = fields.get("content").replace("\r\n", "\n");
    let input = SaveLesson {
        title: fields.get("title"),
        summary: fields.get("summary"),
        minutes: fields.get("minutes"),
        content: &content,
        revision: revision(&fields),
    };
    let result = match ids(&course, &lesson) {
        Ok((course, lesson)) => lessons::save(&ctx, course, lesson, input).await,
        Err(error) => Err(error),
    };
    finish(ctx, "lesson", &fields, (&course, &lesson), result, Flash::DraftSaved).await
}

async fn publish(ctx: Ctx, Path((course, lesson)): Path<(String, String)>, fields: Fields) -> Response {
    let result = match ids(&course, &lesson) {
        Ok((course, lesson)) => lessons::publish(&ctx, course, lesson, revision(&fields)).await,
        Err(error) => Err(error),
    };
    finish(ctx, "publish", &fields, (&course, &lesson), result, Flash::LessonPublished).await
}

async fn discard(ctx: Ctx, Path((course, lesson)): Path<(String, String)>, fields: Fields) -> Response {
    let result = match ids(&course, &lesson) {
        Ok((course, lesson)) => lessons::discard(&ctx, course, lesson).await,
        Err(error) => Err(error),
    };
    finish(ctx, "discard", &fields, (&course, &lesson), result, Flash::DraftDiscarded).await
}
