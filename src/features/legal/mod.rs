//! The school's public face in law: its facts, its legal texts with versions, and what search engines are told.

pub mod api;
pub mod model;
pub mod pages;
mod routes;
pub mod rules;

pub use routes::LegalRoutes;

#[cfg(feature = "ssr")]
#[doc(hidden)]
pub mod server;
