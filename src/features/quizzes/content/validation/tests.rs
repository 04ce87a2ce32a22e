use super::super::{ChoiceOption, Decimal, Gap, Pair, WordBank};
use super::*;

fn question(body: Body) -> QuestionContent {
    QuestionContent { name: String::new(), prompt: "?".to_owned(), explanation: String::new(), model_answer: String::new(), tags: Vec::new(), body }
}

fn faults(body: Body) -> Vec<(Place, Fault)> {
    question(body).problems().into_iter().map(|problem| (problem.place, problem.fault)).collect()
}

fn text(text: &str, credit: Fraction) -> AcceptedText {
    AcceptedText { text: text.to_owned(), credit, remark: String::new() }
}

#[test]
fn a_choice_has_a_right_option() {
    let option = |text: &str, is_right| ChoiceOption { text: text.to_owned(), is_right, remark: String::new() };
    let choice = |multiple, options| Body::Choice(Choice { multiple, all_or_nothing: false, options });
    assert_eq!(faults(choice(false, vec![option("a", true), option("b", false)])), []);
    assert_eq!(faults(choice(false, vec![option("a", true), option("b", true)])), [(Place::Items, Fault::SeveralRight)]);
    assert_eq!(faults(choice(true, vec![option("a", true), option("b", true)])), []);
    assert_eq!(faults(choice(true, vec![option("a", false), option("b", false)])), [(Place::Items, Fault::NothingRight)]);
    assert_eq!(faults(choice(true, vec![option("a", true)])), [(Place::Items, Fault::TooFew(2))]);
    assert_eq!(
        faults(choice(true, vec![option("a", true), option("a ", false), option(" ", false)])),
        [(Place::Item(1), Fault::Repeated), (Place::Item(2), Fault::Empty)]
    );
}

#[test]
fn an_accepted_answer_gives_the_whole_credit() {
    let half = Fraction::new(1, 2).expect("a half");
    assert_eq!(faults(Body::Text { accepted: vec![text("a", Fraction::ONE), text("b", half)] }), []);
    assert_eq!(faults(Body::Text { accepted: vec![text("b", half)] }), [(Place::Items, Fault::NoFullCredit)]);
    assert_eq!(faults(Body::Text { accepted: Vec::new() }), [(Place::Items, Fault::TooFew(1))]);
    let number = |tolerance: &str| {
        let tolerance = Decimal::parse(tolerance).expect("a decimal");
        let accepted = vec![AcceptedNumber { value: Decimal::ZERO, tolerance, credit: Fraction::ONE, remark: String::new() }];
        Body::Number(Number { accepted, unit: String::new() })
    };
    assert_eq!(faults(number("0.1")), []);
    assert_eq!(faults(number("-0.1")), [(Place::Tolerance(0), Fault::Negative)]);
}

#[test]
fn words_that_fit_nowhere_are_wrong() {
    let pair = |left: &str, right: &str| Pair { left: left.to_owned(), right: right.to_owned() };
    let matching = |distractors: &[&str]| {
        let distractors = distractors.iter().map(|&text| text.to_owned()).collect();
        Body::Matching(Matching { pairs: vec![pair("a", "1"), pair("b", "1")], distractors })
    };
    assert_eq!(faults(matching(&["2"])), []);
    assert_eq!(faults(matching(&[])), [(Place::Right(0), Fault::TooFew(2))], "with one right there is nothing to choose");
    assert_eq!(faults(matching(&["2", "1"])), [(Place::Distractor(1), Fault::WrongIsRight)]);
    let gap = |choices: &[&str]| {
        let choices = choices.iter().map(|&text| text.to_owned()).collect();
        GapPart::Gap(Gap { accepted: vec![text("a", Fraction::ONE)], choices })
    };
    let bank = Some(WordBank { distractors: vec!["a".to_owned()] });
    assert_eq!(faults(Body::Gaps(Gaps { parts: vec![gap(&["b"])], bank: None })), []);
    assert_eq!(faults(Body::Gaps(Gaps { parts: vec![gap(&["a"])], bank: None })), [(Place::Gap(0), Fault::WrongIsRight)]);
    assert_eq!(
        faults(Body::Gaps(Gaps { parts: vec![gap(&["b"])], bank })),
        [(Place::Gap(0), Fault::TwoLists), (Place::Distractor(0), Fault::WrongIsRight)]
    );
    assert_eq!(faults(Body::Gaps(Gaps { parts: vec![GapPart::Text("x".to_owned())], bank: None })), [(Place::Items, Fault::TooFew(1))]);
}
