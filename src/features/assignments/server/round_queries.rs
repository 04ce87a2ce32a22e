//! SQL about rounds: their parts, what was said of them.

use crate::features::assignments::rules::rubric::Criterion;
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

type Result<T> = std::result::Result<T, sqlx::Error>;

pub(super) struct RoundRow {
    pub id: Uuid,
    pub number: i32,
    pub text_md: String,
    pub text_html: String,
    pub links: Vec<String>,
    pub sequence: i64,
    pub submitted_at: Option<DateTime<Utc>>,
    pub verdict: Option<String>,
    pub verdict_at: Option<DateTime<Utc>>,
    pub reviewer: Option<String>,
    pub reason: String,
    pub mark_numerator: Option<i64>,
    pub mark_denominator: Option<i64>,
    pub deduction_numerator: Option<i64>,
    pub deduction_denominator: Option<i64>,
    pub levels: Option<Vec<i32>>,
    pub rubric: Json<Vec<Criterion>>,
    pub max_points: Option<i32>,
}

/// The rounds of a work in order.
pub(super) async fn rounds(connection: &mut PgConnection, submission_id: Uuid) -> Result<Vec<RoundRow>> {
    sqlx::query_as!(
        RoundRow,
        r#"select r.id, r.number, r.text_md, r.text_html, r.links, r.sequence, r.submitted_at, r.verdict, r.verdict_at, u.full_name as "reviewer?",
                  r.reason, r.mark_numerator, r.mark_denominator, r.deduction_numerator, r.deduction_denominator, r.levels,
                  v.rubric as "rubric: Json<Vec<Criterion>>", case when v.mark = 'points' then v.max_points end as max_points
           from assignment_rounds r join assignment_versions v on v.id = r.assignment_version_id left join users u on u.id = r.reviewer_id
           where r.submission_id = $1 order by r.number"#,
        submission_id
    )
    .fetch_all(connection)
    .await
}

pub(super) struct FileRow {
    pub round_id: Uuid,
    pub file_id: Uuid,
    pub kind: String,
    pub name: String,
    pub size_bytes: i64,
    pub width: Option<i32>,
    pub height: Option<i32>,
    pub widths: Vec<i32>,
}

/// The files of all rounds of a work, in order.
pub(super) async fn files(connection: &mut PgConnection, submission_id: Uuid) -> Result<Vec<FileRow>> {
    sqlx::query_as!(
        FileRow,
        r#"select f.round_id, f.file_id, f.kind, x.file_name as name, b.size_bytes, x.width, x.height,
                  array(select p.width from file_pictures p where p.file_id = f.file_id order by p.width) as "widths!"
           from assignment_rounds r
           join assignment_round_files f on f.round_id = r.id
           join files x on x.id = f.file_id join file_blobs b on b.sha256 = x.sha256
           where r.submission_id = $1 order by r.number, f.position, f.file_id"#,
        submission_id
    )
    .fetch_all(connection)
    .await
}

pub(super) struct UploadRow {
    pub id: Uuid,
    pub file_name: String,
    pub received_bytes: i64,
    pub size_bytes: i64,
}

/// Files of a work that are on their way.
pub(super) async fn unfinished(connection: &mut PgConnection, submission_id: Uuid, now: DateTime<Utc>) -> Result<Vec<UploadRow>> {
    sqlx::query_as!(
        UploadRow,
        "select id, file_name, received_bytes, size_bytes from uploads
         where submission_id = $1 and finished_at is null and expires_at > $2 order by created_at, id",
        submission_id,
        now
    )
    .fetch_all(connection)
    .await
}

/// What is written in a round.
pub(super) struct RoundText<'a> {
    pub text_md: &'a str,
    pub text_html: &'a str,
    pub links: &'a [String],
    /// Of the saving that it builds on.
    pub base: i64,
}

