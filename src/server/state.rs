//! What the server holds for its whole life.

use super::cache::Cache;
use super::clock::Clock;
use super::config::Config;
use super::limits::Limits;
use super::redis::Redis;
use super::storage::Storage;
use super::wake::Wake;
use crate::features::messages::server::mail::Mailer;
use crate::features::notifications::server::telegram::Telegram;
use crate::features::payments::server::registry::Providers;
use axum::extract::FromRef;
use leptos::config::LeptosOptions;
use sqlx::PgPool;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// Cheap to clone; every request has one.
#[derive(Clone)]
pub struct AppState(Arc<Inner>);

/// The parts of [`AppState`].
pub struct Inner {
    /// Settings.
    pub config: Config,
    /// The database.
    pub pool: PgPool,
    /// Time and ids.
    pub clock: Clock,
    /// What servers share, if `REDIS_URL` is given.
    pub redis: Option<Redis>,
    /// Visitors' pages.
    pub cache: Cache,
    /// Throttles.
    pub limits: Limits,
    /// Cancelled when the server stops: streams end.
    pub stop: CancellationToken,
    /// Calls of the database.
    pub wake: Wake,
    /// The line to the mail server.
    pub mailer: Mailer,
    /// The line to Telegram, if `TELEGRAM_BOT_TOKEN` is given.
    pub telegram: Option<Telegram>,
    /// Who takes money.
    pub payments: Providers,
    /// Uploaded files.
    pub storage: Storage,
    /// Signs sessions; at least 32 bytes.
    pub secret: Vec<u8>,
    /// bcrypt's cost: 12, less in tests.
    pub password_cost: u32,
    /// Where the site's files lie.
    pub leptos: LeptosOptions,
}

impl AppState {
    /// Puts the parts together.
    pub fn new(inner: Inner) -> Self {
        Self(Arc::new(inner))
    }
}

impl std::ops::Deref for AppState {
    type Target = Inner;
    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl FromRef<AppState> for LeptosOptions {
    fn from_ref(state: &AppState) -> Self {
        state.leptos.clone()
    }
}
