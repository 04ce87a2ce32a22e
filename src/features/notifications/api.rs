//! Server functions of notifications.

use super::model::{Inbox, Settings};
use super::rules::Topic;
use crate::shared::error::AppError;
use crate::shared::wire::Json;
use leptos::prelude::*;
use uuid::Uuid;

/// My notifications, one page.
#[server(endpoint = "notifications/mine", input = Json, output = Json)]
pub async fn list_notifications(after: Option<Uuid>) -> Result<Inbox, AppError> {
    crate::server::ctx::answer(|ctx| async move { super::server::service::inbox(&ctx, after).await }).await
}

/// What I chose.
#[server(endpoint = "notifications/settings", input = Json, output = Json)]
pub async fn get_notification_settings() -> Result<Settings, AppError> {
    crate::server::ctx::answer(|ctx| async move { super::server::service::settings(&ctx).await }).await
}

/// The topic of a letter's link that ends such letters; `None` for what is gathered once a day.
#[server(endpoint = "notifications/unsubscribe", input = Json, output = Json)]
pub async fn get_unsubscribe_topic(token: String) -> Result<Option<Topic>, AppError> {
    crate::server::ctx::answer(|ctx| async move { super::server::unsubscribe::topic(&ctx, &token) }).await
}
