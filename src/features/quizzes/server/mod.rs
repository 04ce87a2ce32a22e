//! The office and store-room of tests.

mod answer_queries;
mod asked;
mod attempt_queries;
mod attempt_view;
mod author_http;
mod author_queries;
pub mod authoring;
mod content_queries;
pub mod contents;
mod exception_queries;
pub mod exceptions;
pub mod exchange;
pub mod facts;
pub mod finishing;
pub mod http;
mod queries;
pub mod question_authoring;
mod question_queries;
mod question_view;
pub mod reminders;
pub mod review;
pub mod saving;
pub mod service;
mod test_settings;
mod text_queries;
pub mod texts;
