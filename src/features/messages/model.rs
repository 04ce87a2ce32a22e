//! What crosses the wire about letters.

use crate::shared::page::Page;
use crate::shared::time::LocalTime;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A letter's fate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LetterState {
    /// In the queue.
    Waiting,
    /// A try is under way.
    Sending,
    /// The mail server has it.
    Sent,
    /// Not sent but shown here: there is no mail server, and it is not production.
    Shown,
    /// The mail server refused it for good.
    Refused,
    /// Given up.
    Failed,
    /// Its address is paused.
    Held,
}

impl LetterState {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 7] = [Self::Waiting, Self::Sending, Self::Sent, Self::Shown, Self::Refused, Self::Failed, Self::Held];

    /// The value in `letters.state` and in addresses.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Shown => "shown",
            Self::Refused => "refused",
            Self::Failed => "failed",
            Self::Held => "held",
        }
    }

    /// The state of a code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// A line of the mail log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LetterLine {
    /// `letters.id`.
    pub id: Uuid,
    /// Its fate.
    pub state: LetterState,
    /// `letters.template`.
    pub template: String,
    /// Its address.
    pub to: String,
    /// Its subject.
    pub subject: String,
    /// When it was written.
    pub at: LocalTime,
    /// What the mail server said last, or why it was not asked.
    pub answer: String,
}

/// An address that nothing is sent to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pause {
    /// The address.
    pub address: String,
    /// With which words a mail server refused it.
    pub answer: String,
    /// Since when.
    pub at: LocalTime,
}

/// The mail log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailLog {
    /// Letters, the newest first.
    pub page: Page<LetterLine>,
    /// Paused addresses.
    pub pauses: Vec<Pause>,
    /// Letters are not sent but shown.
    pub is_shown_only: bool,
}

/// A letter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LetterView {
    /// As in the log.
    pub line: LetterLine,
    /// Its reader's name.
    pub to_name: String,
    /// Language.
    pub locale: String,
    /// Its plain text.
    pub text: String,
    /// Where its button leads, for a developer who reads it here.
    pub link: Option<String>,
    /// By which the reader's program knows it.
    pub message_id: String,
    /// Tries.
    pub attempts: i32,
    /// When the mail server took it.
    pub sent: Option<LocalTime>,
}

/// A template as it looks in a language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateView {
    /// `letters.template`.
    pub template: String,
    /// The language's code.
    pub locale: String,
    /// The subject.
    pub subject: String,
    /// The plain text.
    pub text: String,
}
