//! The office and store-room of searching.

pub mod index;
mod queries;
pub mod service;
