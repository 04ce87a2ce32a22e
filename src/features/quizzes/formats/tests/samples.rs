//! Real files of others, kept outside the project.

use super::*;
use crate::features::quizzes::kind::QuestionKind;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// A sample's bytes; the test says so and ends where there are none.
fn sample(name: &str) -> Option<Vec<u8>> {
    let folder =
        std::env::var_os("LECTERN_SAMPLES").map_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/samples")), PathBuf::from);
    let bytes = std::fs::read(folder.join(name)).ok();
    if bytes.is_none() {
        eprintln!("SKIPPED: {} has no {name}; set LECTERN_SAMPLES", folder.display());
    }
    bytes
}

fn kinds(import: &Import) -> BTreeMap<&'static str, usize> {
    let mut counts = BTreeMap::new();
    for question in &import.questions {
        let is_true_or_false = true_or_false(&question.content.body, WORDS).is_some();
        *counts.entry(if is_true_or_false { "true_false" } else { question.content.kind().code() }).or_default() += 1;
    }
    counts
}

fn check(format: FileFormat, name: &str, expected: &[(&'static str, usize)], refused: &[Reason], categories: usize) {
    let Some(bytes) = sample(name) else { return };
    let import = read(format, &bytes, WORDS).expect("a file");
    assert_eq!(kinds(&import), expected.iter().copied().collect(), "{name}: {:#?}", import.report);
    assert_eq!(refusals(&import).into_iter().map(|(_, reason)| reason.clone()).collect::<Vec<_>>(), refused, "{name}");
    assert_eq!(import.categories.len(), categories, "{name}");
    let contents: Vec<_> = import.questions.into_iter().map(|question| question.content).collect();
    for format in [FileFormat::Gift, FileFormat::MoodleXml] {
        let (file, left_out) = write(format, &contents, WORDS);
        let again = read(format, file.as_bytes(), WORDS).expect("our own file");
        let kept: Vec<_> = contents.iter().enumerate().filter(|(at, _)| !left_out.contains(at)).map(|(_, content)| content.clone()).collect();
        assert_eq!(again.questions.into_iter().map(|question| question.content).collect::<Vec<_>>(), kept, "{name}");
        assert_eq!(again.report, [], "{name}");
        assert!(left_out.iter().all(|at| format == FileFormat::Gift && contents[*at].kind() == QuestionKind::Gaps), "{name}");
    }
}

#[test]
fn gift_of_others_is_taken() {
    let gift = |name, expected: &[(&'static str, usize)], categories| check(FileFormat::Gift, name, expected, &[], categories);
    let all = [("matching", 3), ("multiple_choice", 2), ("number", 8), ("short_text", 9), ("single_choice", 16), ("true_false", 5)];
    gift("gift/moodle-examples.gift", &all, 0);
    gift("gift/moodle-in-category.gift", &[("matching", 1), ("short_text", 1), ("single_choice", 1), ("true_false", 1)], 1);
    gift("gift/options.gift", &[("multiple_choice", 2), ("number", 1), ("short_text", 4), ("single_choice", 6), ("true_false", 1)], 0);
    gift("gift/es-general-knowledge.gift", &[("multiple_choice", 1), ("single_choice", 5), ("true_false", 2)], 0);
}

#[test]
fn moodle_xml_of_others_is_taken() {
    let xml = |name, expected: &[(&'static str, usize)], categories| check(FileFormat::MoodleXml, name, expected, &[], categories);
    xml("moodle-xml/nested-categories.xml", &[("open", 1), ("true_false", 4)], 4);
    xml("moodle-xml/cloze-with-files.xml", &[("gaps", 1)], 1);
    xml("moodle-xml/multiple-choice.xml", &[("single_choice", 2)], 0);
    xml("moodle-xml/select-missing-words.xml", &[("gaps", 6)], 0);
}

#[test]
fn embedded_files_are_named() {
    let Some(bytes) = sample("moodle-xml/cloze-with-files.xml") else { return };
    let import = read(FileFormat::MoodleXml, &bytes, WORDS).expect("a file");
    let pictures = changes(&import).into_iter().filter(|change| matches!(change, Change::Picture(_))).count();
    assert_eq!(pictures, 3, "{:#?}", import.report);
}
