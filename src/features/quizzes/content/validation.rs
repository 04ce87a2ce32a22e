//! What a question must be to be asked.

use super::{AcceptedNumber, AcceptedText, Body, Choice, GapPart, Gaps, Matching, Number, QuestionContent};
use crate::shared::fraction::Fraction;

/// Longest prompt, explanation, model answer and text with gaps, in characters.
pub const LONG_MAX: usize = 20_000;
/// Longest option, item, accepted text and remark.
pub const SHORT_MAX: usize = 2_000;
/// Longest name, tag and unit.
pub const NAME_MAX: usize = 200;
/// Most options, items, accepted answers, gaps, tags.
pub const ITEMS_MAX: usize = 100;

/// Something that a question can't be asked with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where.
    pub place: Place,
    /// What.
    pub fault: Fault,
}

/// A place in a question; items count from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Its name.
    Name,
    /// Its prompt.
    Prompt,
    /// Its explanation.
    Explanation,
    /// Its model answer.
    ModelAnswer,
    /// A tag.
    Tag(usize),
    /// Its items as a whole: options, accepted answers, pairs, items, the text with gaps, keys.
    Items,
    /// One of them; of a pair the left one.
    Item(usize),
    /// The right item of a pair.
    Right(usize),
    /// A remark.
    Remark(usize),
    /// A tolerance.
    Tolerance(usize),
    /// The unit.
    Unit,
    /// A gap.
    Gap(usize),
    /// A word that is offered and fits nowhere.
    Distractor(usize),
}

/// What is wrong there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nothing is there.
    Empty,
    /// More characters than so many.
    TooLong(usize),
    /// A character that no text holds.
    Unreadable,
    /// Less than so many.
    TooFew(usize),
    /// More than so many.
    TooMany(usize),
    /// No option is right.
    NothingRight,
    /// Several options of a single choice are right.
    SeveralRight,
    /// The same as an earlier one.
    Repeated,
    /// A credit that is not above 0 and at most 1.
    Credit,
    /// No answer gives the whole credit.
    NoFullCredit,
    /// A tolerance below 0.
    Negative,
    /// A gap has words of its own to choose from although there is a word bank.
    TwoLists,
    /// A wrong word is among the accepted ones.
    WrongIsRight,
}

impl QuestionContent {
    /// What it can't be asked with; nothing when it is whole.
    pub fn problems(&self) -> Vec<Problem> {
        let mut found = Problems::default();
        found.text(Place::Name, &self.name, NAME_MAX, true);
        found.text(Place::Prompt, &self.prompt, LONG_MAX, matches!(self.body, Body::Gaps(_)));
        found.text(Place::Explanation, &self.explanation, LONG_MAX, true);
        found.text(Place::ModelAnswer, &self.model_answer, LONG_MAX, true);
        if self.tags.len() > ITEMS_MAX {
            found.add(Place::Tag(ITEMS_MAX), Fault::TooMany(ITEMS_MAX));
        }
        for (index, tag) in self.tags.iter().enumerate() {
            found.text(Place::Tag(index), tag, NAME_MAX, false);
        }
        match &self.body {
            Body::Choice(choice) => found.choice(choice),
            Body::Text { accepted } => {
                found.count(Place::Items, accepted.len(), 1);
                found.accepted(accepted, Place::Item);
                found.remarks(accepted.iter().map(|answer| answer.remark.as_str()));
            }
            Body::Number(number) => found.number(number),
            Body::Matching(matching) => found.matching(matching),
            Body::Ordering { items } => {
                found.count(Place::Items, items.len(), 2);
                found.items(items.iter().map(String::as_str), Place::Item);
            }
            Body::Gaps(gaps) => found.gaps(gaps),
            Body::Open { keys, .. } => {
                found.count(Place::Items, keys.len(), 0);
                for (index, key) in keys.iter().enumerate() {
                    found.text(Place::Item(index), key, SHORT_MAX, false);
                }
            }
        }
        found.0
    }
}

#[derive(Default)]
struct Problems(Vec<Problem>);

impl Problems {
    fn add(&mut self, place: Place, fault: Fault) {
        self.0.push(Problem { place, fault });
    }

    fn text(&mut self, place: Place, text: &str, longest: usize, may_be_empty: bool) {
        if text.trim().is_empty() && !may_be_empty {
            self.add(place, Fault::Empty);
        } else if text.chars().count() > longest {
            self.add(place, Fault::TooLong(longest));
        } else if text.contains('\0') {
            self.add(place, Fault::Unreadable);
        }
    }

    fn count(&mut self, place: Place, count: usize, least: usize) {
        if count < least {
            self.add(place, Fault::TooFew(least));
        } else if count > ITEMS_MAX {
            self.add(place, Fault::TooMany(ITEMS_MAX));
        }
    }

