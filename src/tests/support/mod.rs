//! What the tests stand on: the application in a process, browsers without scripts, a small school, looks at the database.

pub mod app;
pub mod client;
pub mod corrections;
pub mod course;
pub mod database;
pub mod failpoint;
pub mod kinds;
pub mod letters;
pub mod payments;
pub mod post;
pub mod quiz;
pub mod redis;
pub mod school;
pub mod search;
pub mod talk;
pub mod telegram;
pub mod upload;
pub mod works;

pub use app::TestApp;
pub use client::{Answer, Client};

/// What stands on a page around a text, for a failure's message.
pub fn around(page: &str, text: &str) -> String {
    let Some(at) = page.find(text) else { return format!("{text} is nowhere") };
    let before: Vec<char> = page[..at].chars().rev().take(120).collect();
    before.into_iter().rev().chain(page[at..].chars().take(120)).collect()
}
