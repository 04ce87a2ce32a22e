//! SQL about what is noticed around an attempt.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

type Result<T> = std::result::Result<T, sqlx::Error>;

/// Adds a sign to a running attempt, unless it has that many.
pub(super) async fn insert_sign(connection: &mut PgConnection, id: Uuid, attempt_id: Uuid, kind: &str, most: i64, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!(
        "insert into test_attempt_signs (id, attempt_id, kind, noticed_at)
         select $1, a.id, $3, $5 from test_attempts a
         where a.id = $2 and a.state = 'in_progress' and (select count(*) from test_attempt_signs s where s.attempt_id = a.id) < $4",
        id,
        attempt_id,
        kind,
        most,
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Puts the mark of the present address in the place of another one, and adds a sign of it unless there are that many: one statement,
/// whole or not at all.
pub(super) async fn note_address(
    connection: &mut PgConnection,
    id: Uuid,
    attempt_id: Uuid,
    mark: &[u8],
    most: i64,
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query!(
        "with moved as (
             update test_attempts set address_mark = $3 where id = $2 and state = 'in_progress' and address_mark <> $3 returning id
         )
         insert into test_attempt_signs (id, attempt_id, kind, noticed_at)
         select $1, moved.id, 'moved', $5 from moved where (select count(*) from test_attempt_signs s where s.attempt_id = $2) < $4",
        id,
        attempt_id,
        mark,
        most,
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) struct SignRow {
    pub kind: String,
    pub noticed_at: DateTime<Utc>,
}

pub(super) async fn list_signs(connection: &mut PgConnection, attempt_id: Uuid) -> Result<Vec<SignRow>> {
    sqlx::query_as!(SignRow, "select kind, noticed_at from test_attempt_signs where attempt_id = $1 order by noticed_at, id", attempt_id)
        .fetch_all(connection)
        .await
}
