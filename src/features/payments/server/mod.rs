//! The server's part of payments.

pub mod providers;
