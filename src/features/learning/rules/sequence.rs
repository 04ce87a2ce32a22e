//! When a lesson is open: the one place that decides it (docs/decisions/0009-sequence.md). Pure: moments are milliseconds since
//! 1970, and what an author wrote is first turned into gates, so that versions can be compared by them too.

use std::collections::BTreeSet;
use uuid::Uuid;

/// What an author says about a module or a lesson.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Open from the start.
    AtOnce,
    /// From a moment on.
    OnDate(i64),
    /// So many calendar days after the day on which the enrolment began.
    AfterDays(i32),
    /// When the required lesson before it is complete.
    AfterPrevious,
    /// When all tests of the required lesson before it are passed.
    AfterTests,
    /// When all assignments of the required lesson before it are sent.
    AfterSent,
    /// When all assignments of the required lesson before it are accepted.
    AfterAccepted,
}

impl Rule {
    /// The rule of what the database keeps: a code, with its moment or days. `None` for anything else.
    pub fn new(code: &str, at: Option<i64>, days: Option<i32>) -> Option<Self> {
        Some(match code {
            "at_once" => Self::AtOnce,
            "on_date" => Self::OnDate(at?),
            "after_days" => Self::AfterDays(days?),
            "after_previous" => Self::AfterPrevious,
            "after_tests" => Self::AfterTests,
            "after_sent" => Self::AfterSent,
            "after_accepted" => Self::AfterAccepted,
            _ => return None,
        })
    }
}

/// A lesson of a version, in the version's order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// `lessons.id`.
    pub id: Uuid,
    /// `modules.id`.
    pub module_id: Uuid,
    /// Whether the course needs it.
    pub is_required: bool,
    /// Everybody may read it, so no rule closes it.
    pub is_preview: bool,
    /// The rule of its module, which holds for it too.
    pub module_rule: Rule,
    /// Its own rule.
    pub rule: Rule,
    /// Its tests, in order.
    pub tests: Vec<Uuid>,
    /// Its assignments, in order.
    pub assignments: Vec<Uuid>,
}

/// What must have happened before a lesson is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Gate {
    /// A moment is past.
    Moment(i64),
    /// So many days are past.
    Days(i32),
    /// A lesson is complete.
    Lesson(Uuid),
    /// Tests are passed.
    Tests(Vec<Uuid>),
    /// Assignments are sent.
    Sent(Vec<Uuid>),
    /// Assignments are accepted.
    Accepted(Vec<Uuid>),
}

/// The gate of a rule, given the required lesson before. Without such a lesson, or when it has nothing of what the rule asks for,
/// there is nothing to wait for.
fn gate(rule: Rule, previous: Option<&Planned>) -> Option<Gate> {
    let all = |ids: &Vec<Uuid>| (!ids.is_empty()).then(|| ids.clone());
    match rule {
        Rule::AtOnce => None,
        Rule::OnDate(at) => Some(Gate::Moment(at)),
        Rule::AfterDays(days) => Some(Gate::Days(days)),
        Rule::AfterPrevious => previous.map(|lesson| Gate::Lesson(lesson.id)),
        Rule::AfterTests => all(&previous?.tests).map(Gate::Tests),
        Rule::AfterSent => all(&previous?.assignments).map(Gate::Sent),
        Rule::AfterAccepted => all(&previous?.assignments).map(Gate::Accepted),
    }
}

/// The gates of every lesson of a version: its module's before its own. What comes before a module comes before its first lesson.
pub fn gates(plan: &[Planned]) -> Vec<Vec<Gate>> {
    let mut previous: Option<&Planned> = None;
    let mut module: Option<(Uuid, Option<&Planned>)> = None;
    let mut all = Vec::with_capacity(plan.len());
    for lesson in plan {
        let before_module = module.filter(|(id, _)| *id == lesson.module_id).map_or(previous, |(_, before)| before);
        module = Some((lesson.module_id, before_module));
        let own = if lesson.is_preview { [None, None] } else { [gate(lesson.module_rule, before_module), gate(lesson.rule, previous)] };
        all.push(own.into_iter().flatten().collect());
        if lesson.is_required {
            previous = Some(lesson);
        }
    }
    all
}

/// What a learner has done in a course.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// Complete lessons.
    pub lessons: BTreeSet<Uuid>,
    /// Passed tests.
    pub tests: BTreeSet<Uuid>,
    /// Assignments that were sent, whatever came of it.
    pub sent: BTreeSet<Uuid>,
    /// Accepted assignments.
    pub accepted: BTreeSet<Uuid>,
}

/// What keeps a lesson open whatever its gates say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// It is complete.
    pub is_complete: bool,
    /// Its gates let the learner in before.
    pub was_open: bool,
    /// Staff opened it for this person.
    pub is_opened: bool,
}

/// Time, as far as gates ask for it.
pub struct Moments<'a> {
    /// The current moment.
    pub now: i64,
    /// The moment at which so many days after the enrolment's start are past.
    pub after_days: &'a dyn Fn(i32) -> i64,
}

/// Whether a lesson is open for a learner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Door {
    /// By its gates, or once was.
    Open,
    /// By staff, for this person.
    Opened,
    /// Not yet.
    Closed(Waits),
}

/// What a closed lesson waits for; at least one of the two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waits {
    /// The next thing for the learner to do.
    pub after: Option<Step>,
    /// Not before this moment, when it is still to come.
    pub not_before: Option<i64>,
}

/// A thing to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Complete a lesson.
    Lesson(Uuid),
    /// Pass a test.
    Test(Uuid),
    /// Send an assignment.
    Sent(Uuid),
    /// Have an assignment accepted.
    Accepted(Uuid),
}

/// Decides. All gates must be passed; of several things to do the first is named, of several moments the last.
pub fn door(gates: &[Gate], kept: Kept, done: &Done, moments: &Moments<'_>) -> Door {
    let first_of = |ids: &[Uuid], met: &BTreeSet<Uuid>| ids.iter().copied().find(|id| !met.contains(id));
    let mut waits = Waits { after: None, not_before: None };
    for gate in gates {
        let step = match gate {
            Gate::Moment(at) => {
                waits.not_before = waits.not_before.max(Some(*at).filter(|at| *at > moments.now));
                None
            }
            Gate::Days(days) => {
                waits.not_before = waits.not_before.max(Some((moments.after_days)(*days)).filter(|at| *at > moments.now));
                None
            }
            Gate::Lesson(id) => (!done.lessons.contains(id)).then_some(Step::Lesson(*id)),
            Gate::Tests(ids) => first_of(ids, &done.tests).map(Step::Test),
            Gate::Sent(ids) => first_of(ids, &done.sent).map(Step::Sent),
            Gate::Accepted(ids) => first_of(ids, &done.accepted).map(Step::Accepted),
        };
        waits.after = waits.after.or(step);
    }
    let is_waiting = waits.after.is_some() || waits.not_before.is_some();
    if kept.is_complete || kept.was_open || !is_waiting {
        Door::Open
    } else if kept.is_opened {
        Door::Opened
    } else {
        Door::Closed(waits)
    }
}

#[cfg(test)]
mod tests;
