//! Pure rules of tests (tests.md): scoring by exact fractions. No database, no web.

use super::model::statistics::Concern;
use super::model::{AnswerValue, Correction, QuestionKind};
use crate::shared::fraction::Fraction;
use uuid::Uuid;

/// Longest open answer, in characters.
pub const TEXT_MAX: usize = 20_000;

/// Longest word, number or filled gap, in characters.
pub const SHORT_MAX: usize = 500;

/// How long after its end an attempt still takes answers that were made before it (T3).
pub const TOLERANCE_SECONDS: i64 = 30;

/// Minutes left from which a promise is near on the curators' board.
pub const NEAR_MINUTES: i64 = 4 * 60;

/// A promise of review comes near: half of its time is gone, it is due soon, it is broken. In this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reminder {
    /// Half of the promised time is gone.
    HalfGone,
    /// Less than four hours are left, or less than an eighth of a short promise.
    DueSoon,
    /// The promised moment is past.
    Broken,
}

impl Reminder {
    /// `review_reminders.kind`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::HalfGone => "half_gone",
            Self::DueSoon => "due_soon",
            Self::Broken => "broken",
        }
    }

    /// The reminder of a code.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::HalfGone, Self::DueSoon, Self::Broken].into_iter().find(|reminder| reminder.code() == code)
    }
}

/// The reminder that a promise of so many minutes has come to with so many left.
pub fn reminder(promised: i64, left: i64) -> Option<Reminder> {
    if left < 0 {
        Some(Reminder::Broken)
    } else if left <= (promised / 8).min(4 * 60) {
        Some(Reminder::DueSoon)
    } else if left <= promised / 2 {
        Some(Reminder::HalfGone)
    } else {
        None
    }
}

/// Options of a question with their rightness.
pub type Key = [(Uuid, bool)];

/// Whether a value is one that the question can take: the right shape, its own options, one at most for single choice.
pub fn is_acceptable(kind: QuestionKind, key: &Key, value: &AnswerValue) -> bool {
    match (kind, value) {
        (QuestionKind::Open, AnswerValue::Text(text)) => text.chars().count() <= TEXT_MAX && !text.contains('\0'),
        (QuestionKind::SingleChoice | QuestionKind::MultipleChoice, AnswerValue::Choice(chosen)) => {
            let mut seen = chosen.clone();
            seen.sort_unstable();
            seen.dedup();
            seen.len() == chosen.len()
                && (kind == QuestionKind::MultipleChoice || chosen.len() <= 1)
                && chosen.iter().all(|id| key.iter().any(|(option, _)| option == id))
        }
        _ => false,
    }
}

/// The machine's score between 0 and 1; `None` where a curator scores.
///
/// Single choice: 1 or 0. Multiple choice: right ticks / right options − wrong ticks / wrong options, never below 0, or all
/// or nothing. An open answer with no text is 0.
pub fn score(kind: QuestionKind, all_or_nothing: bool, key: &Key, value: Option<&AnswerValue>) -> Option<Fraction> {
    match (kind, value) {
        (QuestionKind::Open, Some(value)) if !value.is_empty() => None,
        (QuestionKind::SingleChoice, Some(AnswerValue::Choice(chosen))) => {
            let is_right = matches!(chosen.as_slice(), [only] if key.contains(&(*only, true)));
            Some(if is_right { Fraction::ONE } else { Fraction::ZERO })
        }
        (QuestionKind::MultipleChoice, Some(AnswerValue::Choice(chosen))) => Some(multiple_choice(all_or_nothing, key, chosen)),
        _ => Some(Fraction::ZERO),
    }
}

fn multiple_choice(all_or_nothing: bool, key: &Key, chosen: &[Uuid]) -> Fraction {
    let count = |wanted: bool, ticked: bool| {
        let options = key.iter().filter(|(id, right)| *right == wanted && (!ticked || chosen.contains(id))).count();
        i64::try_from(options).unwrap_or(i64::MAX)
    };
    let (right, wrong) = (count(true, false), count(false, false));
    let (right_ticks, wrong_ticks) = (count(true, true), count(false, true));
    if all_or_nothing {
        return if right_ticks == right && wrong_ticks == 0 { Fraction::ONE } else { Fraction::ZERO };
    }
    // A question whose options are all wrong is answered by ticking none.
    let gained = Fraction::new(right_ticks, right).unwrap_or(Fraction::ONE);
    let lost = Fraction::new(wrong_ticks, wrong).unwrap_or(Fraction::ZERO);
    if lost >= gained { Fraction::ZERO } else { gained - lost }
}

