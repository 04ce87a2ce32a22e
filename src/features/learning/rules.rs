//! Pure rules of progress (progress.md).

/// Hundredths of a per cent of required lessons that are complete, cut, so that 100 % is all of them and nothing less (P3).
/// A course that requires nothing is at 100 %.
pub const fn progress_hundredths(completed: i64, required: i64) -> i64 {
    if required <= 0 || completed >= required {
        10_000
    } else if completed <= 0 {
        0
    } else {
        completed * 10_000 / required
    }
}

/// Whole per cent for showing: 99,99 % is shown as 99, not as 100.
pub const fn whole_percent(hundredths: i32) -> i32 {
    hundredths / 100
}

/// What a lesson needs and has (P1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LessonFacts {
    /// The learner marked it as read.
    pub is_marked: bool,
    /// Tests that must be passed.
    pub tests_required: i64,
    /// How many of them are passed.
    pub tests_passed: i64,
    /// Assignments that must be sent or accepted.
    pub assignments_required: i64,
    /// How many of them are so.
    pub assignments_met: i64,
}

impl LessonFacts {
    /// Whether all that the author requires is met.
    pub const fn is_complete(&self) -> bool {
        self.is_marked && self.tests_passed >= self.tests_required && self.assignments_met >= self.assignments_required
    }
}

/// Where "continue" leads (P7): the first required lesson that is not complete, else the first optional one. Takes lessons in
/// order as (required, complete); gives the index.
pub fn next_lesson(lessons: &[(bool, bool)]) -> Option<usize> {
    let first = |wanted: bool| lessons.iter().position(|(required, complete)| *required == wanted && !complete);
    first(true).or_else(|| first(false))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn continue_leads_to_required_lessons_first() {
        assert_eq!(next_lesson(&[(false, false), (true, true), (true, false)]), Some(2));
        assert_eq!(next_lesson(&[(false, false), (true, true)]), Some(0));
        assert_eq!(next_lesson(&[(true, true), (false, true)]), None);
        assert_eq!(next_lesson(&[]), None);
    }

    #[test]
    fn a_lesson_needs_everything_that_is_required() {
        let facts = LessonFacts { is_marked: true, tests_required: 1, tests_passed: 0, assignments_required: 0, assignments_met: 0 };
        assert!(!facts.is_complete());
        assert!(LessonFacts { tests_passed: 1, ..facts }.is_complete());
        assert!(!LessonFacts { tests_passed: 1, is_marked: false, ..facts }.is_complete());
        assert!(!LessonFacts { tests_passed: 1, assignments_required: 1, ..facts }.is_complete());
    }

    proptest! {
        #[test]
        fn progress_never_exceeds_the_whole_nor_falls(completed in 0_i64..500, required in 0_i64..500) {
            let progress = progress_hundredths(completed, required);
            prop_assert!((0..=10_000).contains(&progress));
            prop_assert!(progress_hundredths(completed + 1, required) >= progress);
            prop_assert_eq!(progress == 10_000, completed >= required);
        }
    }
}
