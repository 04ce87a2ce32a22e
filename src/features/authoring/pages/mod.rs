//! Pages of authoring.

mod course;
mod courses;
mod file_line;
mod files;
mod lesson;
mod opening;
mod plan;
mod preview;
mod publishing;

pub use course::CoursePage;
pub use courses::CoursesPage;
pub use lesson::LessonPage;

use super::model::CourseStatus;
use crate::shared::i18n::{Locale, authoring as texts};
use crate::ui::Glyph;

/// A course's status as a chip: class, icon, word.
const fn status_chip(locale: Locale, status: CourseStatus) -> (&'static str, Glyph, &'static str) {
    match status {
        CourseStatus::Draft => ("chip", Glyph::Pencil, texts::status_draft(locale)),
        CourseStatus::Published => ("chip ok", Glyph::Check, texts::status_published(locale)),
        CourseStatus::Archived => ("chip", Glyph::Ban, texts::status_archived(locale)),
    }
}
