//! Plain routes of the catalogue.

use crate::server::http::forms;
use crate::server::state::AppState;
use axum::Router;
use axum::routing::get;

/// `/courses` has no page of its own; the front page is the catalogue.
pub fn routes() -> Router<AppState> {
    Router::new().route("/courses", get(|| async { forms::see_other("/") }))
}
