//! Tests as authors make them: drafts, questions, the bank, files of other systems, corrected keys, statistics.

pub(super) mod author_http;
pub(super) mod author_queries;
pub mod authoring;
pub mod bank;
pub(super) mod bank_http;
mod bank_queries;
pub mod bank_question;
mod content_queries;
pub mod contents;
pub mod correcting;
mod correction_queries;
mod draw_queries;
pub mod draws;
pub mod exchange;
pub(super) mod key_http;
pub mod question_authoring;
pub mod report_words;
pub mod statistics;
mod statistics_queries;
mod test_settings;
mod text_queries;
pub mod texts;
