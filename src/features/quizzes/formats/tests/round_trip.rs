//! What is written is read back as it was.

use super::*;
use crate::features::quizzes::content::{AcceptedNumber, AcceptedText, ChoiceOption, Decimal, Gap, GapPart, Gaps, Number, Pair, WordBank};
use crate::shared::fraction::Fraction;
use proptest::collection::vec;
use proptest::prelude::*;

/// Letters that mean something in one format or another; no space at the ends, as texts are kept.
fn words() -> impl Strategy<Value = String> {
    r"([a-zя0-9]|[-~=#{}:\\%*\[\]/&<>!?.,@$'\x22_`|()+]|->|//|::|n){1,12}( ([a-zя0-9]|[~=#{}:\\%*<&]){1,6}){0,3}"
}

fn long() -> impl Strategy<Value = String> {
    vec(words(), 1..3).prop_map(|lines| lines.join("\n\n"))
}

fn maybe(text: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    prop_oneof![Just(String::new()), text.prop_map(|text| text)]
}

fn credit() -> impl Strategy<Value = Fraction> {
    prop_oneof![Just(Fraction::ONE), (1_i64..60, 1_i64..60).prop_map(|(a, b)| Fraction::new(a.min(b), a.max(b)).unwrap_or(Fraction::ONE))]
}

fn accepted() -> impl Strategy<Value = Vec<AcceptedText>> {
    let one = (words(), credit(), maybe(long())).prop_map(|(text, credit, remark)| AcceptedText { text, credit, remark });
    vec(one, 1..4)
}

fn decimal() -> impl Strategy<Value = Decimal> {
    (any::<i32>(), 0_u8..9).prop_map(|(units, power)| Decimal::parse(&format!("{units}e-{power}")).unwrap_or_default())
}

fn gaps() -> impl Strategy<Value = Body> {
    let text = || words().prop_map(|text| GapPart::Text(format!("x{text}x")));
    let own = (accepted(), vec(words(), 0..3)).prop_map(|(accepted, choices)| GapPart::Gap(Gap { accepted, choices }));
    let banked = words().prop_map(|text| {
        GapPart::Gap(Gap { accepted: vec![AcceptedText { text, credit: Fraction::ONE, remark: String::new() }], choices: Vec::new() })
    });
    let typed = vec((text(), own), 1..4).prop_map(|parts| (parts, None));
    let banked = (vec((text(), banked), 1..4), vec(words(), 0..3)).prop_map(|(parts, distractors)| (parts, Some(WordBank { distractors })));
    prop_oneof![typed, banked]
        .prop_map(|(parts, bank)| Body::Gaps(Gaps { parts: parts.into_iter().flat_map(|(text, gap)| [text, gap]).collect(), bank }))
}

fn body() -> impl Strategy<Value = Body> {
    let option = (words(), any::<bool>(), maybe(long())).prop_map(|(text, is_right, remark)| ChoiceOption { text, is_right, remark });
    let number = (decimal(), 0_u32..1000, credit(), maybe(words())).prop_map(|(value, tolerance, credit, remark)| AcceptedNumber {
        value,
        tolerance: Decimal::parse(&format!("{tolerance}e-2")).unwrap_or_default(),
        credit,
        remark,
    });
    let pair = (words(), words()).prop_map(|(left, right)| Pair { left, right });
    let verdict = (any::<bool>(), maybe(words()), maybe(words())).prop_map(|(is_true, yes, no)| {
        let option = |text: &str, is_right, remark| ChoiceOption { text: text.to_owned(), is_right, remark };
        let options = vec![option(WORDS.0, is_true, yes), option(WORDS.1, !is_true, no)];
        Body::Choice(Choice { multiple: false, all_or_nothing: false, options })
    });
    prop_oneof![
        verdict,
        (vec(option, 2..6), any::<bool>(), any::<bool>()).prop_map(|(options, multiple, all)| Body::Choice(Choice {
            multiple,
            all_or_nothing: multiple && all,
            options
        })),
        accepted().prop_map(|accepted| Body::Text { accepted }),
        (vec(number, 1..3), maybe(words())).prop_map(|(accepted, unit)| Body::Number(Number { accepted, unit })),
        (vec(pair, 2..5), vec(words(), 0..3)).prop_map(|(pairs, words)| matching_of(pairs, words)),
        vec(words(), 2..6).prop_map(|items| Body::Ordering { items }),
        (vec(words(), 0..3), any::<bool>()).prop_map(|(keys, takes_files)| Body::Open { keys, takes_files }),
        gaps(),
    ]
}

fn question() -> impl Strategy<Value = QuestionContent> {
    (maybe(words()), long(), maybe(long()), maybe(long()), vec(words(), 0..3), body()).prop_map(
        |(name, prompt, explanation, model_answer, mut tags, body)| {
            tags.dedup();
            QuestionContent { name, prompt, explanation, model_answer, tags, body }
        },
    )
}

/// What GIFT has no form for: gaps, and arrows where they would make pairs.
fn is_beyond_gift(content: &QuestionContent) -> bool {
    match &content.body {
        Body::Gaps(_) => true,
        Body::Text { accepted } => accepted.iter().any(|one| one.text.contains("->") || one.remark.contains("->")),
        Body::Matching(matching) => matching.pairs.iter().any(|pair| pair.left.contains("->")),
        _ => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, max_global_rejects: 100_000, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read_back(content in question().prop_filter("whole", |content| content.problems().is_empty())) {
        for format in [FileFormat::Gift, FileFormat::MoodleXml] {
            let questions = [content.clone(), content.clone()];
            let (file, left_out) = write(format, &questions, WORDS);
            if !left_out.is_empty() {
                prop_assert!(format == FileFormat::MoodleXml || is_beyond_gift(&content), "left out");
                prop_assert!(format == FileFormat::Gift || matches!(content.body, Body::Gaps(_)), "left out");
                continue;
            }
            let import = read(format, file.as_bytes(), WORDS).expect("our own file");
            prop_assert_eq!(&import.report, &Vec::new(), "{}", file);
            let again: Vec<_> = import.questions.into_iter().map(|question| question.content).collect();
            prop_assert_eq!(again.as_slice(), &questions[..], "{}", file);
        }
    }
}
