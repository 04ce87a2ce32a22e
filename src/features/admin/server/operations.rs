//! Use cases of running the school: what was done by whom, and what is done in the background.

use super::operations_queries as queries;
use super::service::{administer, pattern};
use crate::features::admin::model::{Activity, ActivityLine, Queue, QueueJob, Undelivered};
use crate::features::notifications::server::service as notifications;
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::server::jobs;
use crate::shared::page::Page;
use uuid::Uuid;

const PAGE_SIZE: i64 = 50;
const UNDELIVERED: i64 = 20;
const STATES: [&str; 4] = ["waiting", "running", "done", "dead"];

/// The activity log, by kind of event and by the name or address of those concerned.
pub async fn activity(ctx: &Ctx, action: &str, search: &str, after: Option<Uuid>) -> Result<Activity> {
    let _permit = administer(ctx)?;
    let mut connection = ctx.connection().await?;
    let actions = queries::list_actions(&mut connection).await?;
    let action = actions.iter().find(|known| *known == action).map(String::as_str);
    let rows = queries::list_activity(&mut connection, action, &pattern(search), after, PAGE_SIZE + 1).await?;
    let lines = rows.into_iter().map(|row| ActivityLine {
        id: row.id,
        at: ctx.local(row.occurred_at),
        action: row.action,
        actor: row.actor,
        person: row.person_id.zip(row.person),
        subject_type: row.subject_type,
        before: row.before.map(|value| value.to_string()),
        after: row.after.map(|value| value.to_string()),
        address: row.address,
        request_id: row.request_id,
    });
    Ok(Activity { page: Page::cut(lines.collect(), PAGE_SIZE, |line: &ActivityLine| line.id), actions })
}

/// The queue of jobs, by state, and what was not delivered.
pub async fn queue(ctx: &Ctx, state: &str, after: Option<Uuid>) -> Result<Queue> {
    let _permit = administer(ctx)?;
    let mut connection = ctx.connection().await?;
    let state = STATES.into_iter().find(|known| *known == state);
    let rows = jobs::list(&mut connection, state, after, PAGE_SIZE + 1).await?;
    let counted = jobs::counts(&mut connection).await?;
    let counts = STATES.map(|state| (state.to_owned(), counted.iter().find(|(known, _)| known == state).map_or(0, |(_, count)| *count))).into();
    let lines = rows.into_iter().map(|row| QueueJob {
        id: row.id,
        kind: row.kind,
        state: row.state,
        attempts: (row.attempts, row.max_attempts),
        due: ctx.local(row.run_at),
        ended: row.finished_at.map(|at| ctx.local(at)),
        reason: row.last_error,
    });
    let undelivered = notifications::undelivered(&mut connection, UNDELIVERED).await?;
    let undelivered = undelivered.into_iter().map(|message| Undelivered {
        user_id: message.user_id,
        name: message.name,
        is_refused: message.is_refused,
        reason: message.reason,
        at: ctx.local(message.at),
    });
    Ok(Queue { page: Page::cut(lines.collect(), PAGE_SIZE, |line: &QueueJob| line.id), counts, undelivered: undelivered.collect() })
}

/// Tries a job again that was given up.
pub async fn retry(ctx: &Ctx, job_id: Uuid) -> Result<()> {
    let _permit = administer(ctx)?;
    let mut tx = ctx.begin().await?;
    if !jobs::retry(&mut tx, ctx, job_id).await? {
        return Err(ServiceError::NotFound);
    }
    Ok(tx.commit().await?)
}
