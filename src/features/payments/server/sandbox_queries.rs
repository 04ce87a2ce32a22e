//! SQL of the sandbox's own side: what a real provider would keep at its place.

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgPool};

type Result<T> = std::result::Result<T, sqlx::Error>;

pub(super) struct SandboxRow {
    pub id: String,
    pub number: String,
    pub amount_minor: i64,
    pub currency: String,
    pub description: String,
    pub return_url: String,
    pub state: String,
    pub effective_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
    pub refunded: i64,
}

pub(super) struct NewSandbox<'a> {
    pub id: &'a str,
    pub key: &'a str,
    pub number: &'a str,
    pub amount_minor: i64,
    pub currency: &'a str,
    pub description: &'a str,
    pub return_url: &'a str,
    pub fail_url: &'a str,
    pub now: DateTime<Utc>,
}

/// Makes a payment, or finds the one of the same key.
pub(super) async fn create(pool: &PgPool, row: NewSandbox<'_>) -> Result<String> {
    sqlx::query_scalar!(
        "insert into sandbox_payments (id, key, number, amount_minor, currency, description, return_url, fail_url, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (key) do update set key = excluded.key returning id",
        row.id,
        row.key,
        row.number,
        row.amount_minor,
        row.currency,
        row.description,
        row.return_url,
        row.fail_url,
        row.now
    )
    .fetch_one(pool)
    .await
}

/// A payment by its number or its id.
pub(super) async fn find(pool: &PgPool, number: &str, id: Option<&str>) -> Result<Option<SandboxRow>> {
    sqlx::query_as!(
        SandboxRow,
        r#"select id, number, amount_minor, currency as "currency!", description, return_url, state, effective_at, created_at,
                  coalesce((select sum(r.amount_minor) from sandbox_refunds r where r.payment_id = p.id), 0)::bigint as "refunded!"
           from sandbox_payments p where number = $1 or id = $2"#,
        number,
        id
    )
    .fetch_optional(pool)
    .await
}

/// The payments made between two moments, some at a time.
pub(super) async fn between(pool: &PgPool, from: DateTime<Utc>, until: DateTime<Utc>, offset: i64, limit: i64) -> Result<Vec<SandboxRow>> {
    sqlx::query_as!(
        SandboxRow,
        r#"select id, number, amount_minor, currency as "currency!", description, return_url, state, effective_at, created_at,
                  coalesce((select sum(r.amount_minor) from sandbox_refunds r where r.payment_id = p.id), 0)::bigint as "refunded!"
           from sandbox_payments p where created_at >= $1 and created_at < $2 order by created_at, id offset $3 limit $4"#,
        from,
        until,
        offset,
        limit
    )
    .fetch_all(pool)
    .await
}

/// The payer decides, once.
pub(super) async fn decide(connection: &mut PgConnection, id: &str, state: &str, effective_at: DateTime<Utc>) -> Result<bool> {
    let done = sqlx::query!("update sandbox_payments set state = $2, effective_at = $3 where id = $1 and state = 'pending'", id, state, effective_at)
        .execute(connection)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Gives money back once per key; `None` when there is not so much.
pub(super) async fn refund(pool: &PgPool, id: &str, key: &str, payment_id: &str, amount_minor: i64) -> Result<Option<String>> {
    let mut tx = pool.begin().await?;
    let known = sqlx::query_scalar!("select id from sandbox_refunds where key = $1", key).fetch_optional(&mut *tx).await?;
    if known.is_some() {
        return Ok(known);
    }
    let amount = sqlx::query_scalar!("select amount_minor from sandbox_payments where id = $1 and state = 'succeeded' for update", payment_id)
        .fetch_optional(&mut *tx)
        .await?;
    let refunded =
        sqlx::query_scalar!(r#"select coalesce(sum(amount_minor), 0)::bigint as "sum!" from sandbox_refunds where payment_id = $1"#, payment_id)
            .fetch_one(&mut *tx)
            .await?;
    if amount.is_none_or(|amount| refunded + amount_minor > amount) {
        return Ok(None);
    }
    sqlx::query!("insert into sandbox_refunds (id, key, payment_id, amount_minor) values ($1, $2, $3, $4)", id, key, payment_id, amount_minor)
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    Ok(Some(id.to_owned()))
}
