//! Staff let a learner do a lesson again (progress.md P2).

use super::opening_queries::running_of;
use super::{progress, progress_queries as queries};
use crate::server::authz::{self, Administer};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::server::events::{self, Event, LessonEvent};
use crate::shared::error::Problem;
use sqlx::PgConnection;
use uuid::Uuid;

pub use queries::CompletedRow as CompletedLesson;

/// The lessons that a person completed in their running courses, the newest first.
pub async fn completed_by(connection: &mut PgConnection, ctx: &Ctx, user_id: Uuid) -> Result<Vec<CompletedLesson>> {
    let _permit = authz::permit(&ctx.actor, Administer)?;
    Ok(queries::completed_lessons(connection, user_id, ctx.now()).await?)
}

/// Takes the completion of a lesson back, with a reason that was checked: the mark, the place in the video and what was watched begin anew.
/// Attempts and works stay, and what they fulfil is fulfilled. A finished course stays finished (P4).
pub async fn reset(connection: &mut PgConnection, ctx: &Ctx, user_id: Uuid, lesson_id: Uuid, reason: &str) -> Result<()> {
    let _permit = authz::permit(&ctx.actor, Administer)?;
    let lesson = completed_by(connection, ctx, user_id).await?.into_iter().find(|lesson| lesson.lesson_id == lesson_id);
    let lesson = lesson.ok_or_else(|| ServiceError::field("reset_lesson_id", Problem::UnknownChoice))?;
    let mut enrollments = running_of(connection, user_id, ctx.now()).await?;
    enrollments.retain(|row| row.course_id == lesson.course_id);
    for row in &enrollments {
        queries::lock_enrollment(connection, row.enrollment_id).await?;
    }
    if !queries::reset_lesson(connection, user_id, lesson_id).await? {
        // Somebody else was first.
        return Err(ServiceError::field("reset_lesson_id", Problem::UnknownChoice));
    }
    for row in &enrollments {
        progress::recompute(connection, ctx, row.enrollment_id).await?;
    }
    let event = LessonEvent::Reset { user_id, course_id: lesson.course_id, lesson_id, completed_at: lesson.completed_at, reason: reason.to_owned() };
    events::record(connection, ctx, Event::Lesson(event)).await
}
