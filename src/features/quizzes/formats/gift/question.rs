//! A question of a GIFT file: its name, its text, and what kind of answer stands in its braces.

use super::blocks::Block;
use super::{answers, marks};
use crate::features::quizzes::content::{Body, QuestionContent};
use crate::features::quizzes::formats::Run;
use crate::features::quizzes::formats::draft::Draft;
use crate::features::quizzes::formats::report::Reason;
use crate::features::quizzes::formats::text::Format;

/// The parts of a question, still with their escapes.
#[derive(Debug)]
pub(super) struct Parts<'a> {
    pub name: &'a str,
    pub before: &'a str,
    pub answer: &'a str,
    pub after: &'a str,
}

/// Takes a question apart; else the reason, and where in the text.
pub(super) fn split(text: &str) -> Result<Parts<'_>, (Reason, usize)> {
    let (name, from) = match text.strip_prefix("::") {
        Some(rest) => {
            let end = marks::find(rest, "::").ok_or((Reason::UnclosedName, 0))?;
            (&rest[..end], end + 4)
        }
        None => ("", 0),
    };
    let rest = &text[from..];
    let (opened, closed) = match (marks::find(rest, "{"), marks::find(rest, "}")) {
        (None, None) => return Err((Reason::Description, 0)),
        (Some(opened), None) => return Err((Reason::UnclosedBrace, from + opened)),
        (Some(opened), Some(closed)) if opened < closed => (opened, closed),
        (_, Some(closed)) => return Err((Reason::StrayBrace, from + closed)),
    };
    let (answer, after) = (&rest[opened + 1..closed], &rest[closed + 1..]);
    if let Some(second) = marks::find(answer, "{") {
        return Err((Reason::SecondBrace, from + opened + 1 + second));
    }
    if let Some(second) = marks::find(after, "{") {
        return Err((Reason::SecondBrace, from + closed + 1 + second));
    }
    if let Some(stray) = marks::find(after, "}") {
        return Err((Reason::StrayBrace, from + closed + 1 + stray));
    }
    Ok(Parts { name: name.trim(), before: rest[..opened].trim(), answer: answer.trim(), after: after.trim() })
}

/// A text without escapes, and how it is written: as `[html]` before it says, else as the question.
pub(super) fn formatted(raw: &str, usual: Format) -> (String, Format) {
    let raw = raw.trim();
    let own = [("[html]", Format::Html), ("[markdown]", Format::Markdown), ("[plain]", Format::Plain), ("[moodle]", Format::Moodle)];
    for (mark, format) in own {
        if raw.get(..mark.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(mark)) {
            return (marks::unescape(raw[mark.len()..].trim_start()), format);
        }
    }
    (marks::unescape(raw), usual)
}

/// The question.
pub(super) fn read(parts: &Parts<'_>, block: &Block, draft: &mut Draft, run: &Run<'_>) -> Result<QuestionContent, Reason> {
    let (mut prompt, format) = formatted(parts.before, Format::Moodle);
    // The answer stands within the text: a blank shows where.
    if !parts.after.is_empty() {
        let blank = if format == Format::Markdown { r"\_\_\_\_\_" } else { "_____" };
        let space = if parts.after.starts_with(|c: char| c.is_alphanumeric()) { " " } else { "" };
        prompt = format!("{} {blank}{space}{}", prompt.trim_end(), marks::unescape(parts.after));
    }
    let (answer, explanation) = marks::split_once(parts.answer, "####").unwrap_or((parts.answer, ""));
    let (explanation, explained) = formatted(explanation, format);
    let property = |name: &'static str| block.properties.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.clone());
    let body = body(answer.trim(), format, block, draft, run)?;
    Ok(QuestionContent {
        name: marks::unescape(parts.name),
        prompt: draft.text(&prompt, format)?,
        explanation: draft.text(&explanation, explained)?,
        model_answer: property("model-answer").next().unwrap_or_default(),
        tags: property("tag").collect(),
        body,
    })
}

fn body(answer: &str, format: Format, block: &Block, draft: &mut Draft, run: &Run<'_>) -> Result<Body, Reason> {
    let property = |name: &str| block.properties.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
    if answer.is_empty() {
        let keys = block.properties.iter().filter(|(known, _)| known == "key").map(|(_, value)| value.clone()).collect();
        return Ok(Body::Open { keys, takes_files: property("files").is_some() });
    }
    if let Some(numbers) = answer.strip_prefix('#') {
        return answers::number(numbers, property("unit").unwrap_or_default(), format, draft);
    }
    if let Some(items) = answer.strip_prefix('>') {
        return answers::ordering(items, format, draft);
    }
    if marks::find(answer, "~").is_some() {
        return answers::choice(answer, format, property("all-or-nothing").is_some(), draft);
    }
    if marks::find(answer, "=").is_some() && answer.contains("->") {
        return answers::matching(answer, format, draft);
    }
    match marks::find(answer, "#").map_or(answer, |at| &answer[..at]).trim().to_ascii_uppercase().as_str() {
        "T" | "TRUE" => answers::true_false(true, answer, format, draft, run),
        "F" | "FALSE" => answers::true_false(false, answer, format, draft, run),
        _ => answers::text(answer, format, draft),
    }
}
