//! SQL about access, enrolments and courses. Lessons, what writes progress, openings by staff and versions have their files.

use super::lesson_queries::LearnerFacts;
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

type Result<T> = std::result::Result<T, sqlx::Error>;

#[derive(Debug)]
pub(super) struct AccessRow {
    pub id: Uuid,
    pub slug: String,
    pub status: String,
    pub title: String,
    pub cover: String,
    pub time_zone: String,
    pub published_version_id: Option<Uuid>,
    pub enrollment_id: Option<Uuid>,
    pub followed_version_id: Option<Uuid>,
    pub declined_version_id: Option<Uuid>,
    pub enrollment_state: Option<String>,
    pub starts_at: Option<DateTime<Utc>>,
    pub expires_at: Option<DateTime<Utc>>,
    pub enrollment_changed_at: Option<DateTime<Utc>>,
    pub is_curator: bool,
    pub progress: i32,
    pub completed: i32,
    pub required: i32,
    pub finished_at: Option<DateTime<Utc>>,
    pub learned: Json<LearnerFacts>,
}

/// A course by slug or id, with the person's enrolment (the running one before an ended one, the newest first), their progress and
/// what they did in the lessons of the version that holds for them.
pub(super) async fn course_access(
    connection: &mut PgConnection,
    slug: Option<&str>,
    id: Option<Uuid>,
    user_id: Option<Uuid>,
) -> Result<Option<AccessRow>> {
    sqlx::query_as!(
        AccessRow,
        r#"select c.id, c.slug, c.status, coalesce(v.title, c.title) as "title!", coalesce(v.cover, '') as "cover!", s.time_zone,
                  c.published_version_id, e.id as "enrollment_id?", e.course_version_id as "followed_version_id?",
                  e.declined_version_id as "declined_version_id?", e.state as "enrollment_state?",
                  e.starts_at as "starts_at?", e.expires_at as "expires_at?", e.updated_at as "enrollment_changed_at?",
                  exists (select from course_curators cc where cc.course_id = c.id and cc.user_id = $3) as "is_curator!",
                  coalesce((p.progress_percentage * 100)::int, 0) as "progress!", coalesce(p.completed_lessons, 0) as "completed!",
                  coalesce(p.required_lessons, 0) as "required!", p.completed_at as "finished_at?",
                  learner_facts(coalesce(e.course_version_id, c.published_version_id), $3, e.id) as "learned!: Json<LearnerFacts>"
           from courses c
           cross join school_settings s
           left join course_versions v on v.id = c.published_version_id
           left join lateral (
               select * from course_enrollments e where e.course_id = c.id and e.user_id = $3
               order by (e.state in ('active', 'paused', 'completed')) desc, e.created_at desc limit 1
           ) e on true
           left join course_progress p on p.course_id = c.id and p.user_id = $3
           where c.slug = $1 or c.id = $2"#,
        slug,
        id,
        user_id
    )
    .fetch_optional(connection)
    .await
}

/// The published version of a course on sale. Publishing waits for the caller's transaction, and the other way round, so that an
/// enrolment never begins on a version that is not the newest.
pub(super) async fn published_version(connection: &mut PgConnection, course_id: Uuid) -> Result<Option<Uuid>> {
    let version = sqlx::query_scalar!("select published_version_id from courses where id = $1 and status = 'published' for share", course_id)
        .fetch_optional(connection)
        .await?;
    Ok(version.flatten())
}

pub(super) async fn expire_enrollments(connection: &mut PgConnection, user_id: Uuid, course_id: Uuid, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!(
        "update course_enrollments set state = 'expired', updated_at = $3
         where user_id = $1 and course_id = $2 and state in ('active', 'paused', 'completed') and expires_at <= $3",
        user_id,
        course_id,
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) struct NewEnrollment<'a> {
    pub id: Uuid,
    pub user_id: Uuid,
    pub course_id: Uuid,
    pub course_version_id: Uuid,
    pub offer_id: Option<Uuid>,
    pub granted_by: Option<Uuid>,
    pub grant_reason: Option<&'a str>,
    pub expires_at: Option<DateTime<Utc>>,
    pub now: DateTime<Utc>,
}

