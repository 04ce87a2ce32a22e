//! Promises of review are kept in sight: half gone, soon due, broken; each is said once.

use super::queries;
use crate::features::quizzes::rules::{self, Reminder};
use crate::server::ctx::Ctx;
use crate::server::error::Result;
use crate::server::events::{self, Event};

/// Records an event for every promise that reached its next mark. A mark that was passed while no server ran is not said any more
/// once a later one is.
pub async fn remind(ctx: &Ctx) -> Result<()> {
    let waiting = queries::list_promises(&mut *ctx.connection().await?).await?;
    for row in waiting {
        let due = row.review_due_at;
        let Some(reminder) = rules::reminder((due - row.finished_at).num_minutes(), (due - ctx.now()).num_minutes()) else { continue };
        if row.given.iter().any(|given| Reminder::from_code(given).is_some_and(|given| given >= reminder)) {
            continue;
        }
        let mut tx = ctx.begin().await?;
        if queries::insert_reminder(&mut tx, row.attempt_id, reminder.code(), ctx.now()).await? {
            events::record(&mut tx, ctx, Event::ReviewReminder { attempt_id: row.attempt_id, reminder }).await?;
        }
        tx.commit().await?;
    }
    Ok(())
}
