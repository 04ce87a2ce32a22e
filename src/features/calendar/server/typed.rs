//! The calendar as an administrator types it.

use super::working_time::{Hours, WorkingTime};
use crate::features::notifications::rules::{clock, parse_clock};
use crate::server::http::forms::Fields;
use crate::shared::error::{FieldProblem, Problem};
use chrono::NaiveDate;
use chrono_tz::Tz;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// Minutes of a day.
const DAY: i32 = 1440;
/// No more lines are read, and no longer spans.
const DAYS_MAX: usize = 1_000;

/// A minute of a day as a form shows it; midnight ends a day as it begins the next.
pub(super) fn shown((opens, closes): Hours) -> (String, String) {
    let text = |minute: i32| clock(u16::try_from(minute.rem_euclid(DAY)).unwrap_or(0));
    if closes <= opens { (String::new(), String::new()) } else { (text(opens), text(closes)) }
}

/// Days, spans of them joined.
pub(super) fn shown_days(days: &BTreeSet<NaiveDate>) -> String {
    let mut spans: Vec<(NaiveDate, NaiveDate)> = Vec::new();
    for day in days {
        match spans.last_mut() {
            Some((_, last)) if last.succ_opt() == Some(*day) => *last = *day,
            _ => spans.push((*day, *day)),
        }
    }
    spans.into_iter().fold(String::new(), |mut text, (first, last)| {
        let _ = if first == last { writeln!(text, "{first}") } else { writeln!(text, "{first} – {last}") };
        text
    })
}

/// Days with their hours.
pub(super) fn shown_working_days(days: &BTreeMap<NaiveDate, Hours>) -> String {
    days.iter().fold(String::new(), |mut text, (day, hours)| {
        let (opens, closes) = shown(*hours);
        let _ = writeln!(text, "{day} {opens}–{closes}");
        text
    })
}

/// `2026-12-31` or `31.12.2026`.
fn read_day(typed: &str) -> Option<NaiveDate> {
    let typed = typed.trim();
    let day = NaiveDate::parse_from_str(typed, "%Y-%m-%d").or_else(|_| NaiveDate::parse_from_str(typed, "%d.%m.%Y")).ok()?;
    // Further off nobody plans, and a year of three digits is a slip.
    let (first, last) = (NaiveDate::from_ymd_opt(2000, 1, 1)?, NaiveDate::from_ymd_opt(2199, 12, 31)?);
    (first..=last).contains(&day).then_some(day)
}

/// A day, or the first and the last of a span.
fn read_span(line: &str) -> Option<(NaiveDate, NaiveDate)> {
    if let Some(day) = read_day(line) {
        return Some((day, day));
    }
    let (first, last) = line.split_once(['–', '—']).or_else(|| line.split_once(" - ")).or_else(|| line.split_once(".."))?;
    let (first, last) = (read_day(first)?, read_day(last)?);
    (first <= last).then_some((first, last))
}

/// The hours between two moments of a day, the second of which may be its end.
fn read_hours(opens: &str, closes: &str) -> Option<Hours> {
    let (opens, closes) = (i32::from(parse_clock(opens)?), i32::from(parse_clock(closes)?));
    Some((opens, if closes == 0 { DAY } else { closes }))
}

/// Every line that is not empty, with its number; what can't be read is told by that.
fn lines<T>(field: &str, typed: &str, read: impl Fn(&str) -> Option<T>) -> Result<Vec<T>, FieldProblem> {
    let mut found = Vec::new();
    for (number, line) in (1_u32..).zip(typed.lines().map(str::trim)) {
        if !line.is_empty() {
            found.push(read(line).ok_or_else(|| FieldProblem::new(field, Problem::BadLine(number)))?);
        }
        if found.len() > DAYS_MAX {
            return Err(FieldProblem::new(field, Problem::TooMany(1_000)));
        }
    }
    Ok(found)
}

fn read_weekday(fields: &Fields, day: usize, problems: &mut Vec<FieldProblem>) -> Hours {
    let names = (format!("opens_{day}"), format!("closes_{day}"));
    let (opens, closes) = (fields.get(&names.0).trim(), fields.get(&names.1).trim());
    if opens.is_empty() && closes.is_empty() {
        return (0, 0);
    }
    for (name, typed) in [(&names.0, opens), (&names.1, closes)] {
        if parse_clock(typed).is_none() {
            problems.push(FieldProblem::new(name, if typed.is_empty() { Problem::Required } else { Problem::NotAClock }));
        }
    }
    let hours = read_hours(opens, closes).unwrap_or((0, DAY));
    if hours.1 <= hours.0 {
        problems.push(FieldProblem::new(&names.1, Problem::EndsTooEarly));
    }
    hours
}

