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

/// The school's facts, as administrators enter them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SchoolFacts {
    /// Its name.
    pub name: String,
    /// Its promise in one sentence.
    pub tagline: String,
    /// Contact address.
    pub email: String,
    /// Contact telephone.
    pub phone: String,
    /// IANA name.
    pub time_zone: String,
    /// Of the organisation.
    pub legal_name: String,
    /// INN.
    pub tax_number: String,
    /// KPP, which persons in business have not.
    pub kpp: String,
    /// OGRN.
    pub registration_number: String,
    /// Postal address.
    pub address: String,
    /// Who signs.
    pub signer: String,
    /// The bank.
    pub bank_name: String,
    /// Its BIC.
    pub bank_bic: String,
    /// The school's account in it.
    pub bank_account: String,
    /// The bank's own account.
    pub bank_corr_account: String,
}

impl SchoolFacts {
    /// Whether an invoice can be written: who sells, and where the money goes.
    pub fn can_invoice(&self) -> bool {
        [&self.legal_name, &self.tax_number, &self.bank_name, &self.bank_bic, &self.bank_account].iter().all(|fact| !fact.is_empty())
    }
}
