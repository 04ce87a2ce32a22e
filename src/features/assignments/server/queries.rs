//! SQL about works: what they are, and how they move.

use crate::features::assignments::rules::WorkState;
use crate::features::assignments::rules::rubric::Criterion;
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

type Result<T> = std::result::Result<T, sqlx::Error>;

/// An assignment as it is published, and its place.
#[derive(Clone, Debug)]
pub(super) struct AssignmentRow {
    pub version_id: Uuid,
    pub course_id: Uuid,
    pub course_slug: String,
    pub course_title: String,
    pub lesson_id: Uuid,
    pub review_hours: i32,
    pub title: String,
    pub task_html: String,
    pub takes_text: bool,
    pub takes_photos: bool,
    pub takes_files: bool,
    pub takes_links: bool,
    pub days: Option<i32>,
    pub rounds: Option<i32>,
    pub mark: String,
    pub max_points: i32,
    pub rubric: Json<Vec<Criterion>>,
    pub late_days: i32,
    pub late_percent: i32,
    pub late_floor: i32,
}

/// As one version has it: that one, else the published.
pub(super) async fn assignment(connection: &mut PgConnection, id: Uuid, version_id: Option<Uuid>) -> Result<Option<AssignmentRow>> {
    sqlx::query_as!(
        AssignmentRow,
        r#"select v.id as version_id, c.id as course_id, c.slug as course_slug, c.title as course_title, a.lesson_id, c.review_hours, v.title,
                  v.task_html, v.takes_text, v.takes_photos, v.takes_files, v.takes_links, v.days, v.rounds, v.mark, v.max_points, v.late_days,
                  v.late_percent, v.late_floor, v.rubric as "rubric: Json<Vec<Criterion>>"
           from assignments a
           join assignment_versions v on v.id = coalesce($2, a.published_version_id) and v.assignment_id = a.id
           join lessons l on l.id = a.lesson_id join modules m on m.id = l.module_id join courses c on c.id = m.course_id
           where a.id = $1"#,
        id,
        version_id
    )
    .fetch_optional(connection)
    .await
}

/// Whether a course version holds an assignment.
pub(super) async fn version_holds(connection: &mut PgConnection, course_version_id: Uuid, assignment_id: Uuid) -> Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from course_version_assignments where course_version_id = $1 and assignment_id = $2) as "holds!""#,
        course_version_id,
        assignment_id
    )
    .fetch_one(connection)
    .await
}

/// A work with the round that is current, who holds it, and whether the reader is a curator of its course.
#[derive(Clone, Debug)]
pub(super) struct WorkRow {
    pub id: Uuid,
    pub assignment_id: Uuid,
    pub version_id: Uuid,
    pub user_id: Uuid,
    pub enrollment_id: Uuid,
    pub state: String,
    pub owner_id: Option<Uuid>,
    pub owner: Option<String>,
    pub round: i32,
    pub round_id: Uuid,
    pub sequence: i64,
    pub submitted_at: Option<DateTime<Utc>>,
    pub due_at: Option<DateTime<Utc>>,
    pub learner_due_at: Option<DateTime<Utc>>,
    pub round_due_at: Option<DateTime<Utc>>,
    pub round_submitted_at: Option<DateTime<Utc>>,
    pub days: Option<i32>,
    pub extended_at: Option<DateTime<Utc>>,
    pub verdict_at: Option<DateTime<Utc>>,
    pub reason: String,
    pub learner: String,
    pub learner_photo: Option<Uuid>,
    pub holder_id: Option<Uuid>,
    pub holder: Option<String>,
    pub held_until: Option<DateTime<Utc>>,
    pub is_curator: bool,
}

/// A work by its id.
pub(super) async fn work(connection: &mut PgConnection, id: Uuid, reader_id: Option<Uuid>) -> Result<Option<WorkRow>> {
    sqlx::query_as!(
        WorkRow,
        r#"select s.id, s.assignment_id, s.assignment_version_id as version_id, s.user_id, s.enrollment_id, s.state, s.owner_id, o.full_name as "owner?",
                  s.round, r.id as round_id, r.sequence, s.submitted_at, s.due_at, s.learner_due_at, r.learner_due_at as round_due_at,
                  r.submitted_at as round_submitted_at, s.days, s.extended_at,
                  s.verdict_at, s.reason, u.full_name as learner, u.photo_file_id as learner_photo, h.curator_id as "holder_id?",
                  k.full_name as "holder?", h.held_until as "held_until?",
                  exists (select from course_curators cc where cc.course_id = e.course_id and cc.user_id = $2) as "is_curator!"
           from assignment_submissions s
           join assignment_rounds r on r.submission_id = s.id and r.number = s.round
           join course_enrollments e on e.id = s.enrollment_id
           join users u on u.id = s.user_id
           left join users o on o.id = s.owner_id
           left join assignment_holds h on h.submission_id = s.id
           left join users k on k.id = h.curator_id
           where s.id = $1"#,
        id,
        reader_id
    )
    .fetch_optional(connection)
    .await
}

/// A learner's work on an assignment.
pub(super) async fn work_of(connection: &mut PgConnection, assignment_id: Uuid, user_id: Uuid) -> Result<Option<Uuid>> {
    sqlx::query_scalar!("select id from assignment_submissions where assignment_id = $1 and user_id = $2", assignment_id, user_id)
        .fetch_optional(connection)
        .await
}

/// Holds a work until the end of the transaction; whether there is one.
pub(super) async fn lock(connection: &mut PgConnection, id: Uuid) -> Result<bool> {
    let found = sqlx::query_scalar!("select id from assignment_submissions where id = $1 for update", id).fetch_optional(connection).await?;
    Ok(found.is_some())
}

