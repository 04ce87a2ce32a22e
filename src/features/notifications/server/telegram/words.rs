//! Messages in Telegram's HTML, which knows few tags; what people typed is text.

/// Telegram takes so many UTF-16 units after its tags are read.
const MESSAGE_MAX: usize = 4096;
const TITLE_MAX: usize = 256;
const ADDRESS_MAX: usize = 1024;
/// Stands where something was cut off.
const MORE: &str = "…";

/// A title, lines and the address where it goes on, cut to what Telegram takes. The address is shown whole or not at all.
pub fn message(title: &str, lines: &[String], address: &str) -> String {
    let title = cut(title.trim(), TITLE_MAX);
    let address = if length(address) <= ADDRESS_MAX { address } else { "" };
    let rest = MESSAGE_MAX - length(&title) - length(address) - "\n\n\n".len();
    let text = cut(lines.join("\n").trim(), rest);
    let mut html = format!("<b>{}</b>", escape(&title));
    for (gap, part) in [("\n", text.as_str()), ("\n\n", address)] {
        if !part.is_empty() {
            html.push_str(gap);
            html.push_str(&escape(part));
        }
    }
    html
}

/// Text as Telegram's HTML.
pub fn escape(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut escaped, c| {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            c => escaped.push(c),
        }
        escaped
    })
}

fn length(text: &str) -> usize {
    text.encode_utf16().count()
}

fn cut(text: &str, most: usize) -> String {
    if length(text) <= most {
        return text.to_owned();
    }
    let mut left = most.saturating_sub(length(MORE));
    let fits = |c: &char| {
        let is_in = c.len_utf16() <= left;
        left = left.saturating_sub(c.len_utf16());
        is_in
    };
    text.chars().take_while(fits).collect::<String>() + MORE
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(html: &str) -> String {
        let tagless = html.replace("<b>", "").replace("</b>", "");
        assert!(!tagless.contains(['<', '>']), "{html}");
        tagless.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
    }

    #[test]
    fn what_people_typed_is_text() {
        let html = message("A & <b>B</b>", &["1 < 2".to_owned(), "</b><a href=\"x\">".to_owned()], "https://a.example/?a=1&b=2");
        assert_eq!(html, "<b>A &amp; &lt;b&gt;B&lt;/b&gt;</b>\n1 &lt; 2\n&lt;/b&gt;&lt;a href=&quot;x&quot;&gt;\n\nhttps://a.example/?a=1&amp;b=2");
        assert_eq!(message("T", &[], ""), "<b>T</b>");
    }

    #[test]
    fn what_is_too_long_is_cut_and_says_so() {
        let text = read(&message("T", &["&🙂".repeat(5_000)], "https://a.example/"));
        assert!(length(&text) <= MESSAGE_MAX && length(&text) > MESSAGE_MAX - 3, "{}", length(&text));
        assert!(text.ends_with("…\n\nhttps://a.example/"));
    }

    proptest! {
        #[test]
        fn every_message_fits_and_its_text_stays(title in ".{0,400}", line in "[<>&\"a🙂я]{0,6000}", address in "https://a[.]example/[a-z]{0,1500}") {
            let html = message(&title, std::slice::from_ref(&line), &address);
            let text = read(&html);
            prop_assert!(length(&text) <= MESSAGE_MAX);
            prop_assert!(html.matches("<b>").count() == 1 && html.matches("</b>").count() == 1);
            if line.len() < 1_000 {
                prop_assert!(text.contains(line.trim()));
            }
        }
    }
}
