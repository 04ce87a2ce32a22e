//! Pure rules of works: the state machine, marks that come late, places of remarks.

pub mod passages;
pub mod rubric;
#[cfg(test)]
mod tests;

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

/// How far a work is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkState {
    /// Its learner writes a round.
    Draft,
    /// It waits for a curator.
    Submitted,
    /// A curator holds it.
    InReview,
    /// Its learner is to go on.
    Returned,
    /// Done.
    Accepted,
    /// Refused for good.
    Rejected,
    /// Its date passed.
    Expired,
}

impl WorkState {
    /// All of them.
    pub const ALL: [Self; 7] = [Self::Draft, Self::Submitted, Self::InReview, Self::Returned, Self::Accepted, Self::Rejected, Self::Expired];

    /// `assignment_submissions.state`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Submitted => "submitted",
            Self::InReview => "in_review",
            Self::Returned => "returned",
            Self::Accepted => "accepted",
            Self::Rejected => "rejected",
            Self::Expired => "expired",
        }
    }

    /// The state of a code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// Whether a curator is to answer.
    pub const fn waits(self) -> bool {
        matches!(self, Self::Submitted | Self::InReview)
    }
}

/// What somebody does with a work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Its learner saves a round.
    Save,
    /// Its learner hands the round in.
    Submit,
    /// Its learner takes it back before anybody held it.
    Withdraw,
    /// Its learner asks for as many days again.
    Extend,
    /// A curator takes it.
    Take,
    /// The hold is given back, or ran out.
    GiveBack,
    /// A curator accepts it.
    Accept,
    /// A curator returns it.
    Return,
    /// A curator refuses it for good.
    Reject,
    /// A curator opens it again.
    Reopen,
    /// Its date passed.
    Expire,
}

impl Act {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Save,
        Self::Submit,
        Self::Withdraw,
        Self::Extend,
        Self::Take,
        Self::GiveBack,
        Self::Accept,
        Self::Return,
        Self::Reject,
        Self::Reopen,
        Self::Expire,
    ];
}

/// What the guards ask about.
#[derive(Clone, Copy, Debug, Default)]
pub struct Facts {
    /// The round has at least one part.
    pub has_parts: bool,
    /// A file is still on its way.
    pub is_uploading: bool,
    /// The last moment for the learner is past.
    pub is_late: bool,
    /// The learner has a date, and has not asked for more time yet.
    pub may_extend: bool,
    /// Another curator holds the work now.
    pub is_held_by_other: bool,
    /// The assignment allows a round after this one.
    pub rounds_left: bool,
    /// A reason was given.
    pub has_reason: bool,
    /// The verdict brings a remark "must fix".
    pub has_must_fix: bool,
    /// A remark "must fix" is open.
    pub has_open_must_fix: bool,
    /// The curator accepts it all the same.
    pub is_confirmed: bool,
    /// Who acts is an administrator.
    pub is_admin: bool,
    /// The verdict was given too long ago.
    pub is_settled: bool,
}

/// Why something is not done with a work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The work is elsewhere by now.
    State,
    /// There is nothing to hand in.
    Empty,
    /// A file is still on its way.
    Uploading,
    /// The date is past.
    Late,
    /// There is no date to move, or it was moved before.
    Extended,
    /// Another curator holds it.
    Held,
    /// Neither a reason nor a remark "must fix".
    Reason,
    /// Remarks "must fix" are open.
    OpenMustFix,
    /// No round is left.
    NoRounds,
    /// Rounds are left: it can be returned.
    RoundsLeft,
    /// Too long ago.
    Settled,
}

/// Where an act leads from a state, or why it does not: the whole state machine.
pub fn next(state: WorkState, act: Act, facts: Facts) -> Result<WorkState, Refused> {
    use WorkState as S;
    let unless = |is_wrong: bool, why| if is_wrong { Err(why) } else { Ok(()) };
    match (state, act) {
        (S::Draft | S::Returned, Act::Save) => {
            unless(facts.is_late, Refused::Late)?;
            Ok(S::Draft)
        }
        (S::Draft, Act::Submit) => {
            unless(facts.is_late, Refused::Late)?;
            unless(facts.is_uploading, Refused::Uploading)?;
            unless(!facts.has_parts, Refused::Empty)?;
            Ok(S::Submitted)
        }
        // A hold that ran out is not seen by the learner.
        (S::Submitted, Act::Withdraw) => Ok(S::Draft),
        (S::InReview, Act::Withdraw) => Err(Refused::Held),
        (S::Draft | S::Returned, Act::Extend) => {
            unless(!facts.may_extend, Refused::Extended)?;
            unless(facts.is_late, Refused::Late)?;
            Ok(state)
        }
        (S::Submitted | S::InReview, Act::Take) => {
            unless(facts.is_held_by_other, Refused::Held)?;
            Ok(S::InReview)
        }
        (S::InReview, Act::GiveBack) => Ok(S::Submitted),
        // Who judges takes: nobody else may hold it.
        (S::Submitted | S::InReview, Act::Accept) => {
            unless(facts.is_held_by_other, Refused::Held)?;
            unless(facts.has_open_must_fix && !facts.is_confirmed, Refused::OpenMustFix)?;
            Ok(S::Accepted)
        }
        (S::Submitted | S::InReview, Act::Return) => {
            unless(facts.is_held_by_other, Refused::Held)?;
            unless(!facts.rounds_left, Refused::NoRounds)?;
            unless(!facts.has_reason && !facts.has_must_fix, Refused::Reason)?;
            Ok(S::Returned)
        }
        (S::Submitted | S::InReview, Act::Reject) => {
            unless(facts.is_held_by_other, Refused::Held)?;
            unless(facts.rounds_left && !facts.is_admin, Refused::RoundsLeft)?;
            unless(!facts.has_reason, Refused::Reason)?;
            Ok(S::Rejected)
        }
        (S::Accepted | S::Expired, Act::Reopen) => {
            unless(state == S::Accepted && facts.is_settled, Refused::Settled)?;
            unless(!facts.has_reason, Refused::Reason)?;
            Ok(S::Returned)
        }
        (S::Draft | S::Returned, Act::Expire) if facts.is_late => Ok(S::Expired),
        _ => Err(Refused::State),
    }
}

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
        let within = points.iter().all(|part| (0..=WHOLE).contains(part));
        let fits = match (self, points) {
            (Self::Work | Self::Text | Self::File, []) | (Self::Point, [_, _]) => true,
            (Self::Box, [x, y, width, height]) => *width > 0 && *height > 0 && x + width <= WHOLE && y + height <= WHOLE,
            (Self::Line, points) => (4..=400).contains(&points.len()) && points.len() % 2 == 0,
            _ => false,
        };
        within && fits
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
