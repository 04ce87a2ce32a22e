//! The office and store-room of tests: a room for each kind of people, and beside them what all of them use.

mod asked;
pub mod authors;
pub mod curators;
pub mod facts;
pub mod http;
mod judging;
pub mod learners;
mod queries;
mod stored;
