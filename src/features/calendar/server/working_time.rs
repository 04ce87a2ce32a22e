//! The promised moment: a review's time counted in the school's working hours.

use chrono::{DateTime, Datelike as _, Duration, NaiveDate, NaiveTime, TimeZone as _, Utc};
use chrono_tz::Tz;
use std::collections::{BTreeMap, BTreeSet};

/// The minutes of a day at which work begins and ends; there is none when they are the same.
pub type Hours = (i32, i32);

/// When the school works.
#[derive(Clone, Debug)]
pub struct WorkingTime {
    /// Whose clock it goes by.
    pub zone: Tz,
    /// By weekday, Monday first.
    pub hours: [Hours; 7],
    /// Days without work.
    pub holidays: BTreeSet<NaiveDate>,
    /// Days with hours of their own.
    pub working_days: BTreeMap<NaiveDate, Hours>,
}

/// A calendar without working hours promises by the clock after so many days.
const LONGEST_DAYS: i64 = 3_700;

impl WorkingTime {
    /// When so many working hours have passed since a moment.
    pub fn due(&self, from: DateTime<Utc>, hours: i32) -> DateTime<Utc> {
        let mut left = Duration::hours(i64::from(hours.max(0)));
        let mut day = from.with_timezone(&self.zone).date_naive();
        for _ in 0..LONGEST_DAYS {
            if let Some((opens, closes)) = self.window(day) {
                let begins = opens.max(from);
                if begins < closes {
                    let there = closes - begins;
                    if left <= there {
                        return begins + left;
                    }
                    left -= there;
                }
            }
            let Some(next) = day.succ_opt() else { break };
            day = next;
        }
        from + Duration::hours(i64::from(hours))
    }

    /// Working minutes between two moments, whole ones; nothing when the second is not later.
    pub fn minutes(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> i64 {
        let mut sum = Duration::zero();
        let (mut day, last) = (from.with_timezone(&self.zone).date_naive(), to.with_timezone(&self.zone).date_naive());
        for _ in 0..LONGEST_DAYS {
            if day > last {
                break;
            }
            if let Some((opens, closes)) = self.window(day) {
                sum += (closes.min(to) - opens.max(from)).max(Duration::zero());
            }
            let Some(next) = day.succ_opt() else { break };
            day = next;
        }
        // A school that never works promises by the clock, and is reminded by it.
        if sum.is_zero() && self.never_works() { (to - from).max(Duration::zero()).num_minutes() } else { sum.num_minutes() }
    }

    fn never_works(&self) -> bool {
        self.hours.iter().all(|(opens, closes)| closes <= opens)
    }

    /// The working time of a day.
    fn window(&self, day: NaiveDate) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
        let usual = || self.hours.get(day.weekday().num_days_from_monday() as usize).filter(|_| !self.holidays.contains(&day));
        let (opens, closes) = *self.working_days.get(&day).or_else(usual)?;
        if closes <= opens {
            return None;
        }
        Some((self.moment(day, opens)?, self.moment(day, closes)?))
    }

    /// A minute of a day; one that the clocks skip is the first after it.
    fn moment(&self, day: NaiveDate, minute: i32) -> Option<DateTime<Utc>> {
        let local = day.and_time(NaiveTime::MIN) + Duration::minutes(i64::from(minute));
        (0..=4)
            .find_map(|half_hours| self.zone.from_local_datetime(&(local + Duration::minutes(30 * half_hours))).earliest())
            .map(|at| at.with_timezone(&Utc))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn office() -> WorkingTime {
        let mut hours = [(600, 1140); 7];
        hours[5] = (0, 0);
        hours[6] = (0, 0);
        WorkingTime { zone: chrono_tz::Europe::Moscow, hours, holidays: BTreeSet::new(), working_days: BTreeMap::new() }
    }

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("a moment")
    }

    #[test]
    fn working_hours_are_counted_and_nights_are_not() {
        let calendar = office();
        for (from, hours, due) in [
            // Monday 9 March 2026, 12:00 in Moscow, and two hours.
            ("2026-03-09T09:00:00Z", 2, "2026-03-09T11:00:00Z"),
            // At night it begins in the morning.
            ("2026-03-09T01:00:00Z", 2, "2026-03-09T09:00:00Z"),
            // Nine hours fill a day to its end.
            ("2026-03-09T07:00:00Z", 9, "2026-03-09T16:00:00Z"),
            ("2026-03-09T07:00:00Z", 10, "2026-03-10T08:00:00Z"),
            // Over the weekend.
            ("2026-03-13T15:30:00Z", 1, "2026-03-16T07:30:00Z"),
            ("2026-03-14T10:00:00Z", 24, "2026-03-18T13:00:00Z"),
            ("2026-03-09T09:00:00Z", 0, "2026-03-09T09:00:00Z"),
        ] {
            assert_eq!(calendar.due(at(from), hours), at(due), "{from} + {hours} h");
        }
    }

