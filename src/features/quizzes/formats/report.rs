//! What became of a file's questions: each is taken, or named with its line and the reason.

use crate::features::quizzes::content::{Fault, QuestionContent};

/// What was read from a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Import {
    /// The questions that can be taken, in the file's order.
    pub questions: Vec<Imported>,
    /// What was not taken, and what was taken otherwise than it was written; in the file's order.
    pub report: Vec<Remark>,
    /// The categories that the file names, each once.
    pub categories: Vec<String>,
}

/// A question that can be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// Where it begins, from 1.
    pub line: u32,
    /// The question.
    pub content: QuestionContent,
}

/// A line of the report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// Where the question begins, or what is wrong in it; from 1.
    pub line: u32,
    /// Its name, or the beginning of its text.
    pub name: String,
    /// What became of it.
    pub outcome: Outcome,
}

/// What became of a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is not taken.
    NotTaken(Reason),
    /// It is taken, and this is not as it was written.
    Changed(Change),
}

/// Why a question is not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// `{` is not closed.
    UnclosedBrace,
    /// `}` closes nothing.
    StrayBrace,
    /// A second `{`: no empty line parts it from the next question.
    SecondBrace,
    /// The name that `::` begins does not end.
    UnclosedName,
    /// A text without an answer is not a question.
    Description,
    /// A type that tests here don't have.
    UnknownType(String),
    /// No number, or one with more digits than fit.
    BadNumber(String),
    /// No percentage, or one above 100.
    BadWeight(String),
    /// A pattern with `*` would accept what can't be compared here.
    Wildcard,
    /// The answers can't be read.
    BadAnswer,
    /// A gap names a word that is not there, or stands where none can.
    BadGap,
    /// A text has more marks than can be converted, or shows other words without them.
    TextTooComplex,
    /// A text is too long.
    TextTooLong,
    /// Characters that can't be stored.
    BadCharacters,
    /// It is no whole question.
    Invalid(Fault),
}

/// What is otherwise than it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Options of a single choice that gave a part of the credit are wrong here.
    PartialCredit,
    /// What ticks and places are worth follows the school's rule.
    Scoring,
    /// Capital and small letters are the same here.
    CaseIgnored,
    /// Remarks that have no place here: on wrong answers that are typed, on an answer as a whole, hints.
    RemarksDropped,
    /// A picture is to be uploaded and put in its place.
    Picture(String),
    /// Sound, video, scripts, forms, links into the other system.
    MediaDropped,
    /// The words stay, their look changed.
    FormattingDropped,
    /// Units beside the first.
    UnitsDropped,
    /// What the answer begins with, its size, or its attachments.
    AnswerFormDropped,
}

/// Why a file can't be read at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileProblem {
    /// More megabytes than this.
    TooLarge(u32),
    /// Not UTF-8 from this line on.
    NotUtf8(u32),
    /// Says that it is written in another encoding.
    Encoding(String),
    /// A document type, which may hide entities, in this line.
    Doctype(u32),
    /// Not well-formed in this line.
    NotWellFormed(u32),
    /// Another kind of file.
    OtherFormat,
    /// More questions than this.
    TooManyQuestions(usize),
    /// Reading took too long.
    TooSlow,
}
