//! What crosses the wire about a lesson and its video.

use super::{LessonState, Outline, TestState};
use crate::features::assignments::rules::WorkState;
use crate::features::files::model::{Film, LessonFile};
use crate::features::learning::rules::watched::Stretch;
use crate::features::notes::model::LessonNotes;
use crate::features::talk::model::LessonQuestions;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What of a lesson's video was watched, as its player says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Watched {
    /// Where the player is, in seconds.
    pub position: i32,
    /// What was played since the last time.
    pub stretches: Vec<Stretch>,
    /// When that was by the reader's clock, in milliseconds since 1970.
    pub at_unix_ms: i64,
}

/// What the server has of it afterwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WatchState {
    /// Whole per cent of the video.
    pub share: i32,
    /// How far the lesson is.
    pub state: LessonState,
}

/// A lesson's video, with where this learner is in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LessonVideo {
    /// What the player needs.
    pub film: Film,
    /// Where the player was, in seconds.
    pub position: i32,
    /// Whole per cent that was watched.
    pub share: i32,
}

/// A lesson with all that belongs to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LessonPage {
    /// The course around it.
    pub outline: Outline,
    /// To download.
    pub files: Vec<LessonFile>,
    /// To watch.
    pub video: Option<LessonVideo>,
    /// `lessons.id`.
    pub id: Uuid,
    /// Name.
    pub title: String,
    /// Name of its module.
    pub module_title: String,
    /// To read, in minutes.
    pub minutes: i32,
    /// Safe HTML.
    pub html: String,
    /// The headings in it.
    pub headings: Vec<LessonHeading>,
    /// How far it is.
    pub state: LessonState,
    /// The learner marked it as read.
    pub is_marked: bool,
    /// Its tests.
    pub tests: Vec<LessonTest>,
    /// Its assignments.
    pub assignments: Vec<LessonAssignment>,
    /// What was asked under it.
    pub questions: LessonQuestions,
    /// My notes in it.
    pub notes: LessonNotes,
    /// The next lesson that is open.
    pub next: Option<Uuid>,
    /// The lesson before it that is open.
    pub previous: Option<Uuid>,
}

/// A heading of a lesson's text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LessonHeading {
    /// 2 to 4.
    pub level: u8,
    /// Its anchor.
    pub id: String,
    /// Its words.
    pub text: String,
}

/// A test as a step of its lesson.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LessonTest {
    /// `tests.id`.
    pub id: Uuid,
    /// Name.
    pub title: String,
    /// How many questions.
    pub questions: i64,
    /// The lesson needs it passed.
    pub must_pass: bool,
    /// How far it is.
    pub state: TestState,
}

/// An assignment as a step of its lesson.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LessonAssignment {
    /// `assignments.id`.
    pub id: Uuid,
    /// Name.
    pub title: String,
    /// Safe HTML.
    pub task_html: String,
    /// How far my work on it is; nothing where there is none.
    pub state: Option<WorkState>,
}
