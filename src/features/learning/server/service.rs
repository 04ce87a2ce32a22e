//! Use cases of learning.

use super::access::{self, CourseAccess};
use super::lesson_queries::{self, Visit, WatchedRow};
use super::outline::{awaited, outline_of, with_offer};
use super::sequence::{self, CourseLesson, Follower};
use super::{feed, progress, progress_queries, queries};
use crate::features::files::model::Film;
use crate::features::learning::model::{Home, LessonAssignment, LessonHeading, LessonPage, LessonState, LessonVideo, MyCourse, NextStep, Outline};
use crate::features::learning::rules::sequence::Door;
use crate::features::learning::rules::watched::share;
use crate::features::{announcements, assignments, files, notes, quizzes, talk};
use crate::server::authz::{self, EnrollmentFacts, LearnInCourse, LearnLesson, Permit, ReadCourse, ReadLesson, UseOwnAccount};
use crate::server::clock;
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
    let (mut next, mut waits) = (None, None);
    for row in &rows {
        let follower = Follower {
            version_id: row.version_id,
            user_id: Some(user_id),
            enrollment: Some((row.enrollment_id, row.starts_at)),
            zone: clock::zone(&row.time_zone),
        };
        let lessons = sequence::lessons(&mut connection, ctx, &follower).await?;
        if let Some((index, lesson)) = sequence::next_of(&lessons).and_then(|index| lessons.get(index).map(|lesson| (index, lesson))) {
            next = Some(NextStep {
                course_slug: row.slug.clone(),
                course_title: row.title.clone(),
                cover: row.cover.clone(),
                lesson_id: lesson.row.lesson_id,
                lesson_title: lesson.row.title.clone(),
                lesson_number: i64::try_from(index + 1).unwrap_or(i64::MAX),
                minutes: lesson.row.minutes,
                is_first: !row.has_begun,
            });
            break;
        }
        waits = waits.or_else(|| awaited(&lessons));
    }
    let in_review = quizzes::server::learners::service::my_attempts_in_review(&mut connection, ctx, user_id).await?;
    let works = assignments::server::view::lines(&mut connection, ctx, user_id, None).await?;
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
    let awaited = waits.filter(|_| next.is_none());
    let calendar = feed::address(&mut connection, ctx, user_id).await?;
    Ok(Home { next, awaited, courses, in_review, works, announcements, unread, calendar })
}

/// A course's outline with my progress, and what a newer version would change in it.
pub async fn outline(ctx: &Ctx, slug: &str) -> Result<Outline> {
    let mut connection = ctx.connection().await?;
    let course = access::course_by_slug(&mut connection, ctx, slug).await?;
    let permit = authz::permit(&ctx.actor, ReadCourse(course.facts.clone()))?;
    let lessons = sequence::lessons_of(&mut connection, ctx, &course).await?;
    let mut outline = outline_of(ctx, &course, &lessons, &permit);
    if let Some(user_id) = ctx.actor.id() {
        outline.works = assignments::server::view::of_version(&mut connection, ctx, course.version_id, user_id).await?;
        outline.tests = quizzes::server::learners::course_tests::of_version(&mut connection, ctx, course.version_id, user_id).await?;
    }
    with_offer(&mut connection, &course, outline).await
}

/// A lesson with its tasks. A learner's visit is remembered, unless they only fetch it ahead.
pub async fn lesson(ctx: &Ctx, slug: &str, lesson_id: Uuid, is_visit: bool) -> Result<LessonPage> {
    let mut connection = ctx.connection().await?;
    let (course, permit, lessons, index) = opened(&mut connection, ctx, slug, lesson_id).await?;
    // The next three ask on lines of their own, at the same time; nobody holds one line and waits for another.
    drop(connection);
    let lesson = lessons.get(index).ok_or(ServiceError::NotFound)?;
    let user_id = ctx.actor.id();
    let is_kept = is_visit && is_learner(&course);
    let visit = Visit { is_kept, ..visit_of(ctx, &course, lesson) };
    let text = async {
        let mut connection = ctx.connection().await?;
        let html = lesson_queries::open_lesson(&mut connection, visit).await?.ok_or(ServiceError::NotFound)?;
        let tests = match lesson.row.tests.0[..] {
            [] => Vec::new(),
            _ => quizzes::server::learners::service::tests_of_lesson(&mut connection, course.version_id, lesson_id, user_id).await?,
        };
        let assignments = match lesson.row.assignments.0[..] {
            [] => Vec::new(),
            _ => queries::assignments_of_lesson(&mut connection, course.version_id, lesson_id).await?,
        };
        let works = match user_id {
            Some(user_id) if !assignments.is_empty() => assignments::server::view::lines(&mut connection, ctx, user_id, Some(lesson_id)).await?,
            _ => Vec::new(),
        };
        let (files, video) = if lesson.row.has_files {
            files::server::service::of_lesson(&mut connection, ctx, lesson.row.text_id).await?
        } else {
            (Vec::new(), None)
        };
        let watched = match video {
            Some(_) => lesson_queries::watched(&mut connection, user_id, lesson_id).await?,
            None => None,
        };
        Ok((html, tests, (assignments, works), files, video.map(|film| lesson_video(film, watched))))
    };
    let questions = async { talk::server::service::of_lesson(&mut *ctx.connection().await?, ctx, &course, lesson_id, &permit).await };
    let notes = async { notes::server::service::of_lesson(&mut *ctx.connection().await?, ctx, &course, lesson_id, &permit).await };
    let ((html, tests, (assignments, works), files, video), questions, notes) = tokio::try_join!(text, questions, notes)?;
    let mut outline = outline_of(ctx, &course, &lessons, &permit);
    let visited = outline.modules.iter_mut().flat_map(|module| &mut module.lessons).find(|lesson| lesson.id == lesson_id);
    let state = visited.map_or(LessonState::NotStarted, |lesson| {
        if is_kept && lesson.state == LessonState::NotStarted {
            lesson.state = LessonState::InProgress;
        }
        lesson.state
    });
    let open: Vec<bool> = outline.lessons().map(|lesson| lesson.waits.is_none()).collect();
    let is_open = |index: &usize| open.get(*index) == Some(&true);
    let id_of = |index| lessons.get(index).map(|lesson: &CourseLesson| lesson.row.lesson_id);
    Ok(LessonPage {
        id: lesson_id,
        title: lesson.row.title.clone(),
        module_title: lesson.row.module_title.clone(),
        minutes: lesson.row.minutes,
        headings: markdown::headings(&html)
            .into_iter()
            .map(|heading| LessonHeading { level: heading.level, id: heading.id, text: heading.text })
            .collect(),
        html,
        state,
        is_marked: lesson.fact.is_marked,
        tests,
        assignments: assignments
            .into_iter()
            .map(|row| LessonAssignment {
                state: works.iter().find(|work| work.assignment_id == row.id).map(|work| work.state),
                id: row.id,
                title: row.title,
                task_html: row.task_html,
            })
            .collect(),
        files,
        video,
        questions,
        notes,
        next: (index + 1..lessons.len()).find(is_open).and_then(id_of),
        previous: (0..index).rev().find(is_open).and_then(id_of),
        outline,
    })
}

