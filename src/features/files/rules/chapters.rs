//! Chapters of a video as authors type them, a line each: `2:35 Light from the side`.

use serde::{Deserialize, Serialize};

/// A part of a video that can be gone to.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Chapter {
    /// Where it begins, in seconds.
    pub at: i32,
    /// What it is called.
    pub title: String,
}

/// The most chapters of a video.
pub const MOST: usize = 100;
/// The most characters of a name.
const TITLE_MAX: usize = 120;
/// The longest video that has chapters, in hours.
const HOURS_MAX: i32 = 99;

/// A moment as players show it: `2:35`, `1:02:35`.
pub fn clock(seconds: i32) -> String {
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

/// Chapters as their author typed them.
pub fn write(chapters: &[Chapter]) -> String {
    let lines: Vec<String> = chapters.iter().map(|chapter| format!("{} {}", clock(chapter.at), chapter.title)).collect();
    lines.join("\n")
}

/// Chapters of what an author typed; empty lines are left out.
///
/// # Errors
/// The number of the first line that is none, has no name or a too long one, does not come after the line before it, or is one too many.
pub fn read(text: &str) -> Result<Vec<Chapter>, u32> {
    let mut chapters: Vec<Chapter> = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        if line.is_empty() {
            continue;
        }
        let chapter = chapter(line).ok_or(number)?;
        if chapters.len() == MOST || chapters.last().is_some_and(|last| last.at >= chapter.at) {
            return Err(number);
        }
        chapters.push(chapter);
    }
    Ok(chapters)
}

fn chapter(line: &str) -> Option<Chapter> {
    let (moment, title) = line.split_once(char::is_whitespace)?;
    let title = title.trim().trim_start_matches(['-', '–', '—']).trim_start();
    if title.is_empty() || title.chars().count() > TITLE_MAX || title.chars().any(char::is_control) {
        return None;
    }
    Some(Chapter { at: seconds(moment)?, title: title.to_owned() })
}

fn seconds(moment: &str) -> Option<i32> {
    let parts: Vec<&str> = moment.split(':').collect();
    let (hours, minutes, seconds) = match parts[..] {
        [minutes, seconds] => (0, number(minutes)?, two(seconds)?),
        [hours, minutes, seconds] => (number(hours)?, two(minutes)?, two(seconds)?),
        _ => return None,
    };
    (hours <= HOURS_MAX && minutes <= HOURS_MAX * 60).then_some(hours * 3600 + minutes * 60 + seconds)
}

fn number(digits: &str) -> Option<i32> {
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok()).flatten()
}

/// Of an hour or a minute.
fn two(digits: &str) -> Option<i32> {
    number(digits).filter(|number| digits.len() == 2 && *number < 60)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn moments_are_read_as_players_show_them() {
        for (typed, at) in [("0:00 a", 0), ("2:35 a", 155), ("75:00 a", 4500), ("1:02:35 a", 3755), ("0:07 — a", 7)] {
            assert_eq!(read(typed), Ok(vec![Chapter { at, title: "a".to_owned() }]), "{typed}");
        }
    }

    #[test]
    fn a_line_that_is_no_chapter_is_named_by_its_number() {
        let long = format!("0:00 {}", "ы".repeat(TITLE_MAX + 1));
        for (typed, line) in [
            ("0:00 a\n\nb", 3),
            ("0:00", 1),
            ("0:00 -", 1),
            ("0:0 a", 1),
            ("0:60 a", 1),
            ("+1:00 a", 1),
            ("1:2:03 a", 1),
            ("100:00:00 a", 1),
            ("99999999999:00 a", 1),
            ("0:05 a\n0:05 b", 2),
            ("0:05 a\n0:04 b", 2),
            (long.as_str(), 1),
        ] {
            assert_eq!(read(typed), Err(line), "{typed}");
        }
        let many: Vec<String> = (0..=i32::try_from(MOST).unwrap_or(0)).map(|at| format!("{} a", clock(at))).collect();
        assert_eq!(read(&many.join("\n")), Err(101));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(gaps in proptest::collection::vec((1..4000_i32, "[а-яa-z][а-яa-z:0-9 -]{0,40}[а-яa-z]"), 0..40)) {
            let mut at = -1;
            let chapters: Vec<Chapter> = gaps.into_iter().map(|(gap, title)| { at += gap; Chapter { at, title } }).collect();
            prop_assert_eq!(read(&write(&chapters)), Ok(chapters));
        }
    }
}
