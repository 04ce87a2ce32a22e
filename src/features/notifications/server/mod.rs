//! The server's part of notifications.

pub mod delivery;
mod delivery_queries;
pub mod http;
pub mod live;
pub mod notice;
mod queries;
pub mod reactions;
pub mod service;
pub mod telegram;
mod telegram_queries;
pub mod unsubscribe;
mod work_news;
