//! The office and store-room of administration.

pub mod http;
mod queries;
pub mod service;
