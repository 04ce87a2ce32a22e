//! One page of a list, by keyset.

use serde::{Deserialize, Serialize};

/// A page of a list that people scroll, and where the next one begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page<T> {
    /// In the list's order.
    pub items: Vec<T>,
    /// The id after which the next page begins; `None` on the last page.
    pub next: Option<uuid::Uuid>,
}
