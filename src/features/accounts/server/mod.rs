//! The office and store-room of accounts.

pub mod http;
mod link_queries;
pub mod links;
pub mod offline;
pub mod passwords;
pub mod photo;
pub mod purchases;
mod queries;
pub mod readers;
pub mod service;
mod session_queries;
pub mod sessions;
pub mod tokens;
