//! What crosses the wire about learning.

pub mod curated;
mod lesson;

pub use lesson::{LessonAssignment, LessonHeading, LessonPage, LessonTest, LessonVideo, WatchState, Watched};

use crate::features::announcements::model::AnnouncementLine;
use crate::features::assignments::model::WorkLine;
use crate::features::assignments::model::course_work::CourseWork;
use crate::features::quizzes::model::course_test::CourseTest;
use crate::features::talk::model::UnreadThread;
use crate::shared::error::LessonWaits;
use crate::shared::time::LocalTime;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How far a lesson is for a learner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LessonState {
    /// Never opened.
    NotStarted,
    /// Opened, not complete.
    InProgress,
    /// All that the author requires is met.
    Completed,
}

/// How far a required test is for a learner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TestState {
    /// No attempt.
    NotTaken,
    /// An attempt runs.
    Running,
    /// Handed in; a curator scores it.
    WaitsForReview,
    /// Graded and passed.
    Passed,
    /// Graded, not passed.
    NotPassed,
}

/// `/learn`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Home {
    /// The very next step, if a course has one.
    pub next: Option<NextStep>,
    /// Without a next step: the lesson that opens by itself or by somebody's answer.
    pub awaited: Option<Awaited>,
    /// My courses, the latest used first.
    pub courses: Vec<MyCourse>,
    /// What I handed in and a curator scores.
    pub in_review: Vec<InReview>,
    /// My works that wait for me or for a curator.
    pub works: Vec<WorkLine>,
    /// What staff announced in my courses, unread first.
    pub announcements: Vec<AnnouncementLine>,
    /// My discussions with replies that I have not seen.
    pub unread: Vec<UnreadThread>,
    /// The secret address of my deadlines, for a calendar program.
    pub calendar: String,
}

/// Where "continue" leads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NextStep {
    /// Course.
    pub course_slug: String,
    /// Course.
    pub course_title: String,
    /// Picture of the course.
    pub cover: String,
    /// Lesson.
    pub lesson_id: Uuid,
    /// Lesson.
    pub lesson_title: String,
    /// Its number in the course, from 1.
    pub lesson_number: i64,
    /// To read, in minutes.
    pub minutes: i32,
    /// Nothing of the course was opened yet.
    pub is_first: bool,
}

/// A required lesson that is not open yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Awaited {
    /// Its name.
    pub title: String,
    /// What it waits for.
    pub waits: LessonWaits,
}

/// A course of mine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MyCourse {
    /// In addresses.
    pub slug: String,
    /// Name.
    pub title: String,
    /// Picture.
    pub cover: String,
    /// Hundredths of a per cent, 0 to 10 000.
    pub progress: i32,
    /// Required lessons that are complete.
    pub completed: i32,
    /// Required lessons.
    pub required: i32,
    /// When access ends; never without.
    pub expires: Option<LocalTime>,
}

/// An attempt of mine that waits for a curator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InReview {
    /// `test_attempts.id`.
    pub attempt_id: Uuid,
    /// Name of the test.
    pub test_title: String,
    /// Name of the course.
    pub course_title: String,
    /// Since when.
    pub submitted: LocalTime,
    /// Until when a curator promised to answer.
    pub promised: LocalTime,
}

/// A course's outline with my progress.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outline {
    /// In addresses.
    pub slug: String,
    /// Name.
    pub title: String,
    /// Picture.
    pub cover: String,
    /// Hundredths of a per cent, 0 to 10 000.
    pub progress: i32,
    /// Required lessons that are complete.
    pub completed: i32,
    /// Required lessons.
    pub required: i32,
    /// In order.
    pub modules: Vec<OutlineModule>,
    /// Where "continue" leads; `None` when everything that is open is done.
    pub next_lesson: Option<Uuid>,
    /// The required lesson that is waited for, when no other is open.
    pub awaited: Option<Awaited>,
    /// When the course was finished.
    pub finished: Option<LocalTime>,
    /// A newer version that the learner may take in.
    pub offer: Option<VersionOffer>,
    /// When access ends; never without.
    pub expires: Option<LocalTime>,
    /// The reader is staff who looks, not a learner.
    pub is_visit: bool,
    /// On the outline's own page: the assignments of the course, with one's own works and marks.
    #[serde(default)]
    pub works: Vec<CourseWork>,
    /// There too: its tests, with where one stands in them.
    #[serde(default)]
    pub tests: Vec<CourseTest>,
}

impl Outline {
    /// All lessons in order.
    pub fn lessons(&self) -> impl Iterator<Item = &OutlineLesson> {
        self.modules.iter().flat_map(|module| module.lessons.iter())
    }
}

/// A module of an outline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutlineModule {
    /// `modules.id`.
    pub id: Uuid,
    /// Name.
    pub title: String,
    /// In order.
    pub lessons: Vec<OutlineLesson>,
}

/// A lesson of an outline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutlineLesson {
    /// `lessons.id`.
    pub id: Uuid,
    /// Name.
    pub title: String,
    /// In a sentence.
    pub summary: String,
    /// To read, in minutes.
    pub minutes: i32,
    /// Whether the course needs it.
    pub is_required: bool,
    /// How far it is.
    pub state: LessonState,
    /// A required test of it waits for a curator.
    pub waits_for_review: bool,
    /// What it waits for, when it is closed.
    pub waits: Option<LessonWaits>,
}

/// What a newer version of the course would change for a learner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionOffer {
    /// `course_versions.id`.
    pub version_id: Uuid,
    /// New lessons.
    pub added: u32,
    /// Lessons that would be required and are not.
    pub required: u32,
    /// Lessons that would be gone.
    pub removed: u32,
    /// Lessons that would ask for more, or open later.
    pub stricter: u32,
    /// Progress after it, in hundredths of a per cent.
    pub progress: i32,
    /// The learner said "not now".
    pub is_declined: bool,
}
