//! Saving answers, one by one as they are given (T3): repeated operations are harmless, a lower sequence never replaces a
//! higher one, and "saved" is said only after the commit.

use super::answer_queries::{self as answers, Operation, SavingRow};
use super::attempt_queries as attempts;
use super::option_names;
use super::question_queries as questions;
use crate::features::quizzes::model::{AnswerValue, AttemptState, QuestionKind, SaveOutcome};
use crate::features::quizzes::server::asked::StoredQuestion;
use crate::features::quizzes::server::stored::{kind_of, value_of};
use crate::features::quizzes::{rules, scoring};
use crate::server::authz::{self, UseOwnAttempt};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::shared::error::{FieldProblem, Problem};
use anyhow::Context as _;
use chrono::Duration;
use sqlx::PgConnection;
use uuid::Uuid;

/// How far a client's sequence may run ahead: more than anybody changes one answer between two that arrive.
const SEQUENCES_AHEAD: i64 = 1_000_000;

/// Saves one answer under a sequence number of the client's.
pub async fn save(ctx: &Ctx, attempt_id: Uuid, question_id: Uuid, sequence: i64, value: AnswerValue) -> Result<SaveOutcome> {
    let mut tx = ctx.begin().await?;
    if !is_open(&mut tx, ctx, attempt_id).await? {
        return Ok(SaveOutcome::Over);
    }
    let outcome = write(&mut tx, ctx, attempt_id, question_id, Some(sequence), value).await?;
    tx.commit().await?;
    Ok(outcome)
}

/// An answer as a form sends it, and the sequence of what the form showed before.
#[derive(Debug)]
pub struct FormAnswer {
    /// What was given.
    pub value: AnswerValue,
    /// 0 when nothing was there.
    pub shown: i64,
}

/// Saves a whole form of answers, as browsers without scripts send it. An answer that can't be taken, because it is too long or a
/// later one came from elsewhere, is refused beside its question; the others are saved, so that none of them is lost.
///
/// # Errors
/// The problem of the form as a whole when the attempt is over.
pub async fn save_all(ctx: &Ctx, attempt_id: Uuid, read: impl Fn(Uuid, QuestionKind) -> Option<FormAnswer>) -> Result<()> {
    let mut tx = ctx.begin().await?;
    // Alone, so that nothing is saved between the comparison with what was shown and the writing.
    attempts::lock_attempt(&mut tx, attempt_id).await?;
    if !is_open(&mut tx, ctx, attempt_id).await? {
        return Err(ServiceError::field("", Problem::AttemptOver));
    }
    let mut problems = Vec::new();
    for question in questions::questions_of_attempt(&mut tx, attempt_id).await? {
        let Some(FormAnswer { value, shown }) = read(question.question_id, kind_of(&question.kind)?) else { continue };
        let value = option_names::stored(&question.answer_order, value);
        if value_of(question.value)?.as_ref() == Some(&value) || (question.sequence.is_none() && value.is_empty()) {
            continue;
        }
        if question.sequence.unwrap_or(0) > shown {
            problems.push(FieldProblem::new(&format!("q_{}", question.question_id), Problem::AnsweredElsewhere));
            continue;
        }
        match write(&mut tx, ctx, attempt_id, question.question_id, None, value).await {
            Err(ServiceError::Invalid(found)) => problems.extend(found),
            Err(error) => return Err(error),
            Ok(_) => {}
        }
    }
    tx.commit().await?;
    if problems.is_empty() { Ok(()) } else { Err(ServiceError::Invalid(problems)) }
}

/// Whether the attempt of the asking person still takes answers: until its end and the network's tolerance.
pub(super) async fn is_open(connection: &mut PgConnection, ctx: &Ctx, attempt_id: Uuid) -> Result<bool> {
    let user_id = ctx.actor.signed_in()?;
    let SavingRow { user_id: owner_id, state, ends_at } = answers::share_attempt(connection, attempt_id).await?.ok_or(ServiceError::NotFound)?;
    let _permit = authz::permit(&ctx.actor, UseOwnAttempt { owner_id })?;
    debug_assert_eq!(user_id, owner_id, "the permit is for the owner");
    let is_late = ends_at.is_some_and(|end| ctx.now() > end + Duration::seconds(rules::TOLERANCE_SECONDS));
    Ok(state == AttemptState::InProgress.code() && !is_late)
}

/// Writes one answer; without a sequence it follows whatever is there.
async fn write(
    connection: &mut PgConnection,
    ctx: &Ctx,
    attempt_id: Uuid,
    question_id: Uuid,
    sequence: Option<i64>,
    value: AnswerValue,
) -> Result<SaveOutcome> {
    let question = answers::question_of_attempt(connection, attempt_id, question_id).await?.ok_or(ServiceError::NotFound)?;
    let value = &option_names::stored(&question.answer_order, value);
    // Only whether the options belong to the question matters here, not which are right.
    let options: Vec<(Uuid, bool)> = question.options.into_iter().map(|id| (id, false)).collect();
    let question = StoredQuestion::new(&question.kind, question.body, options, &question.shown_order)?;
    if !scoring::is_acceptable(&question.asked(Some(value)), value) {
        let most = if question.kind == QuestionKind::Open { rules::TEXT_MAX } else { rules::SHORT_MAX };
        let is_long = value.fields().iter().any(|text| text.chars().count() > most);
        let problem = if is_long { Problem::TooLong(u32::try_from(most).unwrap_or(u32::MAX)) } else { Problem::UnknownChoice };
        return Err(ServiceError::field(&format!("q_{question_id}"), problem));
    }
    let stored = answers::stored_answer(connection, attempt_id, question_id).await?;
    // A client's number may run ahead of what is stored, but not so far that the numbers after it would end.
    if sequence.is_some_and(|given| !(0..=stored.as_ref().map_or(0, |stored| stored.sequence) + SEQUENCES_AHEAD).contains(&given)) {
        return Err(ServiceError::field("sequence", Problem::UnknownChoice));
    }
    let sequence = sequence.unwrap_or_else(|| stored.as_ref().map_or(1, |stored| stored.sequence + 1));
    let json = serde_json::to_value(value).context("an answer as JSON")?;
    let operation = Operation { id: ctx.new_id(), attempt_id, question_id, sequence, value: &json, now: ctx.now() };
    if answers::upsert_answer(connection, &operation).await? {
        return Ok(SaveOutcome::Saved { at: ctx.local(operation.now) });
    }
    // The same operation again is harmless; another one of this or a lower sequence is late.
    match answers::stored_answer(connection, attempt_id, question_id).await? {
        Some(stored) if stored.sequence == sequence && stored.value == json => Ok(SaveOutcome::Saved { at: ctx.local(stored.saved_at) }),
        stored => Ok(SaveOutcome::Stale { sequence: stored.map_or(sequence, |stored| stored.sequence) }),
    }
}
