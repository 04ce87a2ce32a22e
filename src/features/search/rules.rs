//! Pure rules of searching: what a query may be, and how hits are shown in their sentences.

use super::model::{Asked, Piece};

/// Characters of a query.
pub const QUERY_MAX: usize = 200;
/// Letters of the shortest word that is looked for.
const WORD_MIN: usize = 2;
/// Letters from which the last word is also the beginning of longer ones.
const BEGINNING_MIN: usize = 3;
/// Characters that a snippet grows by on each side, to begin and end with its sentence.
const SENTENCE_MAX: usize = 160;

/// Marks the beginning and the end of a hit in what the database gives; [`fold`] leaves none in a text.
pub const MARKS: [char; 2] = ['\u{e000}', '\u{e001}'];

/// A text as it is compared: small letters, ё as е; as many characters as before.
pub fn fold(text: &str) -> String {
    text.chars().map(fold_char).collect()
}

fn fold_char(c: char) -> char {
    match c {
        'ё' | 'Ё' => 'е',
        '\0' => ' ',
        c if MARKS.contains(&c) => ' ',
        c => {
            let mut small = c.to_lowercase();
            match (small.next(), small.next()) {
                (Some(small), None) => small,
                _ => c,
            }
        }
    }
}

/// A query that something can be found with, folded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// All of it, as people write to search engines: quotes, `or`, `-`.
    pub all: String,
    /// What stands before the last word, and that word, where it may be the beginning of a longer one.
    pub beginning: Option<(String, String)>,
}

/// Reads a query.
pub fn read(query: &str) -> Result<Query, Asked> {
    let query = query.trim();
    if query.is_empty() {
        return Err(Asked::Nothing);
    }
    if query.chars().count() > QUERY_MAX {
        return Err(Asked::TooLong(u32::try_from(QUERY_MAX).unwrap_or(u32::MAX)));
    }
    // What writers set as quotes is meant as quotes.
    let all = fold(query).replace(['«', '»', '“', '”', '„'], "\"");
    if !all.split(|c: char| !c.is_alphanumeric()).any(|word| word.chars().count() >= WORD_MIN) {
        return Err(Asked::TooShort);
    }
    let (head, last) = all.rsplit_once(' ').unwrap_or(("", &all));
    let may_go_on = last.chars().all(char::is_alphanumeric) && last.chars().count() >= BEGINNING_MIN && !all.contains('"');
    let beginning = may_go_on.then(|| (head.to_owned(), last.to_owned()));
    Ok(Query { all, beginning })
}

/// The pieces of a marked text.
fn marked(text: &str) -> Vec<(String, bool)> {
    let mut pieces = Vec::new();
    for (index, part) in text.split(MARKS[0]).enumerate() {
        let (hit, plain) = if index == 0 { ("", part) } else { part.split_once(MARKS[1]).unwrap_or((part, "")) };
        pieces.push((hit.to_owned(), true));
        pieces.push((plain.to_owned(), false));
    }
    pieces.retain(|(text, _)| !text.is_empty());
    pieces
}

/// A marked, folded part of a text as it stands there, grown to its sentence; `folded` is the text folded.
pub fn snippet(original: &str, folded: &str, marked_part: &str) -> Vec<Piece> {
    let parts = marked(marked_part);
    let plain: String = parts.iter().map(|(text, _)| text.as_str()).collect();
    let Some(byte) = folded.find(&plain) else { return Vec::new() };
    let start = folded.get(..byte).map_or(0, |before| before.chars().count());
    let chars: Vec<char> = original.chars().collect();
    let mut at = start;
    let mut pieces = Vec::new();
    for (text, is_hit) in parts {
        let end = (at + text.chars().count()).min(chars.len());
        pieces.push(Piece { text: chars.get(at..end).unwrap_or_default().iter().collect(), is_hit });
        at = end;
    }
    let before = sentence_start(chars.get(..start).unwrap_or_default());
    let after = sentence_end(chars.get(at..).unwrap_or_default(), pieces.last().is_some_and(|piece| ends_sentence(&piece.text)));
    if !before.is_empty() {
        pieces.insert(0, Piece { text: before, is_hit: false });
    }
    if !after.is_empty() {
        pieces.push(Piece { text: after, is_hit: false });
    }
    join(pieces)
}

/// All of a short text, with its hits.
pub fn whole(original: &str, marked_text: &str) -> Vec<Piece> {
    let mut chars = original.chars();
    let pieces = marked(marked_text).into_iter().map(|(text, is_hit)| Piece { text: chars.by_ref().take(text.chars().count()).collect(), is_hit });
    pieces.collect()
}

