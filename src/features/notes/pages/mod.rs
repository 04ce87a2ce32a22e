//! Pages of notes, and the part of them under a lesson.

mod list;
mod marks;
mod note;
mod saver;
mod section;

pub use list::NotesPage;
pub use section::MyNotes;
