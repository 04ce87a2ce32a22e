//! What a learner gives.

use super::QuestionKind;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What a learner gave. Stored as JSON in `test_answers.value`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnswerValue {
    /// Chosen options.
    Choice(Vec<Uuid>),
    /// Written text: an open answer, a few words, a number.
    Text(String),
    /// For each item, in the order shown, what it was given: the number of its counterpart as shown, or its place from 0.
    Picks(Vec<Option<u16>>),
    /// The words in the gaps.
    Words(Vec<String>),
}

impl AnswerValue {
    /// The value of a question that was left alone.
    pub const fn nothing(kind: QuestionKind) -> Self {
        match kind {
            QuestionKind::SingleChoice | QuestionKind::MultipleChoice => Self::Choice(Vec::new()),
            QuestionKind::ShortText | QuestionKind::Number | QuestionKind::Open => Self::Text(String::new()),
            QuestionKind::Matching | QuestionKind::Ordering => Self::Picks(Vec::new()),
            QuestionKind::Gaps => Self::Words(Vec::new()),
        }
    }

    /// The value of a question's fields: one text, or one field for each item or gap.
    pub fn of_fields(kind: QuestionKind, fields: Vec<String>) -> Self {
        match kind {
            QuestionKind::Matching | QuestionKind::Ordering => Self::Picks(fields.iter().map(|field| field.parse().ok()).collect()),
            QuestionKind::Gaps => Self::Words(fields),
            _ => Self::Text(fields.into_iter().next().unwrap_or_default()),
        }
    }

    /// What stands in those fields.
    pub fn fields(&self) -> Vec<String> {
        match self {
            Self::Choice(_) => Vec::new(),
            Self::Text(text) => vec![text.clone()],
            Self::Picks(picks) => picks.iter().map(|pick| pick.map(|number| number.to_string()).unwrap_or_default()).collect(),
            Self::Words(words) => words.clone(),
        }
    }

    /// How many of the fields are filled, and how many there are.
    pub fn filled(&self) -> (usize, usize) {
        let fields = self.fields();
        (fields.iter().filter(|field| !field.trim().is_empty()).count(), fields.len())
    }

    /// Whether nothing was given.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Choice(options) => options.is_empty(),
            Self::Text(_) | Self::Picks(_) | Self::Words(_) => self.filled().0 == 0,
        }
    }
}
