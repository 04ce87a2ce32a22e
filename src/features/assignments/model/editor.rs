//! What crosses the wire about an assignment that is changed.

use crate::features::assignments::rules::rubric::TypedCriterion;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What is set of an assignment, as typed.
#[expect(clippy::struct_excessive_bools, reason = "ticks of a form")]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssignmentSettings {
    /// Name.
    pub title: String,
    /// Markdown.
    pub task: String,
    /// A text may be handed in.
    pub takes_text: bool,
    /// Photographs.
    pub takes_photos: bool,
    /// Files.
    pub takes_files: bool,
    /// Links.
    pub takes_links: bool,
    /// From the beginning to the date; empty for none.
    pub days: String,
    /// Empty for any number.
    pub rounds: String,
    /// `none`, `pass` or `points`.
    pub mark: String,
    /// Most points.
    pub max_points: String,
    /// What makes the points.
    pub rubric: Vec<TypedCriterion>,
    /// Days after the date in which it is still taken.
    pub late_days: String,
    /// What each of them costs, in per cent.
    pub late_percent: String,
    /// What always stays, in per cent.
    pub late_floor: String,
}

/// `/admin/courses/{id}/assignments/{assignment}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssignmentEditor {
    /// `courses.id`.
    pub course_id: Uuid,
    /// Name.
    pub course_title: String,
    /// `lessons.id`.
    pub lesson_id: Uuid,
    /// `assignments.id`.
    pub id: Uuid,
    /// Learners do not see it as it is here.
    pub is_draft: bool,
    /// As it is set.
    pub settings: AssignmentSettings,
}
