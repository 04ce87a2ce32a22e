//! Pure rules of progress (progress.md). When a lesson is open, what versions ask for and what of a video was watched have their files.

pub mod sequence;
pub mod versions;
pub mod watched;

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
    /// Per cent of its video that must be watched; 0 asks for nothing.
    pub video_required: i32,
    /// Per cent that was watched.
    pub video_watched: i32,
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
    /// Whether all that the author requires is met. Where a share of the video is asked for, watching it stands for the mark.
    pub const fn is_complete(&self) -> bool {
        let is_seen = if self.video_required > 0 { self.video_watched >= self.video_required } else { self.is_marked };
        is_seen && self.tests_passed >= self.tests_required && self.assignments_met >= self.assignments_required
    }
}

/// How a lesson stands for a learner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The course needs it.
    pub is_required: bool,
    /// It is complete.
    pub is_complete: bool,
    /// It may be opened now.
    pub is_open: bool,
}

/// Where "continue" leads (P7): the first required lesson that is open and not complete, else such an optional one. Takes lessons in
/// order; gives the index.
pub fn next_lesson(lessons: &[Standing]) -> Option<usize> {
    let first = |required: bool| lessons.iter().position(|lesson| lesson.is_required == required && !lesson.is_complete && lesson.is_open);
    first(true).or_else(|| first(false))
}

/// The lesson that the learner waits for: the first required one that is not complete, when none of these is open.
pub fn awaited_lesson(lessons: &[Standing]) -> Option<usize> {
    let is_left = |lesson: &Standing| lesson.is_required && !lesson.is_complete;
    if lessons.iter().any(|lesson| is_left(lesson) && lesson.is_open) { None } else { lessons.iter().position(is_left) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// `r` is required, `o` optional; a capital is complete, a mark behind it closed.
    fn standings(text: &str) -> Vec<Standing> {
        let mut lessons: Vec<Standing> = Vec::new();
        for c in text.chars() {
            match (c, lessons.last_mut()) {
                ('!', Some(last)) => last.is_open = false,
                (c, _) => lessons.push(Standing { is_required: c.eq_ignore_ascii_case(&'r'), is_complete: c.is_uppercase(), is_open: true }),
            }
        }
        lessons
    }

    #[test]
    fn continue_leads_to_open_required_lessons_first() {
        for (lessons, next, awaited) in [
            ("oRr", Some(2), None),
            ("oR", Some(0), None),
            ("RO", None, None),
            ("", None, None),
            ("Rr!r", Some(2), None),
            ("Rr!o", Some(2), Some(1)),
            ("Rr!o!", None, Some(1)),
            ("Ro!", None, None),
            ("R!r", Some(1), None),
        ] {
            assert_eq!((next_lesson(&standings(lessons)), awaited_lesson(&standings(lessons))), (next, awaited), "{lessons}");
        }
    }

    #[test]
    fn a_lesson_needs_everything_that_is_required() {
        let facts = LessonFacts {
            is_marked: true,
            video_required: 0,
            video_watched: 0,
            tests_required: 1,
            tests_passed: 0,
            assignments_required: 0,
            assignments_met: 0,
        };
        assert!(!facts.is_complete());
        assert!(LessonFacts { tests_passed: 1, ..facts }.is_complete());
        assert!(!LessonFacts { tests_passed: 1, is_marked: false, ..facts }.is_complete());
        assert!(!LessonFacts { tests_passed: 1, assignments_required: 1, ..facts }.is_complete());
    }

    #[test]
    fn watching_the_required_share_stands_for_the_mark() {
        let facts = LessonFacts {
            is_marked: true,
            video_required: 80,
            video_watched: 79,
            tests_required: 0,
            tests_passed: 0,
            assignments_required: 0,
            assignments_met: 0,
        };
        assert!(!facts.is_complete(), "marked, not watched");
        assert!(LessonFacts { video_watched: 80, is_marked: false, ..facts }.is_complete());
        assert!(!LessonFacts { video_watched: 100, tests_required: 1, ..facts }.is_complete());
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
