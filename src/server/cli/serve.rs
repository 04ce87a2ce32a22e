//! `lectern serve`.

use super::state;
use crate::features::accounts::server::offline as accounts;
use crate::features::notifications::server::telegram;
use crate::server::config::{Config, Environment};
use crate::server::ctx::Ctx;
use crate::server::db::{Database, migrate};
use crate::server::http::router;
use crate::server::state::AppState;
use crate::server::{jobs, wake, worker};
use anyhow::{Context as _, bail};
use axum::serve::ListenerExt as _;
use std::future::IntoFuture as _;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

/// Running requests get this long to finish.
const GRACE: Duration = Duration::from_secs(8);

/// Serves until SIGINT or SIGTERM, then finishes running requests and stops the database if it is ours.
pub async fn serve(config: Config, no_migrate: bool) -> anyhow::Result<()> {
    let listener =
        TcpListener::bind(config.listen_addr).await.with_context(|| format!("LISTEN_ADDR: {} can't be listened on", config.listen_addr))?;
    let database = Database::for_server(&config).await?;
    let result = serve_on(listener, config, &database, no_migrate).await;
    database.close().await;
    result
}

async fn serve_on(listener: TcpListener, config: Config, database: &Database, no_migrate: bool) -> anyhow::Result<()> {
    if !no_migrate {
        migrate::up(&database.pool).await.context("the database can't be migrated")?;
    }
    let (environment, base_url) = (config.environment, config.base_url.clone());
    let state = state(config, database)?;
    refuse_default_passwords(&state).await?;
    if let Some(redis) = &state.redis
        && redis.command::<String>(&redis::cmd("PING")).await.is_none()
    {
        tracing::warn!("REDIS_URL: Redis does not answer; until it does, each server counts its throttles for itself");
    }
    jobs::enqueue_after_start(&Ctx::system(state.clone())).await?;
    let stop = state.stop.clone();
    let background = [
        tokio::spawn(wake::run(state.clone(), stop.clone())),
        tokio::spawn(worker::run(state.clone(), stop.clone())),
        tokio::spawn(jobs::run(state.clone(), stop.clone())),
        tokio::spawn(telegram::run(state.clone(), stop.clone())),
    ];
    let app = router::router(state).into_make_service_with_connect_info::<SocketAddr>();
    // Pages go out in several small writes; without this the second waits for the client's delayed acknowledgement.
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "TCP_NODELAY");
        }
    });
    let stopping = stop.clone();
    let server = tokio::spawn(axum::serve(listener, app).with_graceful_shutdown(async move { stopping.cancelled().await }).into_future());
    tracing::info!(%base_url, ?environment, "serving");
    println!("Lectern serves {base_url}");
    wait_for_signal().await?;
    tracing::info!("stopping");
    stop.cancel();
    if tokio::time::timeout(GRACE, server).await.is_err() {
        tracing::warn!("some requests did not finish in time");
    }
    for task in background {
        task.await.context("work in the background was cut off")?;
    }
    Ok(())
}

async fn refuse_default_passwords(state: &AppState) -> anyhow::Result<()> {
    if state.config.environment != Environment::Production {
        return Ok(());
    }
    let open = accounts::open_demo_accounts(&Ctx::system(state.clone())).await?;
    if !open.is_empty() {
        bail!(
            "LECTERN_ENV is production, and these accounts still have the default password that everybody knows: {}. \
             Give them another with `lectern user set-password`, or disable them with `lectern user disable`.",
            open.join(", ")
        );
    }
    Ok(())
}

async fn wait_for_signal() -> anyhow::Result<()> {
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    Ok(())
}
