//! What happens without a request: events into the log, attempts whose time is over handed in. One loop per server; rows are
//! claimed with `skip locked`, so that several servers share the work.

use super::ctx::Ctx;
use super::events;
use super::state::AppState;
use crate::features::quizzes::server::finishing;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

const PAUSE: Duration = Duration::from_millis(500);
const EVENTS_AT_ONCE: i64 = 500;

/// Runs until the token is cancelled. Errors are logged and tried again.
pub async fn run(state: AppState, stop: CancellationToken) {
    let ctx = Ctx::system(state);
    loop {
        let more = match events::relay(&ctx, EVENTS_AT_ONCE).await {
            Ok(moved) => moved == EVENTS_AT_ONCE,
            Err(error) => {
                error.into_app_error("worker");
                false
            }
        };
        if let Err(error) = finishing::finish_all_overdue(&ctx).await {
            error.into_app_error("worker");
        }
        if more {
            continue;
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(PAUSE) => {}
        }
    }
}
