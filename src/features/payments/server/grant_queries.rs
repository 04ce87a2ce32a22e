//! SQL about what an order opens: what was sold, and the grants of it.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

type Result<T> = std::result::Result<T, sqlx::Error>;

pub(super) struct SoldRow {
    pub line_id: Uuid,
    pub offer_id: Uuid,
    pub course_id: Uuid,
    pub access_days: Option<i32>,
    pub access_until: Option<DateTime<Utc>>,
}

/// The courses that an order sells.
pub(super) async fn sold(connection: &mut PgConnection, order_id: Uuid) -> Result<Vec<SoldRow>> {
    sqlx::query_as!(
        SoldRow,
        "select distinct l.id as line_id, l.offer_id, i.course_id, o.access_days, o.access_until
         from order_lines l join offers o on o.id = l.offer_id join offer_items i on i.offer_id = o.id
         where l.order_id = $1 and i.module_id is null order by l.id, i.course_id",
        order_id
    )
    .fetch_all(connection)
    .await
}

pub(super) struct NewGrant<'a> {
    pub id: Uuid,
    pub line_id: Uuid,
    pub course_id: Uuid,
    pub enrollment_id: Uuid,
    pub kind: &'a str,
    pub ended_before: Option<DateTime<Utc>>,
    pub now: DateTime<Utc>,
}

pub(super) async fn is_granted(connection: &mut PgConnection, line_id: Uuid, course_id: Uuid) -> Result<bool> {
    sqlx::query_scalar!(r#"select exists (select from order_grants where order_line_id = $1 and course_id = $2) as "is!""#, line_id, course_id)
        .fetch_one(connection)
        .await
}

pub(super) async fn insert_grant(connection: &mut PgConnection, grant: NewGrant<'_>) -> Result<()> {
    sqlx::query!(
        "insert into order_grants (id, order_line_id, course_id, enrollment_id, kind, ended_before, granted_at) values ($1, $2, $3, $4, $5, $6, $7)",
        grant.id,
        grant.line_id,
        grant.course_id,
        grant.enrollment_id,
        grant.kind,
        grant.ended_before,
        grant.now
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) struct GrantRow {
    pub id: Uuid,
    pub enrollment_id: Uuid,
    pub kind: String,
    pub ended_before: Option<DateTime<Utc>>,
}

/// What an order opened and nobody closed, locked.
pub(super) async fn open_grants(connection: &mut PgConnection, order_id: Uuid) -> Result<Vec<GrantRow>> {
    sqlx::query_as!(
        GrantRow,
        "select g.id, g.enrollment_id, g.kind, g.ended_before from order_grants g join order_lines l on l.id = g.order_line_id
         where l.order_id = $1 and g.closed_at is null order by g.id for no key update of g",
        order_id
    )
    .fetch_all(connection)
    .await
}

pub(super) async fn close_grant(connection: &mut PgConnection, id: Uuid, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!("update order_grants set closed_at = $2 where id = $1", id, now).execute(connection).await?;
    Ok(())
}
