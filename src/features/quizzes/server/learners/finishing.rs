//! The end of an attempt: handed in by its learner or by the clock (T5, T6), scored in one transaction, graded when nothing
//! waits for a curator any more.

use super::answer_queries::{self as answers, Score};
use super::attempt_queries::{self as attempts, AttemptRow, Finish};
use super::question_queries as questions;
use crate::features::calendar::server::service as calendar;
use crate::features::learning::server::progress;
use crate::features::quizzes::model::{AnswerValue, AttemptState, QuestionKind};
use crate::features::quizzes::rules;
use crate::features::quizzes::server::asked::StoredQuestion;
use crate::features::quizzes::server::judging;
use crate::features::quizzes::server::stored::value_of;
use crate::server::authz::{self, UseOwnAttempt};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError, is_outage};
use crate::server::events::{self, Event};
use crate::shared::fraction::Fraction;
use anyhow::Context as _;
use chrono::{DateTime, Duration, Utc};
use sqlx::PgConnection;
use std::collections::HashMap;
use uuid::Uuid;

/// Hands an attempt in. Twice pressed is once submitted.
pub async fn submit(ctx: &Ctx, attempt_id: Uuid) -> Result<()> {
    let user_id = ctx.actor.signed_in()?;
    let mut tx = ctx.begin().await?;
    let row = held(&mut tx, attempt_id).await?;
    let _permit = authz::permit(&ctx.actor, UseOwnAttempt { owner_id: row.user_id })?;
    debug_assert_eq!(user_id, row.user_id, "the permit is for the owner");
    let end = match row.ends_at {
        Some(end) if end < ctx.now() => Ended::ByClock(end),
        _ => Ended::ByLearner(ctx.now()),
    };
    finish(&mut tx, ctx, &row, end).await?;
    Ok(tx.commit().await?)
}

/// An attempt as it stands, held against everybody else: what is read before the lock may be no more so under it.
async fn held(connection: &mut PgConnection, attempt_id: Uuid) -> Result<AttemptRow> {
    attempts::lock_attempt(connection, attempt_id).await?.ok_or(ServiceError::NotFound)?;
    attempts::attempt_by_id(connection, attempt_id, None).await?.ok_or(ServiceError::NotFound)
}

/// The end of an attempt that runs though its time and the tolerance are over.
pub(in crate::features::quizzes::server) fn overdue(row: &AttemptRow, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let is_running = row.state == AttemptState::InProgress.code();
    row.ends_at.filter(|end| is_running && *end + Duration::seconds(rules::TOLERANCE_SECONDS) <= now)
}

/// Hands in one attempt whose time is over, as its learner left it.
pub async fn finish_overdue(ctx: &Ctx, attempt_id: Uuid) -> Result<()> {
    let mut tx = ctx.begin().await?;
    finish_by_clock(&mut tx, ctx, attempt_id).await?;
    Ok(tx.commit().await?)
}

async fn finish_by_clock(connection: &mut PgConnection, ctx: &Ctx, attempt_id: Uuid) -> Result<()> {
    let row = held(connection, attempt_id).await?;
    match overdue(&row, ctx.now()) {
        Some(end) => finish(connection, ctx, &row, Ended::ByClock(end)).await,
        // It was handed in, or got more time, while this waited.
        None => Ok(()),
    }
}

/// How long an attempt that can't be handed in is left alone, so that those behind it have their turn.
const PUT_OFF_SECONDS: i64 = 10;

/// Attempts that could not be handed in, each with the moment of its next try.
pub type PutOff = HashMap<Uuid, DateTime<Utc>>;

/// Hands in every attempt whose end and tolerance are past, several at once: while one waits for the disk, others are scored. Several
/// servers share the work. Returns how many.
pub async fn finish_all_overdue(ctx: &Ctx, put_off: &mut PutOff) -> Result<u32> {
    put_off.retain(|_, next_try| *next_try > ctx.now());
    let lane = || Box::pin(hand_in(ctx, put_off.keys().copied().collect()));
    let lanes = tokio::join!(lane(), lane(), lane(), lane());
    let mut count = 0;
    for lane in [lanes.0, lanes.1, lanes.2, lanes.3] {
        let (finished, passed_over) = lane?;
        count += finished;
        for id in passed_over {
            put_off.entry(id).or_insert_with(|| ctx.now() + Duration::seconds(PUT_OFF_SECONDS));
        }
    }
    Ok(count)
}

