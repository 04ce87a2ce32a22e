//! HTML of other systems as Markdown: cleaned by ammonia, which leaves well-formed marks, read by quick-xml, written by comrak, the
//! school's own renderer, whose reading of the result is compared with the words that went in.

use super::tree::Tree;
use super::{Converted, Lost, TextProblem};
use crate::server::markdown;
use ammonia::Builder;
use comrak::Arena;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// Marks in one text: the time of a parser that mends wrong HTML grows with their square.
const MARKS_MAX: usize = 3_000;

/// What is not shown but not lost in silence either.
const MEDIA: [&str; 12] = ["audio", "button", "canvas", "embed", "form", "iframe", "input", "object", "select", "svg", "textarea", "video"];

const KNOWN: [&str; 62] = [
    "a",
    "abbr",
    "address",
    "article",
    "aside",
    "b",
    "big",
    "blockquote",
    "br",
    "caption",
    "center",
    "cite",
    "code",
    "dd",
    "del",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "main",
    "mark",
    "nav",
    "ol",
    "p",
    "pre",
    "q",
    "s",
    "samp",
    "section",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "tt",
    "u",
    "ul",
];

static CLEANER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::empty();
    builder.tags(KNOWN.into_iter().chain(MEDIA).chain(["font", "var"]).collect());
    builder.clean_content_tags(HashSet::from(["script", "style"]));
    builder.tag_attributes(HashMap::from([
        ("a", HashSet::from(["href"])),
        ("img", HashSet::from(["src", "alt"])),
        ("td", HashSet::from(["colspan", "rowspan"])),
        ("th", HashSet::from(["colspan", "rowspan"])),
        ("ol", HashSet::from(["start"])),
    ]));
    // `data:` is seen here to be named as lost, never to be shown.
    builder.url_schemes(HashSet::from(["http", "https", "mailto", "data"]));
    builder.url_relative(ammonia::UrlRelative::PassThrough);
    builder.link_rel(None);
    builder
});

/// A text in HTML as Markdown, with what could not be kept.
pub(super) fn to_markdown(html: &str) -> Result<Converted, TextProblem> {
    if html.bytes().filter(|byte| *byte == b'<').count() > MARKS_MAX {
        return Err(TextProblem::TooComplex);
    }
    let clean = CLEANER.clean(html).to_string();
    let has_script = html.as_bytes().windows(7).any(|bytes| bytes.eq_ignore_ascii_case(b"<script"));
    for keeps_marks in [true, false] {
        let arena = Arena::new();
        let mut tree = Tree::new(&arena, keeps_marks);
        read(&clean, &mut tree)?;
        let (text, words, mut lost) = tree.finish();
        if without_spaces(&markdown::plain_text(&text)) == without_spaces(&words) {
            lost.has_media |= has_script;
            return Ok(Converted { text, lost: Lost { has_formatting: lost.has_formatting || !keeps_marks, ..lost } });
        }
    }
    Err(TextProblem::TooComplex)
}

fn without_spaces(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

fn read(clean: &str, tree: &mut Tree<'_>) -> Result<(), TextProblem> {
    let mut reader = Reader::from_str(clean);
    let config = reader.config_mut();
    // `<br>` and its like are never closed.
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    let mut text = String::new();
    loop {
        match reader.read_event().map_err(|_| TextProblem::TooComplex)? {
            Event::Text(piece) => text.push_str(&piece),
            Event::GeneralRef(name) => match name.as_ref() {
                "amp" => text.push('&'),
                "lt" => text.push('<'),
                "gt" => text.push('>'),
                "quot" => text.push('"'),
                "nbsp" => text.push('\u{a0}'),
                _ => return Err(TextProblem::TooComplex),
            },
            Event::Start(tag) | Event::Empty(tag) => {
                tree.text(&std::mem::take(&mut text));
                let name = tag.name().as_ref().to_owned();
                if MEDIA.contains(&name.as_str()) {
                    tree.lose_media();
                } else {
                    tree.open(&name, &|wanted| attribute(&tag, wanted))?;
                }
            }
            Event::End(tag) => {
                tree.text(&std::mem::take(&mut text));
                tree.close(tag.name().as_ref());
            }
            Event::Eof => {
                tree.text(&text);
                return Ok(());
            }
            _ => {}
        }
    }
}

fn attribute(tag: &BytesStart<'_>, wanted: &str) -> Option<String> {
    let found = tag.html_attributes().flatten().find(|attribute| attribute.key.as_ref() == wanted)?;
    // `&amp;` last: what it guards is no other name.
    Some(found.value.replace("&quot;", "\"").replace("&nbsp;", "\u{a0}").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
}
