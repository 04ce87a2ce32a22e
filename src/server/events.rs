//! Domain events: one list, written to the outbox in the transaction of the change. The log, and later notifications and
//! mail, are made from it.

mod authoring;
mod event;
mod files;
mod lessons;
mod marks;
mod payments;
mod works;

pub use authoring::{AuthoringEvent, TestException};
pub use event::Event;
pub use files::FileEvent;
pub use lessons::LessonEvent;
pub use marks::MarkEvent;
pub use payments::{AccessEvent, PaymentEvent};
pub use works::{DutyEvent, WorkEvent, WorkMoved};

use super::ctx::Ctx;
use super::error::Result;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

/// An event as the outbox keeps it.
struct Record {
    kind: &'static str,
    subject: (&'static str, Option<Uuid>),
    before: Option<Value>,
    after: Option<Value>,
}

/// Writes an event in the caller's transaction, with who did it, from where, in which request.
pub async fn record(connection: &mut PgConnection, ctx: &Ctx, event: Event) -> Result<()> {
    let Record { kind, subject: (subject_type, subject_id), before, after } = event.record();
    sqlx::query!(
        "insert into outbox_events (id, kind, actor_id, subject_type, subject_id, before, after, request_id, address, user_agent, occurred_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        ctx.new_id(),
        kind,
        ctx.actor.id(),
        subject_type,
        subject_id,
        before,
        after,
        ctx.request_id(),
        ctx.address,
        ctx.user_agent,
        ctx.now()
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// An event that was moved into the log: what others make something of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    /// `outbox_events.id`, and the log line's.
    pub id: Uuid,
    /// As in `activity_logs.action`.
    pub kind: String,
    /// Who did it; the program itself without.
    pub actor_id: Option<Uuid>,
    /// With or to whom or what.
    pub subject_id: Option<Uuid>,
    /// What is new, by kind.
    pub after: Option<Value>,
}

/// Moves up to `limit` events from the outbox into `activity_logs` in the caller's transaction, each once; several servers share the
/// work. What was personal in a change goes where an erasure may clear it.
pub async fn move_to_log(connection: &mut PgConnection, now: DateTime<Utc>, limit: i64) -> Result<Vec<Moved>> {
    let waits = sqlx::query_scalar!(r#"select exists (select from outbox_events where processed_at is null) as "waits!""#)
        .fetch_one(&mut *connection)
        .await?;
    if !waits {
        return Ok(Vec::new());
    }
    sqlx::query!("select activity_logs_ensure_month($1)", now).execute(&mut *connection).await?;
    sqlx::query!("select activity_logs_ensure_month($1)", super::clock::next_month(now)).execute(&mut *connection).await?;
    let moved = sqlx::query_as!(
        Moved,
        r#"with taken as (
               select *, kind = 'account_changed' as is_personal from outbox_events
               where processed_at is null order by id limit $1 for update skip locked
           ), logged as (
               insert into activity_logs (id, occurred_at, action, user_id, subject_type, subject_id, before, after, request_id)
               select id, occurred_at, kind, actor_id, subject_type, subject_id,
                      case when not is_personal then before end, case when not is_personal then after end, request_id from taken
           ), detailed as (
               insert into activity_log_details (activity_id, address, user_agent, before, after)
               select id, address, user_agent, case when is_personal then before end, case when is_personal then after end
               from taken where address <> '' or user_agent <> '' or is_personal
           ), done as (
               update outbox_events o set processed_at = $2, address = '', user_agent = '',
                      before = case when not is_personal then o.before end, after = case when not is_personal then o.after end
               from taken where o.id = taken.id
           )
           select id as "id!", kind as "kind!", actor_id, subject_id, after from taken order by id"#,
        limit,
        now
    )
    .fetch_all(connection)
    .await?;
    Ok(moved)
}

/// Deletes events that were moved before a moment.
pub async fn purge(connection: &mut PgConnection, before: DateTime<Utc>) -> Result<()> {
    sqlx::query!("delete from outbox_events where processed_at < $1", before).execute(connection).await?;
    Ok(())
}
