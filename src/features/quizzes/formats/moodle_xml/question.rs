//! A question of a Moodle XML file.

use super::element::Element;
use super::{cloze, gaps};
use crate::features::quizzes::content::{AcceptedNumber, AcceptedText, Body, Choice, ChoiceOption, Decimal, Number, Pair, QuestionContent};
use crate::features::quizzes::formats::draft::Draft;
use crate::features::quizzes::formats::report::{Change, Reason};
use crate::features::quizzes::formats::text::Format;
use crate::features::quizzes::formats::{Run, matching_of, percent, scoring, wildcard};
use crate::shared::fraction::Fraction;

/// Words of ours that Moodle has no place for and passes over.
pub(super) const MODEL_ANSWER: &str = "lecternmodelanswer";
/// The same: what a curator looks for.
pub(super) const KEY: &str = "lecternkey";
/// The same: the beginning of the text that stands above gaps.
pub(super) const PROMPT: &str = "lecternprompt";

/// The words of an element as they stand, and how they are written.
pub(super) fn raw(element: Option<&Element>, usual: Format) -> (&str, Format) {
    let Some(element) = element else { return ("", usual) };
    let format = match element.attribute("format") {
        "html" => Format::Html,
        "markdown" => Format::Markdown,
        "plain_text" => Format::Plain,
        "moodle_auto_format" => Format::Moodle,
        _ => usual,
    };
    (element.child("text").map_or("", |text| text.text.trim()), format)
}

fn text(element: Option<&Element>, usual: Format, draft: &mut Draft) -> Result<String, Reason> {
    let (raw, format) = raw(element, usual);
    draft.text(raw, format)
}

/// The question.
pub(super) fn read(element: &Element, draft: &mut Draft, run: &Run<'_>) -> Result<QuestionContent, Reason> {
    let (question, format) = raw(element.child("questiontext"), Format::Html);
    let kind = element.attribute("type");
    let (prompt, body) = match kind {
        "cloze" => cloze::read(question, format, element, draft)?,
        "gapselect" | "ddwtos" => gaps::read(question, format, element, draft)?,
        _ => (draft.text(question, format)?, body(kind, element, format, draft, run)?),
    };
    let graders = if kind == "essay" { element.child("graderinfo") } else { None };
    let model_answer = text(element.child(MODEL_ANSWER).or(graders), format, draft)?;
    for name in ["correctfeedback", "partiallycorrectfeedback", "incorrectfeedback", "hint"] {
        if element.all(name).any(|said| !said.words("text").is_empty()) {
            draft.note(Change::RemarksDropped);
        }
    }
    for name in element.files() {
        draft.note(Change::Picture(name.to_owned()));
    }
    let mut tags: Vec<String> = Vec::new();
    for tag in element.child("tags").into_iter().flat_map(|tags| tags.all("tag")) {
        let tag = draft.words(tag.words("text"), Format::Plain)?;
        if !tag.is_empty() && !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    let name = element.child("name").map_or("", |name| name.words("text"));
    Ok(QuestionContent {
        name: draft.words(name, Format::Plain)?,
        prompt,
        explanation: text(element.child("generalfeedback"), format, draft)?,
        model_answer,
        tags,
        body,
    })
}

fn body(kind: &str, element: &Element, format: Format, draft: &mut Draft, run: &Run<'_>) -> Result<Body, Reason> {
    match kind {
        "multichoice" | "multichoiceset" => choice(kind == "multichoiceset", element, format, draft),
        "truefalse" => true_false(element, format, draft, run),
        "shortanswer" => {
            if element.words("usecase") == "1" {
                draft.note(Change::CaseIgnored);
            }
            let mut accepted = Vec::new();
            for (answer, credit) in graded(element, draft)? {
                let pattern = wildcard::literal(answer.words("text")).ok_or(Reason::Wildcard)?;
                let text = draft.words(&pattern, Format::Plain)?;
                accepted.push(AcceptedText { text, credit, remark: text_of_remark(answer, format, draft)? });
            }
            Ok(Body::Text { accepted })
        }
        "numerical" => number(element, format, draft),
        "matching" => {
            let (mut pairs, mut distractors) = (Vec::new(), Vec::new());
            for pair in element.all("subquestion") {
                let (left, own) = raw(Some(pair), format);
                let right = draft.words(pair.child("answer").map_or("", |answer| answer.words("text")), Format::Plain)?;
                match draft.line(left, own)? {
                    left if left.is_empty() => distractors.push(right),
                    left => pairs.push(Pair { left, right }),
                }
            }
            Ok(matching_of(pairs, distractors))
        }
        "ordering" => {
            if !matches!(element.words("gradingtype"), "RELATIVE_NEXT_EXCLUDE_LAST" | "1") {
                draft.note(Change::Scoring);
            }
            let items = element.all("answer").map(|answer| {
                let (item, own) = raw(Some(answer), format);
                draft.line(item, own)
            });
            Ok(Body::Ordering { items: items.collect::<Result<_, _>>()? })
        }
        "essay" => {
            if element.child("responsetemplate").is_some_and(|template| !template.words("text").is_empty()) {
                draft.note(Change::AnswerFormDropped);
            }
            // Moodle says how many; here it is enough that there may be some.
            let takes_files = !matches!(element.words("attachments"), "" | "0");
            Ok(Body::Open { keys: element.all(KEY).map(|key| key.text.trim().to_owned()).collect(), takes_files })
        }
        "description" => Err(Reason::Description),
        other => Err(Reason::UnknownType(other.chars().take(40).collect())),
    }
}

fn weight(answer: &Element) -> Result<Fraction, Reason> {
    let weight = answer.attribute("fraction");
    percent::parse(weight).ok_or_else(|| Reason::BadWeight(weight.chars().take(20).collect()))
}

/// The answers that give credit; what is said to others has no place here.
fn graded<'a>(element: &'a Element, draft: &mut Draft) -> Result<Vec<(&'a Element, Fraction)>, Reason> {
    let mut graded = Vec::new();
    for answer in element.all("answer") {
        let credit = weight(answer)?;
        if credit > Fraction::ZERO {
            graded.push((answer, credit));
        } else {
            draft.note(Change::RemarksDropped);
        }
    }
    Ok(graded)
}

