//! Passages of a round's text: counted in characters of what is read, which is the text of its safe HTML as a browser has it. The HTML
//! is frozen with the round, so a place in it stays.

use serde::{Deserialize, Serialize};

/// Longest passage that can be remarked on, in characters.
pub const PASSAGE_MAX: usize = 2_000;

/// A passage, and what stands there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passage {
    /// Its first character, from 0.
    pub start: i32,
    /// The one after its last.
    pub end: i32,
    /// Its words.
    pub quote: String,
}

/// A piece of HTML: a tag, or one character as it is written.
enum Piece<'a> {
    Tag(&'a str),
    Character(&'a str),
}

/// Entities that the serialiser of safe HTML writes in text.
const ENTITIES: [(&str, char); 5] = [("&amp;", '&'), ("&lt;", '<'), ("&gt;", '>'), ("&nbsp;", '\u{a0}'), ("&quot;", '"')];

fn pieces(html: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = html;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let is_tag = first == '<';
        let length = match first {
            '<' => tag_length(rest),
            '&' => ENTITIES.iter().find(|(entity, _)| rest.starts_with(entity)).map_or(1, |(entity, _)| entity.len()),
            _ => first.len_utf8(),
        };
        let (piece, after) = rest.split_at(length);
        rest = after;
        Some(if is_tag { Piece::Tag(piece) } else { Piece::Character(piece) })
    })
}

/// A `>` within the quotes of an attribute ends no tag.
fn tag_length(html: &str) -> usize {
    let mut is_quoted = false;
    for (at, byte) in html.bytes().enumerate() {
        match byte {
            b'"' => is_quoted = !is_quoted,
            b'>' if !is_quoted => return at + 1,
            _ => {}
        }
    }
    html.len()
}

/// What is read of safe HTML.
pub fn plain(html: &str) -> String {
    let decoded = |raw: &str| ENTITIES.iter().find(|(entity, _)| *entity == raw).map(|(_, c)| *c).or_else(|| raw.chars().next());
    pieces(html).filter_map(|piece| if let Piece::Character(raw) = piece { decoded(raw) } else { None }).collect()
}

/// Whether these words stand at that place of the text, and are something to remark on.
pub fn stands(html: &str, passage: &Passage) -> bool {
    let (Ok(start), Ok(end)) = (usize::try_from(passage.start), usize::try_from(passage.end)) else { return false };
    if start >= end || end - start > PASSAGE_MAX || passage.quote.trim().is_empty() {
        return false;
    }
    let there = plain(html);
    // An end beyond the text's would else stand for its last character.
    passage.quote.chars().count() == end - start && there.chars().skip(start).take(end - start).eq(passage.quote.chars())
}

/// The passage between two places of a text in bytes, as a browser finds them.
pub fn passage_at(text: &str, start: usize, end: usize) -> Option<Passage> {
    let quote = text.get(start..end).filter(|quote| !quote.trim().is_empty())?;
    let before = text.get(..start)?.chars().count();
    let length = quote.chars().count();
    if length > PASSAGE_MAX {
        return None;
    }
    Some(Passage { start: i32::try_from(before).ok()?, end: i32::try_from(before + length).ok()?, quote: quote.to_owned() })
}

/// Where words stand in a text, if they stand there once.
pub fn find(html: &str, quote: &str) -> Option<Passage> {
    let text = plain(html);
    let mut places = text.match_indices(quote);
    let (start, _) = places.next()?;
    if places.next().is_some() {
        return None;
    }
    passage_at(&text, start, start + quote.len())
}

/// Safe HTML with passages marked, each with the number of its remark where it ends. Nothing is added to what is read, so that places
/// in it stay.
pub fn with_marks(html: &str, passages: &[(usize, &Passage)]) -> String {
    let mut marked = String::with_capacity(html.len() + passages.len() * 60);
    let (mut run, mut count) = (String::new(), 0_i32);
    for piece in pieces(html) {
        match piece {
            Piece::Tag(tag) => {
                close(&mut marked, &mut run, &[]);
                marked.push_str(tag);
            }
            Piece::Character(raw) => {
                if passages.iter().any(|(_, passage)| (passage.start..passage.end).contains(&count)) {
                    run.push_str(raw);
                } else {
                    close(&mut marked, &mut run, &[]);
                    marked.push_str(raw);
                }
                count += 1;
                let ending: Vec<usize> = passages.iter().filter(|(_, passage)| passage.end == count).map(|(number, _)| *number).collect();
                if !ending.is_empty() {
                    close(&mut marked, &mut run, &ending);
                }
            }
        }
    }
    close(&mut marked, &mut run, &[]);
    marked
}

