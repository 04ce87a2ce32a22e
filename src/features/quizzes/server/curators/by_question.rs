//! Use cases of curators who score one question across learners.

use super::phrases::{self, Addressee};
use super::review::{self, Verdict};
use super::scoring_queries::{self as queries, AnswerRow};
use crate::features::files::model::SentFile;
use crate::features::quizzes::content::Body;
use crate::features::quizzes::model::scoring::{AnswerToScore, Given, QuestionToScore, ScoringPage};
use crate::features::quizzes::model::{AnswerValue, AttemptState};
use crate::features::quizzes::rules;
use crate::features::quizzes::server::authors::authoring::label;
use crate::features::quizzes::server::judging;
use crate::features::quizzes::server::learners::{answer_files, attempt_queries as attempts, finishing, question_queries as questions};
use crate::features::quizzes::server::stored::{fraction, value_of};
use crate::server::authz::{self, ReviewInCourse, SeeReviewQueue};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::shared::error::Problem;
use anyhow::Context as _;
use uuid::Uuid;

/// The open questions of this person's courses with answers that wait, by promised moment.
pub async fn questions(ctx: &Ctx) -> Result<Vec<QuestionToScore>> {
    let _permit = authz::permit(&ctx.actor, SeeReviewQueue)?;
    let rows = queries::list_questions(&mut *ctx.connection().await?, review::queue_owner(ctx), ctx.actor.id()).await?;
    Ok(rows
        .into_iter()
        .map(|row| QuestionToScore {
            test_id: row.test_id,
            question_id: row.question_id,
            label: label(&row.name, &row.prompt_md),
            course_title: row.course_title,
            test_title: row.test_title,
            waiting: row.waiting,
            promised: ctx.local(row.review_due_at),
            minutes_left: (row.review_due_at - ctx.now()).num_minutes(),
        })
        .collect())
}

/// The answers to a question that wait: the one asked for, else the first.
pub async fn page(ctx: &Ctx, test_id: Uuid, question_id: Uuid, attempt_id: Option<Uuid>) -> Result<ScoringPage> {
    let _area = authz::permit(&ctx.actor, SeeReviewQueue)?;
    let mut connection = ctx.connection().await?;
    let place = queries::place(&mut connection, test_id, question_id, ctx.actor.id()).await?.ok_or(ServiceError::NotFound)?;
    let _permit = authz::permit(&ctx.actor, ReviewInCourse { is_curator: place.is_curator })?;
    let waiting = queries::waiting(&mut connection, test_id, question_id, ctx.actor.id()).await?;
    let mut row = None;
    for id in [attempt_id, waiting.first().copied()].into_iter().flatten() {
        if row.is_none() {
            row = queries::answer(&mut connection, test_id, question_id, id, ctx.actor.id()).await?;
        }
    }
    let at = row.as_ref().and_then(|row| waiting.iter().position(|id| *id == row.attempt_id));
    let learner = row.as_ref().map_or("", |row| row.learner.as_str());
    let addressee = Addressee { learner, course_title: &place.course_title, title: &place.test_title };
    let phrases = phrases::known(&mut connection, ctx, addressee).await?;
    Ok(ScoringPage {
        test_id,
        question_id,
        course_title: place.course_title,
        test_title: place.test_title,
        waiting: i64::try_from(waiting.len()).unwrap_or(i64::MAX),
        previous: at.and_then(|at| at.checked_sub(1)).and_then(|at| waiting.get(at)).copied(),
        // From an answer that is scored the way leads to those that are not.
        next: at.map_or_else(|| waiting.first(), |at| waiting.get(at + 1)).copied(),
        answer: match row {
            Some(row) => {
                let files = answer_files::of_attempt(&mut connection, row.attempt_id).await?.remove(&question_id).unwrap_or_default();
                Some(answer(ctx, row, files)?)
            }
            None => None,
        },
        phrases,
    })
}

fn answer(ctx: &Ctx, row: AnswerRow, files: Vec<SentFile>) -> Result<AnswerToScore> {
    let keys = match row.body.map(Body::from_stored).transpose().context("question_versions.body")? {
        Some(Body::Open { keys, .. }) => keys,
        _ => Vec::new(),
    };
    let score = fraction(row.score_numerator, row.score_denominator);
    Ok(AnswerToScore {
        attempt_id: row.attempt_id,
        learner: row.learner,
        number: row.number,
        text: match value_of(row.value)? {
            Some(AnswerValue::Text(text)) => text,
            _ => String::new(),
        },
        files,
        submitted: ctx.local(row.finished_at),
        promised: row.review_due_at.map(|at| ctx.local(at)),
        prompt_html: row.prompt_html,
        model_answer_html: row.model_answer_html,
        keys,
        weight: row.weight,
        given: score.map(|score| Given { points: rules::points(row.weight, score), remark: row.remark.unwrap_or_default(), curator: row.curator }),
    })
}

/// Scores one answer, and grades its attempt when it was the last that waited there. Gives the attempt whose answer is next.
///
/// # Errors
/// Somebody else scored the same answer meanwhile.
pub async fn score(ctx: &Ctx, test_id: Uuid, attempt_id: Uuid, verdict: Verdict) -> Result<Option<Uuid>> {
    let question_id = verdict.question_id;
    let mut tx = ctx.begin().await?;
    let attempt = review::permitted(ctx, &mut tx, attempt_id).await?;
    if attempt.test_id != test_id {
        return Err(ServiceError::NotFound);
    }
    let state = attempts::lock_attempt(&mut tx, attempt_id).await?;
    let rows = questions::questions_of_attempt(&mut tx, attempt_id).await?;
    let row = rows.iter().find(|row| row.question_id == question_id).ok_or(ServiceError::NotFound)?;
    if state.as_deref() != Some(AttemptState::NeedsReview.code()) || !review::waits(row)? {
        return Err(ServiceError::field("", Problem::ScoredElsewhere));
    }
    // Before it leaves the list.
    let waiting = queries::waiting(&mut tx, test_id, question_id, ctx.actor.id()).await?;
    let at = waiting.iter().position(|id| *id == attempt_id).unwrap_or_default();
    let next = waiting.get(at + 1).or_else(|| waiting.first().filter(|first| **first != attempt_id)).copied();
    let score = review::scored(ctx, row, &verdict, ("points", "remark"))?.map_err(ServiceError::Invalid)?;
    review::write(&mut tx, ctx, attempt_id, vec![score]).await?;
    let rows = questions::questions_of_attempt(&mut tx, attempt_id).await?;
    if judging::sum(&rows)?.points.is_some() {
        finishing::grade(&mut tx, ctx, &attempt).await?;
    }
    tx.commit().await?;
    Ok(next)
}
