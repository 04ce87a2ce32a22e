//! The error that crosses the wire: kinds, field names and a request id; no library's text, nothing personal.

mod problem;

pub use problem::{FieldProblem, Problem};

use super::time::LocalTime;
use super::wire::JsonText;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Why an action did not happen. One kind is one HTTP status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ErrorKind {
    /// 401: nobody is signed in; pages go to `/login?next=…`.
    Unauthenticated,
    /// 403: signed in, without the right.
    Forbidden,
    /// 403: the thing is closed for now, and this is why.
    Closed(ClosedReason),
    /// 404: does not exist, or this person may not know that it does.
    NotFound,
    /// 409: somebody else was first.
    Conflict,
    /// 422, or what its first problem says: see the fields.
    Invalid,
    /// 429, with the seconds to wait.
    TooManyRequests(u32),
    /// 503: the database is away.
    Unavailable,
    /// 507: no room is left for files.
    StorageFull,
    /// 500: our fault; the log has it under the request id.
    Internal,
    /// 303: the page is elsewhere for this person.
    Elsewhere(String),
    /// The browser could not reach the server.
    Offline,
}

/// Why something that exists is closed for a person (progress.md P8).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ClosedReason {
    /// Access ended at that moment.
    AccessEnded(LocalTime),
    /// Access begins at that moment.
    AccessBegins(LocalTime),
    /// Staff paused the enrolment.
    Paused,
    /// All attempts at the test are used.
    NoAttemptsLeft,
    /// The test closed at that moment.
    TestClosed(LocalTime),
    /// The lesson is not open yet.
    Lesson(Box<ClosedLesson>),
}

/// A lesson that is not open yet, what it waits for, and where its learner may go on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClosedLesson {
    /// `courses.slug`.
    pub course_slug: String,
    /// The lesson's name.
    pub title: String,
    /// What it waits for.
    pub waits: LessonWaits,
    /// The lesson that opens it, or else the next one: id and name.
    pub go_on: Option<(Uuid, String)>,
}

/// What a closed lesson waits for; at least one of the two.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LessonWaits {
    /// The next thing for the learner to do.
    pub after: Option<LessonStep>,
    /// Not before this moment, when it is still to come.
    pub not_before: Option<LocalTime>,
}

/// A thing to do before a lesson opens, by its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LessonStep {
    /// Complete a lesson.
    Lesson(String),
    /// Pass a test; until when a curator promised to answer, if one was taken.
    Test(String, Option<LocalTime>),
    /// Send a work.
    Sent(String),
    /// Have a work accepted; until when a curator promised to answer, if it was sent.
    Accepted(String, Option<LocalTime>),
}

/// What a server function or a page's data returns instead of its value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppError {
    /// What happened.
    pub kind: ErrorKind,
    /// Problems beside fields, with [`ErrorKind::Invalid`].
    #[serde(default)]
    pub problems: Vec<FieldProblem>,
    /// Under which the log has the rest.
    #[serde(default)]
    pub request_id: String,
}

impl AppError {
    /// An error of a kind, with no fields and no request id.
    pub const fn new(kind: ErrorKind) -> Self {
        Self { kind, problems: Vec::new(), request_id: String::new() }
    }

    /// The HTTP status of this error: of the first problem, where fields are wrong.
    pub fn status(&self) -> u16 {
        match self.kind {
            ErrorKind::Unauthenticated => 401,
            ErrorKind::Forbidden | ErrorKind::Closed(_) => 403,
            ErrorKind::NotFound => 404,
            ErrorKind::Conflict => 409,
            ErrorKind::Invalid => self.problems.first().map_or(422, FieldProblem::status),
            ErrorKind::TooManyRequests(_) => 429,
            ErrorKind::Unavailable | ErrorKind::Offline => 503,
            ErrorKind::Internal => 500,
            ErrorKind::StorageFull => 507,
            ErrorKind::Elsewhere(_) => 303,
        }
    }
}

/// An id in an address; what is not one does not exist.
pub fn parse_id(text: &str) -> Result<Uuid, AppError> {
    Uuid::try_parse(text).map_err(|_| AppError::new(ErrorKind::NotFound))
}

impl std::fmt::Display for AppError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{:?}", self.kind)
    }
}

impl std::error::Error for AppError {}

impl FromServerFnError for AppError {
    type Encoder = JsonText;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        Self::new(match error {
            ServerFnErrorErr::Request(_) | ServerFnErrorErr::Response(_) => ErrorKind::Offline,
            // In the browser: an answer that is not ours (a proxy's page, a cut line), which says nothing about the request.
            ServerFnErrorErr::Deserialization(_) if cfg!(target_arch = "wasm32") => ErrorKind::Offline,
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) | ServerFnErrorErr::Deserialization(_) => ErrorKind::Invalid,
            _ => ErrorKind::Internal,
        })
    }
}
