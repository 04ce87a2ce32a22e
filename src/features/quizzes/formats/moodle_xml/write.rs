//! Questions as a Moodle XML file.

use super::question::{KEY, MODEL_ANSWER, PROMPT};
use super::{cloze, gaps};
use crate::features::quizzes::content::{AcceptedText, Body, Choice, Gap, GapPart, Gaps, QuestionContent};
use crate::features::quizzes::formats::{percent, scoring, true_or_false, wildcard};
use crate::shared::fraction::Fraction;
use std::fmt::Write as _;

/// The file, and the places of the questions that Moodle has no form for.
pub(in super::super) fn write(questions: &[QuestionContent], words: (&str, &str)) -> (String, Vec<usize>) {
    let mut file = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<quiz>\n".to_owned();
    let mut left_out = Vec::new();
    for (at, question) in questions.iter().enumerate() {
        match body(question, words) {
            Some((kind, prompt, body)) => one(&mut file, question, kind, &prompt, &body),
            None => left_out.push(at),
        }
    }
    file.push_str("</quiz>\n");
    (file, left_out)
}

/// Words within an element; what XML can't hold is left out.
fn words(text: &str) -> String {
    let text: String = text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
    quick_xml::escape::escape(&text).into_owned()
}

fn text(name: &str, content: &str) -> String {
    format!("<{name} format=\"markdown\"><text>{}</text></{name}>", words(content))
}

fn one(file: &mut String, question: &QuestionContent, kind: &str, prompt: &str, body: &str) {
    // Writing into a String does not fail, here and below.
    let _ = writeln!(file, "<question type=\"{kind}\">\n<name><text>{}</text></name>", words(&question.name));
    let _ = writeln!(file, "{}\n{}", text("questiontext", prompt), text("generalfeedback", &question.explanation));
    if !question.model_answer.is_empty() {
        let name = if kind == "essay" { "graderinfo" } else { MODEL_ANSWER };
        let _ = writeln!(file, "{}", text(name, &question.model_answer));
    }
    file.push_str(body);
    if !question.tags.is_empty() {
        file.push_str("<tags>");
        for tag in &question.tags {
            let _ = write!(file, "<tag><text>{}</text></tag>", words(tag));
        }
        file.push_str("</tags>\n");
    }
    file.push_str("</question>\n");
}

fn answer(out: &mut String, credit: Fraction, content: &str, remark: &str, more: &str) {
    let credit = percent::write(credit);
    let (content, remark) = (words(content), text("feedback", remark));
    let _ = writeln!(out, "<answer fraction=\"{credit}\" format=\"markdown\"><text>{content}</text>{more}{remark}</answer>");
}

/// Kind, text and answers, unless Moodle has no form for them.
fn body(question: &QuestionContent, names: (&str, &str)) -> Option<(&'static str, String, String)> {
    let mut out = String::new();
    let mut prompt = question.prompt.clone();
    let kind = match &question.body {
        choice if true_or_false(choice, names).is_some() => {
            let (is_true, yes, no) = true_or_false(choice, names)?;
            let credit = |is_right| if is_right { Fraction::ONE } else { Fraction::ZERO };
            answer(&mut out, credit(is_true), "true", yes, "");
            answer(&mut out, credit(!is_true), "false", no, "");
            "truefalse"
        }
        Body::Choice(choice) => options(&mut out, choice),
        Body::Text { accepted } => {
            out.push_str("<usecase>0</usecase>\n");
            for one in accepted {
                answer(&mut out, one.credit, &wildcard::pattern(&one.text), &one.remark, "");
            }
            "shortanswer"
        }
        Body::Number(number) => {
            for one in &number.accepted {
                answer(&mut out, one.credit, &one.value.to_string(), &one.remark, &format!("<tolerance>{}</tolerance>", one.tolerance));
            }
            if !number.unit.is_empty() {
                let unit = words(&number.unit);
                let _ = writeln!(out, "<units><unit><multiplier>1</multiplier><unit_name>{unit}</unit_name></unit></units>");
            }
            "numerical"
        }
        Body::Matching(matching) => {
            let pairs = matching.pairs.iter().map(|pair| (pair.left.as_str(), &pair.right));
            for (left, right) in pairs.chain(matching.distractors.iter().map(|word| ("", word))) {
                let (left, right) = (words(left), words(right));
                let _ = writeln!(out, "<subquestion format=\"markdown\"><text>{left}</text><answer><text>{right}</text></answer></subquestion>");
            }
            "matching"
        }
        Body::Ordering { items } => {
            out.push_str("<layouttype>VERTICAL</layouttype><selecttype>ALL</selecttype><gradingtype>RELATIVE_NEXT_EXCLUDE_LAST</gradingtype>\n");
            for item in items {
                answer(&mut out, Fraction::ONE, item, "", "");
            }
            "ordering"
        }
        Body::Gaps(gaps) => {
            let (kind, text) = gapped(&mut out, gaps)?;
            if !prompt.is_empty() {
                let _ = writeln!(out, "{}", self::text(PROMPT, &prompt));
                prompt.push_str("\n\n");
            }
            prompt.push_str(&text);
            kind
        }
        Body::Open { keys, takes_files } => {
            let attachments = if *takes_files { "-1" } else { "0" };
            let _ = writeln!(out, "<responseformat>editor</responseformat><attachments>{attachments}</attachments>");
            for key in keys {
                let _ = writeln!(out, "<{KEY}>{}</{KEY}>", words(key));
            }
            "essay"
        }
    };
    Some((kind, prompt, out))
}

