//! SQL that writes progress, and what it is counted from.

use crate::features::learning::rules::watched::Stretch;
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

type Result<T> = std::result::Result<T, sqlx::Error>;

pub(super) struct EnrollmentRow {
    pub user_id: Uuid,
    pub course_id: Uuid,
    pub course_version_id: Uuid,
}

pub(super) async fn lock_enrollment(connection: &mut PgConnection, id: Uuid) -> Result<EnrollmentRow> {
    sqlx::query_as!(EnrollmentRow, "select user_id, course_id, course_version_id from course_enrollments where id = $1 for update", id)
        .fetch_one(connection)
        .await
}

/// The learner's running enrolment in the course of an enrolment: the same one, or its successor.
pub(super) async fn running_enrollment(connection: &mut PgConnection, id: Uuid) -> Result<Option<Uuid>> {
    sqlx::query_scalar!(
        "select e.id from course_enrollments e join course_enrollments o on o.user_id = e.user_id and o.course_id = e.course_id
         where o.id = $1 and e.state in ('active', 'paused', 'completed') order by e.created_at desc limit 1",
        id
    )
    .fetch_optional(connection)
    .await
}

/// Completes a running enrolment; returns whether it did.
pub(super) async fn complete_enrollment(connection: &mut PgConnection, id: Uuid, now: DateTime<Utc>) -> Result<bool> {
    let done = sqlx::query!("update course_enrollments set state = 'completed', updated_at = $2 where id = $1 and state = 'active'", id, now)
        .execute(connection)
        .await?;
    Ok(done.rows_affected() == 1)
}

pub(super) struct LessonFactsRow {
    pub lesson_id: Uuid,
    pub is_marked: bool,
    pub watched: Json<Vec<Stretch>>,
    pub video_seconds: Option<i32>,
    pub video_share: i32,
    pub tests_required: i64,
    pub tests_passed: i64,
    pub assignments_required: i64,
    pub assignments_met: i64,
}

/// What the lessons of a course version that are not complete for a learner need and have; with an id that one alone.
pub(super) async fn lesson_facts(
    connection: &mut PgConnection,
    user_id: Uuid,
    course_version_id: Uuid,
    lesson_id: Option<Uuid>,
) -> Result<Vec<LessonFactsRow>> {
    sqlx::query_as!(
        LessonFactsRow,
        r#"select l.lesson_id, p.marked_read_at is not null as "is_marked!",
               coalesce(p.watched_ranges, '[]') as "watched!: Json<Vec<Stretch>>", lv.video_seconds, l.video_share,
               (select count(*) from course_version_tests vt join tests t on t.id = vt.test_id
                where vt.course_version_id = $2 and t.lesson_id = l.lesson_id and vt.must_pass) as "tests_required!",
               (select count(*) from course_version_tests vt join tests t on t.id = vt.test_id
                where vt.course_version_id = $2 and t.lesson_id = l.lesson_id and vt.must_pass
                  and exists (select from test_standings s where s.test_id = t.id and s.user_id = $1 and s.is_passed)
               ) as "tests_passed!",
               (select count(*) from course_version_assignments va join assignments x on x.id = va.assignment_id
                where va.course_version_id = $2 and x.lesson_id = l.lesson_id and va.requires <> 'nothing') as "assignments_required!",
               (select count(*) from course_version_assignments va join assignments x on x.id = va.assignment_id
                join assignment_submissions s on s.assignment_id = x.id and s.user_id = $1
                where va.course_version_id = $2 and x.lesson_id = l.lesson_id
                  and ((va.requires = 'accepted' and s.state = 'accepted')
                       or (va.requires = 'sent'
                           and exists (select from assignment_rounds r where r.submission_id = s.id and r.submitted_at is not null)))
               ) as "assignments_met!"
           from course_version_lessons l
           join lessons i on i.id = l.lesson_id
           join lesson_versions lv on lv.id = i.published_version_id
           left join lesson_progress p on p.lesson_id = l.lesson_id and p.user_id = $1
           where l.course_version_id = $2 and ($3::uuid is null or l.lesson_id = $3) and p.state is distinct from 'completed'"#,
        user_id,
        course_version_id,
        lesson_id
    )
    .fetch_all(connection)
    .await
}

