//! Questions as a GIFT file. What Moodle has no place for stands in comments, as its own tags do.

use super::blocks::property;
use super::marks::escape;
use crate::features::quizzes::content::{AcceptedNumber, AcceptedText, Body, Choice, QuestionContent};
use crate::features::quizzes::formats::{percent, scoring, true_or_false, wildcard};
use crate::shared::fraction::Fraction;
use std::fmt::Write as _;

/// The file, and the places of the questions that GIFT has no form for.
pub(in super::super) fn write(questions: &[QuestionContent], words: (&str, &str)) -> (String, Vec<usize>) {
    let (mut file, mut left_out) = (String::new(), Vec::new());
    for (at, question) in questions.iter().enumerate() {
        match answer(&question.body, words) {
            Some(answer) => one(&mut file, question, &answer),
            None => left_out.push(at),
        }
    }
    (file, left_out)
}

fn one(file: &mut String, question: &QuestionContent, answer: &str) {
    let mut properties: Vec<String> = question.tags.iter().map(|tag| property("tag", tag)).collect();
    match &question.body {
        Body::Choice(Choice { all_or_nothing: true, .. }) => properties.push("[all-or-nothing:]".to_owned()),
        Body::Number(number) if !number.unit.is_empty() => properties.push(property("unit", &number.unit)),
        Body::Open { keys, takes_files } => {
            properties.extend(keys.iter().map(|key| property("key", key)));
            properties.extend(takes_files.then(|| "[files:]".to_owned()));
        }
        _ => {}
    }
    if !question.model_answer.is_empty() {
        properties.push(property("model-answer", &question.model_answer));
    }
    // Writing into a String does not fail, here and below.
    if !properties.is_empty() {
        let _ = writeln!(file, "// {}", properties.join(" "));
    }
    let explanation = if question.explanation.is_empty() { String::new() } else { format!("####{}", text(&question.explanation)) };
    let _ = writeln!(file, "::{}::[markdown]{}{{{answer}{explanation}}}\n", escape(&question.name), escape(&question.prompt));
}

/// A text that may begin like the mark of a format, which is then said.
fn text(text: &str) -> String {
    let format = if text.starts_with('[') { "[markdown]" } else { "" };
    format!("{format}{}", escape(text))
}

fn remark(remark: &str) -> String {
    if remark.is_empty() { String::new() } else { format!("#{}", text(remark)) }
}

/// What stands in the braces, unless GIFT has no form for it.
fn answer(body: &Body, words: (&str, &str)) -> Option<String> {
    if let Some((is_true, yes, no)) = true_or_false(body, words) {
        let (word, right, wrong) = if is_true { ("TRUE", yes, no) } else { ("FALSE", no, yes) };
        let right = remark(right);
        let wrong = if wrong.is_empty() && !right.is_empty() { "#".to_owned() } else { remark(wrong) };
        return Some(format!("{word}{wrong}{right}"));
    }
    let mut out = String::new();
    match body {
        Body::Choice(choice) => options(&mut out, choice),
        Body::Text { accepted } => {
            for AcceptedText { text: answer, credit, remark: said } in accepted {
                let _ = write!(out, "\n\t={}{}{}", weight(*credit, answer), escape(&wildcard::pattern(answer)), remark(said));
            }
            // The arrow would make pairs of them.
            if out.contains("->") {
                return None;
            }
        }
        Body::Number(number) => {
            out.push('#');
            for AcceptedNumber { value, tolerance, credit, remark: said } in &number.accepted {
                let _ = write!(out, "\n\t={}{value}:{tolerance}{}", weight(*credit, ""), remark(said));
            }
        }
        Body::Matching(matching) => {
            for pair in &matching.pairs {
                let left = text(&pair.left);
                if left.contains("->") {
                    return None;
                }
                let _ = write!(out, "\n\t={left} -> {}", escape(&pair.right));
            }
            for word in &matching.distractors {
                let _ = write!(out, "\n\t= -> {}", escape(word));
            }
        }
        Body::Ordering { items } => {
            let _ = write!(out, ">{} ALL VERTICAL RELATIVE_NEXT_EXCLUDE_LAST SHOW none", items.len());
            for item in items {
                // A line that begins so would be a comment.
                let begin = if item.starts_with("//") { "[markdown]" } else { "" };
                let _ = write!(out, "\n\t{begin}{}", text(item));
            }
        }
        Body::Gaps(_) => return None,
        Body::Open { .. } => return Some(out),
    }
    out.push('\n');
    Some(out)
}

fn options(out: &mut String, choice: &Choice) {
    let (right, wrong) = scoring::shares(choice.options.iter().map(|option| option.is_right));
    for option in &choice.options {
        let (mark, weight) = match (choice.multiple, option.is_right) {
            (true, true) => ('~', format!("%{}%", percent::write(right))),
            (true, false) if choice.all_or_nothing => ('~', "%-100%".to_owned()),
            (true, false) => ('~', format!("%{}%", percent::write(wrong))),
            (false, true) => ('=', weight(Fraction::ONE, &option.text)),
            (false, false) => ('~', if option.text.starts_with('%') { "%0%".to_owned() } else { String::new() }),
        };
        let _ = write!(out, "\n\t{mark}{weight}{}{}", text(&option.text), remark(&option.remark));
    }
}

/// The weight before an answer, where it is not the whole or the answer looks like one.
fn weight(credit: Fraction, answer: &str) -> String {
    if credit == Fraction::ONE && !answer.starts_with('%') { String::new() } else { format!("%{}%", percent::write(credit)) }
}
