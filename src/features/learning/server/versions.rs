//! Versions of a course: a draft as a copy of what is published, publishing it, and what of it reaches running enrolments (progress.md
//! P4, P5; docs/decisions/0009-sequence.md). The order of locks: the course, its enrolments by id, then as everywhere.

use super::access::{self, CourseAccess};
use super::sequence::{self, CourseLesson, Follower};
use super::version_queries::{self as queries, LessonRow};
use super::{openings, progress, progress_queries};
use crate::features::learning::model::VersionOffer;
use crate::features::learning::rules::progress_hundredths;
use crate::features::learning::rules::sequence::{Door, Planned};
use crate::features::learning::rules::versions::{Changes, VersionLesson, changes};
use crate::server::authz::{self, Administer, LearnInCourse};
use crate::server::clock;
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::server::events::{self, Event, LessonEvent};
use crate::shared::error::Problem;
use chrono::{DateTime, Utc};
use sqlx::{Acquire as _, PgConnection};
use std::collections::BTreeMap;
use uuid::Uuid;

/// What came of publishing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Publication {
    /// `course_versions.id`.
    pub version_id: Uuid,
    /// Running enrolments that follow it at once.
    pub followed: u32,
    /// Running enrolments that kept theirs until their learners accept.
    pub kept: u32,
}

/// A learner whom moving to the published version touches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Touched {
    /// `course_enrollments.id`.
    pub enrollment_id: Uuid,
    /// Their name.
    pub full_name: String,
    /// Hundredths of a per cent now.
    pub progress: i32,
    /// And after it; lessons that are found complete by then may add to it.
    pub progress_after: i32,
}

/// The version of a course that is being edited: the draft there is, else a new one, a copy of what is published.
pub async fn draft_of(connection: &mut PgConnection, ctx: &Ctx, course_id: Uuid) -> Result<Uuid> {
    let _permit = authz::permit(&ctx.actor, Administer)?;
    queries::lock_course(connection, course_id).await?.ok_or(ServiceError::NotFound)?;
    if let Some(draft) = queries::draft(connection, course_id).await? {
        return Ok(draft);
    }
    let version_id = ctx.new_id();
    queries::copy_version(connection, course_id, version_id, ctx.now()).await?;
    events::record(connection, ctx, Event::Lesson(LessonEvent::DraftBegun { course_id, version_id })).await?;
    Ok(version_id)
}

/// Publishes a course's draft in the caller's transaction. New enrolments follow it at once; running ones too, as far as it takes
/// nothing from them. Whether the course is on sale is another matter.
///
/// # Errors
/// A conflict, when there is no draft (any more).
pub async fn publish(connection: &mut PgConnection, ctx: &Ctx, course_id: Uuid) -> Result<Publication> {
    let _permit = authz::permit(&ctx.actor, Administer)?;
    queries::lock_course(connection, course_id).await?.ok_or(ServiceError::NotFound)?;
    let version_id = queries::draft(connection, course_id).await?.ok_or(ServiceError::Conflict)?;
    queries::publish_version(connection, course_id, version_id, ctx.actor.id(), ctx.now()).await?;
    queries::sync_identity(connection, version_id).await?;
    let new = version_lessons(connection, version_id).await?;
    let mut by_version: BTreeMap<Uuid, Vec<Uuid>> = BTreeMap::new();
    for row in queries::lock_running(connection, course_id, None).await? {
        by_version.entry(row.course_version_id).or_default().push(row.id);
    }
    let mut publication = Publication { version_id, followed: 0, kept: 0 };
    for (before, enrollments) in by_version {
        let changes = changes(&version_lessons(connection, before).await?, &new);
        let number = u32::try_from(enrollments.len()).unwrap_or(u32::MAX);
        if changes.need_consent() {
            publication.kept += number;
        } else if changes.touches_progress || changes.touches_openings {
            for enrollment_id in enrollments {
                let has_followed = follow_unless_it_falls(connection, ctx, enrollment_id, version_id, &changes).await?;
                *(if has_followed { &mut publication.followed } else { &mut publication.kept }) += 1;
            }
        } else {
            queries::follow(connection, &enrollments, version_id, ctx.now()).await?;
            publication.followed += number;
        }
    }
    let Publication { followed, kept, .. } = publication;
    events::record(connection, ctx, Event::Lesson(LessonEvent::Published { course_id, version_id, followed, kept })).await?;
    Ok(publication)
}

