//! A learner's dates for their calendar program: a secret address, and what stands under it (RFC 5545).

use super::queries;
use crate::features::accounts::server::readers;
use crate::features::assignments::server::view as works;
use crate::features::quizzes::server::service as tests;
use crate::server::authz::{self, UseOwnAccount};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::server::events::{self, Event};
use crate::server::state::AppState;
use crate::shared::href;
use crate::shared::i18n::calendar as texts;
use anyhow::anyhow;
use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit as _, Mac as _};
use icalendar::{Calendar, Component as _, Event as Entry, EventLike as _};
use sha2::Sha256;
use sqlx::PgConnection;
use uuid::Uuid;

/// Bytes of a signature that stand in an address.
const SIGNATURE: usize = 16;

fn signature(state: &AppState, id: Uuid) -> Result<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(&state.secret).map_err(|error| anyhow!("the secret is no key: {error}"))?;
    mac.update(b"lectern calendar feed\0");
    mac.update(id.as_bytes());
    Ok(mac)
}

/// What stands in the address of a feed: its id and its signature.
fn token(state: &AppState, id: Uuid) -> Result<String> {
    let signed = signature(state, id)?.finalize().into_bytes();
    Ok(format!("{}{}", id.simple(), hex::encode(signed.get(..SIGNATURE).unwrap_or_default())))
}

/// The feed's id, if the signature is ours.
fn read_token(state: &AppState, token: &str) -> Option<Uuid> {
    let (id, signed) = token.split_at_checked(32)?;
    let (id, signed) = (Uuid::try_parse(id).ok()?, hex::decode(signed).ok()?);
    let is_ours = signed.len() == SIGNATURE && signature(state, id).ok()?.verify_truncated_left(&signed).is_ok();
    is_ours.then_some(id)
}

/// The address of one's own feed, if there is one.
pub async fn address(connection: &mut PgConnection, ctx: &Ctx, user_id: Uuid) -> Result<Option<String>> {
    let Some(id) = queries::feed_of(connection, user_id).await? else { return Ok(None) };
    Ok(Some(format!("{}/calendar/{}.ics", ctx.state.config.base_url, token(&ctx.state, id)?)))
}

/// Makes one's own feed, or gives it another address: the old one leads nowhere from now on.
pub async fn make(ctx: &Ctx) -> Result<()> {
    let _permit = authz::permit(&ctx.actor, UseOwnAccount)?;
    let user_id = ctx.actor.signed_in()?;
    let mut tx = ctx.begin().await?;
    queries::set_feed(&mut tx, user_id, ctx.new_id(), ctx.now()).await?;
    events::record(&mut tx, ctx, Event::CalendarFeed { user_id, is_on: true }).await?;
    Ok(tx.commit().await?)
}

/// Takes it away.
pub async fn remove(ctx: &Ctx) -> Result<()> {
    let _permit = authz::permit(&ctx.actor, UseOwnAccount)?;
    let user_id = ctx.actor.signed_in()?;
    let mut tx = ctx.begin().await?;
    if queries::delete_feed(&mut tx, user_id).await? {
        events::record(&mut tx, ctx, Event::CalendarFeed { user_id, is_on: false }).await?;
    }
    Ok(tx.commit().await?)
}

/// A date as a calendar shows it: an entry of no length, named, with the way to its page.
fn entry(ctx: &Ctx, uid: String, at: DateTime<Utc>, (name, course): (String, &str), path: &str) -> Entry {
    let host = ctx.state.config.base_url.split("//").nth(1).unwrap_or("lectern");
    let address = format!("{}{path}", ctx.state.config.base_url);
    Entry::new()
        .uid(&format!("{uid}@{host}"))
        .timestamp(ctx.now())
        .starts(at)
        .ends(at)
        .summary(&name)
        .description(&format!("{course}\n{address}"))
        .url(&address)
        .done()
}

/// The dates of who made an address. To everybody else it is not there.
pub async fn text(ctx: &Ctx, token: &str) -> Result<String> {
    let id = read_token(&ctx.state, token).ok_or(ServiceError::NotFound)?;
    let mut connection = ctx.connection().await?;
    let user_id = queries::feed_owner(&mut connection, id).await?.ok_or(ServiceError::NotFound)?;
    let reader = readers::reader(&mut connection, user_id).await?.ok_or(ServiceError::NotFound)?;
    let locale = reader.locale;
    let mut calendar = Calendar::new();
    calendar.name(texts::feed_name(locale));
    for work in works::dates(&mut connection, user_id).await? {
        let name = if work.is_answer { texts::date_of_answer(locale, &work.title) } else { texts::date_of_hand_in(locale, &work.title) };
        calendar.push(entry(ctx, format!("work-{}", work.assignment_id), work.at, (name, &work.course_title), &href::assignment(work.assignment_id)));
    }
    for attempt in tests::dates_of_answers(&mut connection, user_id).await? {
        let name = texts::date_of_answer(locale, &attempt.title);
        calendar.push(entry(ctx, format!("attempt-{}", attempt.id), attempt.at, (name, &attempt.course_title), &href::attempt(attempt.id)));
    }
    for test in tests::closing_dates(&mut connection, user_id, ctx.now()).await? {
        let name = texts::date_of_closing(locale, &test.title);
        calendar.push(entry(ctx, format!("test-{}", test.id), test.at, (name, &test.course_title), &href::test(test.id)));
    }
    Ok(calendar.to_string())
}
