//! The demo school: three accounts and three courses, from the files in `demo/`. Server only; it has no pages.

#[cfg(feature = "ssr")]
#[doc(hidden)]
pub mod server;
