//! What options are worth elsewhere and here.

use super::draft::Draft;
use super::report::Change;
use crate::shared::fraction::Fraction;

/// Whether an option of a weight is to be chosen: with one to choose the one of the whole credit.
pub(super) fn is_right(weight: Fraction, multiple: bool) -> bool {
    if multiple { weight > Fraction::ZERO } else { weight == Fraction::ONE }
}

/// Remembers where the school's rule gives other marks than the weights say: of several, each right tick is worth an equal share and
/// each wrong one costs an equal share.
pub(super) fn note(weights: &[Fraction], multiple: bool, all_or_nothing: bool, draft: &mut Draft) {
    if multiple && !all_or_nothing {
        let (right, wrong) = shares(weights.iter().map(|weight| *weight > Fraction::ZERO));
        if weights.iter().any(|weight| *weight != if *weight > Fraction::ZERO { right } else { wrong }) {
            draft.note(Change::Scoring);
        }
    } else if !multiple {
        if weights.iter().any(|weight| *weight > Fraction::ZERO && *weight < Fraction::ONE) {
            draft.note(Change::PartialCredit);
        }
        if weights.iter().any(|weight| *weight < Fraction::ZERO) {
            draft.note(Change::Scoring);
        }
    }
}

/// What a right and a wrong tick are worth.
pub(super) fn shares(rights: impl Iterator<Item = bool>) -> (Fraction, Fraction) {
    let (mut right, mut wrong) = (0, 0);
    rights.for_each(|is_right| if is_right { right += 1 } else { wrong += 1 });
    (Fraction::new(1, right).unwrap_or(Fraction::ZERO), Fraction::new(-1, wrong).unwrap_or(Fraction::ZERO))
}
