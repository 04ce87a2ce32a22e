//! What may be told, with what is needed to tell it later in any language. Kept as JSON in `notifications.payload`.

use crate::features::notifications::rules::{Channel, Mode, Topic, Unlinked};
use crate::server::jobs::Job;
use crate::shared::fraction::Fraction;
use crate::shared::href;
use crate::shared::i18n::{Locale, notice as texts};
use crate::shared::role::Role;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A piece of news for one person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Notice {
    /// They may learn in a course.
    Enrolled { slug: String, course: String },
    /// They finished a course.
    CourseCompleted { slug: String, course: String },
    /// Staff opened a lesson for them.
    LessonOpened { slug: String, lesson_id: Uuid, lesson: String },
    /// Staff took that back.
    OpeningTakenBack { slug: String, lesson: String },
    /// Staff took their completion of a lesson back.
    LessonReset { slug: String, lesson_id: Uuid, lesson: String },
    /// The moment came for which a lesson waited.
    LessonCameOpen { slug: String, lesson_id: Uuid, lesson: String },
    /// The moment came for which several lessons of a course waited.
    LessonsCameOpen { slug: String, course: String, count: i64 },
    /// Their attempt is graded. The points, as numerator and denominator, unless the test hides them; and the most there is.
    AttemptGraded { attempt_id: Uuid, test: String, points: Option<(i64, i64)>, max_points: i32 },
    /// The mark of their attempt is another one now.
    MarkChanged { attempt_id: Uuid, test: String, points: Option<(i64, i64)>, max_points: i32 },
    /// A learner's test is not passed any more.
    PassLost { attempt_id: Uuid, test: String, learner: String },
    /// Somebody asked a question under a lesson.
    QuestionAsked { thread_id: Uuid, lesson: String, author: String },
    /// Somebody replied in a thread that they follow.
    ReplyPosted { thread_id: Uuid, lesson: String, author: String },
    /// The school announces something.
    Announced { announcement_id: Uuid, title: String, course: String },
    /// A learner's open answers wait.
    ReviewWaiting { attempt_id: Uuid, test: String, learner: String },
    /// Half of the promised time is gone.
    PromiseHalfGone { attempt_id: Uuid, test: String, learner: String },
    /// The promised moment is near.
    PromiseDueSoon { attempt_id: Uuid, test: String, learner: String },
    /// The promised moment is past.
    PromiseBroken { attempt_id: Uuid, test: String, learner: String },
    /// Their work comes back.
    WorkReturned { assignment_id: Uuid, work: String },
    /// Their work is accepted.
    WorkAccepted { assignment_id: Uuid, work: String },
    /// Their work is refused for good.
    WorkRejected { assignment_id: Uuid, work: String },
    /// The date of their work passed.
    WorkExpired { assignment_id: Uuid, work: String },
    /// A learner's work waits.
    WorkWaiting { submission_id: Uuid, work: String, learner: String },
    /// Half of the promised time is gone.
    WorkHalfGone { submission_id: Uuid, work: String, learner: String },
    /// The promised moment is near.
    WorkDueSoon { submission_id: Uuid, work: String, learner: String },
    /// The promised moment is past.
    WorkBroken { submission_id: Uuid, work: String, learner: String },
    /// A job was given up.
    JobFailed { job: String },
    /// The password was changed.
    PasswordChanged,
    /// An old session key came back, and the session was ended.
    SessionReuse,
    /// Another role.
    RoleChanged { role: String },
    /// A chat was connected to their account.
    TelegramLinked,
    /// Their chat is not connected any more.
    TelegramUnlinked { reason: Unlinked },
}

