//! SQL about invoices.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

type Result<T> = std::result::Result<T, sqlx::Error>;

/// Keeps what an invoice says; returns its number.
pub(super) async fn insert_invoice(connection: &mut PgConnection, order_id: Uuid, content: &serde_json::Value, now: DateTime<Utc>) -> Result<i64> {
    sqlx::query_scalar!("insert into invoices (order_id, issued_at, content) values ($1, $2, $3) returning number", order_id, now, content)
        .fetch_one(connection)
        .await
}

pub(super) struct InvoiceRow {
    pub number: i64,
    pub issued_at: DateTime<Utc>,
    pub content: serde_json::Value,
}

pub(super) async fn invoice(connection: &mut PgConnection, order_id: Uuid) -> Result<Option<InvoiceRow>> {
    sqlx::query_as!(InvoiceRow, "select number, issued_at, content from invoices where order_id = $1", order_id).fetch_optional(connection).await
}
