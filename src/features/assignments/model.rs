//! What crosses the wire about assignments and works.

pub mod course_work;
pub mod duty;
pub mod measures;

pub use measures::FoundWork;

use super::rules::passages::Passage;
use super::rules::rubric::{Criterion, TypedCriterion};
use super::rules::{Place, RemarkKind, Takes, WorkState};
use crate::features::files::model::PhotoReading;
use crate::features::quizzes::model::scoring::Phrase;
use crate::shared::fraction::Fraction;
use crate::shared::time::LocalTime;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A photograph of a round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Photo {
    /// `files.id`.
    pub file_id: Uuid,
    /// As it was uploaded.
    pub name: String,
    /// Width and height, once it is measured.
    pub size: Option<(i32, i32)>,
    /// Widths in which it is there.
    pub widths: Vec<i32>,
    /// What is known of it, once it is prepared.
    pub reading: Option<PhotoReading>,
}

impl Photo {
    /// Whether its sizes are made.
    pub fn is_ready(&self) -> bool {
        !self.widths.is_empty()
    }

    /// The address of a tile of it.
    pub fn tile(file_id: Uuid, level: i32, x: i32, y: i32) -> String {
        format!("/files/{file_id}/tiles/{level}/{x}_{y}")
    }

    /// The address of the smallest size at least so wide; the original where none is made yet.
    pub fn address(&self, width: i32) -> String {
        match self.widths.iter().find(|there| **there >= width).or_else(|| self.widths.last()) {
            Some(there) => format!("/files/{}/{there}", self.file_id),
            None => self.original(),
        }
    }

    /// The address of the photograph as it was uploaded.
    pub fn original(&self) -> String {
        format!("/files/{}?original=1", self.file_id)
    }
}

/// A file of a round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkFile {
    /// `files.id`.
    pub file_id: Uuid,
    /// As it was uploaded.
    pub name: String,
    /// Bytes.
    pub size: i64,
}

/// A remark of a curator's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remark {
    /// `assignment_remarks.id`.
    pub id: Uuid,
    /// How it is meant.
    pub kind: RemarkKind,
    /// What it is about.
    pub place: Place,
    /// On which file.
    pub file_id: Option<Uuid>,
    /// Where in it, in ten-thousandths.
    pub points: Vec<i32>,
    /// Where in the text.
    pub passage: Option<Passage>,
    /// In words.
    pub body: String,
    /// The learner has not got it yet.
    pub is_draft: bool,
    /// The learner says that it is done.
    pub done: Option<LocalTime>,
    /// And how.
    pub done_note: String,
}

/// What a curator is about to remark.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewRemark {
    /// How it is meant.
    pub kind: RemarkKind,
    /// What it is about.
    pub place: Place,
    /// On which file.
    pub file_id: Option<Uuid>,
    /// Where in it, in ten-thousandths.
    pub points: Vec<i32>,
    /// Where in the text.
    #[serde(default)]
    pub passage: Option<Passage>,
    /// In words.
    pub body: String,
}

/// A verdict as a curator typed it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GivenVerdict {
    /// `accept`, `return`, `reject` or `reopen`.
    pub act: String,
    /// The round that was looked at.
    pub round: i32,
    /// In words.
    pub reason: String,
    /// The day of the next round, `2026-11-30`.
    pub day: String,
    /// Points.
    pub points: String,
    /// The level chosen of each criterion of the rubric, from 0; -1 for none.
    pub levels: Vec<i32>,
    /// Accepted although remarks "must fix" are open.
    pub is_confirmed: bool,
}

/// The level that a curator chose of a criterion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GivenLevel {
    /// Name of the criterion.
    pub criterion: String,
    /// The level in words.
    pub level: String,
    /// What it is worth.
    pub points: i32,
    /// What the best level is worth.
    pub most: i32,
}

/// What a curator said of a round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// `accepted`, `returned` or `rejected`.
    pub state: WorkState,
    /// When.
    pub at: LocalTime,
    /// Who.
    pub reviewer: String,
    /// In words.
    pub reason: String,
    /// Points given.
    pub mark: Option<Fraction>,
    /// What it lost for coming late.
    pub deduction: Option<Fraction>,
    /// Where a rubric made the points.
    pub levels: Vec<GivenLevel>,
}

/// A round of a work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Round {
    /// From 1.
    pub number: i32,
    /// Safe HTML.
    pub text_html: String,
    /// In order.
    pub links: Vec<String>,
    /// In order.
    pub photos: Vec<Photo>,
    /// In order.
    pub files: Vec<WorkFile>,
    /// When it was handed in; a draft was not.
    pub submitted: Option<LocalTime>,
    /// Most points by the version that it was asked by, where it has a mark in points.
    pub max_points: Option<i32>,
    /// What was said of it.
    pub verdict: Option<Verdict>,
    /// In the order in which they were made.
    pub remarks: Vec<Remark>,
}

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
    /// The work before it in what was asked for of the queue.
    pub previous: Option<Uuid>,
    /// The work after it there.
    pub next: Option<Uuid>,
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
