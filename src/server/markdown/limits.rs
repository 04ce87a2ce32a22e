//! What a text may be, so that rendering it stays quick whatever was written.

use super::TextProblem;
use comrak::nodes::{AstNode, NodeValue};

/// Characters of a text.
pub(super) const CHARACTERS_MAX: u32 = 200_000;
/// Bytes of the HTML: cells that a table did not write and the like make it longer than its source.
pub(super) const HTML_MAX: usize = 4 * 1024 * 1024;
/// Marks of quotations and lists at the beginning of one line.
const MARKS_IN_LINE: usize = 40;
/// Nodes inside each other, words within emphasis within a list within a quotation.
const DEPTH: usize = 64;
/// Cells of all tables.
const CELLS: usize = 20_000;

/// Before parsing, whose time grows with lines times depth.
pub(super) fn check_source(markdown: &str) -> Result<(), TextProblem> {
    let most = CHARACTERS_MAX as usize;
    // No character is longer than four bytes: most texts need not be counted.
    if markdown.len() > most * 4 || markdown.chars().count() > most {
        return Err(TextProblem::TooLong(CHARACTERS_MAX));
    }
    if markdown.lines().any(|line| marks(line) > MARKS_IN_LINE) { Err(TextProblem::TooDeep) } else { Ok(()) }
}

/// How many quotations and list items a line begins, at most.
fn marks(line: &str) -> usize {
    let mut count = 0;
    let mut bytes = line.bytes().peekable();
    while let Some(byte) = bytes.next() {
        match byte {
            b' ' | b'\t' | b'0'..=b'9' => {}
            b'>' => count += 1,
            b'-' | b'+' | b'*' | b'.' | b')' if bytes.peek().is_none_or(|next| b" \t".contains(next)) => count += 1,
            _ => break,
        }
    }
    count
}

/// After parsing: what no line shows by itself.
pub(super) fn check_tree<'a>(document: &'a AstNode<'a>) -> Result<(), TextProblem> {
    let mut cells = 0;
    let mut depth: usize = 0;
    for edge in document.traverse() {
        match edge {
            comrak::arena_tree::NodeEdge::Start(node) => {
                depth += 1;
                cells += usize::from(matches!(node.data.borrow().value, NodeValue::TableCell));
            }
            comrak::arena_tree::NodeEdge::End(_) => depth -= 1,
        }
        if depth > DEPTH {
            return Err(TextProblem::TooDeep);
        }
        if cells > CELLS {
            return Err(TextProblem::TooLong(CHARACTERS_MAX));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_at_the_beginning_of_a_line_are_counted() {
        for (line, count) in
            [("текст > - *", 0), ("> - 1. текст", 3), (">>> x", 3), ("---", 0), ("**жирно**", 0), ("- - -", 3), ("    1) а", 1), ("-5 градусов", 0)]
        {
            assert_eq!(marks(line), count, "{line}");
        }
    }
}
