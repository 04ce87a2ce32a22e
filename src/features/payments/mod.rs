//! Payments: buying, orders, providers, refunds, reconciliation.

pub mod api;
pub mod model;
pub mod pages;
mod routes;
pub mod rules;

pub use routes::{BuyingRoutes, OrderRoutes};

#[cfg(feature = "ssr")]
#[doc(hidden)]
pub mod server;
