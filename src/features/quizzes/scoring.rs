//! The scorer (tests.md): what an answer is worth, as an exact fraction. No database, no web; compiled for server and browser.

use super::content::{AcceptedText, Body, Decimal, GapPart, Matching, Number};
use super::kind::QuestionKind;
use super::model::AnswerValue;
use super::rules::{self, Key, SHORT_MAX};
use super::text::normal;
use crate::shared::fraction::Fraction;

/// A question as an attempt asks it.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// How it is answered.
    pub kind: QuestionKind,
    /// Of several options: 1 for exactly the right ones, else 0.
    pub all_or_nothing: bool,
    /// Its options with their rightness.
    pub key: &'a Key,
    /// What is right, of the kinds without options.
    pub body: Option<&'a Body>,
    /// The author's index of each item as it is shown; empty for items in the author's order.
    pub order: &'a [usize],
}

impl Asked<'_> {
    /// The author's index of a shown item.
    fn index(&self, shown: u16) -> Option<usize> {
        let shown = usize::from(shown);
        if self.order.is_empty() { Some(shown) } else { self.order.get(shown).copied() }
    }
}

/// How many items of a question are mixed for each attempt, whatever the test says: their order would tell the key.
pub fn mixed_items(body: &Body) -> usize {
    match body {
        Body::Matching(matching) => matching.rights().len(),
        Body::Ordering { items } => items.len(),
        _ => 0,
    }
}

/// The words that are offered for each gap, or for all of them; nothing where they are typed. Sorted: their order tells nothing.
pub fn offered_words(body: &Body) -> Vec<Vec<&str>> {
    let sorted = |words: &mut Vec<&str>| {
        words.sort_unstable();
        words.dedup();
    };
    let Body::Gaps(gaps) = body else { return Vec::new() };
    match &gaps.bank {
        Some(bank) => {
            let rights = gaps.gaps().flat_map(|gap| &gap.accepted).map(|answer| answer.text.as_str());
            let mut words: Vec<&str> = rights.chain(bank.distractors.iter().map(String::as_str)).collect();
            sorted(&mut words);
            gaps.gaps().map(|_| words.clone()).collect()
        }
        None => gaps
            .gaps()
            .map(|gap| {
                if gap.choices.is_empty() {
                    return Vec::new();
                }
                let mut words: Vec<&str> =
                    gap.accepted.iter().map(|answer| answer.text.as_str()).chain(gap.choices.iter().map(String::as_str)).collect();
                sorted(&mut words);
                words
            })
            .collect(),
    }
}

/// Whether a value is one that the question can take: the right shape, its own items, no longer than allowed.
pub fn is_acceptable(asked: &Asked<'_>, value: &AnswerValue) -> bool {
    let is_short = |text: &str| text.chars().count() <= SHORT_MAX && !text.contains('\0');
    match (asked.body, value) {
        (Some(Body::Text { .. } | Body::Number(_)), AnswerValue::Text(text)) => is_short(text),
        (Some(Body::Matching(matching)), AnswerValue::Picks(picks)) => are_picks(picks, matching.pairs.len(), matching.rights().len()),
        (Some(Body::Ordering { items }), AnswerValue::Picks(picks)) => are_picks(picks, items.len(), items.len()),
        (Some(body @ Body::Gaps(gaps)), AnswerValue::Words(words)) => {
            let offered = offered_words(body);
            let fits = |(word, offered): (&String, &Vec<&str>)| {
                is_short(word) && (word.is_empty() || offered.is_empty() || offered.contains(&word.as_str()))
            };
            words.len() == gaps.gaps().count() && words.iter().zip(&offered).all(fits)
        }
        (None | Some(Body::Open { .. }), value) => rules::is_acceptable(asked.kind, asked.key, value),
        _ => false,
    }
}

fn are_picks(picks: &[Option<u16>], items: usize, offers: usize) -> bool {
    picks.len() == items && picks.iter().flatten().all(|pick| usize::from(*pick) < offers)
}

/// The machine's score between 0 and 1; `None` where a curator scores.
pub fn score(asked: &Asked<'_>, value: Option<&AnswerValue>) -> Option<Fraction> {
    let (Some(body), Some(value)) = (asked.body, value) else { return rules::score(asked.kind, asked.all_or_nothing, asked.key, value) };
    match (body, value) {
        (Body::Open { .. } | Body::Choice(_), value) => rules::score(asked.kind, asked.all_or_nothing, asked.key, Some(value)),
        (Body::Text { accepted }, AnswerValue::Text(text)) => Some(accepted_text(accepted, text).map_or(Fraction::ZERO, |answer| answer.credit)),
        (Body::Number(number), AnswerValue::Text(text)) => {
            Some(accepted_number(number, text).map_or(Fraction::ZERO, |index| number.accepted[index].credit))
        }
        (Body::Matching(matching), AnswerValue::Picks(picks)) => {
            let right = (0..matching.pairs.len()).filter(|pair| is_right_pair(asked, matching, *pair, picks)).count();
            share(right, matching.pairs.len())
        }
        (Body::Ordering { items }, AnswerValue::Picks(picks)) => {
            // Of two neighbours of the right order, the first stands before the second.
            let mut places = vec![None; items.len()];
            for (shown, place) in (0..).zip(picks) {
                if let Some(slot) = asked.index(shown).and_then(|index| places.get_mut(index)) {
                    *slot = *place;
                }
            }
            let in_order = places.windows(2).filter(|pair| matches!(pair, [Some(first), Some(second)] if first < second)).count();
            share(in_order, items.len().saturating_sub(1))
        }
        (Body::Gaps(gaps), AnswerValue::Words(words)) => {
            let credits = gaps.gaps().zip(words).map(|(gap, word)| accepted_text(&gap.accepted, word).map_or(Fraction::ZERO, |answer| answer.credit));
            Some(credits.sum::<Fraction>() * Fraction::new(1, i64::try_from(gaps.gaps().count()).ok()?)?)
        }
        _ => Some(Fraction::ZERO),
    }
}

