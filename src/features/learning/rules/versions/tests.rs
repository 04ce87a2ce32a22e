//! What asks for consent, case by case; and that nothing that goes without it closes a lesson.

use super::super::sequence::{Done, Door, Kept, Moments, Rule, door};
use super::*;
use proptest::prelude::*;

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

/// A required lesson with one test that need not be passed and one assignment that need not be sent.
fn lesson(number: u128) -> VersionLesson {
    VersionLesson {
        planned: Planned {
            id: id(number),
            module_id: id(1_000),
            is_required: true,
            is_preview: false,
            module_rule: Rule::AtOnce,
            rule: Rule::AtOnce,
            tests: vec![id(number * 10)],
            assignments: vec![id(number * 10 + 1)],
        },
        tests: BTreeSet::new(),
        sent: BTreeSet::new(),
        accepted: BTreeSet::new(),
        video_share: 0,
    }
}

fn with(mut lesson: VersionLesson, change: impl FnOnce(&mut VersionLesson)) -> VersionLesson {
    change(&mut lesson);
    lesson
}

fn optional(number: u128) -> VersionLesson {
    with(lesson(number), |lesson| lesson.planned.is_required = false)
}

fn ruled(number: u128, rule: Rule) -> VersionLesson {
    with(lesson(number), |lesson| lesson.planned.rule = rule)
}

fn in_turn(number: u128) -> VersionLesson {
    ruled(number, Rule::AfterPrevious)
}

#[test]
fn more_is_asked_for_only_with_consent() {
    let one = |test| with(lesson(1), |lesson| lesson.tests = BTreeSet::from([id(test)]));
    let sent = with(lesson(1), |lesson| lesson.sent = BTreeSet::from([id(11)]));
    let accepted = with(lesson(1), |lesson| lesson.accepted = BTreeSet::from([id(11)]));
    let video = |share| with(lesson(1), |lesson| lesson.video_share = share);
    for (what, old, new, needs_consent) in [
        ("nothing", vec![lesson(1)], vec![lesson(1)], false),
        ("a new required lesson", vec![lesson(1)], vec![lesson(1), lesson(2)], true),
        ("a new optional lesson", vec![lesson(1)], vec![optional(2), lesson(1)], false),
        ("required from now on", vec![lesson(1), optional(2)], vec![lesson(1), lesson(2)], true),
        ("optional from now on", vec![lesson(1), lesson(2)], vec![lesson(1), optional(2)], false),
        ("a lesson removed", vec![lesson(1), lesson(2)], vec![lesson(1)], true),
        ("the last lesson removed", vec![lesson(1)], vec![], true),
        ("an optional lesson removed", vec![lesson(1), optional(2)], vec![lesson(1)], true),
        ("another order", vec![lesson(1), lesson(2)], vec![lesson(2), lesson(1)], false),
        ("a test to pass", vec![lesson(1)], vec![one(10)], true),
        ("another test to pass", vec![one(10)], vec![one(12)], true),
        ("no test to pass any more", vec![one(10)], vec![lesson(1)], false),
        ("a test to pass in an optional lesson", vec![optional(1)], vec![with(one(10), |lesson| lesson.planned.is_required = false)], false),
        ("a work to send", vec![lesson(1)], vec![sent.clone()], true),
        ("a work to be accepted", vec![sent.clone()], vec![accepted.clone()], true),
        ("sent is enough", vec![accepted.clone()], vec![sent.clone()], false),
        ("more of the video", vec![video(50)], vec![video(80)], true),
        ("less of the video", vec![video(80)], vec![video(50)], false),
        ("a later date", vec![ruled(1, Rule::OnDate(5))], vec![ruled(1, Rule::OnDate(6))], true),
        ("an earlier date", vec![ruled(1, Rule::OnDate(6))], vec![ruled(1, Rule::OnDate(5))], false),
        ("more days", vec![ruled(1, Rule::AfterDays(5))], vec![ruled(1, Rule::AfterDays(6))], true),
        ("days instead of a date", vec![ruled(1, Rule::OnDate(5))], vec![ruled(1, Rule::AfterDays(5))], true),
        ("at once", vec![ruled(1, Rule::AfterDays(5))], vec![lesson(1)], false),
        ("in turn", vec![lesson(1), lesson(2)], vec![lesson(1), in_turn(2)], true),
        ("after a lesson instead of its test", vec![lesson(1), ruled(2, Rule::AfterTests)], vec![lesson(1), in_turn(2)], true),
        ("sent instead of accepted", vec![lesson(1), ruled(2, Rule::AfterAccepted)], vec![lesson(1), ruled(2, Rule::AfterSent)], false),
        ("accepted instead of sent", vec![lesson(1), ruled(2, Rule::AfterSent)], vec![lesson(1), ruled(2, Rule::AfterAccepted)], true),
        ("another turn", vec![in_turn(1), in_turn(2), in_turn(3)], vec![in_turn(1), in_turn(3), in_turn(2)], true),
        (
            "optional in the middle of a chain",
            vec![in_turn(1), in_turn(2), in_turn(3)],
            vec![in_turn(1), with(in_turn(2), |lesson| lesson.planned.is_required = false), in_turn(3)],
            false,
        ),
        ("free for everybody", vec![lesson(1), in_turn(2)], vec![lesson(1), with(in_turn(2), |lesson| lesson.planned.is_preview = true)], false),
    ] {
        let found = changes(&old, &new);
        assert_eq!(found.need_consent(), needs_consent, "{what}: {found:?}");
    }
}

