//! Use cases of curators: the open answers of an attempt, the scores.

use crate::features::assignments::server::queue;
use crate::features::quizzes::model::{AnswerValue, AttemptState, OpenAnswer, QuestionKind, ReviewPage};
use crate::features::quizzes::rules;
use crate::features::quizzes::server::judging::correction_of;
use crate::features::quizzes::server::learners::answer_queries::{self as answers, Score};
use crate::features::quizzes::server::learners::attempt_queries::{self as attempts, AttemptRow};
use crate::features::quizzes::server::learners::question_queries::QuestionRow;
use crate::features::quizzes::server::learners::{answer_files, finishing, question_queries as questions, signs};
use crate::features::quizzes::server::queries;
use crate::features::quizzes::server::stored::{fraction, kind_of, state_of, value_of};
use crate::server::authz::{self, Actor, ReviewAttempt, SeeReviewQueue};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::server::events::{self, Event};
use crate::shared::error::{FieldProblem, Problem};
use crate::shared::fraction::Fraction;
use crate::shared::role::Role;
use anyhow::Context as _;
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

/// Longest remark, in characters.
const REMARK_MAX: u32 = 5_000;

/// The curator whose courses count; administrators see all.
pub fn queue_owner(ctx: &Ctx) -> Option<Uuid> {
    match ctx.actor {
        Actor::Person { id, role: Role::Curator } => Some(id),
        _ => None,
    }
}

/// How many attempts and works wait for this person; 0 for everybody but staff.
pub async fn count_waiting(ctx: &Ctx) -> Result<i64> {
    if authz::permit(&ctx.actor, SeeReviewQueue).is_err() {
        return Ok(0);
    }
    let mut connection = ctx.connection().await?;
    let attempts = queries::count_waiting(&mut connection, queue_owner(ctx), ctx.actor.id()).await?;
    Ok(attempts + queue::count(&mut connection, queue_owner(ctx), ctx.actor.id()).await?)
}

/// An attempt that this person may review.
pub(super) async fn permitted(ctx: &Ctx, connection: &mut PgConnection, attempt_id: Uuid) -> Result<AttemptRow> {
    // The area's answer comes before the attempt's: a student learns nothing about ids here.
    let _area = authz::permit(&ctx.actor, SeeReviewQueue)?;
    let row = attempts::attempt_by_id(connection, attempt_id, ctx.actor.id()).await?.ok_or(ServiceError::NotFound)?;
    let _permit = authz::permit(&ctx.actor, ReviewAttempt { is_curator: row.is_curator, learner_id: row.user_id })?;
    Ok(row)
}

/// The open answers of an attempt that was handed in.
pub async fn attempt(ctx: &Ctx, attempt_id: Uuid) -> Result<ReviewPage> {
    let mut connection = ctx.connection().await?;
    let row = permitted(ctx, &mut connection, attempt_id).await?;
    let state = state_of(&row.state)?;
    if state == AttemptState::InProgress {
        return Err(ServiceError::NotFound);
    }
    let mut machine_max = 0;
    let mut answers = Vec::new();
    let mut files = answer_files::of_attempt(&mut connection, attempt_id).await?;
    for question in questions::questions_of_attempt(&mut connection, attempt_id).await? {
        if kind_of(&question.kind)? != QuestionKind::Open {
            machine_max += rules::counted(correction_of(&question), question.weight, None).0;
            continue;
        }
        let score = fraction(question.score_numerator, question.score_denominator);
        answers.push(OpenAnswer {
            files: files.remove(&question.question_id).unwrap_or_default(),
            question_id: question.question_id,
            prompt_html: question.prompt_html,
            model_answer_html: question.model_answer_html,
            text: match value_of(question.value)? {
                Some(AnswerValue::Text(text)) => text,
                _ => String::new(),
            },
            weight: question.weight,
            points: score.map(|score| rules::points(question.weight, score)),
            remark: question.remark.unwrap_or_default(),
        });
    }
    Ok(ReviewPage {
        attempt_id,
        learner: row.learner,
        learner_photo: row.learner_photo,
        course_title: row.course_title,
        test_title: row.title,
        number: row.number,
        state,
        submitted: row.finished_at.map(|at| ctx.local(at)),
        promised: row.review_due_at.map(|at| ctx.local(at)),
        machine_points: fraction(row.machine_points_numerator, row.machine_points_denominator),
        machine_max,
        signs: signs::of_attempt(&mut connection, ctx, attempt_id).await?,
        answers,
    })
}

