//! Tests as curators see to them: the queue, scores, phrases, exceptions, who is on duty.

pub mod by_question;
pub mod duty;
pub(super) mod duty_queries;
pub(super) mod exception_queries;
pub mod exceptions;
mod phrase_queries;
pub mod phrases;
pub mod queue;
pub mod reminders;
pub mod review;
pub(super) mod review_http;
pub mod score_change;
mod scoring_queries;