/// The calendar that a form says, or all that is wrong with it.
pub(super) fn read(fields: &Fields) -> Result<WorkingTime, Vec<FieldProblem>> {
    let mut problems = Vec::new();
    let mut hours = [(0, 0); 7];
    for (day, hours) in hours.iter_mut().enumerate() {
        *hours = read_weekday(fields, day, &mut problems);
    }
    if problems.is_empty() && hours.iter().all(|(opens, closes)| closes <= opens) {
        problems.push(FieldProblem::new("hours", Problem::NoWorkingDay));
    }
    let zone = fields.get("time_zone").parse::<Tz>().ok();
    if zone.is_none() {
        problems.push(FieldProblem::new("time_zone", Problem::UnknownChoice));
    }
    let mut holidays = BTreeSet::new();
    match lines("holidays", fields.get("holidays"), read_span) {
        Ok(spans) => {
            for (first, last) in spans {
                holidays.extend(first.iter_days().take_while(|day| *day <= last).take(DAYS_MAX + 1));
            }
            if holidays.len() > DAYS_MAX {
                problems.push(FieldProblem::new("holidays", Problem::TooMany(1_000)));
            }
        }
        Err(problem) => problems.push(problem),
    }
    let mut working_days = BTreeMap::new();
    let read_line = |line: &str| {
        let (day, hours) = line.split_once(' ')?;
        let (opens, closes) = hours.split_once(['–', '—', '-'])?;
        let hours = read_hours(opens.trim(), closes.trim())?;
        (hours.0 < hours.1).then_some((read_day(day)?, hours))
    };
    match lines("working_days", fields.get("working_days"), read_line) {
        Ok(days) => {
            for (day, hours) in days {
                if holidays.contains(&day) || working_days.insert(day, hours).is_some() {
                    problems.push(FieldProblem::new("working_days", Problem::Repeated));
                    break;
                }
            }
        }
        Err(problem) => problems.push(problem),
    }
    match zone {
        Some(zone) if problems.is_empty() => Ok(WorkingTime { zone, hours, holidays, working_days }),
        _ => Err(problems),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(changes: &[(&str, &str)]) -> Fields {
        let mut fields = vec![("time_zone", "Europe/Moscow"), ("opens_0", "10:00"), ("closes_0", "19:00")];
        fields.retain(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
        fields.extend_from_slice(changes);
        Fields::of(fields)
    }

    fn problems(changes: &[(&str, &str)]) -> Vec<(String, Problem)> {
        read(&form(changes)).map_or_else(|found| found.into_iter().map(|one| (one.field, one.problem)).collect(), |_| Vec::new())
    }

    #[test]
    fn what_is_shown_is_read_again() {
        let typed = [
            ("opens_6", "00:00"),
            ("closes_6", "00:00"),
            ("holidays", "31.12.2026 – 08.01.2027\r\n\r\n2027-02-23\n"),
            ("working_days", "2026-12-26 10:00-16:30"),
        ];
        let calendar = read(&form(&typed)).expect("a calendar");
        assert_eq!((calendar.hours[0], calendar.hours[1], calendar.hours[6]), ((600, 1140), (0, 0), (0, 1440)));
        assert_eq!(shown(calendar.hours[6]), ("00:00".to_owned(), "00:00".to_owned()), "midnight ends the day");
        let (holidays, working) = (shown_days(&calendar.holidays), shown_working_days(&calendar.working_days));
        assert_eq!((holidays.as_str(), working.as_str()), ("2026-12-31 – 2027-01-08\n2027-02-23\n", "2026-12-26 10:00–16:30\n"));
        let again = read(&form(&[("holidays", &holidays), ("working_days", &working)])).expect("a calendar");
        assert_eq!((again.holidays, again.working_days), (calendar.holidays, calendar.working_days));
    }

    #[test]
    fn what_is_wrong_is_told_beside_its_field() {
        for (changes, field, problem) in [
            (&[("opens_0", "25:00")][..], "opens_0", Problem::NotAClock),
            (&[("closes_0", "")], "closes_0", Problem::Required),
            (&[("closes_0", "09:00")], "closes_0", Problem::EndsTooEarly),
            (&[("opens_0", ""), ("closes_0", "")], "hours", Problem::NoWorkingDay),
            (&[("time_zone", "Mars/Olympus")], "time_zone", Problem::UnknownChoice),
            (&[("holidays", "2026-01-01\n2026-02-30")], "holidays", Problem::BadLine(2)),
            (&[("holidays", "2026-01-08 – 2026-01-01")], "holidays", Problem::BadLine(1)),
            (&[("holidays", "2000-01-01 – 2199-12-31")], "holidays", Problem::TooMany(1_000)),
            (&[("holidays", "0026-01-01")], "holidays", Problem::BadLine(1)),
            (&[("working_days", "2026-01-01")], "working_days", Problem::BadLine(1)),
            (&[("working_days", "2026-01-01 12:00–10:00")], "working_days", Problem::BadLine(1)),
            (&[("working_days", "2026-01-01 10:00–12:00"), ("holidays", "2026-01-01")], "working_days", Problem::Repeated),
        ] {
            assert_eq!(problems(changes), [(field.to_owned(), problem)], "{changes:?}");
        }
    }
}
