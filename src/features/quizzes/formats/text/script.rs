//! Raised and lowered letters, for which Markdown has no mark.

const DIGITS: &str = "0123456789+-=()n";
const RAISED: &str = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ";
const LOWERED: &str = "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₙ";

/// `10` raised is `¹⁰`; what has no such letters becomes `^(abc)`.
pub(super) fn raised(text: &str) -> String {
    written(text, RAISED, '^')
}

/// `2` lowered is `₂`; what has no such letters becomes `_(abc)`.
pub(super) fn lowered(text: &str) -> String {
    written(text, LOWERED, '_')
}

fn written(text: &str, letters: &str, mark: char) -> String {
    let letter = |c: char| DIGITS.chars().position(|digit| digit == c).and_then(|at| letters.chars().nth(at));
    text.chars().map(letter).collect::<Option<String>>().unwrap_or_else(|| format!("{mark}({text})"))
}
