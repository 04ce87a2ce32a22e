//! The office of the school's public face.

pub mod http;
mod queries;
pub mod service;
pub mod settings;
