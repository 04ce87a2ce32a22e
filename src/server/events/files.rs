//! What is done with files of lessons, works and answers.

use super::Record;
use serde_json::json;
use uuid::Uuid;

/// A file came or went.
#[derive(Clone, Copy, Debug)]
pub enum FileEvent {
    /// An upload became a file of what the place names: a lesson's draft, a work, an attempt.
    Uploaded { file_id: Uuid, place: (&'static str, Uuid), role: &'static str, size: i64 },
    /// A file was taken out of a lesson's draft.
    Removed { file_id: Uuid, lesson_id: Uuid },
    /// A file was given another title in a lesson's draft.
    Described { file_id: Uuid, lesson_id: Uuid },
}

impl FileEvent {
    pub(super) fn record(&self) -> Record {
        let record = |kind, id: Uuid, after| Record { kind, subject: ("file", Some(id)), before: None, after: Some(after) };
        match self {
            Self::Uploaded { file_id, place: (place, id), role, size } => {
                record("file_uploaded", *file_id, json!({ "place": { *place: id }, "role": role, "size": size }))
            }
            Self::Removed { file_id, lesson_id } => record("file_removed", *file_id, json!({ "lesson_id": lesson_id })),
            Self::Described { file_id, lesson_id } => record("file_described", *file_id, json!({ "lesson_id": lesson_id })),
        }
    }
}
