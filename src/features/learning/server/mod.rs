//! The office and store-room of learning.

pub mod access;
pub mod enrollment;
pub mod facts;
pub mod http;
pub mod progress;
mod progress_queries;
mod queries;
pub mod service;
mod text_queries;
pub mod texts;
