//! What columns of tests hold, as values: one place that says which column broke when it is none of them.

use crate::features::quizzes::model::{AnswerValue, AttemptState, QuestionKind};
use crate::server::error::Result;
use crate::shared::fraction::Fraction;
use anyhow::Context as _;

/// Points in two columns; `None` when they are not given yet.
pub(super) fn fraction(numerator: Option<i64>, denominator: Option<i64>) -> Option<Fraction> {
    Fraction::new(numerator?, denominator?)
}

/// `test_attempts.state`.
pub(super) fn state_of(code: &str) -> Result<AttemptState> {
    Ok(AttemptState::from_code(code).with_context(|| format!("test_attempts.state is `{code}`"))?)
}

/// `questions.kind`.
pub(super) fn kind_of(code: &str) -> Result<QuestionKind> {
    Ok(QuestionKind::from_code(code).with_context(|| format!("questions.kind is `{code}`"))?)
}

/// `test_answers.value`, when something was answered.
pub(super) fn value_of(json: Option<serde_json::Value>) -> Result<Option<AnswerValue>> {
    Ok(json.map(serde_json::from_value).transpose().context("test_answers.value")?)
}
