//! Headings: their anchors, and what stands in a rendered text.

use std::collections::HashMap;

/// Begins every heading's anchor, so that none is an id of the page around the text.
const PREFIX: &str = "h-";
/// Characters of an anchor.
const ANCHOR_MAX: usize = 60;

/// A heading of a rendered text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// 2 to 4.
    pub level: u8,
    /// Its anchor.
    pub id: String,
    /// Its words.
    pub text: String,
}

/// The anchors given so far, and the number with which the next one of the same words is tried.
#[derive(Debug, Default)]
pub(super) struct Anchors(HashMap<String, u32>);

impl Anchors {
    /// An anchor of a heading's words: letters and digits of any script, the same as long as the words are; a number behind it where it
    /// was given already.
    pub fn give(&mut self, text: &str) -> String {
        let mut anchor = String::from(PREFIX);
        for c in text.chars().flat_map(char::to_lowercase) {
            if c.is_alphanumeric() {
                anchor.push(c);
            } else if !anchor.ends_with('-') {
                anchor.push('-');
            }
        }
        let anchor: String = anchor.chars().take(ANCHOR_MAX).collect();
        let anchor = anchor.trim_end_matches('-');
        let plain = if anchor.len() < PREFIX.len() { PREFIX } else { anchor };
        let Some(mut number) = self.0.get(plain).copied() else {
            self.0.insert(plain.to_owned(), 2);
            return plain.to_owned();
        };
        loop {
            let given = format!("{plain}-{number}");
            number += 1;
            if !self.0.contains_key(&given) {
                self.0.insert(plain.to_owned(), number);
                self.0.insert(given.clone(), 2);
                return given;
            }
        }
    }
}

/// The headings that have anchors in HTML of [`super::render`].
pub fn headings(html: &str) -> Vec<Heading> {
    html.split("<h").skip(1).filter_map(heading).collect()
}

/// `2 id="h-light">Light</h2>…`
fn heading(rest: &str) -> Option<Heading> {
    let level = rest.bytes().next().filter(|byte| (b'2'..=b'4').contains(byte))? - b'0';
    let (id, rest) = rest.get(1..)?.strip_prefix(" id=\"")?.split_once("\">")?;
    let (inner, _) = rest.split_once("</h")?;
    Some(Heading { level, id: id.to_owned(), text: text_of(inner) })
}

/// The text of sanitised HTML without elements.
fn text_of(html: &str) -> String {
    let mut text = String::new();
    for (index, part) in html.split('<').enumerate() {
        text.push_str(if index == 0 { part } else { part.split_once('>').map_or("", |(_, text)| text) });
    }
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&nbsp;", "\u{a0}").replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anchors_are_words_and_no_two_are_the_same() {
        let mut anchors = Anchors::default();
        for (text, anchor) in [
            ("Свет в классе", "h-свет-в-классе"),
            ("Свет в классе!", "h-свет-в-классе-2"),
            ("Свет в классе 2", "h-свет-в-классе-2-2"),
            ("f/2,8 & ISO", "h-f-2-8-iso"),
            ("…", "h-"),
            ("", "h--2"),
            ("\"><script>", "h-script"),
        ] {
            assert_eq!(anchors.give(text), anchor, "{text}");
        }
        assert!(anchors.give(&"слово ".repeat(100)).chars().count() <= ANCHOR_MAX);
    }
}
