//! Events of works: every move of their state machine, promises that come near, owners that change; who is on duty.

use super::Record;
use crate::features::assignments::rules::{Act, WorkState};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

/// A work moved.
#[derive(Clone, Debug)]
pub struct WorkEvent {
    /// `assignment_submissions.id`.
    pub submission_id: Uuid,
    /// `assignments.id`.
    pub assignment_id: Uuid,
    /// The learner.
    pub user_id: Uuid,
    /// Of which round.
    pub round: i32,
    /// What was done.
    pub act: Act,
    /// How it was; of a work that begins nothing.
    pub before: Option<WorkState>,
    /// How it is.
    pub after: WorkState,
    /// What belongs to the act: owner, dates, reason, marks.
    pub more: Value,
}

impl WorkEvent {
    pub(super) fn record(&self) -> Record {
        let kind = match self.act {
            Act::Save => "work_begun",
            Act::Submit => "work_submitted",
            Act::Withdraw => "work_withdrawn",
            Act::Extend => "work_extended",
            Act::Take => "work_taken",
            Act::GiveBack => "work_given_back",
            Act::Accept => "work_accepted",
            Act::Return => "work_returned",
            Act::Reject => "work_rejected",
            Act::Reopen => "work_reopened",
            Act::Expire => "work_expired",
        };
        let after = json!({
            "state": self.after.code(),
            "assignment_id": self.assignment_id,
            "user_id": self.user_id,
            "round": self.round,
            "more": self.more,
        });
        Record {
            kind,
            subject: ("submission", Some(self.submission_id)),
            before: self.before.map(|before| json!({ "state": before.code() })),
            after: Some(after),
        }
    }
}

/// Somebody else is to answer a work.
#[derive(Clone, Copy, Debug)]
pub struct WorkMoved {
    /// `assignment_submissions.id`.
    pub submission_id: Uuid,
    /// Who was.
    pub before: Option<Uuid>,
    /// Who is.
    pub after: Option<Uuid>,
}

impl WorkMoved {
    pub(super) fn record(&self) -> Record {
        let of = |owner: Option<Uuid>| Some(json!({ "owner_id": owner }));
        Record { kind: "work_handed_over", subject: ("submission", Some(self.submission_id)), before: of(self.before), after: of(self.after) }
    }
}

/// A curator's queue went to others, or they are back.
#[derive(Clone, Copy, Debug)]
pub enum DutyEvent {
    /// All that waited for a curator went to another one, or to several as if it were new; with a day they are on leave until then.
    QueueHandedOver { curator_id: Uuid, to: Option<Uuid>, until: Option<DateTime<Utc>>, works: usize, attempts: usize },
    /// Somebody else is to score the open answers of an attempt.
    AttemptMoved { attempt_id: Uuid, before: Uuid, after: Uuid },
    /// A curator is back before their leave ended.
    CameBack { curator_id: Uuid, until: DateTime<Utc> },
}

impl DutyEvent {
    pub(super) fn record(&self) -> Record {
        let record = |kind, subject: (&'static str, Uuid), before, after| Record {
            kind,
            subject: (subject.0, Some(subject.1)),
            before: Some(before),
            after: Some(after),
        };
        match *self {
            Self::QueueHandedOver { curator_id, to, until, works, attempts } => record(
                "queue_handed_over",
                ("user", curator_id),
                json!({ "curator_id": curator_id }),
                json!({ "curator_id": to, "on_leave_until": until, "works": works, "attempts": attempts }),
            ),
            Self::AttemptMoved { attempt_id, before, after } => {
                record("attempt_handed_over", ("attempt", attempt_id), json!({ "owner_id": before }), json!({ "owner_id": after }))
            }
            Self::CameBack { curator_id, until } => {
                record("curator_came_back", ("user", curator_id), json!({ "on_leave_until": until }), json!({ "on_leave_until": null }))
            }
        }
    }
}
