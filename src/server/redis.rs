//! Redis, where it is given: servers share their throttles in it. It may be empty, gone, hung or in another version at any
//! moment; then a call gives nothing, quickly, and the caller goes on with what this process knows.

use super::clock::Clock;
use anyhow::Context as _;
use chrono::{DateTime, TimeDelta, Utc};
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::io::tcp::TcpSettings;
use redis::{Client, Cmd, FromRedisValue, IntoConnectionInfo as _, RedisResult, ScriptInvocation};
use secrecy::{ExposeSecret as _, SecretString};
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Connecting, or an answer, may take this long.
const STEP_TIMEOUT: Duration = Duration::from_millis(250);
/// A call may take this long altogether; people wait for it.
const CALL_TIMEOUT: Duration = Duration::from_millis(300);
/// So many failures in a row, and no more calls are made for a while.
const FAILURES: u32 = 3;
/// For how long no calls are made; then one is, and decides.
const PAUSE: TimeDelta = TimeDelta::seconds(5);

/// The line to Redis, with a breaker in it. Cheap to clone; connects at its first call.
#[derive(Clone, Debug)]
pub struct Redis(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    client: Client,
    clock: Clock,
    line: Mutex<Line>,
}

#[derive(Debug, Default)]
struct Line {
    manager: Option<ConnectionManager>,
    failures: u32,
    /// The breaker is open; the next call may be made then.
    open_until: Option<DateTime<Utc>>,
}

/// Whether an address is one that Redis can be at.
pub fn is_address(url: &str) -> bool {
    let has_scheme = ["redis://", "rediss://", "redis+unix://"].iter().any(|scheme| url.starts_with(scheme));
    has_scheme && url.into_connection_info().is_ok()
}

impl Redis {
    /// The Redis at an address. Nothing is connected yet.
    pub fn new(url: &SecretString, clock: Clock) -> anyhow::Result<Self> {
        // A machine that vanished answers nothing, not even a refusal: the kernel gives such a connection up after this time.
        let tcp = TcpSettings::default().set_nodelay(true);
        #[cfg(target_os = "linux")]
        let tcp = tcp.set_user_timeout(Duration::from_secs(5));
        let info = url.expose_secret().into_connection_info().context("REDIS_URL")?.set_tcp_settings(tcp);
        let client = Client::open(info).context("REDIS_URL")?;
        Ok(Self(Arc::new(Inner { client, clock, line: Mutex::default() })))
    }

    /// What a script answers, if it answers.
    pub async fn script<T: FromRedisValue>(&self, script: &ScriptInvocation<'_>) -> Option<T> {
        self.call(|mut manager| async move { script.invoke_async(&mut manager).await }).await
    }

    /// What a command answers, if it is answered.
    pub async fn command<T: FromRedisValue>(&self, command: &Cmd) -> Option<T> {
        self.call(|mut manager| async move { command.query_async(&mut manager).await }).await
    }

    async fn call<T, F: Future<Output = RedisResult<T>>>(&self, call: impl FnOnce(ConnectionManager) -> F) -> Option<T> {
        let manager = self.manager()?;
        let error = match tokio::time::timeout(CALL_TIMEOUT, call(manager)).await {
            Ok(Ok(value)) => {
                self.succeeded();
                return Some(value);
            }
            Ok(Err(error)) => error.to_string(),
            Err(_) => "it does not answer".to_owned(),
        };
        self.failed(&error);
        None
    }

    fn line(&self) -> MutexGuard<'_, Line> {
        self.0.line.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The connection, unless the breaker is open.
    fn manager(&self) -> Option<ConnectionManager> {
        let now = self.0.clock.now();
        let mut line = self.line();
        if let Some(until) = line.open_until {
            if now < until {
                return None;
            }
            // This call is the trial. Until it has an outcome the others go on without, and if it is cut off the next one tries.
            line.open_until = Some(now + PAUSE);
        }
        if line.manager.is_none() {
            line.manager = self.connect().inspect_err(|error| tracing::error!(%error, "Redis can't be connected to")).ok();
        }
        line.manager.clone()
    }

    fn connect(&self) -> RedisResult<ConnectionManager> {
        // No retries inside of a call: the next call is the retry.
        let config = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(STEP_TIMEOUT))
            .set_response_timeout(Some(STEP_TIMEOUT))
            .set_number_of_retries(0);
        ConnectionManager::new_lazy_with_config(self.0.client.clone(), config)
    }

    fn succeeded(&self) {
        let mut line = self.line();
        line.failures = 0;
        if line.open_until.take().is_some() {
            tracing::info!("Redis answers again: servers share their throttles");
        }
    }

    fn failed(&self, error: &str) {
        let until = self.0.clock.now() + PAUSE;
        let mut line = self.line();
        line.failures = line.failures.saturating_add(1);
        // The next call makes a connection anew: the manager would first hand out the failure that it has, however old.
        line.manager = None;
        let was_open = line.open_until.is_some();
        if !was_open && line.failures < FAILURES {
            tracing::debug!(error, "a call to Redis failed");
            return;
        }
        if !was_open {
            line.open_until = Some(until);
            tracing::warn!(error, "Redis fails: each server counts its throttles for itself");
        }
    }
}
