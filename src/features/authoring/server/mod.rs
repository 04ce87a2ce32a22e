//! The office and store-room of authoring.

pub mod http;
pub mod lessons;
mod queries;
pub mod service;
