//! Announcements: what a course's staff tell its learners, and who has read it.

pub mod api;
pub mod model;
pub mod pages;
mod routes;

pub use routes::{AnnouncementRoutes, SentRoutes};

#[cfg(feature = "ssr")]
#[doc(hidden)]
pub mod server;