/// Points of a question: its weight times the score.
pub fn points(weight: i32, score: Fraction) -> Fraction {
    Fraction::whole(i64::from(weight)) * score
}

/// What a question counts after its key was corrected: the points it can give, and its score; `None` while that is awaited.
pub const fn counted(correction: Option<Correction>, weight: i32, score: Option<Fraction>) -> (i32, Option<Fraction>) {
    match correction {
        Some(Correction::Dropped) => (0, Some(Fraction::ZERO)),
        Some(Correction::FullMarks) => (weight, Some(Fraction::ONE)),
        Some(Correction::NewKey | Correction::BothKeys) | None => (weight, score),
    }
}

/// The score of points that a curator gave: halves from 0 to the weight. `None` for anything else.
pub fn score_of_points(weight: i32, given: Fraction) -> Option<Fraction> {
    let weight = i64::from(weight);
    let is_half_step = given.denominator() == 1 || given.denominator() == 2;
    let in_range = given >= Fraction::ZERO && given <= Fraction::whole(weight);
    (weight > 0 && is_half_step && in_range).then(|| Fraction::new(given.numerator(), given.denominator() * weight)).flatten()
}

/// Graded attempts from which a question's discrimination is shown and its figures are judged: fewer say nothing.
pub const STATISTICS_FROM: i64 = 10;

/// What an author may want to look at, by difficulty (the mean share, hundredths of a per cent) and discrimination (hundredths).
pub fn concerns(attempts: i64, difficulty: i32, discrimination: Option<i32>, is_outdrawn: bool) -> Vec<Concern> {
    if attempts < STATISTICS_FROM {
        return Vec::new();
    }
    let by_difficulty = match difficulty {
        9_000.. => Some(Concern::TooEasy),
        ..=2_000 => Some(Concern::TooHard),
        _ => None,
    };
    let misleads = discrimination.is_some_and(|index| index < 0) || is_outdrawn;
    by_difficulty.into_iter().chain(misleads.then_some(Concern::Misleading)).collect()
}

