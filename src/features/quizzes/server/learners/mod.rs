//! Tests as learners take them: starting, saving, handing in, what they see.

pub mod answer_files;
pub(super) mod answer_http;
pub(super) mod answer_queries;
pub(super) mod attempt_queries;
mod attempt_view;
mod course_queries;
pub mod course_tests;
mod file_queries;
pub mod finishing;
mod option_names;
pub(super) mod question_queries;
pub(super) mod question_view;
pub mod saving;
pub mod service;
mod sign_queries;
pub mod signs;
