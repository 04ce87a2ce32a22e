//! The renderer as a whole: what it writes, and that whatever is written nothing runs.

use super::*;
use proptest::prelude::*;
use std::time::{Duration, Instant};

const FILE: &str = "/files/0190a000-0000-7000-8000-00000000f11e";

fn html(markdown: &str) -> String {
    render(markdown, &own_files).unwrap().html
}

#[test]
fn markdown_is_rendered() {
    assert_eq!(html("## Свет\n\nтекст **важно**"), "<h2 id=\"h-свет\">Свет</h2>\n<p>текст <strong>важно</strong></p>\n");
    assert_eq!(to_html("# Свет\n\nтекст"), "<h2>Свет</h2>\n<p>текст</p>\n", "a part of a page has no anchors");
    assert_eq!(to_inline_html("*f*/2,8"), "<em>f</em>/2,8");
    let table = html("|a|b|\n|-|-|\n|1|2|");
    assert!(
        table.starts_with("<div class=\"scroll\" tabindex=\"0\">") && table.contains("<tbody>") && table.ends_with("</table>\n</div>\n"),
        "{table}"
    );
}

#[test]
fn headings_are_told_as_they_stand_in_the_html() {
    let text = render("# Свет & тень\n\n### *Окно* `f/2`\n\n## Свет & тень\n\n###### a \\< b\n", &own_files).unwrap();
    let headings: Vec<(u8, &str, &str)> = text.headings.iter().map(|heading| (heading.level, heading.id.as_str(), heading.text.as_str())).collect();
    assert_eq!(
        headings,
        [(2, "h-свет-тень", "Свет & тень"), (3, "h-окно-f-2", "Окно f/2"), (2, "h-свет-тень-2", "Свет & тень"), (4, "h-a-b", "a < b")]
    );
    assert_eq!(headings.len(), text.html.matches(" id=\"h-").count());
    assert_eq!(text.plain_text, "Свет & тень\nОкно f/2\nСвет & тень\na < b");
}

#[test]
fn call_outs_have_a_class_and_no_title_of_one_language() {
    let note = html("> [!NOTE]\n> Смотрите на тень.");
    assert!(note.contains("<div class=\"callout note\">") && note.contains("<p>Смотрите на тень.</p>"), "{note}");
    assert!(!note.contains("Note") && !note.contains("callout-title"), "{note}");
    let own = html("> [!WARNING] Осторожно, <лампы>\n> Горячо.");
    assert!(own.contains("callout warning") && own.contains("<p class=\"callout-title\">Осторожно, &lt;лампы&gt;</p>"), "{own}");
}

#[test]
fn footnotes_lead_there_and_back() {
    let text = html("Экспопара[^пара].\n\n[^пара]: Выдержка и диафрагма.");
    let there = text.split("href=\"#fn-").nth(1).unwrap().split('"').next().unwrap();
    assert!(text.contains(&format!("<li id=\"fn-{there}\"")) && text.contains("class=\"footnote-backref\""), "{text}");
    assert!(!to_html("а[^1]\n\n[^1]: б").contains("id="), "a part of a page has none");
}

#[test]
fn formulas_are_set_and_wrong_ones_stay_as_written() {
    let text = html("Формула $\\frac{1}{f} < 2$ и\n\n$$E = mc^2$$\n\n```math\n\\sqrt{x}\n```\n\nи $\\frac{1$ стоит 5 $ или 7 $.");
    assert!(text.contains("<math display=\"inline\"><mfrac>") && text.contains("<math display=\"block\">") && text.contains("<msqrt>"), "{text}");
    assert!(text.contains("<mo>&lt;</mo>"), "{text}");
    assert!(text.contains("<code>$\\frac{1$</code>") || text.contains("$\\frac{1$"), "{text}");
    let attack = html("$\\text{<img src=x onerror=alert(1)><script>alert(1)</script>}$");
    assert!(!attack.contains("<img") && !attack.contains("<script"), "{attack}");
}

#[test]
fn pictures_are_ours_alone() {
    let figure = html(&format!("![Окно & тень]({FILE} \"Класс в полдень\")"));
    assert_eq!(
        figure,
        format!(
            "<figure><a href=\"{FILE}\" rel=\"noopener noreferrer nofollow\"><img src=\"{FILE}\" alt=\"Окно &amp; тень\" loading=\"lazy\" decoding=\"async\"></a><figcaption>Класс в полдень</figcaption></figure>\n"
        )
    );
    assert!(html(&format!("До ![кадр]({FILE}) после")).contains("<p>До <img src="));
    for address in [
        "https://evil.example/x.png",
        "//evil.example/x.png",
        "data:image/png;base64,AA",
        "javascript:alert(1)",
        "x.png",
        "/files/x",
        "/files/../account",
        "/api/x",
    ] {
        let text = html(&format!("![окно]({address} \"подпись\")"));
        assert!(!text.contains("<img") && !text.contains("<figure") && text.contains("окно"), "{address}: {text}");
    }
    let sized = |address: &str| {
        (address == "a.jpg").then(|| Picture {
            address: FILE.to_owned(),
            size: Some((1200, 800)),
            srcset: Some(format!("{FILE}?w=600 600w, {FILE} 1200w")),
            ..Picture::default()
        })
    };
    let text = render("![а](a.jpg)\n\n![б](b.jpg)", &sized).unwrap().html;
    assert!(text.contains("width=\"1200\" height=\"800\" srcset=\"/files/") && text.contains("1200w\" sizes="), "{text}");
    assert!(text.contains("<p>б</p>"), "{text}");
}

