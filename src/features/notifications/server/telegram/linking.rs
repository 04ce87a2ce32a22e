//! Which chat is whose. The page gives a person a code, which they send to the bot from their chat: so it is shown that the chat is
//! theirs. A code serves once, for a quarter of an hour; only a digest of it is kept.

use super::super::telegram_queries::{self as queries, LinkRow};
use super::words::escape;
use crate::features::accounts::server::readers;
use crate::features::notifications::rules::Unlinked;
use crate::server::authz::{self, UseOwnAccount};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::server::events::{self, Event};
use crate::server::jobs::{self, Job};
use crate::server::{limits, one_time};
use crate::shared::error::Problem;
use crate::shared::i18n::{Locale, telegram as texts};
use chrono::{DateTime, Duration, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

const CODE_FOR: Duration = Duration::minutes(15);

/// How a person connects their chat: by a link, or by a command that they send to the bot.
#[derive(Debug)]
pub struct Invitation {
    /// Opens the chat with the bot.
    pub link: String,
    /// The bot's name.
    pub bot: String,
    /// What the link makes Telegram send.
    pub command: String,
}

/// Makes the signed-in person a code. One that they had before serves no more.
pub async fn connect(ctx: &Ctx) -> Result<Invitation> {
    let _permit = authz::permit(&ctx.actor, UseOwnAccount)?;
    let user_id = ctx.actor.signed_in()?;
    let telegram = ctx.state.telegram.as_ref().ok_or(ServiceError::NotFound)?;
    let wait = ctx.state.limits.take(limits::CONNECT_TELEGRAM, &user_id.to_string()).await;
    if wait > 0 {
        return Err(ServiceError::field("", Problem::Throttled(wait)));
    }
    let bot = telegram.username().await.map_err(|failure| {
        tracing::warn!(%failure, "Telegram does not say what the bot is called");
        ServiceError::field("", Problem::TelegramAway)
    })?;
    let code = one_time::code();
    let mut tx = ctx.begin().await?;
    queries::upsert_code(&mut tx, user_id, &one_time::digest(&code), ctx.now() + CODE_FOR).await?;
    events::record(&mut tx, ctx, Event::TelegramLinkRequested { user_id }).await?;
    tx.commit().await?;
    Ok(Invitation { link: format!("https://t.me/{bot}?start={code}"), command: format!("/start {code}"), bot })
}

/// Disconnects the signed-in person's chat, and says so there.
pub async fn disconnect(ctx: &Ctx) -> Result<()> {
    let _permit = authz::permit(&ctx.actor, UseOwnAccount)?;
    let user_id = ctx.actor.signed_in()?;
    if ctx.state.telegram.is_none() {
        return Err(ServiceError::NotFound);
    }
    let mut tx = ctx.begin().await?;
    if let Some(LinkRow { chat_id: Some(chat_id), .. }) = queries::delete_link(&mut tx, user_id).await? {
        events::record(&mut tx, ctx, Event::TelegramUnlinked { user_id, reason: Unlinked::Asked }).await?;
        let locale = locale_of(&mut tx, user_id).await?;
        say(&mut tx, ctx, chat_id, texts::disconnected(locale)).await?;
    }
    Ok(tx.commit().await?)
}

/// A person's chat: whether it takes messages, and since when. `None` where they have none.
pub async fn state(connection: &mut PgConnection, user_id: Uuid) -> Result<Option<(bool, DateTime<Utc>)>> {
    Ok(queries::link_of(connection, user_id).await?.map(|link| (link.chat_id.is_some(), link.since)))
}

/// Whether a person can be told by Telegram.
pub(in super::super) async fn is_linked(connection: &mut PgConnection, ctx: &Ctx, user_id: Uuid) -> Result<bool> {
    Ok(ctx.state.telegram.is_some() && queries::link_of(connection, user_id).await?.is_some_and(|link| link.chat_id.is_some()))
}

/// Links the chat with the person of a code, in the transaction of the update; says what came of it.
pub(super) async fn link(connection: &mut PgConnection, ctx: &Ctx, chat_id: i64, code: &str, locale: Locale) -> Result<()> {
    let found = match queries::use_code(connection, &one_time::digest(code), ctx.now()).await? {
        Some(user_id) => readers::reader(connection, user_id).await?,
        None => None,
    };
    let Some(person) = found else {
        return say(connection, ctx, chat_id, &texts::dead_code(locale, settings(ctx))).await;
    };
    let (user_id, locale) = (person.user_id, person.locale);
    let before = queries::lock_owner_of_chat(connection, chat_id).await?;
    if before == Some(user_id) {
        return say(connection, ctx, chat_id, &texts::already(locale, &person.full_name)).await;
    }
    if let Some(other) = before {
        queries::delete_link(connection, other).await?;
        events::record(connection, ctx, Event::TelegramUnlinked { user_id: other, reason: Unlinked::Moved }).await?;
    }
    let former_chat = queries::link_of(connection, user_id).await?.and_then(|link| link.chat_id);
    queries::upsert_link(connection, user_id, chat_id, ctx.now()).await?;
    events::record(connection, ctx, Event::TelegramLinked { user_id }).await?;
    if let Some(former_chat) = former_chat {
        say(connection, ctx, former_chat, texts::moved_away(locale)).await?;
    }
    let text = match (before, former_chat) {
        (Some(_), _) => texts::connected_in_place_of_account(locale, &person.full_name),
        (None, Some(_)) => texts::connected_in_place_of_chat(locale, &person.full_name),
        (None, None) => texts::connected(locale, &person.full_name),
    };
    say(connection, ctx, chat_id, &text).await
}

/// Uses up a code that others have seen.
pub(super) async fn burn(connection: &mut PgConnection, ctx: &Ctx, code: &str) -> Result<()> {
    queries::use_code(connection, &one_time::digest(code), ctx.now()).await?;
    Ok(())
}

/// Unlinks a chat whose person asks for it there.
pub(super) async fn unlink(connection: &mut PgConnection, ctx: &Ctx, chat_id: i64, locale: Locale) -> Result<()> {
    let Some(user_id) = queries::lock_owner_of_chat(connection, chat_id).await? else {
        return say(connection, ctx, chat_id, &texts::not_connected(locale, settings(ctx))).await;
    };
    queries::delete_link(connection, user_id).await?;
    events::record(connection, ctx, Event::TelegramUnlinked { user_id, reason: Unlinked::Asked }).await?;
    say(connection, ctx, chat_id, texts::disconnected(locale)).await
}

/// Unlinks a chat that is closed to the bot; its person finds that on the page.
pub(super) async fn close(connection: &mut PgConnection, ctx: &Ctx, chat_id: i64) -> Result<()> {
    if let Some(user_id) = queries::block_chat(connection, chat_id, ctx.now()).await? {
        events::record(connection, ctx, Event::TelegramUnlinked { user_id, reason: Unlinked::Blocked }).await?;
    }
    Ok(())
}

/// The language of a chat's person, if it has one.
pub(super) async fn locale_of_chat(connection: &mut PgConnection, chat_id: i64) -> Result<Option<Locale>> {
    match queries::lock_owner_of_chat(connection, chat_id).await? {
        Some(user_id) => Ok(Some(locale_of(connection, user_id).await?)),
        None => Ok(None),
    }
}

async fn locale_of(connection: &mut PgConnection, user_id: Uuid) -> Result<Locale> {
    Ok(readers::reader(connection, user_id).await?.map(|reader| reader.locale).unwrap_or_default())
}

/// Where chats are connected.
pub(super) fn settings(ctx: &Ctx) -> String {
    format!("{}/notifications/settings", ctx.state.config.base_url)
}

/// Enqueues an answer of the bot's.
pub(super) async fn say(connection: &mut PgConnection, ctx: &Ctx, chat_id: i64, text: &str) -> Result<()> {
    jobs::enqueue(connection, ctx, &Job::AnswerInTelegram { chat_id, text: escape(text) }).await
}

/// Deletes codes that nobody used in time.
pub async fn purge(connection: &mut PgConnection, now: DateTime<Utc>) -> Result<()> {
    Ok(queries::delete_old_codes(connection, now).await?)
}
