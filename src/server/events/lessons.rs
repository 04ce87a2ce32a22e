//! Events about which lessons are open for whom, and about versions of courses.

use super::Record;
use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

/// What happened.
#[derive(Clone, Debug)]
pub enum LessonEvent {
    /// Staff opened a lesson for one person.
    Opened { user_id: Uuid, course_id: Uuid, lesson_id: Uuid, reason: String },
    /// Staff took that back.
    TakenBack { user_id: Uuid, course_id: Uuid, lesson_id: Uuid },
    /// Staff took the completion of a lesson back.
    Reset { user_id: Uuid, course_id: Uuid, lesson_id: Uuid, completed_at: DateTime<Utc>, reason: String },
    /// The moment came for which lessons waited.
    CameOpen { enrollment_id: Uuid, user_id: Uuid, course_id: Uuid, lesson_ids: Vec<Uuid> },
    /// A draft of the next version was begun.
    DraftBegun { course_id: Uuid, version_id: Uuid },
    /// A version was published; so many running enrolments follow it, and so many kept theirs.
    Published { course_id: Uuid, version_id: Uuid, followed: u32, kept: u32 },
    /// A learner took a newer version in.
    VersionAccepted { user_id: Uuid, course_id: Uuid, before: Uuid, after: Uuid },
    /// A learner does not want it now.
    VersionDeclined { user_id: Uuid, course_id: Uuid, version_id: Uuid },
    /// Staff moved running enrolments of a group, or all of a course, to the published version.
    LearnersMoved { course_id: Uuid, group_id: Option<Uuid>, version_id: Uuid, count: u32 },
}

impl LessonEvent {
    pub(super) fn record(&self) -> Record {
        let record =
            |kind, (subject, id): (&'static str, Uuid), before, after| Record { kind, subject: (subject, Some(id)), before, after: Some(after) };
        match self {
            Self::Opened { user_id, course_id, lesson_id, reason } => {
                record("lesson_opened", ("lesson", *lesson_id), None, json!({ "user_id": user_id, "course_id": course_id, "reason": reason }))
            }
            Self::TakenBack { user_id, course_id, lesson_id } => {
                record("lesson_opening_taken_back", ("lesson", *lesson_id), None, json!({ "user_id": user_id, "course_id": course_id }))
            }
            Self::Reset { user_id, course_id, lesson_id, completed_at, reason } => record(
                "lesson_reset",
                ("lesson", *lesson_id),
                Some(json!({ "completed_at": completed_at })),
                json!({ "user_id": user_id, "course_id": course_id, "reason": reason }),
            ),
            Self::CameOpen { enrollment_id, user_id, course_id, lesson_ids } => record(
                "lessons_came_open",
                ("enrollment", *enrollment_id),
                None,
                json!({ "user_id": user_id, "course_id": course_id, "lesson_ids": lesson_ids }),
            ),
            Self::DraftBegun { course_id, version_id } => record("draft_begun", ("course", *course_id), None, json!({ "version_id": version_id })),
            Self::Published { course_id, version_id, followed, kept } => {
                record("course_published", ("course", *course_id), None, json!({ "version_id": version_id, "followed": followed, "kept": kept }))
            }
            Self::VersionAccepted { user_id, course_id, before, after } => record(
                "version_accepted",
                ("course", *course_id),
                Some(json!({ "version_id": before })),
                json!({ "user_id": user_id, "version_id": after }),
            ),
            Self::VersionDeclined { user_id, course_id, version_id } => {
                record("version_declined", ("course", *course_id), None, json!({ "user_id": user_id, "version_id": version_id }))
            }
            Self::LearnersMoved { course_id, group_id, version_id, count } => {
                record("learners_moved", ("course", *course_id), None, json!({ "group_id": group_id, "version_id": version_id, "count": count }))
            }
        }
    }
}