/// Completes a lesson unless it is; returns whether it did.
pub(super) async fn complete_lesson(connection: &mut PgConnection, user_id: Uuid, lesson_id: Uuid, cause: &str, now: DateTime<Utc>) -> Result<bool> {
    let done = sqlx::query!(
        "update lesson_progress set state = 'completed', completed_at = $3, completed_by = $4
         where user_id = $1 and lesson_id = $2 and state <> 'completed'",
        user_id,
        lesson_id,
        now,
        cause
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// A lesson that a person completed.
#[derive(Debug)]
pub struct CompletedRow {
    /// `lessons.id`.
    pub lesson_id: Uuid,
    /// Name.
    pub title: String,
    /// `courses.id`.
    pub course_id: Uuid,
    /// Name of its course.
    pub course_title: String,
    /// When.
    pub completed_at: DateTime<Utc>,
}

/// Lessons that a person completed, of the versions that their running enrolments follow.
pub(super) async fn completed_lessons(connection: &mut PgConnection, user_id: Uuid, now: DateTime<Utc>) -> Result<Vec<CompletedRow>> {
    sqlx::query_as!(
        CompletedRow,
        r#"select p.lesson_id, l.title, c.id as course_id, c.title as course_title, p.completed_at as "completed_at!"
           from lesson_progress p join lessons l on l.id = p.lesson_id
           join course_enrollments e on e.user_id = p.user_id and e.state in ('active', 'paused', 'completed')
               and (e.expires_at is null or e.expires_at > $2)
           join course_version_lessons v on v.course_version_id = e.course_version_id and v.lesson_id = p.lesson_id
           join courses c on c.id = e.course_id
           where p.user_id = $1 and p.state = 'completed' order by p.completed_at desc, p.lesson_id limit 500"#,
        user_id,
        now
    )
    .fetch_all(connection)
    .await
}

/// Makes a completed lesson one that was begun; returns whether it was completed.
pub(super) async fn reset_lesson(connection: &mut PgConnection, user_id: Uuid, lesson_id: Uuid) -> Result<bool> {
    let done = sqlx::query!(
        "update lesson_progress set state = 'in_progress', completed_at = null, completed_by = null, marked_read_at = null,
                                    watched_ranges = '[]', video_position_seconds = 0, video_position_at = null
         where user_id = $1 and lesson_id = $2 and state = 'completed'",
        user_id,
        lesson_id
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub(super) struct CountRow {
    pub completed: i32,
    pub required: i32,
}

/// Required lessons of a version, and how many of them the learner completed.
pub(super) async fn count_lessons(connection: &mut PgConnection, user_id: Uuid, course_version_id: Uuid) -> Result<CountRow> {
    sqlx::query_as!(
        CountRow,
        r#"select count(*)::int as "required!", count(p.lesson_id)::int as "completed!"
           from course_version_lessons l
           left join lesson_progress p on p.lesson_id = l.lesson_id and p.user_id = $1 and p.state = 'completed'
           where l.course_version_id = $2 and l.is_required"#,
        user_id,
        course_version_id
    )
    .fetch_one(connection)
    .await
}

/// Writes the count. A finished course stays finished, also when its learner is enrolled anew into a version that asks for more
/// (progress.md P4).
pub(super) async fn upsert_course_progress(
    connection: &mut PgConnection,
    enrollment: &EnrollmentRow,
    enrollment_id: Uuid,
    hundredths: i64,
    completed: i32,
    required: i32,
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query!(
        r#"insert into course_progress as p (user_id, course_id, enrollment_id, progress_percentage, completed_lessons, required_lessons,
                                        started_at, completed_at, updated_at)
           values ($1, $2, $3, $4::bigint / 100.0, $5::int, $6::int, $7::timestamptz, case when $4 >= 10000 then $7::timestamptz end, $7::timestamptz)
           on conflict on constraint course_progress_pkey do update
           set enrollment_id = excluded.enrollment_id, updated_at = excluded.updated_at,
               progress_percentage = case when p.completed_at is null then excluded.progress_percentage else p.progress_percentage end,
               completed_lessons = case when p.completed_at is null then excluded.completed_lessons else p.completed_lessons end,
               required_lessons = case when p.completed_at is null then excluded.required_lessons else p.required_lessons end,
               completed_at = coalesce(p.completed_at, excluded.completed_at)"#,
        enrollment.user_id,
        enrollment.course_id,
        enrollment_id,
        hundredths,
        completed,
        required,
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Remembers that the learner marked a lesson as read.
pub(super) async fn mark_lesson(connection: &mut PgConnection, user_id: Uuid, lesson_id: Uuid, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!(
        "insert into lesson_progress as p (user_id, lesson_id, state, first_visited_at, last_visited_at, marked_read_at)
         values ($1, $2, 'in_progress', $3, $3, $3)
         on conflict on constraint lesson_progress_pkey do update
         set last_visited_at = excluded.last_visited_at, first_visited_at = coalesce(p.first_visited_at, excluded.first_visited_at),
             marked_read_at = coalesce(p.marked_read_at, excluded.marked_read_at),
             state = case when p.state = 'not_started' then 'in_progress' else p.state end",
        user_id,
        lesson_id,
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) struct WatchedRow {
    pub watched: Json<Vec<Stretch>>,
    pub position: i32,
    pub position_at: Option<DateTime<Utc>>,
}

/// What of a lesson's video was watched, and where the player was. The row is made and locked.
pub(super) async fn lock_watched(connection: &mut PgConnection, user_id: Uuid, lesson_id: Uuid, now: DateTime<Utc>) -> Result<WatchedRow> {
    sqlx::query_as!(
        WatchedRow,
        r#"insert into lesson_progress as p (user_id, lesson_id, state, first_visited_at, last_visited_at)
           values ($1, $2, 'in_progress', $3, $3)
           on conflict on constraint lesson_progress_pkey do update
           set last_visited_at = excluded.last_visited_at, first_visited_at = coalesce(p.first_visited_at, excluded.first_visited_at),
               state = case when p.state = 'not_started' then 'in_progress' else p.state end
           returning watched_ranges as "watched: Json<Vec<Stretch>>", video_position_seconds as position, video_position_at as position_at"#,
        user_id,
        lesson_id,
        now
    )
    .fetch_one(connection)
    .await
}

pub(super) async fn update_watched(connection: &mut PgConnection, user_id: Uuid, lesson_id: Uuid, row: &WatchedRow) -> Result<()> {
    sqlx::query!(
        "update lesson_progress set watched_ranges = $3, video_position_seconds = $4, video_position_at = $5 where user_id = $1 and lesson_id = $2",
        user_id,
        lesson_id,
        &row.watched as _,
        row.position,
        row.position_at
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The length of a lesson's video, in seconds; `None` when it has none.
pub(super) async fn video_seconds(connection: &mut PgConnection, lesson_id: Uuid) -> Result<Option<i32>> {
    let seconds = sqlx::query_scalar!(
        "select lv.video_seconds from lessons i join lesson_versions lv on lv.id = i.published_version_id where i.id = $1",
        lesson_id
    )
    .fetch_optional(connection)
    .await?;
    Ok(seconds.flatten())
}

pub(super) async fn lesson_state(connection: &mut PgConnection, user_id: Uuid, lesson_id: Uuid) -> Result<Option<String>> {
    sqlx::query_scalar!("select state from lesson_progress where user_id = $1 and lesson_id = $2", user_id, lesson_id)
        .fetch_optional(connection)
        .await
}
