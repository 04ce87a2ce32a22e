//! Makes the demo school. Running it twice changes nothing.

mod files;
mod media;
mod queries;
pub mod service;
mod talk;
mod task_queries;
mod work_queries;
mod works;
