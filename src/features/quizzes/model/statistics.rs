//! How the questions of a test do, for its authors.

use super::QuestionKind;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What an author may want to look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Concern {
    /// Nearly everybody has all points.
    TooEasy,
    /// Hardly anybody has any.
    TooHard,
    /// Who knows more of the rest has less here, or a wrong option draws more than the right one.
    Misleading,
}

/// How often something was given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// Safe HTML: the option, or what was typed.
    pub html: String,
    /// In so many attempts.
    pub count: i64,
    /// Hundredths of a per cent of all attempts.
    pub hundredths: i32,
    /// Whether it is right, where that is one thing.
    pub is_right: Option<bool>,
}

/// A version of a question at a test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuestionStatistics {
    /// `questions.id`.
    pub question_id: Uuid,
    /// Its name, else its first words.
    pub label: String,
    /// How it is answered.
    pub kind: QuestionKind,
    /// Number of the version, from 1.
    pub version: i32,
    /// In so many finished attempts it has its score.
    pub attempts: i64,
    /// The mean share of its points, in hundredths of a per cent.
    pub difficulty: i32,
    /// The correlation of its share with that of the rest of the test, in hundredths; from ten graded attempts on.
    pub discrimination: Option<i32>,
    /// What to look at.
    pub concerns: Vec<Concern>,
    /// What was given, options in the author's order, words by how often.
    pub shares: Vec<Share>,
}

/// `/admin/courses/{id}/tests/{test}/statistics`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestStatistics {
    /// `courses.id`.
    pub course_id: Uuid,
    /// `tests.id`.
    pub test_id: Uuid,
    /// Name of the test.
    pub title: String,
    /// Finished attempts that were not taken back.
    pub attempts: i64,
    /// In the order of the test.
    pub questions: Vec<QuestionStatistics>,
}
