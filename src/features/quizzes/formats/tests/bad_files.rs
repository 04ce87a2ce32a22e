//! Files that are wrong, or want to be too much.

use super::*;
use proptest::prelude::*;
use std::time::Duration;

fn refused(format: FileFormat, bytes: &[u8]) -> FileProblem {
    read(format, bytes, WORDS).expect_err("no file of questions")
}

#[test]
fn an_entity_bomb_is_refused_before_it_grows() {
    let bomb = "<?xml version=\"1.0\"?>\n<!DOCTYPE quiz [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;\">]>\n<quiz><question type=\"essay\">&b;</question></quiz>";
    assert_eq!(refused(FileFormat::MoodleXml, bomb.as_bytes()), FileProblem::Doctype(2));
    let unknown = "<quiz>\n<question type=\"essay\"><name>\n<text>&secret;</text></name></question></quiz>";
    assert_eq!(refused(FileFormat::MoodleXml, unknown.as_bytes()), FileProblem::NotWellFormed(3));
}

#[test]
fn a_wrong_encoding_is_named() {
    assert_eq!(refused(FileFormat::Gift, b"\nA?{T}\n\n\xcf\xf0\xe8\xe2\xe5\xf2?{T}"), FileProblem::NotUtf8(4));
    assert_eq!(refused(FileFormat::Gift, b"\xff\xfeA\0"), FileProblem::Encoding("UTF-16".to_owned()));
    let declared = b"<?xml version=\"1.0\" encoding=\"windows-1251\"?><quiz></quiz>";
    assert_eq!(refused(FileFormat::MoodleXml, declared), FileProblem::Encoding("windows-1251".to_owned()));
    let marked = read(FileFormat::Gift, "\u{feff}::а::Раз?{T}\r\n\r\n::б::Два?{F}".as_bytes(), WORDS).expect("a file");
    assert_eq!((marked.questions.len(), marked.questions[1].line), (2, 3));
}

#[test]
fn xml_that_breaks_off_is_refused_with_its_line() {
    for (file, line) in
        [("<quiz>\n<question type=\"essay\">\n<name>", 3), ("<quiz>\n<question type=\"essay\">\n</name></question></quiz>", 3), ("<quiz>\n", 2)]
    {
        assert_eq!(refused(FileFormat::MoodleXml, file.as_bytes()), FileProblem::NotWellFormed(line), "{file}");
    }
    for other in ["", "<html></html>", "plain", "{\"a\":1}"] {
        assert_eq!(refused(FileFormat::MoodleXml, other.as_bytes()), FileProblem::OtherFormat, "{other}");
    }
}

#[test]
fn braces_that_do_not_close_are_named_and_the_rest_is_taken() {
    let import = gift("Раз?{T}\n\nДва? {\n=а\n\nТри?{F}\n\nЧетыре? }\n\n::Пять\n\nШесть?{T\nСемь?{F}");
    assert_eq!(import.questions.iter().map(|question| question.line).collect::<Vec<_>>(), [1, 6]);
    assert_eq!(refusals(&import), [(3, &Reason::UnclosedBrace), (8, &Reason::StrayBrace), (10, &Reason::UnclosedName), (13, &Reason::SecondBrace)]);
}

#[test]
fn too_large_or_too_many_is_refused() {
    let large = vec![b'a'; MEGABYTES_MAX as usize * 1024 * 1024 + 1];
    assert_eq!(refused(FileFormat::Gift, &large), FileProblem::TooLarge(MEGABYTES_MAX));
    assert_eq!(refused(FileFormat::Gift, "a{T}\n\n".repeat(QUESTIONS_MAX + 1).as_bytes()), FileProblem::TooManyQuestions(QUESTIONS_MAX));
}

/// Time grows with size alone: five megabytes here, for the test is not optimised, and fifty are ten times as much.
#[test]
fn megabytes_of_anything_end_in_time() {
    const BYTES: usize = 5 * 1024 * 1024;
    let fill = |piece: &str| piece.repeat(BYTES / piece.len());
    let started = std::time::Instant::now();
    for piece in ["{\n\n", "{", "~", "::", "x\n\n", "[tag:", "// [tag:\n", "\\"] {
        let _ = read(FileFormat::Gift, fill(piece).as_bytes(), WORDS);
    }
    for (begin, piece) in
        [("<quiz>", "<question>"), ("<quiz><question type='essay'><questiontext><text>", "&lt;b>"), ("<quiz><question><file>", "QUJD")]
    {
        let _ = read(FileFormat::MoodleXml, format!("{begin}{}", fill(piece)).get(..BYTES).expect("as long").as_bytes(), WORDS);
    }
    assert!(started.elapsed() < Duration::from_mins(1), "{:?}", started.elapsed());
}

#[test]
fn what_lies_too_deep_is_named() {
    let deep = format!("<question type=\"essay\"><name><text>Глубина</text></name>{}{}</question>", "<a>".repeat(5_000), "</a>".repeat(5_000));
    let import = xml(&format!("{deep}\n<question type=\"essay\"><questiontext><text>Почему?</text></questiontext></question>"));
    assert_eq!(refusals(&import), [(3, &Reason::TextTooComplex)]);
    assert_eq!((import.report[0].name.as_str(), import.questions.len()), ("Глубина", 1));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    #[test]
    fn any_gift_is_read(text in r"([~=#{}:\\%*>|-]|->|::|####|\.\.|//|\n|[a-zя0-9 ]|\[html\]|%50%|\$CATEGORY:|TRUE|<b>){0,60}") {
        let import = gift(&text);
        prop_assert!(import.report.len() <= 200 && import.questions.len() <= 60);
    }

    #[test]
    fn any_moodle_xml_is_read(text in r"(<(/)?(question|text|answer|name|questiontext|file|quiz)( type='(cloze|matching|essay|numerical)')?>|&amp;|&#1;|&x;|<!\[CDATA\[|\]\]>|\{1:MC:|\}|~|\[\[1\]\]|[a-zя0-9%= ]){0,40}") {
        let _ = read(FileFormat::MoodleXml, format!("<quiz>{text}</quiz>").as_bytes(), WORDS);
    }

    #[test]
    fn any_cloze_is_read(text in r"(\{1:(MC|SA|NM|MULTICHOICE|SAC|MR):|\}|\\|~|=|#|%50%|%-9%|\*|<br />|[a-zя0-9 ]|\[\[[0-9]\]\]){0,40}") {
        for kind in ["cloze", "gapselect", "ddwtos"] {
            let text = text.replace('<', "&lt;");
            let _ = xml(&format!("<question type='{kind}'><questiontext format='html'><text>{text}</text></questiontext><dragbox><text>а</text></dragbox></question>"));
        }
    }
}
