//! The office and store-room of administration.

pub mod http;
pub mod operations;
mod operations_queries;
mod queries;
pub mod service;
