//! Plain routes of the school's calendar.

use super::service;
use crate::server::ctx::Ctx;
use crate::server::http::forms::{self, Fields};
use crate::server::state::AppState;
use crate::shared::viewer::Flash;
use axum::Router;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::post;

const PAGE: &str = "/admin/settings/calendar";

/// The form of the calendar.
pub fn routes() -> Router<AppState> {
    Router::new().route("/admin/settings/calendar", post(set))
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