/// What a curator gives for one open answer, as typed.
#[derive(Debug)]
pub struct Verdict {
    /// `questions.id`.
    pub question_id: Uuid,
    /// Points, such as `1,5`.
    pub points: String,
    /// Words for the learner.
    pub remark: String,
}

/// Points as typed, as the score of a question of that weight.
pub(super) fn read_points(field: &str, weight: i32, typed: &str) -> std::result::Result<Fraction, FieldProblem> {
    let score = Fraction::parse_decimal(typed).and_then(|given| rules::score_of_points(weight, given));
    let problem = if typed.trim().is_empty() { Problem::Required } else { Problem::PointsOutOfRange(i64::from(weight)) };
    score.ok_or_else(|| FieldProblem::new(field, problem))
}

/// A remark as it may be kept.
pub(super) fn read_remark(field: &str, typed: &str) -> std::result::Result<String, FieldProblem> {
    let remark = typed.trim();
    if remark.chars().count() > REMARK_MAX as usize || remark.contains('\0') {
        return Err(FieldProblem::new(field, Problem::TooLong(REMARK_MAX)));
    }
    Ok(remark.to_owned())
}

/// What carries the score of an open question that nothing was written to.
pub(super) fn empty_text() -> Result<serde_json::Value> {
    Ok(serde_json::to_value(AnswerValue::Text(String::new())).context("an empty answer as JSON")?)
}

/// Whether a question of an attempt waits for a curator.
pub(in crate::features::quizzes::server) fn waits(row: &QuestionRow) -> Result<bool> {
    Ok(kind_of(&row.kind)? == QuestionKind::Open && correction_of(row).is_none() && row.score_numerator.is_none())
}

/// What a verdict on an answer that waits comes to, or what is wrong with it.
pub(in crate::features::quizzes::server) fn scored(
    ctx: &Ctx,
    question: &QuestionRow,
    verdict: &Verdict,
    (points_field, remark_field): (&str, &str),
) -> Result<std::result::Result<Score, Vec<FieldProblem>>> {
    let read = (read_points(points_field, question.weight, &verdict.points), read_remark(remark_field, &verdict.remark));
    let (score, remark) = match read {
        (Ok(score), Ok(remark)) => (score, remark),
        (score, remark) => return Ok(Err(score.err().into_iter().chain(remark.err()).collect())),
    };
    Ok(Ok(Score { new_id: ctx.new_id(), question_id: question.question_id, fraction: score.into(), empty_value: empty_text()?, remark }))
}

/// Writes scores of answers that waited, in the caller's transaction, which holds the attempt.
pub(in crate::features::quizzes::server) async fn write(
    connection: &mut PgConnection,
    ctx: &Ctx,
    attempt_id: Uuid,
    scores: Vec<Score>,
) -> Result<()> {
    for score in &scores {
        let (numerator, denominator) = score.fraction;
        let event = Event::AnswerScored { attempt_id, question_id: score.question_id, before: json!(null), after: json!([numerator, denominator]) };
        events::record(connection, ctx, event).await?;
    }
    Ok(answers::upsert_scores(connection, attempt_id, scores, ctx.actor.id(), ctx.now()).await?)
}

/// Scores all open answers of an attempt that wait, and grades it. A second verdict on the same attempt is a conflict; one on an answer
/// that somebody else scored meanwhile is told.
pub async fn score(ctx: &Ctx, attempt_id: Uuid, verdict_of: impl Fn(Uuid) -> Verdict) -> Result<()> {
    let mut tx = ctx.begin().await?;
    let row = permitted(ctx, &mut tx, attempt_id).await?;
    if attempts::lock_attempt(&mut tx, attempt_id).await?.as_deref() != Some(AttemptState::NeedsReview.code()) {
        return Err(ServiceError::Conflict);
    }
    let (mut problems, mut scores) = (Vec::new(), Vec::new());
    for question in questions::questions_of_attempt(&mut tx, attempt_id).await? {
        let verdict = verdict_of(question.question_id);
        if waits(&question)? {
            let fields = (format!("points_{}", verdict.question_id), format!("remark_{}", verdict.question_id));
            match scored(ctx, &question, &verdict, (&fields.0, &fields.1))? {
                Ok(score) => scores.push(score),
                Err(found) => problems.extend(found),
            }
        } else if !verdict.points.trim().is_empty() {
            problems.push(FieldProblem::new("", Problem::ScoredElsewhere));
        }
    }
    if !problems.is_empty() {
        return Err(ServiceError::Invalid(problems));
    }
    write(&mut tx, ctx, attempt_id, scores).await?;
    finishing::grade(&mut tx, ctx, &row).await?;
    Ok(tx.commit().await?)
}
