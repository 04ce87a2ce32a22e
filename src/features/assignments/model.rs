//! What crosses the wire about assignments and works.

pub mod course_work;
mod desk;
pub mod duty;
mod editor;
pub mod measures;
mod round;

pub use desk::{DeskPage, Hold};
pub use editor::{AssignmentEditor, AssignmentSettings};
pub use measures::FoundWork;
pub use round::{GivenLevel, GivenVerdict, NewRemark, Photo, Remark, Round, Verdict, WorkFile};

use super::rules::rubric::Criterion;
use super::rules::{Takes, WorkState};
use crate::shared::time::LocalTime;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// An upload that is not finished.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unfinished {
    /// `uploads.id`.
    pub id: Uuid,
    /// As it is called.
    pub name: String,
    /// Bytes that are there.
    pub received: i64,
    /// All bytes.
    pub size: i64,
}

/// The round that its learner writes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// From 1.
    pub number: i32,
    /// Markdown.
    pub text: String,
    /// One in a line.
    pub links: String,
    /// Of the last saving: the next one builds on it.
    pub sequence: i64,
    /// In order.
    pub photos: Vec<Photo>,
    /// In order.
    pub files: Vec<WorkFile>,
    /// Files on their way.
    pub unfinished: Vec<Unfinished>,
}

/// How far one's own work is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MyWork {
    /// How far.
    pub state: WorkState,
    /// Who answers, while it waits.
    pub owner: Option<String>,
    /// When it was handed in, while it waits.
    pub submitted: Option<LocalTime>,
    /// Until when the school promised to answer, while it waits.
    pub promised: Option<LocalTime>,
    /// One's own date, while it is one's turn.
    pub due: Option<LocalTime>,
    /// One may take it back.
    pub may_withdraw: bool,
    /// One may ask for so many days more.
    pub may_extend: Option<i32>,
    /// Of the last return.
    pub reason: String,
    /// Rounds that were handed in.
    pub rounds: Vec<Round>,
}

/// What an assignment asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// Name.
    pub title: String,
    /// Safe HTML.
    pub task_html: String,
    /// What may be handed in.
    pub takes: Takes,
    /// From the beginning to the date.
    pub days: Option<i32>,
    /// How many rounds there may be.
    pub rounds: Option<i32>,
    /// Most points, where it has a mark in points.
    pub max_points: Option<i32>,
    /// What makes the points; empty where they are given as a number.
    pub rubric: Vec<Criterion>,
}

/// `/learn/assignments/{id}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkPage {
    /// `assignments.id`.
    pub id: Uuid,
    /// What is asked for.
    pub task: Task,
    /// `courses.slug`.
    pub course_slug: String,
    /// Name.
    pub course_title: String,
    /// `lessons.id`.
    pub lesson_id: Uuid,
    /// What there is; nothing yet without.
    pub work: Option<MyWork>,
    /// What is being written; empty where nothing is. Without, one may not write now.
    pub draft: Option<Draft>,
}

/// What the server has of a round's words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stored {
    /// Markdown.
    pub text: String,
    /// One in a line.
    pub links: String,
    /// Of its saving: the next one builds on it.
    pub sequence: i64,
}

/// Whether a draft's text is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kept {
    /// It is; the next saving builds on this one.
    At {
        /// When.
        at: LocalTime,
        /// Of this saving.
        sequence: i64,
    },
    /// It is not: it was not built on what is there, which another tab or device saved.
    Stale(Stored),
}

/// One's own work, on `/learn` and at its lesson.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkLine {
    /// `assignments.id`.
    pub assignment_id: Uuid,
    /// Name.
    pub title: String,
    /// Course.
    pub course_title: String,
    /// How far it is.
    pub state: WorkState,
    /// While it waits, the promised moment; while it is the learner's turn, their date.
    pub moment: Option<LocalTime>,
}
