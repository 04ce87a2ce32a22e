//! What crosses the wire about a learner's tests in one course.

use super::AttemptState;
use crate::shared::fraction::Fraction;
use crate::shared::time::LocalTime;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A test of a course, with where one stands in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CourseTest {
    /// `tests.id`.
    pub test_id: Uuid,
    /// Name.
    pub title: String,
    /// How far it is; nothing is begun without.
    pub state: Option<AttemptState>,
    /// Until when a curator promised to answer, while they have not.
    pub promised: Option<LocalTime>,
    /// When it closes, while it is to be handed in.
    pub closes: Option<LocalTime>,
    /// Points of the attempt that counts and of how many, when graded and told.
    pub points: Option<(Fraction, i32)>,
    /// Whether it is passed, when graded and told.
    pub is_passed: Option<bool>,
}
