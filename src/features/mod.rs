//! The shops of the street: each feature with its pages, server functions, services and queries.

pub mod accounts;
pub mod admin;
pub mod announcements;
pub mod assignments;
pub mod authoring;
pub mod calendar;
pub mod catalogue;
pub mod demo;
pub mod files;
pub mod learning;
pub mod legal;
pub mod messages;
pub mod notes;
pub mod notifications;
pub mod payments;
pub mod quizzes;
pub mod search;
pub mod talk;
