//! The school's tests (tables `tests`, `questions`, …; the word *test* stays free for Rust): taking them, saving answers,
//! scoring, and the curator's review of open answers.

pub mod api;
pub mod content;
#[cfg(feature = "ssr")]
pub mod formats;
mod kind;
pub mod model;
#[cfg(feature = "ssr")]
pub mod notation;
pub mod pages;
mod routes;
pub mod rules;
pub mod scoring;
mod text;

pub use routes::{ReviewRoutes, TestAuthoringRoutes, TestRoutes};

#[cfg(feature = "ssr")]
#[doc(hidden)]
pub mod server;
