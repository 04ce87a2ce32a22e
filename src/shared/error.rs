//! The error that crosses the wire: kinds, field names and a request id; no library's text, nothing personal.

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

/// What is wrong with one field of a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Problem {
    /// Nothing was given.
    Required,
    /// At least this many characters.
    TooShort(u32),
    /// At most this many characters.
    TooLong(u32),
    /// Not an e-mail address.
    NotAnEmail,
    /// Too easy to guess.
    CommonPassword,
    /// Address and password do not fit.
    WrongCredentials,
    /// The current password is not right.
    WrongPassword,
    /// Too many tries; seconds to wait.
    Throttled(u32),
    /// Consent to the legal texts is needed.
    ConsentNeeded,
    /// The letter's link was used, has expired, or never was.
    DeadLink,
    /// Not one of what is offered.
    UnknownChoice,
    /// Points must be from 0 to this, in halves.
    PointsOutOfRange(i64),
    /// The file is larger than this many megabytes.
    FileTooLarge(u32),
    /// The file is not a JPEG, PNG or WebP picture that can be read.
    NotAPicture,
    /// The file is not of a type that may stand here, or not of the type that its name says.
    WrongFileType,
    /// The file has no bytes.
    EmptyFile,
    /// The picture has more than this many million pixels.
    TooManyPixels(u32),
    /// So many uploads are not finished yet.
    TooManyUploads(u32),
    /// The person is enrolled already.
    AlreadyEnrolled,
    /// The last active administrator cannot be changed so.
    LastAdmin,
    /// Not possible with one's own account.
    OwnAccount,
    /// The attempt is over; nothing more is taken.
    AttemptOver,
    /// A later answer came from another tab or device.
    AnsweredElsewhere,
    /// Not a time of day.
    NotAClock,
    /// Contains characters that cannot be stored.
    BadCharacters,
    /// Lists and quotations lie too deep in each other.
    TooDeep,
    /// There may be no more than this many.
    TooMany(i64),
    /// Staff closed the discussion.
    ThreadClosed,
    /// The time in which a post may be changed is over.
    TooLateToEdit,
    /// Somebody else saved the same text meanwhile.
    EditedElsewhere,
    /// No whole number of minutes up to this one.
    NotMinutes(i32),
    /// No date with a time.
    NotAMoment,
    /// No whole number of days up to this one.
    NotDays(i32),
    /// No whole number from 0 to 100.
    NotAShare,
    /// Telegram gives no answer.
    TelegramAway,
    /// The line of that number is not of the form that the hint shows.
    BadLine(u32),
    /// Less than so many.
    TooFew(i64),
    /// No option is right.
    NothingRight,
    /// Only one option may be right.
    SeveralRight,
    /// Something stands there twice, or a wrong word is among the right ones.
    Repeated,
    /// A credit is above 0 and at most the whole, which one answer gives.
    BadCredit,
    /// There is no such learner in the course.
    NoSuchLearner,
    /// A corrected key may say what is right of the same items only.
    OtherItems,
    /// It counts like that already.
    SameKey,
    /// A draft of the same question would bring the old key back.
    DraftInTheWay,
    /// Marks changed since the table of them was shown.
    MarksMoved,
    /// Somebody else scored the same answer meanwhile.
    ScoredElsewhere,
    /// No amount of money.
    NotAnAmount,
    /// More than this many minor units can't be given back.
    TooMuch(i64),
    /// Nothing is to be paid (any more).
    NothingToPay,
    /// A test would ask nothing any more.
    LastQuestion,
    /// A round has nothing in it.
    NothingHandedIn,
    /// Files are still on their way.
    StillUploading,
    /// The date is past.
    DateOver,
    /// More time was given already, or there is no date.
    ExtendedAlready,
    /// Another curator holds the work.
    HeldByOther,
    /// A reason or a remark "must fix" is needed.
    ReasonNeeded,
    /// Remarks "must fix" are open: to be confirmed.
    MustFixOpen,
    /// The assignment allows no round after this one.
    NoRoundsLeft,
    /// Rounds are left: the work can be returned.
    RoundsLeft,
    /// No number of points from 0 to this, with two decimals at most.
    NotPoints(i64),
    /// No day from today on, within a year.
    NotADay,
    /// Somebody else judged the work, or took it, meanwhile.
    JudgedElsewhere,
    /// The server did not take it; nothing is lost.
    NotSent,
    /// It was never published.
    NeverPublished,
    /// The end is not after the beginning.
    EndsTooEarly,
    /// A week needs hours in which somebody works.
    NoWorkingDay,
}

/// A problem beside its field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldProblem {
    /// The field's name in the form; empty for the form as a whole.
    pub field: String,
    /// What is wrong.
    pub problem: Problem,
}

impl FieldProblem {
    /// A problem of the named field.
    pub fn new(field: &str, problem: Problem) -> Self {
        Self { field: field.to_owned(), problem }
    }

    /// The HTTP status that tells programs of this problem.
    const fn status(&self) -> u16 {
        match self.problem {
            Problem::FileTooLarge(_) | Problem::TooManyPixels(_) => 413,
            Problem::NotAPicture | Problem::WrongFileType => 415,
            Problem::Throttled(_) | Problem::TooManyUploads(_) => 429,
            Problem::TelegramAway => 503,
            Problem::HeldByOther => 409,
            _ => 422,
        }
    }
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
