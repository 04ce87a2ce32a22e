//! Plain routes of announcements.

use super::service::{self, Publish};
use crate::server::ctx::Ctx;
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

/// Forms of announcements.
pub fn routes() -> Router<AppState> {
    Router::new().route("/admin/announcements", post(publish)).route("/learn/announcements/{id}/withdraw", post(withdraw))
}

async fn publish(ctx: Ctx, fields: Fields) -> Response {
    let body = fields.get("body").replace("\r\n", "\n");
    let form_key = Uuid::try_parse(fields.get("key")).ok();
    let input = Publish { target: fields.get("course_id"), title: fields.get("title"), body: &body, form_key };
    let result = service::publish(&ctx, input).await;
    let page = "/admin/announcements";
    forms::finish(ctx, "announce", &fields, page, result, |ctx, ()| forms::see_other_with(ctx, page, Flash::Announced)).await
}

async fn withdraw(ctx: Ctx, Path(id): Path<String>, fields: Fields) -> Response {
    let result = match path_id(&id) {
        Ok(id) => service::withdraw(&ctx, id).await,
        Err(error) => Err(error),
    };
    let page = format!("/learn/announcements/{}", href::percent_encode(&id));
    let done = |ctx: &Ctx, ()| forms::see_other_with(ctx, "/admin/announcements", Flash::Withdrawn);
    forms::finish(ctx, "withdraw", &fields, &page, result, done).await
}
