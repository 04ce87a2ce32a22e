//! Progress: changes in the transaction of what caused it, and can be recomputed from the rows at any time with the same
//! result (progress.md P1–P3).

use super::progress_queries as queries;
use crate::features::learning::rules::watched::share;
use crate::features::learning::rules::{LessonFacts, progress_hundredths};
use crate::server::ctx::Ctx;
use crate::server::error::Result;
use crate::server::events::{self, Event};
use sqlx::PgConnection;
use uuid::Uuid;

/// Completes a lesson if all that the author requires of it is met, then counts the course anew. A complete lesson stays
/// complete. Called after everything that may complete one: a mark by hand, a passed test, an accepted work.
pub async fn refresh_lesson(connection: &mut PgConnection, ctx: &Ctx, enrollment_id: Uuid, lesson_id: Uuid, cause: &str) -> Result<()> {
    // What an ended enrolment began (an attempt that waited for review) counts for the one that runs now.
    let enrollment_id = queries::running_enrollment(connection, enrollment_id).await?.unwrap_or(enrollment_id);
    // One writer at a time per enrolment: two completions at once from two tabs count both lessons.
    let enrollment = queries::lock_enrollment(connection, enrollment_id).await?;
    if complete_met(connection, ctx, &enrollment, Some(lesson_id), cause).await? { recompute(connection, ctx, enrollment_id).await } else { Ok(()) }
}

/// The same for all lessons of an enrolment: another version may ask for less.
pub(super) async fn refresh_all(connection: &mut PgConnection, ctx: &Ctx, enrollment_id: Uuid) -> Result<()> {
    let enrollment = queries::lock_enrollment(connection, enrollment_id).await?;
    complete_met(connection, ctx, &enrollment, None, "version").await?;
    recompute(connection, ctx, enrollment_id).await
}

/// Completes the lessons whose requirements are met; returns whether there was one.
async fn complete_met(
    connection: &mut PgConnection,
    ctx: &Ctx,
    enrollment: &queries::EnrollmentRow,
    lesson_id: Option<Uuid>,
    cause: &str,
) -> Result<bool> {
    let mut is_any = false;
    for row in queries::lesson_facts(connection, enrollment.user_id, enrollment.course_version_id, lesson_id).await? {
        let facts = LessonFacts {
            is_marked: row.is_marked,
            // Where there is no video there is nothing to watch.
            video_required: row.video_seconds.map_or(0, |_| row.video_share),
            video_watched: share(&row.watched, row.video_seconds.unwrap_or(0)),
            tests_required: row.tests_required,
            tests_passed: row.tests_passed,
            assignments_required: row.assignments_required,
            assignments_met: row.assignments_met,
        };
        if facts.is_complete() && queries::complete_lesson(connection, enrollment.user_id, row.lesson_id, cause, ctx.now()).await? {
            events::record(connection, ctx, Event::LessonCompleted { user_id: enrollment.user_id, lesson_id: row.lesson_id }).await?;
            is_any = true;
        }
    }
    Ok(is_any)
}

/// Writes `course_progress` of an enrolment from its lessons.
pub async fn recompute(connection: &mut PgConnection, ctx: &Ctx, enrollment_id: Uuid) -> Result<()> {
    let enrollment = queries::lock_enrollment(connection, enrollment_id).await?;
    let counts = queries::count_lessons(connection, enrollment.user_id, enrollment.course_version_id).await?;
    let hundredths = progress_hundredths(i64::from(counts.completed), i64::from(counts.required));
    queries::upsert_course_progress(connection, &enrollment, enrollment_id, hundredths, counts.completed, counts.required, ctx.now()).await?;
    let is_complete = counts.required > 0 && counts.completed >= counts.required;
    if is_complete && queries::complete_enrollment(connection, enrollment_id, ctx.now()).await? {
        events::record(connection, ctx, Event::CourseCompleted { user_id: enrollment.user_id, course_id: enrollment.course_id }).await?;
    }
    Ok(())
}
