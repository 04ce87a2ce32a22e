//! What crosses the wire about the curator's desk.

use super::{Round, Task};
use crate::features::assignments::rules::WorkState;
use crate::features::quizzes::model::scoring::Phrase;
use crate::shared::time::LocalTime;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Who holds a work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// Who.
    pub curator: String,
    /// Until when.
    pub until: LocalTime,
    /// It is the reader.
    pub is_mine: bool,
}

/// `/curate/submissions/{id}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeskPage {
    /// `assignment_submissions.id`.
    pub id: Uuid,
    /// What was asked for.
    pub task: Task,
    /// Name.
    pub course_title: String,
    /// Name.
    pub learner: String,
    /// Their photograph.
    pub learner_photo: Option<Uuid>,
    /// How far it is.
    pub state: WorkState,
    /// The round that a verdict is on, also where it was never handed in.
    pub round: i32,
    /// Rounds that were handed in, the newest last.
    pub rounds: Vec<Round>,
    /// Who is to answer.
    pub owner: Option<String>,
    /// Until when, while it waits.
    pub promised: Option<LocalTime>,
    /// Minutes until then.
    pub minutes_left: i64,
    /// Who holds it.
    pub hold: Option<Hold>,
    /// A further round is possible.
    pub rounds_left: bool,
    /// It may be refused for good.
    pub may_reject: bool,
    /// It may be opened again.
    pub may_reopen: bool,
    /// The day that is offered for the next round, `2026-11-30`.
    pub next_day: String,
    /// Ready phrases: the reader's, and what all share.
    pub phrases: Vec<Phrase>,
    /// The work after it in what was asked for of the queue.
    pub next: Option<Uuid>,
    /// The work before it there.
    pub previous: Option<Uuid>,
}
