//! Plain routes of notifications: forms, and the stream of what happens.

use super::{live, service, telegram, unsubscribe};
use crate::server::ctx::Ctx;
use crate::server::http::forms::{self, Fields};
use crate::server::http::session::path_id;
use crate::server::state::AppState;
use crate::shared::href::percent_encode;
use crate::shared::viewer::Flash;
use axum::Router;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use serde::Deserialize;

const PAGE: &str = "/notifications";
const SETTINGS: &str = "/notifications/settings";

/// Forms and the stream.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/notifications/{id}/open", post(open))
        .route("/notifications/read", post(mark_all_read))
        .route("/notifications/settings", post(change_settings))
        .route("/notifications/telegram/connect", post(connect_telegram))
        .route("/notifications/telegram/disconnect", post(disconnect_telegram))
        .route("/unsubscribe", post(one_click))
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

/// The link stands on the page that answers: it is in no address, and is shown once.
async fn connect_telegram(ctx: Ctx) -> Response {
    match telegram::connect(&ctx).await {
        Ok(invitation) => {
            let shown = [("link", invitation.link), ("bot", invitation.bot), ("command", invitation.command)];
            forms::show(ctx, "telegram", SETTINGS, shown.map(|(name, value)| (name.to_owned(), value)).into(), StatusCode::OK).await
        }
        Err(error) => forms::refuse(ctx, "telegram", &Fields::default(), SETTINGS, error).await,
    }
}

async fn disconnect_telegram(ctx: Ctx) -> Response {
    let result = telegram::disconnect(&ctx).await;
    forms::finish(ctx, "telegram", &Fields::default(), SETTINGS, result, |ctx, ()| forms::see_other_with(ctx, SETTINGS, Flash::Saved)).await
}

/// Mail programs follow no redirect and want none (RFC 8058); a person who pressed the page's button sees the page again.
async fn one_click(ctx: Ctx, Query(link): Query<Link>, fields: Result<Fields, Response>) -> Response {
    // Some mail programs send the click as multipart: all that matters is in the address.
    let fields = fields.unwrap_or_default();
    let token = if link.token.is_empty() { fields.get("token").to_owned() } else { link.token };
    let result = unsubscribe::unsubscribe(&ctx, &token).await;
    let is_person = !fields.get("token").is_empty();
    let page = format!("/unsubscribe?token={}&done=yes", percent_encode(&token));
    forms::finish(ctx, "unsubscribe", &fields, "/unsubscribe", result, |_, ()| {
        if is_person { forms::see_other(&page) } else { StatusCode::OK.into_response() }
    })
    .await
}

/// The question of a link in a letter.
#[derive(Debug, Deserialize)]
struct Link {
    #[serde(default)]
    token: String,
}