    /// Items none of which is empty or there twice.
    fn items<'a>(&mut self, items: impl Iterator<Item = &'a str> + Clone, place: impl Fn(usize) -> Place) {
        for (index, item) in items.clone().enumerate() {
            self.text(place(index), item, SHORT_MAX, false);
            if items.clone().take(index).any(|earlier| earlier.trim() == item.trim()) {
                self.add(place(index), Fault::Repeated);
            }
        }
    }

    fn remarks<'a>(&mut self, remarks: impl Iterator<Item = &'a str>) {
        for (index, remark) in remarks.enumerate() {
            self.text(Place::Remark(index), remark, SHORT_MAX, true);
        }
    }

    fn credits(&mut self, credits: impl Iterator<Item = Fraction>, place: impl Fn(usize) -> Place, whole: Place) {
        let mut is_full = false;
        for (index, credit) in credits.enumerate() {
            if credit <= Fraction::ZERO || credit > Fraction::ONE {
                self.add(place(index), Fault::Credit);
            }
            is_full |= credit == Fraction::ONE;
        }
        if !is_full {
            self.add(whole, Fault::NoFullCredit);
        }
    }

    fn accepted(&mut self, accepted: &[AcceptedText], place: impl Fn(usize) -> Place) {
        for (index, answer) in accepted.iter().enumerate() {
            self.text(place(index), &answer.text, SHORT_MAX, false);
        }
        if !accepted.is_empty() {
            self.credits(accepted.iter().map(|answer| answer.credit), place, Place::Items);
        }
    }

    fn choice(&mut self, choice: &Choice) {
        self.count(Place::Items, choice.options.len(), 2);
        self.items(choice.options.iter().map(|option| option.text.as_str()), Place::Item);
        self.remarks(choice.options.iter().map(|option| option.remark.as_str()));
        match choice.options.iter().filter(|option| option.is_right).count() {
            0 => self.add(Place::Items, Fault::NothingRight),
            2.. if !choice.multiple => self.add(Place::Items, Fault::SeveralRight),
            _ => {}
        }
    }

    fn number(&mut self, number: &Number) {
        self.count(Place::Items, number.accepted.len(), 1);
        self.text(Place::Unit, &number.unit, NAME_MAX, true);
        self.remarks(number.accepted.iter().map(|answer| answer.remark.as_str()));
        for (index, AcceptedNumber { tolerance, .. }) in number.accepted.iter().enumerate() {
            if tolerance.is_negative() {
                self.add(Place::Tolerance(index), Fault::Negative);
            }
        }
        if !number.accepted.is_empty() {
            self.credits(number.accepted.iter().map(|answer| answer.credit), Place::Item, Place::Items);
        }
    }

    fn matching(&mut self, matching: &Matching) {
        self.count(Place::Items, matching.pairs.len(), 2);
        self.items(matching.pairs.iter().map(|pair| pair.left.as_str()), Place::Item);
        for (index, pair) in matching.pairs.iter().enumerate() {
            self.text(Place::Right(index), &pair.right, SHORT_MAX, false);
        }
        if matching.rights().len() < 2 {
            self.add(Place::Right(0), Fault::TooFew(2));
        }
        let rights: Vec<&str> = matching.pairs.iter().map(|pair| pair.right.trim()).collect();
        self.distractors(&matching.distractors, &rights);
    }

    fn gaps(&mut self, gaps: &Gaps) {
        let text: usize = gaps.parts.iter().map(|part| if let GapPart::Text(text) = part { text.chars().count() } else { 0 }).sum();
        if text > LONG_MAX {
            self.add(Place::Items, Fault::TooLong(LONG_MAX));
        }
        if gaps.parts.iter().any(|part| matches!(part, GapPart::Text(text) if text.contains('\0'))) {
            self.add(Place::Items, Fault::Unreadable);
        }
        self.count(Place::Items, gaps.gaps().count(), 1);
        for (index, gap) in gaps.gaps().enumerate() {
            let place = |_| Place::Gap(index);
            self.count(Place::Gap(index), gap.accepted.len(), 1);
            self.accepted(&gap.accepted, place);
            self.items(gap.choices.iter().map(String::as_str), place);
            if gap.choices.iter().any(|wrong| gap.accepted.iter().any(|right| right.text.trim() == wrong.trim())) {
                self.add(Place::Gap(index), Fault::WrongIsRight);
            }
            if !gap.choices.is_empty() && gaps.bank.is_some() {
                self.add(Place::Gap(index), Fault::TwoLists);
            }
        }
        if let Some(bank) = &gaps.bank {
            let rights: Vec<&str> = gaps.gaps().flat_map(|gap| gap.accepted.iter().map(|answer| answer.text.trim())).collect();
            self.distractors(&bank.distractors, &rights);
        }
    }

    fn distractors(&mut self, distractors: &[String], rights: &[&str]) {
        if distractors.len() > ITEMS_MAX {
            self.add(Place::Distractor(ITEMS_MAX), Fault::TooMany(ITEMS_MAX));
        }
        self.items(distractors.iter().map(String::as_str), Place::Distractor);
        for (index, wrong) in distractors.iter().enumerate() {
            if rights.contains(&wrong.trim()) {
                self.add(Place::Distractor(index), Fault::WrongIsRight);
            }
        }
    }
}

#[cfg(test)]
mod tests;
