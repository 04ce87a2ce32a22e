//! SQL that writes a course from a file, with its offers, modules and lessons.

use crate::features::files::rules::chapters::Chapter;
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

type Result<T> = std::result::Result<T, sqlx::Error>;

pub(super) async fn course_id_by_slug(connection: &mut PgConnection, slug: &str) -> Result<Option<Uuid>> {
    sqlx::query_scalar!("select id from courses where slug = $1", slug).fetch_optional(connection).await
}

/// The first lesson of a course.
pub(super) async fn first_lesson(connection: &mut PgConnection, course_id: Uuid) -> Result<Option<Uuid>> {
    sqlx::query_scalar!(
        "select l.id from lessons l join modules m on m.id = l.module_id where m.course_id = $1 order by m.position, l.position limit 1",
        course_id
    )
    .fetch_optional(connection)
    .await
}

pub(super) struct NewCourse<'a> {
    pub id: Uuid,
    pub version_id: Uuid,
    pub slug: &'a str,
    pub title: &'a str,
    pub price_minor: i64,
    pub review_hours: i32,
    pub position: i32,
    pub summary: &'a str,
    pub audience: &'a str,
    pub outcomes: &'a [String],
    pub description_md: &'a str,
    pub description_html: &'a str,
    pub renderer_version: i32,
    pub curator_note: &'a str,
    pub cover: &'a str,
    pub faq: serde_json::Value,
    pub now: DateTime<Utc>,
}

/// A course with its first version, not yet published.
pub(super) async fn insert_course(connection: &mut PgConnection, row: NewCourse<'_>) -> Result<()> {
    sqlx::query!(
        "insert into courses (id, slug, title, status, price, currency, review_hours, position, is_demo, created_at, updated_at)
         values ($1, $2, $3, 'draft', $4::bigint / 100.0, 'RUB', $5, $6, true, $7, $7)",
        row.id,
        row.slug,
        row.title,
        row.price_minor,
        row.review_hours,
        row.position,
        row.now
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "insert into course_versions (id, course_id, number, state, title, summary, audience, outcomes, description_md, description_html,
                                      renderer_version, curator_note, cover, faq, created_at, published_at)
         values ($1, $2, 1, 'published', $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13)",
        row.version_id,
        row.id,
        row.title,
        row.summary,
        row.audience,
        row.outcomes,
        row.description_md,
        row.description_html,
        row.renderer_version,
        row.curator_note,
        row.cover,
        row.faq,
        row.now
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn publish_course(connection: &mut PgConnection, id: Uuid, version_id: Uuid) -> Result<()> {
    sqlx::query!("update courses set status = 'published', published_version_id = $2 where id = $1", id, version_id).execute(connection).await?;
    Ok(())
}

pub(super) struct NewOffer<'a> {
    pub id: Uuid,
    pub item_id: Uuid,
    pub course_id: Uuid,
    pub name: &'a str,
    pub price_minor: i64,
    pub access_days: Option<i32>,
    pub with_review: bool,
    pub review_rounds: Option<i32>,
    pub position: i32,
    pub now: DateTime<Utc>,
}

pub(super) async fn insert_offer(connection: &mut PgConnection, row: NewOffer<'_>) -> Result<()> {
    sqlx::query!(
        "insert into offers (id, name, price_minor, currency, access_days, with_review, review_rounds, position, created_at)
         values ($1, $2, $3, 'RUB', $4, $5, $6, $7, $8)",
        row.id,
        row.name,
        row.price_minor,
        row.access_days,
        row.with_review,
        row.review_rounds,
        row.position,
        row.now
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!("insert into offer_items (id, offer_id, course_id) values ($1, $2, $3)", row.item_id, row.id, row.course_id)
        .execute(connection)
        .await?;
    Ok(())
}

pub(super) struct NewModule<'a> {
    pub id: Uuid,
    pub course_id: Uuid,
    pub version_id: Uuid,
    pub title: &'a str,
    pub opens: &'a str,
    pub opens_after_days: Option<i32>,
    pub position: i32,
    pub now: DateTime<Utc>,
}

pub(super) async fn insert_module(connection: &mut PgConnection, row: NewModule<'_>) -> Result<()> {
    sqlx::query!(
        "insert into modules (id, course_id, title, position, created_at) values ($1, $2, $3, $4, $5)",
        row.id,
        row.course_id,
        row.title,
        row.position,
        row.now
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "insert into course_version_modules (course_version_id, module_id, position, title, opens, opens_after_days) values ($1, $2, $3, $4, $5, $6)",
        row.version_id,
        row.id,
        row.position,
        row.title,
        row.opens,
        row.opens_after_days
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) struct NewLesson<'a> {
    pub id: Uuid,
    pub version_id: Uuid,
    pub course_version_id: Uuid,
    pub module_id: Uuid,
    pub slug: &'a str,
    pub title: &'a str,
    pub summary: &'a str,
    pub minutes: i32,
    pub content_md: &'a str,
    pub content_html: &'a str,
    pub renderer_version: i32,
    pub is_required: bool,
    pub is_preview: bool,
    pub position: i32,
    pub now: DateTime<Utc>,
}

pub(super) async fn insert_lesson(connection: &mut PgConnection, row: NewLesson<'_>) -> Result<()> {
    sqlx::query!(
        "insert into lessons (id, module_id, slug, title, position, created_at) values ($1, $2, $3, $4, $5, $6)",
        row.id,
        row.module_id,
        row.slug,
        row.title,
        row.position,
        row.now
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "insert into lesson_versions (id, lesson_id, number, title, summary, minutes, content_md, content_html, renderer_version, created_at, published_at)
         values ($1, $2, 1, $3, $4, $5, $6, $7, $8, $9, $9)",
        row.version_id, row.id, row.title, row.summary, row.minutes, row.content_md, row.content_html, row.renderer_version, row.now
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!("update lessons set published_version_id = $2 where id = $1", row.id, row.version_id).execute(&mut *connection).await?;
    sqlx::query!(
        "insert into course_version_lessons (course_version_id, lesson_id, module_id, position, is_required, is_preview) values ($1, $2, $3, $4, $5, $6)",
        row.course_version_id, row.id, row.module_id, row.position, row.is_required, row.is_preview
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) struct NewLessonFile<'a> {
    pub version_id: Uuid,
    pub file_id: Uuid,
    pub role: &'a str,
    pub position: i32,
    pub title: &'a str,
    pub language: &'a str,
    pub chapters: &'a [Chapter],
}

pub(super) async fn insert_lesson_file(connection: &mut PgConnection, row: NewLessonFile<'_>) -> Result<()> {
    sqlx::query!(
        "insert into lesson_version_files (lesson_version_id, file_id, role, position, title, language, chapters) values ($1, $2, $3, $4, $5, $6, $7)",
        row.version_id,
        row.file_id,
        row.role,
        row.position,
        row.title,
        row.language,
        Json(row.chapters) as _
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn insert_curator(connection: &mut PgConnection, course_id: Uuid, user_id: Uuid, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!("insert into course_curators (course_id, user_id, created_at) values ($1, $2, $3) on conflict do nothing", course_id, user_id, now)
        .execute(connection)
        .await?;
    Ok(())
}
