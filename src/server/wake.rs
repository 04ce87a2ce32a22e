//! What the database calls out at commit: there is work, something changed for a person or in what visitors read.
//! Every server on the database hears it.

use super::db;
use super::state::AppState;
use sqlx::postgres::PgListener;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

const PAUSE_AFTER_ERROR: Duration = Duration::from_secs(2);
/// Wakes those who wait in this process.
#[derive(Debug, Default)]
pub struct Wake {
    /// Events may wait in the outbox.
    pub events: Notify,
    /// Jobs may wait in the queue.
    pub jobs: Notify,
    /// Something moved on the curators' desk: each time is a number.
    desk: watch::Sender<u64>,
    /// Open pages, by person: each change is a number.
    live: Mutex<HashMap<Uuid, watch::Sender<u64>>>,
}

/// An open page that waits for changes of its person.
pub struct Listener {
    state: AppState,
    user_id: Uuid,
    changes: watch::Receiver<u64>,
}

impl Listener {
    /// Waits for the next change; several at once are one.
    pub async fn changed(&mut self) {
        if self.changes.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let mut live = lock(&self.state.wake.live);
        // This one still counts.
        if live.get(&self.user_id).is_some_and(|sender| sender.receiver_count() <= 1) {
            live.remove(&self.user_id);
        }
    }
}

fn lock(live: &Mutex<HashMap<Uuid, watch::Sender<u64>>>) -> MutexGuard<'_, HashMap<Uuid, watch::Sender<u64>>> {
    live.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Listens for the changes of a person, unless so many pages of theirs do so already.
pub fn listen_for(state: &AppState, user_id: Uuid, limit: usize) -> Option<Listener> {
    let mut live = lock(&state.wake.live);
    let sender = live.entry(user_id).or_insert_with(|| watch::channel(0).0);
    let changes = (sender.receiver_count() < limit).then(|| sender.subscribe())?;
    drop(live);
    Some(Listener { state: state.clone(), user_id, changes })
}

impl Wake {
    /// Tells the open pages of a person, or of everybody.
    pub fn tell(&self, user_id: Option<Uuid>) {
        let live = lock(&self.live);
        match user_id {
            Some(user_id) => live.get(&user_id).into_iter().for_each(|sender| sender.send_modify(|number| *number += 1)),
            None => live.values().for_each(|sender| sender.send_modify(|number| *number += 1)),
        }
    }

    /// Hears of what moves on the curators' desk: works that come and go, holds.
    pub fn desk(&self) -> watch::Receiver<u64> {
        self.desk.subscribe()
    }

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
    listener.listen_all(["lectern_work", "lectern_live", "lectern_desk", "lectern_cache"]).await?;
    // What is heard of this opens the cache: behind a pooler of connections nothing is.
    db::call_caches(&state.pool).await?;
    state.wake.work();
    // What was called out meanwhile is not known: everybody looks.
    state.wake.tell(None);
    state.wake.desk.send_modify(|number| *number += 1);
    while let Some(call) = listener.try_recv().await? {
        match call.channel() {
            "lectern_live" => {
                if let Ok(user_id) = Uuid::try_parse(call.payload()) {
                    state.wake.tell(Some(user_id));
                }
            }
            "lectern_desk" => state.wake.desk.send_modify(|number| *number += 1),
            "lectern_cache" => state.cache.changed(),
            _ => state.wake.work(),
        }
    }
    Ok(())
}
