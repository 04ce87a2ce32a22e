//! SQL about what providers bring: each event once.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

type Result<T> = std::result::Result<T, sqlx::Error>;

pub(super) struct NewCallback<'a> {
    pub id: Uuid,
    pub provider: &'a str,
    pub event_key: &'a str,
    pub event: &'a str,
    pub about: &'a serde_json::Value,
    pub payment_id: Option<Uuid>,
    pub now: DateTime<Utc>,
}

/// Keeps a callback once; returns its id, and whether it is new.
pub(super) async fn keep_callback(connection: &mut PgConnection, callback: NewCallback<'_>) -> Result<(Uuid, bool)> {
    let row = sqlx::query!(
        r#"insert into payment_callbacks (id, provider, event_key, event, about, payment_id, received_at) values ($1, $2, $3, $4, $5, $6, $7)
           on conflict (provider, event_key) do update
               set times = payment_callbacks.times + 1, payment_id = coalesce(excluded.payment_id, payment_callbacks.payment_id)
           returning id, times = 1 as "is_new!""#,
        callback.id,
        callback.provider,
        callback.event_key,
        callback.event,
        callback.about,
        callback.payment_id,
        callback.now
    )
    .fetch_one(connection)
    .await?;
    Ok((row.id, row.is_new))
}

pub(super) struct CallbackRow {
    pub payment_id: Option<Uuid>,
    pub provider: String,
    pub event_key: String,
    pub event: String,
    pub about: serde_json::Value,
}

pub(super) async fn callback(connection: &mut PgConnection, id: Uuid) -> Result<Option<CallbackRow>> {
    sqlx::query_as!(CallbackRow, "select payment_id, provider, event_key, event, about from payment_callbacks where id = $1", id)
        .fetch_optional(connection)
        .await
}

/// Says of a callback which payment it is about, unless that is known.
pub(super) async fn match_callback(connection: &mut PgConnection, id: Uuid, payment_id: Uuid) -> Result<()> {
    sqlx::query!("update payment_callbacks set payment_id = $2 where id = $1 and payment_id is null", id, payment_id).execute(connection).await?;
    Ok(())
}

pub(super) async fn finish_callback(connection: &mut PgConnection, id: Uuid, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!("update payment_callbacks set handled_at = $2 where id = $1", id, now).execute(connection).await?;
    Ok(())
}

/// All that say no more of a payment than that it is to be looked at; also this one.
pub(super) async fn finish_plain_callbacks(connection: &mut PgConnection, id: Uuid, payment_id: Uuid, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!(
        "update payment_callbacks set handled_at = $3
         where id = $1 or (payment_id = $2 and handled_at is null and about->>'operation_id' is null and about->>'refund_id' is null)",
        id,
        payment_id,
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}
