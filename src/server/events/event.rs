//! The events, and what the outbox keeps of each.

use super::{AccessEvent, AuthoringEvent, DutyEvent, FileEvent, LessonEvent, MarkEvent, PaymentEvent, Record, WorkEvent, WorkMoved};
use crate::features::notifications::rules::Unlinked;
use crate::features::quizzes::rules::Reminder;
use crate::shared::role::Role;
use serde_json::{Value, json};
use uuid::Uuid;

/// What happened.
#[derive(Clone, Debug)]
pub enum Event {
    /// Somebody made an account.
    UserRegistered { user_id: Uuid },
    /// A session began.
    SignedIn { user_id: Uuid, session_id: Uuid },
    /// A wrong password, or an unknown address: written either way, so that both take the same time.
    SignInFailed { user_id: Option<Uuid> },
    /// A session ended by its owner.
    SignedOut { user_id: Uuid, session_id: Uuid },
    /// An old refresh token came back: the session was ended.
    SessionReuseDetected { user_id: Uuid, session_id: Uuid },
    /// Sessions of an account were ended.
    SessionsEnded { user_id: Uuid, count: i64 },
    /// A password was changed.
    PasswordChanged { user_id: Uuid },
    /// Somebody asked for a new password; written for unknown addresses too, so that both take the same time.
    PasswordResetRequested { user_id: Option<Uuid> },
    /// A new password was chosen with a letter's link.
    PasswordReset { user_id: Uuid },
    /// A letter's link confirmed the address.
    AddressConfirmed { user_id: Uuid },
    /// The letter that asks to confirm the address was asked for again.
    ConfirmationRequested { user_id: Uuid },
    /// A mail server refused an address for good. The log outlives people and names the letter, not the address.
    AddressRefused { letter_id: Uuid },
    /// An administrator lets letters go again to an address that was refused.
    MailPauseLifted { letter_id: Option<Uuid> },
    /// Name, language, theme, zone or photograph changed.
    AccountChanged { user_id: Uuid, before: Value, after: Value },
    /// What a person is told of, and when.
    NotificationSettingsChanged { user_id: Uuid, before: Value, after: Value },
    /// A person made a new secret address of their deadlines; the one before opens nothing any more.
    CalendarLinkRenewed { user_id: Uuid },
    /// A role was changed.
    RoleChanged { user_id: Uuid, before: Role, after: Role },
    /// An account was disabled or enabled.
    ActiveChanged { user_id: Uuid, is_active: bool },
    /// A link was asked for that connects a chat of Telegram.
    TelegramLinkRequested { user_id: Uuid },
    /// A chat of Telegram was connected to an account.
    TelegramLinked { user_id: Uuid },
    /// The chat of an account is not connected any more.
    TelegramUnlinked { user_id: Uuid, reason: Unlinked },
    /// An enrolment began.
    Enrolled { enrollment_id: Uuid, user_id: Uuid, course_id: Uuid, reason: Option<String> },
    /// A lesson is complete.
    LessonCompleted { user_id: Uuid, lesson_id: Uuid },
    /// An author changed a course.
    Authoring(AuthoringEvent),
    /// A course is complete.
    CourseCompleted { user_id: Uuid, course_id: Uuid },
    /// An attempt began.
    AttemptStarted { attempt_id: Uuid, test_id: Uuid },
    /// An attempt was handed in, by its learner or at its end.
    AttemptSubmitted { attempt_id: Uuid, test_id: Uuid, needs_review: bool },
    /// An attempt's time ended with nothing given.
    AttemptExpired { attempt_id: Uuid, test_id: Uuid },
    /// Staff took an attempt back; the reason stands with it.
    AttemptVoided { attempt_id: Uuid, test_id: Uuid, before: String, reason: String },
    /// A curator scored an open answer.
    AnswerScored { attempt_id: Uuid, question_id: Uuid, before: Value, after: Value },
    /// All answers of an attempt have their score.
    AttemptGraded { attempt_id: Uuid, test_id: Uuid, user_id: Uuid },
    /// A mark changed after it was given.
    Mark(MarkEvent),
    /// A promise of review came near, or is broken.
    ReviewReminder { attempt_id: Uuid, reminder: Reminder },
    /// A learner, or staff, began a thread under a lesson. Whom it concerns: `talk::server::service::audience`.
    QuestionAsked { thread_id: Uuid, post_id: Uuid, lesson_id: Uuid, course_id: Uuid, author_id: Uuid, is_private: bool },
    /// Somebody wrote into a thread.
    ReplyPosted { thread_id: Uuid, post_id: Uuid, author_id: Uuid, course_id: Uuid, is_by_staff: bool },
    /// An author changed their post.
    PostEdited { thread_id: Uuid, post_id: Uuid },
    /// An author withdrew their post.
    PostWithdrawn { thread_id: Uuid, post_id: Uuid },
    /// Staff hid a post; its author sees why.
    PostHidden { thread_id: Uuid, post_id: Uuid, author_id: Uuid, course_id: Uuid },
    /// Staff showed a hidden post again.
    PostShown { thread_id: Uuid, post_id: Uuid, author_id: Uuid, course_id: Uuid },
    /// Staff marked a reply as the answer, or took the mark away.
    AnswerMarked { thread_id: Uuid, post_id: Uuid, author_id: Uuid, is_answer: bool },
    /// Staff closed a thread for new replies, or opened it again.
    ThreadClosed { thread_id: Uuid, course_id: Uuid, is_closed: bool },
    /// An announcement reached its readers: `announcement_recipients`.
    AnnouncementPublished { announcement_id: Uuid, course_id: Uuid },
    /// An announcement was taken back.
    AnnouncementWithdrawn { announcement_id: Uuid, course_id: Uuid },
    /// Which lessons are open for whom, and versions of courses.
    Lesson(LessonEvent),
    /// Files of lessons.
    File(FileEvent),
    /// A learner's work on an assignment moved.
    Work(WorkEvent),
    /// Somebody else is to answer it.
    WorkMoved(WorkMoved),
    /// A curator's queue went to others, or they are back.
    Duty(DutyEvent),
    /// The promise to answer it came near, or is broken.
    WorkReminder { submission_id: Uuid, reminder: Reminder },
    /// Bought access.
    Access(AccessEvent),
    /// Orders and payments.
    Payment(PaymentEvent),
    /// The school's working hours are other ones.
    CalendarChanged { before: Value, after: Value },
    /// A job was given up.
    JobFailed { job_id: Uuid, kind: String },
}

