//! SQL about answers: saving and scoring them.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

type Result<T> = std::result::Result<T, sqlx::Error>;

pub(super) struct SavingRow {
    pub user_id: Uuid,
    pub state: String,
    pub ends_at: Option<DateTime<Utc>>,
}

/// What saving an answer needs; shared with other savers, exclusive with the hand-in.
pub(super) async fn share_attempt(connection: &mut PgConnection, id: Uuid) -> Result<Option<SavingRow>> {
    sqlx::query_as!(SavingRow, "select user_id, state, ends_at from test_attempts where id = $1 for share", id).fetch_optional(connection).await
}

pub(super) struct SavedQuestionRow {
    pub kind: String,
    pub options: Vec<Uuid>,
    pub answer_order: Vec<Uuid>,
    pub body: Option<serde_json::Value>,
    pub shown_order: Vec<i32>,
}

/// Kind and items of one question of an attempt.
pub(super) async fn question_of_attempt(connection: &mut PgConnection, attempt_id: Uuid, question_id: Uuid) -> Result<Option<SavedQuestionRow>> {
    sqlx::query_as!(
        SavedQuestionRow,
        r#"select q.kind, array(select a.id from answers a where a.question_version_id = aq.question_version_id) as "options!",
                  aq.answer_order, qv.body, aq.shown_order
           from test_attempt_questions aq join questions q on q.id = aq.question_id
           join question_versions qv on qv.id = aq.question_version_id
           where aq.attempt_id = $1 and aq.question_id = $2"#,
        attempt_id,
        question_id
    )
    .fetch_optional(connection)
    .await
}

pub(super) struct Operation<'a> {
    pub id: Uuid,
    pub attempt_id: Uuid,
    pub question_id: Uuid,
    pub sequence: i64,
    pub value: &'a serde_json::Value,
    pub now: DateTime<Utc>,
}

/// Writes an answer unless one of the same or a higher sequence is there; returns whether it did.
pub(super) async fn upsert_answer(connection: &mut PgConnection, operation: &Operation<'_>) -> Result<bool> {
    let done = sqlx::query!(
        "insert into test_answers (id, attempt_id, question_id, sequence, value, saved_at) values ($1, $2, $3, $4, $5, $6)
         on conflict on constraint test_answers_attempt_question_unique do update
         set sequence = excluded.sequence, value = excluded.value, saved_at = excluded.saved_at
         where test_answers.sequence < excluded.sequence",
        operation.id,
        operation.attempt_id,
        operation.question_id,
        operation.sequence,
        operation.value,
        operation.now
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub(super) struct StoredRow {
    pub sequence: i64,
    pub value: serde_json::Value,
    pub saved_at: DateTime<Utc>,
}

pub(super) async fn stored_answer(connection: &mut PgConnection, attempt_id: Uuid, question_id: Uuid) -> Result<Option<StoredRow>> {
    sqlx::query_as!(
        StoredRow,
        "select sequence, value, saved_at from test_answers where attempt_id = $1 and question_id = $2",
        attempt_id,
        question_id
    )
    .fetch_optional(connection)
    .await
}

/// The score of one answer.
pub(in crate::features::quizzes::server) struct Score {
    pub new_id: Uuid,
    pub question_id: Uuid,
    pub fraction: (i64, i64),
    pub empty_value: serde_json::Value,
    pub remark: String,
}

/// Writes the machine's score of an answer that has one.
pub(in crate::features::quizzes::server) async fn update_score(
    connection: &mut PgConnection,
    attempt_id: Uuid,
    question_id: Uuid,
    fraction: (i64, i64),
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query!(
        "update test_answers set score_numerator = $3, score_denominator = $4, scored_at = $5 where attempt_id = $1 and question_id = $2",
        attempt_id,
        question_id,
        fraction.0,
        fraction.1,
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Writes the scores of an attempt's answers; a question that was not answered gets an empty answer to carry it.
pub(in crate::features::quizzes::server) async fn upsert_scores(
    connection: &mut PgConnection,
    attempt_id: Uuid,
    scores: Vec<Score>,
    scored_by: Option<Uuid>,
    now: DateTime<Utc>,
) -> Result<()> {
    let ids: Vec<Uuid> = scores.iter().map(|score| score.new_id).collect();
    let question_ids: Vec<Uuid> = scores.iter().map(|score| score.question_id).collect();
    let (numerators, denominators): (Vec<i64>, Vec<i64>) = scores.iter().map(|score| score.fraction).unzip();
    let (values, remarks): (Vec<serde_json::Value>, Vec<String>) = scores.into_iter().map(|score| (score.empty_value, score.remark)).unzip();
    sqlx::query!(
        "insert into test_answers (id, attempt_id, question_id, sequence, value, saved_at, score_numerator, score_denominator, scored_at, scored_by, remark)
         select s.id, $1, s.question_id, 0, s.value, $3, s.numerator, s.denominator, $3, $2, s.remark
         from unnest($4::uuid[], $5::uuid[], $6::bigint[], $7::bigint[], $8::jsonb[], $9::text[]) as s (id, question_id, numerator, denominator, value, remark)
         on conflict on constraint test_answers_attempt_question_unique do update
         set score_numerator = excluded.score_numerator, score_denominator = excluded.score_denominator, scored_at = excluded.scored_at,
             scored_by = excluded.scored_by, remark = excluded.remark",
        attempt_id,
        scored_by,
        now,
        &ids,
        &question_ids,
        &numerators,
        &denominators,
        &values,
        &remarks
    )
    .execute(connection)
    .await?;
    Ok(())
}
