//! Pages of notifications.

mod inbox;
mod settings;
mod telegram;
mod unsubscribe;

pub use inbox::InboxPage;
pub use settings::SettingsPage;
pub use unsubscribe::UnsubscribePage;

use super::rules::Topic;
use crate::shared::i18n::{Locale, notifications as texts};

/// What a topic is called.
const fn topic_name(locale: Locale, topic: Topic) -> &'static str {
    match topic {
        Topic::Courses => texts::topic_courses(locale),
        Topic::Grades => texts::topic_grades(locale),
        Topic::Talk => texts::topic_talk(locale),
        Topic::Announcements => texts::topic_announcements(locale),
        Topic::Reviews => texts::topic_reviews(locale),
        Topic::Promises => texts::topic_promises(locale),
        Topic::System => texts::topic_system(locale),
        Topic::Security => texts::topic_security(locale),
    }
}
