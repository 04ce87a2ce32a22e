//! What happens without a request: events into the log, attempts whose time is over handed in. Two loops per server, so that neither
//! waits for the other; rows are claimed with `skip locked`, so that several servers share the work.

use super::ctx::Ctx;
use super::error::Result;
use super::events;
use super::state::AppState;
use crate::features::notifications::server::reactions;
use crate::features::quizzes::server::learners::finishing::{self, PutOff};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Commits wake the relay; this is for what a lost line kept from it.
const PAUSE: Duration = Duration::from_secs(1);
/// After an error, such as a database that is away.
const PAUSE_AFTER_ERROR: Duration = Duration::from_secs(5);
/// How late an attempt may be found whose time is over; also after an error, for a moment's outage must not break the promise of 5 s.
const LOOK_EVERY: Duration = Duration::from_secs(1);
const EVENTS_AT_ONCE: usize = 500;

/// Runs until the token is cancelled. Errors are logged and tried again.
pub async fn run(state: AppState, stop: CancellationToken) {
    let ctx = Ctx::system(state);
    tokio::join!(relay_events(&ctx, &stop), hand_in_overdue(&ctx, &stop));
}

async fn relay_events(ctx: &Ctx, stop: &CancellationToken) {
    loop {
        let pause = match relay(ctx, EVENTS_AT_ONCE).await {
            Ok(EVENTS_AT_ONCE) if !stop.is_cancelled() => continue,
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

async fn hand_in_overdue(ctx: &Ctx, stop: &CancellationToken) {
    let mut put_off = PutOff::default();
    loop {
        if let Err(error) = finishing::finish_all_overdue(ctx, &mut put_off).await {
            error.into_app_error("worker");
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
    }
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
