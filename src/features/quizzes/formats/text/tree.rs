//! The tree of a text that is being converted.

use super::escape::escape;
use super::math::{self, Piece};
use super::{Lost, TextProblem, script};
use comrak::nodes::{AstNode, ListType, NodeCode, NodeCodeBlock, NodeHeading, NodeLink, NodeValue};
use comrak::{Arena, Options};
use places::{complete, list};

mod places;

/// Marks inside each other.
const DEPTH: usize = 48;
/// The name of what no mark opened.
const IMPLIED: &str = "";

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Holds blocks or, like a paragraph, the words of a line.
    Block,
    /// Parts paragraphs and is nothing else.
    Boundary,
    /// Within a line; its node is made when its first word comes.
    Inline,
    /// Its words are taken as they are: preformatted, code, raised or lowered.
    Verbatim,
}

/// What stands before the next word of a line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Gap {
    None,
    Space,
    /// A space that may not break.
    Firm,
    Break,
}

struct Open<'a> {
    tag: String,
    kind: Kind,
    value: Option<NodeValue>,
    node: Option<&'a AstNode<'a>>,
}

/// See the module.
pub(super) struct Tree<'a> {
    arena: &'a Arena<'a>,
    root: &'a AstNode<'a>,
    open: Vec<Open<'a>>,
    keeps_marks: bool,
    gap: Gap,
    /// The next word begins a line.
    is_start: bool,
    verbatim: String,
    words: String,
    lost: Lost,
}

impl<'a> Tree<'a> {
    pub(super) fn new(arena: &'a Arena<'a>, keeps_marks: bool) -> Self {
        let root = arena.alloc(NodeValue::Document.into());
        let (words, verbatim) = (String::new(), String::new());
        Self { arena, root, open: Vec::new(), keeps_marks, gap: Gap::None, is_start: true, verbatim, words, lost: Lost::default() }
    }

    pub(super) fn lose_media(&mut self) {
        self.lost.has_media = true;
    }

    /// The Markdown, the words that it has to show, and what could not be kept.
    pub(super) fn finish(mut self) -> (String, String, Lost) {
        while let Some(last) = self.open.last() {
            let tag = last.tag.clone();
            self.close(&tag);
        }
        let nodes: Vec<_> = self.root.descendants().collect();
        // The innermost first: what is left empty goes with what held it.
        for node in nodes.into_iter().rev() {
            let value = node.data.borrow().value.clone();
            if node.first_child().is_none()
                && matches!(value, NodeValue::List(_) | NodeValue::Item(_) | NodeValue::BlockQuote | NodeValue::Heading(_))
            {
                node.detach();
            } else if let NodeValue::Table(_) = value {
                complete(node, self.arena);
            }
        }
        let mut options = Options::default();
        options.extension.table = true;
        options.extension.strikethrough = true;
        options.render.prefer_fenced = true;
        let mut markdown = String::new();
        // Writing into a String does not fail.
        let _ = comrak::format_commonmark(self.root, &options, &mut markdown);
        (markdown.trim().to_owned(), self.words, self.lost)
    }

    pub(super) fn open(&mut self, tag: &str, attribute: &dyn Fn(&str) -> Option<String>) -> Result<(), TextProblem> {
        if self.open.len() >= DEPTH {
            return Err(TextProblem::TooComplex);
        }
        if self.is_verbatim() {
            if tag == "br" {
                self.verbatim.push('\n');
            }
            return Ok(());
        }
        let is_cell = self.open.iter().any(|open| matches!(open.value, Some(NodeValue::TableCell)));
        match tag {
            "br" => self.line_break(is_cell),
            "img" => self.picture(&attribute("src").unwrap_or_default(), &attribute("alt").unwrap_or_default()),
            "b" | "strong" => self.push_inline(tag, Some(NodeValue::Strong)),
            "i" | "em" | "u" | "cite" | "dfn" | "var" => self.push_inline(tag, Some(NodeValue::Emph)),
            "s" | "strike" | "del" => self.push_inline(tag, Some(NodeValue::Strikethrough)),
            "a" => {
                let address = attribute("href").filter(|href| ["http://", "https://", "mailto:"].iter().any(|scheme| href.starts_with(scheme)));
                let link = address.map(|url| NodeValue::Link(Box::new(NodeLink { url, title: String::new() })));
                self.lost.has_media |= link.is_none();
                self.push_inline(tag, link);
            }
            "abbr" | "big" | "font" | "ins" | "mark" | "q" | "small" | "span" => self.push_inline(tag, None),
            "code" | "kbd" | "samp" | "tt" | "sub" | "sup" => self.push(tag, Kind::Verbatim, None, None),
            // A cell has one line.
            _ if is_cell => {
                self.lost.has_formatting |= !matches!(tag, "p" | "div");
                self.gap = if self.gap == Gap::None { Gap::Space } else { self.gap };
                self.push_inline(tag, None);
            }
            "pre" => {
                self.end_line();
                self.push(tag, Kind::Verbatim, None, None);
            }
            "thead" | "tbody" | "tfoot" => {}
            "hr" => {
                self.end_line();
                self.parent_of_blocks().append(self.arena.alloc(NodeValue::ThematicBreak.into()));
            }
            _ => self.open_block(tag, attribute),
        }
        Ok(())
    }

