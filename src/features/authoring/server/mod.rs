//! The office and store-room of authoring.

mod file_queries;
pub mod http;
pub mod lesson_files;
pub mod lessons;
mod plan_queries;
pub mod plans;
mod queries;
pub mod service;
