//! SQL about refunds.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

type Result<T> = std::result::Result<T, sqlx::Error>;

pub(super) struct RefundRow {
    pub id: Uuid,
    pub payment_id: Uuid,
    pub amount_minor: i64,
    pub state: String,
    pub idempotency_key: String,
    pub provider_refund_id: Option<String>,
    pub first_sent_at: Option<DateTime<Utc>>,
    pub last_error: String,
    pub reason: String,
    pub closes_access: bool,
    pub asked_by: Option<Uuid>,
    pub created_at: DateTime<Utc>,
}

/// The refunds of a payment, or one by its id; the oldest first.
pub(super) async fn refunds(connection: &mut PgConnection, payment_id: Option<Uuid>, id: Option<Uuid>) -> Result<Vec<RefundRow>> {
    sqlx::query_as!(
        RefundRow,
        "select id, payment_id, amount_minor, state, idempotency_key, provider_refund_id, first_sent_at, last_error, reason, closes_access, asked_by, created_at
         from refunds where payment_id = $1 or id = $2 order by created_at, id",
        payment_id,
        id
    )
    .fetch_all(connection)
    .await
}

pub(super) async fn insert_refund(connection: &mut PgConnection, row: &RefundRow) -> Result<()> {
    sqlx::query!(
        "insert into refunds (id, payment_id, amount_minor, state, idempotency_key, provider_refund_id, reason, closes_access, asked_by, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)",
        row.id,
        row.payment_id,
        row.amount_minor,
        row.state,
        row.idempotency_key,
        row.provider_refund_id,
        row.reason,
        row.closes_access,
        row.asked_by,
        row.created_at
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Takes the right to call about a refund until a moment, unless somebody has it or the refund is over. Returns whether it is sent for
/// the first time.
pub(super) async fn claim_refund(connection: &mut PgConnection, id: Uuid, now: DateTime<Utc>, until: DateTime<Utc>) -> Result<Option<bool>> {
    sqlx::query_scalar!(
        r#"update refunds set calling_until = $3, first_sent_at = coalesce(first_sent_at, $2)
           where id = $1 and state in ('created', 'pending') and (calling_until is null or calling_until <= $2)
           returning first_sent_at = $2 as "is_first!""#,
        id,
        now,
        until
    )
    .fetch_optional(connection)
    .await
}

/// The outcome of a call is not known: somebody may call again. What never reached the provider counts as not sent.
pub(super) async fn release_refund(connection: &mut PgConnection, id: Uuid, error: &str, is_unsent: bool, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!(
        "update refunds set calling_until = null, last_error = $2, updated_at = $4, first_sent_at = case when $3 then null else first_sent_at end
         where id = $1",
        id,
        error,
        is_unsent,
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Ends a refund that hangs, unless its provider is being called. Returns whether it did.
pub(super) async fn decide_refund(connection: &mut PgConnection, id: Uuid, state: &str, now: DateTime<Utc>) -> Result<bool> {
    let done = sqlx::query!(
        "update refunds set state = $2, calling_until = null, updated_at = $3
         where id = $1 and state in ('created', 'pending') and (calling_until is null or calling_until <= $3)",
        id,
        state,
        now
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Settles the task of a refund that hangs; returns its id if it was open.
pub(super) async fn settle_stuck(connection: &mut PgConnection, about: &str, by: Option<Uuid>, now: DateTime<Utc>) -> Result<Option<Uuid>> {
    sqlx::query_scalar!(
        "update payment_tasks set settled_at = $3, settled_by = $2 where kind = 'refund_stuck' and about = $1 and settled_at is null returning id",
        about,
        by,
        now
    )
    .fetch_optional(connection)
    .await
}

pub(super) async fn update_refund(
    connection: &mut PgConnection,
    id: Uuid,
    state: &str,
    provider_refund_id: Option<&str>,
    error: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query!(
        "update refunds set state = $2, provider_refund_id = coalesce($3, provider_refund_id), last_error = $4, calling_until = null, updated_at = $5
         where id = $1",
        id,
        state,
        provider_refund_id,
        error,
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn refunds_to_check(connection: &mut PgConnection, before: DateTime<Utc>, limit: i64) -> Result<Vec<Uuid>> {
    sqlx::query_scalar!(
        "select id from refunds where state in ('created', 'pending') and updated_at < $1 order by updated_at limit $2",
        before,
        limit
    )
    .fetch_all(connection)
    .await
}
