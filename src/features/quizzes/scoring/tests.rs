use super::*;
use crate::features::quizzes::content::{AcceptedNumber, Gap, GapPart, Gaps, Pair, WordBank};
use proptest::prelude::*;

fn fraction(numerator: i64, denominator: i64) -> Fraction {
    Fraction::new(numerator, denominator).expect("a fraction")
}

fn asked<'a>(body: &'a Body, order: &'a [usize]) -> Asked<'a> {
    Asked { kind: body.kind(), all_or_nothing: false, key: &[], body: Some(body), order }
}

fn of(body: &Body, order: &[usize], value: &AnswerValue) -> Fraction {
    let asked = asked(body, order);
    assert!(is_acceptable(&asked, value), "{value:?}");
    score(&asked, Some(value)).expect("scored by the machine")
}

fn typed(text: &str) -> AnswerValue {
    AnswerValue::Text(text.to_owned())
}

fn words(words: &[&str]) -> AnswerValue {
    AnswerValue::Words(words.iter().map(|&word| word.to_owned()).collect())
}

fn accepted(text: &str, credit: Fraction) -> AcceptedText {
    AcceptedText { text: text.to_owned(), credit, remark: String::new() }
}

fn gap(right: &str, wrong: &[&str]) -> GapPart {
    GapPart::Gap(Gap { accepted: vec![accepted(right, Fraction::ONE)], choices: wrong.iter().map(|&word| word.to_owned()).collect() })
}

fn matching() -> Body {
    let pair = |left: &str, right: &str| Pair { left: left.to_owned(), right: right.to_owned() };
    Body::Matching(Matching { pairs: vec![pair("a", "1"), pair("b", "2"), pair("c", "1")], distractors: vec!["3".to_owned()] })
}

#[test]
fn short_texts_give_the_best_credit() {
    let body = Body::Text {
        accepted: vec![accepted("Диафрагма", fraction(1, 2)), accepted("диафрагма", Fraction::ONE), accepted("дырка", fraction(1, 3))],
    };
    assert_eq!(of(&body, &[], &typed("  ДИАФРАГМА ")), Fraction::ONE);
    assert_eq!(of(&body, &[], &typed("дырка")), fraction(1, 3));
    assert_eq!(of(&body, &[], &typed("выдержка")), Fraction::ZERO);
    assert_eq!(of(&body, &[], &typed("")), Fraction::ZERO);
    assert!(!is_acceptable(&asked(&body, &[]), &typed(&"ж".repeat(SHORT_MAX + 1))));
    assert!(!is_acceptable(&asked(&body, &[]), &words(&["дырка"])));
}

#[test]
fn numbers_are_exact_and_may_have_their_unit() {
    let decimal = |text: &str| Decimal::parse(text).expect("a decimal");
    let answer =
        |value: &str, tolerance: &str, credit| AcceptedNumber { value: decimal(value), tolerance: decimal(tolerance), credit, remark: String::new() };
    let body =
        Body::Number(Number { accepted: vec![answer("0.2", "0.1", Fraction::ONE), answer("0.2", "1", fraction(1, 2))], unit: "кг".to_owned() });
    for (text, expected) in [
        ("0,3", Fraction::ONE),
        ("0.3 КГ", Fraction::ONE),
        ("0,1кг", Fraction::ONE),
        ("0,300000000000000001", fraction(1, 2)),
        ("1.2", fraction(1, 2)),
        ("1,21", Fraction::ZERO),
        ("кг", Fraction::ZERO),
        ("0,2 г", Fraction::ZERO),
        ("−0,5", fraction(1, 2)),
    ] {
        assert_eq!(of(&body, &[], &typed(text)), expected, "{text}");
    }
}

