//! What pages know of a file.

use super::rules::Role;
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
