//! What is noticed around an attempt.

use crate::shared::time::LocalTime;
use serde::{Deserialize, Serialize};

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignKind {
    /// The page was left for another one, or closed.
    Left,
    /// It was come back to.
    Returned,
    /// A text was pasted.
    Pasted,
    /// It is used from another network address.
    Moved,
}

impl SignKind {
    /// The value in `test_attempt_signs.kind`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Left => "left",
            Self::Returned => "returned",
            Self::Pasted => "pasted",
            Self::Moved => "moved",
        }
    }

    /// The kind of a code.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Left, Self::Returned, Self::Pasted, Self::Moved].into_iter().find(|kind| kind.code() == code)
    }
}

/// Something that happened, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sign {
    /// What.
    pub kind: SignKind,
    /// When.
    pub at: LocalTime,
}
