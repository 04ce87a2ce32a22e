//! What of a new version of a course reaches running enrolments by itself, and what only with consent (progress.md P4). Pure.

use super::sequence::{Gate, Planned, gates};
use std::collections::BTreeSet;
use uuid::Uuid;

/// A lesson of a version, with what completes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionLesson {
    /// Its place and rules.
    pub planned: Planned,
    /// Tests that must be passed.
    pub tests: BTreeSet<Uuid>,
    /// Assignments that must be sent.
    pub sent: BTreeSet<Uuid>,
    /// Assignments that must be accepted.
    pub accepted: BTreeSet<Uuid>,
    /// Per cent of its video to be watched.
    pub video_share: i32,
}

impl VersionLesson {
    fn needs(&self) -> (&BTreeSet<Uuid>, &BTreeSet<Uuid>, &BTreeSet<Uuid>, i32) {
        (&self.tests, &self.sent, &self.accepted, self.video_share)
    }

    /// Whether completing this asks for something that `old` did not ask for.
    fn asks_more_than(&self, old: &Self) -> bool {
        self.tests.difference(&old.tests).next().is_some()
            || self.accepted.difference(&old.accepted).next().is_some()
            || self.sent.iter().any(|id| !old.sent.contains(id) && !old.accepted.contains(id))
            || self.video_share > old.video_share
    }
}

/// How a version differs from another, in what a learner has to do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Lessons that are new, required or not.
    pub added: u32,
    /// Lessons that are required now and were not, new ones among them.
    pub required: u32,
    /// Lessons that are gone.
    pub removed: u32,
    /// Required lessons that ask for more, and lessons that open later.
    pub stricter: u32,
    /// What completes lessons or the course differs at all.
    pub touches_progress: bool,
    /// When lessons open differs at all.
    pub touches_openings: bool,
}

impl Changes {
    /// Whether running enrolments take them in only with consent. A lesson that is gone counts: it is not taken out of anybody's
    /// hands (P5).
    pub const fn need_consent(&self) -> bool {
        self.required > 0 || self.removed > 0 || self.stricter > 0
    }
}

/// Compares the version that is followed with a newer one.
pub fn changes(old: &[VersionLesson], new: &[VersionLesson]) -> Changes {
    let mut found = Changes::default();
    let plan = |version: &[VersionLesson]| version.iter().map(|lesson| lesson.planned.clone()).collect::<Vec<_>>();
    let (old_plan, new_plan) = (plan(old), plan(new));
    let (old_gates, new_gates) = (gates(&old_plan), gates(&new_plan));
    found.removed = count(old.iter().filter(|lesson| place(&new_plan, lesson.planned.id).is_none()));
    for (lesson, own_gates) in new.iter().zip(&new_gates) {
        let Some(index) = place(&old_plan, lesson.planned.id) else {
            found.added += 1;
            found.required += u32::from(lesson.planned.is_required);
            continue;
        };
        let (Some(before), Some(gates_before)) = (old.get(index), old_gates.get(index)) else { continue };
        found.required += u32::from(lesson.planned.is_required && !before.planned.is_required);
        let asks_more = lesson.planned.is_required && before.planned.is_required && lesson.asks_more_than(before);
        let opens_later = !own_gates.iter().all(|gate| implied(&old_plan, &old_gates, index, gate));
        found.stricter += u32::from(asks_more || opens_later);
        found.touches_progress |= lesson.needs() != before.needs() || lesson.planned.is_required != before.planned.is_required;
        found.touches_openings |= own_gates != gates_before;
    }
    found.touches_progress |= found.required > 0 || found.removed > 0;
    found
}

fn place(plan: &[Planned], id: Uuid) -> Option<usize> {
    plan.iter().position(|lesson| lesson.id == id)
}

fn count<T>(items: impl Iterator<Item = T>) -> u32 {
    u32::try_from(items.count()).unwrap_or(u32::MAX)
}

/// Whether a lesson's old gates let nobody through for whom the gate is closed, going back over the lessons that they wait for.
fn implied(plan: &[Planned], all: &[Vec<Gate>], index: usize, gate: &Gate) -> bool {
    let within = |small: &[Uuid], large: &[Uuid]| small.iter().all(|id| large.contains(id));
    all.get(index).into_iter().flatten().any(|old| match (old, gate) {
        (Gate::Moment(before), Gate::Moment(now)) => now <= before,
        (Gate::Days(before), Gate::Days(now)) => now <= before,
        (Gate::Tests(before), Gate::Tests(now)) | (Gate::Accepted(before), Gate::Accepted(now)) => within(now, before),
        (Gate::Sent(before) | Gate::Accepted(before), Gate::Sent(now)) => within(now, before),
        (Gate::Lesson(before), _) => {
            // A gate stands behind the lesson that it waits for, so this ends.
            *gate == Gate::Lesson(*before) || place(plan, *before).is_some_and(|earlier| earlier < index && implied(plan, all, earlier, gate))
        }
        _ => false,
    })
}

#[cfg(test)]
mod tests;
