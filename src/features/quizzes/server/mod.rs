//! The office and store-room of tests.

mod attempt_queries;
pub mod finishing;
pub mod http;
mod queries;
pub mod review;
pub mod saving;
pub mod service;