/// A video with where this learner's player was.
fn lesson_video(film: Film, watched: Option<WatchedRow>) -> LessonVideo {
    let (position, share) = watched.map_or((0, 0), |row| (row.position, share(&row.watched, film.seconds.unwrap_or(0))));
    LessonVideo { film, position, share }
}

/// Remembers the visit of a lesson that was fetched ahead.
pub async fn visit(ctx: &Ctx, slug: &str, lesson_id: Uuid) -> Result<()> {
    let mut connection = ctx.connection().await?;
    let (course, _permit, lessons, index) = opened(&mut connection, ctx, slug, lesson_id).await?;
    let lesson = lessons.get(index).ok_or(ServiceError::NotFound)?;
    lesson_queries::open_lesson(&mut connection, visit_of(ctx, &course, lesson)).await?.ok_or(ServiceError::NotFound)?;
    Ok(())
}

/// A course with its lessons, and the place of the one that the reader may open.
async fn opened(
    connection: &mut PgConnection,
    ctx: &Ctx,
    slug: &str,
    lesson_id: Uuid,
) -> Result<(CourseAccess, Permit<ReadCourse>, Vec<CourseLesson>, usize)> {
    let course = access::course_by_slug(connection, ctx, slug).await?;
    let permit = authz::permit(&ctx.actor, ReadCourse(course.facts.clone()))?;
    let lessons = sequence::lessons_of(connection, ctx, &course).await?;
    let index = lessons.iter().position(|lesson| lesson.row.lesson_id == lesson_id).ok_or(ServiceError::NotFound)?;
    let lesson = lessons.get(index).ok_or(ServiceError::NotFound)?;
    let _lesson_permit = authz::permit(&ctx.actor, ReadLesson(access::lesson_facts(&course, &lessons, lesson)))?;
    Ok((course, permit, lessons, index))
}

fn is_learner(course: &CourseAccess) -> bool {
    course.facts.enrollment == Some(EnrollmentFacts::Running)
}

fn visit_of(ctx: &Ctx, course: &CourseAccess, lesson: &CourseLesson) -> Visit {
    Visit {
        course_id: course.id,
        lesson_id: lesson.row.lesson_id,
        user_id: ctx.actor.id(),
        is_kept: is_learner(course),
        is_by_rule: lesson.door == Door::Open,
        now: ctx.now(),
    }
}

/// Marks a lesson as read; it is complete when its required tests and assignments are met too. Doing it twice changes nothing.
pub async fn mark_lesson(ctx: &Ctx, slug: &str, lesson_id: Uuid) -> Result<()> {
    let mut tx = ctx.begin().await?;
    let course = access::course_by_slug(&mut tx, ctx, slug).await?;
    let _permit = authz::permit(&ctx.actor, LearnInCourse(course.facts.clone()))?;
    let (Some(user_id), Some(enrollment_id)) = (ctx.actor.id(), course.enrollment_id) else { return Err(ServiceError::NotFound) };
    // The order of locks everywhere: enrolment, lesson, course.
    progress_queries::lock_enrollment(&mut tx, enrollment_id).await?;
    let lesson = access::lesson(&mut tx, ctx, &course, lesson_id).await?;
    let _lesson_permit = authz::permit(&ctx.actor, LearnLesson(lesson.facts))?;
    progress_queries::mark_lesson(&mut tx, user_id, lesson_id, ctx.now()).await?;
    progress::refresh_lesson(&mut tx, ctx, enrollment_id, lesson_id, "marked").await?;
    Ok(tx.commit().await?)
}
