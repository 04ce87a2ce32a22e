//! Use cases of curators: the queue, the open answers of an attempt, the scores.

use super::answer_queries::{self as answers, Score};
use super::attempt_queries::{self as attempts, AttemptRow};
use super::judging::correction_of;
use super::service::{fraction, kind_of, promised, state_of, value_of};
use super::{finishing, queries, question_queries as questions};
use crate::features::quizzes::model::{AnswerValue, AttemptState, OpenAnswer, QuestionKind, QueueLine, ReviewPage};
use crate::features::quizzes::rules;
use crate::server::authz::{self, Actor, ReviewInCourse, SeeReviewQueue};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::server::events::{self, Event};
use crate::shared::error::{FieldProblem, Problem};
use crate::shared::fraction::Fraction;
use crate::shared::role::Role;
use anyhow::Context as _;
use serde_json::json;
use uuid::Uuid;

/// Longest remark, in characters.
const REMARK_MAX: u32 = 5_000;

/// The curator whose courses count; administrators see all.
fn queue_owner(ctx: &Ctx) -> Option<Uuid> {
    match ctx.actor {
        Actor::Person { id, role: Role::Curator } => Some(id),
        _ => None,
    }
}

/// How many attempts wait for this person; 0 for everybody but staff.
pub async fn count_waiting(ctx: &Ctx) -> Result<i64> {
    if authz::permit(&ctx.actor, SeeReviewQueue).is_err() {
        return Ok(0);
    }
    Ok(queries::count_waiting(&mut *ctx.connection().await?, queue_owner(ctx)).await?)
}

/// What waits, by promised moment.
pub async fn queue(ctx: &Ctx) -> Result<Vec<QueueLine>> {
    let _permit = authz::permit(&ctx.actor, SeeReviewQueue)?;
    let rows = queries::review_queue(&mut *ctx.connection().await?, queue_owner(ctx)).await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let due = promised(row.finished_at, row.review_hours);
            QueueLine {
                attempt_id: row.attempt_id,
                learner: row.learner,
                course_title: row.course_title,
                test_title: row.test_title,
                waiting: row.waiting,
                submitted: ctx.local(row.finished_at),
                promised: ctx.local(due),
                minutes_left: (due - ctx.now()).num_minutes(),
            }
        })
        .collect())
}

/// An attempt that this person may review.
pub(super) async fn permitted(ctx: &Ctx, connection: &mut sqlx::PgConnection, attempt_id: Uuid) -> Result<AttemptRow> {
    // The area's answer comes before the attempt's: a student learns nothing about ids here.
    let _area = authz::permit(&ctx.actor, SeeReviewQueue)?;
    let row = attempts::attempt_by_id(connection, attempt_id, ctx.actor.id()).await?.ok_or(ServiceError::NotFound)?;
    let _permit = authz::permit(&ctx.actor, ReviewInCourse { is_curator: row.is_curator })?;
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
    for question in questions::questions_of_attempt(&mut connection, attempt_id).await? {
        if kind_of(&question.kind)? != QuestionKind::Open {
            machine_max += rules::counted(correction_of(&question), question.weight, None).0;
            continue;
        }
        let score = fraction(question.score_numerator, question.score_denominator);
        answers.push(OpenAnswer {
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
        promised: row.finished_at.map(|at| ctx.local(promised(at, row.review_hours))),
        machine_points: fraction(row.machine_points_numerator, row.machine_points_denominator),
        machine_max,
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

/// Scores all open answers of an attempt and grades it. A second verdict on the same attempt is a conflict.
pub async fn score(ctx: &Ctx, attempt_id: Uuid, verdict_of: impl Fn(Uuid) -> Verdict) -> Result<()> {
    let mut tx = ctx.begin().await?;
    permitted(ctx, &mut tx, attempt_id).await?;
    if attempts::lock_attempt(&mut tx, attempt_id).await?.as_deref() != Some(AttemptState::NeedsReview.code()) {
        return Err(ServiceError::Conflict);
    }
    let mut problems = Vec::new();
    for question in questions::questions_of_attempt(&mut tx, attempt_id).await? {
        let waits = kind_of(&question.kind)? == QuestionKind::Open && correction_of(&question).is_none() && question.score_numerator.is_none();
        if !waits {
            continue;
        }
        let Verdict { question_id, points, remark } = verdict_of(question.question_id);
        let remark = remark.trim().to_owned();
        let Some(score) = Fraction::parse_decimal(&points).and_then(|given| rules::score_of_points(question.weight, given)) else {
            let problem = if points.trim().is_empty() { Problem::Required } else { Problem::PointsOutOfRange(i64::from(question.weight)) };
            problems.push(FieldProblem::new(&format!("points_{question_id}"), problem));
            continue;
        };
        if remark.chars().count() > REMARK_MAX as usize || remark.contains('\0') {
            problems.push(FieldProblem::new(&format!("remark_{question_id}"), Problem::TooLong(REMARK_MAX)));
            continue;
        }
        let row = Score {
            new_id: ctx.new_id(),
            attempt_id,
            question_id,
            fraction: score.into(),
            empty_value: serde_json::to_value(AnswerValue::Text(String::new())).context("an empty answer as JSON")?,
            scored_by: ctx.actor.id(),
            remark: &remark,
            now: ctx.now(),
        };
        answers::upsert_score(&mut tx, row).await?;
        let event = Event::AnswerScored { attempt_id, question_id, before: json!(null), after: json!([score.numerator(), score.denominator()]) };
        events::record(&mut tx, ctx, event).await?;
    }
    if !problems.is_empty() {
        return Err(ServiceError::Invalid(problems));
    }
    finishing::grade(&mut tx, ctx, attempt_id).await?;
    Ok(tx.commit().await?)
}