/// Saves what is written in a round, unless something else is there than what it builds on; whether it did.
pub(super) async fn save(connection: &mut PgConnection, round_id: Uuid, text: &RoundText<'_>, now: DateTime<Utc>) -> Result<bool> {
    let done = sqlx::query!(
        "update assignment_rounds set text_md = $2, text_html = $3, links = $4, sequence = sequence + 1, saved_at = $6
         where id = $1 and sequence = $5",
        round_id,
        text.text_md,
        text.text_html,
        text.links,
        text.base,
        now
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// What is there of a round's words.
pub(super) struct WordsRow {
    pub text_md: String,
    pub links: Vec<String>,
    pub sequence: i64,
}

pub(super) async fn words(connection: &mut PgConnection, round_id: Uuid) -> Result<WordsRow> {
    sqlx::query_as!(WordsRow, "select text_md, links, sequence from assignment_rounds where id = $1", round_id).fetch_one(connection).await
}

/// Whether a round has anything in it, and how many files.
pub(super) struct PartsRow {
    pub has_words: bool,
    pub files: i64,
}

pub(super) async fn parts(connection: &mut PgConnection, round_id: Uuid) -> Result<PartsRow> {
    sqlx::query_as!(
        PartsRow,
        r#"select btrim(text_md, E' \n\t\r') <> '' or cardinality(links) > 0 as "has_words!",
                  (select count(*) from assignment_round_files f where f.round_id = r.id) as "files!"
           from assignment_rounds r where id = $1"#,
        round_id
    )
    .fetch_one(connection)
    .await
}

pub(super) async fn insert_file(connection: &mut PgConnection, round_id: Uuid, file_id: Uuid, kind: &str) -> Result<()> {
    sqlx::query!(
        "insert into assignment_round_files (round_id, file_id, kind, position)
         values ($1, $2, $3, (select coalesce(max(position), 0) + 1 from assignment_round_files where round_id = $1))",
        round_id,
        file_id,
        kind
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Takes a file out of a round; whether it was there.
pub(super) async fn delete_file(connection: &mut PgConnection, round_id: Uuid, file_id: Uuid) -> Result<bool> {
    let done = sqlx::query!("delete from assignment_round_files where round_id = $1 and file_id = $2", round_id, file_id).execute(connection).await?;
    Ok(done.rows_affected() > 0)
}

/// The safe HTML of a round.
pub(super) async fn text_html(connection: &mut PgConnection, round_id: Uuid) -> Result<String> {
    sqlx::query_scalar!("select text_html from assignment_rounds where id = $1", round_id).fetch_one(connection).await
}

/// What is said of a round.
pub(super) struct NewVerdict<'a> {
    pub round_id: Uuid,
    pub submission_id: Uuid,
    pub verdict: &'a str,
    pub reviewer_id: Option<Uuid>,
    pub reason: &'a str,
    pub mark: Option<(i64, i64)>,
    pub deduction: Option<(i64, i64)>,
    pub levels: Option<&'a [i32]>,
    /// For the round after it.
    pub learner_due_at: Option<DateTime<Utc>>,
    pub days: Option<i32>,
    pub now: DateTime<Utc>,
}

/// Writes a verdict into the round, gives its remarks to the learner, and ends the hold.
pub(super) async fn judge(connection: &mut PgConnection, row: NewVerdict<'_>) -> Result<()> {
    let (mark, deduction) = (row.mark.unzip(), row.deduction.unzip());
    sqlx::query!(
        "update assignment_rounds set verdict = $2, verdict_at = $3, reviewer_id = $4, reason = $5, mark_numerator = $6, mark_denominator = $7,
                deduction_numerator = $8, deduction_denominator = $9, levels = $10
         where id = $1",
        row.round_id,
        row.verdict,
        row.now,
        row.reviewer_id,
        row.reason,
        mark.0,
        mark.1,
        deduction.0,
        deduction.1,
        row.levels
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "update assignment_submissions set verdict_at = $2, reason = $3, mark_numerator = $4, mark_denominator = $5, deduction_numerator = $6,
                deduction_denominator = $7, learner_due_at = $8, days = $9, extended_at = null, due_at = null
         where id = $1",
        row.submission_id,
        row.now,
        row.reason,
        mark.0,
        mark.1,
        deduction.0,
        deduction.1,
        row.learner_due_at,
        row.days
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!("update assignment_remarks set published_at = $2 where round_id = $1 and published_at is null", row.round_id, row.now)
        .execute(connection)
        .await?;
    Ok(())
}

/// Opens a work again: reason and date; the mark is not given any more.
pub(super) async fn reopen(connection: &mut PgConnection, submission_id: Uuid, reason: &str, due_at: DateTime<Utc>, days: Option<i32>) -> Result<()> {
    sqlx::query!(
        "update assignment_submissions set reason = $2, learner_due_at = $3, days = $4, extended_at = null, mark_numerator = null,
                mark_denominator = null, deduction_numerator = null, deduction_denominator = null
         where id = $1",
        submission_id,
        reason,
        due_at,
        days
    )
    .execute(connection)
    .await?;
    Ok(())
}
