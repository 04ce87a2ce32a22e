//! The questions of a GIFT file, parted by empty lines.

use super::marks;

/// The lines of a question without comments.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Block {
    /// Where it begins in the file, from 1.
    pub line: u32,
    pub text: String,
    /// For each line of the text its line in the file.
    lines: Vec<u32>,
    /// `$CATEGORY:` before it.
    pub category: Option<String>,
    /// `[tag:light]` and the like in its comments, in order.
    pub properties: Vec<(String, String)>,
}

impl Block {
    /// The line of the file that a place of the text lies in.
    pub fn line_of(&self, at: usize) -> u32 {
        let breaks = self.text.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count();
        self.lines.get(breaks).copied().unwrap_or(self.line)
    }

    fn push(&mut self, line: &str, number: u32) {
        if self.lines.is_empty() {
            self.line = number;
        } else {
            self.text.push('\n');
        }
        self.text.push_str(line);
        self.lines.push(number);
    }
}

/// Goes through a file.
pub(super) struct Blocks<'a> {
    lines: Vec<&'a str>,
    at: usize,
}

/// How far a line leads through braces.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Braces {
    None,
    Open,
    Closed,
}

impl<'a> Blocks<'a> {
    pub fn new(text: &'a str) -> Self {
        Self { lines: text.lines().collect(), at: 0 }
    }

    /// Whether an answer that stands open here is closed before anything that begins a question. An author may part answers by empty lines.
    fn is_closed_later(&self, from: usize) -> Option<usize> {
        for (at, line) in self.lines.iter().enumerate().skip(from) {
            let line = line.trim();
            if line.starts_with("::") || line.starts_with("$CATEGORY:") {
                return None;
            }
            if line.starts_with("//") {
                continue;
            }
            match (marks::find(line, "{"), marks::find(line, "}")) {
                (None, None) => {}
                (opened, Some(closed)) if opened.is_none_or(|opened| closed < opened) => return Some(at),
                _ => return None,
            }
        }
        None
    }
}

impl Iterator for Blocks<'_> {
    type Item = Block;

    fn next(&mut self) -> Option<Block> {
        let mut block = Block::default();
        let mut braces = Braces::None;
        let mut closes_at = 0;
        while let Some(line) = self.lines.get(self.at) {
            let number = u32::try_from(self.at).unwrap_or(u32::MAX).saturating_add(1);
            let line = line.trim();
            if let Some(comment) = line.strip_prefix("//") {
                properties(comment, &mut block.properties);
            } else if line.is_empty() {
                let goes_on = braces == Braces::Open
                    && (self.at < closes_at
                        || self.is_closed_later(self.at).is_some_and(|at| {
                            closes_at = at;
                            true
                        }));
                if goes_on {
                    block.push(line, number);
                } else if !block.lines.is_empty() {
                    break;
                } else {
                    // What a comment says holds for the question right below it.
                    block.properties.clear();
                }
            } else if let Some(path) = line.strip_prefix("$CATEGORY:") {
                if !block.lines.is_empty() || block.category.is_some() {
                    break;
                }
                block.category = Some(path.trim().to_owned());
            } else if braces == Braces::Closed && line.starts_with("::") {
                break;
            } else {
                block.push(line, number);
                braces = after(braces, line);
            }
            self.at += 1;
        }
        (!block.lines.is_empty() || block.category.is_some()).then_some(block)
    }
}

fn after(before: Braces, line: &str) -> Braces {
    let (opened, closed) = (marks::find(line, "{"), marks::find(line, "}"));
    match before {
        Braces::None if opened.is_some() => {
            let is_closed = opened.is_some_and(|opened| marks::find(&line[opened..], "}").is_some());
            if is_closed { Braces::Closed } else { Braces::Open }
        }
        Braces::Open if closed.is_some() => Braces::Closed,
        _ => before,
    }
}

/// Properties of a question in brackets, as Moodle writes them: `[id:7] [tag:light]`. A backslash guards `]` and itself.
fn properties(comment: &str, found: &mut Vec<(String, String)>) {
    let mut rest = comment;
    while let Some((_, after)) = rest.split_once('[') {
        let Some((name, value)) = after.split_once(':').filter(|(name, _)| name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')) else {
            rest = after;
            continue;
        };
        let mut text = String::new();
        let mut chars = value.char_indices();
        let end = loop {
            match chars.next() {
                None => break None,
                Some((at, ']')) => break Some(at),
                Some((_, '\\')) => match chars.next() {
                    Some((_, 'n')) => text.push('\n'),
                    Some((_, c)) => text.push(c),
                    None => break None,
                },
                Some((_, c)) => text.push(c),
            }
        };
        let Some(end) = end else { return };
        found.push((name.to_owned(), text));
        rest = &value[end + 1..];
    }
}

/// A property as a comment holds it.
pub(super) fn property(name: &str, value: &str) -> String {
    format!("[{name}:{}]", value.replace('\\', "\\\\").replace(']', "\\]").replace('\n', "\\n").replace('\r', ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocks(text: &str) -> Vec<(u32, String)> {
        Blocks::new(text).map(|block| (block.line, block.text)).collect()
    }

    #[test]
    fn empty_lines_part_questions_but_not_answers() {
        assert_eq!(blocks("\n// да\nРаз?{T}\n\n\nДва?{\n=а\n\n=б\n}"), [(3, "Раз?{T}".to_owned()), (6, "Два?{\n=а\n\n=б\n}".to_owned())]);
        assert_eq!(blocks("Раз?{=а\n\nДва?{=б}"), [(1, "Раз?{=а".to_owned()), (3, "Два?{=б}".to_owned())]);
        assert_eq!(blocks("::а::Раз?{T}\n::б::Два?{F}"), [(1, "::а::Раз?{T}".to_owned()), (2, "::б::Два?{F}".to_owned())]);
    }

    #[test]
    fn categories_and_properties_are_heard() {
        let text = "$CATEGORY: $course$/Свет\n\n// [id:7] вопрос [tag:тень] [tag:a\\]b\\\\c]\nРаз?{T}\n";
        let found: Vec<_> = Blocks::new(text).collect();
        assert_eq!((found.len(), found[0].category.as_deref()), (1, Some("$course$/Свет")));
        let expected = [("id", "7"), ("tag", "тень"), ("tag", "a]b\\c")].map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!((found[0].line, found[0].properties.as_slice()), (4, &expected[..]));
        assert_eq!(property("tag", "a]b\\c"), "[tag:a\\]b\\\\c]");
    }

    #[test]
    fn lines_are_those_of_the_file() {
        let block = Blocks::new("Раз?{\n// нет\n=а\n=б").next().expect("a block");
        assert_eq!(block.line_of(block.text.find("=б").expect("there")), 4);
    }
}
