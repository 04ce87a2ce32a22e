//! Enrolling a person into a course: the one place where an enrolment begins, whoever grants it.

use super::{openings, progress, queries};
use crate::server::ctx::Ctx;
use crate::server::error::{OnConstraint as _, Result, ServiceError};
use crate::server::events::{self, AccessEvent, Event};
use crate::shared::error::Problem;
use chrono::{DateTime, Duration, Utc};
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

/// What a purchase gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bought {
    /// An enrolment began.
    Began(Uuid),
    /// The running one lasts longer; it ended at that moment before.
    Extended(Uuid, DateTime<Utc>),
    /// The running one lasts as long already.
    Had(Uuid),
}

/// When bought access ends: so many days from a moment, at a fixed moment, or never.
fn access_end(from: DateTime<Utc>, days: Option<i32>, until: Option<DateTime<Utc>>) -> Option<DateTime<Utc>> {
    days.map(|days| from + Duration::days(days.into())).or(until)
}

/// Gives a learner what a line of an order sold, in the caller's transaction: a new enrolment, or a longer term of the running one.
/// The term is the input's end, or so many days.
///
/// # Errors
/// Not found when the course is not published.
pub async fn buy(connection: &mut PgConnection, ctx: &Ctx, input: Enroll<'_>, days: Option<i32>, order_line_id: Uuid) -> Result<Bought> {
    queries::expire_enrollments(connection, input.user_id, input.course_id, ctx.now()).await?;
    let Some(running) = queries::lock_running(connection, input.user_id, input.course_id).await? else {
        let expires_at = access_end(ctx.now(), days, input.expires_at);
        let id = enroll(connection, ctx, Enroll { expires_at, ..input }).await?;
        queries::update_order_line(connection, id, order_line_id).await?;
        return Ok(Bought::Began(id));
    };
    let Some(before) = running.expires_at else { return Ok(Bought::Had(running.id)) };
    // Days that were bought are added to those that are left.
    let expires_at = access_end(before.max(ctx.now()), days, input.expires_at);
    if expires_at.is_some_and(|end| end <= before) {
        return Ok(Bought::Had(running.id));
    }
    queries::update_term(connection, running.id, expires_at, ctx.now()).await?;
    let event = AccessEvent::Extended { enrollment_id: running.id, user_id: input.user_id, course_id: input.course_id };
    events::record(connection, ctx, Event::Access(event)).await?;
    Ok(Bought::Extended(running.id, before))
}

/// Takes a bought enrolment back, in the caller's transaction. What the learner did stays.
pub async fn revoke(connection: &mut PgConnection, ctx: &Ctx, enrollment_id: Uuid) -> Result<()> {
    if queries::revoke_enrollment(connection, enrollment_id, ctx.now()).await? {
        events::record(connection, ctx, Event::Access(AccessEvent::Revoked { enrollment_id })).await?;
    }
    Ok(())
}

/// Gives a bought enrolment back that was taken back, in the caller's transaction. Returns whether the taking back is undone: it is not
/// when the term is over by now, or when another enrolment runs.
pub async fn restore(connection: &mut PgConnection, ctx: &Ctx, enrollment_id: Uuid) -> Result<bool> {
    if !queries::is_revoked(connection, enrollment_id).await? {
        return Ok(true);
    }
    let is_restored = queries::restore_enrollment(connection, enrollment_id, ctx.now()).await?;
    if is_restored {
        events::record(connection, ctx, Event::Access(AccessEvent::Restored { enrollment_id })).await?;
    }
    Ok(is_restored)
}

/// Takes a bought extension back, in the caller's transaction.
pub async fn shorten(connection: &mut PgConnection, ctx: &Ctx, enrollment_id: Uuid, expires_at: DateTime<Utc>) -> Result<()> {
    queries::update_term(connection, enrollment_id, Some(expires_at), ctx.now()).await?;
    events::record(connection, ctx, Event::Access(AccessEvent::Shortened { enrollment_id })).await
}
