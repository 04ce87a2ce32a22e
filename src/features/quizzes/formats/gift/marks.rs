//! Marks of GIFT and their escapes: `\~ \= \# \{ \} \: \\` are themselves, `\n` is a line break; before anything else a backslash is one.

/// What a backslash takes its meaning from.
const MARKS: &[u8] = b"~=#{}:\\n";

/// The first place of `mark` that no backslash guards.
pub(super) fn find(text: &str, mark: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] == b'\\' && bytes.get(at + 1).is_some_and(|next| MARKS.contains(next)) {
            at += 2;
        } else if bytes[at..].starts_with(mark.as_bytes()) {
            return Some(at);
        } else {
            at += 1;
        }
    }
    None
}

/// The text before and after the first `mark`.
pub(super) fn split_once<'a>(text: &'a str, mark: &str) -> Option<(&'a str, &'a str)> {
    find(text, mark).map(|at| (&text[..at], &text[at + mark.len()..]))
}

/// Answers, each with the mark that begins it; before the first mark stands what belongs to none.
pub(super) fn answers<'a>(text: &'a str, marks: &[u8]) -> (&'a str, Vec<(u8, &'a str)>) {
    let bytes = text.as_bytes();
    let (mut starts, mut at) = (Vec::new(), 0);
    while at < bytes.len() {
        if bytes[at] == b'\\' && bytes.get(at + 1).is_some_and(|next| MARKS.contains(next)) {
            at += 1;
        } else if marks.contains(&bytes[at]) {
            starts.push(at);
        }
        at += 1;
    }
    let head = &text[..starts.first().copied().unwrap_or(text.len())];
    let ends = starts.iter().copied().skip(1).chain([text.len()]);
    (head, starts.iter().zip(ends).map(|(start, end)| (bytes[*start], &text[start + 1..end])).collect())
}

/// A text without its escapes.
pub(super) fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let next = rest.peek().copied().filter(|next| c == '\\' && next.is_ascii() && MARKS.contains(&(*next as u8)));
        match next {
            Some(next) => {
                out.push(if next == 'n' { '\n' } else { next });
                rest.next();
            }
            None => out.push(c),
        }
    }
    out
}

/// The other way.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => {}
            '~' | '=' | '#' | '{' | '}' | ':' | '\\' => out.extend(['\\', c]),
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_backslash_guards_marks_only() {
        assert_eq!(unescape(r"\~ \= \\ \frac \n"), "~ = \\ \\frac \n");
        assert_eq!(find(r"a\{b{c", "{"), Some(4));
        assert_eq!(find(r"a\\{", "{"), Some(3), "the backslash itself is guarded");
        assert_eq!(answers(r" x ~a\~b =c", b"~="), (" x ", vec![(b'~', r"a\~b "), (b'=', "c")]));
    }

    proptest! {
        #[test]
        fn escapes_read_back(text in r"([a-zя~=#{}:\\]|\n){0,30}") {
            let escaped = escape(&text);
            prop_assert_eq!(unescape(&escaped), text);
            for mark in ["~", "=", "#", "{", "}", ":"] {
                prop_assert_eq!(find(&escaped, mark), None);
            }
        }
    }
}
