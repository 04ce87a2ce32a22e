//! Formulas as Moodle's filters know them: `\(…\)` in the line, `\[…\]` and `$$…$$` by themselves.

/// A formula in TeX.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Formula<'a> {
    pub tex: &'a str,
    pub is_display: bool,
}

impl Formula<'_> {
    /// As the school's texts write it.
    pub fn markdown(self) -> String {
        if self.is_display { format!("$${}$$", self.tex) } else { format!("${}$", self.tex) }
    }
}

/// A part of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    Words(&'a str),
    Formula(Formula<'a>),
}

const MARKS: [(&str, &str, bool); 3] = [("\\(", "\\)", false), ("\\[", "\\]", true), ("$$", "$$", true)];

/// The parts of a line in order. What no mark closes is words.
pub(super) fn pieces(line: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let (mut words_from, mut at) = (0, 0);
    while let Some(found) = line[at..].find(['\\', '$']).map(|found| at + found) {
        match formula_at(&line[found..]) {
            Some((formula, length)) => {
                if words_from < found {
                    pieces.push(Piece::Words(&line[words_from..found]));
                }
                pieces.push(Piece::Formula(formula));
                at = found + length;
                words_from = at;
            }
            None => at = found + 1,
        }
    }
    if words_from < line.len() {
        pieces.push(Piece::Words(&line[words_from..]));
    }
    pieces
}

/// Longest formula, in bytes: a mark that nothing closes costs no more than this.
const LONGEST: usize = 2_000;

fn formula_at(rest: &str) -> Option<(Formula<'_>, usize)> {
    let (open, close, is_display) = MARKS.into_iter().find(|(open, ..)| rest.starts_with(open))?;
    let inner = &rest[open.len()..];
    let window = &inner[..inner.floor_char_boundary(LONGEST)];
    let end = window.find(close)?;
    let tex = window[..end].trim();
    let is_formula = !tex.is_empty() && !tex.contains(['$', '\n', '`']) && !tex.ends_with('\\');
    is_formula.then_some((Formula { tex, is_display }, open.len() + end + close.len()))
}
