//! A question while it is being read.

use super::report::{Change, Import, Imported, Outcome, Reason, Remark};
use super::text::{self, Converted, Format, TextProblem};
use crate::features::quizzes::content::QuestionContent;
use crate::server::markdown;

/// Letters of a name in the report.
const NAME_SHOWN: usize = 80;

/// Converts a question's texts and remembers what changed.
#[derive(Default)]
pub(super) struct Draft {
    pub changes: Vec<Change>,
}

impl Draft {
    pub fn note(&mut self, change: Change) {
        if !self.changes.contains(&change) {
            self.changes.push(change);
        }
    }

    /// A text of any length.
    pub fn text(&mut self, raw: &str, format: Format) -> Result<String, Reason> {
        let Converted { text, lost } = text::to_markdown(raw, format)?;
        for picture in lost.pictures {
            self.note(Change::Picture(picture));
        }
        if lost.has_media {
            self.note(Change::MediaDropped);
        }
        if lost.has_formatting {
            self.note(Change::FormattingDropped);
        }
        Ok(text)
    }

    /// A text of one line.
    pub fn line(&mut self, raw: &str, format: Format) -> Result<String, Reason> {
        let text = self.text(raw, format)?;
        if !text.contains('\n') {
            return Ok(text);
        }
        let is_of_blocks = text.lines().any(|line| ["- ", "```", "|", "> ", "#", "1."].iter().any(|mark| line.trim_start().starts_with(mark)));
        if is_of_blocks {
            self.note(Change::FormattingDropped);
            return self.text(&one_line(&markdown::plain_text(&text)), Format::Plain);
        }
        Ok(one_line(&text.replace("\\\n", "\n")))
    }

    /// Words without marks, in one line.
    pub fn words(&mut self, raw: &str, format: Format) -> Result<String, Reason> {
        let has_marks = matches!(format, Format::Html | Format::Moodle) && raw.contains(['<', '&']);
        let text = self.text(raw, if has_marks { Format::Html } else { Format::Plain })?;
        Ok(one_line(&if has_marks { markdown::plain_text(&text) } else { raw.to_owned() }))
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl From<TextProblem> for Reason {
    fn from(problem: TextProblem) -> Self {
        match problem {
            TextProblem::TooComplex => Self::TextTooComplex,
            TextProblem::TooLong => Self::TextTooLong,
            TextProblem::BadCharacters => Self::BadCharacters,
        }
    }
}

impl Import {
    /// Takes a question that was read, or names it.
    pub(super) fn add(&mut self, line: u32, name: &str, draft: Draft, read: Result<QuestionContent, Reason>) {
        let whole = read.and_then(|content| match content.problems().first() {
            Some(problem) => Err(Reason::Invalid(problem.fault)),
            None => Ok(content),
        });
        match whole {
            Ok(content) => {
                let changes = draft.changes.into_iter().map(Outcome::Changed);
                let name = if content.name.is_empty() { content.prompt.as_str() } else { &content.name };
                self.report.extend(changes.map(|outcome| Remark { line, name: shown(name), outcome }));
                self.questions.push(Imported { line, content });
            }
            Err(reason) => self.refuse(line, name, reason),
        }
    }

    /// Names a question that is not taken.
    pub(super) fn refuse(&mut self, line: u32, name: &str, reason: Reason) {
        self.report.push(Remark { line, name: shown(name), outcome: Outcome::NotTaken(reason) });
    }

    /// Remembers a category; gives the tag that its questions get.
    pub(super) fn category(&mut self, path: &str) -> String {
        let path = path.trim();
        if !path.is_empty() && !self.categories.iter().any(|known| known == path) {
            self.categories.push(path.to_owned());
        }
        let own = path.strip_prefix("$course$").or_else(|| path.strip_prefix("$system$")).or_else(|| path.strip_prefix("$module$"));
        let own = own.unwrap_or(path).trim_matches('/');
        own.strip_prefix("top/").unwrap_or(if own == "top" { "" } else { own }).trim().to_owned()
    }
}

/// The beginning of a name in one line.
fn shown(name: &str) -> String {
    let mut letters = name.split_whitespace().flat_map(|word| word.chars().chain([' ']));
    let beginning: String = letters.by_ref().take(NAME_SHOWN).collect();
    let beginning = beginning.trim_end();
    if letters.next().is_some() { format!("{beginning}…") } else { beginning.to_owned() }
}
