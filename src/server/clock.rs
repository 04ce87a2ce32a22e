//! Time and randomness, injected so that tests are exact. The only place that reads the machine's clock.

use chrono::{DateTime, Datelike as _, Offset as _, TimeZone as _, Utc};
use chrono_tz::Tz;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use uuid::{ContextV7, Timestamp, Uuid};

use crate::shared::time::LocalTime;

/// Counts the ids of one millisecond.
static IDS: Mutex<ContextV7> = Mutex::new(ContextV7::new());

/// Where "now" comes from.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The machine.
    System,
    /// A test, which moves it by hand.
    Manual(Arc<Mutex<DateTime<Utc>>>),
}

impl Clock {
    /// A clock that stands still at a moment until it is moved.
    pub fn manual(moment: DateTime<Utc>) -> Self {
        Self::Manual(Arc::new(Mutex::new(moment)))
    }

    /// The current moment, in whole microseconds, which is what the database keeps.
    #[expect(clippy::disallowed_methods, reason = "this is the place that the ban leads to")]
    pub fn now(&self) -> DateTime<Utc> {
        let now = match self {
            Self::System => Utc::now(),
            Self::Manual(moment) => *moment.lock().unwrap_or_else(PoisonError::into_inner),
        };
        DateTime::from_timestamp_micros(now.timestamp_micros()).unwrap_or(now)
    }

    /// Moves a manual clock forward; the machine's clock cannot be moved.
    pub fn advance(&self, by: Duration) {
        if let Self::Manual(moment) = self {
            *moment.lock().unwrap_or_else(PoisonError::into_inner) += by;
        }
    }

    /// A new UUIDv7 of this moment, after all that this process made before. Ids are never a secret.
    pub fn new_id(&self) -> Uuid {
        let now = self.now();
        let seconds = u64::try_from(now.timestamp()).unwrap_or(0);
        Uuid::new_v7(Timestamp::from_unix(&IDS, seconds, now.timestamp_subsec_nanos()))
    }
}

/// A time zone by its IANA name; what is not one becomes the school's usual zone.
pub fn zone(name: &str) -> Tz {
    name.parse().unwrap_or(chrono_tz::Europe::Moscow)
}

/// The moment as it is shown to somebody in that zone.
pub fn local(moment: DateTime<Utc>, zone: Tz) -> LocalTime {
    let offset = zone.offset_from_utc_datetime(&moment.naive_utc()).fix().local_minus_utc();
    LocalTime { unix_ms: moment.timestamp_millis(), offset_minutes: offset / 60 }
}

/// The first moment of the month after the given one (UTC): the log's next partition.
pub fn next_month(moment: DateTime<Utc>) -> DateTime<Utc> {
    let (year, month) = if moment.month() == 12 { (moment.year() + 1, 1) } else { (moment.year(), moment.month() + 1) };
    Utc.with_ymd_and_hms(year, month, 1, 0, 0, 0).single().unwrap_or(moment)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_one_moment_are_in_order() {
        let clock = Clock::manual(DateTime::UNIX_EPOCH + Duration::from_hours(500_000));
        let ids: Vec<Uuid> = (0..1000).map(|_| clock.new_id()).collect();
        assert!(ids.is_sorted_by(|one, next| one < next));
    }
}
