//! The office and store-room of notes.

pub mod http;
mod queries;
pub mod saving;
pub mod service;
