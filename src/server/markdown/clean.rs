//! The sanitiser: whatever the renderer wrote, only this passes.

use super::video::PLAYERS;
use ammonia::Builder;
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;
use url::Url;

/// For the school's own texts.
pub(super) static SCHOOL: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut cleaner = plain();
    cleaner
        .add_tags(["h2", "h3", "h4", "div", "figure", "figcaption", "img", "section", "span"])
        .add_tags(MATH)
        .add_tag_attributes("h2", ["id"])
        .add_tag_attributes("h3", ["id"])
        .add_tag_attributes("h4", ["id"])
        .add_tag_attributes("li", ["id"])
        .add_tag_attributes("a", ["id", "download"])
        .add_tag_attributes("p", ["data-player"])
        .add_tag_attributes("img", ["src", "alt", "width", "height", "srcset", "sizes", "loading", "decoding"])
        .add_tag_attributes("math", ["display"])
        .add_tag_attributes(
            "mo",
            ["stretchy", "fence", "separator", "form", "lspace", "rspace", "movablelimits", "accent", "largeop", "symmetric", "minsize", "maxsize"],
        )
        .add_tag_attributes("mi", ["mathvariant"])
        .add_tag_attributes("mspace", ["width", "height", "depth"])
        .add_tag_attributes("mpadded", ["width", "height", "depth", "lspace", "voffset"])
        .add_tag_attributes("mfrac", ["linethickness"])
        .add_tag_attributes("mover", ["accent"])
        .add_tag_attributes("munder", ["accentunder"])
        .add_tag_attributes("munderover", ["accent", "accentunder"])
        .add_tag_attributes("mstyle", ["displaystyle", "scriptlevel"])
        .add_tag_attributes("mtable", ["displaystyle", "scriptlevel"])
        .add_tag_attributes("mtd", ["columnspan", "rowspan"])
        .add_allowed_classes("div", ["scroll", "callout", "note", "tip", "important", "warning", "caution"])
        .add_allowed_classes("p", ["callout-title", "video", "download"])
        .add_allowed_classes("span", ["stack"])
        .add_allowed_classes("img", ["blur"])
        // For the placeholders of pictures; `own_attributes` lets it stand nowhere else.
        .add_url_schemes(["data"])
        .add_allowed_classes("sup", ["footnote-ref"])
        .add_allowed_classes("section", ["footnotes"])
        .add_allowed_classes("a", ["footnote-backref"])
        .add_allowed_classes(
            "mtable",
            [
                "menv-arraylike",
                "menv-alignlike",
                "menv-align",
                "menv-cases",
                "menv-rcases",
                "menv-cells-left",
                "menv-cells-right",
                "menv-with-eqn",
                "menv-gather",
                "menv-multline",
            ],
        )
        // Wide tables and code scroll by themselves, also by keyboard.
        .add_tag_attribute_values("div", "tabindex", ["0"])
        .set_tag_attribute_value("pre", "tabindex", "0")
        .attribute_filter(own_attributes);
    cleaner
});

/// For texts of anybody: no headings, which would stand in the page's own outline, no pictures, and links that search engines know for
/// a reader's.
pub(super) static POST: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut cleaner = plain();
    cleaner
        .set_tag_attribute_value("table", "tabindex", "0")
        .set_tag_attribute_value("pre", "tabindex", "0")
        .link_rel(Some("noopener noreferrer nofollow ugc"));
    cleaner
});

const MATH: [&str; 24] = [
    "math",
    "mrow",
    "mi",
    "mn",
    "mo",
    "mtext",
    "mspace",
    "ms",
    "msup",
    "msub",
    "msubsup",
    "mfrac",
    "msqrt",
    "mroot",
    "munder",
    "mover",
    "munderover",
    "mtable",
    "mtr",
    "mtd",
    "mpadded",
    "mphantom",
    "mstyle",
    "mmultiscripts",
];

fn plain() -> Builder<'static> {
    let mut cleaner = Builder::default();
    cleaner
        .tags(HashSet::from([
            "a",
            "b",
            "blockquote",
            "br",
            "code",
            "del",
            "em",
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
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .link_rel(Some("noopener noreferrer nofollow"));
    cleaner
}

/// A picture of ours within its address: letters of Base64 and nothing else.
fn is_placeholder(address: &str) -> bool {
    let letters = address.strip_prefix("data:image/webp;base64,");
    letters.is_some_and(|letters| letters.bytes().all(|letter| letter.is_ascii_alphanumeric() || b"+/=".contains(&letter)))
}

/// Read as browsers do, who pass over spaces and line ends.
fn is_data(address: &str) -> bool {
    Url::parse(address).is_ok_and(|address| address.scheme() == "data")
}

/// Attributes whose names are not enough: anchors of ours, files of ours, players that we know.
fn own_attributes<'v>(element: &str, attribute: &str, value: &'v str) -> Option<Cow<'v, str>> {
    let passes = match (element, attribute) {
        ("h2" | "h3" | "h4", "id") => value.starts_with("h-"),
        ("li" | "a", "id") => value.starts_with("fn"),
        ("img", "src") => value.starts_with("/files/") || is_placeholder(value),
        ("a", "href") => !is_data(value),
        ("img", "srcset") => value.split(',').all(|size| size.trim().starts_with("/files/")),
        (_, "data-player") => PLAYERS.iter().any(|player| value.starts_with(player)),
        _ => true,
    };
    passes.then_some(Cow::Borrowed(value))
}
