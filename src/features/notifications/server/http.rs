//! Plain routes of notifications: forms, and the stream of what happens.

use super::{live, service};
use crate::server::ctx::Ctx;
use crate::server::http::forms::{self, Fields};
use crate::server::http::session::path_id;
use crate::server::state::AppState;
use crate::shared::viewer::Flash;
use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::{get, post};

const PAGE: &str = "/notifications";
const SETTINGS: &str = "/notifications/settings";

/// Forms and the stream.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/notifications/{id}/open", post(open))
        .route("/notifications/read", post(mark_all_read))
        .route("/notifications/settings", post(change_settings))
        .route("/events", get(live::events))
}

async fn open(ctx: Ctx, Path(id): Path<String>) -> Response {
    let result = match path_id(&id) {
        Ok(id) => service::open(&ctx, id).await,
        Err(error) => Err(error),
    };
    forms::finish(ctx, "open", &Fields::default(), PAGE, result, |_, path| forms::see_other(&path)).await
}

async fn mark_all_read(ctx: Ctx) -> Response {
    let result = service::mark_all_read(&ctx).await;
    forms::finish(ctx, "read", &Fields::default(), PAGE, result, |_, ()| forms::see_other(PAGE)).await
}

async fn change_settings(ctx: Ctx, fields: Fields) -> Response {
    let choice = |field: &str| fields.get(field).to_owned();
    let result = service::change_settings(&ctx, choice, fields.get("quiet_from"), fields.get("quiet_to")).await;
    forms::finish(ctx, "settings", &fields, SETTINGS, result, |ctx, ()| forms::see_other_with(ctx, SETTINGS, Flash::Saved)).await
}
