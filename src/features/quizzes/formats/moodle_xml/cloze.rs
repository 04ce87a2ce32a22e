//! Answers that stand within a text, as Moodle's "Embedded answers": `{1:SHORTANSWER:=light#Good~%50%lamp}`.

use super::element::Element;
use super::gaps::{mark, parts};
use crate::features::quizzes::content::{AcceptedText, Body, Gap, Gaps};
use crate::features::quizzes::formats::draft::Draft;
use crate::features::quizzes::formats::report::{Change, Reason};
use crate::features::quizzes::formats::text::Format;
use crate::features::quizzes::formats::{percent, wildcard};
use crate::shared::fraction::Fraction;

/// An embedded answer.
pub(super) struct Embedded<'a> {
    pub start: usize,
    pub end: usize,
    weight: &'a str,
    kind: &'a str,
    answers: &'a str,
}

/// The first embedded answer of a text. One that nothing closes ends where the text does.
pub(super) fn find(text: &str) -> Option<Embedded<'_>> {
    let mut from = 0;
    while let Some(start) = text[from..].find('{').map(|at| from + at) {
        let inner = &text[start + 1..];
        let digits = inner.bytes().take_while(u8::is_ascii_digit).count();
        let named = inner[digits..].strip_prefix(':').and_then(|rest| rest[..rest.floor_char_boundary(24)].split_once(':').map(|(kind, _)| kind));
        if let Some(kind) = named.filter(|kind| !kind.is_empty() && kind.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_')) {
            let answers_at = digits + kind.len() + 2;
            let length = unguarded(&inner[answers_at..], b'}').unwrap_or(inner.len() - answers_at);
            let end = (start + 1 + answers_at + length + 1).min(text.len());
            return Some(Embedded { start, end, weight: &inner[..digits], kind, answers: &inner[answers_at..answers_at + length] });
        }
        from = start + 1;
    }
    None
}

fn unguarded(text: &str, wanted: u8) -> Option<usize> {
    let (bytes, mut at) = (text.as_bytes(), 0);
    while let Some(byte) = bytes.get(at) {
        match *byte {
            b'\\' => at += 1,
            byte if byte == wanted => return Some(at),
            _ => {}
        }
        at += 1;
    }
    None
}

const GUARDED: &str = "}#~/\"\\";

fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let next = rest.peek().copied().filter(|next| c == '\\' && GUARDED.contains(*next));
        out.push(next.unwrap_or(c));
        if next.is_some() {
            rest.next();
        }
    }
    out
}

pub(super) fn read(question: &str, format: Format, element: &Element, draft: &mut Draft) -> Result<(String, Body), Reason> {
    let (mut marked, mut rest, mut gaps, mut weights) = (String::new(), question, Vec::new(), Vec::new());
    while let Some(found) = find(rest) {
        if !rest[found.start..found.end].ends_with('}') {
            return Err(Reason::UnclosedBrace);
        }
        marked.push_str(&rest[..found.start]);
        marked.push_str(&mark(gaps.len()));
        gaps.push(gap(&found, format, draft)?);
        weights.push(if found.weight.is_empty() { "1" } else { found.weight });
        rest = &rest[found.end..];
    }
    marked.push_str(rest);
    if weights.iter().any(|weight| *weight != weights[0]) {
        draft.note(Change::Scoring);
    }
    let (prompt, parts) = parts(&marked, gaps, format, element, draft)?;
    Ok((prompt, Body::Gaps(Gaps { parts, bank: None })))
}

fn gap(found: &Embedded<'_>, format: Format, draft: &mut Draft) -> Result<Gap, Reason> {
    let is_list = match found.kind {
        "MULTICHOICE" | "MC" | "MULTICHOICE_V" | "MCV" | "MULTICHOICE_H" | "MCH" | "MULTICHOICE_S" | "MCS" | "MULTICHOICE_VS" | "MCVS"
        | "MULTICHOICE_HS" | "MCHS" => true,
        "SHORTANSWER" | "SA" | "MW" => false,
        "SHORTANSWER_C" | "SAC" | "MWC" => {
            draft.note(Change::CaseIgnored);
            false
        }
        // A gap's number is compared as a text: without a tolerance that is the same.
        "NUMERICAL" | "NM" => false,
        other => return Err(Reason::UnknownType(other.to_owned())),
    };
    let is_number = matches!(found.kind, "NUMERICAL" | "NM");
    let (mut accepted, mut choices) = (Vec::new(), Vec::new());
    let mut rest = Some(found.answers);
    while let Some(from) = rest {
        let end = unguarded(from, b'~');
        let one = &from[..end.unwrap_or(from.len())];
        rest = end.map(|end| &from[end + 1..]);
        // A line break of the editor may stand before an answer.
        let one = one.trim().trim_start_matches("<br>").trim_start_matches("<br />").trim_start_matches("<br/>").trim_start();
        let (weight, one) = match one.strip_prefix('%').and_then(|one| one.split_once('%')) {
            Some((weight, one)) => (percent::parse(weight).ok_or_else(|| Reason::BadWeight(weight.chars().take(20).collect()))?, one),
            None => one.strip_prefix('=').map_or((Fraction::ZERO, one), |one| (Fraction::ONE, one)),
        };
        let (answer, remark) = unguarded(one, b'#').map_or((one, ""), |at| (&one[..at], &one[at + 1..]));
        let answer = draft.words(&unescape(answer), format)?;
        if weight > Fraction::ZERO {
            let text = if is_list { answer } else { wildcard::literal(&answer).ok_or(Reason::Wildcard)? };
            let text = if is_number { whole_number(&text)? } else { text };
            accepted.push(AcceptedText { text, credit: weight, remark: draft.text(&unescape(remark), format)? });
        } else {
            if !remark.is_empty() || weight < Fraction::ZERO {
                draft.note(Change::RemarksDropped);
            }
            if is_list && !choices.contains(&answer) {
                choices.push(answer);
            }
        }
    }
    Ok(Gap { accepted, choices })
}

/// A number whose tolerance is none.
fn whole_number(text: &str) -> Result<String, Reason> {
    let (value, tolerance) = text.split_once(':').unwrap_or((text, "0"));
    match tolerance.trim().parse::<u8>() {
        Ok(0) => Ok(value.trim().to_owned()),
        _ => Err(Reason::UnknownType("NUMERICAL".to_owned())),
    }
}

/// An answer as it may stand in braces.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if GUARDED.contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