#[test]
fn videos_and_downloads_are_links_until_they_are_asked_for() {
    let video = html("https://www.youtube.com/watch?v=dQw4w9WgXcQ\n\n[Разбор](https://vimeo.com/76979871)");
    assert!(video.contains("<p class=\"video\" data-player=\"https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?autoplay=1\"><a href=\"https://www.youtube.com/watch?v=dQw4w9WgXcQ\""), "{video}");
    assert!(video.contains("data-player=\"https://player.vimeo.com/video/76979871?dnt=1&amp;autoplay=1\"") && !video.contains("<iframe"), "{video}");
    assert!(!html("смотрите https://youtu.be/dQw4w9WgXcQ").contains("data-player"), "within a line it is a link");
    let download = html(&format!("[Пресет.zip]({FILE})"));
    assert!(download.starts_with(&format!("<p class=\"download\"><a href=\"{FILE}\" download=\"\"")), "{download}");
}

#[test]
fn what_anybody_writes_has_no_pictures_no_headings_and_marked_links() {
    let html = post_html(&format!(
        "# Вопрос\n\nпервая\nвторая ![x](https://evil.example/x.png) ![y]({FILE}) <https://a.example> $x$\n\nhttps://youtu.be/dQw4w9WgXcQ"
    ));
    assert!(
        !html.contains("<img") && !html.contains("evil.example") && !html.contains("<h") && !html.contains("<math") && !html.contains("data-"),
        "{html}"
    );
    assert!(html.contains("<br>") && html.contains("rel=\"noopener noreferrer nofollow ugc\""), "{html}");
}

#[test]
fn an_excerpt_is_a_line_of_words() {
    assert_eq!(excerpt("# Свет\n\nА *если* `f/2` <b>так</b>?\nДа & нет", 100), "Свет А если f/2 так ? Да & нет");
    assert_eq!(excerpt("один два три", 9), "один два…");
    assert_eq!(excerpt("", 9), "");
}

/// What may not stand in a page, outside of text.
fn assert_safe(source: &str, html: &str) {
    assert_eq!(clean::SCHOOL.clean(html).to_string(), html, "a second cleaning changes nothing: {source}");
    for tag in html.split('<').skip(1).filter_map(|rest| rest.split_once('>').map(|(tag, _)| tag.to_lowercase())) {
        let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap_or_default().to_owned();
        assert!(
            !["script", "iframe", "object", "embed", "style", "svg", "form", "input", "base", "meta", "link"].contains(&name.as_str()),
            "{source}: {tag}"
        );
        for attribute in tag.split(' ').skip(1).filter_map(|attribute| attribute.split_once("=\"")) {
            assert!(!attribute.0.starts_with("on") && attribute.0 != "style", "{source}: {tag}");
            assert!(
                !["href", "src"].contains(&attribute.0)
                    || !["javascript:", "data:", "vbscript:"].iter().any(|scheme| attribute.1.starts_with(scheme)),
                "{source}: {tag}"
            );
        }
    }
}

const ATTACKS: [&str; 18] = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](data:text/html,<script>1</script>)",
    "<a href='vbscript:1' onclick='1'>x</a>",
    "<svg/onload=alert(1)>",
    "</textarea></title><script>1</script>",
    "<iframe src=//evil.example></iframe>",
    "<style>*{display:none}</style>",
    "<p style='color:red'>x</p>",
    "$\\text{</mtext></math><img src=x onerror=alert(1)>}$",
    "$$\\mathrm{<style><a title=\"</style><img onerror=1>\">}$$",
    "> [!NOTE] <img src=x onerror=1>\n> x",
    "## <img src=x onerror=1> \" onmouseover=1",
    "![\"><script>1</script>](/files/0190a000-0000-7000-8000-00000000f11e \"'><script>1</script>\")",
    "x[^\" onclick=1]\n\n[^\" onclick=1]: y",
];

#[test]
fn nothing_in_a_text_can_run() {
    for attack in ATTACKS {
        assert_safe(attack, &html(attack));
        assert_safe(attack, &to_html(attack));
        let post = post_html(attack);
        assert_eq!(clean::POST.clean(&post).to_string(), post);
    }
}

