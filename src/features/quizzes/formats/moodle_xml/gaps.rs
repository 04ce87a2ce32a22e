//! Gaps that are numbers in a text, `[[2]]`, to be filled from words: "select missing words", "drag words into text".

use super::element::Element;
use super::question::{PROMPT, raw};
use crate::features::quizzes::content::{AcceptedText, Body, Gap, GapPart, Gaps, WordBank};
use crate::features::quizzes::formats::draft::Draft;
use crate::features::quizzes::formats::report::Reason;
use crate::features::quizzes::formats::text::Format;
use crate::shared::fraction::Fraction;

/// Around the number of a gap while its text is converted: letters that no text uses.
const MARKS: (char, char) = ('\u{e000}', '\u{e001}');

/// A place for a gap.
pub(super) fn mark(number: usize) -> String {
    format!("{}{number}{}", MARKS.0, MARKS.1)
}

/// Converts a text with marks; gives what stands above the gaps and the parts.
pub(super) fn parts(marked: &str, gaps: Vec<Gap>, format: Format, element: &Element, draft: &mut Draft) -> Result<(String, Vec<GapPart>), Reason> {
    let text = draft.text(marked, format)?;
    let (prompt, own) = raw(element.child(PROMPT), format);
    let prompt = draft.text(prompt, own)?;
    let (prompt, mut rest) = match text.strip_prefix(prompt.as_str()) {
        Some(rest) if !prompt.is_empty() => (prompt, rest.trim_start()),
        _ => (String::new(), text.as_str()),
    };
    let mut parts = Vec::new();
    for (number, gap) in gaps.into_iter().enumerate() {
        let (before, after) = rest.split_once(&mark(number)).ok_or(Reason::BadGap)?;
        if !before.is_empty() {
            parts.push(GapPart::Text(before.to_owned()));
        }
        parts.push(GapPart::Gap(gap));
        rest = after;
    }
    if !rest.is_empty() {
        parts.push(GapPart::Text(rest.to_owned()));
    }
    let is_clean = |part: &GapPart| !matches!(part, GapPart::Text(text) if text.contains([MARKS.0, MARKS.1]));
    if parts.iter().all(is_clean) { Ok((prompt, parts)) } else { Err(Reason::BadGap) }
}

/// The place of the first `[[number]]`: where it begins and ends, and its number.
pub(super) fn numbered(text: &str) -> Option<(usize, usize, usize)> {
    let mut from = 0;
    while let Some(at) = text[from..].find("[[").map(|at| from + at) {
        let inner = &text[at + 2..];
        let digits = inner.bytes().take_while(u8::is_ascii_digit).count();
        if (1..=4).contains(&digits) && inner[digits..].starts_with("]]") {
            return Some((at, at + 4 + digits, inner[..digits].parse().ok()?));
        }
        from = at + 1;
    }
    None
}

pub(super) fn read(question: &str, format: Format, element: &Element, draft: &mut Draft) -> Result<(String, Body), Reason> {
    let mut words = Vec::new();
    for option in element.all("selectoption").chain(element.all("dragbox")) {
        words.push((draft.words(option.words("text"), format)?, option.words("group").to_owned()));
    }
    let (mut marked, mut rest, mut used) = (String::new(), question, Vec::new());
    while let Some((start, end, number)) = numbered(rest) {
        marked.push_str(&rest[..start]);
        marked.push_str(&mark(used.len()));
        used.push(words.get(number.wrapping_sub(1)).ok_or(Reason::BadGap)?);
        rest = &rest[end..];
    }
    marked.push_str(rest);
    let is_bank = words.iter().all(|(_, group)| *group == words[0].1);
    let gap = |(right, group): &(String, String)| {
        let others = words.iter().filter(|(word, own)| !is_bank && own == group && word != right);
        let accepted = vec![AcceptedText { text: right.clone(), credit: Fraction::ONE, remark: String::new() }];
        Gap { accepted, choices: each_once(others.map(|(word, _)| word)) }
    };
    let gaps = used.iter().map(|word| gap(word)).collect();
    let unused = words.iter().map(|(word, _)| word).filter(|word| !used.iter().any(|(right, _)| right == *word));
    let bank = is_bank.then(|| WordBank { distractors: each_once(unused) });
    let (prompt, parts) = parts(&marked, gaps, format, element, draft)?;
    Ok((prompt, Body::Gaps(Gaps { parts, bank })))
}

fn each_once<'a>(words: impl Iterator<Item = &'a String>) -> Vec<String> {
    let mut once: Vec<String> = Vec::new();
    for word in words {
        if !once.contains(word) {
            once.push(word.clone());
        }
    }
    once
}
