//! Plain routes of the school's calendar.

use super::{feed, service};
use crate::server::ctx::Ctx;
use crate::server::error::ServiceError;
use crate::server::http::forms::{self, Fields};
use crate::server::state::AppState;
use crate::shared::viewer::Flash;
use axum::Router;
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};

const PAGE: &str = "/admin/settings/calendar";

/// The form of the calendar, learners' feeds.
pub fn routes() -> Router<AppState> {
    Router::new().route("/admin/settings/calendar", post(set)).route("/account/calendar", post(change_feed)).route("/calendar/{file}", get(feed))
}

/// Makes one's own feed, renews its address, or takes it away.
async fn change_feed(ctx: Ctx, fields: Fields) -> Response {
    let result = match fields.get("step") {
        "remove" => feed::remove(&ctx).await,
        _ => feed::make(&ctx).await,
    };
    forms::finish(ctx, "feed", &fields, "/learn", result, |ctx, ()| forms::see_other_with(ctx, "/learn", Flash::Saved)).await
}

/// A feed: whoever has its address may read it.
async fn feed(ctx: Ctx, Path(file): Path<String>) -> Response {
    let result = match file.strip_suffix(".ics") {
        Some(token) => feed::text(&ctx, token).await,
        None => Err(ServiceError::NotFound),
    };
    match result {
        Ok(text) => ([(header::CONTENT_TYPE, "text/calendar; charset=utf-8"), (header::CACHE_CONTROL, "private, max-age=300")], text).into_response(),
        Err(error) => forms::refuse(ctx, "", &Fields::default(), "/", error).await,
    }
}

/// Sets the calendar, or shows what it would promise.
async fn set(ctx: Ctx, fields: Fields) -> Response {
    if fields.get("step") == "preview" {
        return match service::check(&ctx, &fields) {
            Ok(()) => {
                let values = fields.iter().map(|(name, value)| (name.to_owned(), value.replace('\0', ""))).collect();
                forms::show(ctx, "calendar", PAGE, values, StatusCode::OK).await
            }
            Err(error) => forms::refuse(ctx, "calendar", &fields, PAGE, error).await,
        };
    }
    let result = service::set(&ctx, &fields).await;
    forms::finish(ctx, "calendar", &fields, PAGE, result, |ctx, ()| forms::see_other_with(ctx, PAGE, Flash::Saved)).await
}
