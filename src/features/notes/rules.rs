//! Pure rules of notes.

use super::model::Quote;

/// Characters of a note.
pub const BODY_MAX: u32 = 10_000;
/// Characters that can be highlighted at once.
pub const QUOTE_MAX: u32 = 1_000;
/// Characters kept before and after a highlight.
pub const CONTEXT: usize = 60;
/// Notes of a person in a lesson.
pub const NOTES_MAX: i64 = 500;

/// The quote at a place of a text, in bytes.
pub fn quote_at(text: &str, start: usize, end: usize) -> Option<Quote> {
    let quoted = text.get(start..end).filter(|quoted| !quoted.trim().is_empty() && quoted.chars().count() <= QUOTE_MAX as usize)?;
    let before: Vec<char> = text.get(..start)?.chars().rev().take(CONTEXT).collect();
    let after = text.get(end..)?.chars().take(CONTEXT).collect();
    Some(Quote { text: quoted.to_owned(), before: before.into_iter().rev().collect(), after })
}

/// Where a quote begins in a text that may have been mended since, in bytes: of several places the one whose surroundings fit best.
pub fn place_of(text: &str, quote: &Quote) -> Option<usize> {
    if quote.text.is_empty() {
        return None;
    }
    let fit = |at: usize| {
        let before = text.get(..at).unwrap_or_default();
        let after = text.get(at + quote.text.len()..).unwrap_or_default();
        let same_before = before.chars().rev().zip(quote.before.chars().rev()).take_while(|(a, b)| a == b).count();
        let same_after = after.chars().zip(quote.after.chars()).take_while(|(a, b)| a == b).count();
        same_before + same_after
    };
    let mut best = None;
    let mut from = 0;
    while let Some(at) = text.get(from..).and_then(|rest| rest.find(quote.text.as_str())).map(|found| from + found) {
        // The first of equals.
        if best.is_none_or(|(_, fits)| fit(at) > fits) {
            best = Some((at, fit(at)));
        }
        from = at + text.get(at..)?.chars().next()?.len_utf8();
    }
    best.map(|(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_quote_is_found_where_it_stood_also_in_a_mended_text() {
        let text = "Свет из окна. Мягкий свет. Свет из окна падает сбоку.";
        let second = text.rfind("Свет из окна").unwrap();
        let quote = quote_at(text, second, second + "Свет из окна".len()).unwrap();
        assert_eq!(place_of(text, &quote), Some(second));
        let mended = format!("Новое начало. {}", text.replace("Мягкий", "Рассеянный"));
        assert_eq!(place_of(&mended, &quote), mended.rfind("Свет из окна"));
        assert_eq!(place_of("Ничего похожего", &quote), None);
        assert_eq!(place_of(text, &Quote::default()), None);
    }

    #[test]
    fn nothing_and_too_much_is_no_quote() {
        assert_eq!(quote_at("a b", 1, 2), None);
        assert_eq!(quote_at("свет", 1, 2), None, "not between the bytes of a letter");
        assert_eq!(quote_at(&"я".repeat(1_001), 0, 2_002), None);
        assert!(quote_at(&"я".repeat(1_000), 0, 2_000).is_some());
    }

    proptest! {
        #[test]
        fn every_quote_is_found_where_it_was_taken(text in "[абв \n]{1,200}", start in 0_usize..200, length in 1_usize..40) {
            let places: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
            let (start, end) = (start.min(places.len() - 1), (start + length).min(places.len() - 1));
            if let Some(quote) = quote_at(&text, places[start], places[end]) {
                let found = place_of(&text, &quote).unwrap();
                let again = quote_at(&text, found, found + quote.text.len()).unwrap();
                // The same surroundings may stand twice; then one is as good as the other.
                prop_assert!(found == places[start] || again == quote);
            }
        }
    }
}