#[test]
fn pairs_are_counted_in_the_order_shown() {
    // Shown: 3, 1, 2.
    let (body, order) = (matching(), [2, 0, 1]);
    let picks = |picks: [Option<u16>; 3]| AnswerValue::Picks(picks.to_vec());
    assert_eq!(of(&body, &order, &picks([Some(1), Some(2), Some(1)])), Fraction::ONE);
    assert_eq!(of(&body, &order, &picks([Some(1), None, Some(0)])), fraction(1, 3));
    assert_eq!(of(&body, &order, &picks([None, None, None])), Fraction::ZERO);
    assert!(!is_acceptable(&asked(&body, &order), &picks([Some(3), None, None])), "no such right");
    assert!(!is_acceptable(&asked(&body, &order), &AnswerValue::Picks(vec![Some(1)])));
}

#[test]
fn an_order_is_worth_its_right_neighbours() {
    let body = Body::Ordering { items: ["a", "b", "c", "d"].map(str::to_owned).to_vec() };
    // Shown: d, b, a, c; picks are places.
    let order = [3, 1, 0, 2];
    let picks = |picks: [Option<u16>; 4]| AnswerValue::Picks(picks.to_vec());
    assert_eq!(of(&body, &order, &picks([Some(3), Some(1), Some(0), Some(2)])), Fraction::ONE);
    assert_eq!(of(&body, &order, &picks([Some(0), Some(2), Some(3), Some(1)])), Fraction::ZERO, "reversed");
    assert_eq!(of(&body, &order, &picks([Some(3), Some(2), Some(0), Some(1)])), fraction(2, 3), "a c b d");
    assert_eq!(of(&body, &order, &picks([None, Some(1), Some(0), None])), fraction(1, 3));
    assert_eq!(of(&body, &order, &picks([Some(0), Some(0), Some(0), Some(0)])), Fraction::ZERO, "all at one place");
}

#[test]
fn gaps_take_words_that_are_typed_or_offered() {
    let body = Body::Gaps(Gaps { parts: vec![gap("ISO", &[]), GapPart::Text(" и ".to_owned()), gap("свет", &["тень"])], bank: None });
    assert_eq!(offered_words(&body), [vec![], vec!["свет", "тень"]]);
    assert_eq!(of(&body, &[], &words(&["iso", "свет"])), Fraction::ONE);
    assert_eq!(of(&body, &[], &words(&["", "свет"])), fraction(1, 2));
    assert!(!is_acceptable(&asked(&body, &[]), &words(&["iso", "Свет"])), "not on the list");
    assert!(!is_acceptable(&asked(&body, &[]), &words(&["iso"])));
    let bank = Some(WordBank { distractors: vec!["а".to_owned()] });
    let body = Body::Gaps(Gaps { parts: vec![gap("в", &[]), gap("б", &[])], bank });
    assert_eq!(offered_words(&body), [vec!["а", "б", "в"], vec!["а", "б", "в"]], "in no order of the gaps");
}

proptest! {
    #[test]
    fn scores_stay_in_range_whatever_is_given(picks in prop::collection::vec(prop::option::of(0_u16..6), 0..6), order in Just(vec![0, 1, 2]).prop_shuffle(), text in "\\PC{0,20}") {
        let ordering = Body::Ordering { items: ["a", "b", "c"].map(str::to_owned).to_vec() };
        let gaps = Body::Gaps(Gaps { parts: vec![gap("x", &[]), gap("y", &[])], bank: None });
        for body in [&ordering, &matching(), &gaps] {
            for value in [AnswerValue::Picks(picks.clone()), typed(&text), words(&[&text, "y"])] {
                let score = score(&asked(body, &order), Some(&value)).expect("scored by the machine");
                prop_assert!(score >= Fraction::ZERO && score <= Fraction::ONE);
            }
        }
    }

    #[test]
    fn mixing_changes_no_score(order in Just(vec![0_usize, 1, 2, 3]).prop_shuffle(), places in Just(vec![0_u16, 1, 2, 3]).prop_shuffle()) {
        let body = Body::Ordering { items: ["a", "b", "c", "d"].map(str::to_owned).to_vec() };
        let shown = AnswerValue::Picks(order.iter().map(|index| Some(places[*index])).collect());
        let plain = AnswerValue::Picks(places.into_iter().map(Some).collect());
        prop_assert_eq!(of(&body, &order, &shown), of(&body, &[], &plain));
    }
}

