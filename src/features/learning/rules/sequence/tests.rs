//! Every combination of rules, time, progress and what keeps a lesson open, against a statement of the same in other words.

use super::*;

const NOW: i64 = 1_000;
const RULES: [Rule; 7] =
    [Rule::AtOnce, Rule::OnDate(0), Rule::AfterDays(3), Rule::AfterPrevious, Rule::AfterTests, Rule::AfterSent, Rule::AfterAccepted];

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

/// How far a learner is with a lesson that others wait for: complete, how many of its tests are passed, how far its works are.
#[derive(Clone, Copy, Debug)]
struct Before {
    lesson: u128,
    tests: usize,
    is_complete: bool,
    passed: usize,
    /// 0 is nothing, 1 sent, 2 accepted.
    work: usize,
}

impl Before {
    fn all(lesson: u128, tests: usize) -> Vec<Self> {
        let mut all = Vec::new();
        for is_complete in [false, true] {
            for passed in 0..=tests {
                for work in 0..=2 {
                    all.push(Self { lesson, tests, is_complete, passed, work });
                }
            }
        }
        all
    }

    fn test_id(self, index: usize) -> Uuid {
        id(self.lesson * 100 + index as u128)
    }

    fn work_id(self) -> Uuid {
        id(self.lesson * 100 + 50)
    }

    fn planned(self, module: u128) -> Planned {
        Planned {
            id: id(self.lesson),
            module_id: id(module),
            is_required: true,
            is_preview: false,
            module_rule: Rule::AtOnce,
            rule: Rule::AtOnce,
            tests: (0..self.tests).map(|index| self.test_id(index)).collect(),
            assignments: vec![self.work_id()],
        }
    }

    fn add_to(self, done: &mut Done) {
        if self.is_complete {
            done.lessons.insert(id(self.lesson));
        }
        done.tests.extend((0..self.passed).map(|index| self.test_id(index)));
        if self.work >= 1 {
            done.sent.insert(self.work_id());
        }
        if self.work >= 2 {
            done.accepted.insert(self.work_id());
        }
    }
}

/// What a rule lacks, said slowly: a step, or a moment.
fn lacks(rule: Rule, before: Before, date: i64, days: i64) -> (Option<Step>, Option<i64>) {
    match rule {
        Rule::AtOnce => (None, None),
        Rule::OnDate(_) => (None, if date <= NOW { None } else { Some(date) }),
        Rule::AfterDays(_) => (None, if days <= NOW { None } else { Some(days) }),
        Rule::AfterPrevious if before.is_complete => (None, None),
        Rule::AfterPrevious => (Some(Step::Lesson(id(before.lesson))), None),
        Rule::AfterTests if before.passed == before.tests => (None, None),
        Rule::AfterTests => (Some(Step::Test(before.test_id(before.passed))), None),
        Rule::AfterSent => (if before.work == 0 { Some(Step::Sent(before.work_id())) } else { None }, None),
        Rule::AfterAccepted => (if before.work < 2 { Some(Step::Accepted(before.work_id())) } else { None }, None),
    }
}

#[test]
fn every_combination_is_decided_as_the_rules_say() {
    let mut seen = [0_u32; 3];
    for date in [NOW - 1, NOW, NOW + 500] {
        for days in [NOW, NOW + 300] {
            let after_days = |number: i32| {
                assert_eq!(number, 3);
                days
            };
            let moments = Moments { now: NOW, after_days: &after_days };
            let dated = |rule| if matches!(rule, Rule::OnDate(_)) { Rule::OnDate(date) } else { rule };
            for (module_rule, rule) in RULES.into_iter().flat_map(|module| RULES.into_iter().map(move |own| (dated(module), dated(own)))) {
                for (of_module, of_lesson) in Before::all(1, 2).into_iter().flat_map(|a| Before::all(2, 1).into_iter().map(move |b| (a, b))) {
                    // The first lesson is in another module: the second module waits for it, the third lesson for the second.
                    let second = Planned { module_rule, ..of_lesson.planned(20) };
                    let third = Planned { id: id(3), module_rule, rule, tests: Vec::new(), assignments: Vec::new(), ..second.clone() };
                    let gates = gates(&[of_module.planned(10), second, third]);
                    let mut done = Done::default();
                    of_module.add_to(&mut done);
                    of_lesson.add_to(&mut done);
                    let lacking = [lacks(module_rule, of_module, date, days), lacks(rule, of_lesson, date, days)];
                    let after = lacking[0].0.or(lacking[1].0);
                    let not_before = [lacking[0].1, lacking[1].1].into_iter().flatten().max();
                    for bits in 0..8 {
                        let kept = Kept { is_complete: bits & 1 > 0, was_open: bits & 2 > 0, is_opened: bits & 4 > 0 };
                        let expected = if (after, not_before) == (None, None) || kept.is_complete || kept.was_open {
                            Door::Open
                        } else if kept.is_opened {
                            Door::Opened
                        } else {
                            Door::Closed(Waits { after, not_before })
                        };
                        let found = door(&gates[2], kept, &done, &moments);
                        assert_eq!(found, expected, "{module_rule:?} {rule:?} {date} {days} {of_module:?} {of_lesson:?} {kept:?}");
                        seen[match found {
                            Door::Open => 0,
                            Door::Opened => 1,
                            Door::Closed(_) => 2,
                        }] += 1;
                    }
                }
            }
        }
    }
    assert!(seen.iter().all(|count| *count > 10_000), "each answer is among them: {seen:?}");
}

fn lesson(number: u128, module: u128, rule: Rule) -> Planned {
    Planned {
        id: id(number),
        module_id: id(module),
        is_required: true,
        is_preview: false,
        module_rule: Rule::AtOnce,
        rule,
        tests: Vec::new(),
        assignments: Vec::new(),
    }
}

#[test]
fn only_required_lessons_are_waited_for() {
    let optional = Planned { is_required: false, ..lesson(2, 1, Rule::AfterPrevious) };
    let plan = [lesson(1, 1, Rule::AfterPrevious), optional, lesson(3, 2, Rule::AfterPrevious), lesson(4, 2, Rule::AfterTests)];
    assert_eq!(
        gates(&plan),
        [vec![], vec![Gate::Lesson(id(1))], vec![Gate::Lesson(id(1))], vec![]],
        "the first has nothing before it; the last waits for tests that there are not"
    );
}

#[test]
fn a_module_waits_for_what_comes_before_it() {
    let in_module = |number| Planned { module_rule: Rule::AfterPrevious, ..lesson(number, 2, Rule::AtOnce) };
    let plan = [lesson(1, 1, Rule::AtOnce), in_module(2), in_module(3)];
    assert_eq!(gates(&plan)[2], [Gate::Lesson(id(1))], "not for the lesson before it in the same module");
}

#[test]
fn what_everybody_may_read_is_not_closed() {
    let free = Planned { is_preview: true, module_rule: Rule::OnDate(NOW + 1), ..lesson(2, 1, Rule::AfterPrevious) };
    assert_eq!(gates(&[lesson(1, 1, Rule::AtOnce), free])[1], []);
}

#[test]
fn codes_with_what_they_need_are_rules() {
    assert_eq!(Rule::new("on_date", Some(7), None), Some(Rule::OnDate(7)));
    assert_eq!(Rule::new("after_days", None, Some(7)), Some(Rule::AfterDays(7)));
    for (code, at, days) in [("on_date", None, Some(7)), ("after_days", Some(7), None), ("never", None, None)] {
        assert_eq!(Rule::new(code, at, days), None, "{code}");
    }
}
