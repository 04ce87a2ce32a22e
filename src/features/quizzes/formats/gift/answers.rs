//! What stands in the braces of a GIFT question.

use super::marks;
use super::question::formatted;
use crate::features::quizzes::content::{AcceptedNumber, AcceptedText, Body, Choice, ChoiceOption, Decimal, Number, Pair};
use crate::features::quizzes::formats::draft::Draft;
use crate::features::quizzes::formats::report::{Change, Reason};
use crate::features::quizzes::formats::text::Format;
use crate::features::quizzes::formats::{Run, matching_of, percent, scoring, wildcard};
use crate::shared::fraction::Fraction;

/// An answer with `%50%` before it and `#…` after it.
struct Answer<'a> {
    weight: Option<Fraction>,
    text: &'a str,
    remark: &'a str,
}

fn parts(raw: &str) -> Result<Answer<'_>, Reason> {
    let raw = raw.trim();
    let (weight, rest) = match raw.strip_prefix('%').and_then(|rest| rest.split_once('%')) {
        Some((weight, rest)) => (Some(percent::parse(weight).ok_or_else(|| Reason::BadWeight(weight.chars().take(20).collect()))?), rest),
        None => (None, raw),
    };
    let (text, remark) = marks::split_once(rest, "#").unwrap_or((rest, ""));
    Ok(Answer { weight, text: text.trim(), remark: remark.trim() })
}

fn remark(raw: &str, format: Format, draft: &mut Draft) -> Result<String, Reason> {
    let (text, format) = formatted(raw, format);
    draft.text(&text, format)
}

pub(super) fn choice(answer: &str, format: Format, all_or_nothing: bool, draft: &mut Draft) -> Result<Body, Reason> {
    let (head, answers) = marks::answers(answer, b"~=");
    if !head.trim().is_empty() {
        return Err(Reason::BadAnswer);
    }
    let multiple = answers.iter().all(|(mark, _)| *mark == b'~');
    let (mut options, mut weights) = (Vec::new(), Vec::new());
    for (mark, raw) in answers {
        let parts = parts(raw)?;
        let usual = if mark == b'=' { Fraction::ONE } else { Fraction::ZERO };
        let weight = parts.weight.unwrap_or(usual);
        let (text, own) = formatted(parts.text, format);
        let is_right = scoring::is_right(weight, multiple);
        options.push(ChoiceOption { text: draft.line(&text, own)?, is_right, remark: remark(parts.remark, format, draft)? });
        weights.push(weight);
    }
    scoring::note(&weights, multiple, all_or_nothing, draft);
    Ok(Body::Choice(Choice { multiple, all_or_nothing: all_or_nothing && multiple, options }))
}

/// `T#for who is wrong#for who is right`.
pub(super) fn true_false(is_true: bool, answer: &str, format: Format, draft: &mut Draft, run: &Run<'_>) -> Result<Body, Reason> {
    let remarks = marks::split_once(answer, "#").map_or("", |(_, remarks)| remarks);
    let (wrong, right) = marks::split_once(remarks, "#").unwrap_or((remarks, ""));
    let option = |text: &str, is_right: bool, draft: &mut Draft| {
        let remark = remark(if is_right { right } else { wrong }, format, draft)?;
        Ok::<_, Reason>(ChoiceOption { text: text.to_owned(), is_right, remark })
    };
    let options = vec![option(run.words.0, is_true, draft)?, option(run.words.1, !is_true, draft)?];
    Ok(Body::Choice(Choice { multiple: false, all_or_nothing: false, options }))
}

