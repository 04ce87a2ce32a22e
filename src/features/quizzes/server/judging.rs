//! What the questions of an attempt add up to: the one place where scores become a mark.

use super::stored::{fraction, kind_of};
use crate::features::learning::server::progress;
use crate::features::quizzes::model::correction::Mark;
use crate::features::quizzes::model::{AttemptState, Correction, QuestionKind};
use crate::features::quizzes::rules;
use crate::features::quizzes::server::learners::attempt_queries::{self as attempts, AttemptRow};
use crate::features::quizzes::server::learners::finishing;
use crate::features::quizzes::server::learners::question_queries::{self as questions, QuestionRow};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::server::events::{self, Event, MarkEvent};
use crate::shared::fraction::Fraction;
use sqlx::PgConnection;
use uuid::Uuid;

/// What an attempt comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sum {
    /// Of the machine's part.
    pub machine_points: Fraction,
    /// In all; `None` while a curator's score is awaited.
    pub points: Option<Fraction>,
    /// Of how many.
    pub max_points: i32,
}

impl Sum {
    /// The mark, once nothing is awaited.
    pub fn mark(self, pass_hundredths: i32) -> Option<Mark> {
        let (points, max) = (self.points?, self.max_points);
        Some(Mark { points, max, is_passed: points.reaches(Fraction::whole(i64::from(max)), i64::from(pass_hundredths)) })
    }
}

/// What counts of a question since its key was corrected.
pub(super) fn correction_of(row: &QuestionRow) -> Option<Correction> {
    row.correction.as_deref().and_then(Correction::from_code)
}

/// Adds up the questions of an attempt as they are scored.
pub(super) fn sum(rows: &[QuestionRow]) -> Result<Sum> {
    let mut sum = Sum { machine_points: Fraction::ZERO, points: Some(Fraction::ZERO), max_points: 0 };
    for row in rows {
        let (weight, score) = rules::counted(correction_of(row), row.weight, fraction(row.score_numerator, row.score_denominator));
        let points = score.map(|score| rules::points(weight, score));
        sum.max_points += weight;
        sum.points = sum.points.zip(points).map(|(sum, points)| sum + points);
        if kind_of(&row.kind)? != QuestionKind::Open {
            sum.machine_points = points.map_or(sum.machine_points, |points| sum.machine_points + points);
        }
    }
    Ok(sum)
}

/// The mark that an attempt has.
pub(super) fn mark_of(row: &AttemptRow) -> Option<Mark> {
    let points = fraction(row.points_numerator, row.points_denominator)?;
    (row.state == AttemptState::Graded.code()).then_some(Mark { points, max: row.max_points, is_passed: row.is_passed == Some(true) })
}

/// Adds up anew an attempt that is handed in, after a score of it or what counts of it changed; in the caller's transaction, which holds
/// the attempt. What hangs on the mark follows: progress, the log, what its learner and staff are told.
pub(super) async fn add_up_again(connection: &mut PgConnection, ctx: &Ctx, attempt_id: Uuid, reason: &str) -> Result<()> {
    let row = attempts::attempt_by_id(connection, attempt_id, None).await?.ok_or(ServiceError::NotFound)?;
    let sum = sum(&questions::questions_of_attempt(connection, attempt_id).await?)?;
    attempts::update_machine_part(connection, attempt_id, sum.machine_points.into()).await?;
    if row.state == AttemptState::NeedsReview.code() {
        // Nothing may be left to wait for: its last open question was dropped.
        return if sum.points.is_some() { finishing::grade(connection, ctx, &row).await } else { Ok(()) };
    }
    let (before, after) = (mark_of(&row), sum.mark(row.pass_hundredths));
    let (Some(before), Some(after)) = (before, after) else { return Ok(()) };
    if before == after {
        return Ok(());
    }
    let passed_before = attempts::is_passed(connection, row.test_id, row.user_id).await?;
    attempts::grade_attempt(connection, attempt_id, after.points.into(), after.max, after.is_passed, ctx.now()).await?;
    let is_passed = attempts::is_passed(connection, row.test_id, row.user_id).await?;
    let event = MarkEvent::AttemptRegraded {
        attempt_id,
        test_id: row.test_id,
        user_id: row.user_id,
        before,
        after,
        // A complete lesson stays complete, so that staff are told (progress.md).
        lost_pass: passed_before && !is_passed,
        reason: reason.to_owned(),
    };
    events::record(connection, ctx, Event::Mark(event)).await?;
    progress::refresh_lesson(connection, ctx, row.enrollment_id, row.lesson_id, "test").await
}
