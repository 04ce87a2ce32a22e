//! Open answers of a curator whose queue goes to another one.

use super::duty_queries as queries;
use crate::server::ctx::Ctx;
use crate::server::error::Result;
use crate::server::events::{self, DutyEvent, Event};
use sqlx::PgConnection;
use uuid::Uuid;

/// Makes another one score what waits for a curator, as far as they may review it, in the caller's transaction; returns how many attempts.
pub async fn hand_over(connection: &mut PgConnection, ctx: &Ctx, from: Uuid, to: Uuid) -> Result<usize> {
    let attempts = queries::lock_owned(connection, from, to).await?;
    for attempt_id in &attempts {
        queries::set_owner(connection, *attempt_id, to).await?;
        let event = DutyEvent::AttemptMoved { attempt_id: *attempt_id, before: from, after: to };
        events::record(connection, ctx, Event::Duty(event)).await?;
    }
    Ok(attempts.len())
}
