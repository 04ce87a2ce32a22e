//! Questions in the formats of other systems: GIFT and Moodle XML. Pure: no database, no web.

mod draft;
mod gift;
mod moodle_xml;
mod percent;
pub mod report;
mod scoring;
#[cfg(test)]
mod tests;
mod text;
mod wildcard;

use super::content::{Body, Matching, Pair, QuestionContent};
use report::{FileProblem, Import};
use std::time::{Duration, Instant};

/// Largest file, in megabytes.
pub const MEGABYTES_MAX: u32 = 50;
/// Most questions of a file.
pub const QUESTIONS_MAX: usize = 5_000;
/// Longest that reading a file may take.
const TIME_MAX: Duration = Duration::from_secs(20);

/// A format of other systems.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileFormat {
    /// Moodle's text format.
    Gift,
    /// Moodle's XML.
    MoodleXml,
}

impl FileFormat {
    /// The format of a code.
    pub fn from_code(code: &str) -> Option<Self> {
        match code {
            "gift" => Some(Self::Gift),
            "moodle_xml" => Some(Self::MoodleXml),
            _ => None,
        }
    }
}

/// What holds for a file as a whole.
struct Run<'a> {
    /// What true and false are called.
    words: (&'a str, &'a str),
    until: Instant,
}

impl Run<'_> {
    fn check(&self) -> Result<(), FileProblem> {
        if Instant::now() < self.until { Ok(()) } else { Err(FileProblem::TooSlow) }
    }
}

/// Reads a file: every question is taken or named. `words` are what true and false are called.
pub fn read(format: FileFormat, bytes: &[u8], words: (&str, &str)) -> Result<Import, FileProblem> {
    if bytes.len() > MEGABYTES_MAX as usize * 1024 * 1024 {
        return Err(FileProblem::TooLarge(MEGABYTES_MAX));
    }
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|error| match bytes {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => FileProblem::Encoding("UTF-16".to_owned()),
        _ => FileProblem::NotUtf8(line_of(&bytes[..error.valid_up_to()])),
    })?;
    let run = Run { words, until: Instant::now() + TIME_MAX };
    match format {
        FileFormat::Gift if text.contains('\r') => gift::read(&text.replace("\r\n", "\n").replace('\r', "\n"), &run),
        FileFormat::Gift => gift::read(text, &run),
        FileFormat::MoodleXml => moodle_xml::read(text, &run),
    }
}

/// Questions as a file, and the places of those that the format has no form for.
pub fn write(format: FileFormat, questions: &[QuestionContent], words: (&str, &str)) -> (String, Vec<usize>) {
    match format {
        FileFormat::Gift => gift::write(questions, words),
        FileFormat::MoodleXml => moodle_xml::write(questions, words),
    }
}

/// The line after so much of a file.
fn line_of(before: &[u8]) -> u32 {
    u32::try_from(before.split(|byte| *byte == b'\n').count() - 1).unwrap_or(u32::MAX).saturating_add(1)
}

/// Pairs with words that fit none: one that fits is offered already.
fn matching_of(pairs: Vec<Pair>, words: Vec<String>) -> Body {
    let mut distractors: Vec<String> = Vec::new();
    for word in words {
        if !distractors.contains(&word) && !pairs.iter().any(|pair| pair.right == word) {
            distractors.push(word);
        }
    }
    Body::Matching(Matching { pairs, distractors })
}

/// The two options and the right one, when a choice is between true and false.
fn true_or_false<'a>(body: &'a Body, words: (&str, &str)) -> Option<(bool, &'a str, &'a str)> {
    let Body::Choice(choice) = body else { return None };
    match choice.options.as_slice() {
        [yes, no] if !choice.multiple && !choice.all_or_nothing && yes.text == words.0 && no.text == words.1 && yes.is_right != no.is_right => {
            Some((yes.is_right, &yes.remark, &no.remark))
        }
        _ => None,
    }
}
