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

impl<T> Page<T> {
    /// A page of at most `size` out of rows of which one more was asked for, to know whether another page follows.
    pub fn cut(mut items: Vec<T>, size: i64, id: impl Fn(&T) -> uuid::Uuid) -> Self {
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        let has_more = items.len() > size;
        items.truncate(size);
        let next = items.last().filter(|_| has_more).map(id);
        Self { items, next }
    }
}
