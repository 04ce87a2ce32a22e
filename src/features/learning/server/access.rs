//! What the policy wants to know about a person and a course, read in one query.

use super::queries;
use crate::server::authz::{CourseFacts, EnrollmentFacts};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use sqlx::PgConnection;
use uuid::Uuid;

/// A course with the facts about the asking person.
#[derive(Debug)]
pub struct CourseAccess {
    /// `courses.id`.
    pub id: Uuid,
    /// The version whose outline holds: that of the enrolment, else the published one.
    pub version_id: Uuid,
    /// The enrolment, the running one before an ended one.
    pub enrollment_id: Option<Uuid>,
    /// For the policy.
    pub facts: CourseFacts,
}

/// The course of a slug.
pub async fn course_by_slug(connection: &mut PgConnection, ctx: &Ctx, slug: &str) -> Result<CourseAccess> {
    let row = queries::course_access(connection, Some(slug), None, ctx.actor.id()).await?;
    access_of(ctx, row)
}

/// The course of an id.
pub async fn course_by_id(connection: &mut PgConnection, ctx: &Ctx, id: Uuid) -> Result<CourseAccess> {
    let row = queries::course_access(connection, None, Some(id), ctx.actor.id()).await?;
    access_of(ctx, row)
}

/// The title of a lesson that the course's version holds.
pub async fn lesson_title(connection: &mut PgConnection, course: &CourseAccess, lesson_id: Uuid) -> Result<String> {
    queries::lesson_title(connection, course.version_id, lesson_id).await?.ok_or(ServiceError::NotFound)
}

/// The course's name.
pub async fn course_title(connection: &mut PgConnection, course: &CourseAccess) -> Result<String> {
    Ok(queries::course_title(connection, course.id).await?)
}

fn access_of(ctx: &Ctx, row: Option<queries::AccessRow>) -> Result<CourseAccess> {
    let row = row.ok_or(ServiceError::NotFound)?;
    let version_id = row.followed_version_id.or(row.published_version_id).ok_or(ServiceError::NotFound)?;
    let now = ctx.now();
    let enrollment = row.enrollment_state.as_deref().map(|state| {
        let starts = row.starts_at.unwrap_or(now);
        let ended = row.expires_at.filter(|end| *end <= now);
        match (state, ended) {
            ("active" | "completed", None) if starts > now => EnrollmentFacts::Begins(ctx.local(starts)),
            ("active" | "completed", None) => EnrollmentFacts::Running,
            ("paused", None) => EnrollmentFacts::Paused,
            (_, Some(end)) => EnrollmentFacts::Ended(ctx.local(end)),
            _ => EnrollmentFacts::Ended(ctx.local(row.enrollment_changed_at.unwrap_or(now))),
        }
    });
    Ok(CourseAccess {
        id: row.id,
        version_id,
        enrollment_id: row.enrollment_id,
        facts: CourseFacts {
            slug: row.slug,
            is_published: row.status == "published",
            is_archived: row.status == "archived",
            is_curator: row.is_curator,
            enrollment,
        },
    })
}
