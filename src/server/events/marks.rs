//! Events of marks that change after they were given.

use super::Record;
use crate::features::quizzes::model::correction::Mark;
use serde_json::{Value, json};
use uuid::Uuid;

/// What happened.
#[derive(Clone, Debug)]
pub enum MarkEvent {
    /// An author corrected a question's key; so many marks changed.
    KeyCorrected { question_id: Uuid, course_id: Uuid, correction_id: Uuid, before: Value, after: Value, changed: usize, reason: String },
    /// A curator changed a score that was given.
    ScoreChanged { attempt_id: Uuid, question_id: Uuid, before: Value, after: Value, reason: String },
    /// A mark became another one.
    AttemptRegraded { attempt_id: Uuid, test_id: Uuid, user_id: Uuid, before: Mark, after: Mark, lost_pass: bool, reason: String },
}

impl MarkEvent {
    pub(super) fn record(&self) -> Record {
        match self {
            Self::KeyCorrected { question_id, course_id, correction_id, before, after, changed, reason } => Record {
                kind: "key_corrected",
                subject: ("question", Some(*question_id)),
                before: Some(before.clone()),
                after: Some(json!({ "course_id": course_id, "correction_id": correction_id, "key": after, "changed": changed, "reason": reason })),
            },
            Self::ScoreChanged { attempt_id, question_id, before, after, reason } => Record {
                kind: "score_changed",
                subject: ("attempt", Some(*attempt_id)),
                before: Some(before.clone()),
                after: Some(json!({ "question_id": question_id, "score": after, "reason": reason })),
            },
            Self::AttemptRegraded { attempt_id, test_id, user_id, before, after, lost_pass, reason } => Record {
                kind: "attempt_regraded",
                subject: ("attempt", Some(*attempt_id)),
                before: Some(json!(before)),
                after: Some(json!({ "test_id": test_id, "user_id": user_id, "mark": after, "lost_pass": lost_pass, "reason": reason })),
            },
        }
    }
}
