//! Lectern: the platform on which a paid online school runs. See `docs/ARCHITECTURE.md` for the way around.
#![recursion_limit = "256"]

pub mod app;
pub mod features;
pub mod shared;
pub mod ui;

#[cfg(feature = "ssr")]
pub mod server;

#[cfg(feature = "hydrate")]
mod hydrate;
