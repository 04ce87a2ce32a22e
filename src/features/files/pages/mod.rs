//! What pages show of files.

mod attachments;
mod chapters;
mod film;
mod given;
mod sending;
mod sent_files;
mod uploader;

pub use attachments::{Attachments, facts_text};
pub use film::{FilmView, PlayerEvent, whole};
pub use given::{GivenFiles, file_line};
pub use sent_files::{Sending, SentFiles};
pub use uploader::{Uploader, role_text};
