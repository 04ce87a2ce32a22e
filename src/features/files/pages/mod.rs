//! What pages show of files.

mod attachments;
mod sending;
mod uploader;

pub use attachments::{Attachments, facts_text};
pub use uploader::{Uploader, role_text};
