//! How authors type the answers of a question: a line for each. The same text is made of what is stored, so that a form shows it
//! again; a backslash before a sign takes its meaning away.
//!
//! | kind | lines |
//! |---|---|
//! | choice | `+ right // remark`, `- wrong // remark` |
//! | short text | `accepted // remark`, `50% accepted in part` |
//! | number | `3.14 ± 0.01 // remark`, `50% 3` |
//! | matching | `left => right`, `=> a right that fits none` |
//! | ordering | the items in the right order |
//! | gaps | the text with `[[accepted|50% in part|~wrong, to choose from]]` |
//! | open | what a good answer names |

use super::content::{AcceptedNumber, AcceptedText, Body, Choice, ChoiceOption, Decimal, Gap, GapPart, Gaps, Matching, Number, Pair, WordBank};
use super::kind::QuestionKind;
use crate::shared::fraction::Fraction;

/// What the form of a question's answers holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Typed {
    /// The lines, or the text with gaps.
    pub answers: String,
    /// Of a number.
    pub unit: String,
    /// Of several options.
    pub all_or_nothing: bool,
    /// The words of all gaps are offered.
    pub has_bank: bool,
    /// Words that fit no gap, a line for each.
    pub distractors: String,
    /// Of an open question.
    pub takes_files: bool,
}

/// The line, from 1, that is not of the kind's form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadLine(pub usize);

/// Where hidden characters go while the text is cut: a range of private use.
const HIDDEN: u32 = 0xe100;

/// Hides what stands behind backslashes from the cutting.
fn hide(text: &str) -> String {
    let mut hidden = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (c, chars.clone().next().filter(char::is_ascii)) {
            ('\\', Some(next)) => {
                chars.next();
                hidden.extend(char::from_u32(HIDDEN + u32::from(next)));
            }
            (c, _) => hidden.push(c),
        }
    }
    hidden
}

/// Shows it again, without the backslashes.
fn show(text: &str) -> String {
    let back = |c: char| match u32::from(c).checked_sub(HIDDEN).filter(|code| *code < 128).and_then(char::from_u32) {
        Some('n') => '\n',
        Some(sign) => sign,
        None => c,
    };
    text.chars().map(back).collect()
}

/// Puts backslashes where the cutting would take a sign for its own.
fn guard(text: &str, signs: &[&str]) -> String {
    let mut text = text.trim().replace('\\', "\\\\").replace('\n', "\\n");
    for sign in signs {
        text = text.replace(sign, &sign.chars().flat_map(|c| ['\\', c]).collect::<String>());
    }
    text
}

/// Takes a credit such as `50%` or `1/3` off the beginning.
fn credit(line: &str) -> (Fraction, &str) {
    let Some((number, rest)) = line.trim_start().split_once(['%', ' ']) else { return (Fraction::ONE, line) };
    let is_percent = line.trim_start().as_bytes().get(number.len()) == Some(&b'%');
    let share = match number.split_once('/') {
        None if is_percent => Fraction::parse_decimal(number).map(|percent| percent * Fraction::new(1, 100).unwrap_or(Fraction::ONE)),
        Some((above, below)) => {
            let part = |text: &str| text.parse::<u32>().ok().filter(|part| *part <= 10_000_000).map(i64::from);
            part(above).zip(part(below)).and_then(|(above, below)| Fraction::new(above, below))
        }
        None => None,
    };
    share.map_or((Fraction::ONE, line), |share| (share, rest))
}

/// A credit before its answer; nothing for the whole.
fn written_credit(credit: Fraction) -> String {
    if credit == Fraction::ONE { String::new() } else { format!("{}/{} ", credit.numerator(), credit.denominator()) }
}

/// An answer must not begin as a credit does.
fn guard_start(text: String) -> String {
    if credit(&text).1 == text { text } else { format!("\\{text}") }
}

/// In a text with gaps two brackets begin a gap.
fn guard_text(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace("[[", "\\[\\[");
    // A last bracket would begin the gap that follows, unless a backslash of its own stands before it.
    let is_guarded = |rest: &str| rest.chars().rev().take_while(|c| *c == '\\').count() % 2 == 1;
    match text.strip_suffix('[') {
        Some(rest) if !is_guarded(rest) => format!("{rest}\\["),
        _ => text,
    }
}

fn with_remark(line: &str) -> (&str, String) {
    line.split_once("//").map_or((line, String::new()), |(text, remark)| (text, show(remark.trim())))
}

fn written_remark(remark: &str, signs: &[&str]) -> String {
    if remark.trim().is_empty() { String::new() } else { format!(" // {}", guard(remark, signs)) }
}

fn accepted_text(line: &str) -> AcceptedText {
    let (text, remark) = with_remark(line);
    let (credit, text) = credit(text);
    AcceptedText { text: show(text.trim()), credit, remark }
}

fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty())
}

