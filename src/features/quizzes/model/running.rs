//! An attempt while it runs: no type here has a place for a right answer.

use super::{AnswerValue, QuestionKind, TestPlace};
use crate::features::files::model::SentFile;
use crate::shared::time::LocalTime;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// An option as a learner sees it while choosing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OptionView {
    /// What this attempt calls it: the ids of answers would tell the author's order.
    pub id: Uuid,
    /// Safe HTML.
    pub html: String,
}

/// A question of a running attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunningQuestion {
    /// `questions.id`.
    pub id: Uuid,
    /// How it is answered.
    pub kind: QuestionKind,
    /// Safe HTML.
    pub prompt_html: String,
    /// In the order of this attempt.
    pub options: Vec<OptionView>,
    /// Safe HTML: the items that get something, in the order of this attempt; of a text with gaps the pieces around them.
    pub items: Vec<String>,
    /// What each item or gap may get, plain; one list where it is the same for all; an empty one where words are typed.
    pub offers: Vec<Vec<String>>,
    /// Stands after a number.
    pub unit: String,
    /// Points.
    pub weight: i32,
    /// What is saved.
    pub value: Option<AnswerValue>,
    /// What is saved can't be read as a number, where one is asked for.
    pub is_unreadable: bool,
    /// What was sent with it; nothing where no files are taken.
    pub files: Option<Vec<SentFile>>,
    /// Sequence of what is saved; 0 when nothing is.
    pub sequence: i64,
    /// When it was saved.
    pub saved: Option<LocalTime>,
}

impl RunningQuestion {
    /// Whether something is given: a value, or files.
    pub fn is_answered(&self) -> bool {
        self.value.as_ref().is_some_and(|value| !value.is_empty()) || self.files.as_ref().is_some_and(|files| !files.is_empty())
    }
}

/// A running attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunningAttempt {
    /// `test_attempts.id`.
    pub id: Uuid,
    /// `tests.id`.
    pub test_id: Uuid,
    /// Name of the test.
    pub title: String,
    /// Where it belongs.
    pub place: TestPlace,
    /// In the order of this attempt.
    pub questions: Vec<RunningQuestion>,
    /// Seconds left by the server's clock; unlimited without.
    pub seconds_left: Option<i64>,
}
