//! Sessions: begin, resolve, refresh, end. A row each, so that ending is at once.

use super::{session_queries as queries, tokens};
use crate::server::authz::Actor;
use crate::server::ctx::Ctx;
use crate::server::error::Result;
use crate::server::events::{self, Event};
use crate::shared::i18n::Locale;
use crate::shared::role::Role;
use crate::shared::viewer::{Person, Theme};
use anyhow::Context as _;
use chrono::{DateTime, Duration, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

/// A session ends when it is not used for this long …
const IDLE_DAYS: i64 = 30;
/// … and in any case after this long.
const ABSOLUTE_DAYS: i64 = 90;
/// A session that ended is kept this long, for who looks into an account that was taken over.
const ENDED_KEPT_DAYS: i64 = 90;
/// For this long an old refresh token gets the successor that it got before (two tabs); later it ends the session.
const GRACE_SECONDS: i64 = 30;

/// The two tokens to be set as cookies.
#[derive(Clone, Debug)]
pub struct Tokens {
    /// For 15 minutes.
    pub access: String,
    /// For [`IDLE_DAYS`].
    pub refresh: String,
}

/// A signed-in person, as the session middleware needs them.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// `sessions.id`.
    pub session_id: Uuid,
    /// Who it is.
    pub person: Person,
    /// `users.locale`.
    pub locale: Option<Locale>,
    /// `users.theme`.
    pub theme: Option<Theme>,
    /// Their time zone, or the school's.
    pub time_zone: String,
    /// How many notifications they have not read.
    pub unread: i64,
    /// New tokens, when the request brought only a refresh token.
    pub renewed: Option<Tokens>,
}

impl SignedIn {
    /// The person as the policy sees them.
    pub const fn actor(&self) -> Actor {
        Actor::Person { id: self.person.id, role: self.person.role }
    }
}

/// Begins a session in the caller's transaction.
pub(super) async fn begin(connection: &mut PgConnection, ctx: &Ctx, user_id: Uuid) -> Result<Tokens> {
    let (id, now) = (ctx.new_id(), ctx.now());
    queries::insert_session(connection, id, user_id, &ctx.user_agent, &ctx.address, now, now + Duration::days(ABSOLUTE_DAYS)).await?;
    events::record(connection, ctx, Event::SignedIn { user_id, session_id: id }).await?;
    tokens_of(ctx, id, 0, now, now + Duration::days(ABSOLUTE_DAYS))
}

fn tokens_of(ctx: &Ctx, id: Uuid, generation: i32, rotated_at: DateTime<Utc>, ends_at: DateTime<Utc>) -> Result<Tokens> {
    let idle_end = ends_at.min(rotated_at + Duration::days(IDLE_DAYS));
    Ok(Tokens { access: tokens::access(&ctx.state, id, ctx.now())?, refresh: tokens::refresh(&ctx.state, id, generation, rotated_at, idle_end)? })
}

/// Who the request's cookies stand for; renews the tokens when only the refresh token is good.
pub async fn resolve(ctx: &Ctx, access: Option<&str>, refresh: Option<&str>) -> Result<Option<SignedIn>> {
    if let Some(session_id) = access.and_then(|token| tokens::read_access(&ctx.state, token)) {
        let mut connection = ctx.connection().await?;
        if let Some(row) = queries::running_session(&mut connection, session_id, ctx.now()).await? {
            return Ok(Some(signed_in(row, None)?));
        }
    }
    match refresh.and_then(|token| tokens::read_refresh(&ctx.state, token)) {
        Some(refresh) => renew(ctx, &refresh).await,
        None => Ok(None),
    }
}

async fn renew(ctx: &Ctx, refresh: &tokens::Refresh) -> Result<Option<SignedIn>> {
    let now = ctx.now();
    let mut tx = ctx.begin().await?;
    if !queries::lock_session(&mut tx, refresh.session_id).await? {
        return Ok(None);
    }
    let Some(row) = queries::running_session(&mut tx, refresh.session_id, now).await? else { return Ok(None) };
    let (generation, rotated_at) = if refresh.generation == row.generation {
        queries::rotate_session(&mut tx, row.id, row.generation + 1, &ctx.address, now).await?;
        (row.generation + 1, now)
    } else if refresh.generation + 1 == row.generation && now - row.rotated_at <= Duration::seconds(GRACE_SECONDS) {
        (row.generation, row.rotated_at)
    } else {
        queries::revoke_session(&mut tx, row.id, None, "refresh_token_reused", now).await?;
        events::record(&mut tx, ctx, Event::SessionReuseDetected { user_id: row.user_id, session_id: row.id }).await?;
        tx.commit().await?;
        tracing::warn!(request_id = ctx.request_id(), session = %row.id, "an old refresh token came back; the session is ended");
        return Ok(None);
    };
    tx.commit().await?;
    let tokens = tokens_of(ctx, row.id, generation, rotated_at, row.expires_at)?;
    Ok(Some(signed_in(row, Some(tokens))?))
}

fn signed_in(row: queries::SessionRow, renewed: Option<Tokens>) -> Result<SignedIn> {
    let role = Role::from_code(&row.role).with_context(|| format!("users.role of {} is `{}`", row.user_id, row.role))?;
    Ok(SignedIn {
        session_id: row.id,
        person: Person { id: row.user_id, full_name: row.full_name, role, photo: row.photo_file_id },
        locale: row.locale.as_deref().and_then(Locale::from_code),
        theme: row.theme.as_deref().and_then(Theme::from_code),
        time_zone: row.time_zone,
        unread: row.unread,
        renewed,
    })
}

/// Ends the session of the request, if there is one.
pub async fn sign_out(ctx: &Ctx) -> Result<()> {
    let (Some(user_id), Some(session_id)) = (ctx.actor.id(), ctx.session_id) else { return Ok(()) };
    let mut tx = ctx.begin().await?;
    if queries::revoke_session(&mut tx, session_id, Some(user_id), "signed_out", ctx.now()).await? {
        events::record(&mut tx, ctx, Event::SignedOut { user_id, session_id }).await?;
    }
    Ok(tx.commit().await?)
}

/// Ends all sessions of a person but one, in the caller's transaction: after a change of password or role, or a disabling.
pub async fn end_all(connection: &mut PgConnection, ctx: &Ctx, user_id: Uuid, except: Option<Uuid>, reason: &str) -> Result<()> {
    let count = queries::revoke_sessions_of(connection, user_id, except, reason, ctx.now()).await?;
    if count > 0 {
        events::record(connection, ctx, Event::SessionsEnded { user_id, count }).await?;
    }
    Ok(())
}

/// Whether the session that a request came with still runs.
pub async fn is_running(ctx: &Ctx) -> Result<bool> {
    let Some(session_id) = ctx.session_id else { return Ok(false) };
    Ok(queries::running_session(&mut *ctx.connection().await?, session_id, ctx.now()).await?.is_some())
}

/// Deletes sessions that ended long ago; the log still tells of them.
pub async fn purge(connection: &mut PgConnection, now: DateTime<Utc>) -> Result<()> {
    Ok(queries::delete_ended_sessions(connection, now - Duration::days(ENDED_KEPT_DAYS)).await?)
}