#[test]
fn a_mark_of_the_encoding_does_not_begin_a_post() {
    assert_eq!(post_html("# \u{feff}"), "\n");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn whatever_is_written_is_safe_and_stays_as_it_is_cleaned_again(
        pieces in prop::collection::vec(
            prop_oneof![
                prop::sample::select(&ATTACKS[..]).prop_map(str::to_owned),
                prop::sample::select(&["# ", "> ", "- ", "1. ", "|a|\n|-|\n|", "```math\n", "```\n", "$", "$$", "\n\n", "\n", "**", "_", "![", "](", ")", "[^", "]", "]: ",
                    "> [!TIP]\n", "/files/0190a000-0000-7000-8000-00000000f11e", "https://youtu.be/dQw4w9WgXcQ", "\\frac{", "}", "\\left(", "\\begin{matrix}", "&", "\\text{",
                    "<", ">", "\"", "'", "\0", "\\", "&lt;", "&#x3c;", "\t", "    ", "~~", "<!--", "]]>", "<![CDATA[", "<math><mtext>", "<annotation-xml>"][..]).prop_map(str::to_owned),
                "\\PC{0,8}",
                ".{0,4}",
            ],
            0..30,
        )
    ) {
        let source = pieces.concat();
        if let Ok(text) = render(&source, &own_files) {
            assert_safe(&source, &text.html);
            prop_assert_eq!(text.headings.len(), text.html.matches(" id=\"h-").count());
        }
        let post = post_html(&source);
        prop_assert_eq!(clean::POST.clean(&post).to_string(), post);
    }
}

#[test]
fn what_would_take_for_ever_is_refused_or_quick() {
    let lists = (0..10_000).map(|depth| " ".repeat(depth.min(400) * 2)).collect::<Vec<_>>().join("- x\n");
    let table = format!("|{}\n|{}\n{}", "a|".repeat(1_000), "-|".repeat(1_000), "|x|\n".repeat(1_000));
    let begin = Instant::now();
    for (name, source, refusal) in [
        ("quotations", ">".repeat(10_000), Some(TextProblem::TooDeep)),
        ("items", "- ".repeat(10_000), Some(TextProblem::TooDeep)),
        ("mixed", "> - 1. ".repeat(100), Some(TextProblem::TooDeep)),
        ("lists", lists.chars().take(190_000).collect(), Some(TextProblem::TooDeep)),
        ("emphasis", format!("{}x{}", "*a **b ".repeat(2_000), "** *".repeat(2_000)), None),
        ("links", "[".repeat(50_000), None),
        ("pictures", "![".repeat(50_000), None),
        ("code", "`".repeat(50_000) + &"a`".repeat(20_000), None),
        ("html", "<a ".repeat(40_000), None),
        ("table", table, Some(TextProblem::TooLong(limits::CHARACTERS_MAX))),
        ("formulas", "$x$ ".repeat(40_000), None),
        ("dollars", "$".repeat(100_000), None),
        ("headings", "# a\n".repeat(20_000), None),
        ("footnotes", "[^a]".repeat(20_000) + "\n\n[^a]: x", None),
        ("megabytes", "слово ".repeat(1_000_000), Some(TextProblem::TooLong(limits::CHARACTERS_MAX))),
    ] {
        let start = Instant::now();
        let rendered = render(&source, &own_files);
        if refusal.is_some() {
            assert_eq!(rendered.as_ref().err().copied(), refusal, "{name}");
        }
        post_html(&source);
        to_html(&source);
        assert!(start.elapsed() < Duration::from_secs(20), "{name} took {:?}", start.elapsed());
    }
    assert!(begin.elapsed() < Duration::from_mins(1), "{:?}", begin.elapsed());
}

#[test]
fn only_our_placeholders_are_data() {
    let blurred = |address: &str, placeholder: &str| {
        let (address, placeholder) = (address.to_owned(), placeholder.to_owned());
        render(&format!("![Окно]({FILE})"), &move |_| {
            Some(Picture { address: address.clone(), placeholder: Some(placeholder.clone()), ..Picture::default() })
        })
        .unwrap()
        .html
    };
    let good = blurred(FILE, "data:image/webp;base64,UklGRg+/==");
    assert!(good.contains("<img class=\"blur\" src=\"data:image/webp;base64,UklGRg+/==\" alt=\"\">"), "{good}");
    for bad in ["data:image/svg+xml;base64,AAAA", "data:image/webp;base64,A\"A", "data:text/html,<script>1</script>", "javascript:1"] {
        let html = blurred(FILE, bad);
        assert!(!html.contains("data:image/svg") && !html.contains("text/html") && !html.contains("javascript:") && !html.contains("A\"A"), "{html}");
    }
    for bad in ["data:image/png;base64,AAAA", "data:image/webp;base64,AAAA", "<data:text/html,x>", "<da\tta:text/html,x>", "<DATA:text/html,x>"] {
        let html = html(&format!("[слово]({bad}) ![кадр]({bad})"));
        assert!(!html.to_lowercase().contains("href=\"data:") && !html.contains("<img"), "{bad}: {html}");
    }
}
