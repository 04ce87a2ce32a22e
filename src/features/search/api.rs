//! Server functions of searching.

use super::model::{Found, Kind};
use crate::shared::error::AppError;
use crate::shared::wire::Json;
use leptos::prelude::*;

/// What I may open, found by words; of one kind a page, of all the first of each.
#[server(endpoint = "search/find", input = Json, output = Json)]
pub async fn find(query: String, kind: Option<Kind>, after: Option<String>) -> Result<Found, AppError> {
    crate::server::ctx::answer(|ctx| async move { super::server::service::find(&ctx, &query, kind, after.as_deref()).await }).await
}
