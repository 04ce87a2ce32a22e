//! The integration tests: one binary, through the real router and public services, each test on a database of its own.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]
#![recursion_limit = "256"]

mod access;
mod accounts;
mod admin;
mod announcements;
mod answers;
mod authoring;
mod authoring_plans;
mod bad_input;
mod cache;
mod catalogue;
mod cli;
mod deadlines;
mod demo;
mod embedded;
mod histories;
mod http;
mod jobs;
mod learning;
mod lesson_openings;
mod mail;
mod mail_addresses;
mod mail_links;
mod news_letters;
mod notifications;
mod opening;
mod outage;
mod profile;
mod publishing;
mod quizzes;
mod redis;
mod review;
mod schema;
mod sequence;
mod sessions;
mod support;
mod talk;
mod talk_rules;
mod versions;
mod watching;
mod telegram;
mod telegram_sending;
mod worker;
