//! The application as it is served, on a test's database, with a clock that stands until it is moved.

use super::client::Client;
use axum::Router;
use chrono::{DateTime, TimeZone as _, Utc};
use lectern::features::messages::server::mail::Mailer;
use lectern::features::notifications::server::telegram::Telegram;
use lectern::features::payments::server::registry::Providers;
use lectern::server::cache::Cache;
use lectern::server::clock::Clock;
use lectern::server::config::Config;
use lectern::server::ctx::Ctx;
use lectern::server::http::router::router;
use lectern::server::limits::Limits;
use lectern::server::redis::Redis;
use lectern::server::state::{AppState, Inner};
use lectern::server::storage::Storage;
use lectern::server::wake::Wake;
use leptos::config::LeptosOptions;
use sqlx::PgPool;
use std::path::PathBuf;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// The secret that signs this application's sessions.
pub const SECRET: &[u8] = b"a secret of the tests, of more than 32 bytes";

/// The application, its database and its folder, which goes when it goes.
pub struct TestApp {
    pub state: AppState,
    pub pool: PgPool,
    pub router: Router,
    folder: PathBuf,
}

impl TestApp {
    /// The application with ordinary settings.
    pub fn new(pool: &PgPool) -> Self {
        Self::with_settings(pool, &[])
    }

    /// The application with settings of the environment.
    pub fn with_settings(pool: &PgPool, settings: &[(&str, &str)]) -> Self {
        Self::build(pool, settings, None, None)
    }

    /// The application with payment providers of a test's own.
    pub fn with_payments(pool: &PgPool, payments: Providers) -> Self {
        Self::build(pool, &[], None, Some(payments))
    }

    /// The application with another place for files.
    pub fn with_storage(pool: &PgPool, storage: Storage) -> Self {
        Self::build(pool, &[], Some(storage), None)
    }

    fn build(pool: &PgPool, settings: &[(&str, &str)], storage: Option<Storage>, payments: Option<Providers>) -> Self {
        let clock = Clock::manual(Utc.with_ymd_and_hms(2026, 3, 2, 9, 0, 0).unwrap());
        let folder = std::env::temp_dir().join(format!("lectern-test-{}", clock.new_id()));
        let config = Config::from_lookup(|name| settings.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())).unwrap();
        let redis = config.redis_url.as_ref().map(|url| Redis::new(url, clock.clone()).unwrap());
        let state = AppState::new(Inner {
            pool: pool.clone(),
            stop: CancellationToken::new(),
            limits: Limits::new(clock.clone(), redis.clone(), SECRET),
            cache: Cache::new(clock.clone()),
            redis,
            wake: Wake::default(),
            mailer: Mailer::new(&config.mail).unwrap(),
            telegram: config.telegram.as_ref().map(|settings| Telegram::new(settings, clock.clone()).unwrap()),
            payments: payments.unwrap_or_else(|| Providers::open(&config, pool, &clock, SECRET).unwrap()),
            storage: storage.unwrap_or_else(|| Storage::folder(&folder.join("files")).unwrap()),
            secret: SECRET.to_vec(),
            password_cost: 4,
            leptos: LeptosOptions::builder().output_name("lectern").site_root(folder.join("site").to_string_lossy().into_owned()).build(),
            clock,
            config,
        });
        Self { router: router(state.clone()), pool: pool.clone(), state, folder }
    }

    /// A context for work that nobody asked for.
    pub fn ctx(&self) -> Ctx {
        Ctx::system(self.state.clone())
    }

    /// The current moment.
    pub fn now(&self) -> DateTime<Utc> {
        self.state.clock.now()
    }

    /// Lets time pass.
    pub fn pass(&self, seconds: u64) {
        self.state.clock.advance(Duration::from_secs(seconds));
    }

    /// A browser with no cookies.
    pub fn visitor(&self) -> Client {
        Client::new(self)
    }

    /// A browser whose person has signed in.
    pub async fn sign_in(&self, email: &str, password: &str) -> Client {
        let mut client = self.visitor();
        let answer = client.post("/login", &[("email", email), ("password", password)]).await;
        assert_eq!(answer.status, 303, "{email} can't sign in: {}", answer.text());
        client
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.folder).ok();
    }
}
