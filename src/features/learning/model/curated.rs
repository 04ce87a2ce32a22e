//! What crosses the wire about learners for those who look after them.

use crate::features::assignments::model::measures::LearnerWork;
use crate::shared::page::Page;
use crate::shared::time::LocalTime;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A learner in a course.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LearnerLine {
    /// `users.id`.
    pub user_id: Uuid,
    /// As they wrote it.
    pub name: String,
    /// Their photograph.
    pub photo: Option<Uuid>,
    /// Course.
    pub course_title: String,
    /// Hundredths of a per cent, 0 to 10 000.
    pub progress: i32,
    /// When they last opened a lesson of it; never without.
    pub last_visit: Option<LocalTime>,
    /// Whole days since then.
    pub days_away: Option<i64>,
    /// The first required lesson that is not complete.
    pub stuck: Option<String>,
    /// Works that were handed in, in the order of the course.
    pub works: Vec<LearnerWork>,
}

/// `/curate/learners`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LearnersPage {
    /// By name.
    pub page: Page<LearnerLine>,
    /// Courses to choose from: id and name.
    pub courses: Vec<(Uuid, String)>,
    /// The reader may open a person's page.
    pub is_admin: bool,
}
