//! Administration: the school's figures, people, enrolments, roles.

pub mod api;
pub mod model;
pub mod pages;
mod routes;

pub use routes::AdminRoutes;
pub(crate) use routes::admin_area_code;

#[cfg(feature = "ssr")]
#[doc(hidden)]
pub mod server;
