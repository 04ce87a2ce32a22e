//! Plain text as Markdown that shows it unchanged.

use super::math;

/// Words as Markdown; `is_start` when they begin a line.
pub(super) fn escape(text: &str, is_start: bool) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let list_mark = if is_start { list_mark(text) } else { None };
    let mut previous = None;
    let mut rest = text.char_indices().peekable();
    while let Some((at, c)) = rest.next() {
        let next = rest.peek().map(|(_, next)| *next);
        let is_marked = match c {
            '\\' | '`' | '*' | '[' | ']' | '~' | '$' | '|' => true,
            // Within a word an underscore is one.
            '_' => !(previous.is_some_and(char::is_alphanumeric) && next.is_some_and(char::is_alphanumeric)),
            '<' => next.is_some_and(|next| next.is_ascii_alphabetic() || "/!?".contains(next)),
            '&' => next.is_some_and(|next| next.is_ascii_alphanumeric() || next == '#'),
            '#' | '>' | '-' | '+' | '=' => is_start && at == 0,
            '.' | ')' => list_mark == Some(at),
            _ => false,
        };
        if is_marked {
            out.push('\\');
        }
        out.push(c);
        previous = Some(c);
    }
    out
}

/// Where the mark of a numbered list would stand.
fn list_mark(line: &str) -> Option<usize> {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    ((1..=9).contains(&digits) && matches!(line.as_bytes().get(digits), Some(b'.' | b')'))).then_some(digits)
}

/// A text without marks: its line breaks stay, an empty line parts paragraphs, formulas in `\(…\)` and `$$…$$` are formulas.
pub(super) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut is_paragraph_open = false;
    for line in text.lines().map(str::trim) {
        if line.is_empty() {
            is_paragraph_open = false;
            continue;
        }
        if is_paragraph_open {
            out.push_str("\\\n");
        } else if !out.is_empty() {
            out.push_str("\n\n");
        }
        let mut is_start = true;
        for piece in math::pieces(line) {
            match piece {
                math::Piece::Words(words) => out.push_str(&escape(words, is_start)),
                math::Piece::Formula(formula) => out.push_str(&formula.markdown()),
            }
            is_start = false;
        }
        is_paragraph_open = true;
    }
    out
}
