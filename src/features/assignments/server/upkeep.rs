//! What happens to works by itself: dates pass, holds run out, curators leave, promises come near.

use super::{desk_queries, verdicts};
use crate::features::quizzes::rules::{self, Reminder};
use crate::server::ctx::Ctx;
use crate::server::error::Result;
use crate::server::events::{self, Event};

/// Everything that is due, by the minute.
pub async fn tend(ctx: &Ctx) -> Result<()> {
    verdicts::end_holds(ctx).await?;
    verdicts::expire(ctx).await?;
    verdicts::rehome(ctx).await?;
    remind(ctx).await
}

/// Records an event for every promise that reached its next mark; each is said once.
async fn remind(ctx: &Ctx) -> Result<()> {
    let waiting = desk_queries::promises(&mut *ctx.connection().await?).await?;
    for row in waiting {
        let (promised, left) = ((row.due_at - row.submitted_at).num_minutes(), (row.due_at - ctx.now()).num_minutes());
        let Some(reminder) = rules::reminder(promised, left) else { continue };
        if row.given.iter().any(|given| Reminder::from_code(given).is_some_and(|given| given >= reminder)) {
            continue;
        }
        let mut tx = ctx.begin().await?;
        if desk_queries::insert_reminder(&mut tx, row.round_id, reminder.code(), ctx.now()).await? {
            events::record(&mut tx, ctx, Event::WorkReminder { submission_id: row.submission_id, reminder }).await?;
        }
        tx.commit().await?;
    }
    Ok(())
}
