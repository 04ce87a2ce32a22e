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
        '\u{451}' | '\u{401}' => '\u{435}',
        // What looks like a tag is text here; the database would leave it out of a snippet.
        '\0' | '<' | '>' => ' ',
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
    begin_with_sentence(&mut pieces, chars.get(..start).unwrap_or_default());
    end_with_sentence(&mut pieces, chars.get(at..).unwrap_or_default());
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
    for piece in pieces.into_iter().filter(|piece| !piece.text.is_empty()) {
        match joined.last_mut() {
            Some(last) if last.is_hit == piece.is_hit => last.text.push_str(&piece.text),
            _ => joined.push(piece),
        }
    }
    joined
}

/// Where sentences end, in characters: after a mark that a blank follows, so not within numbers.
fn sentence_ends(text: &[char]) -> impl DoubleEndedIterator<Item = usize> + '_ {
    let is_end = |at: usize, c: char| c == '\n' || (matches!(c, '.' | '!' | '?' | '…') && text.get(at + 1).is_none_or(|next| next.is_whitespace()));
    text.iter().enumerate().filter(move |(at, c)| is_end(*at, **c)).map(|(at, _)| at + 1)
}

/// Cuts what belongs to the sentences before the first hit's, or adds what stands before the part.
fn begin_with_sentence(pieces: &mut Vec<Piece>, before: &[char]) {
    if let Some(first) = pieces.first_mut().filter(|piece| !piece.is_hit) {
        let chars: Vec<char> = first.text.chars().collect();
        if let Some(end) = sentence_ends(&chars).next_back() {
            let rest: String = chars.iter().skip(end).collect();
            *first = Piece { text: rest.trim_start().to_owned(), is_hit: false };
            return;
        }
    }
    let begin = sentence_ends(before).next_back().unwrap_or(0);
    let cut = before.len().saturating_sub(SENTENCE_MAX).max(begin);
    let text: String = before.iter().skip(cut).collect();
    let text =
        if cut > begin { format!("…{}", text.split_once(' ').map_or(text.as_str(), |(_, rest)| rest)) } else { text.trim_start().to_owned() };
    pieces.insert(0, Piece { text, is_hit: false });
}

/// Cuts what belongs to the sentences after the last hit's, or adds what stands after the part.
fn end_with_sentence(pieces: &mut Vec<Piece>, after: &[char]) {
    if let Some(last) = pieces.last_mut().filter(|piece| !piece.is_hit) {
        let chars: Vec<char> = last.text.chars().collect();
        if let Some(end) = sentence_ends(&chars).next() {
            let rest: String = chars.iter().take(end).collect();
            *last = Piece { text: rest.trim_end().to_owned(), is_hit: false };
            return;
        }
    }
    let end = sentence_ends(after).next().unwrap_or(after.len());
    let text: String = after.iter().take(end.min(SENTENCE_MAX)).collect();
    let text =
        if end > SENTENCE_MAX { format!("{}…", text.rsplit_once(' ').map_or(text.as_str(), |(rest, _)| rest)) } else { text.trim_end().to_owned() };
    pieces.push(Piece { text, is_hit: false });
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn letters_are_compared_without_case_and_dots() {
        assert_eq!(fold("ЁЛКА, Съёмка ISO"), "елка, съемка iso");
        assert_eq!(fold("İ\0\u{e000}<b>").chars().count(), 6);
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
