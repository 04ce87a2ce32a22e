//! The office and store-room of conversation.

pub mod http;
pub mod moderation;
mod post_queries;
mod queries;
pub mod service;
pub mod writing;
