//! What crosses the wire about people and figures, for administrators.

use crate::shared::error::LessonWaits;
use crate::shared::page::Page;
use crate::shared::role::Role;
use crate::shared::time::LocalTime;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// `/admin`: each figure opens the list behind it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    /// Active students.
    pub students: i64,
    /// Active curators and administrators.
    pub staff: i64,
    /// Running enrolments.
    pub enrollments: i64,
    /// Learners who did something in the last seven days.
    pub active_learners: i64,
    /// Attempts that wait for a curator.
    pub waiting: i64,
    /// Of them, past the promised moment.
    pub overdue: i64,
    /// How many learn in each course, and how far they are.
    pub courses: Vec<CourseFigures>,
}

/// A course in figures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CourseFigures {
    /// In addresses.
    pub slug: String,
    /// Name.
    pub title: String,
    /// Running enrolments.
    pub learners: i64,
    /// Mean progress in hundredths of a per cent.
    pub progress: i32,
}

/// A person in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserLine {
    /// `users.id`.
    pub id: Uuid,
    /// Name.
    pub full_name: String,
    /// Sign-in address.
    pub email: String,
    /// Role.
    pub role: Role,
    /// May sign in.
    pub is_active: bool,
    /// Running enrolments.
    pub enrollments: i64,
    /// When the account was made.
    pub created: LocalTime,
}

/// The list with the filters that made it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserList {
    /// One page, the newest accounts first.
    pub page: Page<UserLine>,
    /// How many there are in all.
    pub total: i64,
}

/// A person's page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserPage {
    /// What the list says.
    pub line: UserLine,
    /// Their photograph.
    pub photo: Option<Uuid>,
    /// Running sessions.
    pub sessions: i64,
    /// When they were last here.
    pub last_seen: Option<LocalTime>,
    /// All enrolments, the newest first.
    pub enrollments: Vec<EnrollmentLine>,
    /// Published courses without a running enrolment.
    pub courses: Vec<CourseChoice>,
    /// Lessons of running courses that are closed for them.
    pub closed_lessons: Vec<ClosedLine>,
    /// Lessons of running courses that they completed, the newest first.
    pub completed_lessons: Vec<CompletedLine>,
    /// Lessons that staff opened for them, the newest first.
    pub openings: Vec<OpeningLine>,
    /// What was done by and with this account, the newest first.
    pub log: Vec<LogLine>,
    /// It is the asking administrator's own account.
    pub is_self: bool,
}

/// An enrolment of a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrollmentLine {
    /// Course.
    pub course_title: String,
    /// `active`, `paused`, `expired`, `revoked`, `completed`.
    pub state: String,
    /// Since when.
    pub starts: LocalTime,
    /// Until when; for ever without.
    pub expires: Option<LocalTime>,
    /// Hundredths of a per cent.
    pub progress: i32,
    /// Why staff granted it.
    pub reason: Option<String>,
}

/// A lesson that is closed for a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClosedLine {
    /// `lessons.id`.
    pub lesson_id: Uuid,
    /// Name.
    pub title: String,
    /// Course.
    pub course_title: String,
    /// What it waits for, as the person is told.
    pub waits: LessonWaits,
}

/// A lesson that a person completed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompletedLine {
    /// `lessons.id`.
    pub lesson_id: Uuid,
    /// Name.
    pub title: String,
    /// Course.
    pub course_title: String,
}

/// A lesson that staff opened for a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpeningLine {
    /// `lesson_openings.id`.
    pub id: Uuid,
    /// Name of the lesson.
    pub title: String,
    /// Course.
    pub course_title: String,
    /// Who did it; the program itself without.
    pub opened_by: Option<String>,
    /// Why.
    pub reason: String,
    /// When.
    pub at: LocalTime,
}

/// A course to enrol into.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CourseChoice {
    /// `courses.id`.
    pub id: Uuid,
    /// Name.
    pub title: String,
}

/// A line of the activity log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogLine {
    /// When.
    pub at: LocalTime,
    /// Kind of event.
    pub action: String,
    /// Who did it; the program itself without.
    pub actor: Option<String>,
}

/// A line of `/admin/activity`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActivityLine {
    /// `activity_logs.id`.
    pub id: Uuid,
    /// When.
    pub at: LocalTime,
    /// Kind of event.
    pub action: String,
    /// Who did it; the program itself, or nobody signed in, without.
    pub actor: Option<String>,
    /// To or with whom; without, the subject is no person.
    pub person: Option<(Uuid, String)>,
    /// `user`, `attempt`, `enrollment`, …
    pub subject_type: String,
    /// What it was before and after, as JSON, where it is kept.
    pub before: Option<String>,
    /// As `before`.
    pub after: Option<String>,
    /// Address of the browser, unless erased.
    pub address: String,
    /// Under which the server's log has it.
    pub request_id: String,
}

/// `/admin/activity`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activity {
    /// The newest first.
    pub page: Page<ActivityLine>,
    /// Every kind of event that the log has.
    pub actions: Vec<String>,
}

/// A job of the queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueJob {
    /// `jobs.id`.
    pub id: Uuid,
    /// Kind of job.
    pub kind: String,
    /// `waiting`, `running`, `done`, `dead`.
    pub state: String,
    /// Tries so far and tries there are.
    pub attempts: (i32, i32),
    /// When it is or was due.
    pub due: LocalTime,
    /// When it ended.
    pub ended: Option<LocalTime>,
    /// Why the last try failed; empty when none did.
    pub reason: String,
}

/// A message that did not reach its reader.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undelivered {
    /// Whose it was; without a name there is no active account.
    pub user_id: Uuid,
    /// Their name.
    pub name: Option<String>,
    /// Refused for good; else given up.
    pub is_refused: bool,
    /// Why.
    pub reason: String,
    /// When it ended.
    pub at: LocalTime,
}

/// `/admin/queue`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Queue {
    /// The newest first.
    pub page: Page<QueueJob>,
    /// How many there are, by state.
    pub counts: Vec<(String, i64)>,
    /// The latest messages that Telegram did not take.
    pub undelivered: Vec<Undelivered>,
}
