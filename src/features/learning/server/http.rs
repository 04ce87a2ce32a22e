//! Plain routes of learning.

use super::{feed, service, versions};
use crate::server::ctx::Ctx;
use crate::server::http::forms::{self, Fields};
use crate::server::http::session::path_id;
use crate::server::state::AppState;
use crate::shared::href;
use crate::shared::viewer::Flash;
use axum::Router;
use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use uuid::Uuid;

/// Forms of courses and lessons, and the feed of deadlines.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/learn/{slug}/lessons/{id}/complete", post(complete))
        .route("/learn/{slug}/version", post(answer_offer))
        .route("/account/calendar", post(renew_calendar))
        .route("/calendar/{file}", get(calendar))
}

/// Deadlines for a calendar program, which has nothing but this address.
async fn calendar(ctx: Ctx, Path(file): Path<String>) -> Response {
    let result = feed::feed(&ctx, file.strip_suffix(".ics").unwrap_or_default()).await;
    forms::finish(ctx, "", &Fields::default(), "/", result, |_, text| {
        let headers = [(header::CONTENT_TYPE, "text/calendar; charset=utf-8"), (header::CACHE_CONTROL, "private, max-age=3600")];
        (headers, text).into_response()
    })
    .await
}

async fn renew_calendar(ctx: Ctx, fields: Fields) -> Response {
    let result = feed::renew(&ctx).await;
    forms::finish(ctx, "calendar", &fields, "/learn", result, |ctx, ()| forms::see_other_with(ctx, "/learn#calendar", Flash::Saved)).await
}

/// What a learner says to the offer of a newer version.
async fn answer_offer(ctx: Ctx, Path(slug): Path<String>, fields: Fields) -> Response {
    let takes_it = match fields.get("answer") {
        "accept" => Some(true),
        "decline" => Some(false),
        _ => None,
    };
    let result = versions::answer(&ctx, &slug, Uuid::try_parse(fields.get("version")).unwrap_or(Uuid::nil()), takes_it).await;
    let page = href::outline(&href::percent_encode(&slug));
    forms::finish(ctx, "version", &fields, &page, result, |ctx, ()| forms::see_other_with(ctx, &page, Flash::Saved)).await
}

async fn complete(ctx: Ctx, Path((slug, id)): Path<(String, String)>, fields: Fields) -> Response {
    let lesson = path_id(&id);
    let (result, page) = match lesson {
        Ok(lesson_id) => (service::mark_lesson(&ctx, &slug, lesson_id).await, href::lesson(&slug, lesson_id)),
        Err(error) => (Err(error), href::outline(&slug)),
    };
    let back = format!("{page}#finish");
    forms::finish(ctx, "complete", &fields, &page, result, |ctx, ()| forms::see_other_with(ctx, &back, Flash::LessonCompleted)).await
}
