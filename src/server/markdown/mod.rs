//! Markdown to safe HTML, once, when a text is saved (architecture.md: rendered and sanitised on save, stored with the
//! renderer's version). The browser ships no parser.

mod clean;
mod headings;
mod limits;
mod math;
mod school;
#[cfg(test)]
mod tests;
mod video;
mod words;

pub use headings::{Heading, headings};
pub use school::Picture;
pub use words::excerpt;

use crate::shared::error::Problem;
use comrak::Arena;

/// Stored beside the HTML of the school's own texts; a change of their rules raises it, so that old texts are rendered again.
pub const RENDERER_VERSION: i32 = 2;
/// The same for what anybody writes.
pub const POST_RENDERER_VERSION: i32 = 1;

/// A text of the school, rendered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// Safe HTML.
    pub html: String,
    /// Its headings in order, with the anchors that stand in the HTML.
    pub headings: Vec<Heading>,
    /// The words without their marks, a line for each block.
    pub plain_text: String,
}

/// Why a text is not rendered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextProblem {
    /// Longer than this many characters, or it would unfold to far more than was written.
    TooLong(u32),
    /// Lists and quotations lie too deep in each other.
    TooDeep,
}

impl From<TextProblem> for Problem {
    fn from(problem: TextProblem) -> Self {
        match problem {
            TextProblem::TooLong(most) => Self::TooLong(most),
            TextProblem::TooDeep => Self::TooDeep,
        }
    }
}

/// Knows the pictures of a text: by the address that an author wrote the one to show, or none. Its answer is used where it leads to a
/// file of ours.
pub type PictureSource<'a> = &'a dyn Fn(&str) -> Option<Picture>;

/// Our own files as they are, for where nothing more is known of them.
pub fn own_files(address: &str) -> Option<Picture> {
    Some(Picture { address: address.to_owned(), ..Picture::default() })
}

/// Renders a text of the school that is the main text of its page: CommonMark with tables, call-outs, footnotes, formulas, figures,
/// videos and downloads, without raw HTML. Headings begin at level 2, for the page has the first, and have anchors.
pub fn render(markdown: &str, pictures: PictureSource<'_>) -> Result<Rendered, TextProblem> {
    render_as(markdown, pictures, true)
}

fn render_as(markdown: &str, pictures: PictureSource<'_>, has_anchors: bool) -> Result<Rendered, TextProblem> {
    limits::check_source(markdown)?;
    let arena = Arena::new();
    let options = school::options(has_anchors);
    let document = comrak::parse_document(&arena, markdown, &options);
    limits::check_tree(document)?;
    let html = school::html(document, &options, pictures, has_anchors);
    let html = clean::SCHOOL.clean(&html).to_string();
    if html.len() > limits::HTML_MAX {
        return Err(TextProblem::TooLong(limits::CHARACTERS_MAX));
    }
    Ok(Rendered { headings: headings(&html), plain_text: words::plain_text(document), html })
}

/// The HTML of a main text that is known to be no longer than it may be; else it is shown as it was written.
pub fn page_html(markdown: &str, pictures: PictureSource<'_>) -> String {
    render(markdown, pictures).map_or_else(|_| as_written(markdown), |rendered| rendered.html)
}

/// A text of the school that is a part of a page: without anchors and footnotes, which might stand there twice. What is too long or too
/// deep is shown as it was written.
pub fn to_html(markdown: &str) -> String {
    render_as(markdown, &own_files, false).map_or_else(|_| as_written(markdown), |rendered| rendered.html)
}

/// The same for a short text in a line: without the paragraph around it.
pub fn to_inline_html(markdown: &str) -> String {
    let html = to_html(markdown);
    let html = html.trim();
    match html.strip_prefix("<p>").and_then(|rest| rest.strip_suffix("</p>")) {
        Some(inner) if !inner.contains("<p>") => inner.to_owned(),
        _ => html.to_owned(),
    }
}

/// What anybody may write, where a line break is one.
pub fn post_html(markdown: &str) -> String {
    if limits::check_source(markdown).is_err() {
        return as_written(markdown);
    }
    let mut options = words::options();
    options.render.hardbreaks = true;
    let html = clean::POST.clean(&comrak::markdown_to_html(markdown, &options)).to_string();
    // A parser takes a mark of the encoding at the beginning away, so that the same text would be another one when it is cleaned again.
    html.trim_start_matches('\u{feff}').to_owned()
}

/// The words of a text without its marks, a line for each block. What is too deep stays as it was written.
pub fn plain_text(markdown: &str) -> String {
    if limits::check_source(markdown).is_err() {
        return markdown.to_owned();
    }
    let arena = Arena::new();
    words::plain_text(comrak::parse_document(&arena, markdown, &school::options(true)))
}

fn as_written(markdown: &str) -> String {
    format!("<p>{}</p>", ammonia::clean_text(markdown))
}
