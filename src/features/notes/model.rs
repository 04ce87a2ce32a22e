//! What crosses the wire about notes.

use crate::shared::page::Page;
use crate::shared::time::LocalTime;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What is highlighted, and the words around it by which it is found again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    /// The highlighted words; empty for a note to the lesson as a whole.
    pub text: String,
    /// What stands before them.
    pub before: String,
    /// What stands after them.
    pub after: String,
}

/// A note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// `lesson_notes.id`.
    pub id: Uuid,
    /// What it is about.
    pub quote: Quote,
    /// The learner's words; empty for a mere highlight.
    pub body: String,
    /// Grows with every change.
    pub version: i32,
    /// When it was written last.
    pub updated: LocalTime,
    /// Another device had changed the note meanwhile: this is what was written here.
    pub is_copy: bool,
    /// Deleted just now; it can be brought back.
    pub is_deleted: bool,
}

/// My notes in a lesson, with what new ones need.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LessonNotes {
    /// In the order in which they were begun.
    pub notes: Vec<Note>,
    /// How many there are.
    pub total: i64,
    /// The id of the note that the form begins.
    pub form_id: Uuid,
    /// The id of the next highlight.
    pub mark_id: Uuid,
    /// This page, as a writer.
    pub writer: Uuid,
}

/// A change of a note, or a new one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoteInput {
    /// `lesson_notes.id`.
    pub id: Uuid,
    /// The version that the writer saw; 0 for a new note.
    pub version: i32,
    /// The page that writes.
    pub writer: Uuid,
    /// The number of the page's change of this note; the same when it is sent again.
    pub step: i32,
    /// Of a new note.
    pub quote: Quote,
    /// The learner's words.
    pub body: String,
}

/// A note that is saved: under another id where the note had been changed elsewhere, so that both are kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedNote {
    /// As the server has it.
    pub note: Note,
    /// An id for the next new note.
    pub next_id: Uuid,
}

/// `/learn/{slug}/notes`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CourseNotes {
    /// In addresses.
    pub course_slug: String,
    /// Name of the course.
    pub course_title: String,
    /// The lessons can be opened.
    pub is_open: bool,
    /// The newest first.
    pub page: Page<NoteLine>,
    /// How many there are.
    pub total: i64,
}

/// A note in a course's list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoteLine {
    /// The note.
    pub note: Note,
    /// Where it was written.
    pub lesson_id: Uuid,
    /// Name of the lesson.
    pub lesson_title: String,
}
