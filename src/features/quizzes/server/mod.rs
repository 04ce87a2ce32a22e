//! The office and store-room of tests.

mod answer_queries;
mod attempt_queries;
mod attempt_view;
pub mod facts;
pub mod finishing;
pub mod http;
mod queries;
pub mod reminders;
pub mod review;
pub mod saving;
pub mod service;
mod text_queries;
pub mod texts;