/// Hands in overdue attempts, one after another, but those that are passed over; returns how many, and what is passed over now.
async fn hand_in(ctx: &Ctx, mut passed_over: Vec<Uuid>) -> Result<(u32, Vec<Uuid>)> {
    let mut count = 0;
    loop {
        let mut tx = ctx.begin().await?;
        let latest_end = ctx.now() - Duration::seconds(rules::TOLERANCE_SECONDS);
        let Some(attempt_id) = attempts::claim_overdue(&mut tx, latest_end, &passed_over).await? else { return Ok((count, passed_over)) };
        let finished = match finish_by_clock(&mut tx, ctx, attempt_id).await {
            Ok(()) => tx.commit().await.map_err(ServiceError::from),
            Err(error) => {
                // Its row is free before anybody goes on; dropped, it would be so a little later.
                tx.rollback().await.ok();
                Err(error)
            }
        };
        match finished {
            Ok(()) => count += 1,
            Err(ServiceError::Database(cause)) if is_outage(&cause) => return Err(cause.into()),
            Err(error) => {
                tracing::error!(%attempt_id, cause = format!("{error:#}"), "an attempt can't be handed in at its end");
                passed_over.push(attempt_id);
            }
        }
    }
}

/// Who ended an attempt, and when.
#[derive(Clone, Copy, Debug)]
enum Ended {
    ByLearner(DateTime<Utc>),
    ByClock(DateTime<Utc>),
}

/// Ends an attempt that is held, unless it is over.
async fn finish(connection: &mut PgConnection, ctx: &Ctx, row: &AttemptRow, ended: Ended) -> Result<()> {
    let attempt_id = row.id;
    if row.state != AttemptState::InProgress.code() {
        return Ok(());
    }
    let asked = questions::questions_of_attempt(connection, attempt_id).await?;
    let finished_at = match ended {
        Ended::ByLearner(at) => at,
        Ended::ByClock(at) => {
            let mut is_empty = true;
            for question in &asked {
                is_empty &= !question.has_files && value_of(question.value.clone())?.is_none_or(|value| value.is_empty());
            }
            if is_empty {
                attempts::expire_attempt(connection, attempt_id, at).await?;
                return events::record(connection, ctx, Event::AttemptExpired { attempt_id, test_id: row.test_id }).await;
            }
            at
        }
    };
    let options = questions::options_of_attempt(connection, attempt_id).await?;
    let mut machine_points = Fraction::ZERO;
    let mut scores = Vec::with_capacity(asked.len());
    let mut needs_review = false;
    for question in asked {
        let stored = StoredQuestion::of_row(&question, &options)?;
        let value = value_of(question.value)?;
        let score = stored.score(value.as_ref());
        let (weight, counted) = rules::counted(stored.correction, question.weight, score);
        needs_review |= counted.is_none();
        if stored.kind != QuestionKind::Open {
            machine_points = counted.map_or(machine_points, |score| machine_points + rules::points(weight, score));
        }
        let Some(score) = score else { continue };
        let nothing = AnswerValue::nothing(stored.kind);
        scores.push(Score {
            new_id: ctx.new_id(),
            question_id: question.question_id,
            fraction: score.into(),
            empty_value: serde_json::to_value(nothing).context("an empty answer as JSON")?,
            remark: String::new(),
        });
    }
    answers::upsert_scores(connection, attempt_id, scores, None, ctx.now()).await?;
    let next = if needs_review { AttemptState::NeedsReview } else { AttemptState::Submitted };
    // The promise is made once: no later change of the calendar moves it.
    let review_due_at = if needs_review { Some(calendar::promise(connection, finished_at, row.review_hours).await?) } else { None };
    let finish = Finish { attempt_id, state: next.code(), finished_at, machine_points: machine_points.into(), review_due_at };
    attempts::finish_attempt(connection, finish).await?;
    events::record(connection, ctx, Event::AttemptSubmitted { attempt_id, test_id: row.test_id, needs_review }).await?;
    if needs_review { Ok(()) } else { grade(connection, ctx, row).await }
}

/// Grades an attempt all of whose answers are scored: points, passed or not, and what hangs on it, in the caller's transaction.
pub(in crate::features::quizzes::server) async fn grade(connection: &mut PgConnection, ctx: &Ctx, row: &AttemptRow) -> Result<()> {
    let attempt_id = row.id;
    let asked = questions::questions_of_attempt(connection, attempt_id).await?;
    let mark = judging::sum(&asked)?.mark(row.pass_hundredths).context("an attempt is graded while answers have no score")?;
    attempts::grade_attempt(connection, attempt_id, mark.points.into(), mark.max, mark.is_passed, ctx.now()).await?;
    events::record(connection, ctx, Event::AttemptGraded { attempt_id, test_id: row.test_id, user_id: row.user_id }).await?;
    // Which attempts count is the test's rule (T7): also one that fails may change what the learner has.
    progress::refresh_lesson(connection, ctx, row.enrollment_id, row.lesson_id, "test").await?;
    Ok(())
}
