//! Formulas to MathML, which browsers set by themselves.

use pulldown_latex::config::{DisplayMode, RenderConfig};
use pulldown_latex::{Parser, Storage, mathml};
use std::fmt;

/// Characters of a formula.
const FORMULA_MAX: usize = 2_000;
/// Groups inside each other: the converter goes down on the stack.
const DEPTH: usize = 40;
/// Commands that define others could unfold without end.
const DEFINITIONS: [&str; 4] = ["def", "let", "newcommand", "providecommand"];

/// The formula as MathML; `None` for one that is too long or can't be read, which is shown as it was written.
pub(super) fn to_mathml(formula: &str, is_block: bool) -> Option<String> {
    if formula.len() > FORMULA_MAX || depth(formula) > DEPTH || DEFINITIONS.iter().any(|word| formula.contains(word)) {
        return None;
    }
    let storage = Storage::new();
    let events = Parser::new(formula, &storage).collect::<Result<Vec<_>, _>>().ok()?;
    let display_mode = if is_block { DisplayMode::Block } else { DisplayMode::Inline };
    let mut html = String::new();
    let config = RenderConfig { display_mode, ..RenderConfig::default() };
    mathml::push_mathml(&mut html, events.into_iter().map(Ok::<_, fmt::Error>), config).ok()?;
    Some(html)
}

/// A bound of how deep commands and groups lie in each other: `\sqrt\sqrt x` nests without braces.
fn depth(formula: &str) -> usize {
    let (mut open, mut deepest, mut run) = (0_usize, 0_usize, 0_usize);
    for c in formula.chars() {
        match c {
            '{' | '[' | '(' => open += 1,
            '}' | ']' | ')' => {
                open = open.saturating_sub(1);
                run = 0;
            }
            '\\' | '^' | '_' => run += 1,
            ' ' | '=' | '&' | ',' | ';' => run = 0,
            _ => {}
        }
        deepest = deepest.max(open).max(run);
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_become_mathml() {
        assert_eq!(
            to_mathml("E = mc^2", false).unwrap(),
            "<math display=\"inline\"><mi>E</mi><mo>=</mo><mi>m</mi><msup><mi>c</mi><mn>2</mn></msup></math>"
        );
        for formula in [r"\frac{1}{f} = \frac{1}{a} + \frac{1}{b}", r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}", r"\text{выдержка} = \sqrt[3]{x}"]
        {
            assert!(to_mathml(formula, true).is_some_and(|html| html.starts_with("<math display=\"block\">")), "{formula}");
        }
    }

    #[test]
    fn what_is_no_formula_or_unfolds_is_none() {
        for formula in [r"\frac{1", r"\unknown", "a & b", r"\def\a{xx}\a", r"\newcommand{\a}{\a\a}\a", &"x".repeat(FORMULA_MAX + 1)] {
            assert_eq!(to_mathml(formula, false), None, "{formula:.40}");
        }
    }

    #[test]
    fn no_nesting_ends_the_stack() {
        for piece in [
            "{",
            "[",
            "(",
            r"\left(",
            r"\sqrt",
            r"\sqrt{",
            "^",
            "_",
            "x^",
            "^{",
            r"\frac",
            r"\frac{",
            r"\text{",
            r"\begin{matrix}",
            r"\vec ",
            r"\not",
            "'",
            r"\mathbf",
            r"\bar\hat",
        ] {
            for count in [10, 30, 39, 100, 1_000] {
                let formula: String = piece.repeat(count);
                let formula = &formula[..formula.len().min(FORMULA_MAX)];
                let _ = to_mathml(formula, true);
                let _ = to_mathml(&format!("{formula}x{}", "}".repeat(count)), true);
            }
        }
    }
}
