//! What authors do to courses.

use super::Record;
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

/// What one learner has more at a test.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct TestException {
    /// Of time.
    pub extra_seconds: i32,
    /// Attempts.
    pub extra_attempts: i32,
    /// Instead of the test's closing moment.
    pub closes_at: Option<DateTime<Utc>>,
}

/// An author changed a course.
#[derive(Clone, Debug)]
pub enum AuthoringEvent {
    /// The draft of a lesson's text was saved.
    LessonEdited { lesson_id: Uuid, course_id: Uuid },
    /// A lesson's draft became what its readers see.
    LessonPublished { lesson_id: Uuid, course_id: Uuid, version_id: Uuid },
    /// A lesson's draft was thrown away.
    LessonDraftDiscarded { lesson_id: Uuid, course_id: Uuid },
    /// In the course's draft a lesson opens, or is complete, by other rules.
    LessonPlanned { lesson_id: Uuid, course_id: Uuid },
    /// In the course's draft a module opens by another rule.
    ModulePlanned { module_id: Uuid, course_id: Uuid },
    /// The course's draft was thrown away.
    CourseDraftDiscarded { course_id: Uuid },
    /// The draft of a test, or of one of its questions, was saved.
    TestEdited { test_id: Uuid, course_id: Uuid },
    /// A test's draft is what learners get from now on.
    TestPublished { test_id: Uuid, course_id: Uuid, version_id: Uuid },
    /// A test's draft was thrown away.
    TestDraftDiscarded { test_id: Uuid, course_id: Uuid },
    /// The draft of an assignment was saved.
    AssignmentEdited { assignment_id: Uuid, course_id: Uuid },
    /// An assignment's draft is what learners get from now on.
    AssignmentPublished { assignment_id: Uuid, course_id: Uuid, version_id: Uuid },
    /// An assignment's draft was thrown away.
    AssignmentDraftDiscarded { assignment_id: Uuid, course_id: Uuid },
    /// Questions of a course's bank were imported, tagged or archived.
    BankChanged { course_id: Uuid, deed: &'static str, count: u64 },
    /// One learner has more time or attempts, or another closing moment.
    TestExceptionGranted { test_id: Uuid, course_id: Uuid, user_id: Uuid, before: Option<TestException>, after: TestException, reason: String },
}

impl AuthoringEvent {
    pub(super) fn record(&self) -> Record {
        let record = |kind, (subject, id): (&'static str, Uuid), after| Record { kind, subject: (subject, Some(id)), before: None, after };
        let of = |course_id: &Uuid| Some(json!({ "course_id": course_id }));
        match self {
            Self::LessonEdited { lesson_id, course_id } => record("lesson_edited", ("lesson", *lesson_id), of(course_id)),
            Self::LessonPublished { lesson_id, course_id, version_id } => {
                record("lesson_published", ("lesson", *lesson_id), Some(json!({ "course_id": course_id, "version_id": version_id })))
            }
            Self::LessonDraftDiscarded { lesson_id, course_id } => record("lesson_draft_discarded", ("lesson", *lesson_id), of(course_id)),
            Self::LessonPlanned { lesson_id, course_id } => record("lesson_planned", ("lesson", *lesson_id), of(course_id)),
            Self::ModulePlanned { module_id, course_id } => record("module_planned", ("module", *module_id), of(course_id)),
            Self::CourseDraftDiscarded { course_id } => record("course_draft_discarded", ("course", *course_id), None),
            Self::TestEdited { test_id, course_id } => record("test_edited", ("test", *test_id), of(course_id)),
            Self::TestPublished { test_id, course_id, version_id } => {
                record("test_published", ("test", *test_id), Some(json!({ "course_id": course_id, "version_id": version_id })))
            }
            Self::TestDraftDiscarded { test_id, course_id } => record("test_draft_discarded", ("test", *test_id), of(course_id)),
            Self::AssignmentEdited { assignment_id, course_id } => record("assignment_edited", ("assignment", *assignment_id), of(course_id)),
            Self::AssignmentPublished { assignment_id, course_id, version_id } => {
                record("assignment_published", ("assignment", *assignment_id), Some(json!({ "course_id": course_id, "version_id": version_id })))
            }
            Self::AssignmentDraftDiscarded { assignment_id, course_id } => {
                record("assignment_draft_discarded", ("assignment", *assignment_id), of(course_id))
            }
            Self::BankChanged { course_id, deed, count } => {
                record("question_bank_changed", ("course", *course_id), Some(json!({ "deed": deed, "count": count })))
            }
            Self::TestExceptionGranted { test_id, course_id, user_id, before, after, reason } => Record {
                kind: "test_exception_granted",
                subject: ("test", Some(*test_id)),
                before: before.map(|before| json!(before)),
                after: Some(json!({
                    "course_id": course_id,
                    "user_id": user_id,
                    "extra_seconds": after.extra_seconds,
                    "extra_attempts": after.extra_attempts,
                    "closes_at": after.closes_at,
                    "reason": reason,
                })),
            },
        }
    }
}
