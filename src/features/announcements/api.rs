//! Server functions of announcements.

use super::model::{Announcement, Sent};
use crate::shared::error::AppError;
use crate::shared::wire::Json;
use leptos::prelude::*;
use uuid::Uuid;

/// An announcement; opening it is remembered.
#[server(endpoint = "announcements/mine", input = Json, output = Json)]
pub async fn get_announcement(announcement_id: Uuid) -> Result<Announcement, AppError> {
    crate::server::ctx::answer(|ctx| async move { super::server::service::announcement(&ctx, announcement_id).await }).await
}

/// What was published in my courses, with its readers counted.
#[server(endpoint = "announcements/sent", input = Json, output = Json)]
pub async fn get_sent() -> Result<Sent, AppError> {
    crate::server::ctx::answer(|ctx| async move { super::server::service::sent(&ctx).await }).await
}
