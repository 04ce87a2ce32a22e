//! SQL about access that a refund closed and that is opened again.

use super::grant_queries::SoldRow;
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

type Result<T> = std::result::Result<T, sqlx::Error>;

pub(super) struct ClosedRow {
    pub id: Uuid,
    pub enrollment_id: Uuid,
    pub kind: String,
    pub line_id: Uuid,
    pub offer_id: Uuid,
    pub course_id: Uuid,
    pub access_days: Option<i32>,
    pub access_until: Option<DateTime<Utc>>,
}

impl ClosedRow {
    /// What was sold, for the case that it is given anew.
    pub(super) fn sold(&self) -> SoldRow {
        SoldRow {
            line_id: self.line_id,
            offer_id: self.offer_id,
            course_id: self.course_id,
            access_days: self.access_days,
            access_until: self.access_until,
        }
    }
}

/// What an order had opened and a refund closed, locked.
pub(super) async fn closed_grants(connection: &mut PgConnection, order_id: Uuid) -> Result<Vec<ClosedRow>> {
    sqlx::query_as!(
        ClosedRow,
        "select g.id, g.enrollment_id, g.kind, g.order_line_id as line_id, l.offer_id, g.course_id, o.access_days, o.access_until
         from order_grants g join order_lines l on l.id = g.order_line_id join offers o on o.id = l.offer_id
         where l.order_id = $1 and g.closed_at is not null order by g.id for no key update of g",
        order_id
    )
    .fetch_all(connection)
    .await
}

/// What was closed is open, perhaps by another enrolment than before.
pub(super) async fn reopen_grant(
    connection: &mut PgConnection,
    id: Uuid,
    enrollment_id: Uuid,
    kind: &str,
    ended_before: Option<DateTime<Utc>>,
) -> Result<()> {
    sqlx::query!(
        "update order_grants set enrollment_id = $2, kind = $3, ended_before = $4, closed_at = null where id = $1",
        id,
        enrollment_id,
        kind,
        ended_before
    )
    .execute(connection)
    .await?;
    Ok(())
}
