mod bad_files;
mod kinds;
mod round_trip;
mod samples;

use super::report::{Change, FileProblem, Import, Outcome, Reason};
use super::*;
use crate::features::quizzes::content::{Choice, QuestionContent};

const WORDS: (&str, &str) = ("Верно", "Неверно");

fn gift(text: &str) -> Import {
    read(FileFormat::Gift, text.as_bytes(), WORDS).expect("a file")
}

/// A quiz of questions without their frame.
fn xml(questions: &str) -> Import {
    read(FileFormat::MoodleXml, format!("<?xml version=\"1.0\"?>\n<quiz>\n{questions}</quiz>").as_bytes(), WORDS).expect("a file")
}

/// The only question of a file that is taken without a remark.
fn only(import: Import) -> QuestionContent {
    assert_eq!(import.report, []);
    let [one] = <[_; 1]>::try_from(import.questions).expect("one question");
    one.content
}

fn refusals(import: &Import) -> Vec<(u32, &Reason)> {
    let refusal = |remark: &'_ report::Remark| match &remark.outcome {
        Outcome::NotTaken(_) => Some(remark.line),
        Outcome::Changed(_) => None,
    };
    let lines = import.report.iter().filter_map(refusal);
    let reasons = import.report.iter().filter_map(|remark| if let Outcome::NotTaken(reason) = &remark.outcome { Some(reason) } else { None });
    lines.zip(reasons).collect()
}

fn changes(import: &Import) -> Vec<&Change> {
    import.report.iter().filter_map(|remark| if let Outcome::Changed(change) = &remark.outcome { Some(change) } else { None }).collect()
}

fn options(content: &QuestionContent) -> Vec<(&str, bool, &str)> {
    let Body::Choice(Choice { options, .. }) = &content.body else { panic!("no choice: {:?}", content.body) };
    options.iter().map(|option| (option.text.as_str(), option.is_right, option.remark.as_str())).collect()
}
