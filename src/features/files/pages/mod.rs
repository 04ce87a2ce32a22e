//! What pages show of files.

mod attachments;
mod chapters;
mod film;
mod sending;
mod uploader;

pub use attachments::{Attachments, facts_text};
pub use film::{FilmView, PlayerEvent, whole};
pub use uploader::{Uploader, role_text};
