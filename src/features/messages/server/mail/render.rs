//! A letter as its reader gets it: subject, plain text, HTML. Texts are the locale files'; everything else is escaped here.

use super::{Letter, Link};
use crate::shared::i18n::{Locale, mail as texts};
use std::fmt::Write as _;

/// What stands around every letter.
#[derive(Clone, Copy, Debug)]
pub struct Look<'a> {
    /// The school's name.
    pub school: &'a str,
    /// The origin of the site.
    pub base_url: &'a str,
    /// Language of the letter.
    pub locale: Locale,
    /// Where its reader ends such letters.
    pub unsubscribe_url: Option<&'a str>,
}

/// A letter in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// One line.
    pub subject: String,
    /// Plain text, lines ending in `\n`.
    pub text: String,
    /// A whole HTML document with inline styles.
    pub html: String,
}

/// The parts of a letter before they are set.
struct Parts {
    heading: String,
    name: String,
    lines: Vec<String>,
    button: Option<Link>,
    small: Vec<String>,
    why: &'static str,
}

fn parts(letter: &Letter, school: &str, locale: Locale) -> Parts {
    // A button without an address is one whose link was erased.
    let button = |url: &str, label: &str| Some(Link { url: url.to_owned(), label: label.to_owned() });
    match letter {
        Letter::ConfirmAddress { name, link } => Parts {
            heading: texts::confirm_title(locale).to_owned(),
            name: name.clone(),
            lines: vec![texts::confirm_text(locale, school)],
            button: button(link, texts::confirm_button(locale)),
            small: vec![texts::confirm_small(locale).to_owned()],
            why: texts::why_registered(locale),
        },
        Letter::ResetPassword { name, link } => Parts {
            heading: texts::reset_title(locale).to_owned(),
            name: name.clone(),
            lines: vec![texts::reset_text(locale).to_owned()],
            button: button(link, texts::reset_button(locale)),
            small: vec![texts::reset_small(locale).to_owned()],
            why: texts::why_account(locale),
        },
        Letter::FirstPassword { name, link } => Parts {
            heading: texts::first_title(locale, school),
            name: name.clone(),
            lines: vec![texts::first_text(locale, school)],
            button: button(link, texts::first_button(locale)),
            small: vec![texts::first_small(locale).to_owned()],
            why: texts::why_bought(locale),
        },
        Letter::PasswordChanged { name, link } => Parts {
            heading: texts::changed_title(locale).to_owned(),
            name: name.clone(),
            lines: vec![texts::changed_text(locale).to_owned(), texts::changed_not_you(locale).to_owned()],
            button: button(link, texts::changed_button(locale)),
            small: Vec::new(),
            why: texts::why_account(locale),
        },
        Letter::AddressAlreadyRegistered { name, link } => Parts {
            heading: texts::known_title(locale).to_owned(),
            name: name.clone(),
            lines: vec![texts::known_text(locale, school), texts::known_not_you(locale).to_owned()],
            button: button(link, texts::known_button(locale)),
            small: Vec::new(),
            why: texts::why_account(locale),
        },
        Letter::Notification { name, title, lines, link } => Parts {
            heading: title.clone(),
            name: name.clone(),
            lines: lines.clone(),
            button: link.clone(),
            small: Vec::new(),
            why: texts::why_notified(locale),
        },
    }
}

/// A text as one line with no control characters: what stands in a header or a heading.
pub(super) fn one_line(text: &str) -> String {
    text.split(|c: char| c.is_control() || c.is_whitespace()).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}

/// The subject of a letter, on one line.
pub(super) fn subject(letter: &Letter, school: &str, locale: Locale) -> String {
    one_line(&parts(letter, school, locale).heading)
}

/// Sets a letter.
pub fn render(letter: &Letter, look: Look<'_>) -> Rendered {
    let parts = parts(letter, look.school, look.locale);
    Rendered { subject: one_line(&parts.heading), text: text(&parts, look), html: html(&parts, look) }
}

fn greeting(parts: &Parts, locale: Locale) -> String {
    let name = one_line(&parts.name);
    if name.is_empty() { texts::greeting_nameless(locale).to_owned() } else { texts::greeting(locale, name) }
}

fn text(parts: &Parts, look: Look<'_>) -> String {
    let mut text = format!("{}\n\n{}\n", one_line(&parts.heading), greeting(parts, look.locale));
    for line in &parts.lines {
        let _ = write!(text, "\n{}\n", line.trim());
    }
    if let Some(button) = &parts.button {
        let address = if button.url.is_empty() { texts::erased(look.locale) } else { &button.url };
        let _ = write!(text, "\n{}:\n{address}\n", button.label);
    }
    for line in &parts.small {
        let _ = write!(text, "\n{line}\n");
    }
    let _ = write!(text, "\n-- \n{}\n{}\n{}\n", one_line(look.school), look.base_url, parts.why);
    if let Some(url) = look.unsubscribe_url {
        let _ = writeln!(text, "{}: {url}", texts::unsubscribe(look.locale));
    }
    text
}

const DARK: &str = "@media (prefers-color-scheme: dark) { .back { background: #111318 !important } .card { background: #1a1d24 !important; \
border-color: #2c313b !important } .ink { color: #eeede8 !important } .muted { color: #a3a7b0 !important } \
.button { background: #eeede8 !important; color: #16181d !important } }";
const FONT: &str = "font-family:system-ui,-apple-system,'Segoe UI',Roboto,Arial,sans-serif";

