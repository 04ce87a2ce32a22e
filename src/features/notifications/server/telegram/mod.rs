//! Telegram as a channel: a bot that people link their chat with, and that writes there what they chose to hear.

mod api;
mod linking;
mod sending;
mod updates;
mod words;

pub use api::{Failure, Telegram};
pub(super) use linking::is_linked;
pub use linking::{connect, disconnect, purge, state};
pub(super) use sending::write;
pub use sending::{answer, give_up, tell};
pub use updates::{Round, round, run};
