//! A score that was given is changed later, with a reason; what hangs on it follows.

use super::review::{empty_text, permitted, read_points, read_remark};
use crate::features::quizzes::model::{AttemptState, QuestionKind};
use crate::features::quizzes::rules;
use crate::features::quizzes::server::judging;
use crate::features::quizzes::server::learners::answer_queries::{self as answers, Score};
use crate::features::quizzes::server::learners::{attempt_queries as attempts, question_queries as questions};
use crate::features::quizzes::server::stored::{fraction, kind_of};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::server::events::{self, Event, MarkEvent};
use crate::server::reason;
use crate::shared::error::{FieldProblem, Problem};
use crate::shared::fraction::Fraction;
use serde_json::json;
use uuid::Uuid;

/// What a curator wants to stand, as typed. The fields' names end with the question's id.
#[derive(Debug)]
pub struct Change<'a> {
    /// `questions.id`.
    pub question_id: Uuid,
    /// Points, such as `1,5`.
    pub points: &'a str,
    /// Words for the learner.
    pub remark: &'a str,
    /// Why.
    pub reason: &'a str,
    /// The points that the form showed.
    pub seen: &'a str,
}

/// Changes the score of an open answer.
pub async fn change(ctx: &Ctx, attempt_id: Uuid, input: Change<'_>) -> Result<()> {
    let question_id = input.question_id;
    let mut tx = ctx.begin().await?;
    permitted(ctx, &mut tx, attempt_id).await?;
    let state = attempts::lock_attempt(&mut tx, attempt_id).await?;
    if ![AttemptState::NeedsReview, AttemptState::Graded].iter().any(|known| Some(known.code()) == state.as_deref()) {
        return Err(ServiceError::Conflict);
    }
    let rows = questions::questions_of_attempt(&mut tx, attempt_id).await?;
    let row = rows.iter().find(|row| row.question_id == question_id).ok_or(ServiceError::NotFound)?;
    let before = fraction(row.score_numerator, row.score_denominator).filter(|_| kind_of(&row.kind).is_ok_and(|kind| kind == QuestionKind::Open));
    let before = before.ok_or(ServiceError::NotFound)?;
    let field = |name: &str| format!("{name}_{question_id}");
    let mut problems: Vec<FieldProblem> = Vec::new();
    let mut take = |result: Result<(), FieldProblem>| problems.extend(result.err());
    let (mut score, mut remark, mut why) = (before, String::new(), String::new());
    take(read_points(&field("points"), row.weight, input.points).map(|read| score = read));
    take(read_remark(&field("remark"), input.remark).map(|read| remark = read));
    take(reason::check(input.reason).map(|read| read.clone_into(&mut why)).map_err(|problem| FieldProblem::new(&field("reason"), problem)));
    if !problems.is_empty() {
        return Err(ServiceError::Invalid(problems));
    }
    // Twice pressed is once changed.
    if score == before && remark == row.remark.clone().unwrap_or_default() {
        return Ok(());
    }
    if Fraction::parse_decimal(input.seen) != Some(rules::points(row.weight, before)) {
        return Err(ServiceError::field("", Problem::ScoredElsewhere));
    }
    let written = Score { new_id: ctx.new_id(), question_id, fraction: score.into(), empty_value: empty_text()?, remark };
    answers::upsert_scores(&mut tx, attempt_id, vec![written], ctx.actor.id(), ctx.now()).await?;
    let event = MarkEvent::ScoreChanged {
        attempt_id,
        question_id,
        before: json!([before.numerator(), before.denominator()]),
        after: json!([score.numerator(), score.denominator()]),
        reason: why.clone(),
    };
    events::record(&mut tx, ctx, Event::Mark(event)).await?;
    judging::add_up_again(&mut tx, ctx, attempt_id, &why).await?;
    Ok(tx.commit().await?)
}
