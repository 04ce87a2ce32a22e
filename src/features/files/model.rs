//! What pages know of a file.

use super::rules::Role;
use super::rules::chapters::Chapter;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A file of a lesson, for its author.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LessonFile {
    /// `files.id`.
    pub file_id: Uuid,
    /// What it is there for.
    pub role: Role,
    /// What its readers see; empty where that is the file's name.
    pub title: String,
    /// As it was uploaded.
    pub name: String,
    /// What its bytes are.
    pub content_type: String,
    /// Bytes.
    pub size: i64,
}

impl LessonFile {
    /// What its readers see.
    pub fn shown_name(&self) -> &str {
        if self.title.is_empty() { &self.name } else { &self.title }
    }
}

/// A file that a learner sent with an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentFile {
    /// `files.id`.
    pub file_id: Uuid,
    /// As it was uploaded.
    pub name: String,
    /// Bytes.
    pub size: i64,
    /// Of a photograph: widths in which it is there.
    pub widths: Vec<i32>,
}

/// How far the work on a video is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum VideoWork {
    /// So many per cent are done.
    Going(i32),
    /// It can't be read, or not be made smaller; it plays as it was uploaded, if it plays.
    Failed,
}

/// What a player needs of a video.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Film {
    /// Its name; empty where it has none.
    pub title: String,
    /// As it was uploaded.
    pub source: String,
    /// A playlist of its sizes (HLS).
    pub stream: Option<String>,
    /// A picture to stand there until it plays.
    pub poster: Option<String>,
    /// Width and height.
    pub size: Option<(i32, i32)>,
    /// Its length.
    pub seconds: Option<i32>,
    /// Captions.
    pub words: Vec<FilmWords>,
    /// In order.
    pub chapters: Vec<Chapter>,
}

/// Captions of a video.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilmWords {
    /// Their address (WebVTT).
    pub source: String,
    /// As the player's menu names them.
    pub title: String,
    /// A BCP 47 code; empty where their author named none.
    pub language: String,
}
