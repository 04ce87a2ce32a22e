//! A course's outline for its reader.

use super::access::CourseAccess;
use super::sequence::{self, CourseLesson};
use super::versions;
use crate::features::learning::model::{Awaited, LessonState, Outline, OutlineLesson, OutlineModule};
use crate::features::learning::rules::awaited_lesson;
use crate::server::authz::{EnrollmentFacts, Permit, ReadCourse, is_course_staff};
use crate::server::ctx::Ctx;
use crate::server::error::Result;
use sqlx::PgConnection;

/// Makes the outline of lessons that were read already.
pub(super) fn outline_of(ctx: &Ctx, course: &CourseAccess, lessons: &[CourseLesson], permit: &Permit<ReadCourse>) -> Outline {
    let row = &course.row;
    // For staff nothing is closed, also when they learn here themselves.
    let is_staff = is_course_staff(&ctx.actor, &permit.action().0);
    let mut modules: Vec<OutlineModule> = Vec::new();
    for lesson in lessons {
        if modules.last().is_none_or(|module| module.id != lesson.row.module_id) {
            modules.push(OutlineModule { id: lesson.row.module_id, title: lesson.row.module_title.clone(), lessons: Vec::new() });
        }
        if let Some(module) = modules.last_mut() {
            module.lessons.push(outline_lesson(lesson, is_staff));
        }
    }
    Outline {
        slug: course.facts.slug.clone(),
        title: course.title.clone(),
        cover: row.cover.clone(),
        progress: row.progress,
        completed: row.completed,
        required: row.required,
        modules,
        next_lesson: sequence::next_of(lessons).and_then(|index| lessons.get(index)).map(|lesson| lesson.row.lesson_id),
        awaited: awaited(lessons),
        finished: row.finished_at.filter(|_| row.required > 0).map(|at| ctx.local(at)),
        offer: None,
        expires: row.expires_at.map(|at| ctx.local(at)),
        is_visit: permit.action().0.enrollment != Some(EnrollmentFacts::Running),
        works: Vec::new(),
        tests: Vec::new(),
    }
}

fn outline_lesson(lesson: &CourseLesson, is_staff: bool) -> OutlineLesson {
    OutlineLesson {
        id: lesson.row.lesson_id,
        title: lesson.row.title.clone(),
        summary: lesson.row.summary.clone(),
        minutes: lesson.row.minutes,
        is_required: lesson.row.is_required,
        state: state_of(Some(&lesson.fact.state)),
        waits_for_review: lesson.waits_for_review,
        waits: lesson.waits.clone().filter(|_| !is_staff),
    }
}

pub(super) fn state_of(code: Option<&str>) -> LessonState {
    match code {
        Some("completed") => LessonState::Completed,
        Some("in_progress") => LessonState::InProgress,
        _ => LessonState::NotStarted,
    }
}

/// The lesson that the learner waits for, when nothing else is to be done.
pub(super) fn awaited(lessons: &[CourseLesson]) -> Option<Awaited> {
    let index = awaited_lesson(&lessons.iter().map(CourseLesson::standing).collect::<Vec<_>>())?;
    let lesson = lessons.get(index)?;
    Some(Awaited { title: lesson.row.title.clone(), waits: lesson.waits.clone()? })
}

/// The outline with what a newer version would change.
pub(super) async fn with_offer(connection: &mut PgConnection, course: &CourseAccess, mut outline: Outline) -> Result<Outline> {
    if course.facts.enrollment == Some(EnrollmentFacts::Running) && course.row.published_version_id != Some(course.version_id) {
        outline.offer = versions::offer(connection, course).await?;
    }
    Ok(outline)
}
