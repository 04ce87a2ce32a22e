//! The shop window: the front page with the courses, a course's sales page, its free lessons.

pub mod api;
pub mod model;
pub mod pages;
mod routes;

pub use routes::CatalogueRoutes;

#[cfg(feature = "ssr")]
#[doc(hidden)]
pub mod server;
