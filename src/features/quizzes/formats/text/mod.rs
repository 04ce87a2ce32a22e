//! Texts of other systems as Markdown of ours.

mod escape;
mod html;
mod math;
mod script;
#[cfg(test)]
mod tests;
mod tree;

/// How a text is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Html,
    Markdown,
    Plain,
    /// Moodle's own: plain, with the marks of HTML where they are found; a line break is one.
    Moodle,
}

/// What a text had and its Markdown has not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Lost {
    /// Pictures, by their names: their places are kept where they have an address.
    pub pictures: Vec<String>,
    /// Sound, video, scripts, forms, links into the other system.
    pub has_media: bool,
    /// How it looked, where the words stayed.
    pub has_formatting: bool,
}

/// A text as Markdown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Converted {
    pub text: String,
    pub lost: Lost,
}

/// Why a text can't be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TextProblem {
    /// Too many marks, too deep in each other, or none of the ways to write it shows the same words.
    TooComplex,
    /// Longer than any text of ours.
    TooLong,
    /// Characters that can't be stored.
    BadCharacters,
}

/// Longest text, in bytes.
const LONGEST: usize = 100_000;

/// A text as Markdown that shows the same words.
pub(super) fn to_markdown(text: &str, format: Format) -> Result<Converted, TextProblem> {
    if text.len() > LONGEST {
        return Err(TextProblem::TooLong);
    }
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return Err(TextProblem::BadCharacters);
    }
    match format {
        Format::Html => html::to_markdown(text),
        Format::Moodle if has_marks(text) => html::to_markdown(&text.trim().replace('\n', "<br>")),
        Format::Moodle | Format::Plain => Ok(Converted { text: escape::plain(text), lost: Lost::default() }),
        Format::Markdown => Ok(Converted { text: text.trim().to_owned(), lost: Lost::default() }),
    }
}

/// Whether there is something that looks like a mark of HTML: `<b>`, `</p>`, `&nbsp;`.
fn has_marks(text: &str) -> bool {
    let after = |open: char| text.split(open).skip(1);
    let is_name = |name: &str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'#');
    after('<').any(|rest| rest.trim_start_matches('/').starts_with(|c: char| c.is_ascii_alphabetic()) && rest.contains('>'))
        || after('&').any(|rest| rest.split_once(';').is_some_and(|(name, _)| name.len() <= 8 && is_name(name)))
}
