//! What crosses the wire to authors. Keys among it: these types reach administrators only.

use super::{QuestionKind, RunningQuestion};
use crate::shared::time::LocalTime;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// `/admin/courses/{id}/tests/{test}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestEditor {
    /// `courses.id`.
    pub course_id: Uuid,
    /// Name of the course.
    pub course_title: String,
    /// The lesson it belongs to.
    pub lesson_id: Uuid,
    /// `tests.id`.
    pub id: Uuid,
    /// There are changes that nobody gets yet.
    pub is_draft: bool,
    /// Of the draft, else of what is published.
    pub settings: TestSettings,
    /// In order.
    pub questions: Vec<QuestionLine>,
    /// What is drawn out of the bank beside them.
    pub draws: Vec<DrawLine>,
    /// Learners who have more.
    pub exceptions: Vec<ExceptionLine>,
    /// The author's time zone, in which moments are typed.
    pub time_zone: String,
}

/// What is set of a test, as its form holds it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestSettings {
    /// Name.
    pub title: String,
    /// Markdown.
    pub intro: String,
    /// Per cent.
    pub pass: String,
    /// Empty for any number.
    pub attempts: String,
    /// Empty for no limit.
    pub minutes: String,
    /// `YYYY-MM-DDTHH:MM`; empty for never.
    pub closes: String,
    /// Questions are mixed.
    pub shuffle_questions: bool,
    /// Options are mixed.
    pub shuffle_answers: bool,
    /// `best`, `last`, `first` or `average`.
    pub counts: String,
    /// Codes of the moments of score, answers, key, explanations.
    pub shows: [String; 4],
}

/// A question in its test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuestionLine {
    /// `questions.id`.
    pub id: Uuid,
    /// How it is answered.
    pub kind: QuestionKind,
    /// Its name, else its first words.
    pub label: String,
    /// Points.
    pub weight: i32,
    /// There are changes that nobody gets yet.
    pub is_draft: bool,
}

/// So many random questions of a tag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DrawLine {
    /// Which.
    pub tag: String,
    /// How many are drawn.
    pub wanted: i32,
    /// How many there are.
    pub available: i64,
    /// Points of each.
    pub weight: i32,
}

/// What one learner has more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExceptionLine {
    /// Who.
    pub learner: String,
    /// Minutes.
    pub minutes: i32,
    /// Attempts.
    pub attempts: i32,
    /// Instead of the test's closing moment.
    pub closes: Option<LocalTime>,
    /// Why.
    pub reason: String,
    /// By whom.
    pub author: String,
}

/// `/admin/courses/{id}/tests/{test}/questions/{question}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuestionEditor {
    /// `courses.id`.
    pub course_id: Uuid,
    /// The test whose draft it is changed in; nothing where it is changed in the bank.
    pub test: Option<InTest>,
    /// `questions.id`; nothing of a new one.
    pub id: Option<Uuid>,
    /// How it is answered.
    pub kind: QuestionKind,
    /// The version that is shown, so that of two authors neither replaces the other's words unseen.
    pub version: Option<Uuid>,
    /// The form.
    pub text: QuestionText,
    /// As its learners see it; nothing of a new one.
    pub preview: Option<RunningQuestion>,
    /// Attempts asked it, so that its key may be corrected for them.
    pub was_asked: bool,
}

/// Where a question stands in a test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InTest {
    /// `tests.id`.
    pub id: Uuid,
    /// Name of the test.
    pub title: String,
    /// Points.
    pub weight: i32,
}

/// A question as its form holds it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuestionText {
    /// For authors.
    pub name: String,
    /// Markdown.
    pub prompt: String,
    /// Markdown.
    pub explanation: String,
    /// Markdown.
    pub model_answer: String,
    /// Separated by commas.
    pub tags: String,
    /// Lines, or a text with gaps.
    pub answers: String,
    /// Of a number.
    pub unit: String,
    /// Of several options.
    pub all_or_nothing: bool,
    /// Of gaps: their words are offered.
    pub has_bank: bool,
    /// Of gaps: words that fit none, lines.
    pub distractors: String,
    /// Of an open question.
    pub takes_files: bool,
}