fn close(marked: &mut String, run: &mut String, numbers: &[usize]) {
    // Between the cells of a table a browser would put a mark elsewhere.
    if run.trim().is_empty() && numbers.is_empty() {
        marked.push_str(run);
    } else {
        marked.push_str("<mark class=\"passage\"");
        if !numbers.is_empty() {
            let numbers: Vec<String> = numbers.iter().map(usize::to_string).collect();
            marked.push_str(" data-number=\"");
            marked.push_str(&numbers.join(", "));
            marked.push('"');
        }
        marked.push('>');
        marked.push_str(run);
        marked.push_str("</mark>");
    }
    run.clear();
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HTML: &str = "<p>Свет &amp; <em title=\"a > b\">тень</em>.</p>\n<ul><li>Раз</li></ul>";

    fn at(text: &str, words: &str) -> Passage {
        let start = text.find(words).unwrap();
        passage_at(text, start, start + words.len()).unwrap()
    }

    #[test]
    fn places_are_counted_in_what_is_read() {
        let text = plain(HTML);
        assert_eq!(text, "Свет & тень.\nРаз");
        let passage = at(&text, "& тень");
        assert_eq!((passage.start, passage.end), (5, 11));
        assert!(stands(HTML, &passage));
        for wrong in [Passage { start: 4, ..passage.clone() }, Passage { end: 12, ..passage.clone() }, Passage { start: -1, ..passage.clone() }] {
            assert!(!stands(HTML, &wrong));
        }
        assert!(!stands(HTML, &Passage { start: 4, end: 5, quote: " ".to_owned() }), "nothing to remark on");
        assert!(!stands(HTML, &Passage { start: 15, end: 99, quote: "з".to_owned() }));
    }

    #[test]
    fn words_are_found_where_they_stand_once() {
        let passage = find(HTML, "& тень").unwrap();
        assert!(stands(HTML, &passage) && passage.start == 5);
        for quote in ["т", "Тень", ""] {
            assert_eq!(find(HTML, quote), None, "{quote:?}");
        }
    }

    #[test]
    fn a_passage_is_marked_across_tags_and_ends_with_its_number() {
        let text = plain(HTML);
        let (one, two) = (at(&text, "& тень"), at(&text, "тень.\nРаз"));
        assert_eq!(
            with_marks(HTML, &[(1, &one)]),
            "<p>Свет <mark class=\"passage\">&amp; </mark><em title=\"a > b\"><mark class=\"passage\" data-number=\"1\">тень</mark></em>.</p>\n<ul><li>Раз</li></ul>"
        );
        let both = with_marks(HTML, &[(1, &one), (2, &two)]);
        assert_eq!(plain(&both), text);
        assert!(both.contains(
            "data-number=\"1\">тень</mark></em><mark class=\"passage\">.</mark></p>\n<ul><li><mark class=\"passage\" data-number=\"2\">Раз"
        ));
        assert_eq!(with_marks(HTML, &[]), HTML);
    }

    proptest! {
        #[test]
        fn marks_change_nothing_that_is_read(start in 0_i32..20, length in 1_i32..20, other in 0_i32..20) {
            let one = Passage { start, end: start + length, quote: "x".to_owned() };
            let two = Passage { start: other, end: other + 3, quote: "x".to_owned() };
            let marked = with_marks(HTML, &[(1, &one), (2, &two)]);
            prop_assert_eq!(plain(&marked), plain(HTML));
            prop_assert_eq!(marked.matches("<mark").count(), marked.matches("</mark>").count());
            let bare = marked.replace("</mark>", "").split("<mark class=\"passage\"").enumerate()
                .map(|(number, part)| if number == 0 { part.to_owned() } else { part.split_once('>').unwrap().1.to_owned() }).collect::<String>();
            prop_assert_eq!(bare, HTML);
        }
    }
}
