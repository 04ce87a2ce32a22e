//! Conversation: questions under a lesson, seen by the whole course, and private ones between a learner and the curators.

pub mod api;
pub mod model;
pub mod pages;
mod routes;
pub mod rules;

pub(crate) use routes::talk_area_code;
pub use routes::{BoardRoutes, TalkRoutes};

#[cfg(feature = "ssr")]
#[doc(hidden)]
pub mod server;
