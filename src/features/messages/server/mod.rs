//! The office and store-room of messages.

pub mod http;
mod letter_queries;
pub mod mail;
pub mod service;
