//! What crosses the wire about legal texts.

use crate::shared::time::LocalTime;
use serde::{Deserialize, Serialize};

/// Which text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LegalKind {
    /// The public offer.
    Offer,
    /// How personal data are handled.
    Privacy,
    /// When money is given back.
    Refunds,
}

impl LegalKind {
    /// All of them, in the footer's order.
    pub const ALL: [Self; 3] = [Self::Offer, Self::Privacy, Self::Refunds];

    /// The value in `legal_documents.kind` and in the address.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Offer => "offer",
            Self::Privacy => "privacy",
            Self::Refunds => "refunds",
        }
    }

    /// The kind of a code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// A published legal text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LegalText {
    /// Which one.
    pub kind: LegalKind,
    /// Its version, from 1.
    pub version: i32,
    /// Since when it holds.
    pub published_at: LocalTime,
    /// Safe HTML.
    pub html: String,
}
