//! The integration tests: one binary, through the real router and public services, each test on a database of its own.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]
#![recursion_limit = "256"]

mod accounts;
mod demo;
mod profile;
mod schema;
mod sessions;
mod support;
