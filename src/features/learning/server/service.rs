//! Use cases of learning.

use super::access::{self, CourseAccess};
use super::{progress, progress_queries, queries};
use crate::features::learning::model::{
    Home, LessonAssignment, LessonHeading, LessonPage, LessonState, MyCourse, NextStep, Outline, OutlineLesson, OutlineModule,
};
use crate::features::learning::rules;
use crate::features::{announcements, notes, quizzes, talk};
use crate::server::authz::{self, EnrollmentFacts, LearnInCourse, ReadCourse, UseOwnAccount};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::server::markdown;
use sqlx::PgConnection;
use uuid::Uuid;

/// My courses, what waits, and the very next step: of the course used last, else of the next that has one.
pub async fn home(ctx: &Ctx) -> Result<Home> {
    let _permit = authz::permit(&ctx.actor, UseOwnAccount)?;
    let user_id = ctx.actor.signed_in()?;
    let mut connection = ctx.connection().await?;
    let rows = queries::my_courses(&mut connection, user_id, ctx.now()).await?;
    let mut next = None;
    for row in &rows {
        let lessons = queries::outline(&mut connection, row.version_id, Some(user_id)).await?;
        let states: Vec<(bool, bool)> = lessons.iter().map(|lesson| (lesson.is_required, lesson.state.as_deref() == Some("completed"))).collect();
        if let Some((index, lesson)) = rules::next_lesson(&states).and_then(|index| lessons.get(index).map(|lesson| (index, lesson))) {
            next = Some(NextStep {
                course_slug: row.slug.clone(),
                course_title: row.title.clone(),
                cover: row.cover.clone(),
                lesson_id: lesson.lesson_id,
                lesson_title: lesson.lesson_title.clone(),
                lesson_number: i64::try_from(index + 1).unwrap_or(i64::MAX),
                minutes: lesson.minutes,
                is_first: !row.has_begun,
            });
            break;
        }
    }
    let in_review = quizzes::server::service::my_attempts_in_review(&mut connection, ctx, user_id).await?;
    let unread = talk::server::service::unread(&mut connection, ctx, user_id).await?;
    let announcements = announcements::server::service::mine(&mut connection, ctx, user_id).await?;
    let courses = rows
        .into_iter()
        .map(|row| MyCourse {
            slug: row.slug,
            title: row.title,
            cover: row.cover,
            progress: row.progress,
            completed: row.completed,
            required: row.required,
            expires: row.expires_at.map(|at| ctx.local(at)),
        })
        .collect();
    Ok(Home { next, courses, in_review, announcements, unread })
}

/// A course's outline with my progress.
pub async fn outline(ctx: &Ctx, slug: &str) -> Result<Outline> {
    let mut connection = ctx.connection().await?;
    let course = access::course_by_slug(&mut connection, ctx, slug).await?;
    let permit = authz::permit(&ctx.actor, ReadCourse(course.facts.clone()))?;
    outline_of(&mut connection, ctx, &course, &permit).await
}

async fn outline_of(connection: &mut PgConnection, ctx: &Ctx, course: &CourseAccess, permit: &authz::Permit<ReadCourse>) -> Result<Outline> {
    let user_id = ctx.actor.id();
    let row = queries::course_with_progress(connection, course.id, user_id, course.enrollment_id).await?;
    let lessons = queries::outline(connection, course.version_id, user_id).await?;
    let states: Vec<(bool, bool)> = lessons.iter().map(|lesson| (lesson.is_required, lesson.state.as_deref() == Some("completed"))).collect();
    let next_lesson = rules::next_lesson(&states).and_then(|index| lessons.get(index)).map(|lesson| lesson.lesson_id);
    let mut modules: Vec<OutlineModule> = Vec::new();
    for lesson in lessons {
        if modules.last().is_none_or(|module| module.id != lesson.module_id) {
            modules.push(OutlineModule { id: lesson.module_id, title: lesson.module_title, lessons: Vec::new() });
        }
        if let Some(module) = modules.last_mut() {
            module.lessons.push(OutlineLesson {
                id: lesson.lesson_id,
                title: lesson.lesson_title,
                summary: lesson.summary,
                minutes: lesson.minutes,
                is_required: lesson.is_required,
                state: match lesson.state.as_deref() {
                    Some("completed") => LessonState::Completed,
                    Some("in_progress") => LessonState::InProgress,
                    _ => LessonState::NotStarted,
                },
                waits_for_review: lesson.waits_for_review,
            });
        }
    }
    Ok(Outline {
        slug: course.facts.slug.clone(),
        title: row.title,
        cover: row.cover,
        progress: row.progress,
        completed: row.completed,
        required: row.required,
        modules,
        next_lesson,
        expires: row.expires_at.map(|at| ctx.local(at)),
        is_visit: permit.action().0.enrollment != Some(EnrollmentFacts::Running),
    })
}