/// Reads what an author typed.
pub fn read(kind: QuestionKind, typed: &Typed) -> Result<Body, BadLine> {
    let hidden = hide(&typed.answers.replace("\r\n", "\n"));
    let words = |text: &str| lines(&hide(text)).map(|(_, line)| show(line.trim())).collect::<Vec<_>>();
    Ok(match kind {
        QuestionKind::SingleChoice | QuestionKind::MultipleChoice => {
            let option = |(number, line): (usize, &str)| {
                let line = line.trim();
                let is_right = line.starts_with('+');
                let text = line.strip_prefix(['+', '-']).ok_or(BadLine(number))?;
                let (text, remark) = with_remark(text);
                Ok(ChoiceOption { text: show(text.trim()), is_right, remark })
            };
            let options = lines(&hidden).map(option).collect::<Result<_, _>>()?;
            let multiple = kind == QuestionKind::MultipleChoice;
            Body::Choice(Choice { multiple, all_or_nothing: multiple && typed.all_or_nothing, options })
        }
        QuestionKind::ShortText => Body::Text { accepted: lines(&hidden).map(|(_, line)| accepted_text(line)).collect() },
        QuestionKind::Number => {
            let accepted = lines(&hidden).map(|(number, line)| accepted_number(line).ok_or(BadLine(number))).collect::<Result<_, _>>()?;
            Body::Number(Number { accepted, unit: typed.unit.trim().to_owned() })
        }
        QuestionKind::Matching => {
            let (mut pairs, mut distractors) = (Vec::new(), Vec::new());
            for (number, line) in lines(&hidden) {
                let (left, right) = line.split_once("=>").ok_or(BadLine(number))?;
                let (left, right) = (show(left.trim()), show(right.trim()));
                if left.is_empty() { distractors.push(right) } else { pairs.push(Pair { left, right }) }
            }
            Body::Matching(Matching { pairs, distractors })
        }
        QuestionKind::Ordering => Body::Ordering { items: words(&typed.answers) },
        QuestionKind::Gaps => {
            let bank = typed.has_bank.then(|| WordBank { distractors: words(&typed.distractors) });
            Body::Gaps(Gaps { parts: gap_parts(&hidden)?, bank })
        }
        QuestionKind::Open => Body::Open { keys: words(&typed.answers), takes_files: typed.takes_files },
    })
}

fn accepted_number(line: &str) -> Option<AcceptedNumber> {
    let (text, remark) = with_remark(line);
    let (credit, text) = credit(text);
    let (value, tolerance) = text.split_once('±').or_else(|| text.split_once("+-")).unwrap_or((text, "0"));
    Some(AcceptedNumber { value: Decimal::parse(value)?, tolerance: Decimal::parse(tolerance)?, credit, remark })
}

fn gap_parts(hidden: &str) -> Result<Vec<GapPart>, BadLine> {
    let mut parts = Vec::new();
    let mut rest = hidden;
    while let Some((text, after)) = rest.split_once("[[") {
        if !text.is_empty() {
            parts.push(GapPart::Text(show(text)));
        }
        let line = hidden[..hidden.len() - after.len()].lines().count();
        let (inside, after) = after.split_once("]]").ok_or(BadLine(line))?;
        let (wrong, right): (Vec<&str>, Vec<&str>) = inside.split('|').partition(|word| word.trim_start().starts_with('~'));
        let choices = wrong.into_iter().map(|word| show(word.trim_start().trim_start_matches('~').trim())).collect();
        parts.push(GapPart::Gap(Gap { accepted: right.into_iter().map(accepted_text).collect(), choices }));
        rest = after;
    }
    if !rest.is_empty() {
        parts.push(GapPart::Text(show(rest)));
    }
    Ok(parts)
}

/// Writes what is stored as its author would type it.
pub fn write(body: &Body) -> Typed {
    let accepted = |answer: &AcceptedText, signs: &[&str]| {
        let text = guard(&answer.text, signs);
        format!("{}{}{}", written_credit(answer.credit), guard_start(text), written_remark(&answer.remark, signs))
    };
    let joined = |lines: Vec<String>| lines.join("\n");
    let mut typed = Typed::default();
    typed.answers = match body {
        Body::Choice(choice) => {
            typed.all_or_nothing = choice.all_or_nothing;
            let option = |option: &ChoiceOption| {
                let sign = if option.is_right { '+' } else { '-' };
                format!("{sign} {}{}", guard(&option.text, &["//"]), written_remark(&option.remark, &[]))
            };
            joined(choice.options.iter().map(option).collect())
        }
        Body::Text { accepted: answers } => joined(answers.iter().map(|answer| accepted(answer, &["//"])).collect()),
        Body::Number(number) => {
            typed.unit.clone_from(&number.unit);
            let line = |answer: &AcceptedNumber| {
                let tolerance = if answer.tolerance == Decimal::ZERO { String::new() } else { format!(" ± {}", answer.tolerance) };
                format!("{}{}{tolerance}{}", written_credit(answer.credit), answer.value, written_remark(&answer.remark, &[]))
            };
            joined(number.accepted.iter().map(line).collect())
        }
        Body::Matching(matching) => {
            let pairs = matching.pairs.iter().map(|pair| format!("{} => {}", guard(&pair.left, &["=>"]), guard(&pair.right, &["=>"])));
            joined(pairs.chain(matching.distractors.iter().map(|right| format!("=> {}", guard(right, &["=>"])))).collect())
        }
        Body::Ordering { items } => joined(items.iter().map(|item| guard(item, &[])).collect()),
        Body::Gaps(gaps) => {
            typed.has_bank = gaps.bank.is_some();
            typed.distractors = joined(gaps.bank.iter().flat_map(|bank| &bank.distractors).map(|word| guard(word, &[])).collect());
            let signs = ["//", "|", "~", "[", "]"];
            let part = |part: &GapPart| match part {
                GapPart::Text(text) => guard_text(text),
                GapPart::Gap(gap) => {
                    let words = gap.accepted.iter().map(|answer| accepted(answer, &signs));
                    let wrong = gap.choices.iter().map(|word| format!("~{}", guard(word, &signs)));
                    format!("[[{}]]", words.chain(wrong).collect::<Vec<_>>().join("|"))
                }
            };
            gaps.parts.iter().map(part).collect()
        }
        Body::Open { keys, takes_files } => {
            typed.takes_files = *takes_files;
            joined(keys.iter().map(|key| guard(key, &[])).collect())
        }
    };
    typed
}

#[cfg(test)]
mod tests;
