//! Where learners spend their evenings: my courses, the outline, lessons, progress.

pub mod api;
pub mod model;
pub mod pages;
mod routes;
pub mod rules;

pub use routes::LearningRoutes;

#[cfg(feature = "ssr")]
#[doc(hidden)]
pub mod server;
