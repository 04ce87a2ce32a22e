//! What crosses the wire about announcements.

use crate::shared::time::LocalTime;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// An announcement among mine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnnouncementLine {
    /// `announcements.id`.
    pub id: Uuid,
    /// Its title.
    pub title: String,
    /// Name of the course.
    pub course_title: String,
    /// When it came.
    pub published: LocalTime,
    /// I have opened it.
    pub is_read: bool,
}

/// `/learn/announcements/{id}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Announcement {
    /// `announcements.id`.
    pub id: Uuid,
    /// Its title.
    pub title: String,
    /// Name of the course.
    pub course_title: String,
    /// Who wrote it.
    pub author: String,
    /// Safe HTML.
    pub html: String,
    /// When it came.
    pub published: LocalTime,
    /// It was taken back; only staff see it then.
    pub is_withdrawn: bool,
    /// The reader is staff of the course.
    pub can_withdraw: bool,
}

/// Whom an announcement can go to: a course, or a group of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// `courses.id`, or `courses.id/course_groups.id`.
    pub value: String,
    /// Name of the course.
    pub course_title: String,
    /// Name of the group.
    pub group: Option<String>,
    /// How many it would reach now.
    pub learners: i64,
}

/// A published announcement with its readers counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentLine {
    /// `announcements.id`.
    pub id: Uuid,
    /// Its title.
    pub title: String,
    /// Name of the course.
    pub course_title: String,
    /// Name of the group.
    pub group: Option<String>,
    /// Who wrote it.
    pub author: String,
    /// When.
    pub published: LocalTime,
    /// It was taken back.
    pub is_withdrawn: bool,
    /// Whom it reached.
    pub recipients: i64,
    /// Who has opened it.
    pub readers: i64,
    /// The same in hundredths of a per cent.
    pub read_hundredths: i32,
}

/// `/admin/announcements`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    /// Whom the reader may write to.
    pub targets: Vec<Target>,
    /// The newest first.
    pub lines: Vec<SentLine>,
    /// Makes a double press one announcement.
    pub form_key: Uuid,
}
