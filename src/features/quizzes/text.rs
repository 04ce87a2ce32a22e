//! How typed words are compared.

use caseless::Caseless as _;
use unicode_normalization::UnicodeNormalization as _;

/// A text as it is compared: forms of one character made one, case folded, ё as е, spaces joined and trimmed. Signs that look alike
/// and that keyboards give by chance (quotes, dashes) count as one.
pub fn normal(text: &str) -> String {
    // Folding may leave forms that are not composed, hence the second pass.
    let folded: String = text.nfkc().default_case_fold().nfkc().map(plain).collect();
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

const fn plain(c: char) -> char {
    match c {
        // Cyrillic io as ie.
        '\u{451}' => '\u{435}',
        '«' | '»' | '“' | '”' | '„' => '"',
        '’' | '‘' => '\'',
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_same_words_are_the_same() {
        for (one, other) in [
            (" Ёлка ", "елка"),
            ("ЕЩЁ   раз", "еще раз"),
            ("\u{435}\u{308}лка", "ёлка"),
            ("и\u{306}од", "йод"),
            ("STRASSE", "straße"),
            ("ﬁn", "FIN"),
            ("f/2\u{a0}8", "F/2 8"),
            ("«Свет»", "\"свет\""),
            ("кто-то", "кто\u{2011}то"),
            ("Ⅳ", "iv"),
        ] {
            assert_eq!(normal(one), normal(other), "{one} {other}");
        }
        assert_ne!(normal("й"), normal("и"));
        assert_ne!(normal("a b"), normal("ab"));
    }

    proptest! {
        #[test]
        fn a_normal_text_stays(text in "\\PC{0,40}") {
            let once = normal(&text);
            prop_assert_eq!(normal(&once), once.clone());
            prop_assert_eq!(normal(&format!("  {text}\t")), once);
        }
    }
}
