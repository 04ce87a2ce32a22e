//! Each construct of the formats.

use super::*;
use crate::features::quizzes::content::{AcceptedNumber, AcceptedText, Decimal, Fault, GapPart, Gaps, Matching, Number, WordBank};
use crate::shared::fraction::Fraction;

fn half() -> Fraction {
    Fraction::new(1, 2).expect("a half")
}

fn texts(accepted: &[AcceptedText]) -> Vec<(&str, Fraction, &str)> {
    accepted.iter().map(|one| (one.text.as_str(), one.credit, one.remark.as_str())).collect()
}

#[test]
fn gift_choices() {
    let content = only(gift("// [tag:свет]\n::Свет::Откуда он?{\n~сверху#не всегда\n=слева \\{обычно\\}#да\n\n~снизу\n####Потому что окно.\n}"));
    assert_eq!((content.name.as_str(), content.prompt.as_str(), content.explanation.as_str()), ("Свет", "Откуда он?", "Потому что окно."));
    assert_eq!(options(&content), [("сверху", false, "не всегда"), ("слева {обычно}", true, "да"), ("снизу", false, "")]);
    assert_eq!(content.tags, ["свет"]);
    let several = only(gift("Что греет?{~%50%печь ~%50%солнце ~%-50%лёд ~%-50%снег}"));
    assert!(matches!(&several.body, Body::Choice(Choice { multiple: true, .. })));
    assert_eq!(options(&several).iter().map(|(_, is_right, _)| *is_right).collect::<Vec<_>>(), [true, true, false, false]);
    assert_eq!(changes(&gift("Что греет?{~%50%печь ~%50%солнце ~лёд}")), [&Change::Scoring]);
    assert_eq!(changes(&gift("Что греет?{=печь ~%50%солнце ~лёд}")), [&Change::PartialCredit]);
    assert_eq!(refusals(&gift("Что греет?{=печь =солнце ~лёд}")), [(1, &Reason::Invalid(Fault::SeveralRight))]);
    assert_eq!(refusals(&gift("Что греет?{~%x%печь ~лёд}")), [(1, &Reason::BadWeight("x".to_owned()))]);
}

#[test]
fn gift_true_or_false_and_open() {
    let content = only(gift("Снег тёплый.{FALSE#Нет же.#Верно!}"));
    assert_eq!(options(&content), [("Верно", false, "Нет же."), ("Неверно", true, "Верно!")]);
    assert_eq!(only(gift("Почему?{}")).body, Body::Open { keys: Vec::new(), takes_files: false });
    assert_eq!(refusals(&gift("Просто текст.")), [(1, &Reason::Description)]);
}

#[test]
fn gift_typed_answers() {
    let content = only(gift("Столица — {=Москва =%50%москва-град#почти =100\\% \\*} сегодня."));
    assert_eq!(content.prompt, "Столица — \\_\\_\\_\\_\\_ сегодня.");
    let Body::Text { accepted } = &content.body else { panic!("no text") };
    assert_eq!(texts(accepted), [("Москва", Fraction::ONE, ""), ("москва-град", half(), "почти"), ("100\\% *", Fraction::ONE, "")]);
    assert_eq!(refusals(&gift("Столица?{=Моск*}")), [(1, &Reason::Wildcard)]);
    assert_eq!(changes(&gift("Столица?{=Москва =%0%Тверь#нет}")), [&Change::RemarksDropped]);
    let number = only(gift("Пи?{#=3.14:0.01#точно =%50%3..4}"));
    let of = |text: &str| Decimal::parse(text).expect("a decimal");
    let one = |value: &str, tolerance: &str, credit, remark: &str| AcceptedNumber {
        value: of(value),
        tolerance: of(tolerance),
        credit,
        remark: remark.to_owned(),
    };
    let accepted = vec![one("3.14", "0.01", Fraction::ONE, "точно"), one("3.5", "0.5", half(), "")];
    assert_eq!(number.body, Body::Number(Number { accepted, unit: String::new() }));
    assert_eq!(refusals(&gift("Пи?{#три}")), [(1, &Reason::BadNumber("три".to_owned()))]);
}

