//! What crosses the wire about works in number: those that staff find, and how quickly they are answered.

use crate::features::assignments::rules::WorkState;
use crate::shared::time::LocalTime;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A work that does not wait, in a list of staff's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundWork {
    /// `assignment_submissions.id`.
    pub submission_id: Uuid,
    /// Who handed in.
    pub learner: String,
    /// Course.
    pub course_title: String,
    /// Assignment.
    pub title: String,
    /// From 1.
    pub round: i32,
    /// How far it is.
    pub state: WorkState,
    /// When it last moved.
    pub moved: LocalTime,
    /// Who is to answer, or did.
    pub owner: Option<String>,
}

/// A work of a learner whom somebody looks after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LearnerWork {
    /// `assignment_submissions.id`.
    pub submission_id: Uuid,
    /// Assignment.
    pub title: String,
    /// From 1.
    pub round: i32,
    /// How far it is.
    pub state: WorkState,
}

/// How quickly rounds were answered. Spans are in minutes by the clock.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turnaround {
    /// Rounds that were answered.
    pub answered: i64,
    /// Of them, within the promise.
    pub in_time: i64,
    /// Half of them were first looked at within this span.
    pub first_look: Option<i64>,
    /// Half of them were answered within this span.
    pub verdict: Option<i64>,
    /// Rounds to acceptance on the average, in hundredths.
    pub rounds: Option<i32>,
}

/// The same of one curator in one course, with what waits for them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CuratorLine {
    /// Nobody's, without.
    pub curator: Option<String>,
    /// Course.
    pub course_title: String,
    /// `courses.id`.
    pub course_id: Uuid,
    /// How quickly.
    pub turnaround: Turnaround,
    /// Works that wait.
    pub waiting: i64,
    /// Since when the oldest of them does.
    pub oldest: Option<LocalTime>,
}

/// A week of verdicts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Week {
    /// Its Monday.
    pub begins: LocalTime,
    /// How quickly.
    pub turnaround: Turnaround,
}

/// How long works wait: so many for less than 4 hours, a day, three days, a week, and longer.
pub type Ages = [i64; 5];

/// `/admin/reviews`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeasuresPage {
    /// How many days are looked at.
    pub days: i32,
    /// Everybody in all courses.
    pub all: Turnaround,
    /// By course, then by curator.
    pub lines: Vec<CuratorLine>,
    /// The last ones, in order.
    pub weeks: Vec<Week>,
    /// What waits, by how long it does.
    pub ages: Ages,
    /// What waits, and is late.
    pub overdue: i64,
    /// Since when the oldest work waits.
    pub oldest: Option<LocalTime>,
}