/// A lesson with its tasks. A learner's visit is remembered.
pub async fn lesson(ctx: &Ctx, slug: &str, lesson_id: Uuid) -> Result<LessonPage> {
    let mut connection = ctx.connection().await?;
    let course = access::course_by_slug(&mut connection, ctx, slug).await?;
    let permit = authz::permit(&ctx.actor, ReadCourse(course.facts.clone()))?;
    let user_id = ctx.actor.id();
    let text = queries::lesson_text(&mut connection, course.version_id, lesson_id, user_id).await?.ok_or(ServiceError::NotFound)?;
    if let (Some(user_id), Some(EnrollmentFacts::Running)) = (user_id, course.facts.enrollment) {
        let mut tx = ctx.begin().await?;
        progress_queries::visit_lesson(&mut tx, user_id, lesson_id, false, ctx.now()).await?;
        progress_queries::remember_last_lesson(&mut tx, user_id, course.id, lesson_id, ctx.now()).await?;
        tx.commit().await?;
    }
    let outline = outline_of(&mut connection, ctx, &course, &permit).await?;
    let tests = quizzes::server::service::tests_of_lesson(&mut connection, course.version_id, lesson_id, user_id).await?;
    let assignments = queries::assignments_of_lesson(&mut connection, course.version_id, lesson_id).await?;
    let questions = talk::server::service::of_lesson(&mut connection, ctx, &course, lesson_id, &permit).await?;
    let notes = notes::server::service::of_lesson(&mut connection, ctx, &course, lesson_id, &permit).await?;
    let ids: Vec<Uuid> = outline.lessons().map(|lesson| lesson.id).collect();
    let index = ids.iter().position(|id| *id == lesson_id).ok_or(ServiceError::NotFound)?;
    let lesson = outline.lessons().find(|lesson| lesson.id == lesson_id).cloned().ok_or(ServiceError::NotFound)?;
    let module_title = outline
        .modules
        .iter()
        .find(|module| module.lessons.iter().any(|lesson| lesson.id == lesson_id))
        .map(|module| module.title.clone())
        .unwrap_or_default();
    Ok(LessonPage {
        id: lesson_id,
        title: lesson.title,
        module_title,
        minutes: lesson.minutes,
        headings: markdown::headings(&text.content_html)
            .into_iter()
            .map(|heading| LessonHeading { level: heading.level, id: heading.id, text: heading.text })
            .collect(),
        html: text.content_html,
        state: lesson.state,
        is_marked: text.is_marked,
        tests,
        assignments: assignments.into_iter().map(|row| LessonAssignment { id: row.id, title: row.title, task_html: row.task_html }).collect(),
        questions,
        notes,
        next: ids.get(index + 1).copied(),
        previous: index.checked_sub(1).and_then(|index| ids.get(index)).copied(),
        outline,
    })
}

/// Marks a lesson as read; it is complete when its required tests and assignments are met too. Doing it twice changes nothing.
pub async fn mark_lesson(ctx: &Ctx, slug: &str, lesson_id: Uuid) -> Result<()> {
    let mut tx = ctx.begin().await?;
    let course = access::course_by_slug(&mut tx, ctx, slug).await?;
    let (version_id, enrollment_id) = (course.version_id, course.enrollment_id);
    let _permit = authz::permit(&ctx.actor, LearnInCourse(course.facts))?;
    let (Some(user_id), Some(enrollment_id)) = (ctx.actor.id(), enrollment_id) else { return Err(ServiceError::NotFound) };
    queries::lesson_text(&mut tx, version_id, lesson_id, Some(user_id)).await?.ok_or(ServiceError::NotFound)?;
    // The order of locks everywhere: enrolment, lesson, course.
    progress_queries::lock_enrollment(&mut tx, enrollment_id).await?;
    progress_queries::visit_lesson(&mut tx, user_id, lesson_id, true, ctx.now()).await?;
    progress::refresh_lesson(&mut tx, ctx, enrollment_id, lesson_id, "marked").await?;
    Ok(tx.commit().await?)
}
