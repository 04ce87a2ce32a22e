//! Payments: orders, providers, refunds, reconciliation.

#[cfg(feature = "ssr")]
#[doc(hidden)]
pub mod server;
