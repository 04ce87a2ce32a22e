//! Notifications: what a person is told of what happened, in the application, by mail and in Telegram, as they chose.

pub mod api;
pub mod live;
pub mod model;
pub mod pages;
mod routes;
pub mod rules;

pub use routes::NotificationRoutes;

#[cfg(feature = "ssr")]
#[doc(hidden)]
pub mod server;