fn text_of_remark(answer: &Element, format: Format, draft: &mut Draft) -> Result<String, Reason> {
    text(answer.child("feedback"), format, draft)
}

fn choice(all_or_nothing: bool, element: &Element, format: Format, draft: &mut Draft) -> Result<Body, Reason> {
    let multiple = all_or_nothing || matches!(element.words("single"), "false" | "0");
    let (mut options, mut weights) = (Vec::new(), Vec::new());
    for answer in element.all("answer") {
        let weight = weight(answer)?;
        let (option, own) = raw(Some(answer), format);
        let is_right = scoring::is_right(weight, multiple);
        options.push(ChoiceOption { text: draft.line(option, own)?, is_right, remark: text_of_remark(answer, format, draft)? });
        weights.push(weight);
    }
    scoring::note(&weights, multiple, all_or_nothing, draft);
    Ok(Body::Choice(Choice { multiple, all_or_nothing, options }))
}

fn true_false(element: &Element, format: Format, draft: &mut Draft, run: &Run<'_>) -> Result<Body, Reason> {
    let mut options = Vec::new();
    for (wanted, word) in [("true", run.words.0), ("false", run.words.1)] {
        let answer = element.all("answer").find(|answer| answer.words("text").eq_ignore_ascii_case(wanted)).ok_or(Reason::BadAnswer)?;
        let is_right = weight(answer)? == Fraction::ONE;
        options.push(ChoiceOption { text: word.to_owned(), is_right, remark: text_of_remark(answer, format, draft)? });
    }
    Ok(Body::Choice(Choice { multiple: false, all_or_nothing: false, options }))
}

fn number(element: &Element, format: Format, draft: &mut Draft) -> Result<Body, Reason> {
    let read = |text: &str| Decimal::parse(text).ok_or_else(|| Reason::BadNumber(text.chars().take(40).collect()));
    let mut accepted = Vec::new();
    for (answer, credit) in graded(element, draft)? {
        let tolerance = answer.words("tolerance");
        accepted.push(AcceptedNumber {
            value: read(answer.words("text"))?,
            tolerance: if tolerance.is_empty() { Decimal::ZERO } else { read(tolerance)? },
            credit,
            remark: text_of_remark(answer, format, draft)?,
        });
    }
    let units: Vec<&Element> = element.child("units").into_iter().flat_map(|units| units.all("unit")).collect();
    let is_first = |unit: &&&Element| Decimal::parse(unit.words("multiplier")) == Decimal::parse("1");
    let unit = units.iter().find(is_first);
    if units.len() > usize::from(unit.is_some()) {
        draft.note(Change::UnitsDropped);
    }
    Ok(Body::Number(Number { accepted, unit: unit.map_or("", |unit| unit.words("unit_name")).to_owned() }))
}
