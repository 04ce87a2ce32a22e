//! Types of authoring that cross the wire.

use crate::features::files::model::{LessonFile, VideoWork};
use crate::shared::time::LocalTime;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A course in the list of all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CourseLine {
    /// `courses.id`.
    pub id: Uuid,
    /// Name.
    pub title: String,
    /// In addresses.
    pub slug: String,
    /// Whether it is for sale, hidden, or for its learners only.
    pub status: CourseStatus,
    /// Its lessons.
    pub lessons: i64,
    /// Lessons whose text has changes that nobody sees yet.
    pub drafts: i64,
    /// Who learns there now.
    pub learners: i64,
}

/// `courses.status`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CourseStatus {
    /// For its authors only.
    Draft,
    /// For everybody.
    Published,
    /// For who is enrolled.
    Archived,
}

impl CourseStatus {
    /// The status of a code.
    pub fn from_code(code: &str) -> Self {
        match code {
            "published" => Self::Published,
            "archived" => Self::Archived,
            _ => Self::Draft,
        }
    }
}

/// `/admin/courses/{id}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoursePage {
    /// `courses.id`.
    pub id: Uuid,
    /// Name.
    pub title: String,
    /// In addresses.
    pub slug: String,
    /// Who sees it.
    pub status: CourseStatus,
    /// Of the draft where there is one, else of what is published; in order.
    pub modules: Vec<ModuleLine>,
    /// What publishing the draft would change; nothing without a draft.
    pub pending: Option<Pending>,
    /// Learners who follow an older version.
    pub behind: Vec<Behind>,
    /// The author's time zone, in which moments are typed.
    pub time_zone: String,
}

/// What a draft changes for learners.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    /// Lessons that become required.
    pub required: u32,
    /// Lessons that are gone.
    pub removed: u32,
    /// Lessons that ask for more, or open later.
    pub stricter: u32,
    /// Running enrolments take it in only when their learners agree, or are moved.
    pub needs_consent: bool,
}

/// A learner who follows an older version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Behind {
    /// Their name.
    pub full_name: String,
    /// Hundredths of a per cent, now.
    pub progress: i32,
    /// The same after a move.
    pub progress_after: i32,
}

/// When a module or a lesson opens, as its form holds it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    /// A code of the sequence's rules.
    pub rule: String,
    /// `YYYY-MM-DDTHH:MM` in the author's time zone, for a date.
    pub at: String,
    /// Days after the beginning of the enrolment.
    pub days: String,
}

/// A lesson's place in its course: when it opens and what completes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LessonPlan {
    /// When it opens.
    pub opening: Opening,
    /// Whether the course needs it.
    pub is_required: bool,
    /// Visitors may read it.
    pub is_preview: bool,
    /// Per cent of its video to be watched; nothing without a video.
    pub video_share: Option<i32>,
    /// Its tests.
    pub tests: Vec<PlannedTest>,
    /// Its assignments.
    pub assignments: Vec<PlannedAssignment>,
}

/// A test of a lesson.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedTest {
    /// `tests.id`.
    pub id: Uuid,
    /// Name.
    pub title: String,
    /// The lesson needs it passed.
    pub must_pass: bool,
}

/// An assignment of a lesson.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedAssignment {
    /// `assignments.id`.
    pub id: Uuid,
    /// Name.
    pub title: String,
    /// `nothing`, `sent` or `accepted`.
    pub requires: String,
}

/// A module with its lessons.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModuleLine {
    /// `modules.id`.
    pub id: Uuid,
    /// Name.
    pub title: String,
    /// When its lessons open at the earliest.
    pub opening: Opening,
    /// In order.
    pub lessons: Vec<LessonLine>,
}

/// A lesson in its course.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LessonLine {
    /// `lessons.id`.
    pub id: Uuid,
    /// Name that learners see.
    pub title: String,
    /// To read, in minutes.
    pub minutes: i32,
    /// Whether the course needs it.
    pub is_required: bool,
    /// Visitors may read it.
    pub is_preview: bool,
    /// Its text has changes that nobody sees yet, since then.
    pub draft: Option<LocalTime>,
}

/// `/admin/courses/{id}/lessons/{lesson}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LessonEditor {
    /// `courses.id`.
    pub course_id: Uuid,
    /// Name of the course.
    pub course_title: String,
    /// In addresses of the course.
    pub course_slug: String,
    /// `lessons.id`.
    pub id: Uuid,
    /// What is edited: the draft, else what learners see.
    pub text: LessonText,
    /// The draft's revision; 0 without one.
    pub revision: i32,
    /// Who saved the draft, and when.
    pub draft: Option<DraftFacts>,
    /// The text as it will be shown: safe HTML.
    pub html: String,
    /// Its place in the course.
    pub plan: LessonPlan,
    /// Of the draft, else of what learners see.
    pub files: Vec<EditedFile>,
    /// The author's time zone, in which moments are typed.
    pub time_zone: String,
}

/// What an author writes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LessonText {
    /// Name.
    pub title: String,
    /// In a sentence.
    pub summary: String,
    /// To read, in minutes.
    pub minutes: i32,
    /// Markdown.
    pub content: String,
}

/// A file of a lesson, for its author.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditedFile {
    /// What it is.
    pub file: LessonFile,
    /// Of captions: a BCP 47 code, or nothing.
    pub language: String,
    /// Of a video: a line each, as they are typed.
    pub chapters: String,
    /// What is being made of a video, or went wrong.
    pub work: Option<VideoWork>,
}

/// What an author says of a file, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileWords {
    /// What its readers see instead of its name.
    pub title: String,
    /// Of captions: a BCP 47 code, or nothing.
    pub language: String,
    /// Of a video: a line each.
    pub chapters: String,
}

/// A draft's last saving.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftFacts {
    /// Who.
    pub author: String,
    /// When.
    pub saved: LocalTime,
}
