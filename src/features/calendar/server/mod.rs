//! The office and store-room of the school's calendar.

pub mod http;
mod queries;
pub mod service;
mod typed;
mod working_time;

pub use working_time::WorkingTime;
