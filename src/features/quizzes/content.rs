//! A question as its author writes it, with its key. Pure: no database, no web. Nothing that reaches a learner before
//! the rules allow it is made of these types, only of `model`'s.

pub use decimal::Decimal;
pub use validation::{Fault, Place, Problem};

mod decimal;
pub mod validation;

use super::kind::QuestionKind;
use crate::shared::fraction::Fraction;
use serde::{Deserialize, Serialize};

/// A question with its key. Texts are Markdown unless said otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuestionContent {
    /// A short name for authors, plain; may be empty.
    #[serde(default)]
    pub name: String,
    /// What is asked.
    pub prompt: String,
    /// For afterwards; may be empty.
    #[serde(default)]
    pub explanation: String,
    /// How a good answer sounds, for curators and for afterwards; may be empty.
    #[serde(default)]
    pub model_answer: String,
    /// Plain, for the bank.
    #[serde(default)]
    pub tags: Vec<String>,
    /// What is to be given, and what is right.
    pub body: Body,
}

impl Body {
    /// Whether files may be sent with an answer.
    pub const fn takes_files(&self) -> bool {
        matches!(self, Self::Open { takes_files: true, .. })
    }
}

impl QuestionContent {
    /// How it is answered.
    pub const fn kind(&self) -> QuestionKind {
        self.body.kind()
    }
}

/// What is to be given, and what is right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Body {
    /// Options to choose from; true or false is a single choice of two.
    Choice(Choice),
    /// A few words, compared after `text::normal`.
    Text {
        /// The best first.
        accepted: Vec<AcceptedText>,
    },
    /// A number.
    Number(Number),
    /// To each left item its right one.
    Matching(Matching),
    /// Items, here in the right order.
    Ordering {
        /// At least two.
        items: Vec<String>,
    },
    /// A text with gaps; the prompt stands above it and may be short.
    Gaps(Gaps),
    /// Scored by a curator.
    Open {
        /// What a good answer names: for the curator's eye only, plain.
        #[serde(default)]
        keys: Vec<String>,
        /// Files may come with the text, or instead of it.
        #[serde(default)]
        takes_files: bool,
    },
}

/// Options to choose from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// Any number may be right, and ticked.
    pub multiple: bool,
    /// Of several: 1 for exactly the right ones, else 0.
    #[serde(default)]
    pub all_or_nothing: bool,
    /// In the author's order.
    pub options: Vec<ChoiceOption>,
}

/// An option.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChoiceOption {
    /// One line of Markdown.
    pub text: String,
    /// Whether it is to be chosen.
    pub is_right: bool,
    /// For who chose it, afterwards; may be empty.
    #[serde(default)]
    pub remark: String,
}

/// A text that counts, wholly or in part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AcceptedText {
    /// Plain.
    pub text: String,
    /// Above 0, at most 1.
    pub credit: Fraction,
    /// For who gave it, afterwards; may be empty.
    #[serde(default)]
    pub remark: String,
}

/// A number that is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Number {
    /// The first that fits counts.
    pub accepted: Vec<AcceptedNumber>,
    /// Stands after the field and may be typed too; plain; empty without one.
    #[serde(default)]
    pub unit: String,
}

/// Numbers that count, wholly or in part: from `value - tolerance` to `value + tolerance`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AcceptedNumber {
    /// The middle.
    pub value: Decimal,
    /// Not negative.
    pub tolerance: Decimal,
    /// Above 0, at most 1.
    pub credit: Fraction,
    /// For who gave it, afterwards; may be empty.
    #[serde(default)]
    pub remark: String,
}

/// To each left item its right one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Matching {
    /// Several lefts may share the text of their right; it is offered once.
    pub pairs: Vec<Pair>,
    /// Rights that belong to none; plain.
    #[serde(default)]
    pub distractors: Vec<String>,
}

/// Two that belong together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pair {
    /// One line of Markdown.
    pub left: String,
    /// Plain: it stands in a list to choose from.
    pub right: String,
}

/// A text with gaps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gaps {
    /// In order. The texts together are one Markdown text; a gap stands within a line.
    pub parts: Vec<GapPart>,
    /// Words to choose from; typed without.
    #[serde(default)]
    pub bank: Option<WordBank>,
}

/// The words of all gaps, offered together with words that fit none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WordBank {
    /// Words that fit nowhere; plain.
    #[serde(default)]
    pub distractors: Vec<String>,
}

/// A piece of a text with gaps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GapPart {
    /// Markdown.
    Text(String),
    /// What is to be filled.
    Gap(Gap),
}

/// A gap.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// The best first.
    pub accepted: Vec<AcceptedText>,
    /// Wrong words to choose from beside the accepted ones, for this gap alone: then it is a list. Plain. Not together with a bank.
    #[serde(default)]
    pub choices: Vec<String>,
}

impl Gaps {
    /// Its gaps in order.
    pub fn gaps(&self) -> impl Iterator<Item = &Gap> {
        self.parts.iter().filter_map(|part| match part {
            GapPart::Gap(gap) => Some(gap),
            GapPart::Text(_) => None,
        })
    }
}

impl Matching {
    /// What the right column offers: the rights and the distractors, each text once, in the author's order.
    pub fn rights(&self) -> Vec<&str> {
        let mut rights: Vec<&str> = Vec::with_capacity(self.pairs.len() + self.distractors.len());
        for text in self.pairs.iter().map(|pair| pair.right.as_str()).chain(self.distractors.iter().map(String::as_str)) {
            if !rights.contains(&text) {
                rights.push(text);
            }
        }
        rights
    }
}

impl Body {
    /// How it is answered.
    pub const fn kind(&self) -> QuestionKind {
        match self {
            Self::Choice(Choice { multiple: false, .. }) => QuestionKind::SingleChoice,
            Self::Choice(Choice { multiple: true, .. }) => QuestionKind::MultipleChoice,
            Self::Text { .. } => QuestionKind::ShortText,
            Self::Number(_) => QuestionKind::Number,
            Self::Matching(_) => QuestionKind::Matching,
            Self::Ordering { .. } => QuestionKind::Ordering,
            Self::Gaps(_) => QuestionKind::Gaps,
            Self::Open { .. } => QuestionKind::Open,
        }
    }

    /// As it is stored in `question_versions.body`.
    pub fn to_stored(&self) -> Result<serde_json::Value, serde_json::Error> {
        serde_json::to_value(Stored { version: STORED_VERSION, body: self.clone() })
    }

    /// As it was stored.
    pub fn from_stored(json: serde_json::Value) -> Result<Self, serde_json::Error> {
        let stored: Stored = serde_json::from_value(json)?;
        if stored.version != STORED_VERSION {
            return Err(serde::de::Error::custom(format!("version {} of a question's body is not known", stored.version)));
        }
        Ok(stored.body)
    }
}

/// Grows when the stored form changes; older forms are then read here.
const STORED_VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
struct Stored {
    version: u32,
    body: Body,
}