pub(super) fn text(answer: &str, format: Format, draft: &mut Draft) -> Result<Body, Reason> {
    let (head, answers) = marks::answers(answer, b"=");
    if !head.trim().is_empty() || answers.is_empty() {
        return Err(Reason::BadAnswer);
    }
    let mut accepted = Vec::new();
    for (_, raw) in answers {
        let parts = parts(raw)?;
        let credit = parts.weight.unwrap_or(Fraction::ONE);
        if credit <= Fraction::ZERO {
            draft.note(Change::RemarksDropped);
            continue;
        }
        let text = wildcard::literal(&marks::unescape(parts.text)).ok_or(Reason::Wildcard)?;
        accepted.push(AcceptedText { text: draft.words(&text, Format::Plain)?, credit, remark: remark(parts.remark, format, draft)? });
    }
    Ok(Body::Text { accepted })
}

pub(super) fn number(answer: &str, unit: String, format: Format, draft: &mut Draft) -> Result<Body, Reason> {
    // What follows `~` is for whoever is wrong.
    let (answer, _) = marks::split_once(answer, "~").inspect(|_| draft.note(Change::RemarksDropped)).unwrap_or((answer, ""));
    let (head, answers) = marks::answers(answer, b"=");
    let alone = [(b'=', head)];
    let answers = if head.trim().is_empty() { answers.as_slice() } else { &alone };
    if answers.is_empty() || !head.trim().is_empty() && marks::find(answer, "=").is_some() {
        return Err(Reason::BadAnswer);
    }
    let mut accepted = Vec::new();
    for (_, raw) in answers {
        let parts = parts(raw)?;
        let credit = parts.weight.unwrap_or(Fraction::ONE);
        if credit <= Fraction::ZERO || parts.text == "*" {
            draft.note(Change::RemarksDropped);
            continue;
        }
        let (value, tolerance) = numbers(&marks::unescape(parts.text))?;
        accepted.push(AcceptedNumber { value, tolerance, credit, remark: remark(parts.remark, format, draft)? });
    }
    Ok(Body::Number(Number { accepted, unit }))
}

/// `value`, `value:tolerance` or `lowest..highest`.
fn numbers(text: &str) -> Result<(Decimal, Decimal), Reason> {
    let bad = || Reason::BadNumber(text.chars().take(40).collect());
    let read = |part: &str| Decimal::parse(part).ok_or_else(bad);
    if let Some((low, high)) = text.split_once("..") {
        return Decimal::between(read(low)?, read(high)?).ok_or_else(bad);
    }
    match text.split_once(':') {
        Some((value, tolerance)) => Ok((read(value)?, read(tolerance)?)),
        None => Ok((read(text)?, Decimal::ZERO)),
    }
}

pub(super) fn matching(answer: &str, format: Format, draft: &mut Draft) -> Result<Body, Reason> {
    let (head, answers) = marks::answers(answer, b"=");
    if !head.trim().is_empty() {
        return Err(Reason::BadAnswer);
    }
    let (mut pairs, mut distractors) = (Vec::new(), Vec::new());
    for (_, raw) in answers {
        let (left, right) = raw.split_once("->").ok_or(Reason::BadAnswer)?;
        let right = draft.words(&marks::unescape(right), format)?;
        if left.trim().is_empty() {
            distractors.push(right);
        } else {
            let (left, own) = formatted(left, format);
            pairs.push(Pair { left: draft.line(&left, own)?, right });
        }
    }
    Ok(matching_of(pairs, distractors))
}

/// The form of Moodle's plugin: `>3 ALL VERTICAL …`, then an item in each line.
pub(super) fn ordering(answer: &str, format: Format, draft: &mut Draft) -> Result<Body, Reason> {
    let mut lines = answer.lines().map(str::trim).filter(|line| !line.is_empty());
    let settings = lines.next().unwrap_or_default();
    if !settings.split_whitespace().all(|word| word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')) {
        return Err(Reason::BadAnswer);
    }
    if !settings.contains("RELATIVE_NEXT_EXCLUDE_LAST") {
        draft.note(Change::Scoring);
    }
    let items = lines.map(|line| {
        let (text, own) = formatted(line, format);
        draft.line(&text, own)
    });
    Ok(Body::Ordering { items: items.collect::<Result<_, _>>()? })
}
