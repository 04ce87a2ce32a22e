//! What the database calls out at commit: there is work, something changed for a person or in what visitors
//! read. Every server on the database hears it.

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
        let listening = async {
            if let Err(error) = listen(&state).await {
                tracing::warn!(%error, "the database does not call");
            }
        };
        tokio::select! {
            () = stop.cancelled() => {}
            () = listening => {}
        }
        state.cache.unheard();
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(PAUSE_AFTER_ERROR) => {}
        }
    }
}

async fn listen(state: &AppState) -> sqlx::Result<()> {
    let mut listener = PgListener::connect_with(&state.pool).await?;
    // A lost connection is to be told at once, not when there is another.
    listener.eager_reconnect(false);
    listener.listen_all(["lectern_work", "lectern_live", "lectern_cache"]).await?;
    loop {
        // Heard again only when a call has come in: behind a pooler of connections none ever does.
        state.cache.unheard();
        db::call_caches(&state.pool).await?;
        state.wake.work();
        state.wake.live.send(Live::ForAll).ok();
        // `None`: the connection was lost and made anew; calls in between are missed.
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
    }
}