impl Notice {
    /// `notifications.kind`.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Enrolled { .. } => "enrolled",
            Self::CourseCompleted { .. } => "course_completed",
            Self::LessonOpened { .. } => "lesson_opened",
            Self::OpeningTakenBack { .. } => "opening_taken_back",
            Self::LessonReset { .. } => "lesson_reset",
            Self::LessonCameOpen { .. } => "lesson_came_open",
            Self::LessonsCameOpen { .. } => "lessons_came_open",
            Self::AttemptGraded { .. } => "attempt_graded",
            Self::MarkChanged { .. } => "mark_changed",
            Self::PassLost { .. } => "pass_lost",
            Self::QuestionAsked { .. } => "question_asked",
            Self::ReplyPosted { .. } => "reply_posted",
            Self::Announced { .. } => "announced",
            Self::ReviewWaiting { .. } => "review_waiting",
            Self::PromiseHalfGone { .. } => "promise_half_gone",
            Self::PromiseDueSoon { .. } => "promise_due_soon",
            Self::PromiseBroken { .. } => "promise_broken",
            Self::WorkReturned { .. } => "work_returned",
            Self::WorkAccepted { .. } => "work_accepted",
            Self::WorkRejected { .. } => "work_rejected",
            Self::WorkExpired { .. } => "work_expired",
            Self::WorkWaiting { .. } => "work_waiting",
            Self::WorkHalfGone { .. } => "work_half_gone",
            Self::WorkDueSoon { .. } => "work_due_soon",
            Self::WorkBroken { .. } => "work_broken",
            Self::JobFailed { .. } => "job_failed",
            Self::PasswordChanged => "password_changed",
            Self::SessionReuse => "session_reuse",
            Self::RoleChanged { .. } => "role_changed",
            Self::TelegramLinked => "telegram_linked",
            Self::TelegramUnlinked { .. } => "telegram_unlinked",
        }
    }

    /// What people choose about.
    pub const fn topic(&self) -> Topic {
        match self {
            Self::Enrolled { .. }
            | Self::CourseCompleted { .. }
            | Self::LessonOpened { .. }
            | Self::OpeningTakenBack { .. }
            | Self::LessonReset { .. }
            | Self::LessonCameOpen { .. }
            | Self::LessonsCameOpen { .. } => Topic::Courses,
            Self::AttemptGraded { .. }
            | Self::MarkChanged { .. }
            | Self::WorkReturned { .. }
            | Self::WorkAccepted { .. }
            | Self::WorkRejected { .. }
            | Self::WorkExpired { .. } => Topic::Grades,
            Self::QuestionAsked { .. } | Self::ReplyPosted { .. } => Topic::Talk,
            Self::Announced { .. } => Topic::Announcements,
            Self::ReviewWaiting { .. } | Self::PassLost { .. } | Self::WorkWaiting { .. } => Topic::Reviews,
            Self::PromiseHalfGone { .. }
            | Self::PromiseDueSoon { .. }
            | Self::PromiseBroken { .. }
            | Self::WorkHalfGone { .. }
            | Self::WorkDueSoon { .. }
            | Self::WorkBroken { .. } => Topic::Promises,
            Self::JobFailed { .. } => Topic::System,
            Self::PasswordChanged | Self::SessionReuse | Self::RoleChanged { .. } | Self::TelegramLinked | Self::TelegramUnlinked { .. } => {
                Topic::Security
            }
        }
    }

    /// When it is told, whatever its reader chose; `None` where their choice holds.
    pub fn fixed_mode(&self, channel: Channel) -> Option<Mode> {
        match self {
            // A way that fails is no way to tell of it.
            Self::JobFailed { job } if Job::is_about(job, channel) => Some(Mode::Never),
            // Of a chat its owner is told by the other channels: whoever holds the chat may not be the owner.
            Self::TelegramLinked | Self::TelegramUnlinked { .. } => Some(if channel == Channel::Telegram { Mode::Never } else { Mode::Now }),
            notice => (!notice.topic().is_chosen(channel)).then(|| notice.topic().default_mode(channel)),
        }
    }

    /// In a few words.
    pub const fn title(&self, locale: Locale) -> &'static str {
        match self {
            Self::Enrolled { .. } => texts::enrolled(locale),
            Self::CourseCompleted { .. } => texts::course_completed(locale),
            Self::LessonOpened { .. } => texts::lesson_opened(locale),
            Self::OpeningTakenBack { .. } => texts::opening_taken_back(locale),
            Self::LessonReset { .. } => texts::lesson_reset(locale),
            Self::LessonCameOpen { .. } => texts::lesson_came_open(locale),
            Self::LessonsCameOpen { .. } => texts::lessons_came_open(locale),
            Self::AttemptGraded { .. } => texts::attempt_graded(locale),
            Self::MarkChanged { .. } => texts::mark_changed(locale),
            Self::PassLost { .. } => texts::pass_lost(locale),
            Self::QuestionAsked { .. } => texts::question_asked(locale),
            Self::ReplyPosted { .. } => texts::reply_posted(locale),
            Self::Announced { .. } => texts::announced(locale),
            Self::WorkReturned { .. } => texts::work_returned(locale),
            Self::WorkAccepted { .. } => texts::work_accepted(locale),
            Self::WorkRejected { .. } => texts::work_rejected(locale),
            Self::WorkExpired { .. } => texts::work_expired(locale),
            Self::ReviewWaiting { .. } | Self::WorkWaiting { .. } => texts::review_waiting(locale),
            Self::PromiseHalfGone { .. } | Self::WorkHalfGone { .. } => texts::promise_half_gone(locale),
            Self::PromiseDueSoon { .. } | Self::WorkDueSoon { .. } => texts::promise_due_soon(locale),
            Self::PromiseBroken { .. } | Self::WorkBroken { .. } => texts::promise_broken(locale),
            Self::JobFailed { .. } => texts::job_failed(locale),
            Self::PasswordChanged => texts::password_changed(locale),
            Self::SessionReuse => texts::session_reuse(locale),
            Self::RoleChanged { .. } => texts::role_changed(locale),
            Self::TelegramLinked => texts::telegram_linked(locale),
            Self::TelegramUnlinked { .. } => texts::telegram_unlinked(locale),
        }
    }

    /// The thing's name, or a sentence.
    pub fn text(&self, locale: Locale) -> String {
        match self {
            Self::Enrolled { course, .. } | Self::CourseCompleted { course, .. } => course.clone(),
            Self::LessonOpened { lesson, .. }
            | Self::OpeningTakenBack { lesson, .. }
            | Self::LessonReset { lesson, .. }
            | Self::LessonCameOpen { lesson, .. } => lesson.clone(),
            Self::LessonsCameOpen { course, count, .. } => texts::lessons_in_course(locale, *count, course),
            Self::AttemptGraded { test, points, max_points, .. } | Self::MarkChanged { test, points, max_points, .. } => {
                match points.and_then(|(numerator, denominator)| Fraction::new(numerator, denominator)) {
                    Some(points) => texts::points(locale, test, points.decimal(locale.decimal_mark()), max_points),
                    None => test.clone(),
                }
            }
            Self::QuestionAsked { lesson, author, .. } | Self::ReplyPosted { lesson, author, .. } => texts::author_and_lesson(locale, author, lesson),
            Self::Announced { title, course, .. } => texts::title_and_course(locale, title, course),
            Self::ReviewWaiting { test, learner, .. }
            | Self::PassLost { test, learner, .. }
            | Self::PromiseHalfGone { test, learner, .. }
            | Self::PromiseDueSoon { test, learner, .. }
            | Self::PromiseBroken { test, learner, .. } => texts::learner_and_test(locale, learner, test),
            Self::WorkReturned { work, .. } | Self::WorkAccepted { work, .. } | Self::WorkRejected { work, .. } | Self::WorkExpired { work, .. } => {
                work.clone()
            }
            Self::WorkWaiting { work, learner, .. }
            | Self::WorkHalfGone { work, learner, .. }
            | Self::WorkDueSoon { work, learner, .. }
            | Self::WorkBroken { work, learner, .. } => texts::learner_and_test(locale, learner, work),
            Self::JobFailed { job } => job.clone(),
            Self::PasswordChanged => texts::password_changed_text(locale).to_owned(),
            Self::SessionReuse => texts::session_reuse_text(locale).to_owned(),
            Self::RoleChanged { role } => match Role::from_code(role) {
                Some(Role::Admin) => texts::role_admin(locale).to_owned(),
                Some(Role::Curator) => texts::role_curator(locale).to_owned(),
                _ => texts::role_student(locale).to_owned(),
            },
            Self::TelegramLinked => texts::telegram_linked_text(locale).to_owned(),
            Self::TelegramUnlinked { reason } => match reason {
                Unlinked::Asked => texts::telegram_unlinked_asked(locale),
                Unlinked::Blocked => texts::telegram_unlinked_blocked(locale),
                Unlinked::Moved => texts::telegram_unlinked_moved(locale),
            }
            .to_owned(),
        }
    }

    /// The page where it goes on.
    pub fn path(&self) -> String {
        match self {
            Self::Enrolled { slug, .. }
            | Self::CourseCompleted { slug, .. }
            | Self::OpeningTakenBack { slug, .. }
            | Self::LessonsCameOpen { slug, .. } => href::outline(slug),
            Self::LessonOpened { slug, lesson_id, .. } | Self::LessonReset { slug, lesson_id, .. } | Self::LessonCameOpen { slug, lesson_id, .. } => {
                href::lesson(slug, *lesson_id)
            }
            Self::AttemptGraded { attempt_id, .. } | Self::MarkChanged { attempt_id, .. } => href::attempt(*attempt_id),
            Self::QuestionAsked { thread_id, .. } | Self::ReplyPosted { thread_id, .. } => href::thread(*thread_id),
            Self::Announced { announcement_id, .. } => href::announcement(*announcement_id),
            Self::ReviewWaiting { attempt_id, .. }
            | Self::PassLost { attempt_id, .. }
            | Self::PromiseHalfGone { attempt_id, .. }
            | Self::PromiseDueSoon { attempt_id, .. }
            | Self::PromiseBroken { attempt_id, .. } => href::review(*attempt_id),
            Self::WorkReturned { assignment_id, .. }
            | Self::WorkAccepted { assignment_id, .. }
            | Self::WorkRejected { assignment_id, .. }
            | Self::WorkExpired { assignment_id, .. } => href::assignment(*assignment_id),
            Self::WorkWaiting { submission_id, .. }
            | Self::WorkHalfGone { submission_id, .. }
            | Self::WorkDueSoon { submission_id, .. }
            | Self::WorkBroken { submission_id, .. } => href::desk(*submission_id),
            Self::JobFailed { .. } => String::from("/admin/queue"),
            Self::PasswordChanged | Self::SessionReuse => String::from("/account"),
            Self::RoleChanged { .. } => String::from("/"),
            Self::TelegramLinked | Self::TelegramUnlinked { .. } => String::from("/notifications/settings"),
        }
    }
}
