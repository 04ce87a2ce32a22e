//! What a closed lesson waits for, in words.

use crate::shared::error::{LessonStep, LessonWaits};
use crate::shared::i18n::{Locale, learning as texts};
use crate::shared::time::LocalTime;

/// A sentence without its full stop: `Откроется 5 мая 2026, 00:00`.
pub fn waits_text(locale: Locale, waits: &LessonWaits) -> String {
    let date = |at: LocalTime| at.date_and_clock(locale);
    let after = waits.after.as_ref().map(|step| match step {
        LessonStep::Lesson(lesson) => texts::opens_after_lesson(locale, lesson),
        LessonStep::Test(test, None) => texts::opens_after_test(locale, test),
        LessonStep::Test(test, Some(at)) => texts::opens_after_review(locale, test, date(*at)),
        LessonStep::Sent(work) => texts::opens_after_sent(locale, work),
        LessonStep::Accepted(work, None) => texts::opens_after_accepted(locale, work),
        LessonStep::Accepted(work, Some(at)) => texts::opens_after_promise(locale, work, date(*at)),
    });
    match (after, waits.not_before) {
        (Some(after), Some(at)) => texts::opens_not_before(locale, after, date(at)),
        (Some(after), None) => after,
        (None, Some(at)) => texts::opens_at(locale, date(at)),
        (None, None) => String::new(),
    }
}
