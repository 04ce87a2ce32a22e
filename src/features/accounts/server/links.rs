//! What is done by a letter's link: confirming an address, choosing a new password. A link is 32 random bytes of which only a
//! digest is kept; it serves once, for a while, for the address that it was sent to.

use super::link_queries::{self, NewToken, OwnerRow};
use super::{passwords, queries, sessions};
use crate::features::accounts::rules;
use crate::features::messages::server::mail::{self, Letter, NewLetter};
use crate::server::authz::{self, UseOwnAccount};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::server::events::{self, Event};
use crate::server::jobs::{self, Job};
use crate::server::limits;
use crate::server::one_time::{self, digest};
use crate::shared::error::Problem;
use crate::shared::i18n::Locale;
use chrono::{DateTime, Duration, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

const CONFIRM: &str = "confirm";
const RESET: &str = "reset";
/// A link to a new password serves this long.
const RESET_FOR: Duration = Duration::minutes(30);
/// A link that confirms an address serves this long.
const CONFIRM_FOR: Duration = Duration::days(3);
/// Dead links are kept this long.
const KEPT: Duration = Duration::days(7);

/// Makes a link in the caller's transaction; returns its token and its end.
async fn make_token(connection: &mut PgConnection, ctx: &Ctx, owner: &OwnerRow, purpose: &str, lasts: Duration) -> Result<(String, DateTime<Utc>)> {
    let token = one_time::code();
    let expires_at = ctx.now() + lasts;
    let sha256 = digest(&token);
    let row = NewToken { id: ctx.new_id(), user_id: owner.id, purpose, email: &owner.email, sha256: &sha256, now: ctx.now(), expires_at };
    link_queries::insert_token(connection, row).await?;
    Ok((token, expires_at))
}

fn address(ctx: &Ctx, path: &str) -> String {
    format!("{}{path}", ctx.state.config.base_url)
}

/// Writes one of the letters about an account, which nobody can switch off.
async fn write(
    connection: &mut PgConnection,
    ctx: &Ctx,
    owner: &OwnerRow,
    locale: Locale,
    letter: Letter,
    useful_until: Option<DateTime<Utc>>,
) -> Result<()> {
    let new = NewLetter {
        user_id: Some(owner.id),
        to: &owner.email,
        to_name: &owner.full_name,
        locale: owner.locale.as_deref().and_then(Locale::from_code).unwrap_or(locale),
        letter,
        is_essential: true,
        notification_id: None,
        unsubscribe_url: None,
        useful_until,
    };
    mail::write(connection, ctx, new).await?;
    Ok(())
}

/// Asks a person by letter to confirm their address, in the caller's transaction.
pub async fn ask_to_confirm(connection: &mut PgConnection, ctx: &Ctx, user_id: Uuid) -> Result<()> {
    let Some(owner) = link_queries::lock_owner(connection, user_id).await? else { return Ok(()) };
    if owner.email_confirmed_at.is_some() || !owner.is_active {
        return Ok(());
    }
    let (token, ends) = make_token(connection, ctx, &owner, CONFIRM, CONFIRM_FOR).await?;
    let link = address(ctx, &format!("/account/confirm?token={token}"));
    write(connection, ctx, &owner, ctx.locale(), Letter::ConfirmAddress { name: owner.full_name.clone(), link }, Some(ends)).await
}

/// Asks the signed-in person anew.
pub async fn ask_to_confirm_again(ctx: &Ctx) -> Result<()> {
    let _permit = authz::permit(&ctx.actor, UseOwnAccount)?;
    let user_id = ctx.actor.signed_in()?;
    let wait = ctx.state.limits.take(limits::CONFIRM_ACCOUNT, &user_id.to_string()).await;
    if wait > 0 {
        return Err(ServiceError::field("", Problem::Throttled(wait)));
    }
    let mut tx = ctx.begin().await?;
    ask_to_confirm(&mut tx, ctx, user_id).await?;
    events::record(&mut tx, ctx, Event::ConfirmationRequested { user_id }).await?;
    Ok(tx.commit().await?)
}

/// Tells the owner of an address, in the caller's transaction, that somebody tried to register it again.
pub async fn tell_of_registration(connection: &mut PgConnection, ctx: &Ctx, email: &str) -> Result<()> {
    let Some(owner) = link_queries::owner_by_email(connection, email).await?.filter(|owner| owner.is_active) else { return Ok(()) };
    let letter = Letter::AddressAlreadyRegistered { name: owner.full_name.clone(), link: address(ctx, "/login") };
    write(connection, ctx, &owner, ctx.locale(), letter, None).await
}

/// What follows from a changed password, in the caller's transaction: links to a new one die, and its owner is told.
pub async fn password_changed(connection: &mut PgConnection, ctx: &Ctx, user_id: Uuid) -> Result<()> {
    link_queries::use_tokens(connection, user_id, RESET, ctx.now()).await?;
    let Some(owner) = link_queries::lock_owner(connection, user_id).await? else { return Ok(()) };
    let letter = Letter::PasswordChanged { name: owner.full_name.clone(), link: address(ctx, "/password/forgot") };
    write(connection, ctx, &owner, ctx.locale(), letter, None).await
}

/// Takes a wish for a new password. Known and unknown addresses get the same answer after the same work; the letter is a job's.
pub async fn request_reset(ctx: &Ctx, email: &str) -> Result<()> {
    let email = rules::email(email).map_err(|problem| ServiceError::field("email", problem))?;
    let wait = ctx.state.limits.take_all(&[(limits::RESET_ACCOUNT, &email), (limits::RESET_ADDRESS, &ctx.address)]).await;
    if wait > 0 {
        return Err(ServiceError::field("", Problem::Throttled(wait)));
    }
    let mut tx = ctx.begin().await?;
    let user_id = link_queries::owner_by_email(&mut tx, &email).await?.map(|owner| owner.id);
    events::record(&mut tx, ctx, Event::PasswordResetRequested { user_id }).await?;
    jobs::enqueue(&mut tx, ctx, &Job::StartPasswordReset { user_id, locale: ctx.locale() }).await?;
    Ok(tx.commit().await?)
}

/// The job of [`request_reset`].
pub async fn start_reset(ctx: &Ctx, user_id: Option<Uuid>, locale: Locale) -> Result<()> {
    let Some(user_id) = user_id else { return Ok(()) };
    let mut tx = ctx.begin().await?;
    let Some(owner) = link_queries::lock_owner(&mut tx, user_id).await?.filter(|owner| owner.is_active) else { return Ok(()) };
    let (token, ends) = make_token(&mut tx, ctx, &owner, RESET, RESET_FOR).await?;
    let link = address(ctx, &format!("/password/reset?token={token}"));
    write(&mut tx, ctx, &owner, locale, Letter::ResetPassword { name: owner.full_name.clone(), link }, Some(ends)).await?;
    Ok(tx.commit().await?)
}

/// Sends the link to a first password, in the caller's transaction: who reads the letter owns the address.
pub async fn invite(connection: &mut PgConnection, ctx: &Ctx, user_id: Uuid) -> Result<()> {
    let Some(owner) = link_queries::lock_owner(connection, user_id).await?.filter(|owner| owner.is_active) else { return Ok(()) };
    let (token, ends) = make_token(connection, ctx, &owner, RESET, CONFIRM_FOR).await?;
    let link = address(ctx, &format!("/password/reset?token={token}"));
    write(connection, ctx, &owner, ctx.locale(), Letter::FirstPassword { name: String::new(), link }, Some(ends)).await
}

/// Whether a link to a new password still serves.
pub async fn is_reset_link_good(ctx: &Ctx, token: &str) -> Result<bool> {
    throttle_link(ctx).await?;
    Ok(link_queries::owner_of_token(&mut *ctx.connection().await?, RESET, &digest(token), ctx.now()).await?.is_some())
}

async fn throttle_link(ctx: &Ctx) -> Result<()> {
    match ctx.state.limits.take(limits::TRY_LINK, &ctx.address).await {
        0 => Ok(()),
        wait => Err(ServiceError::TooManyRequests(wait)),
    }
}

fn dead_link() -> ServiceError {
    ServiceError::field("", Problem::DeadLink)
}

/// Sets a new password by a link: all sessions end, all other such links die, and the address counts as confirmed, for its owner
/// read the letter.
pub async fn reset_password(ctx: &Ctx, token: &str, password: &str) -> Result<()> {
    throttle_link(ctx).await?;
    let sha256 = digest(token);
    let mut connection = ctx.connection().await?;
    let user_id = link_queries::owner_of_token(&mut connection, RESET, &sha256, ctx.now()).await?.ok_or_else(dead_link)?;
    let row = queries::account_by_id(&mut connection, user_id).await?;
    drop(connection);
    passwords::strength(password, &[&row.full_name, &row.email, &ctx.viewer.school.name])
        .map_err(|problem| ServiceError::field("password", problem))?;
    let hash = passwords::hash(&ctx.state, password).await?;
    let mut tx = ctx.begin().await?;
    // Under the person's lock, for the link may have been used while the password was being hashed.
    link_queries::lock_owner(&mut tx, user_id).await?.ok_or_else(dead_link)?;
    link_queries::owner_of_token(&mut tx, RESET, &sha256, ctx.now()).await?.ok_or_else(dead_link)?;
    queries::update_password(&mut tx, user_id, &hash, ctx.now()).await?;
    if link_queries::confirm_email(&mut tx, user_id, ctx.now()).await? {
        events::record(&mut tx, ctx, Event::AddressConfirmed { user_id }).await?;
    }
    events::record(&mut tx, ctx, Event::PasswordReset { user_id }).await?;
    sessions::end_all(&mut tx, ctx, user_id, None, "password_reset").await?;
    password_changed(&mut tx, ctx, user_id).await?;
    Ok(tx.commit().await?)
}

/// Confirms an address by a link.
pub async fn confirm_address(ctx: &Ctx, token: &str) -> Result<()> {
    throttle_link(ctx).await?;
    let sha256 = digest(token);
    let mut tx = ctx.begin().await?;
    let user_id = link_queries::owner_of_token(&mut tx, CONFIRM, &sha256, ctx.now()).await?.ok_or_else(dead_link)?;
    link_queries::lock_owner(&mut tx, user_id).await?.ok_or_else(dead_link)?;
    link_queries::owner_of_token(&mut tx, CONFIRM, &sha256, ctx.now()).await?.ok_or_else(dead_link)?;
    link_queries::use_tokens(&mut tx, user_id, CONFIRM, ctx.now()).await?;
    if link_queries::confirm_email(&mut tx, user_id, ctx.now()).await? {
        events::record(&mut tx, ctx, Event::AddressConfirmed { user_id }).await?;
    }
    Ok(tx.commit().await?)
}

/// Deletes links that died long ago.
pub async fn purge(connection: &mut PgConnection, now: DateTime<Utc>) -> Result<()> {
    Ok(link_queries::delete_old_tokens(connection, now - KEPT).await?)
}
