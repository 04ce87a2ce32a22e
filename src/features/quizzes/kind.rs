//! The kinds of questions.

use serde::{Deserialize, Serialize};

/// How a question is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuestionKind {
    /// One option; true or false too.
    SingleChoice,
    /// Any number of options.
    MultipleChoice,
    /// A few words.
    ShortText,
    /// A number.
    Number,
    /// To each item its counterpart.
    Matching,
    /// Items in their order.
    Ordering,
    /// The gaps of a text.
    Gaps,
    /// A text that a curator scores.
    Open,
}

impl QuestionKind {
    /// All of them.
    pub const ALL: [Self; 8] =
        [Self::SingleChoice, Self::MultipleChoice, Self::ShortText, Self::Number, Self::Matching, Self::Ordering, Self::Gaps, Self::Open];

    /// The value in `questions.kind`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::SingleChoice => "single_choice",
            Self::MultipleChoice => "multiple_choice",
            Self::ShortText => "short_text",
            Self::Number => "number",
            Self::Matching => "matching",
            Self::Ordering => "ordering",
            Self::Gaps => "gaps",
            Self::Open => "open",
        }
    }

    /// The kind of a code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}
