//! Turns `locales/{ru,en}/*.toml` into one function per text, so that a missing key, a missing parameter or a missing
//! plural form stops the build. The browser gets only the texts that its pages call (docs/decisions/0003-texts.md).
#![expect(clippy::expect_used, clippy::disallowed_methods, reason = "a build that cannot go on has failed; it has no configuration")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

const LOCALES: [&str; 2] = ["ru", "en"];

/// One text in one locale: plain, or by plural category of its `count`.
enum Text {
    Plain(String),
    Plural(BTreeMap<String, String>),
}

type Texts = BTreeMap<String, Text>;

fn main() {
    println!("cargo::rerun-if-changed=locales");
    println!("cargo::rerun-if-changed=migrations");
    let files: BTreeSet<String> = fs::read_dir("locales/ru")
        .expect("locales/ru is there")
        .map(|entry| entry.expect("a readable entry").path().file_stem().expect("a name").to_string_lossy().into_owned())
        .collect();
    let mut code = String::new();
    for file in &files {
        let by_locale: Vec<Texts> = LOCALES.iter().map(|locale| read_texts(locale, file)).collect();
        write_module(&mut code, file, &by_locale);
    }
    let target = Path::new(&env::var("OUT_DIR").expect("cargo sets OUT_DIR")).join("texts.rs");
    fs::write(target, code).expect("OUT_DIR can be written");
}

fn read_texts(locale: &str, file: &str) -> Texts {
    let path = format!("locales/{locale}/{file}.toml");
    let source = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let table: toml::Table = source.parse().unwrap_or_else(|error| panic!("{path}: {error}"));
    table
        .into_iter()
        .map(|(key, value)| {
            let text = match value {
                toml::Value::String(text) => Text::Plain(text),
                toml::Value::Table(forms) => {
                    let wanted: &[&str] = if locale == "ru" { &["one", "few", "many"] } else { &["one", "many"] };
                    let forms: BTreeMap<String, String> =
                        forms.into_iter().map(|(form, text)| (form, text.as_str().unwrap_or_else(|| panic!("{path}: {key}")).to_owned())).collect();
                    assert!(
                        forms.len() == wanted.len() && wanted.iter().all(|form| forms.contains_key(*form)),
                        "{path}: {key} must have the plural forms {wanted:?}"
                    );
                    Text::Plural(forms)
                }
                _ => panic!("{path}: {key} is neither a text nor plural forms"),
            };
            (key, text)
        })
        .collect()
}

/// The `{name}` parameters of a text, `count` first, then as they come in the text.
fn parameters(text: &Text) -> Vec<String> {
    let of = |template: &str| -> Vec<String> {
        template.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name.to_owned()).collect()
    };
    let (first, templates): (Option<&str>, Vec<&String>) = match text {
        Text::Plain(template) => (None, vec![template]),
        Text::Plural(forms) => (Some("count"), forms.values().collect()),
    };
    let mut seen = BTreeSet::new();
    first
        .map(str::to_owned)
        .into_iter()
        .chain(templates.into_iter().flat_map(|template| of(template)))
        .filter(|name| seen.insert(name.clone()))
        .collect()
}

fn write_module(code: &mut String, module: &str, by_locale: &[Texts]) {
    writeln!(code, "/// Texts of `locales/*/{module}.toml`.\npub mod {module} {{\nuse super::Locale;").expect("a string");
    for (locale, texts) in LOCALES.iter().zip(by_locale) {
        for key in texts.keys() {
            assert!(by_locale.iter().all(|other| other.contains_key(key)), "{module}.{key} is only in {locale}");
        }
    }
    for (key, first) in &by_locale[0] {
        let wanted = parameters(first);
        for (locale, texts) in LOCALES.iter().zip(by_locale) {
            let same: BTreeSet<String> = parameters(&texts[key]).into_iter().collect();
            assert!(same == wanted.iter().cloned().collect(), "{module}.{key} has other parameters in {locale}");
        }
        let russian = text_of(first);
        writeln!(code, "/// {}", russian.replace('\n', " ")).expect("a string");
        if wanted.is_empty() {
            writeln!(code, "pub const fn {key}(locale: Locale) -> &'static str {{ match locale {{").expect("a string");
        } else {
            let arguments: Vec<String> = wanted
                .iter()
                .map(|name| {
                    if name == "count" && matches!(first, Text::Plural(_)) {
                        "count: i64".to_owned()
                    } else {
                        format!("{name}: impl std::fmt::Display")
                    }
                })
                .collect();
            writeln!(code, "pub fn {key}(locale: Locale, {}) -> String {{ match locale {{", arguments.join(", ")).expect("a string");
        }
        for (locale, texts) in LOCALES.iter().zip(by_locale) {
            let variant = if *locale == "ru" { "Ru" } else { "En" };
            match &texts[key] {
                Text::Plain(text) if wanted.is_empty() => writeln!(code, "Locale::{variant} => {text:?},"),
                Text::Plain(text) => writeln!(code, "Locale::{variant} => {},", made(text)),
                Text::Plural(forms) => {
                    let few = forms.get("few").unwrap_or(&forms["many"]);
                    writeln!(
                        code,
                        "Locale::{variant} => match super::plural(locale, count) {{ super::Plural::One => {}, super::Plural::Few => {}, super::Plural::Many => {} }},",
                        made(&forms["one"]),
                        made(few),
                        made(&forms["many"])
                    )
                }
            }
            .expect("a string");
        }
        code.push_str("} }\n");
    }
    code.push_str("}\n");
}

fn text_of(text: &Text) -> &str {
    match text {
        Text::Plain(template) => template,
        Text::Plural(forms) => &forms["many"],
    }
}

/// The expression that makes a text: one without parameters needs no formatting.
fn made(text: &str) -> String {
    if text.contains('{') { format!("format!({text:?})") } else { format!("{text:?}.to_owned()") }
}
