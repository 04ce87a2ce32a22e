//! Random answers scored and folded into one number: server and browser must come to the same one. `scripts/agreement.sh` compares.

use super::{Asked, is_acceptable, score};
use crate::features::quizzes::content::{
    AcceptedNumber, AcceptedText, Body, Choice, ChoiceOption, Decimal, Gap, GapPart, Gaps, Matching, Number, Pair, WordBank,
};
use crate::features::quizzes::kind::QuestionKind;
use crate::features::quizzes::model::AnswerValue;
use crate::shared::fraction::Fraction;
use uuid::Uuid;

/// Scores so many random answers; a number that differs when any one score does.
///
/// # Panics
/// When a score breaks a rule: it lies between 0 and 1, it does not hang on the order of ticks or of options, and ticking another right
/// option never makes it less.
pub fn fold(count: u32) -> u64 {
    let mut dice = Dice(0x006c_6563_7465_726e);
    // FNV-1a over the bytes of each fraction.
    let mut folded = 0xcbf2_9ce4_8422_2325_u64;
    for _ in 0..count {
        let (numerator, denominator) = one(&mut dice).into();
        for byte in numerator.to_le_bytes().into_iter().chain(denominator.to_le_bytes()) {
            folded = (folded ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    folded
}

fn one(dice: &mut Dice) -> Fraction {
    let body = body(dice);
    if let Body::Choice(choice) = &body {
        return choice_score(dice, body.kind(), choice);
    }
    let (order, value) = answer(dice, &body);
    let asked = Asked { kind: body.kind(), all_or_nothing: false, key: &[], body: Some(&body), order: &order };
    assert!(is_acceptable(&asked, &value), "{body:?} does not take {value:?}");
    checked(score(&asked, Some(&value)))
}

fn checked(score: Option<Fraction>) -> Fraction {
    // All of these the machine scores.
    let score = score.unwrap_or(Fraction::whole(-1));
    assert!(score >= Fraction::ZERO && score <= Fraction::ONE, "{score:?}");
    score
}

fn choice_score(dice: &mut Dice, kind: QuestionKind, choice: &Choice) -> Fraction {
    let mut key: Vec<(Uuid, bool)> = (1..).zip(&choice.options).map(|(id, option)| (Uuid::from_u128(id), option.is_right)).collect();
    let mut ticks: Vec<Uuid> =
        if choice.multiple { key.iter().filter(|_| dice.flip()).map(|(id, _)| *id).collect() } else { vec![key[dice.below(key.len())].0] };
    let of = |key: &[(Uuid, bool)], ticks: &[Uuid]| {
        let asked = Asked { kind, all_or_nothing: choice.all_or_nothing, key, body: None, order: &[] };
        let value = AnswerValue::Choice(ticks.to_vec());
        assert!(is_acceptable(&asked, &value), "{value:?}");
        checked(score(&asked, Some(&value)))
    };
    let given = of(&key, &ticks);
    ticks.reverse();
    key.reverse();
    assert_eq!(given, of(&key, &ticks), "by another order");
    if let Some((id, _)) = key.iter().find(|(id, is_right)| *is_right && choice.multiple && !ticks.contains(id)) {
        ticks.push(*id);
        assert!(of(&key, &ticks) >= given, "less for one more right tick");
    }
    given
}

fn body(dice: &mut Dice) -> Body {
    let credit = |dice: &mut Dice| Fraction::new(1 + i64::try_from(dice.below(7)).unwrap_or(0), 7).unwrap_or(Fraction::ONE);
    let accepted = |dice: &mut Dice| AcceptedText { text: word(dice), credit: credit(dice), remark: String::new() };
    let several = |dice: &mut Dice, least: usize| least + dice.below(5);
    match dice.below(6) {
        0 => {
            let multiple = dice.flip();
            let options = (0..several(dice, 2)).map(|_| ChoiceOption { text: String::new(), is_right: dice.flip(), remark: String::new() }).collect();
            Body::Choice(Choice { multiple, all_or_nothing: multiple && dice.below(4) == 0, options })
        }
        1 => Body::Text { accepted: (0..several(dice, 1)).map(|_| accepted(dice)).collect() },
        2 => {
            let number = |dice: &mut Dice| Decimal::parse(&number(dice)).unwrap_or(Decimal::ZERO);
            let accepted = (0..several(dice, 1))
                .map(|_| {
                    let tolerance = number(dice);
                    let tolerance = if tolerance.is_negative() { Decimal::ZERO } else { tolerance };
                    AcceptedNumber { value: number(dice), tolerance, credit: credit(dice), remark: String::new() }
                })
                .collect();
            Body::Number(Number { accepted, unit: if dice.flip() { "mm".to_owned() } else { String::new() } })
        }
        3 => {
            let pairs = (0..several(dice, 2)).map(|_| Pair { left: String::new(), right: word(dice) }).collect();
            Body::Matching(Matching { pairs, distractors: (0..dice.below(3)).map(|_| word(dice)).collect() })
        }
        4 => Body::Ordering { items: (0..several(dice, 2)).map(|_| word(dice)).collect() },
        _ => {
            let parts = (0..several(dice, 1)).map(|_| GapPart::Gap(Gap { accepted: vec![accepted(dice)], choices: Vec::new() })).collect();
            let bank = dice.flip().then(|| WordBank { distractors: vec![word(dice)] });
            Body::Gaps(Gaps { parts, bank })
        }
    }
}

/// An answer that a question takes, half of the time near what is right, and the order in which its items are shown.
fn answer(dice: &mut Dice, body: &Body) -> (Vec<usize>, AnswerValue) {
    let mixed = |dice: &mut Dice, count: usize| {
        let mut order: Vec<usize> = (0..count).collect();
        for index in (1..count).rev() {
            order.swap(index, dice.below(index + 1));
        }
        order
    };
    let picks = |dice: &mut Dice, count: usize, offers: usize| {
        (0..count).map(|_| if dice.below(8) == 0 { None } else { u16::try_from(dice.below(offers)).ok() }).collect()
    };
    match body {
        Body::Matching(matching) => {
            let offers = matching.rights().len();
            (mixed(dice, offers), AnswerValue::Picks(picks(dice, matching.pairs.len(), offers)))
        }
        Body::Ordering { items } => (mixed(dice, items.len()), AnswerValue::Picks(picks(dice, items.len(), items.len()))),
        Body::Gaps(gaps) => {
            let offered = super::offered_words(body);
            let mut filled = Vec::new();
            for (gap, offered) in gaps.gaps().zip(offered) {
                filled.push(if dice.below(8) == 0 {
                    String::new()
                } else if offered.is_empty() {
                    typed(dice, &gap.accepted)
                } else {
                    offered[dice.below(offered.len())].to_owned()
                });
            }
            (Vec::new(), AnswerValue::Words(filled))
        }
        Body::Text { accepted } => (Vec::new(), AnswerValue::Text(typed(dice, accepted))),
        Body::Number(of) => {
            let text = if dice.flip() { of.accepted[dice.below(of.accepted.len())].value.to_string().replace('.', ",") } else { number(dice) };
            (Vec::new(), AnswerValue::Text(if dice.flip() { format!("{text} {}", of.unit) } else { text }))
        }
        Body::Choice(_) | Body::Open { .. } => (Vec::new(), AnswerValue::Text(String::new())),
    }
}

fn typed(dice: &mut Dice, accepted: &[AcceptedText]) -> String {
    if dice.flip() {
        return word(dice);
    }
    let text = &accepted[dice.below(accepted.len())].text;
    match dice.below(3) {
        0 => format!("  {}\u{a0}", text.to_uppercase()),
        1 => text.to_lowercase(),
        _ => text.clone(),
    }
}

/// A short word of letters that have several forms: Latin, Cyrillic, accents of their own, ligatures, dashes, spaces.
fn word(dice: &mut Dice) -> String {
    const SIGNS: [(u32, usize); 7] = [(0x61, 4), (0x430, 4), (0x450, 2), (0x300, 3), (0xfb01, 2), (0x2010, 3), (0xdf, 1)];
    let length = 1 + dice.below(3);
    let letter = |dice: &mut Dice| {
        let (from, count) = SIGNS[dice.below(SIGNS.len())];
        char::from_u32(from + u32::try_from(dice.below(count)).unwrap_or(0)).unwrap_or(' ')
    };
    let letters: String = (0..length).map(|_| letter(dice)).collect();
    format!("x{letters}")
}

fn number(dice: &mut Dice) -> String {
    let sign = if dice.below(4) == 0 { "-" } else { "" };
    format!("{sign}{}.{}", dice.below(4), dice.below(4))
}

/// The same throws everywhere (splitmix64): numbers of a library may change with its version.
struct Dice(u64);

impl Dice {
    const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From 0, less than `limit`, which fits 32 bits: so that both sides throw the same whatever their word is.
    fn below(&mut self, limit: usize) -> usize {
        let limit = u64::try_from(limit).unwrap_or(1).max(1);
        usize::try_from((self.next() >> 32) % limit).unwrap_or(0)
    }

    fn flip(&mut self) -> bool {
        self.next() >> 63 == 1
    }
}

#[cfg(test)]
mod tests {
    use super::fold;

    /// `LECTERN_ANSWERS` says how many when this is built; the long check asks for a million and compares the number with the browser's.
    #[test]
    fn random_answers_keep_the_rules() {
        let count = option_env!("LECTERN_ANSWERS").and_then(|count| count.parse().ok()).unwrap_or(20_000);
        let folded = fold(count);
        println!("{count} answers: {folded}");
        assert_eq!(folded, fold(count), "the same throws give the same");
        assert_ne!(folded, fold(count - 1));
    }
}
