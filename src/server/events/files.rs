//! What is done with files of lessons and works.

use super::Record;
use serde_json::json;
use uuid::Uuid;

/// A file came or went.
#[derive(Clone, Copy, Debug)]
pub enum FileEvent {
    /// An upload became a file of a lesson's draft, or of a work.
    Uploaded { file_id: Uuid, lesson_id: Option<Uuid>, submission_id: Option<Uuid>, role: &'static str, size: i64 },
    /// A file was taken out of a lesson's draft.
    Removed { file_id: Uuid, lesson_id: Uuid },
    /// A file was given another title in a lesson's draft.
    Described { file_id: Uuid, lesson_id: Uuid },
}

impl FileEvent {
    pub(super) fn record(&self) -> Record {
        let record = |kind, id: Uuid, after| Record { kind, subject: ("file", Some(id)), before: None, after: Some(after) };
        match self {
            Self::Uploaded { file_id, lesson_id, submission_id, role, size } => {
                let place = lesson_id.map_or_else(|| json!({ "submission_id": submission_id }), |lesson_id| json!({ "lesson_id": lesson_id }));
                record("file_uploaded", *file_id, json!({ "place": place, "role": role, "size": size }))
            }
            Self::Removed { file_id, lesson_id } => record("file_removed", *file_id, json!({ "lesson_id": lesson_id })),
            Self::Described { file_id, lesson_id } => record("file_described", *file_id, json!({ "lesson_id": lesson_id })),
        }
    }
}
