//! People: registration, sign-in, sessions, one's own account.

pub mod api;
pub mod model;
pub mod pages;
mod routes;
pub mod rules;

pub use routes::AccountRoutes;
pub(crate) use routes::sign_in_area_code;

#[cfg(feature = "ssr")]
#[doc(hidden)]
pub mod server;
