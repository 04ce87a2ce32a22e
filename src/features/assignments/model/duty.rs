//! What crosses the wire about a curator's duty.

use crate::shared::time::LocalTime;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A curator, as far as their queue may go to others.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Duty {
    /// They review somewhere: who does not has nothing to hand over.
    pub reviews: bool,
    /// The end of their leave, while they are on it.
    pub away_until: Option<LocalTime>,
    /// Those to whom the queue may go: id and name.
    pub colleagues: Vec<(Uuid, String)>,
}
