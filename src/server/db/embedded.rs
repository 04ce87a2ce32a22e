//! Our own PostgreSQL under the data folder: found on the machine, initialised once, started as a child, watched, stopped
//! with the server. It listens on a socket in a private folder only. PostgreSQL refuses to run as root, so its programs run
//! as another account then.

mod places;
mod programs;

use anyhow::{Context as _, bail};
use nix::sys::signal::{Signal, kill};
use places::Places;
use sqlx::postgres::PgConnectOptions;
use std::fs::{self, File};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};

/// The database's name, embedded and elsewhere (data.md).
const DATABASE: &str = "learning_platform";
/// The application's own role; the superuser is `postgres`.
const ROLE: &str = "lectern";

/// A running cluster. Stopped by [`Cluster::stop`] if this process started or adopted it.
pub struct Cluster {
    places: Places,
    /// Held for as long as this process is the cluster's keeper; `None` when it only joined.
    keeper: Option<Keeper>,
}

struct Keeper {
    /// The lock is given back when the file is closed, also by `kill -9`.
    _lock: File,
    watcher: Option<JoinHandle<()>>,
    stopping: Arc<AtomicBool>,
}

impl Cluster {
    /// Makes the cluster if need be and sees that it runs.
    ///
    /// # Errors
    /// With `exclusive`, when another process keeps the cluster; and whenever PostgreSQL is missing or does not start, as a
    /// sentence for the person at the terminal.
    pub async fn start(data_dir: &Path, exclusive: bool) -> anyhow::Result<Self> {
        let places = Places::prepare(data_dir)?;
        let Some(lock) = lock(data_dir)? else {
            if exclusive {
                bail!(
                    "Another `lectern` is running on {}. Stop it first, or give this one its own folder with LECTERN_DATA_DIR.",
                    data_dir.display()
                );
            }
            places.wait_until_ready().await?;
            return Ok(Self { places, keeper: None });
        };
        places.initialise().await?;
        if !places.adopt().await? {
            places.run().await?;
        }
        places.create_database().await?;
        let stopping = Arc::new(AtomicBool::new(false));
        let watcher = exclusive.then(|| tokio::spawn(watch(places.clone(), Arc::clone(&stopping))));
        Ok(Self { places, keeper: Some(Keeper { _lock: lock, watcher, stopping }) })
    }

    /// How to reach the school's database.
    pub fn connect_options(&self) -> PgConnectOptions {
        self.places.connect_options().username(ROLE).database(DATABASE)
    }

    /// The same as a URL, for tools.
    pub fn url(&self) -> String {
        format!("postgres://{ROLE}@localhost/{DATABASE}?host={}", self.places.socket.display())
    }

    /// Stops the cluster if this process keeps it: asks for a fast shutdown and waits.
    pub async fn stop(self) {
        let Some(keeper) = self.keeper else { return };
        keeper.stopping.store(true, Ordering::SeqCst);
        if let Some(watcher) = keeper.watcher {
            watcher.abort();
        }
        let Some(pid) = self.places.running_pid() else { return };
        // SIGINT is PostgreSQL's fast shutdown: running transactions are rolled back, data is written.
        let _ = kill(pid, Signal::SIGINT);
        let deadline = Instant::now() + Duration::from_secs(8);
        while self.places.running_pid().is_some() && Instant::now() < deadline {
            sleep(Duration::from_millis(20)).await;
        }
    }
}

/// Starts PostgreSQL again when it dies under us, with growing pauses.
async fn watch(places: Places, stopping: Arc<AtomicBool>) {
    let mut pause = Duration::from_millis(200);
    loop {
        sleep(Duration::from_millis(200)).await;
        if stopping.load(Ordering::SeqCst) {
            return;
        }
        if places.running_pid().is_some() {
            pause = Duration::from_millis(200);
            continue;
        }
        tracing::error!("PostgreSQL has gone; starting it again");
        sleep(pause).await;
        pause = (pause * 2).min(Duration::from_secs(10));
        match places.run().await {
            Ok(()) => tracing::info!("PostgreSQL is back"),
            Err(error) => tracing::error!(error = format!("{error:#}"), "PostgreSQL did not come up"),
        }
    }
}

/// Takes the keeper's lock; `None` when another process has it.
fn lock(data_dir: &Path) -> anyhow::Result<Option<File>> {
    let path = data_dir.join("postgres.lock");
    let file = File::options().create(true).append(true).open(&path).with_context(|| format!("{} can't be written", path.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(fs::TryLockError::WouldBlock) => Ok(None),
        Err(fs::TryLockError::Error(error)) => Err(error).with_context(|| format!("{} can't be locked", path.display())),
    }
}
