//! The database: where it is, its pool, its migrations.

pub mod embedded;
pub mod migrate;

use super::config::Config;
use chrono::{DateTime, Utc};
use embedded::Cluster;
use secrecy::ExposeSecret as _;
use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Connection as _, PgPool};
use std::str::FromStr as _;
use std::time::Duration;

/// All migrations, compiled in.
pub static MIGRATOR: Migrator = sqlx::migrate!();

/// A database to talk to, and the cluster that we run for it, if we do.
pub struct Database {
    /// Connections.
    pub pool: PgPool,
    /// Our own PostgreSQL, unless `DATABASE_URL` names another.
    pub cluster: Option<Cluster>,
}

impl Database {
    /// The database of a running server: starts our own cluster and keeps it, or connects to `DATABASE_URL`.
    /// With our own, fails when another `serve` holds it.
    pub async fn for_server(config: &Config) -> anyhow::Result<Self> {
        match url_options(config)? {
            Some(options) => Ok(Self { pool: pool(options), cluster: None }),
            None => {
                let cluster = Cluster::start(&config.data_dir, true).await?;
                Ok(Self { pool: pool(cluster.connect_options()), cluster: Some(cluster) })
            }
        }
    }

    /// The database of a single command: joins the running cluster, or starts it for as long as the command runs.
    pub async fn for_command(config: &Config) -> anyhow::Result<Self> {
        match url_options(config)? {
            Some(options) => Ok(Self { pool: pool(options), cluster: None }),
            None => {
                let cluster = Cluster::start(&config.data_dir, false).await?;
                Ok(Self { pool: pool(cluster.connect_options()), cluster: Some(cluster) })
            }
        }
    }

    /// Closes the pool, then stops the cluster if it is ours to stop.
    pub async fn close(self) {
        self.pool.close().await;
        if let Some(cluster) = self.cluster {
            cluster.stop().await;
        }
    }
}

/// Calls every server that listens to drop what it keeps of visitors' pages.
pub async fn call_caches(pool: &PgPool) -> sqlx::Result<()> {
    sqlx::query!("select from pg_notify('lectern_cache', '')").execute(pool).await?;
    Ok(())
}

/// The database's clock.
pub async fn now(pool: &PgPool) -> sqlx::Result<DateTime<Utc>> {
    sqlx::query_scalar!(r#"select clock_timestamp() as "now!""#).fetch_one(pool).await
}

fn url_options(config: &Config) -> anyhow::Result<Option<PgConnectOptions>> {
    config
        .database_url
        .as_ref()
        .map(|url| PgConnectOptions::from_str(url.expose_secret()).map_err(|error| anyhow::anyhow!("DATABASE_URL can't be read: {error}")))
        .transpose()
}

fn pool(options: PgConnectOptions) -> PgPool {
    PgPoolOptions::new()
        .max_connections(16)
        .acquire_timeout(Duration::from_secs(3))
        // A line that was used a moment ago is taken without asking whether it still holds: that would double the round trips.
        .test_before_acquire(false)
        .before_acquire(|connection, meta| Box::pin(async move { Ok(meta.idle_for < Duration::from_secs(2) || connection.ping().await.is_ok()) }))
        .idle_timeout(Duration::from_mins(5))
        .connect_lazy_with(options.application_name("lectern"))
}
