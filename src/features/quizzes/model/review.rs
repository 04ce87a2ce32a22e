//! What crosses the wire for curators.

use super::{AttemptState, Sign};
use crate::shared::fraction::Fraction;
use crate::shared::time::LocalTime;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// An open answer to be scored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenAnswer {
    /// `questions.id`.
    pub question_id: Uuid,
    /// Safe HTML.
    pub prompt_html: String,
    /// Safe HTML, for curators only.
    pub model_answer_html: String,
    /// What the learner wrote.
    pub text: String,
    /// Points that may be given.
    pub weight: i32,
    /// Points given already.
    pub points: Option<Fraction>,
    /// The curator's words.
    pub remark: String,
}

/// `/curate/attempts/{id}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewPage {
    /// `test_attempts.id`.
    pub attempt_id: Uuid,
    /// Who handed in.
    pub learner: String,
    /// Their photograph.
    pub learner_photo: Option<Uuid>,
    /// Course.
    pub course_title: String,
    /// Test.
    pub test_title: String,
    /// From 1.
    pub number: i32,
    /// How far it is.
    pub state: AttemptState,
    /// When it was handed in.
    pub submitted: Option<LocalTime>,
    /// Until when the school promised to answer.
    pub promised: Option<LocalTime>,
    /// Points of the machine-scored part.
    pub machine_points: Option<Fraction>,
    /// Points that the machine could give.
    pub machine_max: i32,
    /// What was noticed while it ran, in time.
    pub signs: Vec<Sign>,
    /// Open answers in the order of the attempt.
    pub answers: Vec<OpenAnswer>,
}