/// Follows a version without having asked: only where progress does not fall by it. Returns whether it does.
async fn follow_unless_it_falls(connection: &mut PgConnection, ctx: &Ctx, enrollment_id: Uuid, version_id: Uuid, changes: &Changes) -> Result<bool> {
    let before = queries::progress_of(connection, enrollment_id).await?;
    let mut savepoint = connection.begin().await?;
    follow(&mut savepoint, ctx, enrollment_id, version_id, changes).await?;
    let falls = queries::progress_of(&mut savepoint, enrollment_id).await? < before;
    if falls {
        savepoint.rollback().await?;
    } else {
        savepoint.commit().await?;
    }
    Ok(!falls)
}

/// Lets a locked enrolment follow a version. What was open stays open; what is met by now is complete; then progress is counted.
async fn follow(connection: &mut PgConnection, ctx: &Ctx, enrollment_id: Uuid, version_id: Uuid, changes: &Changes) -> Result<()> {
    let row = queries::enrollment(connection, enrollment_id).await?;
    let follower = |version_id| Follower {
        version_id,
        user_id: Some(row.user_id),
        enrollment: Some((enrollment_id, row.starts_at)),
        zone: clock::zone(&row.time_zone),
    };
    let is_open = |lesson: &&CourseLesson| lesson.door == Door::Open;
    let before = if changes.touches_openings { sequence::lessons(connection, ctx, &follower(row.course_version_id)).await? } else { Vec::new() };
    queries::follow(connection, &[enrollment_id], version_id, ctx.now()).await?;
    if changes.touches_openings {
        let open: Vec<Uuid> = before.iter().filter(is_open).map(|lesson| lesson.row.lesson_id).collect();
        let after = sequence::lessons(connection, ctx, &follower(version_id)).await?;
        let closing: Vec<Uuid> =
            after.iter().filter(|lesson| !is_open(lesson)).map(|lesson| lesson.row.lesson_id).filter(|id| open.contains(id)).collect();
        queries::keep_open(connection, row.user_id, &closing, ctx.now()).await?;
    }
    progress::refresh_all(connection, ctx, enrollment_id).await
}

/// What a newer version would change for the learner of a course; `None` when they follow the published one.
pub(super) async fn offer(connection: &mut PgConnection, course: &CourseAccess) -> Result<Option<VersionOffer>> {
    let (Some(version_id), Some(enrollment_id)) = (course.row.published_version_id, course.enrollment_id) else { return Ok(None) };
    let changes = changes(&version_lessons(connection, course.version_id).await?, &version_lessons(connection, version_id).await?);
    let enrollment = queries::enrollment(connection, enrollment_id).await?;
    let counts = progress_queries::count_lessons(connection, enrollment.user_id, version_id).await?;
    Ok(Some(VersionOffer {
        version_id,
        added: changes.added,
        required: changes.required,
        removed: changes.removed,
        stricter: changes.stricter,
        progress: progress_after(course.row.progress, course.row.finished_at, counts.completed, counts.required),
        is_declined: course.row.declined_version_id == Some(version_id),
    }))
}

/// A finished course stays finished.
fn progress_after(now: i32, finished_at: Option<DateTime<Utc>>, completed: i32, required: i32) -> i32 {
    match finished_at {
        Some(_) => now,
        None => i32::try_from(progress_hundredths(i64::from(completed), i64::from(required))).unwrap_or(0),
    }
}

/// What a learner says to the published version, which must be the one that they were shown: takes it in, or not now; it can still
/// be taken in later. `None` is no answer.
pub async fn answer(ctx: &Ctx, slug: &str, version_id: Uuid, takes_it: Option<bool>) -> Result<()> {
    let mut tx = ctx.begin().await?;
    let (course, user_id, enrollment_id) = offered(&mut tx, ctx, slug, version_id).await?;
    let takes_it = takes_it.ok_or_else(|| ServiceError::field("answer", Problem::UnknownChoice))?;
    let before = progress_queries::lock_enrollment(&mut tx, enrollment_id).await?.course_version_id;
    let course_id = course.id;
    if takes_it && before != version_id {
        let changes = changes(&version_lessons(&mut tx, before).await?, &version_lessons(&mut tx, version_id).await?);
        follow(&mut tx, ctx, enrollment_id, version_id, &changes).await?;
        openings::settle_past(&mut tx, ctx, enrollment_id).await?;
        let event = LessonEvent::VersionAccepted { user_id, course_id, before, after: version_id };
        events::record(&mut tx, ctx, Event::Lesson(event)).await?;
    }
    if !takes_it && queries::decline(&mut tx, enrollment_id, version_id, ctx.now()).await? {
        events::record(&mut tx, ctx, Event::Lesson(LessonEvent::VersionDeclined { user_id, course_id, version_id })).await?;
    }
    Ok(tx.commit().await?)
}

