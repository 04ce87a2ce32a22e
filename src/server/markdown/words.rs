//! The words of a text without its marks.

use comrak::nodes::{AstNode, NodeValue};
use comrak::{Arena, Options};

/// CommonMark with tables, strike-through and addresses as links.
pub(super) fn options() -> Options<'static> {
    let mut options = Options::default();
    options.extension.table = true;
    options.extension.strikethrough = true;
    options.extension.autolink = true;
    options
}

/// A line for each block that has words.
pub(super) fn plain_text<'a>(document: &'a AstNode<'a>) -> String {
    let mut words = String::new();
    for node in document.descendants() {
        match &node.data.borrow().value {
            NodeValue::Text(text) => words.push_str(text),
            NodeValue::Code(code) => words.push_str(&code.literal),
            NodeValue::CodeBlock(code) => {
                words.push('\n');
                words.push_str(&code.literal);
            }
            NodeValue::Math(math) => words.push_str(&math.literal),
            value if value.block() => words.push('\n'),
            _ => words.push(' '),
        }
    }
    let lines = words.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

/// The words in one line of at most `most` characters.
pub fn excerpt(markdown: &str, most: usize) -> String {
    let arena = Arena::new();
    let words = plain_text(comrak::parse_document(&arena, markdown, &options())).replace('\n', " ");
    if words.chars().count() <= most {
        return words;
    }
    let cut: String = words.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", cut.trim_end())
}
