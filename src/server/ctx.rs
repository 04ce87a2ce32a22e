//! One request's context: who asks, from where, in which language, with time, ids and the database at hand.

use super::authz::Actor;
use super::clock;
use super::error::{Result, ServiceError};
use super::state::AppState;
use crate::shared::error::{AppError, ErrorKind};
use crate::shared::i18n::Locale;
use crate::shared::time::LocalTime;
use crate::shared::viewer::Viewer;
use axum::http::request::Parts;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use leptos::prelude::use_context;
use sqlx::pool::PoolConnection;
use sqlx::{Postgres, Transaction};
use std::future::Future;
use uuid::Uuid;

/// Everything that a service may know about the request. Made once per request by the session middleware.
#[derive(Clone)]
pub struct Ctx {
    /// The server's parts.
    pub state: AppState,
    /// Who asks.
    pub actor: Actor,
    /// The session that the request came with.
    pub session_id: Option<Uuid>,
    /// The time zone in which times are shown.
    pub zone: Tz,
    /// Address of the client, behind trusted proxies.
    pub address: String,
    /// The browser's name, cut to 200 characters.
    pub user_agent: String,
    /// Secret links of orders that this browser opened (`payments/server/links.rs`).
    pub order_links: String,
    /// Lets our own scripts of this response run.
    pub nonce: String,
    /// What every page knows about its reader.
    pub viewer: Viewer,
}

impl Ctx {
    /// A context for work that nobody asked for: the command line and the worker.
    pub fn system(state: AppState) -> Self {
        Self {
            state,
            actor: Actor::System,
            session_id: None,
            zone: chrono_tz::Europe::Moscow,
            address: String::new(),
            user_agent: String::new(),
            order_links: String::new(),
            nonce: String::new(),
            viewer: Viewer::default(),
        }
    }

    /// The context of the request that is being rendered or answered.
    pub fn current() -> Result<Self, AppError> {
        use_context::<Parts>().and_then(|parts| parts.extensions.get::<Self>().cloned()).ok_or_else(|| AppError::new(ErrorKind::Internal))
    }

    /// The current moment.
    pub fn now(&self) -> DateTime<Utc> {
        self.state.clock.now()
    }

    /// A new id.
    pub fn new_id(&self) -> Uuid {
        self.state.clock.new_id()
    }

    /// The language of the answer.
    pub const fn locale(&self) -> Locale {
        self.viewer.locale
    }

    /// Id of the request, in the log, in events and on error pages.
    pub fn request_id(&self) -> &str {
        &self.viewer.request_id
    }

    /// A moment as this reader sees it.
    pub fn local(&self, moment: DateTime<Utc>) -> LocalTime {
        clock::local(moment, self.zone)
    }

    /// A connection for reading.
    pub async fn connection(&self) -> Result<PoolConnection<Postgres>> {
        Ok(self.state.pool.acquire().await?)
    }

    /// A transaction for a change of state. Dropped without commit it changes nothing.
    pub async fn begin(&self) -> Result<Transaction<'static, Postgres>> {
        Ok(self.state.pool.begin().await?)
    }
}

/// Runs a service for a server function: makes the context, converts and logs the error, sets the status.
pub async fn answer<T, F>(service: impl FnOnce(Ctx) -> F) -> std::result::Result<T, AppError>
where
    F: Future<Output = Result<T, ServiceError>>,
{
    let ctx = Ctx::current()?;
    let request_id = ctx.viewer.request_id.clone();
    service(ctx).await.map_err(|error| {
        let error = error.into_app_error(&request_id);
        super::error::set_response_status(&error);
        error
    })
}