/// Who writes what: a work to be.
pub(super) struct NewWork {
    pub id: Uuid,
    pub round_id: Uuid,
    pub assignment_id: Uuid,
    pub version_id: Uuid,
    pub user_id: Uuid,
    pub enrollment_id: Uuid,
    pub days: Option<i32>,
    pub learner_due_at: Option<DateTime<Utc>>,
    pub now: DateTime<Utc>,
}

/// Makes a work with its first round, unless its learner has one; whether it did.
pub(super) async fn insert_work(connection: &mut PgConnection, work: NewWork) -> Result<bool> {
    let done = sqlx::query!(
        "insert into assignment_submissions (id, assignment_id, assignment_version_id, user_id, enrollment_id, state, days, learner_due_at, created_at,
                                             updated_at)
         values ($1, $2, $3, $4, $5, 'draft', $6, $7, $8, $8)
         on conflict on constraint assignment_submissions_assignment_user_unique do nothing",
        work.id,
        work.assignment_id,
        work.version_id,
        work.user_id,
        work.enrollment_id,
        work.days,
        work.learner_due_at,
        work.now
    )
    .execute(&mut *connection)
    .await?;
    if done.rows_affected() == 0 {
        return Ok(false);
    }
    insert_round(connection, work.round_id, work.id, 1, work.version_id, work.now).await?;
    Ok(true)
}

/// Begins a round, which becomes the current one. Its savings are counted on from the round before it, so that a page of that one
/// which is still open somewhere is known as old.
pub(super) async fn insert_round(
    connection: &mut PgConnection,
    id: Uuid,
    submission_id: Uuid,
    number: i32,
    version_id: Uuid,
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query!(
        "insert into assignment_rounds (id, submission_id, number, assignment_version_id, sequence, created_at, saved_at)
         values ($1, $2, $3, $4, (select coalesce(max(sequence), 0) from assignment_rounds where submission_id = $2), $5, $5)",
        id,
        submission_id,
        number,
        version_id,
        now
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!("update assignment_submissions set round = $2, assignment_version_id = $3 where id = $1", submission_id, number, version_id)
        .execute(connection)
        .await?;
    Ok(())
}

/// Where a work goes.
pub(super) async fn set_state(connection: &mut PgConnection, id: Uuid, state: WorkState, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!("update assignment_submissions set state = $2, updated_at = $3 where id = $1", id, state.code(), now).execute(connection).await?;
    Ok(())
}

/// The current round is handed in: it freezes, with who is to answer and until when.
pub(super) async fn submit(
    connection: &mut PgConnection,
    work: &WorkRow,
    owner_id: Option<Uuid>,
    due_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query!(
        "update assignment_rounds set submitted_at = $2, due_at = $3, learner_due_at = $4 where id = $1",
        work.round_id,
        now,
        due_at,
        work.learner_due_at
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!("update assignment_submissions set submitted_at = $2, due_at = $3, owner_id = $4 where id = $1", work.id, now, due_at, owner_id)
        .execute(connection)
        .await?;
    Ok(())
}

/// The current round is its learner's again.
pub(super) async fn withdraw(connection: &mut PgConnection, work: &WorkRow) -> Result<()> {
    sqlx::query!("update assignment_rounds set submitted_at = null, due_at = null, first_taken_at = null where id = $1", work.round_id)
        .execute(&mut *connection)
        .await?;
    sqlx::query!("delete from assignment_reminders where round_id = $1", work.round_id).execute(&mut *connection).await?;
    sqlx::query!("update assignment_submissions set submitted_at = null, due_at = null where id = $1", work.id).execute(connection).await?;
    Ok(())
}

/// A new date of the learner's.
pub(super) async fn extend(connection: &mut PgConnection, id: Uuid, due_at: DateTime<Utc>, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!("update assignment_submissions set learner_due_at = $2, extended_at = $3 where id = $1", id, due_at, now)
        .execute(connection)
        .await?;
    Ok(())
}

/// Whether a work has files on their way that are not given up.
pub(super) async fn is_uploading(connection: &mut PgConnection, id: Uuid, now: DateTime<Utc>) -> Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from uploads where submission_id = $1 and finished_at is null and expires_at > $2) as "is!""#,
        id,
        now
    )
    .fetch_one(connection)
    .await
}

/// Who is to answer a work: who answered it before, else the learner's own curator, else the least loaded one of the course, as far as
/// they still are staff of it and not on leave.
pub(super) async fn owner(connection: &mut PgConnection, enrollment_id: Uuid, before: Option<Uuid>, now: DateTime<Utc>) -> Result<Option<Uuid>> {
    sqlx::query_scalar!(
        "select u.id from course_enrollments e
         join course_curators cc on cc.course_id = e.course_id
         join users u on u.id = cc.user_id and u.is_active and u.role <> 'student' and u.id <> e.user_id
              and coalesce(u.on_leave_until <= $3, true)
         where e.id = $1
         order by u.id is not distinct from $2 desc, u.id is not distinct from e.curator_id desc,
                  (select count(*) from assignment_submissions s where s.owner_id = u.id and s.state in ('submitted', 'in_review')),
                  cc.created_at, u.id
         limit 1",
        enrollment_id,
        before,
        now
    )
    .fetch_optional(connection)
    .await
}

pub(super) async fn set_owner(connection: &mut PgConnection, id: Uuid, owner_id: Option<Uuid>) -> Result<()> {
    sqlx::query!("update assignment_submissions set owner_id = $2 where id = $1", id, owner_id).execute(connection).await?;
    Ok(())
}
