use super::*;
use crate::server::markdown;
use proptest::prelude::*;

fn html(text: &str) -> Converted {
    to_markdown(text, Format::Html).unwrap_or_else(|problem| panic!("{problem:?}: {text}"))
}

#[test]
fn marks_become_markdown() {
    for (from, to) in [
        ("<p>Свет <b>слева </b>и <i>справа</i></p>", "Свет **слева** и *справа*"),
        ("<p>Раз</p><p>два<br>три<br/><br/>четыре</p>", "Раз\n\nдва\\\nтри\n\nчетыре"),
        ("<div>1. не список</div><div># не заголовок</div>", "1\\. не список\n\n\\# не заголовок"),
        ("H<sub>2</sub>O, 10<sup>3</sup>, x<sup>a+b</sup>", "H₂O, 10³, x^(a+b)"),
        ("<ul><li>раз</li><li>два <ol start=\"3\"><li>три</li></ol></li></ul>", "- раз\n- два\n  1. три"),
        ("<ol start=\"3\"><li>три</li></ol>", "3. три"),
        ("<pre>a &lt; b\n  c</pre>", "```\na < b\n  c\n```"),
        ("a &lt; b &amp; c &nbsp;10&nbsp;кг", "a < b & c 10\u{a0}кг"),
        ("<a href=\"https://a.example/x_y\">ссылка</a>", "[ссылка](https://a.example/x_y)"),
        ("<code>x = *y</code>", "`x = *y`"),
        ("Сила \\(F = ma\\) и $$E=mc^2$$", "Сила $F = ma$ и $$E=mc^2$$"),
        ("<table><tr><th>а</th><th>б</th></tr><tr><td>1|2</td></tr></table>", "| а | б |\n| --- | --- |\n| 1\\|2 |  |"),
        ("<b><p>раз</p><p>два</p></b>", "**раз**\n\n**два**"),
        ("", ""),
        ("<p>&nbsp;</p>", ""),
    ] {
        let Converted { text, lost } = html(from);
        assert_eq!(text, to, "{from}");
        assert_eq!(lost, Lost::default(), "{from}");
    }
}

#[test]
fn what_is_lost_is_named() {
    let flag = html("<p>Флаг <img src=\"@@PLUGINFILE@@/flag%20a.png\" alt=\"Флаг\"></p>");
    assert_eq!((flag.text.as_str(), flag.lost.pictures.as_slice()), ("Флаг ![Флаг](flag%20a.png)", &["flag%20a.png".to_owned()][..]));
    assert!(html("<p>Слушай <audio src=\"a.mp3\"></audio></p>").lost.has_media);
    assert!(html("а<script>alert(1)</script>б").lost.has_media);
    assert!(html("<table><tr><td colspan=\"2\">а</td></tr></table>").lost.has_formatting);
    let glued = html("<b>«слово»</b>буква");
    assert_eq!((glued.text.as_str(), glued.lost.has_formatting), ("«слово»буква", true));
}

#[test]
fn what_is_too_much_is_refused() {
    let deep = format!("{}x{}", "<div>".repeat(500), "</div>".repeat(500));
    assert_eq!(to_markdown(&deep, Format::Html), Err(TextProblem::TooComplex));
    assert_eq!(to_markdown(&"<b>".repeat(20_000), Format::Html), Err(TextProblem::TooComplex));
    assert_eq!(to_markdown(&"a".repeat(LONGEST + 1), Format::Plain), Err(TextProblem::TooLong));
    assert_eq!(to_markdown("a\0", Format::Plain), Err(TextProblem::BadCharacters));
}

#[test]
fn moodle_knows_marks_where_they_are() {
    let of = |text: &str| to_markdown(text, Format::Moodle).expect("convertible").text;
    assert_eq!(of("Раз\nдва"), "Раз\\\nдва");
    assert_eq!(of("a < b > c & d; e"), "a < b > c & d; e");
    assert_eq!(of("<b>Раз</b>\nдва"), "**Раз**\\\nдва");
    assert_eq!(of("кот &amp; пёс"), "кот & пёс");
}

fn without_spaces(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn plain_text_is_shown_as_it_was(text in r"([a-zя ]|[0-9.)]|[\\*_`~$|<>&#!\[\]()=+-]|\n){0,40}") {
        prop_assume!(!text.lines().any(|line| math::pieces(line.trim()).iter().any(|piece| matches!(piece, math::Piece::Formula(_)))));
        let shown = to_markdown(&text, Format::Plain).expect("convertible").text;
        prop_assert_eq!(without_spaces(&markdown::plain_text(&shown)), without_spaces(&text), "{}", shown);
    }

    #[test]
    fn any_html_is_converted_or_refused(text in "(</?(p|b|i|a|ul|li|ol|table|tr|td|div|pre|code|sub|h2|br|img src=x|blockquote|span|u|hr|q)>|[a-я *_|1.&;]){0,30}") {
        let _ = to_markdown(&text, Format::Html);
    }
}