/// How many attempts may still be started; unlimited without a limit.
pub fn attempts_left(allowed: Option<i32>, started: i32) -> Option<i32> {
    allowed.map(|allowed| (allowed - started).max(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn key(rights: &[bool]) -> Vec<(Uuid, bool)> {
        rights.iter().zip(1_u128..).map(|(right, id)| (Uuid::from_u128(id), *right)).collect()
    }

    fn ticks(ids: &[u128]) -> AnswerValue {
        AnswerValue::Choice(ids.iter().map(|id| Uuid::from_u128(*id)).collect())
    }

    #[test]
    fn a_promise_is_reminded_of_in_order() {
        let day = 24 * 60;
        let seen: Vec<_> = [day, day / 2 + 1, day / 2, 3 * 60 + 1, 3 * 60, 0, -1].map(|left| reminder(day, left)).into();
        let (half, soon, broken) = (Some(Reminder::HalfGone), Some(Reminder::DueSoon), Some(Reminder::Broken));
        assert_eq!(seen, [None, None, half, half, soon, soon, broken]);
        assert_eq!(reminder(3 * day, 4 * 60), soon, "a long promise is due soon four hours before");
    }

    #[test]
    fn single_choice_is_right_or_not() {
        let key = key(&[false, true, false]);
        let of = |value: &AnswerValue| score(QuestionKind::SingleChoice, false, &key, Some(value));
        assert_eq!(of(&ticks(&[2])), Some(Fraction::ONE));
        assert_eq!(of(&ticks(&[1])), Some(Fraction::ZERO));
        assert_eq!(of(&ticks(&[1, 2])), Some(Fraction::ZERO));
        assert_eq!(of(&ticks(&[])), Some(Fraction::ZERO));
        assert_eq!(score(QuestionKind::SingleChoice, false, &key, None), Some(Fraction::ZERO));
    }

    #[test]
    fn multiple_choice_takes_wrong_ticks_off() {
        let key = key(&[true, true, false, false, false]);
        let of = |ids: &[u128]| score(QuestionKind::MultipleChoice, false, &key, Some(&ticks(ids))).expect("machine-scored");
        assert_eq!(of(&[1, 2]), Fraction::ONE);
        assert_eq!(of(&[1]), Fraction::new(1, 2).expect("a half"));
        assert_eq!(of(&[1, 3]), Fraction::new(1, 6).expect("1/2 − 1/3"));
        assert_eq!(of(&[3, 4, 5]), Fraction::ZERO);
        assert_eq!(of(&[1, 2, 3, 4, 5]), Fraction::ZERO);
        assert_eq!(score(QuestionKind::MultipleChoice, true, &key, Some(&ticks(&[1]))), Some(Fraction::ZERO));
    }

    #[test]
    fn open_answers_wait_for_a_curator_unless_nothing_was_written() {
        let of = |text: &str| score(QuestionKind::Open, false, &[], Some(&AnswerValue::Text(text.to_owned())));
        assert_eq!(of("свет слева"), None);
        assert_eq!(of(" \n"), Some(Fraction::ZERO));
    }

    #[test]
    fn curators_give_halves_within_the_weight() {
        let given = |text: &str| Fraction::parse_decimal(text).and_then(|points| score_of_points(3, points));
        assert_eq!(given("1,5"), Fraction::new(1, 2));
        assert_eq!(given("0"), Some(Fraction::ZERO));
        assert_eq!(given("3"), Some(Fraction::ONE));
        assert_eq!(given("3.5"), None);
        assert_eq!(given("1.25"), None);
    }

    #[test]
    fn figures_are_judged_from_ten_attempts_on() {
        assert_eq!(concerns(9, 10_000, Some(-50), true), []);
        assert_eq!(concerns(10, 9_000, None, false), [Concern::TooEasy]);
        assert_eq!(concerns(10, 8_999, Some(0), false), []);
        assert_eq!(concerns(10, 2_000, Some(-1), false), [Concern::TooHard, Concern::Misleading]);
        assert_eq!(concerns(10, 2_001, None, true), [Concern::Misleading]);
    }

    #[test]
    fn a_correction_says_what_counts() {
        let half = Fraction::new(1, 2);
        assert_eq!(counted(None, 3, half), (3, half));
        assert_eq!(counted(Some(Correction::NewKey), 3, None), (3, None));
        assert_eq!(counted(Some(Correction::FullMarks), 3, None), (3, Some(Fraction::ONE)));
        assert_eq!(counted(Some(Correction::Dropped), 3, half), (0, Some(Fraction::ZERO)));
    }

    #[test]
    fn foreign_options_and_wrong_shapes_are_refused() {
        let key = key(&[true, false]);
        assert!(is_acceptable(QuestionKind::SingleChoice, &key, &ticks(&[1])));
        assert!(!is_acceptable(QuestionKind::SingleChoice, &key, &ticks(&[1, 2])));
        assert!(!is_acceptable(QuestionKind::MultipleChoice, &key, &ticks(&[1, 1])));
        assert!(!is_acceptable(QuestionKind::MultipleChoice, &key, &ticks(&[3])));
        assert!(!is_acceptable(QuestionKind::Open, &key, &ticks(&[1])));
        assert!(!is_acceptable(QuestionKind::Open, &[], &AnswerValue::Text("a\0".to_owned())));
        assert!(!is_acceptable(QuestionKind::Open, &[], &AnswerValue::Text("ж".repeat(TEXT_MAX + 1))));
    }

    proptest! {
        #[test]
        fn scores_stay_in_range_and_ignore_order(rights in prop::collection::vec(any::<bool>(), 1..12), mask in any::<u16>(), all in any::<bool>()) {
            let key = key(&rights);
            let chosen: Vec<u128> = (0..rights.len()).filter(|bit| mask >> bit & 1 == 1).map(|bit| bit as u128 + 1).collect();
            let mut reversed = chosen.clone();
            reversed.reverse();
            let of = |ids: &[u128]| score(QuestionKind::MultipleChoice, all, &key, Some(&ticks(ids))).expect("machine-scored");
            prop_assert!(of(&chosen) >= Fraction::ZERO && of(&chosen) <= Fraction::ONE);
            prop_assert_eq!(of(&chosen), of(&reversed));
        }

        #[test]
        fn one_more_right_tick_never_costs(rights in prop::collection::vec(any::<bool>(), 1..12), mask in any::<u16>(), extra in 0_usize..12) {
            let key = key(&rights);
            let extra = extra % rights.len();
            prop_assume!(rights[extra]);
            let mut chosen: Vec<u128> = (0..rights.len()).filter(|bit| *bit != extra && mask >> bit & 1 == 1).map(|bit| bit as u128 + 1).collect();
            let of = |ids: &[u128]| score(QuestionKind::MultipleChoice, false, &key, Some(&ticks(ids))).expect("machine-scored");
            let before = of(&chosen);
            chosen.push(extra as u128 + 1);
            prop_assert!(of(&chosen) >= before);
        }
    }
}
