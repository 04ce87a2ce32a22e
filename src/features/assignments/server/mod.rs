//! The office and store-room of assignments.

mod author_http;
mod author_queries;
pub mod authoring;
pub mod desk;
mod desk_http;
mod desk_queries;
pub mod drafts;
pub mod duty;
mod duty_http;
mod duty_queries;
pub mod facts;
pub mod http;
mod line_queries;
mod loose;
mod measure_queries;
pub mod measures;
mod passage_queries;
mod queries;
pub mod queue;
mod queue_queries;
mod remark_queries;
mod round_queries;
pub mod upkeep;
pub mod verdicts;
pub mod view;
mod works;

pub use works::{has_file, reads_file};