impl Event {
    pub(super) fn record(&self) -> Record {
        let record = |kind, (subject, id): (&'static str, Uuid), before, after| Record { kind, subject: (subject, Some(id)), before, after };
        match self {
            Self::UserRegistered { user_id } => record("user_registered", ("user", *user_id), None, None),
            Self::SignedIn { user_id, session_id } => record("signed_in", ("user", *user_id), None, Some(json!({ "session_id": session_id }))),
            Self::SignInFailed { user_id } => Record { kind: "sign_in_failed", subject: ("user", *user_id), before: None, after: None },
            Self::SignedOut { user_id, session_id } => record("signed_out", ("user", *user_id), None, Some(json!({ "session_id": session_id }))),
            Self::SessionReuseDetected { user_id, session_id } => {
                record("session_reuse_detected", ("user", *user_id), None, Some(json!({ "session_id": session_id })))
            }
            Self::SessionsEnded { user_id, count } => record("sessions_ended", ("user", *user_id), None, Some(json!({ "count": count }))),
            Self::PasswordChanged { user_id } => record("password_changed", ("user", *user_id), None, None),
            Self::PasswordResetRequested { user_id } => {
                Record { kind: "password_reset_requested", subject: ("user", *user_id), before: None, after: None }
            }
            Self::PasswordReset { user_id } => record("password_reset", ("user", *user_id), None, None),
            Self::AddressConfirmed { user_id } => record("address_confirmed", ("user", *user_id), None, None),
            Self::ConfirmationRequested { user_id } => record("confirmation_requested", ("user", *user_id), None, None),
            Self::AddressRefused { letter_id } => record("address_refused", ("letter", *letter_id), None, None),
            Self::MailPauseLifted { letter_id } => Record { kind: "mail_pause_lifted", subject: ("letter", *letter_id), before: None, after: None },
            Self::AccountChanged { user_id, before, after } => {
                record("account_changed", ("user", *user_id), Some(before.clone()), Some(after.clone()))
            }
            Self::NotificationSettingsChanged { user_id, before, after } => {
                record("notification_settings_changed", ("user", *user_id), Some(before.clone()), Some(after.clone()))
            }
            Self::CalendarLinkRenewed { user_id } => record("calendar_link_renewed", ("user", *user_id), None, None),
            Self::RoleChanged { user_id, before, after } => {
                record("role_changed", ("user", *user_id), Some(json!({ "role": before.code() })), Some(json!({ "role": after.code() })))
            }
            Self::ActiveChanged { user_id, is_active } => record(
                if *is_active { "user_enabled" } else { "user_disabled" },
                ("user", *user_id),
                Some(json!({ "is_active": !is_active })),
                Some(json!({ "is_active": is_active })),
            ),
            Self::TelegramLinkRequested { user_id } => record("telegram_link_requested", ("user", *user_id), None, None),
            Self::TelegramLinked { user_id } => record("telegram_linked", ("user", *user_id), None, None),
            Self::TelegramUnlinked { user_id, reason } => record("telegram_unlinked", ("user", *user_id), None, Some(json!({ "reason": reason }))),
            Self::Enrolled { enrollment_id, user_id, course_id, reason } => record(
                "enrolled",
                ("enrollment", *enrollment_id),
                None,
                Some(json!({ "user_id": user_id, "course_id": course_id, "reason": reason })),
            ),
            Self::LessonCompleted { user_id, lesson_id } => {
                record("lesson_completed", ("lesson", *lesson_id), None, Some(json!({ "user_id": user_id })))
            }
            Self::Authoring(event) => event.record(),
            Self::CourseCompleted { user_id, course_id } => {
                record("course_completed", ("course", *course_id), None, Some(json!({ "user_id": user_id })))
            }
            Self::AttemptStarted { attempt_id, test_id } => {
                record("attempt_started", ("attempt", *attempt_id), None, Some(json!({ "test_id": test_id })))
            }
            Self::AttemptSubmitted { attempt_id, test_id, needs_review } => {
                record("attempt_submitted", ("attempt", *attempt_id), None, Some(json!({ "test_id": test_id, "needs_review": needs_review })))
            }
            Self::AttemptExpired { attempt_id, test_id } => {
                record("attempt_expired", ("attempt", *attempt_id), None, Some(json!({ "test_id": test_id })))
            }
            Self::AttemptVoided { attempt_id, test_id, before, reason } => record(
                "attempt_voided",
                ("attempt", *attempt_id),
                Some(json!({ "state": before })),
                Some(json!({ "test_id": test_id, "reason": reason })),
            ),
            Self::AnswerScored { attempt_id, question_id, before, after } => {
                record("answer_scored", ("attempt", *attempt_id), Some(before.clone()), Some(json!({ "question_id": question_id, "score": after })))
            }
            Self::AttemptGraded { attempt_id, test_id, user_id } => {
                record("attempt_graded", ("attempt", *attempt_id), None, Some(json!({ "test_id": test_id, "user_id": user_id })))
            }
            Self::ReviewReminder { attempt_id, reminder } => {
                record("review_reminder", ("attempt", *attempt_id), None, Some(json!({ "reminder": reminder.code() })))
            }
            Self::QuestionAsked { thread_id, post_id, lesson_id, course_id, author_id, is_private } => record(
                "question_asked",
                ("thread", *thread_id),
                None,
                Some(json!({ "post_id": post_id, "lesson_id": lesson_id, "course_id": course_id, "author_id": author_id, "is_private": is_private })),
            ),
            Self::ReplyPosted { thread_id, post_id, author_id, course_id, is_by_staff } => record(
                "reply_posted",
                ("thread", *thread_id),
                None,
                Some(json!({ "post_id": post_id, "author_id": author_id, "course_id": course_id, "is_by_staff": is_by_staff })),
            ),
            Self::PostEdited { thread_id, post_id } => record("post_edited", ("thread", *thread_id), None, Some(json!({ "post_id": post_id }))),
            Self::PostWithdrawn { thread_id, post_id } => record("post_withdrawn", ("thread", *thread_id), None, Some(json!({ "post_id": post_id }))),
            Self::PostHidden { thread_id, post_id, author_id, course_id } => record(
                "post_hidden",
                ("thread", *thread_id),
                None,
                Some(json!({ "post_id": post_id, "author_id": author_id, "course_id": course_id })),
            ),
            Self::PostShown { thread_id, post_id, author_id, course_id } => record(
                "post_shown",
                ("thread", *thread_id),
                None,
                Some(json!({ "post_id": post_id, "author_id": author_id, "course_id": course_id })),
            ),
            Self::AnswerMarked { thread_id, post_id, author_id, is_answer } => record(
                if *is_answer { "answer_marked" } else { "answer_unmarked" },
                ("thread", *thread_id),
                None,
                Some(json!({ "post_id": post_id, "author_id": author_id })),
            ),
            Self::ThreadClosed { thread_id, course_id, is_closed } => record(
                if *is_closed { "thread_closed" } else { "thread_opened" },
                ("thread", *thread_id),
                None,
                Some(json!({ "course_id": course_id })),
            ),
            Self::AnnouncementPublished { announcement_id, course_id } => {
                record("announcement_published", ("announcement", *announcement_id), None, Some(json!({ "course_id": course_id })))
            }
            Self::AnnouncementWithdrawn { announcement_id, course_id } => {
                record("announcement_withdrawn", ("announcement", *announcement_id), None, Some(json!({ "course_id": course_id })))
            }
            Self::Mark(event) => event.record(),
            Self::Lesson(event) => event.record(),
            Self::File(event) => event.record(),
            Self::Work(event) => event.record(),
            Self::WorkMoved(event) => event.record(),
            Self::Duty(event) => event.record(),
            Self::WorkReminder { submission_id, reminder } => {
                record("work_reminder", ("submission", *submission_id), None, Some(json!({ "reminder": reminder.code() })))
            }
            Self::Access(event) => event.record(),
            Self::Payment(event) => event.record(),
            Self::CalendarChanged { before, after } => {
                Record { kind: "calendar_changed", subject: ("school", None), before: Some(before.clone()), after: Some(after.clone()) }
            }
            Self::JobFailed { job_id, kind } => record("job_failed", ("job", *job_id), None, Some(json!({ "kind": kind }))),
        }
    }
}
