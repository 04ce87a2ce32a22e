//! Topics, channels and when something is told: pure rules.

use serde::{Deserialize, Serialize};

/// What people choose about: a kind of news. Its code is `notification_preferences.topic`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    /// Enrolments and finished courses.
    Courses,
    /// A work or a test has its mark.
    Grades,
    /// Questions and replies in threads that concern the person.
    Talk,
    /// What the school announces.
    Announcements,
    /// Something new waits for a curator's review.
    Reviews,
    /// A promise of review comes near or is broken.
    Promises,
    /// Work in the background failed for good.
    System,
    /// Passwords, roles, sessions.
    Security,
}

/// How news reaches a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// The bell and `/notifications`.
    App,
    /// Letters.
    Email,
    /// Messages of the school's bot.
    Telegram,
}

/// A channel that leads out of the application.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outside {
    /// Letters.
    Email,
    /// Messages of the school's bot.
    Telegram,
}

/// When news is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// As it happens.
    Now,
    /// Once a day, together.
    Daily,
    /// Not at all.
    Never,
}

/// Why a chat is not connected any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unlinked {
    /// Its person asked for it.
    Asked,
    /// The chat is closed to the bot.
    Blocked,
    /// It was connected to another account.
    Moved,
}

impl Topic {
    /// All topics, in the order of the settings.
    pub const ALL: [Self; 8] =
        [Self::Courses, Self::Grades, Self::Talk, Self::Announcements, Self::Reviews, Self::Promises, Self::System, Self::Security];

    /// `notification_preferences.topic`, and the field's name in the settings.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Courses => "courses",
            Self::Grades => "grades",
            Self::Talk => "talk",
            Self::Announcements => "announcements",
            Self::Reviews => "reviews",
            Self::Promises => "promises",
            Self::System => "system",
            Self::Security => "security",
        }
    }

    /// Whether the topic concerns curators and administrators only.
    pub const fn is_for_staff(self) -> bool {
        matches!(self, Self::Reviews | Self::Promises | Self::System)
    }

    /// Whether it can't be switched off in the application and by mail.
    pub const fn is_essential(self) -> bool {
        matches!(self, Self::Security)
    }

    /// Whether people choose when they hear of it by this channel. Telegram is never essential.
    pub const fn is_chosen(self, channel: Channel) -> bool {
        !self.is_essential() || matches!(channel, Channel::Telegram)
    }

    /// What holds until a person chooses otherwise. Security letters are written by accounts themselves. A telephone rings for what
    /// waits for this person; the rest is gathered, and failures are for who sits at a screen.
    pub const fn default_mode(self, channel: Channel) -> Mode {
        match (self, channel) {
            (_, Channel::App) => Mode::Now,
            (Self::Security, Channel::Email) => Mode::Never,
            (Self::Reviews, Channel::Email) => Mode::Daily,
            (_, Channel::Email) => Mode::Now,
            (Self::Grades | Self::Talk | Self::Promises | Self::Security, Channel::Telegram) => Mode::Now,
            (Self::Courses | Self::Announcements | Self::Reviews, Channel::Telegram) => Mode::Daily,
            (Self::System, Channel::Telegram) => Mode::Never,
        }
    }
}

impl Channel {
    /// All channels.
    pub const ALL: [Self; 3] = [Self::App, Self::Email, Self::Telegram];

    /// `notification_preferences.channel`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::App => "app",
            Self::Email => "email",
            Self::Telegram => "telegram",
        }
    }

    /// The modes that make sense: in the application nothing is gathered.
    pub const fn modes(self) -> &'static [Mode] {
        match self {
            Self::App => &[Mode::Now, Mode::Never],
            Self::Email | Self::Telegram => &[Mode::Now, Mode::Daily, Mode::Never],
        }
    }
}

impl Outside {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Email, Self::Telegram];

    /// As one of all channels.
    pub const fn channel(self) -> Channel {
        match self {
            Self::Email => Channel::Email,
            Self::Telegram => Channel::Telegram,
        }
    }

    /// `notification_deliveries.channel`.
    pub const fn code(self) -> &'static str {
        self.channel().code()
    }

    /// The channel of a code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.code() == code)
    }
}

impl Mode {
    /// `notification_preferences.mode`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Now => "now",
            Self::Daily => "daily",
            Self::Never => "never",
        }
    }

    /// The mode of a code.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Now, Self::Daily, Self::Never].into_iter().find(|mode| mode.code() == code)
    }
}

/// Minutes of a day.
pub const DAY: u16 = 24 * 60;

/// Minutes from a moment of the day until the quiet hours end; 0 outside of them. They may pass midnight; equal ends mean none.
pub const fn minutes_of_quiet(from: u16, to: u16, now: u16) -> u16 {
    let is_quiet = if from <= to { from <= now && now < to } else { now >= from || now < to };
    if is_quiet { (to + DAY - now) % DAY } else { 0 }
}

/// `HH:MM` as minutes since midnight.
pub fn parse_clock(text: &str) -> Option<u16> {
    let (hours, minutes) = text.trim().split_once(':')?;
    let number = |text: &str| (text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse::<u16>().ok()).flatten();
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)
}

/// Minutes since midnight as `HH:MM`.
pub fn clock(minutes: u16) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn quiet_hours_may_pass_midnight() {
        let (ten, seven) = (22 * 60, 7 * 60);
        assert_eq!(minutes_of_quiet(ten, seven, 23 * 60), 8 * 60);
        assert_eq!(minutes_of_quiet(ten, seven, 0), 7 * 60);
        assert_eq!(minutes_of_quiet(ten, seven, seven), 0, "the end is not quiet any more");
        assert_eq!(minutes_of_quiet(ten, seven, ten), 9 * 60, "the beginning is");
        assert_eq!(minutes_of_quiet(ten, seven, 12 * 60), 0);
        assert_eq!(minutes_of_quiet(60, 60, 60), 0, "no length, no quiet");
    }

    proptest! {
        #[test]
        fn after_the_quiet_there_is_none(from in 0..DAY, to in 0..DAY, now in 0..DAY) {
            let wait = minutes_of_quiet(from, to, now);
            prop_assert!(wait < DAY);
            prop_assert_eq!(minutes_of_quiet(from, to, (now + wait) % DAY), 0);
        }

        #[test]
        fn clocks_are_read_as_they_are_written(minutes in 0..DAY) {
            prop_assert_eq!(parse_clock(&clock(minutes)), Some(minutes));
        }

        #[test]
        fn what_is_no_clock_is_none(text in "\\PC{0,8}") {
            if let Some(minutes) = parse_clock(&text) {
                prop_assert_eq!(clock(minutes), text.trim());
            }
        }
    }

    #[test]
    fn what_is_essential_is_told_in_the_application() {
        for topic in Topic::ALL.into_iter().filter(|topic| topic.is_essential()) {
            assert_eq!(topic.default_mode(Channel::App), Mode::Now);
            assert!(!topic.is_chosen(Channel::App) && !topic.is_chosen(Channel::Email));
        }
        assert!(Topic::ALL.into_iter().all(|topic| topic.is_chosen(Channel::Telegram)), "Telegram is never essential");
    }
}
