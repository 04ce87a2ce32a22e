//! SQL that writes what is to be done in a lesson: tests and assignments.

use super::files::Assignment;
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

type Result<T> = std::result::Result<T, sqlx::Error>;

pub(super) struct NewTest<'a> {
    pub id: Uuid,
    pub version_id: Uuid,
    pub course_version_id: Uuid,
    pub lesson_id: Uuid,
    pub title: &'a str,
    pub intro_md: &'a str,
    pub intro_html: &'a str,
    pub renderer_version: i32,
    pub pass_percent: i32,
    pub attempts_allowed: Option<i32>,
    pub time_limit_seconds: Option<i32>,
    pub must_pass: bool,
    pub position: i32,
    pub now: DateTime<Utc>,
}

pub(super) async fn insert_test(connection: &mut PgConnection, row: NewTest<'_>) -> Result<()> {
    sqlx::query!(
        "insert into tests (id, lesson_id, title, position, created_at) values ($1, $2, $3, $4, $5)",
        row.id,
        row.lesson_id,
        row.title,
        row.position,
        row.now
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "insert into test_versions (id, test_id, number, title, intro_md, intro_html, renderer_version, pass_percent, attempts_allowed, created_at, published_at, time_limit_seconds)
         values ($1, $2, 1, $3, $4, $5, $6, $7::int, $8, $9, $9, $10)",
        row.version_id, row.id, row.title, row.intro_md, row.intro_html, row.renderer_version, row.pass_percent, row.attempts_allowed, row.now, row.time_limit_seconds
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!("update tests set published_version_id = $2 where id = $1", row.id, row.version_id).execute(&mut *connection).await?;
    sqlx::query!(
        "insert into course_version_tests (course_version_id, test_id, must_pass) values ($1, $2, $3)",
        row.course_version_id,
        row.id,
        row.must_pass
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn insert_test_question(
    connection: &mut PgConnection,
    test_version_id: Uuid,
    question_id: Uuid,
    position: i32,
    weight: i32,
) -> Result<()> {
    sqlx::query!(
        "insert into test_version_questions (test_version_id, question_id, position, weight) values ($1, $2, $3, $4)",
        test_version_id,
        question_id,
        position,
        weight
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) struct NewAssignment<'a> {
    pub id: Uuid,
    pub version_id: Uuid,
    pub course_version_id: Uuid,
    pub lesson_id: Uuid,
    pub title: &'a str,
    pub task_md: &'a str,
    pub task_html: &'a str,
    pub renderer_version: i32,
    pub set: &'a Assignment,
    pub position: i32,
    pub now: DateTime<Utc>,
}

pub(super) async fn insert_assignment(connection: &mut PgConnection, row: NewAssignment<'_>) -> Result<()> {
    sqlx::query!(
        "insert into assignments (id, lesson_id, title, position, created_at) values ($1, $2, $3, $4, $5)",
        row.id,
        row.lesson_id,
        row.title,
        row.position,
        row.now
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "insert into assignment_versions (id, assignment_id, number, title, task_md, task_html, renderer_version, created_at, published_at,
                                          takes_text, takes_photos, takes_files, takes_links, days, rounds, mark, max_points, late_days, late_percent, late_floor)
         values ($1, $2, 1, $3, $4, $5, $6, $7, $7, 'text' = any ($8), 'photos' = any ($8), 'files' = any ($8), 'links' = any ($8), $9, $10, $11, $12,
                 $13, $14, $15)",
        row.version_id,
        row.id,
        row.title,
        row.task_md,
        row.task_html,
        row.renderer_version,
        row.now,
        &row.set.takes,
        row.set.days,
        row.set.rounds,
        row.set.mark,
        row.set.max_points,
        row.set.late_days,
        row.set.late_percent,
        row.set.late_floor
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!("update assignments set published_version_id = $2 where id = $1", row.id, row.version_id).execute(&mut *connection).await?;
    sqlx::query!(
        "insert into course_version_assignments (course_version_id, assignment_id, requires) values ($1, $2, $3)",
        row.course_version_id,
        row.id,
        row.set.requires
    )
    .execute(connection)
    .await?;
    Ok(())
}
