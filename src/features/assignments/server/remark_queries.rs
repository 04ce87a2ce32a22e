//! SQL of remarks on rounds.

use crate::features::assignments::rules::passages::Passage;
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

type Result<T> = std::result::Result<T, sqlx::Error>;

pub(super) struct RemarkRow {
    pub id: Uuid,
    pub round_id: Uuid,
    pub kind: String,
    pub place: String,
    pub file_id: Option<Uuid>,
    pub points: Vec<i32>,
    pub text_start: Option<i32>,
    pub text_end: Option<i32>,
    pub quote: String,
    pub body: String,
    pub published_at: Option<DateTime<Utc>>,
    pub done_at: Option<DateTime<Utc>>,
    pub done_note: String,
}

/// The remarks on all rounds of a work as they were made. A learner gets those that were given to them, and none that are the staff's.
pub(super) async fn remarks(connection: &mut PgConnection, submission_id: Uuid, is_for_learner: bool) -> Result<Vec<RemarkRow>> {
    sqlx::query_as!(
        RemarkRow,
        "select m.id, m.round_id, m.kind, m.place, m.file_id, m.points, m.text_start, m.text_end, m.quote, m.body, m.published_at, m.done_at,
                m.done_note
         from assignment_rounds r join assignment_remarks m on m.round_id = r.id
         where r.submission_id = $1 and (not $2 or (m.published_at is not null and m.kind <> 'staff_only'))
         order by m.created_at, m.id",
        submission_id,
        is_for_learner
    )
    .fetch_all(connection)
    .await
}

/// A remark to be.
pub(super) struct NewRemarkRow<'a> {
    pub id: Uuid,
    pub round_id: Uuid,
    pub author_id: Uuid,
    pub kind: &'a str,
    pub place: &'a str,
    pub file_id: Option<Uuid>,
    pub points: &'a [i32],
    pub passage: Option<&'a Passage>,
    pub body: &'a str,
    pub now: DateTime<Utc>,
}

pub(super) async fn insert_remark(connection: &mut PgConnection, row: NewRemarkRow<'_>) -> Result<()> {
    sqlx::query!(
        "insert into assignment_remarks (id, round_id, author_id, kind, place, file_id, points, body, created_at, text_start, text_end, quote)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        row.id,
        row.round_id,
        row.author_id,
        row.kind,
        row.place,
        row.file_id,
        row.points,
        row.body,
        row.now,
        row.passage.map(|passage| passage.start),
        row.passage.map(|passage| passage.end),
        row.passage.map_or("", |passage| passage.quote.as_str())
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Takes a remark away that is not given yet; whether it was there.
pub(super) async fn delete_remark(connection: &mut PgConnection, round_id: Uuid, id: Uuid) -> Result<bool> {
    let done = sqlx::query!("delete from assignment_remarks where id = $2 and round_id = $1 and published_at is null", round_id, id)
        .execute(connection)
        .await?;
    Ok(done.rows_affected() > 0)
}

/// Remarks "must fix": those that a verdict on the round would give, and those of earlier rounds that are not done.
pub(super) struct MustFixRow {
    pub new: i64,
    pub open: i64,
}

pub(super) async fn must_fix(connection: &mut PgConnection, submission_id: Uuid, round_id: Uuid) -> Result<MustFixRow> {
    sqlx::query_as!(
        MustFixRow,
        r#"select count(*) filter (where m.round_id = $2 and m.published_at is null) as "new!",
                  count(*) filter (where m.round_id <> $2 and m.done_at is null) as "open!"
           from assignment_rounds r join assignment_remarks m on m.round_id = r.id and m.kind = 'must_fix'
           where r.submission_id = $1"#,
        submission_id,
        round_id
    )
    .fetch_one(connection)
    .await
}

/// A remark of a learner's work that was given to them.
pub(super) async fn given_remark(connection: &mut PgConnection, submission_id: Uuid, id: Uuid) -> Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from assignment_remarks m join assignment_rounds r on r.id = m.round_id
           where m.id = $2 and r.submission_id = $1 and m.published_at is not null and m.kind <> 'staff_only') as "is!""#,
        submission_id,
        id
    )
    .fetch_one(connection)
    .await
}

/// Whether a remark is done, and how.
pub(super) async fn mark_done(connection: &mut PgConnection, id: Uuid, done_at: Option<DateTime<Utc>>, note: &str) -> Result<()> {
    sqlx::query!("update assignment_remarks set done_at = $2, done_note = $3 where id = $1", id, done_at, note).execute(connection).await?;
    Ok(())
}
