//! A learner's own notes and highlights in lessons. Nobody else reads them.

pub mod api;
pub mod model;
pub mod pages;
mod routes;
pub mod rules;

pub use routes::NoteRoutes;

#[cfg(feature = "ssr")]
#[doc(hidden)]
pub mod server;