/// The course and the enrolment to which a version is offered, while nothing can be published.
async fn offered(connection: &mut PgConnection, ctx: &Ctx, slug: &str, version_id: Uuid) -> Result<(CourseAccess, Uuid, Uuid)> {
    let course = access::course_by_slug(connection, ctx, slug).await?;
    let _permit = authz::permit(&ctx.actor, LearnInCourse(course.facts.clone()))?;
    let (Some(user_id), Some(enrollment_id)) = (ctx.actor.id(), course.enrollment_id) else { return Err(ServiceError::NotFound) };
    if queries::hold_published(connection, course.id).await? != Some(version_id) {
        return Err(ServiceError::Conflict);
    }
    Ok((course, user_id, enrollment_id))
}

/// Running enrolments of a group, or of the whole course, that do not follow the published version: whom moving them touches.
pub async fn touched(connection: &mut PgConnection, ctx: &Ctx, course_id: Uuid, group_id: Option<Uuid>) -> Result<Vec<Touched>> {
    let _permit = authz::permit(&ctx.actor, Administer)?;
    let rows = queries::touched(connection, course_id, group_id).await?;
    let touched = |row: queries::TouchedRow| Touched {
        progress_after: progress_after(row.progress, row.finished_at, row.completed, row.required),
        enrollment_id: row.enrollment_id,
        full_name: row.full_name,
        progress: row.progress,
    };
    Ok(rows.into_iter().map(touched).collect())
}

/// Moves them in the caller's transaction. Returns how many were moved.
pub async fn move_learners(connection: &mut PgConnection, ctx: &Ctx, course_id: Uuid, group_id: Option<Uuid>) -> Result<u32> {
    let _permit = authz::permit(&ctx.actor, Administer)?;
    let version_id = queries::lock_course(connection, course_id).await?.ok_or(ServiceError::NotFound)?.ok_or(ServiceError::Conflict)?;
    let new = version_lessons(connection, version_id).await?;
    let mut count = 0;
    for row in queries::lock_running(connection, course_id, group_id).await? {
        if row.course_version_id != version_id {
            let changes = changes(&version_lessons(connection, row.course_version_id).await?, &new);
            follow(connection, ctx, row.id, version_id, &changes).await?;
            count += 1;
        }
    }
    events::record(connection, ctx, Event::Lesson(LessonEvent::LearnersMoved { course_id, group_id, version_id, count })).await?;
    Ok(count)
}

/// The lessons of a version with their rules and requirements, in order.
async fn version_lessons(connection: &mut PgConnection, version_id: Uuid) -> Result<Vec<VersionLesson>> {
    queries::version_lessons(connection, version_id).await?.into_iter().map(version_lesson).collect()
}

fn version_lesson(row: LessonRow) -> Result<VersionLesson> {
    let asked = |how: &str| row.assignments.iter().filter(|work| work.requires == how).map(|work| work.id).collect();
    Ok(VersionLesson {
        planned: Planned {
            id: row.lesson_id,
            module_id: row.module_id,
            is_required: row.is_required,
            is_preview: row.is_preview,
            module_rule: sequence::rule_of(&row.module_opens, row.module_opens_at, row.module_opens_after_days)?,
            rule: sequence::rule_of(&row.opens, row.opens_at, row.opens_after_days)?,
            tests: row.tests.iter().map(|test| test.id).collect(),
            assignments: row.assignments.iter().map(|work| work.id).collect(),
        },
        tests: row.tests.iter().filter(|test| test.must_pass).map(|test| test.id).collect(),
        sent: asked("sent"),
        accepted: asked("accepted"),
        video_share: row.video_share,
    })
}

/// How a course's draft differs from what is published, in what its learners have to do; `None` without a draft.
pub async fn pending(connection: &mut PgConnection, ctx: &Ctx, course_id: Uuid) -> Result<Option<Changes>> {
    let _permit = authz::permit(&ctx.actor, Administer)?;
    let Some(draft) = queries::draft(connection, course_id).await? else { return Ok(None) };
    let published = match queries::hold_published(connection, course_id).await? {
        Some(version_id) => version_lessons(connection, version_id).await?,
        None => Vec::new(),
    };
    Ok(Some(changes(&published, &version_lessons(connection, draft).await?)))
}