#[test]
fn another_key_counts_for_the_order_that_was_shown() {
    let body = |items: [&str; 4]| Body::Ordering { items: items.map(str::to_owned).to_vec() };
    let (shown, key) = (body(["a", "b", "c", "d"]), body(["d", "c", "b", "a"]));
    // Shown: d, b, a, c.
    let order = order_by(&key, &shown, &[3, 1, 0, 2]);
    assert_eq!(order, [0, 2, 3, 1]);
    let reversed = AnswerValue::Picks([0, 2, 3, 1].map(Some).to_vec());
    assert_eq!(of(&key, &order, &reversed), Fraction::ONE);
    assert_eq!(of(&shown, &[3, 1, 0, 2], &reversed), Fraction::ZERO);
    // In the author's order, and of what is not there.
    assert_eq!(order_by(&key, &shown, &[]), [3, 2, 1, 0]);
    assert_eq!(order_by(&body(["a", "b", "c", "x"]), &shown, &[3, 0]), [usize::MAX, 0]);
    let pair = |left: &str, right: &str| Pair { left: left.to_owned(), right: right.to_owned() };
    let other = Body::Matching(Matching { pairs: vec![pair("a", "3"), pair("b", "2"), pair("c", "2")], distractors: vec!["1".to_owned()] });
    let order = order_by(&other, &matching(), &[2, 0, 1]);
    assert_eq!(of(&other, &order, &AnswerValue::Picks(vec![Some(0), Some(2), Some(1)])), fraction(2, 3), "3, 2, 1");
}

#[test]
fn a_corrected_key_shows_the_same_items() {
    let ordering = |items: &[&str]| Body::Ordering { items: items.iter().map(|&item| item.to_owned()).collect() };
    assert!(shows_the_same(&ordering(&["a", "b"]), &ordering(&["b", "a"])));
    assert!(!shows_the_same(&ordering(&["a", "b"]), &ordering(&["a", "b", "c"])));
    assert!(!shows_the_same(&ordering(&["a", "b"]), &Body::Text { accepted: Vec::new() }));
    let gaps =
        |right: &str, wrong: &[&str], text: &str| Body::Gaps(Gaps { parts: vec![gap(right, wrong), GapPart::Text(text.to_owned())], bank: None });
    assert!(shows_the_same(&gaps("x", &[], "."), &gaps("y", &[], ".")), "typed");
    assert!(!shows_the_same(&gaps("x", &[], "."), &gaps("x", &[], "!")));
    assert!(shows_the_same(&gaps("x", &["y"], "."), &gaps("y", &["x"], ".")), "chosen of the same words");
    assert!(!shows_the_same(&gaps("x", &["y"], "."), &gaps("x", &["z"], ".")));
}

proptest! {
    #[test]
    fn with_both_keys_nobody_has_less(one in Just(vec!["a", "b", "c"]).prop_shuffle(), other in Just(vec!["a", "b", "c"]).prop_shuffle(), places in prop::collection::vec(prop::option::of(0_u16..3), 3)) {
        let body = |items: &[&str]| Body::Ordering { items: items.iter().map(|&item| item.to_owned()).collect() };
        let (one, other) = (body(&one), body(&other));
        let order = order_by(&other, &one, &[]);
        let keys = [asked(&one, &[]), asked(&other, &order)];
        let value = AnswerValue::Picks(places);
        let scores = keys.map(|key| score(&key, Some(&value)).expect("scored by the machine"));
        let (index, best) = best(&keys, Some(&value)).expect("scored by the machine");
        prop_assert_eq!(Some(best), scores.into_iter().max());
        prop_assert_eq!(best, scores[index]);
    }
}
