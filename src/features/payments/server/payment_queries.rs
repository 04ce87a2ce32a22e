//! SQL about payments.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

type Result<T> = std::result::Result<T, sqlx::Error>;

#[derive(Clone)]
pub(super) struct PaymentRow {
    pub id: Uuid,
    pub order_id: Uuid,
    pub provider: String,
    pub provider_payment_id: Option<String>,
    pub provider_operation_id: Option<String>,
    pub idempotency_key: String,
    pub state: String,
    pub amount_minor: i64,
    pub currency: String,
    pub redirect_url: Option<String>,
    pub first_sent_at: Option<DateTime<Utc>>,
    pub checked_at: Option<DateTime<Utc>>,
    pub last_error: String,
    pub note: String,
    pub state_before_dispute: Option<String>,
    pub description: String,
    pub payer_email: String,
    pub receipt: Option<serde_json::Value>,
    pub receipt_state: Option<String>,
    pub created_at: DateTime<Utc>,
}

/// Payments by their id or their order.
async fn find(connection: &mut PgConnection, id: Option<Uuid>, order_id: Option<Uuid>) -> Result<Vec<PaymentRow>> {
    sqlx::query_as!(
        PaymentRow,
        r#"select id, order_id, provider, provider_payment_id, provider_operation_id, idempotency_key, state, amount_minor, currency as "currency!",
                  redirect_url, first_sent_at, checked_at, last_error, note, state_before_dispute, description, payer_email, receipt,
                  receipt_state, created_at
           from payments where id = $1 or order_id = $2 order by created_at, id"#,
        id,
        order_id
    )
    .fetch_all(connection)
    .await
}

pub(super) async fn payment(connection: &mut PgConnection, id: Uuid) -> Result<Option<PaymentRow>> {
    Ok(find(connection, Some(id), None).await?.pop())
}

/// An order's payments, the oldest first. Under the order's lock they stand still.
pub(super) async fn payments_of(connection: &mut PgConnection, order_id: Uuid) -> Result<Vec<PaymentRow>> {
    find(connection, None, Some(order_id)).await
}

/// The payment that a provider means: by our number, else by its own ids.
pub(super) async fn find_payment(
    connection: &mut PgConnection,
    provider: &str,
    number: Option<Uuid>,
    provider_id: Option<&str>,
    operation_id: Option<&str>,
    refund_id: Option<&str>,
) -> Result<Option<Uuid>> {
    sqlx::query_scalar!(
        // Each by its index: with `or` all payments would be read.
        r#"select f.id as "id!" from (
               select id, 0 as place from payments where provider = $1 and id = $2
               union all
               select id, 1 from payments where provider = $1 and provider_payment_id = $3
               union all
               select id, 2 from payments where provider = $1 and provider_operation_id = $4
               union all
               select p.id, 3 from refunds r join payments p on p.id = r.payment_id where p.provider = $1 and r.provider_refund_id = $5
           ) f order by f.place limit 1"#,
        provider,
        number,
        provider_id,
        operation_id,
        refund_id
    )
    .fetch_optional(connection)
    .await
}

pub(super) struct NewPaymentRow<'a> {
    pub id: Uuid,
    pub order_id: Uuid,
    pub user_id: Uuid,
    pub provider: &'a str,
    pub key: &'a str,
    pub state: &'a str,
    pub amount_minor: i64,
    pub currency: &'a str,
    pub note: &'a str,
    pub description: &'a str,
    pub payer_email: &'a str,
    pub receipt: Option<&'a serde_json::Value>,
    pub now: DateTime<Utc>,
}

pub(super) async fn insert_payment(connection: &mut PgConnection, row: NewPaymentRow<'_>) -> Result<()> {
    sqlx::query!(
        "insert into payments (id, order_id, user_id, provider, idempotency_key, state, amount_minor, currency, note, created_at, updated_at,
             description, payer_email, receipt)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10, $11, $12, $13)",
        row.id,
        row.order_id,
        row.user_id,
        row.provider,
        row.key,
        row.state,
        row.amount_minor,
        row.currency,
        row.note,
        row.now,
        row.description,
        row.payer_email,
        row.receipt
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// How often a payment was tried to be made before.
pub(super) struct Claim {
    /// Its key may be known to the provider.
    pub was_sent: bool,
    pub was_tried: bool,
}