#[test]
fn gift_pairs_items_and_categories() {
    let content =
        only(gift("$CATEGORY: $course$/top/Города\n\nНайди пару.{\n=Италия -> Рим\n=[markdown]**Япония** -> Токио\n= -> Осло\n= -> Рим\n}"));
    let Body::Matching(Matching { pairs, distractors }) = &content.body else { panic!("no pairs") };
    assert_eq!(pairs.iter().map(|pair| (pair.left.as_str(), pair.right.as_str())).collect::<Vec<_>>(), [("Италия", "Рим"), ("**Япония**", "Токио")]);
    assert_eq!((distractors.as_slice(), content.tags.as_slice()), (&["Осло".to_owned()][..], &["Города".to_owned()][..]));
    let ordering = only(gift("По порядку.{>3 ALL VERTICAL RELATIVE_NEXT_EXCLUDE_LAST\nраз\nдва\nтри\n}"));
    assert_eq!(ordering.body, Body::Ordering { items: ["раз", "два", "три"].map(str::to_owned).to_vec() });
}

#[test]
fn gift_formats() {
    let prompt = |text: &str| only(gift(text)).prompt;
    assert_eq!(prompt("[html]<p>a \\= <b>б</b></p>{T}"), "a = **б**");
    assert_eq!(prompt("[markdown]**б** \\#\\n\\nещё{T}"), "**б** #\n\nещё");
    assert_eq!(prompt("[plain]<b>1*2</b>{T}"), "\\<b>1\\*2\\</b>");
    assert_eq!(prompt("Раз\n// не вопрос\nдва{T}"), "Раз\\\nдва");
}

const ANSWERS: &str =
    "<answer fraction='100'><text>лампа</text><feedback><text>да</text></feedback></answer><answer fraction='0'><text>лёд</text></answer>";

fn typed(kind: &str, more: &str) -> String {
    format!(
        "<question type='{kind}'><name><text>Имя</text></name><questiontext format='html'><text>&lt;p>Что &lt;b>это&lt;/b>?&lt;/p></text></questiontext>{more}</question>"
    )
}

#[test]
fn moodle_choices_and_texts() {
    let content = only(xml(&typed("multichoice", &format!("<single>true</single>{ANSWERS}<tags><tag><text>свет</text></tag></tags>"))));
    assert_eq!((content.name.as_str(), content.prompt.as_str(), content.tags.as_slice()), ("Имя", "Что **это**?", &["свет".to_owned()][..]));
    assert_eq!(options(&content), [("лампа", true, "да"), ("лёд", false, "")]);
    let all = only(xml(&typed("multichoiceset", ANSWERS)));
    assert!(matches!(&all.body, Body::Choice(Choice { multiple: true, all_or_nothing: true, .. })));
    let short = xml(&typed("shortanswer", &format!("<usecase>1</usecase>{ANSWERS}<hint><text>ищи</text></hint>")));
    assert_eq!(changes(&short), [&Change::CaseIgnored, &Change::RemarksDropped]);
    let Body::Text { accepted } = &short.questions[0].content.body else { panic!("no text") };
    assert_eq!(texts(accepted), [("лампа", Fraction::ONE, "да")]);
    assert_eq!(refusals(&xml(&typed("calculated", ""))), [(3, &Reason::UnknownType("calculated".to_owned()))]);
    assert_eq!(refusals(&xml(&typed("description", ""))), [(3, &Reason::Description)]);
}

