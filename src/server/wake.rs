//! What the database calls out at commit: there is work, something changed for a person or in what visitors read.
//! Every server on the database hears it.

use super::db;
use super::state::AppState;
use sqlx::postgres::PgListener;
use std::time::Duration;
use tokio::sync::{Notify, broadcast};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

const PAUSE_AFTER_ERROR: Duration = Duration::from_secs(2);
/// A listener that is this many changes late is told that it missed some.
const LIVE_BACKLOG: usize = 1_024;

/// Something changed for a person: there is a new notification, or one was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Live {
    /// For this person.
    For(Uuid),
    /// Calls may have been missed: everybody should look.
    ForAll,
}

/// Wakes those who wait in this process.
#[derive(Debug)]
pub struct Wake {
    /// Events may wait in the outbox.
    pub events: Notify,
    /// Jobs may wait in the queue.
    pub jobs: Notify,
    /// Changes for persons.
    pub live: broadcast::Sender<Live>,
}

impl Default for Wake {
    fn default() -> Self {
        Self { events: Notify::new(), jobs: Notify::new(), live: broadcast::channel(LIVE_BACKLOG).0 }
    }
}

impl Wake {
    /// A call is kept for a loop that is busy: it looks once more.
    fn work(&self) {
        self.events.notify_one();
        self.jobs.notify_one();
    }
}

/// Listens until the token is cancelled. While the database is away nothing is lost: everybody looks for themselves when it is back.
pub async fn run(state: AppState, stop: CancellationToken) {
    loop {
        let heard = tokio::select! {
            () = stop.cancelled() => Ok(()),
            heard = listen(&state) => heard,
        };
        state.cache.unheard();
        if let Err(error) = heard {
            tracing::warn!(%error, "the database does not call");
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(PAUSE_AFTER_ERROR) => {}
            }
        }
        if stop.is_cancelled() {
            return;
        }
    }
}

/// Listens until the line is lost; calls in between are missed, so that the next one begins with a look for oneself.
async fn listen(state: &AppState) -> sqlx::Result<()> {
    let mut listener = PgListener::connect_with(&state.pool).await?;
    // A lost line is to be told at once, not when there is another.
    listener.eager_reconnect(false);
    listener.listen_all(["lectern_work", "lectern_live", "lectern_cache"]).await?;
    // What is heard of this opens the cache: behind a pooler of connections nothing is.
    db::call_caches(&state.pool).await?;
    state.wake.work();
    state.wake.live.send(Live::ForAll).ok();
    while let Some(call) = listener.try_recv().await? {
        match call.channel() {
            "lectern_live" => {
                if let Ok(user_id) = Uuid::try_parse(call.payload()) {
                    state.wake.live.send(Live::For(user_id)).ok();
                }
            }
            "lectern_cache" => state.cache.changed(),
            _ => state.wake.work(),
        }
    }
    Ok(())
}
