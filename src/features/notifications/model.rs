//! Types of notifications that cross the wire.

use super::rules::{Channel, Mode, Topic};
use crate::shared::page::Page;
use crate::shared::time::LocalTime;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// One notification, in its reader's language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// `notifications.id`.
    pub id: Uuid,
    /// What it is about.
    pub topic: Topic,
    /// In a few words.
    pub title: String,
    /// The thing's name, or a sentence.
    pub text: String,
    /// When it happened.
    pub at: LocalTime,
    /// Whether it was opened.
    pub is_read: bool,
}

/// `/notifications`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inbox {
    /// The newest first.
    pub page: Page<Line>,
    /// How many are unread, on all pages.
    pub unread: i64,
}

/// What a person chose about one topic and channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// What it is about.
    pub topic: Topic,
    /// How it comes.
    pub channel: Channel,
    /// When it comes.
    pub mode: Mode,
}

/// A person's chat in Telegram, each with since when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Chat {
    /// None is connected.
    Absent,
    /// News comes there.
    Connected(LocalTime),
    /// It was connected, and takes no messages any more.
    Blocked(LocalTime),
}

/// `/notifications/settings`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// Of every topic that concerns the reader, and every channel; without those that are not theirs to choose.
    pub choices: Vec<Choice>,
    /// The channels that there are for the reader.
    pub channels: Vec<Channel>,
    /// The reader's chat; `None` where the school has no bot.
    pub chat: Option<Chat>,
    /// `HH:MM`, or nothing when there are no quiet hours.
    pub quiet_from: String,
    /// `HH:MM`.
    pub quiet_to: String,
    /// The time zone in which they are counted.
    pub time_zone: String,
}

/// What the open page is told as it happens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct News {
    /// How many are unread.
    pub unread: i64,
    /// The newest since the last news: title and text.
    pub newest: Option<(String, String)>,
    /// Where what happened since the last news goes on, the newest first.
    pub paths: Vec<String>,
}
