//! The office and store-room of authoring.

pub mod http;
pub mod lessons;
mod plan_queries;
pub mod plans;
mod queries;
pub mod service;
