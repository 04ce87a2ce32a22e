//! What a learner's browser calls the options of a question: by their place in that attempt. Ids as they are stored may stand in the order
//! in which the author made them, which an attempt does not tell (T9).

use crate::features::quizzes::model::AnswerValue;
use uuid::Uuid;

/// Names with the options of an attempt, in its order.
fn named(order: &[Uuid]) -> impl Iterator<Item = (Uuid, Uuid)> {
    (1..).map(Uuid::from_u128).zip(order.iter().copied())
}

/// The name of an option.
pub(super) fn name(order: &[Uuid], option: Uuid) -> Uuid {
    named(order).find(|(_, id)| *id == option).map_or(option, |(name, _)| name)
}

/// The option of a name. Anything else stays: a page that was opened before names were given sends ids.
fn option(order: &[Uuid], name: Uuid) -> Uuid {
    named(order).find(|(given, _)| *given == name).map_or(name, |(_, id)| id)
}

fn renamed(value: AnswerValue, rename: impl Fn(Uuid) -> Uuid) -> AnswerValue {
    match value {
        AnswerValue::Choice(chosen) => AnswerValue::Choice(chosen.into_iter().map(rename).collect()),
        other => other,
    }
}

/// A stored answer as its learner's browser gets it.
pub(super) fn shown(order: &[Uuid], value: AnswerValue) -> AnswerValue {
    renamed(value, |id| name(order, id))
}

/// An answer as it is stored.
pub(super) fn stored(order: &[Uuid], value: AnswerValue) -> AnswerValue {
    renamed(value, |id| option(order, id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_the_order_of_the_attempt_alone() {
        let ids = [0x0190_a000_0000_7000_8000_0000_0000_0003, 0x0190_a000_0000_7000_8000_0000_0000_0001, 0x0190_a000_0000_7000_8000_0000_0000_0002];
        let order = ids.map(Uuid::from_u128);
        assert_eq!(order.map(|id| name(&order, id)), [1, 2, 3].map(Uuid::from_u128));
        let chosen = AnswerValue::Choice(vec![order[2], order[0]]);
        let sent = shown(&order, chosen.clone());
        assert_eq!(sent, AnswerValue::Choice([3, 1].map(Uuid::from_u128).to_vec()));
        assert_eq!(stored(&order, sent), chosen);
        assert_eq!(stored(&order, chosen.clone()), chosen, "of an older page");
        let strange = AnswerValue::Choice(vec![Uuid::from_u128(4), Uuid::nil()]);
        assert_eq!(stored(&order, strange.clone()), strange);
    }
}
