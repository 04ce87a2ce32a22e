//! What happens without a request: events into the log, attempts whose time is over handed in. One loop per server; rows are
//! claimed with `skip locked`, so that several servers share the work.

use super::ctx::Ctx;
use super::error::Result;
use super::events;
use super::state::AppState;
use crate::features::notifications::server::reactions;
use crate::features::quizzes::server::finishing;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Commits wake the loop; the end of an attempt's time does not.
const PAUSE: Duration = Duration::from_secs(1);
/// After an error, such as a database that is away.
const PAUSE_AFTER_ERROR: Duration = Duration::from_secs(5);
const EVENTS_AT_ONCE: usize = 500;

/// Runs until the token is cancelled. Errors are logged and tried again.
pub async fn run(state: AppState, stop: CancellationToken) {
    let ctx = Ctx::system(state);
    loop {
        let pause = match round(&ctx).await {
            Ok(true) if !stop.is_cancelled() => continue,
            Ok(_) => PAUSE,
            Err(error) => {
                error.into_app_error("worker");
                PAUSE_AFTER_ERROR
            }
        };
        tokio::select! {
            () = stop.cancelled() => return,
            () = ctx.state.wake.events.notified() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}

/// One round of everything; whether there is more to do at once.
async fn round(ctx: &Ctx) -> Result<bool> {
    finishing::finish_all_overdue(ctx).await?;
    Ok(relay(ctx, EVENTS_AT_ONCE).await? == EVENTS_AT_ONCE)
}

/// Moves up to so many events from the outbox into the log and makes of them what people are told, in one transaction. Returns how
/// many there were.
pub async fn relay(ctx: &Ctx, limit: usize) -> Result<usize> {
    let mut tx = ctx.begin().await?;
    let moved = events::move_to_log(&mut tx, ctx.now(), i64::try_from(limit).unwrap_or(i64::MAX)).await?;
    for event in &moved {
        reactions::react(&mut tx, ctx, event).await?;
    }
    tx.commit().await?;
    Ok(moved.len())
}
