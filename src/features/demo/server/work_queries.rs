//! All SQL that writes works of the demo school with their past.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

type Result<T> = std::result::Result<T, sqlx::Error>;

pub(super) struct PlaceRow {
    pub assignment_id: Uuid,
    pub version_id: Uuid,
    pub enrollment_id: Uuid,
    pub lesson_id: Uuid,
    pub review_hours: i32,
    pub days: Option<i32>,
}

/// The assignment of a lesson, and the enrolment of a learner who has it.
pub(super) async fn place(connection: &mut PgConnection, lesson: &str, user_id: Uuid) -> Result<PlaceRow> {
    sqlx::query_as!(
        PlaceRow,
        r#"select a.id as assignment_id, v.id as version_id, e.id as enrollment_id, l.id as lesson_id, c.review_hours, v.days
           from lessons l join modules m on m.id = l.module_id join courses c on c.id = m.course_id and c.is_demo
           join assignments a on a.lesson_id = l.id join assignment_versions v on v.id = a.published_version_id
           join course_enrollments e on e.course_id = c.id and e.user_id = $2
           where l.slug = $1"#,
        lesson,
        user_id
    )
    .fetch_one(connection)
    .await
}

/// The enrolment of a learner who has a lesson, and the lesson.
pub(super) async fn lesson(connection: &mut PgConnection, lesson: &str, user_id: Uuid) -> Result<(Uuid, Uuid)> {
    let row = sqlx::query!(
        "select l.id as lesson_id, e.id as enrollment_id from lessons l join modules m on m.id = l.module_id
         join courses c on c.id = m.course_id and c.is_demo join course_enrollments e on e.course_id = c.id and e.user_id = $2
         where l.slug = $1",
        lesson,
        user_id
    )
    .fetch_one(connection)
    .await?;
    Ok((row.enrollment_id, row.lesson_id))
}

/// A lesson was read.
pub(super) async fn insert_read(connection: &mut PgConnection, user_id: Uuid, lesson_id: Uuid, at: DateTime<Utc>) -> Result<()> {
    sqlx::query!(
        "insert into lesson_progress (user_id, lesson_id, state, first_visited_at, last_visited_at, marked_read_at) values ($1, $2, 'in_progress', $3, $3, $3)",
        user_id,
        lesson_id,
        at
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) struct NewWork<'a> {
    pub id: Uuid,
    pub place: &'a PlaceRow,
    pub user_id: Uuid,
    pub state: &'a str,
    pub owner_id: Option<Uuid>,
    pub round: i32,
    pub submitted_at: Option<DateTime<Utc>>,
    pub due_at: Option<DateTime<Utc>>,
    pub learner_due_at: Option<DateTime<Utc>>,
    pub verdict_at: Option<DateTime<Utc>>,
    pub reason: &'a str,
    pub mark: Option<i64>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

pub(super) async fn insert_work(connection: &mut PgConnection, work: NewWork<'_>) -> Result<()> {
    sqlx::query!(
        "insert into assignment_submissions (id, assignment_id, assignment_version_id, user_id, enrollment_id, state, owner_id, round, submitted_at, due_at,
                                             learner_due_at, days, verdict_at, reason, mark_numerator, mark_denominator, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, case when $15::bigint is not null then 1 end, $16, $17)",
        work.id,
        work.place.assignment_id,
        work.place.version_id,
        work.user_id,
        work.place.enrollment_id,
        work.state,
        work.owner_id,
        work.round,
        work.submitted_at,
        work.due_at,
        work.learner_due_at,
        work.place.days,
        work.verdict_at,
        work.reason,
        work.mark,
        work.created_at,
        work.updated_at
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) struct NewRound<'a> {
    pub id: Uuid,
    pub submission_id: Uuid,
    pub number: i32,
    pub version_id: Uuid,
    pub text_md: &'a str,
    pub text_html: &'a str,
    pub links: &'a [String],
    pub learner_due_at: Option<DateTime<Utc>>,
    pub at: DateTime<Utc>,
}

pub(super) async fn insert_round(connection: &mut PgConnection, round: NewRound<'_>) -> Result<()> {
    sqlx::query!(
        "insert into assignment_rounds (id, submission_id, number, assignment_version_id, text_md, text_html, links, sequence, created_at, saved_at,
                                        learner_due_at)
         values ($1, $2, $3, $4, $5, $6, $7, 1, $8, $8, $9)",
        round.id,
        round.submission_id,
        round.number,
        round.version_id,
        round.text_md,
        round.text_html,
        round.links,
        round.at,
        round.learner_due_at
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn insert_file(connection: &mut PgConnection, round_id: Uuid, file_id: Uuid, kind: &str, position: i32) -> Result<()> {
    sqlx::query!("insert into assignment_round_files (round_id, file_id, kind, position) values ($1, $2, $3, $4)", round_id, file_id, kind, position)
        .execute(connection)
        .await?;
    Ok(())
}

/// The round is handed in, after which nothing of it changes.
pub(super) async fn hand_in(connection: &mut PgConnection, round_id: Uuid, at: DateTime<Utc>, due_at: DateTime<Utc>) -> Result<()> {
    sqlx::query!("update assignment_rounds set submitted_at = $2, due_at = $3 where id = $1", round_id, at, due_at).execute(connection).await?;
    Ok(())
}

pub(super) struct NewRemark<'a> {
    pub id: Uuid,
    pub round_id: Uuid,
    pub author_id: Uuid,
    pub kind: &'a str,
    pub place: &'a str,
    pub file_id: Option<Uuid>,
    pub points: &'a [i32],
    pub body: &'a str,
    pub created_at: DateTime<Utc>,
    pub published_at: Option<DateTime<Utc>>,
    pub done_note: Option<&'a str>,
}

pub(super) async fn insert_remark(connection: &mut PgConnection, remark: NewRemark<'_>) -> Result<()> {
    sqlx::query!(
        "insert into assignment_remarks (id, round_id, author_id, kind, place, file_id, points, body, created_at, published_at, done_at, done_note)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, case when $11::text is not null then $10::timestamptz end, coalesce($11, ''))",
        remark.id,
        remark.round_id,
        remark.author_id,
        remark.kind,
        remark.place,
        remark.file_id,
        remark.points,
        remark.body,
        remark.created_at,
        remark.published_at,
        remark.done_note
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) struct NewVerdict<'a> {
    pub round_id: Uuid,
    pub verdict: &'a str,
    pub at: DateTime<Utc>,
    pub reviewer_id: Uuid,
    pub reason: &'a str,
    pub mark: Option<i64>,
}

pub(super) async fn insert_verdict(connection: &mut PgConnection, row: NewVerdict<'_>) -> Result<()> {
    sqlx::query!(
        "update assignment_rounds set verdict = $2, verdict_at = $3, reviewer_id = $4, reason = $5, mark_numerator = $6,
                                      mark_denominator = case when $6::bigint is not null then 1 end
         where id = $1",
        row.round_id,
        row.verdict,
        row.at,
        row.reviewer_id,
        row.reason,
        row.mark
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn insert_hold(
    connection: &mut PgConnection,
    submission_id: Uuid,
    curator_id: Uuid,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<()> {
    sqlx::query!(
        "insert into assignment_holds (submission_id, curator_id, taken_at, held_until) values ($1, $2, $3, $4)",
        submission_id,
        curator_id,
        from,
        until
    )
    .execute(connection)
    .await?;
    Ok(())
}
