//! Assignments: a learner hands in rounds of work, a curator reviews them. The state machine is in `rules.rs`; every move of it is one
//! transaction with its event (docs/decisions/0013).

pub mod api;
pub mod model;
pub mod pages;
mod routes;
pub mod rules;

pub use routes::{AssignmentAuthoringRoutes, DeskRoutes, WorkRoutes};

#[cfg(feature = "ssr")]
#[doc(hidden)]
pub mod server;
