//! The office and store-room of announcements.

pub mod http;
mod queries;
pub mod service;
