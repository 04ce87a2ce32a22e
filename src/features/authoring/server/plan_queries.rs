//! SQL about what a course version says of its modules and lessons.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

type Result<T> = std::result::Result<T, sqlx::Error>;

/// The version that is edited: the draft, else what is published.
pub(super) async fn working_version(connection: &mut PgConnection, course_id: Uuid) -> Result<Option<Uuid>> {
    sqlx::query_scalar!(
        "select v.id from courses c join course_versions v on v.course_id = c.id and (v.state = 'draft' or v.id = c.published_version_id)
         where c.id = $1 order by v.state = 'draft' desc limit 1",
        course_id
    )
    .fetch_optional(connection)
    .await
}

/// When something opens, as the tables keep it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct OpeningRow {
    pub opens: String,
    pub opens_at: Option<DateTime<Utc>>,
    pub opens_after_days: Option<i32>,
}

/// A lesson's place in a version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PlanRow {
    pub opens: String,
    pub opens_at: Option<DateTime<Utc>>,
    pub opens_after_days: Option<i32>,
    pub is_required: bool,
    pub is_preview: bool,
    pub video_share: i32,
    pub has_video: bool,
}

pub(super) async fn plan(connection: &mut PgConnection, version_id: Uuid, lesson_id: Uuid) -> Result<Option<PlanRow>> {
    sqlx::query_as!(
        PlanRow,
        r#"select l.opens, l.opens_at, l.opens_after_days, l.is_required, l.is_preview, l.video_share,
                  exists (select from lesson_versions v where v.lesson_id = l.lesson_id and v.video_seconds is not null
                          and (v.published_at is null or v.id = x.published_version_id)) as "has_video!"
           from course_version_lessons l join lessons x on x.id = l.lesson_id
           where l.course_version_id = $1 and l.lesson_id = $2"#,
        version_id,
        lesson_id
    )
    .fetch_optional(connection)
    .await
}

pub(super) async fn update_plan(connection: &mut PgConnection, version_id: Uuid, lesson_id: Uuid, plan: &PlanRow) -> Result<()> {
    sqlx::query!(
        "update course_version_lessons
         set opens = $3, opens_at = $4, opens_after_days = $5, is_required = $6, is_preview = $7, video_share = $8
         where course_version_id = $1 and lesson_id = $2",
        version_id,
        lesson_id,
        plan.opens,
        plan.opens_at,
        plan.opens_after_days,
        plan.is_required,
        plan.is_preview,
        plan.video_share
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Something of a lesson and what the lesson needs of it: a test `passed` or `nothing`, an assignment `sent`, `accepted` or `nothing`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NeedRow {
    pub id: Uuid,
    pub title: String,
    pub needs: String,
}

pub(super) async fn tests(connection: &mut PgConnection, version_id: Uuid, lesson_id: Uuid) -> Result<Vec<NeedRow>> {
    sqlx::query_as!(
        NeedRow,
        r#"select t.id, t.title, case when v.must_pass then 'passed' else 'nothing' end as "needs!"
           from tests t join course_version_tests v on v.test_id = t.id
           where v.course_version_id = $1 and t.lesson_id = $2 order by t.position, t.id"#,
        version_id,
        lesson_id
    )
    .fetch_all(connection)
    .await
}

pub(super) async fn assignments(connection: &mut PgConnection, version_id: Uuid, lesson_id: Uuid) -> Result<Vec<NeedRow>> {
    sqlx::query_as!(
        NeedRow,
        r#"select a.id, a.title, v.requires as "needs!"
           from assignments a join course_version_assignments v on v.assignment_id = a.id
           where v.course_version_id = $1 and a.lesson_id = $2 order by a.position, a.id"#,
        version_id,
        lesson_id
    )
    .fetch_all(connection)
    .await
}

pub(super) async fn update_test(connection: &mut PgConnection, version_id: Uuid, test_id: Uuid, must_pass: bool) -> Result<()> {
    sqlx::query!("update course_version_tests set must_pass = $3 where course_version_id = $1 and test_id = $2", version_id, test_id, must_pass)
        .execute(connection)
        .await?;
    Ok(())
}

pub(super) async fn update_assignment(connection: &mut PgConnection, version_id: Uuid, assignment_id: Uuid, requires: &str) -> Result<()> {
    sqlx::query!(
        "update course_version_assignments set requires = $3 where course_version_id = $1 and assignment_id = $2",
        version_id,
        assignment_id,
        requires
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn module_opening(connection: &mut PgConnection, version_id: Uuid, module_id: Uuid) -> Result<Option<OpeningRow>> {
    sqlx::query_as!(
        OpeningRow,
        "select opens, opens_at, opens_after_days from course_version_modules where course_version_id = $1 and module_id = $2",
        version_id,
        module_id
    )
    .fetch_optional(connection)
    .await
}

pub(super) async fn update_module(connection: &mut PgConnection, version_id: Uuid, module_id: Uuid, opening: &OpeningRow) -> Result<()> {
    sqlx::query!(
        "update course_version_modules set opens = $3, opens_at = $4, opens_after_days = $5 where course_version_id = $1 and module_id = $2",
        version_id,
        module_id,
        opening.opens,
        opening.opens_at,
        opening.opens_after_days
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Throws a course's draft away; gives whether there was one.
pub(super) async fn delete_draft(connection: &mut PgConnection, course_id: Uuid) -> Result<bool> {
    let done = sqlx::query!("delete from course_versions where course_id = $1 and state = 'draft'", course_id).execute(connection).await?;
    Ok(done.rows_affected() > 0)
}
