//! The integration tests: one binary, through the real router and public services, each test on a database of its own.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]
#![recursion_limit = "256"]

mod access;
mod accounts;
mod admin;
mod announcements;
mod answers;
mod bad_input;
mod cache;
mod catalogue;
mod cli;
mod deadlines;
mod demo;
mod embedded;
mod http;
mod jobs;
mod learning;
mod mail;
mod mail_links;
mod news_letters;
mod notes;
mod notifications;
mod opening;
mod outage;
mod profile;
mod quizzes;
mod redis;
mod rendering;
mod review;
mod schema;
mod search;
mod search_rights;
mod sessions;
mod support;
mod talk;
mod talk_rules;
mod worker;
