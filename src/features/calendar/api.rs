//! Server functions of the school's calendar.

use super::model::CalendarPage;
use crate::shared::error::AppError;
use crate::shared::wire::Json;
use leptos::prelude::*;

/// When the school works.
#[server(endpoint = "calendar/school", input = Json, output = Json)]
pub async fn get_calendar() -> Result<CalendarPage, AppError> {
    crate::server::ctx::answer(|ctx| async move { super::server::service::page(&ctx).await }).await
}
