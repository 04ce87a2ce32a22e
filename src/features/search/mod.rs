//! What a person may open, found by words: courses, lessons, one's own notes.

pub mod api;
pub mod model;
pub mod pages;
mod routes;
pub mod rules;

pub use routes::SearchRoutes;

#[cfg(feature = "ssr")]
#[doc(hidden)]
pub mod server;
