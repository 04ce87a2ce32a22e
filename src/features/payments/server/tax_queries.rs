//! SQL about the school's taxes.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

type Result<T> = std::result::Result<T, sqlx::Error>;

pub(super) struct TaxRow {
    pub vat: String,
    pub tax_system: Option<String>,
    pub with_receipts: bool,
    pub valid_from: DateTime<Utc>,
}

/// What was set, the latest first; or only what holds at a moment.
pub(super) async fn taxes(connection: &mut PgConnection, at: Option<DateTime<Utc>>, limit: i64) -> Result<Vec<TaxRow>> {
    sqlx::query_as!(
        TaxRow,
        "select vat, tax_system, with_receipts, valid_from from tax_settings
         where $1::timestamptz is null or valid_from <= $1 order by valid_from desc, created_at desc, id desc limit $2",
        at,
        limit
    )
    .fetch_all(connection)
    .await
}

pub(super) struct NewTax<'a> {
    pub id: Uuid,
    pub vat: &'a str,
    pub tax_system: Option<&'a str>,
    pub with_receipts: bool,
    pub valid_from: DateTime<Utc>,
    pub created_by: Option<Uuid>,
    pub now: DateTime<Utc>,
}

pub(super) async fn insert_tax(connection: &mut PgConnection, row: NewTax<'_>) -> Result<()> {
    sqlx::query!(
        "insert into tax_settings (id, vat, tax_system, with_receipts, valid_from, created_by, created_at) values ($1, $2, $3, $4, $5, $6, $7)",
        row.id,
        row.vat,
        row.tax_system,
        row.with_receipts,
        row.valid_from,
        row.created_by,
        row.now
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) struct CourseTaxRow {
    pub id: Uuid,
    pub title: String,
    pub vat: Option<String>,
}

pub(super) async fn course_taxes(connection: &mut PgConnection) -> Result<Vec<CourseTaxRow>> {
    sqlx::query_as!(CourseTaxRow, "select id, title, vat from courses where status <> 'archived' order by position, id").fetch_all(connection).await
}

/// Sets a course's own rate; `false` when it has it already, or is none.
pub(super) async fn update_course_tax(connection: &mut PgConnection, id: Uuid, vat: Option<&str>) -> Result<bool> {
    let done = sqlx::query!("update courses set vat = $2 where id = $1 and vat is distinct from $2", id, vat).execute(connection).await?;
    Ok(done.rows_affected() == 1)
}
