//! SQL of authors: an assignment's draft and what is published of it.

use crate::features::assignments::rules::rubric::Criterion;
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

type Result<T> = std::result::Result<T, sqlx::Error>;

pub(super) struct WorkingRow {
    pub id: Uuid,
    pub is_draft: bool,
    pub course_title: String,
    pub lesson_id: Uuid,
}

/// Holds an assignment of the course until the end of the transaction; whether there is one.
pub(super) async fn lock(connection: &mut PgConnection, course_id: Uuid, id: Uuid) -> Result<bool> {
    let found = sqlx::query_scalar!(
        "select a.id from assignments a join lessons l on l.id = a.lesson_id join modules m on m.id = l.module_id
         where a.id = $2 and m.course_id = $1 for update of a",
        course_id,
        id
    )
    .fetch_optional(connection)
    .await?;
    Ok(found.is_some())
}

/// The version that is edited: the draft, else what is published.
pub(super) async fn working_version(connection: &mut PgConnection, course_id: Uuid, id: Uuid) -> Result<Option<WorkingRow>> {
    sqlx::query_as!(
        WorkingRow,
        r#"select v.id, v.published_at is null as "is_draft!", c.title as course_title, a.lesson_id
           from assignments a join assignment_versions v on v.assignment_id = a.id and (v.published_at is null or v.id = a.published_version_id)
           join lessons l on l.id = a.lesson_id join modules m on m.id = l.module_id join courses c on c.id = m.course_id
           where a.id = $2 and c.id = $1 order by v.published_at is null desc limit 1"#,
        course_id,
        id
    )
    .fetch_optional(connection)
    .await
}

/// What is set of an assignment's version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SettingsRow {
    pub title: String,
    pub task_md: String,
    pub takes_text: bool,
    pub takes_photos: bool,
    pub takes_files: bool,
    pub takes_links: bool,
    pub days: Option<i32>,
    pub rounds: Option<i32>,
    pub mark: String,
    pub max_points: i32,
    pub late_days: i32,
    pub late_percent: i32,
    pub late_floor: i32,
    pub rubric: Json<Vec<Criterion>>,
}

pub(super) async fn settings(connection: &mut PgConnection, version_id: Uuid) -> Result<SettingsRow> {
    sqlx::query_as!(
        SettingsRow,
        r#"select title, task_md, takes_text, takes_photos, takes_files, takes_links, days, rounds, mark, max_points, late_days, late_percent,
                late_floor, rubric as "rubric: Json<Vec<Criterion>>"
         from assignment_versions where id = $1"#,
        version_id
    )
    .fetch_one(connection)
    .await
}

/// Copies the published version into a draft.
pub(super) async fn insert_draft(connection: &mut PgConnection, assignment_id: Uuid, from: Uuid, id: Uuid, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!(
        "insert into assignment_versions (id, assignment_id, number, title, task_md, task_html, renderer_version, takes_text, takes_photos,
                                          takes_files, takes_links, days, rounds, mark, max_points, late_days, late_percent, late_floor, rubric,
                                          created_at)
         select $3, assignment_id, (select max(number) + 1 from assignment_versions where assignment_id = $1), title, task_md, task_html,
                renderer_version, takes_text, takes_photos, takes_files, takes_links, days, rounds, mark, max_points, late_days, late_percent,
                late_floor, rubric, $4
         from assignment_versions where id = $2",
        assignment_id,
        from,
        id,
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn update(connection: &mut PgConnection, version_id: Uuid, row: &SettingsRow, task_html: &str, renderer: i32) -> Result<()> {
    sqlx::query!(
        "update assignment_versions set title = $2, task_md = $3, task_html = $4, renderer_version = $5, takes_text = $6, takes_photos = $7,
                takes_files = $8, takes_links = $9, days = $10, rounds = $11, mark = $12, max_points = $13, late_days = $14, late_percent = $15,
                late_floor = $16, rubric = $17
         where id = $1",
        version_id,
        row.title,
        row.task_md,
        task_html,
        renderer,
        row.takes_text,
        row.takes_photos,
        row.takes_files,
        row.takes_links,
        row.days,
        row.rounds,
        row.mark,
        row.max_points,
        row.late_days,
        row.late_percent,
        row.late_floor,
        Json(&row.rubric.0) as _
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Makes a draft what learners get from now on.
pub(super) async fn publish(connection: &mut PgConnection, assignment_id: Uuid, version_id: Uuid, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!("update assignment_versions set published_at = $2 where id = $1", version_id, now).execute(&mut *connection).await?;
    sqlx::query!(
        "update assignments set published_version_id = $2, title = v.title from assignment_versions v where assignments.id = $1 and v.id = $2",
        assignment_id,
        version_id
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn discard(connection: &mut PgConnection, version_id: Uuid) -> Result<()> {
    sqlx::query!("delete from assignment_versions where id = $1 and published_at is null", version_id).execute(connection).await?;
    Ok(())
}

/// Makes an assignment of a lesson of the course, after the others, with a draft and a place in a version of the course; whether there
/// is such a lesson.
pub(super) async fn insert(
    connection: &mut PgConnection,
    (course_id, course_version_id, lesson_id): (Uuid, Uuid, Uuid),
    (id, version_id): (Uuid, Uuid),
    title: &str,
    now: DateTime<Utc>,
) -> Result<bool> {
    let done = sqlx::query!(
        "insert into assignments (id, lesson_id, title, position, created_at)
         select $3, l.id, $4, (select coalesce(max(position), 0) + 1 from assignments where lesson_id = l.id), $5
         from lessons l join modules m on m.id = l.module_id where l.id = $2 and m.course_id = $1",
        course_id,
        lesson_id,
        id,
        title,
        now
    )
    .execute(&mut *connection)
    .await?;
    if done.rows_affected() == 0 {
        return Ok(false);
    }
    sqlx::query!(
        "insert into assignment_versions (id, assignment_id, number, title, created_at) values ($1, $2, 1, $3, $4)",
        version_id,
        id,
        title,
        now
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!("insert into course_version_assignments (course_version_id, assignment_id) values ($1, $2)", course_version_id, id)
        .execute(connection)
        .await?;
    Ok(true)
}
