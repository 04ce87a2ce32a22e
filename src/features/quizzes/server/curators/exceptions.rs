//! More time, more attempts or another closing moment for one learner (T11), and attempts that staff take back.

use super::exception_queries::{self as queries, ExceptionRow};
use super::review::permitted;
use crate::features::learning::server::progress;
use crate::features::quizzes::model::AttemptState;
use crate::features::quizzes::server::authors::author_queries;
use crate::features::quizzes::server::learners::attempt_queries as attempts;
use crate::features::quizzes::server::learners::service::end_of;
use crate::server::authz::{self, Administer};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::server::events::{self, AuthoringEvent, Event, TestException};
use crate::server::reason;
use crate::shared::error::{FieldProblem, Problem};
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// A week.
const MINUTES_MAX: i32 = 10_080;
const ATTEMPTS_MAX: i32 = 100;

/// What the form of an exception holds, as typed; `closes` is read already.
#[derive(Clone, Debug)]
pub struct Grant<'a> {
    /// The learner's address.
    pub email: &'a str,
    /// More minutes; empty for what the learner has.
    pub minutes: &'a str,
    /// More attempts; empty for what the learner has.
    pub attempts: &'a str,
    /// Instead of the test's closing moment; empty for what the learner has.
    pub closes: std::result::Result<Option<DateTime<Utc>>, Problem>,
    /// The test's closing moment holds again.
    pub closes_as_for_all: bool,
    /// Why.
    pub reason: &'a str,
}

/// A number as typed; nothing when it is empty, or a problem.
fn number(field: &str, typed: &str, most: i32, problems: &mut Vec<FieldProblem>) -> Option<i32> {
    let typed = typed.trim();
    let number = typed.parse::<i32>().ok().filter(|number| (0..=most).contains(number));
    if number.is_none() && !typed.is_empty() {
        problems.push(FieldProblem::new(field, Problem::TooMany(i64::from(most))));
    }
    number
}

/// Grants an exception: what is left empty stays as the learner has it. An attempt that runs ends by it too, never earlier than it would.
pub async fn grant(ctx: &Ctx, course_id: Uuid, test_id: Uuid, input: Grant<'_>) -> Result<()> {
    let _permit = authz::permit(&ctx.actor, Administer)?;
    let created_by = ctx.actor.signed_in()?;
    let mut problems = Vec::new();
    let minutes = number("extra_minutes", input.minutes, MINUTES_MAX, &mut problems);
    let extra_attempts = number("extra_attempts", input.attempts, ATTEMPTS_MAX, &mut problems);
    let reason = reason::check(input.reason).unwrap_or_else(|problem| {
        problems.push(FieldProblem::new("reason", problem));
        ""
    });
    let closes_at = input.closes.clone().unwrap_or_else(|problem| {
        problems.push(FieldProblem::new("closes", problem));
        None
    });
    let mut tx = ctx.begin().await?;
    if !author_queries::lock_test(&mut tx, course_id, test_id).await? {
        return Err(ServiceError::NotFound);
    }
    let email = input.email.trim();
    let learner = if email.contains('\0') { None } else { queries::learner_by_email(&mut tx, course_id, email).await? };
    let Some(user_id) = learner.filter(|_| problems.is_empty()) else {
        if learner.is_none() {
            problems.push(FieldProblem::new("email", Problem::NoSuchLearner));
        }
        return Err(ServiceError::Invalid(problems));
    };
    let before = queries::exception(&mut tx, test_id, user_id).await?;
    let had = before.unwrap_or_default();
    let after = TestException {
        extra_seconds: minutes.map_or(had.extra_seconds, |minutes| minutes * 60),
        extra_attempts: extra_attempts.unwrap_or(had.extra_attempts),
        closes_at: if input.closes_as_for_all { None } else { closes_at.or(had.closes_at) },
    };
    queries::upsert_exception(&mut tx, ExceptionRow { test_id, user_id, exception: after, reason, created_by, now: ctx.now() }).await?;
    if let Some(running) = queries::lock_running(&mut tx, test_id, user_id).await? {
        let by_rule = end_of(running.started_at, running.time_limit_seconds, after.extra_seconds, after.closes_at.or(running.closes_at));
        // Who is at it was told when it ends: that may come later, never sooner. No end is the latest of all.
        let ends_at = running.ends_at.zip(by_rule).map(|(told, by_rule)| told.max(by_rule));
        queries::move_end(&mut tx, running.id, ends_at).await?;
    }
    let event = AuthoringEvent::TestExceptionGranted { test_id, course_id, user_id, before, after, reason: reason.to_owned() };
    events::record(&mut tx, ctx, Event::Authoring(event)).await?;
    Ok(tx.commit().await?)
}

/// Takes an attempt back: it does not count any more, neither for the mark nor for the limit. What it opened stays open (progress.md).
pub async fn void(ctx: &Ctx, attempt_id: Uuid, reason: &str) -> Result<()> {
    let mut tx = ctx.begin().await?;
    let row = permitted(ctx, &mut tx, attempt_id).await?;
    let reason = reason::read("reason", reason)?;
    let before = attempts::lock_attempt(&mut tx, attempt_id).await?.ok_or(ServiceError::NotFound)?;
    // Twice pressed is once taken back.
    if before == AttemptState::Voided.code() {
        return Ok(());
    }
    queries::void_attempt(&mut tx, attempt_id, &reason, ctx.actor.id(), ctx.now()).await?;
    let event = Event::AttemptVoided { attempt_id, test_id: row.test_id, before, reason };
    events::record(&mut tx, ctx, event).await?;
    // Another attempt may count now.
    progress::refresh_lesson(&mut tx, ctx, row.enrollment_id, row.lesson_id, "test").await?;
    Ok(tx.commit().await?)
}
