//! The office and store-room of learning.

pub mod access;
pub mod curated;
mod curated_queries;
pub mod enrollment;
pub mod facts;
pub mod feed;
mod feed_queries;
pub mod http;
mod lesson_queries;
mod opening_queries;
pub mod openings;
mod outline;
pub mod progress;
mod progress_queries;
mod queries;
pub mod resets;
mod sequence;
pub mod service;
mod text_queries;
pub mod texts;
mod version_queries;
pub mod versions;
pub mod watching;
