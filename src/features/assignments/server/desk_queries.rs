//! SQL of the curators' desk: holds, promises, dates, who may have a file.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

type Result<T> = std::result::Result<T, sqlx::Error>;

/// Lets a curator hold a work until a moment, unless another one does; whether it did.
pub(super) async fn hold(
    connection: &mut PgConnection,
    submission_id: Uuid,
    curator_id: Uuid,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<bool> {
    let done = sqlx::query!(
        "insert into assignment_holds (submission_id, curator_id, taken_at, held_until) values ($1, $2, $3, $4)
         on conflict on constraint assignment_holds_pkey do update set curator_id = excluded.curator_id, held_until = excluded.held_until,
             taken_at = case when assignment_holds.curator_id = excluded.curator_id then assignment_holds.taken_at else excluded.taken_at end
         where assignment_holds.held_until <= $3 or assignment_holds.curator_id = excluded.curator_id",
        submission_id,
        curator_id,
        now,
        until
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Lets a curator hold a work longer that they hold; whether they did hold it. Nobody is called by it, for nothing changes hands.
pub(super) async fn prolong(
    connection: &mut PgConnection,
    submission_id: Uuid,
    curator_id: Uuid,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<bool> {
    let done = sqlx::query!(
        "update assignment_holds set held_until = $4 where submission_id = $1 and curator_id = $2 and held_until > $3",
        submission_id,
        curator_id,
        now,
        until
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Somebody looks at a round; the first time is kept.
pub(super) async fn first_taken(connection: &mut PgConnection, round_id: Uuid, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!("update assignment_rounds set first_taken_at = $2 where id = $1 and first_taken_at is null", round_id, now)
        .execute(connection)
        .await?;
    Ok(())
}

/// Nobody holds the work any more.
pub(super) async fn let_go(connection: &mut PgConnection, submission_id: Uuid) -> Result<()> {
    sqlx::query!("delete from assignment_holds where submission_id = $1", submission_id).execute(connection).await?;
    Ok(())
}

/// Works whose hold ran out, or whose holder is no staff any more.
pub(super) async fn ended_holds(connection: &mut PgConnection, now: DateTime<Utc>) -> Result<Vec<Uuid>> {
    sqlx::query_scalar!(
        "select h.submission_id from assignment_holds h join users u on u.id = h.curator_id
         where h.held_until <= $1 or not u.is_active or u.role = 'student' order by h.held_until limit 500",
        now
    )
    .fetch_all(connection)
    .await
}

/// Works of learners whose last date passed: the soft one, and the days in which late work is taken.
pub(super) async fn overdue(connection: &mut PgConnection, now: DateTime<Utc>) -> Result<Vec<Uuid>> {
    sqlx::query_scalar!(
        "select s.id from assignment_submissions s join assignment_versions v on v.id = s.assignment_version_id
         where s.state in ('draft', 'returned') and s.learner_due_at < $1 and s.learner_due_at + make_interval(days => v.late_days) < $1
         order by s.learner_due_at limit 500",
        now
    )
    .fetch_all(connection)
    .await
}

/// Works that wait, whose owner can't answer any more or is on leave, or that have none while the course has curators.
pub(super) async fn orphans(connection: &mut PgConnection, now: DateTime<Utc>) -> Result<Vec<Uuid>> {
    sqlx::query_scalar!(
        "select s.id from assignment_submissions s join course_enrollments e on e.id = s.enrollment_id
         where s.state in ('submitted', 'in_review')
           and not exists (select from users u join course_curators cc on cc.user_id = u.id and cc.course_id = e.course_id
                           where u.id = s.owner_id and u.is_active and u.role <> 'student' and coalesce(u.on_leave_until <= $1, true))
           and (s.owner_id is not null
                or exists (select from course_curators cc join users u on u.id = cc.user_id
                           where cc.course_id = e.course_id and u.is_active and u.role <> 'student' and u.id <> s.user_id
                             and coalesce(u.on_leave_until <= $1, true)))
         order by s.due_at limit 500",
        now
    )
    .fetch_all(connection)
    .await
}

/// A promise to answer a round.
#[derive(Debug)]
pub struct PromiseRow {
    /// `assignment_submissions.id`.
    pub submission_id: Uuid,
    /// `assignment_rounds.id`.
    pub round_id: Uuid,
    /// When it was handed in.
    pub submitted_at: DateTime<Utc>,
    /// Until when it is to be answered.
    pub due_at: DateTime<Utc>,
    /// Reminders that were given.
    pub given: Vec<String>,
}

/// Promises that are not broken yet, or whose breach was not told, with the reminders given.
pub(super) async fn promises(connection: &mut PgConnection) -> Result<Vec<PromiseRow>> {
    sqlx::query_as!(
        PromiseRow,
        r#"select s.id as submission_id, r.id as round_id, r.submitted_at as "submitted_at!", r.due_at as "due_at!",
                  array(select m.kind from assignment_reminders m where m.round_id = r.id) as "given!"
           from assignment_submissions s join assignment_rounds r on r.submission_id = s.id and r.number = s.round
           where s.state in ('submitted', 'in_review') and r.submitted_at is not null
             and not exists (select from assignment_reminders m where m.round_id = r.id and m.kind = 'broken')
           order by s.due_at limit 5000"#
    )
    .fetch_all(connection)
    .await
}

/// Whether the reminder was not given before.
pub(super) async fn insert_reminder(connection: &mut PgConnection, round_id: Uuid, kind: &str, now: DateTime<Utc>) -> Result<bool> {
    let done = sqlx::query!(
        "insert into assignment_reminders (round_id, kind, given_at) values ($1, $2, $3) on conflict on constraint assignment_reminders_pkey do nothing",
        round_id,
        kind,
        now
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// What stands on a file of a work.
pub(super) struct FilePlaceRow {
    pub user_id: Uuid,
    pub was_submitted: bool,
    pub is_curator: bool,
}

/// The works that a file is in.
pub(super) async fn works_with_file(connection: &mut PgConnection, file_id: Uuid, reader_id: Option<Uuid>) -> Result<Vec<FilePlaceRow>> {
    sqlx::query_as!(
        FilePlaceRow,
        r#"select s.user_id, r.submitted_at is not null as "was_submitted!",
                  exists (select from course_curators cc where cc.course_id = e.course_id and cc.user_id = $2) as "is_curator!"
           from assignment_round_files f join assignment_rounds r on r.id = f.round_id
           join assignment_submissions s on s.id = r.submission_id join course_enrollments e on e.id = s.enrollment_id
           where f.file_id = $1"#,
        file_id,
        reader_id
    )
    .fetch_all(connection)
    .await
}
