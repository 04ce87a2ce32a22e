//! Pure rules of tables for accountants: cells that no spreadsheet takes for a formula, amounts as it reads them.

use std::borrow::Cow;

/// A text that stays a text: what begins like a formula gets an apostrophe before it.
pub fn cell(text: &str) -> Cow<'_, str> {
    let is_formula =
        text.trim_start().starts_with(['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}']) || text.starts_with(['\t', '\r', '\n']);
    if is_formula { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// `-1990,50`: what a spreadsheet with Russian settings takes for a number.
pub fn number(minor: i64) -> String {
    let sign = if minor < 0 { "-" } else { "" };
    format!("{sign}{},{:02}", minor.unsigned_abs() / 100, minor.unsigned_abs() % 100)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn formulas_become_texts_and_texts_stay() {
        for text in ["=1+1", "+7 495 000", "-1", "@SUM(A1)", "\t=1", "  =1", "\u{ff1d}1"] {
            assert_eq!(cell(text), format!("'{text}"));
        }
        for text in ["", "Анна", "a=b", "№ 5"] {
            assert_eq!(cell(text), text);
        }
        assert_eq!((number(199_050).as_str(), number(-5).as_str()), ("1990,50", "-0,05"));
    }

    proptest! {
        #[test]
        fn no_cell_begins_like_a_formula(text in "[ =+@\\-a\t\r]{0,6}") {
            let cell = cell(&text);
            prop_assert!(!cell.trim_start().starts_with(['=', '+', '-', '@']));
            prop_assert!(!cell.starts_with(['\t', '\r']));
        }
    }
}
