//! The municipality: configuration, sessions, permits, database, storage, the web server. Features use it; it knows
//! features only where it joins their routes.

pub mod authz;
pub mod cache;
pub mod cli;
pub mod clock;
pub mod config;
pub mod ctx;
pub mod db;
pub mod error;
pub mod events;
pub mod http;
pub mod jobs;
pub mod limits;
pub mod markdown;
pub mod one_time;
pub mod reason;
pub mod redis;
pub mod state;
pub mod storage;
pub mod telemetry;
pub mod wake;
pub mod worker;
