//! The server's part of notifications.

pub mod delivery;
pub mod http;
pub mod live;
pub mod notice;
mod queries;
pub mod reactions;
pub mod service;
pub mod unsubscribe;
