//! Pages of notifications.

mod inbox;
mod settings;

pub use inbox::InboxPage;
pub use settings::SettingsPage;
