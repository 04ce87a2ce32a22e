//! Pages of searching.

mod search;

pub use search::SearchPage;
