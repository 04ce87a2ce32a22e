//! The office and store-room of the catalogue.

pub mod http;
mod queries;
pub mod service;
