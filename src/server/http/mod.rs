//! The web server: middleware, routes of all features, the pages.

pub mod calls;
pub mod cookies;
pub mod csrf;
pub mod forms;
pub mod headers;
pub mod health;
pub mod plain_page;
pub mod render;
pub mod router;
pub mod session;
