//! What crosses the wire about the curators' queue.

use crate::features::assignments::model::FoundWork;
use crate::shared::href;
use crate::shared::time::LocalTime;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What waits in a line of the review queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Waiting {
    /// So many open answers of an attempt: `test_attempts.id`.
    Answers(Uuid, i64),
    /// A round of a work, with so many photographs: `assignment_submissions.id`.
    Work(Uuid, i32, i64),
}

/// A line of the review queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueLine {
    /// What waits.
    pub waiting: Waiting,
    /// Who handed in.
    pub learner: String,
    /// Course.
    pub course_title: String,
    /// Test or assignment.
    pub title: String,
    /// Of a work: addresses of its first photographs, small.
    pub pictures: Vec<String>,
    /// Of a work: who holds it, until when.
    pub holder: Option<(String, LocalTime)>,
    /// Of a work: who is to answer.
    pub owner: Option<String>,
    /// When it was handed in.
    pub submitted: LocalTime,
    /// Until when the school promised to answer.
    pub promised: LocalTime,
    /// Minutes until then by the server's clock, negative when it is past.
    pub minutes_left: i64,
}

/// Which lines of the queue are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct QueueFilter {
    /// Of one course.
    pub course: Option<Uuid>,
    /// On one assignment.
    pub assignment: Option<Uuid>,
    /// Works of one round.
    pub round: Option<i32>,
    /// What the reader is to answer, what nobody is, and what is late, whoever is to.
    pub is_mine: bool,
    /// Works in this state; what waits without.
    pub state: String,
    /// Where the page begins.
    pub after: String,
}

impl QueueFilter {
    /// By the parts of an address; what can't be read is no choice.
    pub fn of(part: impl Fn(&str) -> Option<String>) -> Self {
        let id = |name: &str| part(name).and_then(|id| Uuid::try_parse(&id).ok());
        Self {
            course: id("course"),
            assignment: id("assignment"),
            round: part("round").and_then(|round| round.trim().parse().ok()).filter(|round| *round > 0),
            is_mine: part("whose").is_some_and(|whose| whose == "mine"),
            state: part("state").unwrap_or_default(),
            after: part("after").unwrap_or_default(),
        }
    }

    /// The parts of an address that ask for the same, each with an `&`, without where a page begins; empty for the whole queue.
    pub fn parts(&self) -> String {
        let id = |id: Option<Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
        let parts = [
            ("course", id(self.course)),
            ("assignment", id(self.assignment)),
            ("round", self.round.map(|round| round.to_string()).unwrap_or_default()),
            ("whose", if self.is_mine { "mine".to_owned() } else { String::new() }),
            ("state", href::percent_encode(&self.state)),
        ];
        let chosen = parts.into_iter().filter(|(_, value)| !value.is_empty());
        chosen.flat_map(|(name, value)| [name.to_owned(), "=".to_owned(), value, "&".to_owned()]).collect()
    }

    /// A path of which these parts are asked for.
    pub fn at(&self, path: &str) -> String {
        let parts = self.parts();
        if parts.is_empty() { path.to_owned() } else { format!("{path}?{}", parts.trim_end_matches('&')) }
    }
}

/// An assignment to choose by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssignmentChoice {
    /// `assignments.id`.
    pub id: Uuid,
    /// Name.
    pub title: String,
    /// Course.
    pub course_title: String,
}

/// `/curate`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueuePage {
    /// What waits, by promised moment.
    pub lines: Vec<QueueLine>,
    /// Works in the state that was asked for, the latest moved first.
    pub found: Vec<FoundWork>,
    /// How much waits, on all pages.
    pub waiting: i64,
    /// Of it, what is promised within the next hours.
    pub near: i64,
    /// Of it, what is late.
    pub overdue: i64,
    /// Where the next page begins.
    pub next: Option<String>,
    /// Courses to choose from: id and name.
    pub courses: Vec<(Uuid, String)>,
    /// Assignments to choose from.
    pub assignments: Vec<AssignmentChoice>,
}