#[test]
fn the_same_and_another_order_touch_nothing() {
    assert_eq!(changes(&[lesson(1), in_turn(2)], &[lesson(1), in_turn(2)]), Changes::default());
    assert_eq!(changes(&[lesson(1), optional(2)], &[optional(2), lesson(1)]), Changes::default());
}

#[test]
fn what_is_counted_is_what_the_learner_is_told() {
    let old = [lesson(1), optional(2), lesson(3), ruled(4, Rule::AfterDays(1))];
    let new = [lesson(1), lesson(2), ruled(4, Rule::AfterDays(9)), lesson(5), optional(6)];
    let found = changes(&old, &new);
    assert_eq!((found.added, found.required, found.removed, found.stricter), (2, 2, 1, 1));
}

fn rules() -> impl Strategy<Value = Rule> {
    prop_oneof![
        3 => Just(Rule::AtOnce),
        2 => (0_i64..8).prop_map(Rule::OnDate),
        2 => (0_i32..8).prop_map(Rule::AfterDays),
        4 => Just(Rule::AfterPrevious),
        2 => Just(Rule::AfterTests),
        1 => Just(Rule::AfterSent),
        1 => Just(Rule::AfterAccepted),
    ]
}

/// Lessons 1 to 5 in two modules, whose rules are the same for all of a module.
fn versions() -> impl Strategy<Value = Vec<VersionLesson>> {
    let own = prop::collection::vec((rules(), any::<bool>(), prop::bool::weighted(0.1)), 5);
    (own, rules(), rules(), 1_usize..5).prop_map(|(own, first, second, cut)| {
        (1..)
            .zip(own)
            .map(|(number, (rule, is_required, is_preview))| {
                let is_first = usize::try_from(number).unwrap() <= cut;
                with(lesson(number), |lesson| {
                    lesson.planned.module_id = if is_first { id(1_000) } else { id(1_001) };
                    lesson.planned.module_rule = if is_first { first } else { second };
                    (lesson.planned.rule, lesson.planned.is_required, lesson.planned.is_preview) = (rule, is_required, is_preview);
                })
            })
            .collect()
    })
}

/// The next version: one lesson changed, another pair of module rules, or another order within the modules.
fn edited(old: &[VersionLesson], at: usize, rule: Rule, is_required: bool, swap: Option<usize>) -> Vec<VersionLesson> {
    let mut new = old.to_vec();
    new[at].planned.rule = rule;
    new[at].planned.is_required = is_required;
    if let Some(other) = swap.filter(|other| new[*other].planned.module_id == new[at].planned.module_id) {
        new.swap(at, other);
    }
    new
}

fn plan(version: &[VersionLesson]) -> Vec<Planned> {
    version.iter().map(|lesson| lesson.planned.clone()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, max_global_rejects: 50_000, ..ProptestConfig::default() })]
    #[test]
    fn what_goes_without_consent_closes_nothing(
        old in versions(), at in 0_usize..5, rule in rules(), is_required in any::<bool>(), swap in prop::option::of(0_usize..5),
        acts in prop::collection::vec((0_usize..5, 0_u8..5), 0..14), now in 0_i64..9, start in 0_i64..3,
    ) {
        let new = edited(&old, at, rule, is_required, swap);
        prop_assume!(!changes(&old, &new).need_consent());
        let after_days = |days: i32| start + i64::from(days);
        let moments = Moments { now, after_days: &after_days };
        let gates_of = |version: &[VersionLesson]| gates(&plan(version));
        let (old_gates, new_gates) = (gates_of(&old), gates_of(&new));
        // A learner does only what is open for them.
        let mut done = Done::default();
        for (index, act) in acts {
            let lesson = &old[index].planned;
            if door(&old_gates[index], Kept::default(), &done, &moments) == Door::Open {
                match act {
                    0 | 1 => { done.lessons.insert(lesson.id); }
                    2 => done.tests.extend(&lesson.tests),
                    3 => done.sent.extend(&lesson.assignments),
                    _ => { done.sent.extend(&lesson.assignments); done.accepted.extend(&lesson.assignments); }
                }
            }
        }
        for (index, lesson) in old.iter().enumerate() {
            let place = new.iter().position(|other| other.planned.id == lesson.planned.id).unwrap();
            let kept = Kept { is_complete: done.lessons.contains(&lesson.planned.id), ..Kept::default() };
            if door(&old_gates[index], kept, &done, &moments) == Door::Open {
                prop_assert_eq!(door(&new_gates[place], kept, &done, &moments), Door::Open, "{:?}", lesson.planned.id);
            }
        }
    }
}
