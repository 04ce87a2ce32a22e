//! Pure rules of works: the state machine, marks that come late, places of remarks.

pub mod passages;
pub mod rubric;
mod states;
#[cfg(test)]
mod tests;

pub use states::{Act, Facts, Refused, WorkState, next};

use crate::features::files::rules::{Role, role_of_name};
use crate::shared::fraction::Fraction;
use serde::{Deserialize, Serialize};

/// A curator holds a work for so many minutes after the last sign of life.
pub const HOLD_MINUTES: i64 = 20;
/// An accepted work may be reopened for so many days.
pub const REOPEN_DAYS: i64 = 14;
/// Longest text of a round, in characters.
pub const TEXT_MAX: u32 = 20_000;
/// Longest remark or reason, in characters.
pub const REMARK_MAX: u32 = 5_000;
/// Most links of a round.
pub const LINKS_MAX: usize = 20;
/// Most files of a round.
pub const FILES_MAX: i64 = 30;
/// Coordinates of remarks are in parts of the picture's width and height.
pub const WHOLE: i32 = 10_000;

/// What a work that comes late loses of its mark: so many per cent for each day that began, never what the floor keeps.
pub fn deduction(mark: Fraction, late_days: i64, percent: i32, floor: i32) -> Fraction {
    let lost = (late_days.max(0) * i64::from(percent)).min(100 - i64::from(floor)).max(0);
    Fraction::new(lost, 100).map_or(Fraction::ZERO, |share| mark * share)
}

/// The days that began between a date and a moment after it, in milliseconds since 1970.
pub const fn days_begun(date: i64, moment: i64) -> i64 {
    const DAY: i64 = 86_400_000;
    if moment <= date { 0 } else { (moment - date + DAY - 1) / DAY }
}

/// How a remark is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RemarkKind {
    /// To be done before the work is accepted.
    MustFix,
    /// To be thought of.
    Suggestion,
    /// Well done.
    Praise,
    /// For curators among themselves; no learner gets it.
    StaffOnly,
}

impl RemarkKind {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::MustFix, Self::Suggestion, Self::Praise, Self::StaffOnly];

    /// `assignment_remarks.kind`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::MustFix => "must_fix",
            Self::Suggestion => "suggestion",
            Self::Praise => "praise",
            Self::StaffOnly => "staff_only",
        }
    }

    /// The kind of a code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// What a remark is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// The whole work.
    Work,
    /// Its text.
    Text,
    /// One of its files.
    File,
    /// A point of a photograph.
    Point,
    /// A box in a photograph.
    Box,
    /// A line drawn on a photograph.
    Line,
}

impl Place {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Work, Self::Text, Self::File, Self::Point, Self::Box, Self::Line];

    /// `assignment_remarks.place`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Work => "work",
            Self::Text => "text",
            Self::File => "file",
            Self::Point => "point",
            Self::Box => "box",
            Self::Line => "line",
        }
    }

    /// The place of a code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|place| place.code() == code)
    }

    /// Whether it is on a file.
    pub const fn is_on_file(self) -> bool {
        !matches!(self, Self::Work | Self::Text)
    }

    /// Whether these coordinates may stand there: within the picture, as many as it takes, and not empty.
    pub fn takes(self, points: &[i32]) -> bool {
        if !points.iter().all(|part| (0..=WHOLE).contains(part)) {
            return false;
        }
        match (self, points) {
            (Self::Work | Self::Text | Self::File, []) | (Self::Point, [_, _]) => true,
            (Self::Box, [x, y, width, height]) => *width > 0 && *height > 0 && x + width <= WHOLE && y + height <= WHOLE,
            (Self::Line, points) => (4..=400).contains(&points.len()) && points.len() % 2 == 0,
            _ => false,
        }
    }
}

/// What may be handed in.
#[expect(clippy::struct_excessive_bools, reason = "four independent ticks of a form")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Takes {
    /// A text.
    pub text: bool,
    /// Photographs.
    pub photos: bool,
    /// Files of any kind.
    pub files: bool,
    /// Links.
    pub links: bool,
}

impl Takes {
    /// As what a file of that name is taken; nothing when it is not.
    pub fn role_of(self, name: &str) -> Option<Role> {
        match (self.photos, self.files) {
            (true, true) => Some(role_of_name(name)),
            (false, true) => Some(Role::Attachment),
            // What it really is its bytes will say.
            (true, false) => Some(Role::Picture),
            (false, false) => None,
        }
    }
}

/// Links as typed, one in a line; the number of a line that is none.
pub fn links(typed: &str) -> Result<Vec<String>, u32> {
    let mut found = Vec::new();
    for (number, line) in (1..).zip(typed.lines()) {
        let line = line.trim();
        if line.is_empty() {
            continue;
        }
        let rest = line.strip_prefix("https://").or_else(|| line.strip_prefix("http://"));
        let is_link = rest.is_some_and(|rest| rest.contains('.') && !rest.starts_with(['.', '/']))
            && line.len() <= 2_000
            && !line.contains(|c: char| c.is_whitespace() || c.is_control() || "\"<>\\^`{|}".contains(c));
        if !is_link || found.len() == LINKS_MAX {
            return Err(number);
        }
        found.push(line.to_owned());
    }
    Ok(found)
}
