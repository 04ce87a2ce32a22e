//! What an import tells, in words.

use super::question_authoring::problem_of;
use crate::features::quizzes::formats::report::{Change, FileProblem, Outcome, Reason};
use crate::shared::i18n::{Locale, exchange as texts};
use crate::ui::problem_text;

/// What became of a question.
pub fn outcome(locale: Locale, outcome: &Outcome) -> String {
    match outcome {
        Outcome::NotTaken(reason) => texts::not_taken(locale, self::reason(locale, reason)),
        Outcome::Changed(change) => texts::changed(locale, self::change(locale, change)),
    }
}

fn reason(locale: Locale, reason: &Reason) -> String {
    match reason {
        Reason::UnclosedBrace => texts::unclosed_brace(locale).to_owned(),
        Reason::StrayBrace => texts::stray_brace(locale).to_owned(),
        Reason::SecondBrace => texts::second_brace(locale).to_owned(),
        Reason::UnclosedName => texts::unclosed_name(locale).to_owned(),
        Reason::Description => texts::description(locale).to_owned(),
        Reason::UnknownType(name) => texts::unknown_type(locale, name),
        Reason::BadNumber(text) => texts::bad_number(locale, text),
        Reason::BadWeight(text) => texts::bad_weight(locale, text),
        Reason::Wildcard => texts::wildcard(locale).to_owned(),
        Reason::BadAnswer => texts::bad_answer(locale).to_owned(),
        Reason::BadGap => texts::bad_gap(locale).to_owned(),
        Reason::TextTooComplex => texts::too_complex(locale).to_owned(),
        Reason::TextTooLong => texts::too_long(locale).to_owned(),
        Reason::BadCharacters => texts::bad_characters(locale).to_owned(),
        Reason::Invalid(fault) => texts::invalid(locale, problem_text(locale, &problem_of(*fault))),
    }
}

fn change(locale: Locale, change: &Change) -> String {
    match change {
        Change::PartialCredit => texts::partial_credit(locale).to_owned(),
        Change::Scoring => texts::scoring(locale).to_owned(),
        Change::CaseIgnored => texts::case_ignored(locale).to_owned(),
        Change::RemarksDropped => texts::remarks_dropped(locale).to_owned(),
        Change::Picture(name) => texts::picture(locale, name),
        Change::MediaDropped => texts::media_dropped(locale).to_owned(),
        Change::FormattingDropped => texts::formatting_dropped(locale).to_owned(),
        Change::UnitsDropped => texts::units_dropped(locale).to_owned(),
        Change::AnswerFormDropped => texts::answer_form_dropped(locale).to_owned(),
    }
}

/// Why a file can't be read at all.
pub fn file_problem(locale: Locale, problem: &FileProblem) -> String {
    match problem {
        FileProblem::TooLarge(megabytes) => texts::file_too_large(locale, megabytes),
        FileProblem::NotUtf8(line) => texts::not_utf8(locale, line),
        FileProblem::Encoding(name) => texts::encoding(locale, name),
        FileProblem::Doctype(line) => texts::doctype(locale, line),
        FileProblem::NotWellFormed(line) => texts::not_well_formed(locale, line),
        FileProblem::OtherFormat => texts::other_format(locale).to_owned(),
        FileProblem::TooManyQuestions(most) => texts::too_many_questions(locale, most),
        FileProblem::TooSlow => texts::too_slow(locale).to_owned(),
    }
}
