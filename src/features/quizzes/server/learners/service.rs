//! Use cases of learners at tests: the front page, the start, the attempt's page.

use super::attempt_queries::{self as attempts, AttemptRow, NewAttempt, NewAttemptQuestion};
use super::{answer_files, attempt_view, finishing, question_queries as questions, signs};
use crate::features::learning::model::{InReview, LessonTest, TestState};
use crate::features::learning::server::access;
use crate::features::quizzes::content::Body;
use crate::features::quizzes::model::{AttemptLine, AttemptPage, AttemptState, Limits, Standing, TestFront, TestPlace, Visibility};
use crate::features::quizzes::server::authors::draws;
use crate::features::quizzes::server::queries;
use crate::features::quizzes::server::stored::{fraction, state_of};
use crate::features::quizzes::{rules, scoring};
use crate::server::authz::{self, EnrollmentFacts, LearnInCourse, LearnLesson, ReadCourse, ReadLesson, Refusal, UseOwnAttempt};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::server::events::{self, Event};
use crate::server::limits;
use crate::shared::error::ClosedReason;
use anyhow::Context as _;
use chrono::{DateTime, Duration, Utc};
use rand::seq::SliceRandom as _;
use sqlx::PgConnection;
use uuid::Uuid;

/// The tests of a lesson as steps of its page.
pub async fn tests_of_lesson(connection: &mut PgConnection, version_id: Uuid, lesson_id: Uuid, user_id: Option<Uuid>) -> Result<Vec<LessonTest>> {
    let rows = queries::tests_of_lesson(connection, version_id, lesson_id, user_id).await?;
    Ok(rows
        .into_iter()
        .map(|row| LessonTest {
            id: row.id,
            title: row.title,
            questions: row.questions,
            must_pass: row.must_pass,
            state: if row.is_running {
                TestState::Running
            } else if row.is_passed {
                TestState::Passed
            } else if row.is_waiting {
                TestState::WaitsForReview
            } else if row.is_graded {
                TestState::NotPassed
            } else {
                TestState::NotTaken
            },
        })
        .collect())
}

/// A learner's attempts that wait for a curator.
pub async fn my_attempts_in_review(connection: &mut PgConnection, ctx: &Ctx, user_id: Uuid) -> Result<Vec<InReview>> {
    let rows = attempts::attempts_in_review(connection, user_id).await?;
    Ok(rows
        .into_iter()
        .map(|row| InReview {
            attempt_id: row.attempt_id,
            test_title: row.test_title,
            course_title: row.course_title,
            submitted: ctx.local(row.finished_at),
            promised: ctx.local(row.review_due_at),
        })
        .collect())
}

/// A test's front page.
pub async fn test(ctx: &Ctx, test_id: Uuid) -> Result<TestFront> {
    let mut connection = ctx.connection().await?;
    let test = queries::test_by_id(&mut connection, test_id, ctx.actor.id()).await?.ok_or(ServiceError::NotFound)?;
    let course = access::course_by_id(&mut connection, ctx, test.course_id).await?;
    let is_learner = course.facts.enrollment == Some(EnrollmentFacts::Running);
    let _permit = authz::permit(&ctx.actor, ReadCourse(course.facts.clone()))?;
    if !queries::version_holds_test(&mut connection, course.version_id, test_id).await? {
        return Err(ServiceError::NotFound);
    }
    let lesson = access::lesson(&mut connection, ctx, &course, test.lesson_id).await?;
    let _lesson_permit = authz::permit(&ctx.actor, ReadLesson(lesson.facts))?;
    let user_id = ctx.actor.signed_in()?;
    let counts = attempts::count_attempts(&mut connection, test_id, user_id).await?;
    let left = rules::attempts_left(test.attempts_allowed, i32::try_from(counts.counted).unwrap_or(i32::MAX));
    let is_closed = test.closes_at.is_some_and(|closing| closing <= ctx.now());
    let visibility = Visibility::from_codes([&test.show_score, &test.show_answers, &test.show_key, &test.show_explanations]);
    let limits = Limits { attempts: test.attempts_allowed.is_some(), closing: test.closes_at.is_some() };
    let standing = Standing { is_used_up: left == Some(0), is_closed, runs: counts.running_id.is_some() };
    let [tells_score, ..] = visibility.told(limits, standing);
    let lines = attempts::list_attempts(&mut connection, test_id, user_id).await?;
    Ok(TestFront {
        id: test_id,
        title: test.title,
        intro_html: test.intro_html,
        place: TestPlace {
            course_slug: test.course_slug,
            course_title: test.course_title,
            lesson_id: test.lesson_id,
            lesson_title: test.lesson_title,
        },
        questions: test.questions,
        open_questions: test.open_questions,
        pass_hundredths: test.pass_hundredths,
        time_limit_seconds: test.time_limit_seconds,
        attempts_left: left,
        closes: test.closes_at.map(|at| ctx.local(at)),
        visibility,
        attempts: lines
            .into_iter()
            .map(|row| {
                Ok(AttemptLine {
                    id: row.id,
                    number: row.number,
                    state: state_of(&row.state)?,
                    started: ctx.local(row.started_at),
                    points: fraction(row.points_numerator, row.points_denominator).filter(|_| tells_score),
                    max_points: row.max_points,
                    is_passed: row.is_passed.filter(|_| tells_score),
                })
            })
            .collect::<Result<_>>()?,
        can_take: is_learner && (counts.running_id.is_some() || (left != Some(0) && !is_closed)),
    })
}

