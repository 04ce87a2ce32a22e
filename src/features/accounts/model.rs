//! What crosses the wire about one's own account.

use crate::shared::time::LocalTime;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// One's own account, as `/account` shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Sign-in address.
    pub email: String,
    /// Whether a letter's link confirmed it.
    pub is_confirmed: bool,
    /// As the person wrote it.
    pub full_name: String,
    /// IANA name, such as `Europe/Moscow`.
    pub time_zone: String,
    /// All zones that may be chosen.
    pub time_zones: Vec<String>,
    /// File of the photograph.
    pub photo: Option<Uuid>,
    /// Running sessions, the latest first.
    pub sessions: Vec<SessionInfo>,
}

/// A running session of one's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionInfo {
    /// `sessions.id`.
    pub id: Uuid,
    /// The browser, in a few words.
    pub device: String,
    /// From where it was last used.
    pub address: String,
    /// When it was last used.
    pub last_seen: LocalTime,
    /// Whether it is the one that asks.
    pub is_current: bool,
}
