//! The office and store-room of files.

mod detect;
pub mod http;
pub mod keeping;
pub mod pictures;
mod queries;
mod ranges;
pub mod service;
mod tus;
mod upkeep;
mod upload_queries;
pub mod uploads;
pub mod video;
mod writer;

pub use upkeep::collect;
