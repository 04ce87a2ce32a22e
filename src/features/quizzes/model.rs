//! What crosses the wire about tests. Nothing here tells a right answer before the rules allow it: a running attempt's
//! types have no place for one.

pub use super::kind::QuestionKind;
pub use answer::AnswerValue;
pub use correction::Correction;
pub use queue::{QueueFilter, QueueLine, QueuePage, Waiting};
pub use review::{OpenAnswer, ReviewPage};
pub use running::{OptionView, RunningAttempt, RunningQuestion};
pub use showing::{Hindrance, Limits, Showing, Standing, Visibility, Waits};
pub use sign::{Sign, SignKind};

mod answer;
pub mod author;
pub mod bank;
pub mod correction;
pub mod course_test;
pub mod queue;
mod review;
mod running;
pub mod scoring;
mod showing;
mod sign;
pub mod statistics;

use crate::features::files::model::SentFile;
use crate::shared::fraction::Fraction;
use crate::shared::time::LocalTime;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The state of an attempt (tests.md).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttemptState {
    /// Runs.
    InProgress,
    /// Handed in; being scored.
    Submitted,
    /// A curator scores open answers.
    NeedsReview,
    /// All scored.
    Graded,
    /// Ended with nothing given.
    Expired,
    /// Taken back by staff.
    Voided,
}

impl AttemptState {
    /// The value in `test_attempts.state`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::InProgress => "in_progress",
            Self::Submitted => "submitted",
            Self::NeedsReview => "needs_review",
            Self::Graded => "graded",
            Self::Expired => "expired",
            Self::Voided => "voided",
        }
    }

    /// The state of a code.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::InProgress, Self::Submitted, Self::NeedsReview, Self::Graded, Self::Expired, Self::Voided]
            .into_iter()
            .find(|state| state.code() == code)
    }
}

/// Where a test belongs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestPlace {
    /// Course.
    pub course_slug: String,
    /// Course.
    pub course_title: String,
    /// Lesson.
    pub lesson_id: Uuid,
    /// Lesson.
    pub lesson_title: String,
}

/// A test's front page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestFront {
    /// `tests.id`.
    pub id: Uuid,
    /// Name.
    pub title: String,
    /// Safe HTML.
    pub intro_html: String,
    /// Where it belongs.
    pub place: TestPlace,
    /// How many questions.
    pub questions: i64,
    /// How many of them a curator scores.
    pub open_questions: i64,
    /// Hundredths of a per cent needed to pass.
    pub pass_hundredths: i32,
    /// Seconds for an attempt; unlimited without.
    pub time_limit_seconds: Option<i32>,
    /// How many attempts may still be started; unlimited without.
    pub attempts_left: Option<i32>,
    /// When it closes, for this learner.
    pub closes: Option<LocalTime>,
    /// What is shown afterwards.
    pub visibility: Visibility,
    /// My attempts, the newest first.
    pub attempts: Vec<AttemptLine>,
    /// The reader may start or go on.
    pub can_take: bool,
}

/// An attempt in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttemptLine {
    /// `test_attempts.id`.
    pub id: Uuid,
    /// From 1.
    pub number: i32,
    /// How far it is.
    pub state: AttemptState,
    /// When it was started.
    pub started: LocalTime,
    /// Points, when graded and told.
    pub points: Option<Fraction>,
    /// Of how many.
    pub max_points: i32,
    /// Whether it is passed, when graded and told.
    pub is_passed: Option<bool>,
}

/// An option in a result. Whether it is right is told only when the rules allow it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResultOption {
    /// Safe HTML.
    pub html: String,
    /// The learner chose it.
    pub is_chosen: bool,
    /// Whether it is right; `None` while that is not told.
    pub is_correct: Option<bool>,
    /// Safe HTML; empty while not told.
    pub remark_html: String,
}

/// An item, a gap or a typed answer in a result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResultLine {
    /// Safe HTML: what was asked; empty for a single field.
    pub label_html: String,
    /// Safe HTML: what was given; empty without an answer, or while not told.
    pub given_html: String,
    /// Whether it is right; `None` while that is not told.
    pub is_right: Option<bool>,
    /// Safe HTML: what is right; empty while not told.
    pub right_html: String,
    /// Safe HTML; empty while not told.
    pub remark_html: String,
}

/// A question of a finished attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResultQuestion {
    /// `questions.id`.
    pub id: Uuid,
    /// How it was answered.
    pub kind: QuestionKind,
    /// Safe HTML.
    pub prompt_html: String,
    /// Options in the order of the attempt.
    pub options: Vec<ResultOption>,
    /// Items, gaps, or the one field.
    pub lines: Vec<ResultLine>,
    /// What the learner wrote.
    pub text: Option<String>,
    /// What they sent with it.
    pub files: Vec<SentFile>,
    /// Points given; `None` until scored, or while not told.
    pub points: Option<Fraction>,
    /// Of how many.
    pub weight: i32,
    /// What counts since its key was corrected.
    pub correction: Option<Correction>,
    /// Safe HTML; empty while not told.
    pub explanation_html: String,
    /// The curator's words.
    pub remark: String,
}

/// A finished attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FinishedAttempt {
    /// `test_attempts.id`.
    pub id: Uuid,
    /// `tests.id`.
    pub test_id: Uuid,
    /// Name of the test.
    pub title: String,
    /// Where it belongs.
    pub place: TestPlace,
    /// How far it is.
    pub state: AttemptState,
    /// When it was handed in.
    pub finished: Option<LocalTime>,
    /// Points of the machine-scored part.
    pub machine_points: Option<Fraction>,
    /// Points that the machine could give.
    pub machine_max: i32,
    /// Points in all, when graded.
    pub points: Option<Fraction>,
    /// Points in all that could be had.
    pub max_points: i32,
    /// Whether it is passed, when graded.
    pub is_passed: Option<bool>,
    /// Until when a curator promised to answer, while they have not.
    pub promised: Option<LocalTime>,
    /// Whether another attempt may be started.
    pub can_retry: bool,
    /// In the order of the attempt.
    pub questions: Vec<ResultQuestion>,
}

/// `/learn/attempts/{id}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AttemptPage {
    /// It runs.
    Running(RunningAttempt),
    /// It is over.
    Finished(FinishedAttempt),
}

/// The server's answer to a saved answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SaveOutcome {
    /// This very value is saved.
    Saved {
        /// When.
        at: LocalTime,
    },
    /// A later operation is there already, from another tab or device: its sequence.
    Stale {
        /// What a newer operation must exceed.
        sequence: i64,
    },
    /// The attempt is over; nothing was written.
    Over,
}
