//! What monitoring asks: does the process live, can it serve.

use crate::server::db::migrate;
use crate::server::state::AppState;
use axum::extract::State;
use axum::http::StatusCode;
use std::time::Duration;

/// `GET /healthz`: the process lives.
pub async fn healthz() -> &'static str {
    "ok\n"
}

/// `GET /readyz`: the database is reachable and migrated; else 503 with the reason.
pub async fn readyz(State(state): State<AppState>) -> (StatusCode, &'static str) {
    match tokio::time::timeout(Duration::from_secs(4), migrate::is_current(&state.pool)).await {
        Ok(Ok(true)) => (StatusCode::OK, "ready\n"),
        Ok(Ok(false)) => (StatusCode::SERVICE_UNAVAILABLE, "the database is not migrated: run `lectern migrate up`\n"),
        Ok(Err(_)) | Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database can't be reached\n"),
    }
}