#[test]
fn moodle_numbers_pairs_items_and_essays() {
    let units = "<units><unit><multiplier>1</multiplier><unit_name>м</unit_name></unit><unit><multiplier>100</multiplier><unit_name>см</unit_name></unit></units>";
    let number = xml(&typed("numerical", &format!("<answer fraction='100'><text>2.5</text><tolerance>0.1</tolerance></answer>{units}")));
    assert_eq!(changes(&number), [&Change::UnitsDropped]);
    let Body::Number(number) = &number.questions[0].content.body else { panic!("no number") };
    assert_eq!((number.unit.as_str(), number.accepted[0].tolerance.to_string().as_str()), ("м", "0.1"));
    let pair = |left: &str, right: &str| format!("<subquestion format='html'><text>{left}</text><answer><text>{right}</text></answer></subquestion>");
    let matching = only(xml(&typed("matching", &[pair("&lt;i>Италия&lt;/i>", "Рим"), pair("Япония", "Токио"), pair("", "Осло")].concat())));
    let Body::Matching(matching) = &matching.body else { panic!("no pairs") };
    assert_eq!((matching.pairs[0].left.as_str(), matching.distractors.as_slice()), ("*Италия*", &["Осло".to_owned()][..]));
    let items = xml(&typed("ordering", "<answer><text>раз</text></answer><answer><text>два</text></answer>"));
    assert_eq!(changes(&items), [&Change::Scoring]);
    let essay = only(xml(&typed("essay", "<graderinfo format='html'><text>Смотри на &amp;amp; свет</text></graderinfo>")));
    assert_eq!((essay.model_answer.as_str(), essay.body), ("Смотри на & свет", Body::Open { keys: Vec::new(), takes_files: false }));
}

#[test]
fn moodle_gaps() {
    let gapped = |kind: &str, text: &str, words: &str| {
        format!("<question type='{kind}'><questiontext format='html'><text>{text}</text></questiontext>{words}</question>")
    };
    let text = "&lt;p>Свет {1:MULTICHOICE:=слева#да~справа~%50%сбоку} и {1:SA:=тень~%50%тени} &lt;b>{1:NM:=5:0}&lt;/b>&lt;/p>";
    let Body::Gaps(Gaps { parts, bank: None }) = only(xml(&gapped("cloze", text, ""))).body else { panic!("no gaps") };
    let shown: Vec<String> = parts
        .iter()
        .map(|part| match part {
            GapPart::Text(text) => text.clone(),
            GapPart::Gap(gap) => format!("{:?}/{:?}", texts(&gap.accepted).iter().map(|(text, ..)| *text).collect::<Vec<_>>(), gap.choices),
        })
        .collect();
    assert_eq!(shown, ["Свет ", "[\"слева\", \"сбоку\"]/[\"справа\"]", " и ", "[\"тень\", \"тени\"]/[]", " **", "[\"5\"]/[]", "**"]);
    let words = |groups: [u8; 3]| {
        let option = |(word, group): (&str, u8)| format!("<dragbox><text>{word}</text><group>{group}</group></dragbox>");
        ["раз", "два", "три"].into_iter().zip(groups).map(option).collect::<String>()
    };
    let Body::Gaps(banked) = only(xml(&gapped("ddwtos", "[[2]], потом [[1]]", &words([1, 1, 1])))).body else { panic!("no gaps") };
    assert_eq!(banked.bank, Some(WordBank { distractors: vec!["три".to_owned()] }));
    assert_eq!(banked.gaps().map(|gap| gap.accepted[0].text.as_str()).collect::<Vec<_>>(), ["два", "раз"]);
    let Body::Gaps(grouped) = only(xml(&gapped("gapselect", "[[1]] и [[3]]", &words([1, 1, 2])))).body else { panic!("no gaps") };
    assert_eq!(grouped.gaps().map(|gap| gap.choices.concat()).collect::<Vec<_>>(), ["два", ""]);
    assert_eq!(refusals(&xml(&gapped("gapselect", "[[4]]", &words([1, 1, 1])))), [(3, &Reason::BadGap)]);
    assert_eq!(refusals(&xml(&gapped("cloze", "Свет {1:SA:=слева", ""))), [(3, &Reason::UnclosedBrace)]);
    assert_eq!(refusals(&xml(&gapped("cloze", "Свет {1:NM:=5:0.1}", ""))), [(3, &Reason::UnknownType("NUMERICAL".to_owned()))]);
}
