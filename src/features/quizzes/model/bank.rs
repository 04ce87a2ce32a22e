//! What crosses the wire about a course's bank of questions: names and tags, no keys.

use super::QuestionKind;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// `/admin/courses/{id}/bank`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BankPage {
    /// `courses.id`.
    pub course_id: Uuid,
    /// Name of the course.
    pub course_title: String,
    /// Each with how many questions have it.
    pub tags: Vec<(String, i64)>,
    /// The course's tests.
    pub tests: Vec<(Uuid, String)>,
    /// A page of what was found.
    pub questions: Vec<BankLine>,
    /// How many were found.
    pub total: i64,
    /// The next page's number, from 0.
    pub next: Option<u32>,
}

/// A question of the bank.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BankLine {
    /// `questions.id`.
    pub id: Uuid,
    /// How it is answered.
    pub kind: QuestionKind,
    /// Its name, else its first words.
    pub label: String,
    /// Its tags.
    pub tags: Vec<String>,
    /// There are changes that nobody gets yet; one that never was published is not drawn.
    pub is_draft: bool,
    /// In how many tests it stands.
    pub tests: i64,
}
