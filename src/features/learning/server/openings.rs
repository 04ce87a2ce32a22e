//! What staff opened for one person, and telling learners that the moment came for which lessons waited.

use super::opening_queries as queries;
use super::sequence::{self, CourseLesson, Follower};
use crate::server::authz::{self, Administer};
use crate::server::clock;
use crate::server::ctx::Ctx;
use crate::server::error::{OnConstraint as _, Result, ServiceError};
use crate::server::events::{self, Event, LessonEvent};
use crate::shared::error::{LessonWaits, Problem};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

/// Enrolments of one transaction when people are told.
const AT_ONCE: i64 = 100;

/// A lesson that is closed for a person.
#[derive(Clone, Debug)]
pub struct ClosedForPerson {
    /// `lessons.id`.
    pub lesson_id: Uuid,
    /// Name.
    pub title: String,
    /// Name of its course.
    pub course_title: String,
    /// What it waits for.
    pub waits: LessonWaits,
}

/// A lesson that staff opened for a person.
#[derive(Clone, Debug)]
pub struct Opening {
    /// `lesson_openings.id`.
    pub id: Uuid,
    /// Name of the lesson.
    pub title: String,
    /// Name of its course.
    pub course_title: String,
    /// Who did it.
    pub opened_by: Option<String>,
    /// Why.
    pub reason: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// The lessons of an enrolment as its learner has them.
async fn lessons_of(connection: &mut PgConnection, ctx: &Ctx, row: &queries::RunningRow) -> Result<Vec<CourseLesson>> {
    let follower = Follower {
        version_id: row.course_version_id,
        user_id: Some(row.user_id),
        enrollment: Some((row.enrollment_id, row.starts_at)),
        zone: clock::zone(&row.time_zone),
    };
    sequence::lessons(connection, ctx, &follower).await
}

/// What is closed for a person in their running courses.
pub async fn closed_for(connection: &mut PgConnection, ctx: &Ctx, user_id: Uuid) -> Result<Vec<ClosedForPerson>> {
    let _permit = authz::permit(&ctx.actor, Administer)?;
    let mut closed = Vec::new();
    for row in queries::running_of(connection, user_id, ctx.now()).await? {
        for lesson in lessons_of(connection, ctx, &row).await? {
            if let Some(waits) = lesson.waits {
                let course_title = row.course_title.clone();
                closed.push(ClosedForPerson { lesson_id: lesson.row.lesson_id, title: lesson.row.title.clone(), course_title, waits });
            }
        }
    }
    Ok(closed)
}

/// What was opened for a person in their running courses, the newest first.
pub async fn openings_of(connection: &mut PgConnection, ctx: &Ctx, user_id: Uuid) -> Result<Vec<Opening>> {
    let _permit = authz::permit(&ctx.actor, Administer)?;
    Ok(queries::openings_of(connection, user_id).await?)
}

/// Opens a closed lesson for a person, with a reason that was checked.
pub async fn open(connection: &mut PgConnection, ctx: &Ctx, user_id: Uuid, lesson_id: Uuid, reason: &str) -> Result<()> {
    let _permit = authz::permit(&ctx.actor, Administer)?;
    for row in queries::running_of(connection, user_id, ctx.now()).await? {
        let lessons = lessons_of(connection, ctx, &row).await?;
        if !lessons.iter().any(|lesson| lesson.row.lesson_id == lesson_id && lesson.waits.is_some()) {
            continue;
        }
        let opening =
            queries::NewOpening { id: ctx.new_id(), enrollment_id: row.enrollment_id, lesson_id, opened_by: ctx.actor.id(), reason, now: ctx.now() };
        queries::insert_opening(connection, opening).await.on_constraint("lesson_openings_enrollment_lesson_unique", || ServiceError::Conflict)?;
        let event = LessonEvent::Opened { user_id, course_id: row.course_id, lesson_id, reason: reason.to_owned() };
        return events::record(connection, ctx, Event::Lesson(event)).await;
    }
    // Open already, or of a course that this person does not learn in.
    Err(ServiceError::field("lesson_id", Problem::UnknownChoice))
}

/// Takes an opening back. What the learner has completed meanwhile stays.
pub async fn take_back(connection: &mut PgConnection, ctx: &Ctx, user_id: Uuid, opening_id: Uuid) -> Result<()> {
    let _permit = authz::permit(&ctx.actor, Administer)?;
    let row = queries::delete_opening(connection, user_id, opening_id).await?.ok_or(ServiceError::NotFound)?;
    let event = LessonEvent::TakenBack { user_id, course_id: row.course_id, lesson_id: row.lesson_id };
    events::record(connection, ctx, Event::Lesson(event)).await
}

/// Tells learners of lessons whose moment came since: once each, several at once together. One transaction per chunk of
/// enrolments.
pub async fn tell_of_opened(ctx: &Ctx) -> Result<()> {
    let mut after = Uuid::nil();
    loop {
        let mut tx = ctx.begin().await?;
        let rows = queries::lock_expecting(&mut tx, after, ctx.now(), AT_ONCE).await?;
        let Some(last) = rows.last().map(|row| row.enrollment_id) else { return Ok(()) };
        for row in &rows {
            tell(&mut tx, ctx, row).await?;
        }
        tx.commit().await?;
        after = last;
    }
}

async fn tell(connection: &mut PgConnection, ctx: &Ctx, row: &queries::RunningRow) -> Result<()> {
    let lessons = lessons_of(connection, ctx, row).await?;
    let came = queries::unsettled(connection, row.enrollment_id).await?;
    let mut settled = Vec::new();
    let mut news = Vec::new();
    for lesson in lessons.iter().filter(|lesson| came.contains(&lesson.row.lesson_id)) {
        if lesson.waits.as_ref().is_some_and(|waits| waits.not_before.is_some()) {
            continue;
        }
        settled.push(lesson.row.lesson_id);
        // Who was there knows; what still waits for the learner's own step opens under their hands.
        if lesson.waits.is_none() && !lesson.kept.was_open && !lesson.kept.is_opened && !lesson.is_complete() {
            news.push(lesson.row.lesson_id);
        }
    }
    queries::settle(connection, row.enrollment_id, &settled, ctx.now()).await?;
    if news.is_empty() {
        return Ok(());
    }
    let event = LessonEvent::CameOpen { enrollment_id: row.enrollment_id, user_id: row.user_id, course_id: row.course_id, lesson_ids: news };
    events::record(connection, ctx, Event::Lesson(event)).await
}

/// Settles what is open when an enrolment begins, or when its learner takes a version in: that is no news.
pub(super) async fn settle_past(connection: &mut PgConnection, ctx: &Ctx, enrollment_id: Uuid) -> Result<()> {
    let row = queries::running(connection, enrollment_id).await?;
    let lessons = lessons_of(connection, ctx, &row).await?;
    let came = queries::unsettled(connection, enrollment_id).await?;
    let is_past = |lesson: &&CourseLesson| lesson.waits.as_ref().is_none_or(|waits| waits.not_before.is_none());
    let settled: Vec<Uuid> = lessons.iter().filter(is_past).map(|lesson| lesson.row.lesson_id).filter(|id| came.contains(id)).collect();
    Ok(queries::settle(connection, enrollment_id, &settled, ctx.now()).await?)
}
