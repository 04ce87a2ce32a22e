//! What the tests stand on: the application in a process, browsers without scripts, a small school, looks at the database.

pub mod app;
pub mod client;
pub mod database;
pub mod quiz;
pub mod school;

pub use app::TestApp;
pub use client::{Answer, Client};
