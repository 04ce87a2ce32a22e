//! SQL about chats of Telegram and the bot's updates.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

type Result<T> = std::result::Result<T, sqlx::Error>;

/// Gives a person a code; one that they had is worth nothing any more.
pub(super) async fn upsert_code(connection: &mut PgConnection, user_id: Uuid, sha256: &[u8], expires_at: DateTime<Utc>) -> Result<()> {
    sqlx::query!(
        "insert into telegram_codes (user_id, sha256, expires_at) values ($1, $2, $3)
         on conflict on constraint telegram_codes_pkey do update set sha256 = excluded.sha256, expires_at = excluded.expires_at",
        user_id,
        sha256,
        expires_at
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Uses a code up; gives its person if it still served.
pub(super) async fn use_code(connection: &mut PgConnection, sha256: &[u8], now: DateTime<Utc>) -> Result<Option<Uuid>> {
    let row = sqlx::query!("delete from telegram_codes where sha256 = $1 returning user_id, expires_at", sha256).fetch_optional(connection).await?;
    Ok(row.filter(|row| row.expires_at > now).map(|row| row.user_id))
}

pub(super) async fn delete_old_codes(connection: &mut PgConnection, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!("delete from telegram_codes where expires_at <= $1", now).execute(connection).await?;
    Ok(())
}

pub(super) struct LinkRow {
    pub chat_id: Option<i64>,
    pub since: DateTime<Utc>,
}

/// The chat of a person; one with no id blocked the bot.
pub(super) async fn link_of(connection: &mut PgConnection, user_id: Uuid) -> Result<Option<LinkRow>> {
    sqlx::query_as!(LinkRow, "select chat_id, since from telegram_links where user_id = $1", user_id).fetch_optional(connection).await
}

/// Locks the link of a chat; gives its person.
pub(super) async fn lock_owner_of_chat(connection: &mut PgConnection, chat_id: i64) -> Result<Option<Uuid>> {
    sqlx::query_scalar!("select user_id from telegram_links where chat_id = $1 for update", chat_id).fetch_optional(connection).await
}

/// Links a chat with a person, in place of the one that they had.
pub(super) async fn upsert_link(connection: &mut PgConnection, user_id: Uuid, chat_id: i64, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!(
        "insert into telegram_links (user_id, chat_id, state, since) values ($1, $2, 'linked', $3)
         on conflict on constraint telegram_links_pkey do update set chat_id = excluded.chat_id, state = excluded.state, since = excluded.since",
        user_id,
        chat_id,
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Takes a person's link away; gives it as it was.
pub(super) async fn delete_link(connection: &mut PgConnection, user_id: Uuid) -> Result<Option<LinkRow>> {
    sqlx::query_as!(LinkRow, "delete from telegram_links where user_id = $1 returning chat_id, since", user_id).fetch_optional(connection).await
}

/// Notes that a chat is closed to the bot; gives its person.
pub(super) async fn block_chat(connection: &mut PgConnection, chat_id: i64, now: DateTime<Utc>) -> Result<Option<Uuid>> {
    sqlx::query_scalar!("update telegram_links set state = 'blocked', chat_id = null, since = $2 where chat_id = $1 returning user_id", chat_id, now)
        .fetch_optional(connection)
        .await
}

/// How far a bot's updates are handled.
pub(super) struct BotRow {
    pub next_update_id: i64,
    /// When the last one was.
    pub updated_at: Option<DateTime<Utc>>,
}

/// A server's wish to ask for a bot's updates.
pub(super) struct Lease {
    pub bot_id: i64,
    pub owner_id: Uuid,
    pub until: DateTime<Utc>,
    pub now: DateTime<Utc>,
}

/// Makes a server the one that asks, unless another one is; gives where to go on.
pub(super) async fn lease_bot(connection: &mut PgConnection, lease: Lease) -> Result<Option<BotRow>> {
    sqlx::query_as!(
        BotRow,
        "insert into telegram_bots as b (bot_id, owner_id, owned_until) values ($1, $2, $3)
         on conflict on constraint telegram_bots_pkey do update set owner_id = excluded.owner_id, owned_until = excluded.owned_until
         where b.owner_id = excluded.owner_id or b.owned_until <= $4
         returning next_update_id, updated_at",
        lease.bot_id,
        lease.owner_id,
        lease.until,
        lease.now
    )
    .fetch_optional(connection)
    .await
}

/// Lets another server ask at once.
pub(super) async fn release_bot(connection: &mut PgConnection, bot_id: i64, owner_id: Uuid, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!("update telegram_bots set owned_until = $3 where bot_id = $1 and owner_id = $2", bot_id, owner_id, now).execute(connection).await?;
    Ok(())
}

pub(super) async fn lock_bot(connection: &mut PgConnection, bot_id: i64) -> Result<BotRow> {
    sqlx::query_as!(BotRow, "select next_update_id, updated_at from telegram_bots where bot_id = $1 for update", bot_id).fetch_one(connection).await
}

pub(super) async fn advance_bot(connection: &mut PgConnection, bot_id: i64, next_update_id: i64, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!("update telegram_bots set next_update_id = $2, updated_at = $3 where bot_id = $1", bot_id, next_update_id, now)
        .execute(connection)
        .await?;
    Ok(())
}
