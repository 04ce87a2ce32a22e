//! The end of an attempt: handed in by its learner or by the clock (T5, T6), scored in one transaction, graded when nothing
//! waits for a curator any more.

use super::answer_queries::{self as answers, Score};
use super::asked::StoredQuestion;
use super::attempt_queries::{self as attempts, Finish};
use super::service::value_of;
use super::{judging, question_queries as questions};
use crate::features::learning::server::progress;
use crate::features::quizzes::model::{AnswerValue, AttemptState, QuestionKind};
use crate::features::quizzes::rules;
use crate::server::authz::{self, UseOwnAttempt};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::server::events::{self, Event};
use crate::shared::fraction::Fraction;
use anyhow::Context as _;
use chrono::{DateTime, Duration, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

/// Hands an attempt in. Twice pressed is once submitted.
pub async fn submit(ctx: &Ctx, attempt_id: Uuid) -> Result<()> {
    let mut tx = ctx.begin().await?;
    let row = attempts::attempt_by_id(&mut tx, attempt_id, None).await?;
    let user_id = ctx.actor.signed_in()?;
    let row = row.ok_or(ServiceError::NotFound)?;
    let _permit = authz::permit(&ctx.actor, UseOwnAttempt { owner_id: row.user_id })?;
    debug_assert_eq!(user_id, row.user_id, "the permit is for the owner");
    let end = match row.ends_at {
        Some(end) if end < ctx.now() => Ended::ByClock(end),
        _ => Ended::ByLearner(ctx.now()),
    };
    finish(&mut tx, ctx, attempt_id, end).await?;
    Ok(tx.commit().await?)
}

/// Hands in one attempt whose time is over, as its learner left it.
pub async fn finish_overdue(ctx: &Ctx, attempt_id: Uuid) -> Result<()> {
    let mut tx = ctx.begin().await?;
    let row = attempts::attempt_by_id(&mut tx, attempt_id, None).await?.ok_or(ServiceError::NotFound)?;
    finish(&mut tx, ctx, attempt_id, Ended::ByClock(row.ends_at.unwrap_or_else(|| ctx.now()))).await?;
    Ok(tx.commit().await?)
}

/// Hands in every attempt whose end and tolerance are past; several servers share the work. Returns how many.
pub async fn finish_all_overdue(ctx: &Ctx) -> Result<u32> {
    let mut count = 0;
    loop {
        let mut tx = ctx.begin().await?;
        let latest_end = ctx.now() - Duration::seconds(rules::TOLERANCE_SECONDS);
        let Some(attempt_id) = attempts::claim_overdue(&mut tx, latest_end).await? else { return Ok(count) };
        let row = attempts::attempt_by_id(&mut tx, attempt_id, None).await?.ok_or(ServiceError::NotFound)?;
        finish(&mut tx, ctx, attempt_id, Ended::ByClock(row.ends_at.unwrap_or_else(|| ctx.now()))).await?;
        tx.commit().await?;
        count += 1;
    }
}

/// Who ended an attempt, and when.
#[derive(Clone, Copy, Debug)]
enum Ended {
    ByLearner(DateTime<Utc>),
    ByClock(DateTime<Utc>),
}

async fn finish(connection: &mut PgConnection, ctx: &Ctx, attempt_id: Uuid, ended: Ended) -> Result<()> {
    let state = attempts::lock_attempt(connection, attempt_id).await?.ok_or(ServiceError::NotFound)?;
    if state != AttemptState::InProgress.code() {
        return Ok(());
    }
    let asked = questions::questions_of_attempt(connection, attempt_id).await?;
    let finished_at = match ended {
        Ended::ByLearner(at) => at,
        Ended::ByClock(at) => {
            let mut is_empty = true;
            for question in &asked {
                is_empty &= value_of(question.value.clone())?.is_none_or(|value| value.is_empty());
            }
            if is_empty {
                return expire(connection, ctx, attempt_id, at).await;
            }
            at
        }
    };
    let options = questions::options_of_attempt(connection, attempt_id).await?;
    let mut machine_points = Fraction::ZERO;
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
        let row = Score {
            new_id: ctx.new_id(),
            attempt_id,
            question_id: question.question_id,
            fraction: score.into(),
            empty_value: serde_json::to_value(nothing).context("an empty answer as JSON")?,
            scored_by: None,
            remark: "",
            now: ctx.now(),
        };
        answers::upsert_score(connection, row).await?;
    }
    let next = if needs_review { AttemptState::NeedsReview } else { AttemptState::Submitted };
    attempts::finish_attempt(connection, Finish { attempt_id, state: next.code(), finished_at, machine_points: machine_points.into() }).await?;
    let row = attempts::attempt_by_id(connection, attempt_id, None).await?.ok_or(ServiceError::NotFound)?;
    events::record(connection, ctx, Event::AttemptSubmitted { attempt_id, test_id: row.test_id, needs_review }).await?;
    if needs_review { Ok(()) } else { grade(connection, ctx, attempt_id).await }
}

/// Ends an attempt in which nothing was given before its end: it is neither scored nor graded, and passes nothing.
async fn expire(connection: &mut PgConnection, ctx: &Ctx, attempt_id: Uuid, at: DateTime<Utc>) -> Result<()> {
    attempts::expire_attempt(connection, attempt_id, at).await?;
    let row = attempts::attempt_by_id(connection, attempt_id, None).await?.ok_or(ServiceError::NotFound)?;
    events::record(connection, ctx, Event::AttemptExpired { attempt_id, test_id: row.test_id }).await
}

/// Grades an attempt all of whose answers are scored: points, passed or not, and what hangs on it, in the caller's transaction.
pub(super) async fn grade(connection: &mut PgConnection, ctx: &Ctx, attempt_id: Uuid) -> Result<()> {
    let row = attempts::attempt_by_id(connection, attempt_id, None).await?.ok_or(ServiceError::NotFound)?;
    let asked = questions::questions_of_attempt(connection, attempt_id).await?;
    let mark = judging::sum(&asked)?.mark(row.pass_hundredths).context("an attempt is graded while answers have no score")?;
    attempts::grade_attempt(connection, attempt_id, mark.points.into(), mark.max, mark.is_passed, ctx.now()).await?;
    events::record(connection, ctx, Event::AttemptGraded { attempt_id, test_id: row.test_id, user_id: row.user_id }).await?;
    // Which attempts count is the test's rule (T7): also one that fails may change what the learner has.
    progress::refresh_lesson(connection, ctx, row.enrollment_id, row.lesson_id, "test").await?;
    Ok(())
}
