//! Markdown to safe HTML, once, when a text is saved (architecture.md: rendered and sanitised on save, stored with the
//! renderer's version). The browser ships no parser.

use comrak::nodes::NodeValue;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// Stored beside the HTML; a change of the rules below raises it, so that old texts can be rendered again.
pub const RENDERER_VERSION: i32 = 1;

/// For the school's own texts.
static CLEANER: LazyLock<ammonia::Builder<'static>> = LazyLock::new(cleaner);

/// For texts of anybody: no headings, which would stand in the page's own outline, and links that search engines know for a
/// reader's. Pictures pass in neither.
static POST_CLEANER: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
    let mut cleaner = cleaner();
    cleaner.rm_tags(["h2", "h3", "h4"]).link_rel(Some("noopener noreferrer nofollow ugc"));
    cleaner
});

fn cleaner() -> ammonia::Builder<'static> {
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
}

fn options() -> comrak::Options<'static> {
    let mut options = comrak::Options::default();
    options.extension.table = true;
    options.extension.strikethrough = true;
    options.extension.autolink = true;
    options
}

/// Renders CommonMark with tables and strike-through, without raw HTML. Headings begin at level 2: the page has the first.
pub fn to_html(markdown: &str) -> String {
    CLEANER.clean(&comrak::markdown_to_html(markdown, &options())).to_string()
}

/// The same for what anybody may write, where a line break is one.
pub fn post_html(markdown: &str) -> String {
    let mut options = options();
    options.render.hardbreaks = true;
    POST_CLEANER.clean(&comrak::markdown_to_html(markdown, &options)).to_string()
}

/// The words of a text without its marks, in one line of at most `most` characters.
pub fn excerpt(markdown: &str, most: usize) -> String {
    let arena = comrak::Arena::new();
    let mut words = String::new();
    for node in comrak::parse_document(&arena, markdown, &options()).descendants() {
        match &node.data.borrow().value {
            NodeValue::Text(text) => words.push_str(text),
            NodeValue::Code(code) => words.push_str(&code.literal),
            NodeValue::CodeBlock(code) => words.push_str(&code.literal),
            _ => words.push(' '),
        }
    }
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    if words.chars().count() <= most {
        return words;
    }
    let cut: String = words.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", cut.trim_end())
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
    fn what_anybody_writes_has_no_pictures_no_headings_and_marked_links() {
        let html = post_html("# Вопрос\n\nпервая\nвторая ![x](https://evil.example/x.png) <https://a.example>");
        assert!(!html.contains("<img") && !html.contains("evil.example") && !html.contains("<h"), "{html}");
        assert!(html.contains("<br>") && html.contains("rel=\"noopener noreferrer nofollow ugc\""), "{html}");
    }

    #[test]
    fn an_excerpt_is_a_line_of_words() {
        assert_eq!(excerpt("# Свет\n\nА *если* `f/2` <b>так</b>?\nДа & нет", 100), "Свет А если f/2 так ? Да & нет");
        assert_eq!(excerpt("один два три", 9), "один два…");
        assert_eq!(excerpt("", 9), "");
    }

    #[test]
    fn deep_nesting_is_bounded() {
        let html = to_html(&">".repeat(10_000));
        assert!(html.len() < 1_000_000);
    }
}
