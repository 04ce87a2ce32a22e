//! What reaches people: mail for now. `server::mail::write` is how other slices write a letter in their own transaction.

pub mod api;
pub mod model;
pub mod pages;
mod routes;

pub use routes::MailRoutes;

#[cfg(feature = "ssr")]
#[doc(hidden)]
pub mod server;
