//! Pages of the catalogue.

mod course;
mod cover;
mod front;
mod offers;
mod preview;

pub use course::CoursePage;
pub use cover::Cover;
pub use front::FrontPage;
pub use offers::offer_lines;
pub use preview::PreviewPage;