    fn open_block(&mut self, tag: &str, attribute: &dyn Fn(&str) -> Option<String>) {
        self.end_line();
        let value = match tag {
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                NodeValue::Heading(NodeHeading { level: tag.as_bytes()[1] - b'0', setext: false, closed: false })
            }
            "blockquote" => NodeValue::BlockQuote,
            "ul" => NodeValue::List(list(ListType::Bullet, 1)),
            "ol" => {
                // Within another list only one that begins with 1 needs no empty line before it.
                let is_nested = self.open.iter().any(|open| matches!(open.value, Some(NodeValue::List(_))));
                let start = attribute("start").and_then(|start| start.parse().ok()).filter(|start| *start < 100_000 && !is_nested);
                NodeValue::List(list(ListType::Ordered, start.unwrap_or(1)))
            }
            "li" => NodeValue::Item(list(ListType::Bullet, 1)),
            "tr" => NodeValue::TableRow(false),
            "td" | "th" => {
                self.lost.has_formatting |= ["colspan", "rowspan"].iter().any(|name| attribute(name).is_some_and(|span| span != "1"));
                NodeValue::TableCell
            }
            _ => return self.push(tag, Kind::Boundary, None, None),
        };
        self.push_block(tag, value);
    }

    /// An end mark; one that opens nothing is none.
    pub(super) fn close(&mut self, tag: &str) {
        let Some(at) = self.open.iter().rposition(|open| open.tag == tag) else { return };
        match self.open[at].kind {
            Kind::Verbatim => {
                self.open.truncate(at);
                self.end_verbatim(tag);
            }
            _ if self.is_verbatim() => {}
            // Within a line each mark ends by itself.
            Kind::Inline => {
                self.open.remove(at);
            }
            Kind::Block | Kind::Boundary => {
                self.end_line();
                // The paragraph that ended may have stood before it.
                let at = self.open.iter().rposition(|open| open.tag == tag).unwrap_or(self.open.len());
                self.open.truncate(at);
            }
        }
    }

    pub(super) fn text(&mut self, text: &str) {
        if self.is_verbatim() {
            self.verbatim.push_str(text);
            return;
        }
        let mut rest = text;
        while !rest.is_empty() {
            let words = rest.trim_start();
            let space = &rest[..rest.len() - words.len()];
            if !space.is_empty() && self.gap != Gap::Break {
                self.gap = if space == "\u{a0}" && self.gap == Gap::None { Gap::Firm } else { Gap::Space };
            }
            // Single spaces between words go with them, so that formulas with spaces stay whole.
            let end = words
                .char_indices()
                .zip(words.chars().skip(1).chain([' ']))
                .find(|((_, c), next)| c.is_whitespace() && (*c != ' ' || next.is_whitespace()));
            let run = &words[..end.map_or(words.len(), |((at, _), _)| at)];
            if !run.is_empty() {
                self.put_words(run);
            }
            rest = &words[run.len()..];
        }
    }

    fn put_words(&mut self, words: &str) {
        let parent = self.line();
        let is_cell = matches!(self.innermost().1, Some(NodeValue::TableCell));
        for piece in math::pieces(words) {
            let (shown, raw) = match piece {
                // In a table comrak guards bars itself.
                Piece::Words(words) if is_cell => (words, escape(words, self.is_start).replace("\\|", "|")),
                Piece::Words(words) => (words, escape(words, self.is_start)),
                Piece::Formula(formula) => (formula.tex, formula.markdown()),
            };
            self.words.push_str(shown);
            parent.append(self.arena.alloc(NodeValue::Raw(raw).into()));
            self.is_start = false;
        }
    }

    fn picture(&mut self, source: &str, alt: &str) {
        let address = source.strip_prefix("@@PLUGINFILE@@/").unwrap_or(source);
        if address.is_empty() || address.starts_with("data:") {
            self.lost.pictures.push(alt.to_owned());
            if !alt.trim().is_empty() {
                self.put_words(alt.trim());
            }
            return;
        }
        self.lost.pictures.push(address.to_owned());
        let parent = self.line();
        let image = self.arena.alloc(NodeValue::Image(Box::new(NodeLink { url: address.to_owned(), title: String::new() })).into());
        let alt = alt.split_whitespace().collect::<Vec<_>>().join(" ");
        if !alt.is_empty() {
            image.append(self.arena.alloc(NodeValue::Raw(escape(&alt, false)).into()));
        }
        self.words.push_str(&alt);
        parent.append(image);
        self.is_start = false;
    }

    fn line_break(&mut self, is_cell: bool) {
        let has_one_line = is_cell || matches!(self.innermost().1, Some(NodeValue::Heading(_)));
        if has_one_line {
            self.gap = Gap::Space;
        } else if self.gap == Gap::Break {
            self.end_line();
        } else if !self.is_start {
            self.gap = Gap::Break;
        }
    }

    fn end_verbatim(&mut self, tag: &str) {
        let text = std::mem::take(&mut self.verbatim);
        if text.trim().is_empty() {
            return;
        }
        match tag {
            "sub" => self.put_words(&script::lowered(text.trim())),
            "sup" => self.put_words(&script::raised(text.trim())),
            "pre" => {
                let literal = format!("{}\n", text.strip_prefix('\n').unwrap_or(&text).trim_end());
                let longest = literal.split(|c| c != '`').map(str::len).max().unwrap_or(0);
                self.words.push_str(&literal);
                let block = NodeCodeBlock {
                    fenced: true,
                    fence_char: b'`',
                    fence_length: longest.max(2) + 1,
                    fence_offset: 0,
                    info: String::new(),
                    literal,
                    closed: true,
                };
                self.parent_of_blocks().append(self.arena.alloc(NodeValue::CodeBlock(Box::new(block)).into()));
            }
            _ => {
                let literal = text.split_whitespace().collect::<Vec<_>>().join(" ");
                let parent = self.line();
                self.words.push_str(&literal);
                parent.append(self.arena.alloc(NodeValue::Code(NodeCode { num_backticks: 1, literal }).into()));
                self.is_start = false;
            }
        }
    }
}