fn html(parts: &Parts, look: Look<'_>) -> String {
    let (lang, heading, school) = (look.locale.code(), escape(&one_line(&parts.heading)), escape(&one_line(look.school)));
    let paragraph = |body: &mut String, class: &str, style: &str, line: &str| {
        let _ = write!(body, "<p class=\"{class}\" style=\"margin:0 0 16px;{style}\">{}</p>", escape(line.trim()).replace('\n', "<br>"));
    };
    let mut body = String::new();
    paragraph(&mut body, "ink", "color:#16181d;font-size:16px;line-height:1.55", &greeting(parts, look.locale));
    for line in &parts.lines {
        paragraph(&mut body, "ink", "color:#16181d;font-size:16px;line-height:1.55", line);
    }
    match &parts.button {
        Some(button) if button.url.is_empty() => paragraph(&mut body, "muted", "color:#5d626c;font-size:14px", texts::erased(look.locale)),
        Some(button) => {
            let (url, label) = (escape(&button.url), escape(&button.label));
            let _ = write!(
                body,
                "<p style=\"margin:24px 0\"><a class=\"button\" href=\"{url}\" style=\"display:inline-block;padding:13px 24px;border-radius:8px;\
                 background:#16181d;color:#fbfaf7;font-size:16px;font-weight:600;text-decoration:none\">{label}</a></p>"
            );
        }
        None => {}
    }
    for line in &parts.small {
        paragraph(&mut body, "muted", "color:#5d626c;font-size:14px;line-height:1.5", line);
    }
    let unsubscribe = look.unsubscribe_url.map_or_else(String::new, |url| {
        format!(" <a class=\"muted\" href=\"{}\" style=\"color:#5d626c\">{}</a>", escape(url), escape(texts::unsubscribe(look.locale)))
    });
    let (why, base) = (escape(parts.why), escape(look.base_url));
    format!(
        "<!DOCTYPE html><html lang=\"{lang}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\"><meta name=\"supported-color-schemes\" content=\"light dark\"><title>{heading}</title>\
         <style>{DARK}</style></head>\
         <body class=\"back\" style=\"margin:0;padding:0;background:#f4f2ec;{FONT}\">\
         <table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr><td align=\"center\" style=\"padding:24px 12px\">\
         <table role=\"presentation\" width=\"600\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" style=\"width:100%;max-width:600px;{FONT}\">\
         <tr><td class=\"ink\" style=\"padding:0 8px 16px;color:#16181d;font-size:15px;font-weight:600\">{school}</td></tr>\
         <tr><td class=\"card\" style=\"padding:32px 28px 16px;background:#ffffff;border:1px solid #e3e0d7;border-radius:12px\">\
         <h1 class=\"ink\" style=\"margin:0 0 20px;color:#16181d;font-size:24px;line-height:1.25\">{heading}</h1>{body}</td></tr>\
         <tr><td class=\"muted\" style=\"padding:16px 8px;color:#5d626c;font-size:13px;line-height:1.5\">{why}{unsubscribe}<br>\
         <a class=\"muted\" href=\"{base}\" style=\"color:#5d626c\">{base}</a></td></tr></table></td></tr></table></body></html>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(locale: Locale) -> Look<'static> {
        Look { school: "A & <B>", base_url: "https://a.example", locale, unsubscribe_url: Some("https://a.example/u?a=1&b=2") }
    }

    #[test]
    fn every_template_is_whole_in_both_languages() {
        for locale in Locale::ALL {
            for letter in Letter::examples("https://a.example", "Anna", "Title", "Line", "Label") {
                let rendered = render(&letter, look(locale));
                let name = letter.template();
                assert!(!rendered.subject.is_empty() && !rendered.subject.contains('\n'), "{name}");
                for body in [&rendered.text, &rendered.html] {
                    assert!(body.contains("Anna") && body.contains("https://a.example/"), "{name}: {body}");
                    assert!(!body.contains('{') || body.starts_with("<!"), "{name} has an unfilled place: {body}");
                }
                assert!(rendered.html.contains("A &amp; &lt;B&gt;") && !rendered.html.contains("<B>"), "{name}");
                assert!(rendered.html.contains("https://a.example/u?a=1&amp;b=2") && rendered.text.contains("https://a.example/u?a=1&b=2"), "{name}");
                assert_eq!(rendered.html.matches("class=\"button\"").count(), 1, "{name} has one button");
            }
        }
    }

    #[test]
    fn what_people_typed_is_text_only() {
        let letter = Letter::Notification {
            name: "Анна\r\nBcc: x@y.example <script>".to_owned(),
            title: "Ответ\r\nSubject: \"другой\"".to_owned(),
            lines: vec!["<img src=x onerror='1'>\nвторая строка".to_owned()],
            link: Some(Link { url: "https://a.example/\"onclick=\"1".to_owned(), label: "<b>".to_owned() }),
        };
        let rendered = render(&letter, look(Locale::Ru));
        assert_eq!(rendered.subject, "Ответ Subject: \"другой\"");
        assert!(!rendered.html.contains("<script") && !rendered.html.contains("<img") && !rendered.html.contains("<b>"));
        assert!(!rendered.html.contains("\"onclick=\""));
        assert!(rendered.html.contains("<br>вторая строка"));
    }

    #[test]
    fn an_erased_letter_says_so_and_has_no_link() {
        for letter in Letter::examples("https://a.example", "Anna", "T", "L", "B").into_iter().filter(Letter::has_secret) {
            let letter = letter.without_secrets();
            assert!(letter.is_erased());
            let rendered = render(&letter, look(Locale::En));
            assert!(rendered.text.contains(texts::erased(Locale::En)) && !rendered.html.contains("token="), "{}", rendered.text);
        }
    }
}
