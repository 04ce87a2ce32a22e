//! The state machine of works, whole and pure.

use serde::{Deserialize, Serialize};

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
        (S::Submitted, Act::Withdraw) => {
            // It could not be handed in again.
            unless(facts.is_late, Refused::Late)?;
            Ok(S::Draft)
        }
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