/// The best that any of several keys gives, and the first key that gives it; `None` where a curator scores.
pub fn best(keys: &[Asked<'_>], value: Option<&AnswerValue>) -> Option<(usize, Fraction)> {
    let scores = keys.iter().map(|asked| score(asked, value));
    scores.enumerate().filter_map(|(index, score)| Some((index, score?))).reduce(|best, next| if next.1 > best.1 { next } else { best })
}

/// The order in which an attempt shows the items of a question, for another key of the same items: the index that each has in that key.
pub fn order_by(key: &Body, shown: &Body, order: &[usize]) -> Vec<usize> {
    let (items, others): (Vec<&str>, Vec<&str>) = match (shown, key) {
        (Body::Matching(shown), Body::Matching(key)) => (shown.rights(), key.rights()),
        (Body::Ordering { items }, Body::Ordering { items: others }) => {
            (items.iter().map(String::as_str).collect(), others.iter().map(String::as_str).collect())
        }
        _ => return Vec::new(),
    };
    let all: Vec<usize> = (0..items.len()).collect();
    let order = if order.is_empty() { &all } else { order };
    order.iter().map(|index| items.get(*index).and_then(|item| others.iter().position(|other| other == item)).unwrap_or(usize::MAX)).collect()
}

/// Whether two questions show a learner the same: only their keys differ.
pub fn shows_the_same(one: &Body, other: &Body) -> bool {
    let sorted = |mut items: Vec<String>| {
        items.sort_unstable();
        items
    };
    let owned = |items: Vec<&str>| items.into_iter().map(str::to_owned).collect::<Vec<_>>();
    let texts = |parts: &[GapPart]| {
        let text = |part: &GapPart| if let GapPart::Text(text) = part { Some(text.clone()) } else { None };
        parts.iter().map(text).collect::<Vec<_>>()
    };
    match (one, other) {
        (Body::Choice(one), Body::Choice(other)) => {
            one.multiple == other.multiple && one.options.iter().map(|option| &option.text).eq(other.options.iter().map(|option| &option.text))
        }
        (Body::Text { .. }, Body::Text { .. }) => true,
        (Body::Number(one), Body::Number(other)) => one.unit == other.unit,
        (Body::Matching(one), Body::Matching(other)) => {
            one.pairs.iter().map(|pair| &pair.left).eq(other.pairs.iter().map(|pair| &pair.left))
                && sorted(owned(one.rights())) == sorted(owned(other.rights()))
        }
        (Body::Ordering { items: one }, Body::Ordering { items: other }) => sorted(one.clone()) == sorted(other.clone()),
        (Body::Gaps(ones), Body::Gaps(others)) => {
            texts(&ones.parts) == texts(&others.parts) && ones.bank.is_some() == others.bank.is_some() && offered_words(one) == offered_words(other)
        }
        _ => false,
    }
}

/// The share of right ones; an author's question has at least one.
fn share(right: usize, all: usize) -> Option<Fraction> {
    let (right, all) = (i64::try_from(right).ok()?, i64::try_from(all).ok()?);
    Some(Fraction::new(right, all).unwrap_or(Fraction::ZERO))
}

/// The accepted answer that a text is, the one with the highest credit.
pub fn accepted_text<'a>(accepted: &'a [AcceptedText], text: &str) -> Option<&'a AcceptedText> {
    let given = normal(text);
    accepted.iter().filter(|answer| !given.is_empty() && normal(&answer.text) == given).max_by_key(|answer| answer.credit)
}

/// The index of the first accepted number that a text fits, with its unit or without.
pub fn accepted_number(number: &Number, text: &str) -> Option<usize> {
    let given = read_number(&number.unit, text)?;
    number.accepted.iter().position(|answer| given.is_within(answer.tolerance, answer.value))
}

/// A number as it was typed, its unit taken off.
pub fn read_number(unit: &str, text: &str) -> Option<Decimal> {
    let (text, unit) = (normal(text), normal(unit));
    let bare = if unit.is_empty() { None } else { text.strip_suffix(unit.as_str()) };
    Decimal::parse(bare.unwrap_or(&text))
}

/// Whether a left item has its right one. Two rights of the same text are one.
pub fn is_right_pair(asked: &Asked<'_>, matching: &Matching, pair: usize, picks: &[Option<u16>]) -> bool {
    let picked = picks.get(pair).copied().flatten().and_then(|shown| asked.index(shown));
    let rights = matching.rights();
    picked.and_then(|index| rights.get(index)).is_some_and(|text| *text == matching.pairs[pair].right)
}

pub mod agreement;
#[cfg(test)]
mod tests;
