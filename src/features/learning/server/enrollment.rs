//! Enrolling a person into a course: the one place where an enrolment begins, whoever grants it.

use super::{openings, progress, queries};
use crate::server::ctx::Ctx;
use crate::server::error::{OnConstraint as _, Result, ServiceError};
use crate::server::events::{self, Event};
use crate::shared::error::Problem;
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

/// Who is enrolled into what, by whom.
#[derive(Debug)]
pub struct Enroll<'a> {
    /// The learner.
    pub user_id: Uuid,
    /// The course.
    pub course_id: Uuid,
    /// The offer whose term holds, if one does.
    pub offer_id: Option<Uuid>,
    /// Why, when staff grants it.
    pub reason: Option<&'a str>,
    /// When access ends; never without.
    pub expires_at: Option<DateTime<Utc>>,
}

/// Enrols in the caller's transaction, on the course's published version.
///
/// # Errors
/// A problem of the field `course_id` when a running enrolment is there already; not found when the course is not published.
pub async fn enroll(connection: &mut PgConnection, ctx: &Ctx, input: Enroll<'_>) -> Result<Uuid> {
    let version_id = queries::published_version(connection, input.course_id).await?.ok_or(ServiceError::NotFound)?;
    // An enrolment whose term is over makes room for a new one.
    queries::expire_enrollments(connection, input.user_id, input.course_id, ctx.now()).await?;
    let id = ctx.new_id();
    let row = queries::NewEnrollment {
        id,
        user_id: input.user_id,
        course_id: input.course_id,
        course_version_id: version_id,
        offer_id: input.offer_id,
        granted_by: ctx.actor.id(),
        grant_reason: input.reason,
        expires_at: input.expires_at,
        now: ctx.now(),
    };
    queries::insert_enrollment(connection, row)
        .await
        .on_constraint("course_enrollments_one_running_idx", || ServiceError::field("course_id", Problem::AlreadyEnrolled))?;
    let event = Event::Enrolled { enrollment_id: id, user_id: input.user_id, course_id: input.course_id, reason: input.reason.map(str::to_owned) };
    events::record(connection, ctx, event).await?;
    progress::recompute(connection, ctx, id).await?;
    openings::settle_past(connection, ctx, id).await?;
    Ok(id)
}
