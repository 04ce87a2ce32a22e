//! What crosses the wire about a learner's works in one course.

use crate::features::assignments::rules::WorkState;
use crate::shared::fraction::Fraction;
use crate::shared::time::LocalTime;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// An assignment of a course, with one's own work on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CourseWork {
    /// `assignments.id`.
    pub assignment_id: Uuid,
    /// Name.
    pub title: String,
    /// How far it is; nothing is begun without.
    pub state: Option<WorkState>,
    /// While it waits, the promised moment; while it is the learner's turn, their date.
    pub moment: Option<LocalTime>,
    /// What was given in points, what it lost for coming late, and the most that could be given.
    pub mark: Option<(Fraction, Fraction, i32)>,
}
