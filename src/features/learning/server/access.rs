//! What the policy wants to know about a person, a course and its lessons.

use super::{queries, sequence};
use crate::server::authz::{self, CourseFacts, EnrollmentFacts, LessonFacts, ReadLesson, SeeCourse};
use crate::server::clock;
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use sqlx::PgConnection;
use std::collections::BTreeMap;
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
    /// Name, as published.
    pub title: String,
    /// For the policy.
    pub facts: CourseFacts,
    /// The rest, for learning's own pages.
    pub(super) row: queries::AccessRow,
}

impl CourseAccess {
    /// Who looks at the lessons.
    pub(super) fn follower(&self, ctx: &Ctx) -> sequence::Follower {
        sequence::Follower {
            version_id: self.version_id,
            user_id: ctx.actor.id(),
            enrollment: self.enrollment_id.zip(self.row.starts_at),
            zone: clock::zone(&self.row.time_zone),
        }
    }
}

/// A lesson that the course's version holds.
#[derive(Debug)]
pub struct LessonAccess {
    /// Its name.
    pub title: String,
    /// For the policy.
    pub facts: LessonFacts,
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

/// Every lesson of the course's version, with whether it is open for the asking person: what decides about its text, tests,
/// discussions and files alike.
pub async fn open_lessons(connection: &mut PgConnection, ctx: &Ctx, course: &CourseAccess) -> Result<BTreeMap<Uuid, LessonAccess>> {
    let lessons = sequence::lessons_of(connection, ctx, course).await?;
    let access = |lesson: &sequence::CourseLesson| LessonAccess { title: lesson.row.title.clone(), facts: lesson_facts(course, &lessons, lesson) };
    Ok(lessons.iter().map(|lesson| (lesson.row.lesson_id, access(lesson))).collect())
}

/// One lesson of the course's version.
///
/// # Errors
/// Not found, when the version does not hold it.
pub async fn lesson(connection: &mut PgConnection, ctx: &Ctx, course: &CourseAccess, lesson_id: Uuid) -> Result<LessonAccess> {
    open_lessons(connection, ctx, course).await?.remove(&lesson_id).ok_or(ServiceError::NotFound)
}

/// Whether the asking person may read a lesson now: as who learns or works here, or because it is free to read.
pub async fn reads_lesson(connection: &mut PgConnection, ctx: &Ctx, course_id: Uuid, lesson_id: Uuid) -> Result<bool> {
    let course = match course_by_id(connection, ctx, course_id).await {
        Ok(course) => course,
        Err(ServiceError::NotFound) => return Ok(false),
        Err(error) => return Err(error),
    };
    let lessons = sequence::lessons(connection, ctx, &course.follower(ctx)).await?;
    let Some(lesson) = lessons.iter().find(|lesson| lesson.row.lesson_id == lesson_id) else { return Ok(false) };
    let is_free = lesson.row.is_preview && authz::permit(&ctx.actor, SeeCourse(course.facts.clone())).is_ok();
    Ok(is_free || authz::permit(&ctx.actor, ReadLesson(lesson_facts(&course, &lessons, lesson))).is_ok())
}

pub(super) fn lesson_facts(course: &CourseAccess, lessons: &[sequence::CourseLesson], lesson: &sequence::CourseLesson) -> LessonFacts {
    LessonFacts { course: course.facts.clone(), closed: sequence::closed(&course.facts.slug, lessons, lesson) }
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
        title: row.title.clone(),
        facts: CourseFacts {
            slug: row.slug.clone(),
            is_published: row.status == "published",
            is_archived: row.status == "archived",
            is_curator: row.is_curator,
            enrollment,
        },
        row,
    })
}
