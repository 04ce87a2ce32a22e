//! What pages show of files.

mod attachments;
mod chapters;
mod drop_zone;
mod film;
mod given;
mod looking;
mod sending;
mod sent_files;
mod uploader;

pub use attachments::{Attachments, facts_text};
pub use drop_zone::{dropped, held_over};
pub use film::{FilmView, PlayerEvent, whole};
pub use given::{GivenFiles, file_line};
pub use looking::{PHOTOGRAPH, VIDEO, look_again};
pub use sent_files::{Sending, SentFiles};
pub use uploader::{Uploader, role_text};