pub(super) async fn insert_enrollment(connection: &mut PgConnection, row: NewEnrollment<'_>) -> Result<()> {
    sqlx::query!(
        "insert into course_enrollments
             (id, user_id, course_id, course_version_id, offer_id, granted_by, grant_reason, starts_at, expires_at, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $8, $8)",
        row.id,
        row.user_id,
        row.course_id,
        row.course_version_id,
        row.offer_id,
        row.granted_by,
        row.grant_reason,
        row.now,
        row.expires_at
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) struct RunningRow {
    pub id: Uuid,
    pub expires_at: Option<DateTime<Utc>>,
}

/// The enrolment that runs, or is paused, locked.
pub(super) async fn lock_running(connection: &mut PgConnection, user_id: Uuid, course_id: Uuid) -> Result<Option<RunningRow>> {
    sqlx::query_as!(
        RunningRow,
        "select id, expires_at from course_enrollments
         where user_id = $1 and course_id = $2 and state in ('active', 'paused', 'completed') for no key update",
        user_id,
        course_id
    )
    .fetch_optional(connection)
    .await
}

pub(super) async fn update_order_line(connection: &mut PgConnection, id: Uuid, order_line_id: Uuid) -> Result<()> {
    sqlx::query!("update course_enrollments set order_line_id = $2 where id = $1", id, order_line_id).execute(connection).await?;
    Ok(())
}

pub(super) async fn update_term(connection: &mut PgConnection, id: Uuid, expires_at: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!("update course_enrollments set expires_at = $2, updated_at = $3 where id = $1", id, expires_at, now).execute(connection).await?;
    Ok(())
}

pub(super) async fn revoke_enrollment(connection: &mut PgConnection, id: Uuid, now: DateTime<Utc>) -> Result<bool> {
    let done = sqlx::query!(
        "update course_enrollments set state = 'revoked', updated_at = $2 where id = $1 and state in ('active', 'paused', 'completed')",
        id,
        now
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Whether an enrolment was taken back.
pub(super) async fn is_revoked(connection: &mut PgConnection, id: Uuid) -> Result<bool> {
    sqlx::query_scalar!(r#"select state = 'revoked' as "is!" from course_enrollments where id = $1"#, id).fetch_one(connection).await
}

/// An enrolment that was taken back runs again, unless its term is over or the learner has another one by now.
pub(super) async fn restore_enrollment(connection: &mut PgConnection, id: Uuid, now: DateTime<Utc>) -> Result<bool> {
    let done = sqlx::query!(
        "update course_enrollments e set state = 'active', updated_at = $2
         where e.id = $1 and e.state = 'revoked' and (e.expires_at is null or e.expires_at > $2)
           and not exists (select from course_enrollments o where o.user_id = e.user_id and o.course_id = e.course_id
                             and o.state in ('active', 'paused', 'completed'))",
        id,
        now
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub(super) struct MyCourseRow {
    pub enrollment_id: Uuid,
    pub starts_at: DateTime<Utc>,
    pub time_zone: String,
    pub slug: String,
    pub title: String,
    pub cover: String,
    pub version_id: Uuid,
    pub progress: i32,
    pub completed: i32,
    pub required: i32,
    pub expires_at: Option<DateTime<Utc>>,
    pub has_begun: bool,
}

/// The courses that a learner may open now, the latest used first.
pub(super) async fn my_courses(connection: &mut PgConnection, user_id: Uuid, now: DateTime<Utc>) -> Result<Vec<MyCourseRow>> {
    sqlx::query_as!(
        MyCourseRow,
        r#"select e.id as enrollment_id, e.starts_at, s.time_zone, c.slug, v.title, v.cover, e.course_version_id as version_id,
                  coalesce((p.progress_percentage * 100)::int, 0) as "progress!",
                  coalesce(p.completed_lessons, 0) as "completed!", coalesce(p.required_lessons, 0) as "required!",
                  e.expires_at, p.last_lesson_id is not null as "has_begun!"
           from course_enrollments e
           cross join school_settings s
           join courses c on c.id = e.course_id
           join course_versions v on v.id = c.published_version_id
           left join course_progress p on p.user_id = e.user_id and p.course_id = e.course_id
           where e.user_id = $1 and e.state in ('active', 'completed') and e.starts_at <= $2 and (e.expires_at is null or e.expires_at > $2)
             and c.status <> 'draft'
           order by coalesce(p.updated_at, e.created_at) desc, e.id desc limit 100"#,
        user_id,
        now
    )
    .fetch_all(connection)
    .await
}

pub(super) struct AssignmentRow {
    pub id: Uuid,
    pub title: String,
    pub task_html: String,
}

pub(super) async fn assignments_of_lesson(connection: &mut PgConnection, version_id: Uuid, lesson_id: Uuid) -> Result<Vec<AssignmentRow>> {
    sqlx::query_as!(
        AssignmentRow,
        "select a.id, av.title, av.task_html
         from course_version_assignments va
         join assignments a on a.id = va.assignment_id
         join assignment_versions av on av.id = a.published_version_id
         where va.course_version_id = $1 and a.lesson_id = $2 order by a.position, a.id",
        version_id,
        lesson_id
    )
    .fetch_all(connection)
    .await
}

pub(super) struct CourseNameRow {
    pub slug: String,
    pub title: String,
}

pub(super) async fn course_name(connection: &mut PgConnection, id: Uuid) -> Result<Option<CourseNameRow>> {
    sqlx::query_as!(CourseNameRow, "select slug, title from courses where id = $1", id).fetch_optional(connection).await
}

pub(super) struct LessonTitleRow {
    pub id: Uuid,
    pub title: String,
}

pub(super) async fn lesson_titles(connection: &mut PgConnection, lessons: &[Uuid]) -> Result<Vec<LessonTitleRow>> {
    sqlx::query_as!(
        LessonTitleRow,
        "select i.id, lv.title from lessons i join lesson_versions lv on lv.id = i.published_version_id where i.id = any($1) order by i.position, i.id",
        lessons
    )
    .fetch_all(connection)
    .await
}
