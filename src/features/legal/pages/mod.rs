//! Pages of legal texts.

mod text;

pub use text::{LegalPage, kind_title};
