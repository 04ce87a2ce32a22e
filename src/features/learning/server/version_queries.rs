//! SQL about versions of courses and the enrolments that follow them.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

type Result<T> = std::result::Result<T, sqlx::Error>;

/// Of two changes of a course's versions at once the second waits. Gives the published version; progress may go on meanwhile.
pub(super) async fn lock_course(connection: &mut PgConnection, id: Uuid) -> Result<Option<Option<Uuid>>> {
    sqlx::query_scalar!("select published_version_id from courses where id = $1 for no key update", id).fetch_optional(connection).await
}

/// The published version, which stays so until the caller's transaction ends.
pub(super) async fn hold_published(connection: &mut PgConnection, course_id: Uuid) -> Result<Option<Uuid>> {
    sqlx::query_scalar!("select published_version_id from courses where id = $1 for share", course_id).fetch_one(connection).await
}

pub(super) async fn draft(connection: &mut PgConnection, course_id: Uuid) -> Result<Option<Uuid>> {
    sqlx::query_scalar!("select id from course_versions where course_id = $1 and state = 'draft'", course_id).fetch_optional(connection).await
}

/// Makes a draft out of the published version; of a course that was never published an empty one.
pub(super) async fn copy_version(connection: &mut PgConnection, course_id: Uuid, version_id: Uuid, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!(
        "insert into course_versions (id, course_id, number, state, title, summary, audience, outcomes, description_md, description_html,
                                      renderer_version, curator_note, cover, faq, created_at)
         select $2, c.id, 1 + coalesce((select max(number) from course_versions o where o.course_id = c.id), 0), 'draft',
                coalesce(v.title, c.title), coalesce(v.summary, ''), coalesce(v.audience, ''), coalesce(v.outcomes, '{}'),
                coalesce(v.description_md, ''), coalesce(v.description_html, ''), coalesce(v.renderer_version, 1),
                coalesce(v.curator_note, ''), coalesce(v.cover, ''), coalesce(v.faq, '[]'), $3
         from courses c left join course_versions v on v.id = c.published_version_id where c.id = $1",
        course_id,
        version_id,
        now
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "insert into course_version_modules (course_version_id, module_id, position, title, opens, opens_at, opens_after_days)
         select $2, m.module_id, m.position, m.title, m.opens, m.opens_at, m.opens_after_days
         from course_version_modules m join courses c on c.published_version_id = m.course_version_id where c.id = $1",
        course_id,
        version_id
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "insert into course_version_lessons (course_version_id, lesson_id, module_id, position, is_required, is_preview, opens, opens_at,
                                             opens_after_days, video_share)
         select $2, l.lesson_id, l.module_id, l.position, l.is_required, l.is_preview, l.opens, l.opens_at, l.opens_after_days, l.video_share
         from course_version_lessons l join courses c on c.published_version_id = l.course_version_id where c.id = $1",
        course_id,
        version_id
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "insert into course_version_tests (course_version_id, test_id, must_pass)
         select $2, t.test_id, t.must_pass
         from course_version_tests t join courses c on c.published_version_id = t.course_version_id where c.id = $1",
        course_id,
        version_id
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "insert into course_version_assignments (course_version_id, assignment_id, requires)
         select $2, a.assignment_id, a.requires
         from course_version_assignments a join courses c on c.published_version_id = a.course_version_id where c.id = $1",
        course_id,
        version_id
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn publish_version(
    connection: &mut PgConnection,
    course_id: Uuid,
    version_id: Uuid,
    published_by: Option<Uuid>,
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query!("update course_versions set state = 'published', published_at = $2, published_by = $3 where id = $1", version_id, now, published_by)
        .execute(&mut *connection)
        .await?;
    sqlx::query!(
        "update courses c set published_version_id = v.id, title = v.title, updated_at = $3
         from course_versions v where v.id = $2 and c.id = $1",
        course_id,
        version_id,
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Titles, order and places of modules and lessons, as the version has them.
pub(super) async fn sync_identity(connection: &mut PgConnection, version_id: Uuid) -> Result<()> {
    sqlx::query!(
        "update modules m set title = v.title, position = v.position from course_version_modules v
         where v.course_version_id = $1 and v.module_id = m.id and (m.title, m.position) is distinct from (v.title, v.position)",
        version_id
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "update lessons l set module_id = v.module_id, position = v.position from course_version_lessons v
         where v.course_version_id = $1 and v.lesson_id = l.id and (l.module_id, l.position) is distinct from (v.module_id, v.position)",
        version_id
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) struct RunningRow {
    pub id: Uuid,
    pub course_version_id: Uuid,
}

/// The running enrolments of a course, or of a group of it, locked.
pub(super) async fn lock_running(connection: &mut PgConnection, course_id: Uuid, group_id: Option<Uuid>) -> Result<Vec<RunningRow>> {
    sqlx::query_as!(
        RunningRow,
        "select id, course_version_id from course_enrollments
         where course_id = $1 and ($2::uuid is null or group_id = $2) and state in ('active', 'paused', 'completed') order by id for update",
        course_id,
        group_id
    )
    .fetch_all(connection)
    .await
}

pub(super) struct EnrollmentRow {
    pub user_id: Uuid,
    pub course_version_id: Uuid,
    pub starts_at: DateTime<Utc>,
    pub time_zone: String,
}

pub(super) async fn enrollment(connection: &mut PgConnection, id: Uuid) -> Result<EnrollmentRow> {
    sqlx::query_as!(
        EnrollmentRow,
        "select e.user_id, e.course_version_id, e.starts_at, s.time_zone from course_enrollments e cross join school_settings s where e.id = $1",
        id
    )
    .fetch_one(connection)
    .await
}

/// Hundredths of a per cent.
pub(super) async fn progress_of(connection: &mut PgConnection, enrollment_id: Uuid) -> Result<i32> {
    let progress = sqlx::query_scalar!(
        r#"select (p.progress_percentage * 100)::int as "progress!"
           from course_enrollments e join course_progress p on p.user_id = e.user_id and p.course_id = e.course_id where e.id = $1"#,
        enrollment_id
    )
    .fetch_optional(connection)
    .await?;
    Ok(progress.unwrap_or(0))
}

pub(super) async fn follow(connection: &mut PgConnection, enrollments: &[Uuid], version_id: Uuid, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!(
        "update course_enrollments set course_version_id = $2, declined_version_id = null, updated_at = $3 where id = any($1)",
        enrollments,
        version_id,
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Returns whether it was not declined before.
pub(super) async fn decline(connection: &mut PgConnection, enrollment_id: Uuid, version_id: Uuid, now: DateTime<Utc>) -> Result<bool> {
    let done = sqlx::query!(
        "update course_enrollments set declined_version_id = $2, updated_at = $3
         where id = $1 and declined_version_id is distinct from $2 and course_version_id <> $2",
        enrollment_id,
        version_id,
        now
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Remembers of lessons that they were open for a learner.
pub(super) async fn keep_open(connection: &mut PgConnection, user_id: Uuid, lessons: &[Uuid], now: DateTime<Utc>) -> Result<()> {
    sqlx::query!(
        "insert into lesson_progress as p (user_id, lesson_id, opened_at) select $1::uuid, id, $3::timestamptz from unnest($2::uuid[]) as id
         on conflict on constraint lesson_progress_pkey do update set opened_at = coalesce(p.opened_at, excluded.opened_at)",
        user_id,
        lessons,
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) struct TouchedRow {
    pub enrollment_id: Uuid,
    pub full_name: String,
    pub progress: i32,
    pub finished_at: Option<DateTime<Utc>>,
    pub completed: i32,
    pub required: i32,
}

/// Running enrolments that do not follow the published version, with what that one would count.
pub(super) async fn touched(connection: &mut PgConnection, course_id: Uuid, group_id: Option<Uuid>) -> Result<Vec<TouchedRow>> {
    sqlx::query_as!(
        TouchedRow,
        r#"select e.id as enrollment_id, u.full_name, coalesce((p.progress_percentage * 100)::int, 0) as "progress!",
                  p.completed_at as "finished_at?", n.completed as "completed!", n.required as "required!"
           from course_enrollments e
           join courses c on c.id = e.course_id
           join users u on u.id = e.user_id
           left join course_progress p on p.user_id = e.user_id and p.course_id = e.course_id
           cross join lateral (
               select count(*)::int as required, count(*) filter (where lp.state = 'completed')::int as completed
               from course_version_lessons l left join lesson_progress lp on lp.lesson_id = l.lesson_id and lp.user_id = e.user_id
               where l.course_version_id = c.published_version_id and l.is_required
           ) n
           where e.course_id = $1 and ($2::uuid is null or e.group_id = $2) and e.state in ('active', 'paused', 'completed')
             and e.course_version_id <> c.published_version_id
           order by u.full_name, e.id"#,
        course_id,
        group_id
    )
    .fetch_all(connection)
    .await
}

/// A test of a lesson in a version.
#[derive(Debug, Deserialize)]
pub(super) struct TestNeed {
    pub id: Uuid,
    pub must_pass: bool,
}

/// An assignment of a lesson in a version.
#[derive(Debug, Deserialize)]
pub(super) struct AssignmentNeed {
    pub id: Uuid,
    pub requires: String,
}

pub(super) struct LessonRow {
    pub module_id: Uuid,
    pub module_opens: String,
    pub module_opens_at: Option<DateTime<Utc>>,
    pub module_opens_after_days: Option<i32>,
    pub lesson_id: Uuid,
    pub is_required: bool,
    pub is_preview: bool,
    pub opens: String,
    pub opens_at: Option<DateTime<Utc>>,
    pub opens_after_days: Option<i32>,
    pub video_share: i32,
    pub tests: Json<Vec<TestNeed>>,
    pub assignments: Json<Vec<AssignmentNeed>>,
}

/// The lessons of a version with their rules and what completes them, in order.
pub(super) async fn version_lessons(connection: &mut PgConnection, version_id: Uuid) -> Result<Vec<LessonRow>> {
    sqlx::query_as!(
        LessonRow,
        r#"select m.module_id, m.opens as module_opens, m.opens_at as module_opens_at, m.opens_after_days as module_opens_after_days,
                  l.lesson_id, l.is_required, l.is_preview, l.opens, l.opens_at, l.opens_after_days, l.video_share,
                  coalesce((
                      select jsonb_agg(jsonb_build_object('id', t.id, 'must_pass', vt.must_pass) order by t.position, t.id)
                      from tests t join course_version_tests vt on vt.test_id = t.id and vt.course_version_id = $1
                      where t.lesson_id = l.lesson_id and t.published_version_id is not null
                  ), '[]') as "tests!: Json<Vec<TestNeed>>",
                  coalesce((
                      select jsonb_agg(jsonb_build_object('id', x.id, 'requires', va.requires) order by x.position, x.id)
                      from assignments x join course_version_assignments va on va.assignment_id = x.id and va.course_version_id = $1
                      where x.lesson_id = l.lesson_id and x.published_version_id is not null
                  ), '[]') as "assignments!: Json<Vec<AssignmentNeed>>"
           from course_version_modules m
           join course_version_lessons l on l.course_version_id = m.course_version_id and l.module_id = m.module_id
           where m.course_version_id = $1 order by m.position, m.module_id, l.position, l.lesson_id"#,
        version_id
    )
    .fetch_all(connection)
    .await
}
