//! Moments as the browser gets them: already in the reader's time zone, so that it needs no time zone data and shows
//! the same as the server.

use super::i18n::{Locale, time as texts};
use serde::{Deserialize, Serialize};

/// A moment with the offset of the reader's time zone at that moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LocalTime {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub unix_ms: i64,
    /// Minutes east of UTC.
    pub offset_minutes: i32,
}

/// Year, month (1–12), day (1–31).
type Date = (i64, u32, u32);

impl LocalTime {
    const fn local_seconds(self) -> i64 {
        self.unix_ms.div_euclid(1000) + self.offset_minutes as i64 * 60
    }

    const fn date_parts(self) -> Date {
        civil_from_days(self.local_seconds().div_euclid(86_400))
    }

    /// `14:03`.
    pub fn clock(self) -> String {
        let seconds = self.local_seconds().rem_euclid(86_400);
        format!("{:02}:{:02}", seconds / 3600, seconds % 3600 / 60)
    }

    /// `23.11`.
    pub fn short_date(self) -> String {
        let (_, month, day) = self.date_parts();
        format!("{day:02}.{month:02}")
    }

    /// `23 ноября 2026`, `23 November 2026`.
    pub fn date(self, locale: Locale) -> String {
        let (year, month, day) = self.date_parts();
        format!("{day}\u{a0}{} {year}", month_name(locale, month))
    }

    /// `23 ноября 2026, 14:03`.
    pub fn date_and_clock(self, locale: Locale) -> String {
        format!("{}, {}", self.date(locale), self.clock())
    }

    /// RFC 3339 with the offset, for `<time datetime>`.
    pub fn machine(self) -> String {
        let (year, month, day) = self.date_parts();
        let sign = if self.offset_minutes < 0 { '-' } else { '+' };
        let offset = self.offset_minutes.abs();
        let seconds = self.local_seconds().rem_euclid(60);
        format!("{year:04}-{month:02}-{day:02}T{}:{seconds:02}{sign}{:02}:{:02}", self.clock(), offset / 60, offset % 60)
    }
}

fn month_name(locale: Locale, month: u32) -> &'static str {
    let name = match month {
        1 => texts::month_1,
        2 => texts::month_2,
        3 => texts::month_3,
        4 => texts::month_4,
        5 => texts::month_5,
        6 => texts::month_6,
        7 => texts::month_7,
        8 => texts::month_8,
        9 => texts::month_9,
        10 => texts::month_10,
        11 => texts::month_11,
        _ => texts::month_12,
    };
    name(locale)
}

/// The Gregorian date of a day counted from 1970-01-01 (days since the epoch, proleptic).
const fn civil_from_days(days: i64) -> Date {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a day is 1 to 31 and a month 1 to 12")]
    let (day, month) =
        ((day_of_year - (153 * shifted_month + 2) / 5 + 1) as u32, (if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 }) as u32);
    let year = year_of_era + era * 400 + if month <= 2 { 1 } else { 0 };
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_written_in_the_readers_zone() {
        let moment = LocalTime { unix_ms: 1_795_471_380_000, offset_minutes: 180 };
        assert_eq!(moment.machine(), "2026-11-24T01:03:00+03:00");
        assert_eq!(moment.date_and_clock(Locale::Ru), "24\u{a0}ноября 2026, 01:03");
        let before_epoch = LocalTime { unix_ms: -1, offset_minutes: -60 };
        assert_eq!(before_epoch.machine(), "1969-12-31T22:59:59-01:00");
    }

    #[test]
    fn leap_days_are_right() {
        for (days, date) in [(0, (1970, 1, 1)), (11_016, (2000, 2, 29)), (19_782, (2024, 2, 29)), (-25_509, (1900, 2, 28))] {
            assert_eq!(civil_from_days(days), date);
        }
    }
}
