use super::*;
use proptest::prelude::*;

fn typed(answers: &str) -> Typed {
    Typed { answers: answers.to_owned(), ..Typed::default() }
}

#[test]
fn lines_are_read_as_their_author_means_them() {
    let Ok(Body::Choice(choice)) = read(QuestionKind::SingleChoice, &typed("+ да // верно\r\n\r\n- нет\n-в `a \\// b`")) else { panic!() };
    let seen: Vec<_> = choice.options.iter().map(|option| (option.text.as_str(), option.is_right, option.remark.as_str())).collect();
    assert_eq!(seen, [("да", true, "верно"), ("нет", false, ""), ("в `a // b`", false, "")]);
    assert_eq!(read(QuestionKind::SingleChoice, &typed("+ да\nнет")), Err(BadLine(2)));
    let Ok(Body::Text { accepted }) = read(QuestionKind::ShortText, &typed("да\n50% почти\n1/3 едва // так себе\n100 рублей"))
    else {
        panic!()
    };
    let seen: Vec<_> = accepted.iter().map(|answer| (answer.text.as_str(), answer.credit.numerator(), answer.credit.denominator())).collect();
    assert_eq!(seen, [("да", 1, 1), ("почти", 1, 2), ("едва", 1, 3), ("100 рублей", 1, 1)]);
    let Ok(Body::Number(number)) = read(QuestionKind::Number, &typed("3,14 ± 0,01\n50% -3 +- 1 // мимо")) else { panic!() };
    let seen: Vec<_> = number.accepted.iter().map(|answer| format!("{} {} {}", answer.value, answer.tolerance, answer.remark)).collect();
    assert_eq!(seen, ["3.14 0.01 ", "-3 1 мимо"]);
    assert_eq!(read(QuestionKind::Number, &typed("3\nтри")), Err(BadLine(2)));
    let Ok(Body::Gaps(gaps)) = read(QuestionKind::Gaps, &typed("Свет [[мягкий|50% тёплый|~жёсткий]], \\[[тень]]")) else {
        panic!()
    };
    assert_eq!(gaps.parts.len(), 3);
    assert_eq!(gaps.parts[2], GapPart::Text(", [[тень]]".to_owned()));
    assert_eq!(read(QuestionKind::Gaps, &typed("a\nb [[c")), Err(BadLine(2)));
    assert_eq!(read(QuestionKind::Matching, &typed("a => 1\nb")), Err(BadLine(2)));
}

#[test]
fn a_bracket_before_a_gap_is_not_the_gaps() {
    for text in ["[", "\\[", "\\\\[", "a[[", "[[["] {
        let gap = Gap { accepted: vec![AcceptedText { text: "ж".to_owned(), credit: Fraction::ONE, remark: String::new() }], choices: Vec::new() };
        let body = Body::Gaps(Gaps { parts: vec![GapPart::Text(text.to_owned()), GapPart::Gap(gap)], bank: None });
        assert_eq!(read(QuestionKind::Gaps, &write(&body)), Ok(body), "{text}");
    }
}

fn word() -> impl Strategy<Value = String> {
    "[a-z0-9+%/|~\\[\\]=>\\\\ \nж-]{1,12}".prop_map(|text| text.trim().to_owned()).prop_filter("something", |text| !text.is_empty())
}

fn accepted() -> impl Strategy<Value = AcceptedText> {
    (word(), 1_i64..4, prop::option::of(word())).prop_map(|(text, part, remark)| AcceptedText {
        text,
        credit: Fraction::new(part.min(3), 3).expect("a part"),
        remark: remark.unwrap_or_default(),
    })
}

fn body() -> impl Strategy<Value = Body> {
    let words = || prop::collection::vec(word(), 1..4);
    let gap = (prop::collection::vec(accepted(), 1..3), prop::collection::vec(word(), 0..3));
    let part =
        (gap, "[a-z\\[\\]\\\\ \nж]{1,12}").prop_map(|((accepted, choices), text)| [GapPart::Text(text), GapPart::Gap(Gap { accepted, choices })]);
    prop_oneof![
        (prop::collection::vec((word(), any::<bool>(), word()), 1..4), any::<bool>()).prop_map(|(options, all_or_nothing)| {
            let options = options.into_iter().map(|(text, is_right, remark)| ChoiceOption { text, is_right, remark }).collect();
            Body::Choice(Choice { multiple: true, all_or_nothing, options })
        }),
        prop::collection::vec(accepted(), 1..4).prop_map(|accepted| Body::Text { accepted }),
        (prop::collection::vec((word(), word()), 1..4), words()).prop_map(|(pairs, distractors)| {
            Body::Matching(Matching { pairs: pairs.into_iter().map(|(left, right)| Pair { left, right }).collect(), distractors })
        }),
        words().prop_map(|items| Body::Ordering { items }),
        (words(), any::<bool>()).prop_map(|(keys, takes_files)| Body::Open { keys, takes_files }),
        (prop::collection::vec(part, 1..4), prop::option::of(words())).prop_map(|(parts, distractors)| Body::Gaps(Gaps {
            parts: parts.into_iter().flatten().collect(),
            bank: distractors.map(|distractors| WordBank { distractors }),
        })),
    ]
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(body in body()) {
        let typed = write(&body);
        prop_assert_eq!(read(body.kind(), &typed), Ok(body), "{:?}", typed);
    }

    #[test]
    fn nothing_panics(text in "\\PC{0,60}", kind in 0_usize..8) {
        let _ = read(QuestionKind::ALL[kind], &typed(&text));
    }
}
