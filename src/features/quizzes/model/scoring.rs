//! What crosses the wire for curators who score question by question.

use crate::features::files::model::SentFile;
use crate::shared::fraction::Fraction;
use crate::shared::time::LocalTime;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// An open question with answers that wait.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuestionToScore {
    /// `tests.id`.
    pub test_id: Uuid,
    /// `questions.id`.
    pub question_id: Uuid,
    /// Its name, else its first words.
    pub label: String,
    /// Course.
    pub course_title: String,
    /// Test.
    pub test_title: String,
    /// How many answers wait.
    pub waiting: i64,
    /// Until when the school promised to answer the first of them.
    pub promised: LocalTime,
    /// Minutes until then, negative when it is past.
    pub minutes_left: i64,
}

/// What somebody gave for an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Given {
    /// Points.
    pub points: Fraction,
    /// Words for the learner.
    pub remark: String,
    /// Who; the machine without.
    pub curator: Option<String>,
}

/// An answer of one learner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerToScore {
    /// `test_attempts.id`.
    pub attempt_id: Uuid,
    /// Who.
    pub learner: String,
    /// From 1.
    pub number: i32,
    /// What they wrote.
    pub text: String,
    /// What they sent with it.
    pub files: Vec<SentFile>,
    /// When it was handed in.
    pub submitted: LocalTime,
    /// Until when the school promised to answer.
    pub promised: Option<LocalTime>,
    /// Safe HTML: the question as it was asked.
    pub prompt_html: String,
    /// Safe HTML.
    pub model_answer_html: String,
    /// What a good answer names.
    pub keys: Vec<String>,
    /// Points that may be given.
    pub weight: i32,
    /// What was given already.
    pub given: Option<Given>,
}

/// A ready phrase.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phrase {
    /// `review_phrases.id`.
    pub id: Uuid,
    /// The words, as they are said to this learner.
    pub text: String,
    /// All curators have it.
    pub is_shared: bool,
    /// It is the reader's own, or the reader looks after what is shared.
    pub may_forget: bool,
}

/// `/curate/tests/{test}/questions/{question}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScoringPage {
    /// `tests.id`.
    pub test_id: Uuid,
    /// `questions.id`.
    pub question_id: Uuid,
    /// Course.
    pub course_title: String,
    /// Test.
    pub test_title: String,
    /// How many answers wait.
    pub waiting: i64,
    /// The one that is scored now; nothing when all are.
    pub answer: Option<AnswerToScore>,
    /// The attempt before it among those that wait.
    pub previous: Option<Uuid>,
    /// The one after it.
    pub next: Option<Uuid>,
    /// The reader's own, and what all share.
    pub phrases: Vec<Phrase>,
}