fn options(out: &mut String, choice: &Choice) -> &'static str {
    let (right, wrong) = if choice.multiple && !choice.all_or_nothing {
        scoring::shares(choice.options.iter().map(|option| option.is_right))
    } else {
        (Fraction::ONE, Fraction::ZERO)
    };
    let _ = writeln!(out, "<single>{}</single><shuffleanswers>true</shuffleanswers>", !choice.multiple);
    for option in &choice.options {
        answer(out, if option.is_right { right } else { wrong }, &option.text, &option.remark, "");
    }
    if choice.multiple && choice.all_or_nothing { "multichoiceset" } else { "multichoice" }
}

/// Kind and text of a question with gaps; its words go to `out`.
fn gapped(out: &mut String, gaps: &Gaps) -> Option<(&'static str, String)> {
    let mut text = String::new();
    let Some(bank) = &gaps.bank else {
        for part in &gaps.parts {
            match part {
                GapPart::Text(words) if cloze::find(words).is_some() => return None,
                GapPart::Text(words) => text.push_str(words),
                GapPart::Gap(gap) => embedded(&mut text, gap),
            }
        }
        return Some(("cloze", text));
    };
    let mut offered: Vec<&str> = Vec::new();
    for part in &gaps.parts {
        match part {
            GapPart::Text(words) if gaps::numbered(words).is_some() => return None,
            GapPart::Text(words) => text.push_str(words),
            GapPart::Gap(gap) => {
                let [AcceptedText { text: right, credit, remark }] = gap.accepted.as_slice() else { return None };
                if *credit != Fraction::ONE || !remark.is_empty() {
                    return None;
                }
                let number = offered.iter().position(|word| word == right).unwrap_or_else(|| {
                    offered.push(right);
                    offered.len() - 1
                });
                let _ = write!(text, "[[{}]]", number + 1);
            }
        }
    }
    for word in offered.into_iter().chain(bank.distractors.iter().map(String::as_str)) {
        let _ = writeln!(out, "<selectoption><text>{}</text><group>1</group></selectoption>", words(word));
    }
    Some(("gapselect", text))
}

fn embedded(text: &mut String, gap: &Gap) {
    let is_list = !gap.choices.is_empty();
    let _ = write!(text, "{{1:{}:", if is_list { "MULTICHOICE" } else { "SHORTANSWER" });
    let mut answers = Vec::new();
    for AcceptedText { text: right, credit, remark } in &gap.accepted {
        let right = if is_list { right.clone() } else { wildcard::pattern(right) };
        let remark = if remark.is_empty() { String::new() } else { format!("#{}", cloze::escape(remark)) };
        answers.push(format!("%{}%{}{remark}", percent::write(*credit), cloze::escape(&right)));
    }
    answers.extend(gap.choices.iter().map(|wrong| format!("%0%{}", cloze::escape(wrong))));
    let _ = write!(text, "{}}}", answers.join("~"));
}
