//! SQL about files of open answers.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

type Result<T> = std::result::Result<T, sqlx::Error>;

/// Holds a question of an attempt until the end of the transaction; how many files its answer has.
pub(super) async fn count_locked(connection: &mut PgConnection, attempt_id: Uuid, question_id: Uuid) -> Result<i64> {
    sqlx::query_scalar!("select position from test_attempt_questions where attempt_id = $1 and question_id = $2 for update", attempt_id, question_id)
        .fetch_optional(&mut *connection)
        .await?;
    sqlx::query_scalar!(r#"select count(*) as "count!" from test_answer_files where attempt_id = $1 and question_id = $2"#, attempt_id, question_id)
        .fetch_one(connection)
        .await
}

pub(super) async fn insert(connection: &mut PgConnection, attempt_id: Uuid, question_id: Uuid, file_id: Uuid, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!(
        "insert into test_answer_files (attempt_id, question_id, file_id, added_at) values ($1, $2, $3, $4)",
        attempt_id,
        question_id,
        file_id,
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Takes a file out of an attempt; false when it is not there.
pub(super) async fn delete(connection: &mut PgConnection, attempt_id: Uuid, file_id: Uuid) -> Result<bool> {
    let done = sqlx::query!("delete from test_answer_files where attempt_id = $1 and file_id = $2", attempt_id, file_id).execute(connection).await?;
    Ok(done.rows_affected() > 0)
}

pub(super) struct AnswerFileRow {
    pub question_id: Uuid,
    pub file_id: Uuid,
}

pub(super) async fn of_attempt(connection: &mut PgConnection, attempt_id: Uuid) -> Result<Vec<AnswerFileRow>> {
    sqlx::query_as!(AnswerFileRow, "select question_id, file_id from test_answer_files where attempt_id = $1", attempt_id).fetch_all(connection).await
}

/// The attempt that a file belongs to: one at most, for a file is uploaded into an answer.
pub(super) async fn attempt_with_file(connection: &mut PgConnection, file_id: Uuid) -> Result<Option<Uuid>> {
    sqlx::query_scalar!("select attempt_id from test_answer_files where file_id = $1 limit 1", file_id).fetch_optional(connection).await
}
