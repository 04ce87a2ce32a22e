//! SQL of exceptions for single learners (T11), and of attempts that are taken back.

use crate::server::events::TestException;
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

type Result<T> = std::result::Result<T, sqlx::Error>;

/// A learner of the test's course, by address.
pub(super) async fn learner_by_email(connection: &mut PgConnection, course_id: Uuid, email: &str) -> Result<Option<Uuid>> {
    sqlx::query_scalar!(
        "select u.id from users u join course_enrollments e on e.user_id = u.id and e.course_id = $1
         where lower(u.email) = lower($2) and u.is_active limit 1",
        course_id,
        email
    )
    .fetch_optional(connection)
    .await
}

/// What a learner has more by now.
pub(in crate::features::quizzes::server) async fn exception(
    connection: &mut PgConnection,
    test_id: Uuid,
    user_id: Uuid,
) -> Result<Option<TestException>> {
    sqlx::query_as!(
        TestException,
        "select extra_seconds, extra_attempts, closes_at from test_exceptions where test_id = $1 and user_id = $2",
        test_id,
        user_id
    )
    .fetch_optional(connection)
    .await
}

pub(super) struct ExceptionRow<'a> {
    pub test_id: Uuid,
    pub user_id: Uuid,
    pub exception: TestException,
    pub reason: &'a str,
    pub created_by: Uuid,
    pub now: DateTime<Utc>,
}

/// Writes an exception; the newest stands for the learner.
pub(super) async fn upsert_exception(connection: &mut PgConnection, row: ExceptionRow<'_>) -> Result<()> {
    sqlx::query!(
        "insert into test_exceptions (test_id, user_id, extra_seconds, extra_attempts, closes_at, reason, created_by, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict on constraint test_exceptions_pkey do update
         set extra_seconds = excluded.extra_seconds, extra_attempts = excluded.extra_attempts, closes_at = excluded.closes_at,
             reason = excluded.reason, created_by = excluded.created_by, created_at = excluded.created_at",
        row.test_id,
        row.user_id,
        row.exception.extra_seconds,
        row.exception.extra_attempts,
        row.exception.closes_at,
        row.reason,
        row.created_by,
        row.now
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) struct RunningRow {
    pub id: Uuid,
    pub started_at: DateTime<Utc>,
    pub ends_at: Option<DateTime<Utc>>,
    pub time_limit_seconds: Option<i32>,
    pub closes_at: Option<DateTime<Utc>>,
}

/// The attempt that a learner takes now, held, with the limits of its start.
pub(super) async fn lock_running(connection: &mut PgConnection, test_id: Uuid, user_id: Uuid) -> Result<Option<RunningRow>> {
    sqlx::query_as!(
        RunningRow,
        "select a.id, a.started_at, a.ends_at, v.time_limit_seconds, v.closes_at
         from test_attempts a join test_versions v on v.id = a.test_version_id
         where a.test_id = $1 and a.user_id = $2 and a.state = 'in_progress' for update of a",
        test_id,
        user_id
    )
    .fetch_optional(connection)
    .await
}

pub(super) async fn move_end(connection: &mut PgConnection, attempt_id: Uuid, ends_at: Option<DateTime<Utc>>) -> Result<()> {
    sqlx::query!("update test_attempts set ends_at = $2 where id = $1", attempt_id, ends_at).execute(connection).await?;
    Ok(())
}

pub(in crate::features::quizzes::server) struct ListedRow {
    pub learner: String,
    pub extra_seconds: i32,
    pub extra_attempts: i32,
    pub closes_at: Option<DateTime<Utc>>,
    pub reason: String,
    pub author: String,
}

pub(in crate::features::quizzes::server) async fn list_exceptions(connection: &mut PgConnection, test_id: Uuid) -> Result<Vec<ListedRow>> {
    sqlx::query_as!(
        ListedRow,
        "select u.full_name as learner, x.extra_seconds, x.extra_attempts, x.closes_at, x.reason, a.full_name as author
         from test_exceptions x join users u on u.id = x.user_id join users a on a.id = x.created_by
         where x.test_id = $1 order by x.created_at desc, u.full_name limit 200",
        test_id
    )
    .fetch_all(connection)
    .await
}

/// Takes an attempt back.
pub(super) async fn void_attempt(connection: &mut PgConnection, id: Uuid, reason: &str, by: Option<Uuid>, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!("update test_attempts set state = 'voided', void_reason = $2, voided_by = $3, voided_at = $4 where id = $1", id, reason, by, now)
        .execute(connection)
        .await?;
    Ok(())
}