/// Takes the right to make a payment at its provider until a moment, unless somebody has it or it is made. In the caller's transaction.
pub(super) async fn claim_opening(connection: &mut PgConnection, id: Uuid, now: DateTime<Utc>, until: DateTime<Utc>) -> Result<Option<Claim>> {
    let claim = sqlx::query_as!(
        Claim,
        r#"select first_sent_at is not null as "was_sent!", checked_at is not null as "was_tried!" from payments where id = $1
           for no key update"#,
        id
    )
    .fetch_optional(&mut *connection)
    .await?;
    let done = sqlx::query!(
        "update payments set calling_until = $3, first_sent_at = coalesce(first_sent_at, $2), checked_at = $2, checks = checks + 1
         where id = $1 and state = 'created' and provider_payment_id is null and (calling_until is null or calling_until <= $2)",
        id,
        now,
        until
    )
    .execute(connection)
    .await?;
    Ok(claim.filter(|_| done.rows_affected() == 1))
}

/// The outcome of a call is not known: somebody may call again.
pub(super) async fn release_opening(connection: &mut PgConnection, id: Uuid, error: &str) -> Result<()> {
    sqlx::query!("update payments set calling_until = null, last_error = $2 where id = $1", id, error).execute(connection).await?;
    Ok(())
}

/// The only call there was did nothing: the provider knows nothing of the payment, nor of its key.
pub(super) async fn forget_sending(connection: &mut PgConnection, id: Uuid) -> Result<()> {
    sqlx::query!("update payments set first_sent_at = null where id = $1", id).execute(connection).await?;
    Ok(())
}

pub(super) struct Learned<'a> {
    pub id: Uuid,
    pub provider_id: Option<&'a str>,
    pub operation_id: Option<&'a str>,
    pub redirect_url: Option<&'a str>,
    pub receipt: Option<&'a str>,
    pub error: &'a str,
    pub is_check: bool,
    pub now: DateTime<Utc>,
}

/// Keeps what a provider told beside the state. Ids that are known stay. What was made just now has not been asked for yet.
pub(super) async fn learn(connection: &mut PgConnection, seen: Learned<'_>) -> Result<()> {
    sqlx::query!(
        "update payments set provider_payment_id = coalesce(provider_payment_id, $2), provider_operation_id = coalesce($3, provider_operation_id),
                redirect_url = coalesce($4, redirect_url), receipt_state = coalesce($5, receipt_state), last_error = $6,
                calling_until = null, checked_at = case when $7 then $8::timestamptz end, checks = case when $7 then checks + 1 else 0 end
         where id = $1",
        seen.id,
        seen.provider_id,
        seen.operation_id,
        seen.redirect_url,
        seen.receipt,
        seen.error,
        seen.is_check,
        seen.now
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn update_state(
    connection: &mut PgConnection,
    id: Uuid,
    state: &str,
    before_dispute: Option<&str>,
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query!("update payments set state = $2, state_before_dispute = $3, updated_at = $4 where id = $1", id, state, before_dispute, now)
        .execute(connection)
        .await?;
    Ok(())
}

/// Payments of a provider that were made or paid between two moments.
pub(super) async fn payments_between(
    connection: &mut PgConnection,
    provider: &str,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<Vec<PaymentRow>> {
    sqlx::query_as!(
        PaymentRow,
        r#"select id, order_id, provider, provider_payment_id, provider_operation_id, idempotency_key, state, amount_minor, currency as "currency!",
                  redirect_url, first_sent_at, checked_at, last_error, note, state_before_dispute, description, payer_email, receipt,
                  receipt_state, created_at
           from payments where provider = $1 and created_at >= $2 and created_at < $3 order by created_at, id limit 10000"#,
        provider,
        from,
        until
    )
    .fetch_all(connection)
    .await
}
