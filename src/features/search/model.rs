//! What crosses the wire about searching. Snippets are pieces of text, never HTML.

use serde::{Deserialize, Serialize};

/// What is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A course's sales page.
    Course,
    /// A lesson.
    Lesson,
    /// A note of mine.
    Note,
}

impl Kind {
    /// In the order in which they are shown.
    pub const ALL: [Self; 3] = [Self::Course, Self::Lesson, Self::Note];

    /// As in `search_documents.kind` and in addresses.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Course => "course",
            Self::Lesson => "lesson",
            Self::Note => "note",
        }
    }

    /// The kind of a code; `None` for anything else.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Piece {
    /// As it stands there.
    pub text: String,
    /// It is what was looked for.
    pub is_hit: bool,
}

/// Something found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hit {
    /// Where it is.
    pub href: String,
    /// Its name.
    pub title: Vec<Piece>,
    /// In which course.
    pub place: String,
    /// The sentence with the words.
    pub snippet: Vec<Piece>,
}

/// What is found of one kind, the best first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// Of which kind.
    pub kind: Kind,
    /// One page of it.
    pub hits: Vec<Hit>,
    /// Where the next page begins, if there is one.
    pub next: Option<String>,
}

/// What was asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Asked {
    /// Nothing yet.
    Nothing,
    /// No word of two letters.
    TooShort,
    /// More than so many characters.
    TooLong(u32),
    /// Only words that stand in every text, or only words that may not be there.
    NothingToFind,
    /// Words.
    Words,
}

/// `/search`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// What was asked.
    pub asked: Asked,
    /// By kind; those with nothing are left out.
    pub groups: Vec<Group>,
}
