//! SQL about what leaves the application.

use super::queries::NotificationRow;
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

type Result<T> = std::result::Result<T, sqlx::Error>;

pub(super) async fn insert_delivery(connection: &mut PgConnection, notification_id: Uuid, channel: &str, state: &str) -> Result<()> {
    sqlx::query!("insert into notification_deliveries (notification_id, channel, state) values ($1, $2, $3)", notification_id, channel, state)
        .execute(connection)
        .await?;
    Ok(())
}

/// Locks a delivery that still waits; `None` when it was done.
pub(super) async fn lock_waiting_delivery(connection: &mut PgConnection, notification_id: Uuid, channel: &str) -> Result<Option<Uuid>> {
    sqlx::query_scalar!(
        "select notification_id from notification_deliveries where notification_id = $1 and channel = $2 and state = 'waiting' for update",
        notification_id,
        channel
    )
    .fetch_optional(connection)
    .await
}

/// What became of deliveries.
pub(super) struct End<'a> {
    pub channel: &'a str,
    pub state: &'a str,
    /// Why it was refused or given up.
    pub reason: &'a str,
    pub now: DateTime<Utc>,
}

/// Ends deliveries that have no end yet, or were given up.
pub(super) async fn end_deliveries(connection: &mut PgConnection, notification_ids: &[Uuid], end: End<'_>) -> Result<()> {
    sqlx::query!(
        "update notification_deliveries set state = $3, reason = $4, done_at = $5
         where notification_id = any($1) and channel = $2 and state in ('waiting', 'digest', 'sending', 'failed')",
        notification_ids,
        end.channel,
        end.state,
        end.reason,
        end.now
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Whether one of these is still to be sent: it has not left, and nobody has read it meanwhile.
pub(super) async fn is_any_unsent(connection: &mut PgConnection, notification_ids: &[Uuid], channel: &str) -> Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from notification_deliveries d join notifications n on n.id = d.notification_id
                          where d.notification_id = any($1) and d.channel = $2 and d.state in ('sending', 'failed') and n.read_at is null)
           as "is_any!""#,
        notification_ids,
        channel
    )
    .fetch_one(connection)
    .await
}

/// People for whom a channel gathers news, with the day when it last went out.
pub(super) struct DigestRow {
    pub user_id: Uuid,
    pub channel: String,
    pub sent_on: Option<NaiveDate>,
}

pub(super) async fn digest_readers(connection: &mut PgConnection) -> Result<Vec<DigestRow>> {
    sqlx::query_as!(
        DigestRow,
        r#"select distinct n.user_id, d.channel, g.sent_on as "sent_on?"
           from notification_deliveries d join notifications n on n.id = d.notification_id
           left join notification_digests g on g.user_id = n.user_id and g.channel = d.channel
           where d.state = 'digest'"#
    )
    .fetch_all(connection)
    .await
}

/// Locks the news that a channel gathered for a person, the oldest first. Read or not decides the caller.
pub(super) async fn lock_digest(connection: &mut PgConnection, user_id: Uuid, channel: &str) -> Result<Vec<NotificationRow>> {
    sqlx::query_as!(
        NotificationRow,
        "select n.id, n.user_id, n.payload, n.created_at, n.read_at
         from notification_deliveries d join notifications n on n.id = d.notification_id
         where d.state = 'digest' and d.channel = $2 and n.user_id = $1 order by n.created_at, n.id for update of d",
        user_id,
        channel
    )
    .fetch_all(connection)
    .await
}

pub(super) async fn upsert_digest(connection: &mut PgConnection, user_id: Uuid, channel: &str, day: NaiveDate) -> Result<()> {
    sqlx::query!(
        "insert into notification_digests (user_id, channel, sent_on) values ($1, $2, $3)
         on conflict on constraint notification_digests_pkey do update set sent_on = excluded.sent_on",
        user_id,
        channel,
        day
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) struct UndeliveredRow {
    pub user_id: Uuid,
    pub state: String,
    pub reason: String,
    pub at: DateTime<Utc>,
}

/// The latest that was refused or given up.
pub(super) async fn list_undelivered(connection: &mut PgConnection, limit: i64) -> Result<Vec<UndeliveredRow>> {
    sqlx::query_as!(
        UndeliveredRow,
        r#"select n.user_id, d.state, d.reason, d.done_at as "at!"
           from notification_deliveries d join notifications n on n.id = d.notification_id
           where d.state in ('refused', 'failed') and d.done_at is not null order by d.done_at desc, d.notification_id limit $1"#,
        limit
    )
    .fetch_all(connection)
    .await
}
