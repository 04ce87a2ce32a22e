//! Where learners spend their evenings: my courses, the outline, lessons, progress.

pub mod api;
pub mod model;
pub mod pages;
mod routes;
pub mod rules;

pub(crate) use routes::learning_area_code;
pub use routes::{CuratedRoutes, LearningRoutes};

#[cfg(feature = "ssr")]
#[doc(hidden)]
pub mod server;