fn join(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut joined: Vec<Piece> = Vec::new();
    for piece in pieces {
        match joined.last_mut() {
            Some(last) if last.is_hit == piece.is_hit => last.text.push_str(&piece.text),
            _ => joined.push(piece),
        }
    }
    joined
}

const fn ends(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '…' | '\n')
}

fn ends_sentence(text: &str) -> bool {
    text.trim_end().ends_with(ends) || text.ends_with('\n')
}

/// What a sentence says before its part.
fn sentence_start(before: &[char]) -> String {
    let taken: Vec<char> = before.iter().rev().copied().take_while(|c| !ends(*c)).take(SENTENCE_MAX + 1).collect();
    let is_cut = taken.len() > SENTENCE_MAX;
    let text: String = taken.into_iter().take(SENTENCE_MAX).rev().collect();
    if is_cut { format!("…{}", text.split_once(' ').map_or(text.as_str(), |(_, rest)| rest)) } else { text.trim_start().to_owned() }
}

/// And after it.
fn sentence_end(after: &[char], is_over: bool) -> String {
    if is_over {
        return String::new();
    }
    let length = after.iter().position(|c| ends(*c)).map_or(after.len(), |at| at + usize::from(after.get(at) != Some(&'\n')));
    let text: String = after.iter().take(length.min(SENTENCE_MAX)).collect();
    if length > SENTENCE_MAX { format!("{}…", text.rsplit_once(' ').map_or(text.as_str(), |(rest, _)| rest)) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn letters_are_compared_without_case_and_dots() {
        assert_eq!(fold("ЁЛКА, Съёмка ISO"), "елка, съемка iso");
        assert_eq!(fold("İ\0\u{e000}").chars().count(), 3);
    }

    #[test]
    fn queries_are_read() {
        assert_eq!(read("  "), Err(Asked::Nothing));
        for short in ["я", "a b", "- ! \"", "\" \" -", "()|&!:*"] {
            assert_eq!(read(short), Err(Asked::TooShort), "{short}");
        }
        assert_eq!(read(&"я".repeat(10_000)), Err(Asked::TooLong(200)));
        assert_eq!(read("Свет Окн"), Ok(Query { all: "свет окн".to_owned(), beginning: Some(("свет".to_owned(), "окн".to_owned())) }));
        for whole in ["\"мягкий свет\"", "«мягкий свет»", "свет -окно", "свет до", "свет:*"] {
            assert_eq!(read(whole).unwrap().beginning, None, "{whole}");
        }
    }

    fn text(pieces: &[Piece]) -> String {
        pieces.iter().map(|piece| if piece.is_hit { format!("[{}]", piece.text) } else { piece.text.clone() }).collect()
    }

    #[test]
    fn a_hit_is_shown_in_its_sentence_as_it_was_written() {
        let original = "Начало. Ёлка стоит у окна, и свет мягкий. Конец.\nДальше";
        let shown = snippet(original, &fold(original), "стоит у окна, и \u{e000}свет\u{e001} мягкий");
        assert_eq!(text(&shown), "Ёлка стоит у окна, и [свет] мягкий.");
        let shown = snippet(original, &fold(original), "\u{e000}елка\u{e001} стоит");
        assert_eq!(text(&shown), "[Ёлка] стоит у окна, и свет мягкий.");
        assert_eq!(text(&whole("Ёлка и свет", "\u{e000}елка\u{e001} и свет")), "[Ёлка] и свет");
        assert_eq!(snippet("а", "а", "нет такого"), []);
    }

    #[test]
    fn long_sentences_are_cut_at_words() {
        let original = format!("{} свет {}", "слово ".repeat(100).trim(), "дело ".repeat(100).trim());
        let shown = text(&snippet(&original, &fold(&original), "\u{e000}свет\u{e001}"));
        assert!(shown.starts_with("…слово ") && shown.ends_with("дело…") && shown.contains(" [свет] "), "{shown}");
        assert!(shown.chars().count() < 2 * SENTENCE_MAX + 20);
    }

    proptest! {
        #[test]
        fn nothing_typed_ends_in_a_panic(query in "\\PC{0,220}", original in "\\PC{0,80}", part in "[а\u{e000}\u{e001}. \n]{0,20}") {
            let _ = read(&query);
            prop_assert_eq!(fold(&original).chars().count(), original.chars().count());
            let _ = snippet(&original, &fold(&original), &part);
            let _ = whole(&original, &part);
        }
    }
}
