//! Markdown to safe HTML, once, when a text is saved (architecture.md: rendered and sanitised on save, stored with the
//! renderer's version). The browser ships no parser.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// Stored beside the HTML; a change of the rules below raises it, so that old texts can be rendered again.
pub const RENDERER_VERSION: i32 = 1;

static CLEANER: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
    let mut cleaner = ammonia::Builder::default();
    cleaner
        .tags(HashSet::from([
            "a",
            "b",
            "blockquote",
            "br",
            "code",
            "del",
            "em",
            "h2",
            "h3",
            "h4",
            "hr",
            "i",
            "li",
            "ol",
            "p",
            "pre",
            "s",
            "strong",
            "sub",
            "sup",
            "table",
            "tbody",
            "td",
            "th",
            "thead",
            "tr",
            "ul",
        ]))
        .tag_attributes(HashMap::from([("a", HashSet::from(["href"])), ("ol", HashSet::from(["start"]))]))
        .generic_attributes(HashSet::new())
        // Wide tables and code scroll by themselves, also by keyboard.
        .set_tag_attribute_values(HashMap::from([("table", HashMap::from([("tabindex", "0")])), ("pre", HashMap::from([("tabindex", "0")]))]))
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .link_rel(Some("noopener noreferrer nofollow"));
    cleaner
});

/// Renders CommonMark with tables and strike-through, without raw HTML. Headings begin at level 2: the page has the first.
pub fn to_html(markdown: &str) -> String {
    let mut options = comrak::Options::default();
    options.extension.table = true;
    options.extension.strikethrough = true;
    options.extension.autolink = true;
    let html = comrak::markdown_to_html(markdown, &options);
    CLEANER.clean(&html).to_string()
}

/// The same for a short text in a line: without the paragraph around it.
pub fn to_inline_html(markdown: &str) -> String {
    let html = to_html(markdown);
    let html = html.trim();
    match html.strip_prefix("<p>").and_then(|rest| rest.strip_suffix("</p>")) {
        Some(inner) if !inner.contains("<p>") => inner.to_owned(),
        _ => html.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_is_rendered() {
        assert_eq!(to_html("## Свет\n\nтекст **важно**"), "<h2>Свет</h2>\n<p>текст <strong>важно</strong></p>\n");
        assert_eq!(to_inline_html("*f*/2,8"), "<em>f</em>/2,8");
        assert!(to_html("|a|b|\n|-|-|\n|1|2|").contains("<tbody>"));
    }

    #[test]
    fn nothing_in_a_text_can_run() {
        for attack in [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "[x](javascript:alert(1))",
            "[x](JaVaScRiPt:alert(1))",
            "[x](data:text/html,<script>1</script>)",
            "<a href='vbscript:1' onclick='1'>x</a>",
            "<svg/onload=alert(1)>",
            "</textarea><script>1</script>",
            "<iframe src=//evil.example></iframe>",
            "<style>*{display:none}</style>",
            "<p style='color:red'>x</p>",
        ] {
            let html = to_html(attack).to_lowercase();
            for bad in
                ["<script", "<img", "onerror", "href=\"javascript", "href=\"data", "vbscript", "onclick=", "<svg", "<iframe", "<style", "style="]
            {
                let escaped = html.replace("&lt;", "");
                assert!(!html.contains(bad) || !escaped.contains(bad), "{attack} became {html}");
            }
        }
    }

    #[test]
    fn deep_nesting_is_bounded() {
        let html = to_html(&">".repeat(10_000));
        assert!(html.len() < 1_000_000);
    }
}
