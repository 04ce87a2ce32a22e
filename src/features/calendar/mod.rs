//! The school's calendar: when it works, and so until when it promises to answer.

pub mod api;
pub mod model;
pub mod pages;
mod routes;

pub use routes::CalendarRoutes;

#[cfg(feature = "ssr")]
#[doc(hidden)]
pub mod server;
