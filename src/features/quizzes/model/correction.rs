//! A corrected key (tests.md T10): what counts of a question instead.

use super::QuestionKind;
use crate::features::quizzes::model::author::QuestionText;
use crate::shared::fraction::Fraction;
use crate::shared::time::LocalTime;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What a correction does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Correction {
    /// Another key in the place of the old one.
    NewKey,
    /// Another key beside the old one: the better score counts.
    BothKeys,
    /// Everybody has all points.
    FullMarks,
    /// It does not count any more.
    Dropped,
}

impl Correction {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::NewKey, Self::BothKeys, Self::FullMarks, Self::Dropped];

    /// The value in `key_corrections.act`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NewKey => "new_key",
            Self::BothKeys => "both_keys",
            Self::FullMarks => "full_marks",
            Self::Dropped => "dropped",
        }
    }

    /// The correction of a code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|correction| correction.code() == code)
    }

    /// It brings a key.
    pub const fn has_key(self) -> bool {
        matches!(self, Self::NewKey | Self::BothKeys)
    }

    /// What a curator scores has no key.
    pub const fn suits(self, kind: QuestionKind) -> bool {
        !self.has_key() || !matches!(kind, QuestionKind::Open)
    }
}

/// What the form of a correction holds, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// `question_versions.id`; the newest that was asked without.
    pub version: String,
    /// Code of a [`Correction`]; empty while nothing is proposed.
    pub act: String,
    /// The key: the fields of [`QuestionText`] that make it.
    pub key: QuestionText,
}

/// A version of a question that was asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedVersion {
    /// `question_versions.id`.
    pub id: Uuid,
    /// From 1.
    pub number: i32,
    /// In how many attempts that were not taken back.
    pub attempts: i64,
    /// Of them, those that run.
    pub running: i64,
}

/// A correction that stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StandingCorrection {
    /// What it does.
    pub act: Correction,
    /// Why.
    pub reason: String,
    /// By whom.
    pub author: String,
    /// When.
    pub at: LocalTime,
}

/// A mark: points, of how many, passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// What was reached.
    pub points: Fraction,
    /// What can be reached.
    pub max: i32,
    /// Whether it passes.
    pub is_passed: bool,
}

/// An attempt whose mark would change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangedMark {
    /// `test_attempts.id`.
    pub attempt_id: Uuid,
    /// Who.
    pub learner: String,
    /// At which test: a question may stand in several.
    pub test: String,
    /// From 1.
    pub number: i32,
    /// As it is.
    pub before: Mark,
    /// As it would be.
    pub after: Mark,
}

/// What a correction would change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preview {
    /// The id that the correction will have, so that one sent twice is made once.
    pub id: Uuid,
    /// Changes with everything that the table shows.
    pub token: String,
    /// How many marks would change.
    pub changed: u32,
    /// Who they belong to, by name; the first of them when they are many.
    pub lines: Vec<ChangedMark>,
}

/// `/admin/courses/{id}/tests/{test}/questions/{question}/key`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CorrectionPage {
    /// `courses.id`.
    pub course_id: Uuid,
    /// `tests.id`.
    pub test_id: Uuid,
    /// Name of the test.
    pub test_title: String,
    /// `questions.id`.
    pub question_id: Uuid,
    /// How it is answered.
    pub kind: QuestionKind,
    /// Safe HTML.
    pub prompt_html: String,
    /// The version that is corrected.
    pub version: AskedVersion,
    /// All versions that were asked, the newest first.
    pub versions: Vec<AskedVersion>,
    /// What stands instead of the version's own key.
    pub standing: Option<StandingCorrection>,
    /// The newest key, as its form holds it.
    pub key: QuestionText,
    /// What the proposal would change; nothing without one that can be made.
    pub preview: Option<Preview>,
}
