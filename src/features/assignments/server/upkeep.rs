//! What happens to works by itself: dates pass, holds run out, curators leave. Promises that come near: `quizzes/server/reminders.rs`.

use super::{desk_queries, verdicts};
use crate::features::quizzes::rules::Reminder;
use crate::server::ctx::Ctx;
use crate::server::error::Result;
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

pub use super::desk_queries::PromiseRow;

/// Everything that is due, by the minute.
pub async fn tend(ctx: &Ctx) -> Result<()> {
    verdicts::end_holds(ctx).await?;
    verdicts::expire(ctx).await?;
    verdicts::rehome(ctx).await
}

/// Promises to answer a round that are not broken yet, or whose breach was not told.
pub async fn promises(connection: &mut PgConnection) -> Result<Vec<PromiseRow>> {
    Ok(desk_queries::promises(connection).await?)
}

/// Keeps that a reminder was given; whether it is the first time.
pub async fn keep_reminder(connection: &mut PgConnection, round_id: Uuid, reminder: Reminder, now: DateTime<Utc>) -> Result<bool> {
    Ok(desk_queries::insert_reminder(connection, round_id, reminder.code(), now).await?)
}