/// Starts an attempt, or gives the one that runs. The questions as they stand, their order and the end are written with it (T1,
/// T9); the limit is checked under a lock.
pub async fn start(ctx: &Ctx, test_id: Uuid) -> Result<Uuid> {
    let user_id = ctx.actor.signed_in()?;
    let wait = ctx.state.limits.take(limits::START_ATTEMPT, &user_id.to_string()).await;
    if wait > 0 {
        return Err(ServiceError::TooManyRequests(wait));
    }
    let mut tx = ctx.begin().await?;
    let test = queries::test_by_id(&mut tx, test_id, Some(user_id)).await?.ok_or(ServiceError::NotFound)?;
    let course = access::course_by_id(&mut tx, ctx, test.course_id).await?;
    let _permit = authz::permit(&ctx.actor, LearnInCourse(course.facts.clone()))?;
    let enrollment_id = course.enrollment_id.ok_or(ServiceError::NotFound)?;
    if !queries::version_holds_test(&mut tx, course.version_id, test_id).await? {
        return Err(ServiceError::NotFound);
    }
    attempts::lock_starts(&mut tx, enrollment_id).await?;
    let counts = attempts::count_attempts(&mut tx, test_id, user_id).await?;
    if let Some(running) = counts.running_id {
        return Ok(running);
    }
    let lesson = access::lesson(&mut tx, ctx, &course, test.lesson_id).await?;
    let _lesson_permit = authz::permit(&ctx.actor, LearnLesson(lesson.facts))?;
    if rules::attempts_left(test.attempts_allowed, i32::try_from(counts.counted).unwrap_or(i32::MAX)) == Some(0) {
        return Err(Refusal::Closed(ClosedReason::NoAttemptsLeft).into());
    }
    if let Some(closing) = test.closes_at.filter(|closing| *closing <= ctx.now()) {
        return Err(Refusal::Closed(ClosedReason::TestClosed(ctx.local(closing))).into());
    }
    let mut questions = queries::questions_of_version(&mut tx, test.test_version_id).await?;
    draws::draw(&mut tx, (test.course_id, test.test_version_id), user_id, &mut questions).await?;
    if questions.is_empty() {
        return Err(ServiceError::NotFound);
    }
    if test.shuffle_questions {
        questions.shuffle(&mut rand::rng());
    }
    let (id, now) = (ctx.new_id(), ctx.now());
    let attempt = NewAttempt {
        id,
        test_id,
        test_version_id: test.test_version_id,
        user_id,
        enrollment_id,
        number: counts.highest_number + 1,
        started_at: now,
        ends_at: end_of(now, test.time_limit_seconds, test.extra_seconds, test.closes_at),
        max_points: questions.iter().map(|question| question.weight).sum(),
        address_mark: signs::address_mark(ctx, id),
    };
    attempts::insert_attempt(&mut tx, attempt).await?;
    for (position, mut question) in (1..).zip(questions) {
        if test.shuffle_answers {
            question.answers.shuffle(&mut rand::rng());
        }
        let body = question.body.map(Body::from_stored).transpose().context("question_versions.body")?;
        let mut shown_order: Vec<i32> = (0..).take(body.as_ref().map_or(0, scoring::mixed_items)).collect();
        shown_order.shuffle(&mut rand::rng());
        let row = NewAttemptQuestion {
            shown_order,
            question_id: question.question_id,
            question_version_id: question.question_version_id,
            position,
            weight: question.weight,
            answer_order: question.answers,
        };
        attempts::insert_attempt_question(&mut tx, id, row).await?;
    }
    events::record(&mut tx, ctx, Event::AttemptStarted { attempt_id: id, test_id }).await?;
    tx.commit().await?;
    Ok(id)
}

/// The end of an attempt (T2): its time with what the learner has more of it, or the closing moment when that is earlier.
pub(in crate::features::quizzes::server) fn end_of(
    start: DateTime<Utc>,
    limit: Option<i32>,
    extra: i32,
    closes_at: Option<DateTime<Utc>>,
) -> Option<DateTime<Utc>> {
    let by_time = limit.map(|seconds| start + Duration::seconds(i64::from(seconds) + i64::from(extra)));
    [by_time, closes_at].into_iter().flatten().min()
}

/// An attempt of mine. One whose time is over is handed in first.
pub async fn attempt(ctx: &Ctx, attempt_id: Uuid) -> Result<AttemptPage> {
    let mut row = own_attempt(ctx, attempt_id).await?;
    if finishing::overdue(&row, ctx.now()).is_some() {
        finishing::finish_overdue(ctx, attempt_id).await?;
        row = own_attempt(ctx, attempt_id).await?;
    }
    let mut connection = ctx.connection().await?;
    let asked = questions::questions_of_attempt(&mut connection, attempt_id).await?;
    let options = questions::options_of_attempt(&mut connection, attempt_id).await?;
    let files = answer_files::of_attempt(&mut connection, attempt_id).await?;
    if row.state == AttemptState::InProgress.code() {
        signs::note_address(&mut connection, ctx, attempt_id).await?;
        return Ok(AttemptPage::Running(attempt_view::running(ctx, row, asked, &options, files)?));
    }
    let counts = attempts::count_attempts(&mut connection, row.test_id, row.user_id).await?;
    let left = rules::attempts_left(row.attempts_allowed, i32::try_from(counts.counted).unwrap_or(i32::MAX));
    Ok(AttemptPage::Finished(attempt_view::finished(ctx, row, asked, &options, files, left, counts.running_id.is_some())?))
}

/// An attempt of the asking person.
pub(super) async fn own_attempt(ctx: &Ctx, attempt_id: Uuid) -> Result<AttemptRow> {
    let row = attempts::attempt_by_id(&mut *ctx.connection().await?, attempt_id, None).await?;
    let Some(row) = row else {
        ctx.actor.signed_in()?;
        return Err(ServiceError::NotFound);
    };
    let _permit = authz::permit(&ctx.actor, UseOwnAttempt { owner_id: row.user_id })?;
    Ok(row)
}
