//! The texts of courses as such, whoever reads them.

use super::access;
use super::text_queries as queries;
use crate::features::files::server::service as files;
use crate::server::authz::{self, Actor, ReadLesson};
use crate::server::ctx::Ctx;
use crate::server::error::Result;
use crate::server::markdown::{RENDERER_VERSION, page_html, to_html};
use crate::shared::role::Role;
use sqlx::PgConnection;
use std::collections::BTreeSet;
use uuid::Uuid;

/// Renders some texts of courses, lessons and assignments again that an older renderer made; whether there were any.
pub async fn render_again(ctx: &Ctx) -> Result<bool> {
    let mut tx = ctx.begin().await?;
    let lessons = queries::lock_stale_lessons(&mut tx, RENDERER_VERSION).await?;
    for row in &lessons {
        let pictures = files::pictures_of(&mut tx, &row.markdown).await?;
        let html = page_html(&row.markdown, &|address| pictures.find(address));
        queries::update_lesson_html(&mut tx, row.id, &html, RENDERER_VERSION).await?;
    }
    let courses = queries::lock_stale_courses(&mut tx, RENDERER_VERSION).await?;
    for row in &courses {
        queries::update_course_html(&mut tx, row.id, &to_html(&row.markdown), RENDERER_VERSION).await?;
    }
    let assignments = queries::lock_stale_assignments(&mut tx, RENDERER_VERSION).await?;
    for row in &assignments {
        queries::update_assignment_html(&mut tx, row.id, &to_html(&row.markdown), RENDERER_VERSION).await?;
    }
    tx.commit().await?;
    Ok(!(lessons.is_empty() && courses.is_empty() && assignments.is_empty()))
}

/// A lesson's published text.
#[derive(Debug)]
pub struct LessonText {
    /// The course that it belongs to.
    pub course_id: Uuid,
    /// `lesson_versions.id`.
    pub version_id: Uuid,
    /// Name.
    pub title: String,
    /// In a sentence.
    pub summary: String,
    /// All of it.
    pub markdown: String,
}

/// A lesson's published text; `None` when there is none, or its course is a draft.
pub async fn lesson(connection: &mut PgConnection, lesson_id: Uuid) -> Result<Option<LessonText>> {
    let row = queries::published_lesson(connection, lesson_id).await?;
    Ok(row.map(|row| LessonText {
        course_id: row.course_id,
        version_id: row.version_id,
        title: row.title,
        summary: row.summary,
        markdown: row.content_md,
    }))
}

/// The published text of a course's sales page.
#[derive(Debug)]
pub struct CourseText {
    /// `course_versions.id`.
    pub version_id: Uuid,
    /// Name.
    pub title: String,
    /// In a sentence or two.
    pub summary: String,
    /// Who it is for.
    pub audience: String,
    /// What one learns.
    pub outcomes: Vec<String>,
    /// Markdown.
    pub markdown: String,
}

/// A course's published text; `None` when there is none.
pub async fn course(connection: &mut PgConnection, course_id: Uuid) -> Result<Option<CourseText>> {
    let row = queries::published_course(connection, course_id).await?;
    Ok(row.map(|row| CourseText {
        version_id: row.version_id,
        title: row.title,
        summary: row.summary,
        audience: row.audience,
        outcomes: row.outcomes,
        markdown: row.description_md,
    }))
}

/// Every lesson whose text is published, with its version.
pub async fn published_lessons(connection: &mut PgConnection) -> Result<Vec<(Uuid, Uuid)>> {
    Ok(queries::published_lessons(connection).await?.into_iter().map(|row| (row.id, row.version_id)).collect())
}

/// Every course whose text is published, with its version.
pub async fn published_courses(connection: &mut PgConnection) -> Result<Vec<(Uuid, Uuid)>> {
    Ok(queries::published_courses(connection).await?.into_iter().map(|row| (row.id, row.version_id)).collect())
}

/// A lesson that a person may open now.
#[derive(Clone, Debug)]
pub struct OpenLesson {
    /// `lessons.id`.
    pub lesson_id: Uuid,
    /// Of its course.
    pub slug: String,
    /// Of its course.
    pub course_title: String,
    /// Open as a free lesson only.
    pub is_preview: bool,
}

fn reader(ctx: &Ctx) -> queries::Reader {
    let role = match ctx.actor {
        Actor::Person { role, .. } => Some(role),
        Actor::Visitor | Actor::System => None,
    };
    queries::Reader { user_id: ctx.actor.id(), is_admin: role == Some(Role::Admin), is_staff: role.is_some_and(Role::is_staff) }
}

/// All lessons that the asking person may open now, visitors included: of each course whose lessons are not free the policy is asked.
pub async fn open_lessons(connection: &mut PgConnection, ctx: &Ctx) -> Result<Vec<OpenLesson>> {
    let reader = reader(ctx);
    let rows = queries::open_lessons(connection, reader, ctx.now()).await?;
    let mut open = BTreeSet::new();
    if !reader.is_admin {
        let slugs: BTreeSet<&str> = rows.iter().filter(|row| !row.is_preview).map(|row| row.slug.as_str()).collect();
        for slug in slugs {
            let course = access::course_by_slug(connection, ctx, slug).await?;
            let lessons = access::open_lessons(connection, ctx, &course).await?;
            open.extend(
                lessons.into_iter().filter(|(_, lesson)| authz::permit(&ctx.actor, ReadLesson(lesson.facts.clone())).is_ok()).map(|(id, _)| id),
            );
        }
    }
    Ok(rows
        .into_iter()
        .filter(|row| reader.is_admin || row.is_preview || open.contains(&row.lesson_id))
        .map(|row| OpenLesson { lesson_id: row.lesson_id, slug: row.slug, course_title: row.course_title, is_preview: row.is_preview })
        .collect())
}

/// All courses whose sales pages the asking person may see: id and slug.
pub async fn open_courses(connection: &mut PgConnection, ctx: &Ctx) -> Result<Vec<(Uuid, String)>> {
    Ok(queries::open_courses(connection, reader(ctx)).await?.into_iter().map(|row| (row.id, row.slug)).collect())
}

/// Names of a lesson and its course.
#[derive(Clone, Debug)]
pub struct LessonName {
    /// `lessons.id`.
    pub lesson_id: Uuid,
    /// Name of the lesson.
    pub title: String,
    /// Of the course.
    pub slug: String,
    /// Name of the course.
    pub course_title: String,
}

/// Names of lessons.
pub async fn lesson_names(connection: &mut PgConnection, lessons: &[Uuid]) -> Result<Vec<LessonName>> {
    let rows = queries::lesson_names(connection, lessons).await?;
    Ok(rows
        .into_iter()
        .map(|row| LessonName { lesson_id: row.lesson_id, title: row.title, slug: row.slug, course_title: row.course_title })
        .collect())
}