    #[test]
    fn holidays_are_skipped() {
        let mut calendar = office();
        calendar.holidays.extend([NaiveDate::from_ymd_opt(2026, 3, 9).expect("a day"), NaiveDate::from_ymd_opt(2026, 3, 10).expect("a day")]);
        assert_eq!(calendar.due(at("2026-03-09T09:00:00Z"), 2), at("2026-03-11T09:00:00Z"));
    }

    #[test]
    fn a_day_may_have_hours_of_its_own() {
        let mut calendar = office();
        let day = |day| NaiveDate::from_ymd_opt(2026, 3, day).expect("a day");
        // A Saturday of four hours, and a Monday that ends early.
        calendar.working_days.extend([(day(14), (600, 840)), (day(16), (600, 660))]);
        assert_eq!(calendar.due(at("2026-03-13T15:30:00Z"), 1), at("2026-03-14T07:30:00Z"));
        assert_eq!(calendar.due(at("2026-03-14T07:00:00Z"), 6), at("2026-03-17T08:00:00Z"));
    }

    #[test]
    fn a_day_of_another_length_has_its_hours() {
        let whole = |zone| WorkingTime { zone, hours: [(0, 1440); 7], holidays: BTreeSet::new(), working_days: BTreeMap::new() };
        // Berlin, 29 March 2026: the day has 23 hours; an hour is an hour all the same.
        assert_eq!(whole(chrono_tz::Europe::Berlin).due(at("2026-03-28T23:00:00Z"), 24), at("2026-03-29T23:00:00Z"));
        let mut night = whole(chrono_tz::Europe::Berlin);
        night.hours = [(120, 240); 7];
        // From two to four: at the switch an hour of it is not there.
        assert_eq!(night.due(at("2026-03-28T12:00:00Z"), 2), at("2026-03-30T01:00:00Z"));
    }

    #[test]
    fn a_school_that_never_works_promises_by_the_clock() {
        let calendar = WorkingTime { zone: chrono_tz::Europe::Moscow, hours: [(0, 0); 7], holidays: BTreeSet::new(), working_days: BTreeMap::new() };
        assert_eq!(calendar.due(at("2026-03-09T09:00:00Z"), 24), at("2026-03-10T09:00:00Z"));
    }

    proptest! {
        #[test]
        fn the_longer_the_later_and_never_before_its_hours(minutes in 0_i64..600_000, hours in 0_i32..300, more in 0_i32..50) {
            let calendar = office();
            let from = at("2026-01-01T00:00:00Z") + Duration::minutes(minutes);
            let due = calendar.due(from, hours);
            prop_assert!(due >= from + Duration::hours(i64::from(hours)));
            prop_assert!(calendar.due(from, hours + more) >= due);
            let local = due.with_timezone(&calendar.zone);
            if hours > 0 {
                let minute = local.signed_duration_since(calendar.zone.from_local_datetime(&local.date_naive().and_time(NaiveTime::MIN)).unwrap());
                prop_assert!((600..=1140).contains(&minute.num_minutes()), "within working hours: {}", local);
                prop_assert!(local.weekday().num_days_from_monday() < 5);
            }
        }

        #[test]
        fn what_is_promised_is_what_is_counted(minutes in 0_i64..600_000, hours in 0_i32..300) {
            let calendar = office();
            let from = at("2026-01-01T00:00:00Z") + Duration::minutes(minutes);
            prop_assert_eq!(calendar.minutes(from, calendar.due(from, hours)), i64::from(hours) * 60);
        }

        #[test]
        fn round_the_clock_is_by_the_clock(minutes in 0_i64..600_000, hours in 0_i32..300) {
            let calendar = WorkingTime { zone: chrono_tz::Europe::Moscow, hours: [(0, 1440); 7], holidays: BTreeSet::new(), working_days: BTreeMap::new() };
            let from = at("2026-01-01T00:00:00Z") + Duration::minutes(minutes);
            prop_assert_eq!(calendar.due(from, hours), from + Duration::hours(i64::from(hours)));
        }
    }
}
