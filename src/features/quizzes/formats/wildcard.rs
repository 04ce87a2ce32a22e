//! Moodle's `*` in accepted answers: any letters, and itself behind a backslash.

/// The answer without wildcards; `None` when it has one.
pub(super) fn literal(pattern: &str) -> Option<String> {
    let mut out = String::with_capacity(pattern.len());
    let mut rest = pattern.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\\' if rest.peek() == Some(&'*') => out.extend(rest.next()),
            '*' => return None,
            _ => out.push(c),
        }
    }
    Some(out)
}

/// An answer as a pattern that only it fits.
pub(super) fn pattern(answer: &str) -> String {
    answer.replace('*', "\\*")
}
