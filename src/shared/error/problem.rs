//! What may be wrong with a form.

use serde::{Deserialize, Serialize};

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
    /// There is no such code of a discount, or not for this.
    CodeUnknown,
    /// The code of a discount does not hold yet, or not any more.
    CodeOutOfTerm,
    /// The code of a discount was used as often as it may be.
    CodeUsedUp,
    /// There is such a code already.
    CodeTaken,
    /// A number whose form or check digit is not right.
    NotThatNumber,
    /// No date, or the last day is before the first.
    NotADate,
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
    pub(super) const fn status(&self) -> u16 {
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
