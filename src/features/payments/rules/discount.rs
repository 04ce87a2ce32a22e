//! Pure rules of discounts: whether a code holds, what it takes off, and how a sum is spread so that nothing is lost to rounding.

use crate::shared::money::{Currency, Money};

/// Longest code, in characters.
pub const CODE_MAX: u32 = 40;

/// What a code takes off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// Of a hundred.
    Percent(i32),
    /// So much, and never more than the price.
    Sum(Money),
}

/// The terms of a code, as they stand now. `T` is a moment.
#[derive(Clone, Copy, Debug)]
pub struct Terms<T> {
    /// Whether it is switched on.
    pub is_active: bool,
    /// From this moment on.
    pub begins: Option<T>,
    /// Until before this moment.
    pub ends: Option<T>,
    /// How often it may be used; for ever without.
    pub uses_max: Option<i64>,
    /// How often it was.
    pub uses: i64,
}

/// Why a code takes nothing off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// There is none, or not for this.
    Unknown,
    /// Too early or too late.
    OutOfTerm,
    /// No use is left.
    UsedUp,
}

impl<T: PartialOrd> Terms<T> {
    /// Whether the code can be used now.
    pub fn check(&self, now: &T) -> Result<(), Unfit> {
        if !self.is_active {
            Err(Unfit::Unknown)
        } else if self.begins.as_ref().is_some_and(|begins| now < begins) || self.ends.as_ref().is_some_and(|ends| now >= ends) {
            Err(Unfit::OutOfTerm)
        } else if self.uses_max.is_some_and(|most| self.uses >= most) {
            Err(Unfit::UsedUp)
        } else {
            Ok(())
        }
    }
}

impl Cut {
    /// What it takes off a price, in minor units: whole ones, rounded down. `None` for a price in another currency.
    pub fn of(self, price: Money) -> Option<i64> {
        match self {
            Self::Percent(percent) => {
                let part = i128::from(price.minor.max(0)) * i128::from(percent.clamp(0, 100)) / 100;
                i64::try_from(part).ok()
            }
            Self::Sum(sum) => (sum.currency == price.currency).then(|| sum.minor.clamp(0, price.minor.max(0))),
        }
    }

    /// The two columns of a row; `None` for a row that is neither or both.
    pub fn of_row(percent: Option<i32>, sum: Option<(i64, Currency)>) -> Option<Self> {
        match (percent, sum) {
            (Some(percent), None) => Some(Self::Percent(percent)),
            (None, Some((minor, currency))) => Some(Self::Sum(Money { minor, currency })),
            _ => None,
        }
    }
}

/// A code as it is kept and compared: without spaces, in capitals.
pub fn normal(typed: &str) -> String {
    typed.chars().filter(|c| !c.is_whitespace() && *c != '\0').flat_map(char::to_uppercase).take(CODE_MAX as usize + 1).collect()
}

/// Parts of a sum in proportion to weights, whole units each; the rest of rounding stands on the heaviest. Weights of nothing at all
/// count alike.
pub fn shares(total: i64, weights: &[i64]) -> Vec<i64> {
    let weights: Vec<i128> = weights.iter().map(|weight| i128::from((*weight).max(0))).collect();
    let whole: i128 = weights.iter().sum();
    let count = i128::try_from(weights.len()).unwrap_or(1).max(1);
    let part = |weight: i128| if whole == 0 { i128::from(total) / count } else { i128::from(total) * weight / whole };
    let mut parts: Vec<i64> = weights.iter().map(|weight| i64::try_from(part(*weight)).unwrap_or(0)).collect();
    let rest = total - parts.iter().sum::<i64>();
    // The first of the heaviest.
    let heaviest = weights.iter().enumerate().rev().max_by_key(|(_, weight)| **weight).map(|(place, _)| place);
    if let Some(part) = heaviest.and_then(|place| parts.get_mut(place)) {
        *part += rest;
    }
    parts
}

/// A discount spread over prices: no line goes below nothing, all of it is taken off (as far as the prices go).
pub fn spread(discount: i64, prices: &[i64]) -> Vec<i64> {
    let whole: i64 = prices.iter().map(|price| (*price).max(0)).sum();
    let mut cuts = shares(discount.clamp(0, whole), prices);
    // Of prices of a few kopecks the rest may be more than the dearest has left: then it goes on to the next.
    let mut over = 0;
    for (cut, price) in cuts.iter_mut().zip(prices) {
        let room = (*price).max(0);
        over += (*cut - room).max(0);
        *cut = (*cut).min(room);
    }
    for (cut, price) in cuts.iter_mut().zip(prices) {
        let more = over.min((*price).max(0) - *cut);
        *cut += more;
        over -= more;
    }
    cuts
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const fn rub(minor: i64) -> Money {
        Money { minor, currency: Currency::Rub }
    }

    fn terms(begins: Option<i64>, ends: Option<i64>, uses_max: Option<i64>, uses: i64) -> Terms<i64> {
        Terms { is_active: true, begins, ends, uses_max, uses }
    }

    #[test]
    fn a_code_holds_within_its_term_and_its_uses() {
        assert_eq!(terms(None, None, None, 1_000).check(&0), Ok(()));
        assert_eq!(terms(Some(10), Some(20), None, 0).check(&9), Err(Unfit::OutOfTerm));
        assert_eq!(terms(Some(10), Some(20), None, 0).check(&10), Ok(()));
        assert_eq!(terms(Some(10), Some(20), None, 0).check(&20), Err(Unfit::OutOfTerm), "the end is the first moment without it");
        assert_eq!(terms(None, None, Some(3), 2).check(&0), Ok(()));
        assert_eq!(terms(None, None, Some(3), 3).check(&0), Err(Unfit::UsedUp));
        assert_eq!(Terms { is_active: false, ..terms(None, None, None, 0) }.check(&0), Err(Unfit::Unknown));
    }

    #[test]
    fn percents_round_down_and_sums_stop_at_the_price() {
        assert_eq!(Cut::Percent(15).of(rub(1_990_000)), Some(298_500));
        assert_eq!(Cut::Percent(33).of(rub(101)), Some(33));
        assert_eq!(Cut::Percent(100).of(rub(101)), Some(101));
        assert_eq!(Cut::Sum(rub(500_000)).of(rub(1_990_000)), Some(500_000));
        assert_eq!(Cut::Sum(rub(500_000)).of(rub(400_000)), Some(400_000));
        assert_eq!(Cut::Sum(rub(500)).of(Money { minor: 1_000, currency: Currency::Eur }), None);
        assert_eq!(Cut::of_row(Some(5), Some((1, Currency::Rub))), None);
    }

    #[test]
    fn codes_are_compared_without_spaces_and_case() {
        assert_eq!(normal(" осень 25\t"), "ОСЕНЬ25");
        assert_eq!(normal("spring-x"), "SPRING-X");
    }

    #[test]
    fn the_rest_of_rounding_stands_on_the_dearest_line() {
        assert_eq!(spread(100, &[1_000, 2_000, 1_000]), [25, 50, 25]);
        assert_eq!(spread(101, &[1_000, 2_000, 1_000]), [25, 51, 25]);
        assert_eq!(spread(2, &[1, 1, 1]), [1, 1, 0], "of kopecks the rest goes on");
        assert_eq!(shares(100, &[0, 0, 0]), [34, 33, 33]);
    }

    proptest! {
        #[test]
        fn nothing_of_a_discount_is_lost_and_no_line_goes_below_nothing(prices in prop::collection::vec(0_i64..10_000_000, 1..8), discount in 0_i64..50_000_000) {
            let cuts = spread(discount, &prices);
            prop_assert_eq!(cuts.len(), prices.len());
            prop_assert_eq!(cuts.iter().sum::<i64>(), discount.min(prices.iter().sum()));
            prop_assert!(cuts.iter().zip(&prices).all(|(cut, price)| (0..=*price).contains(cut)));
        }

        #[test]
        fn small_prices_too(prices in prop::collection::vec(0_i64..4, 1..8), discount in 0_i64..30) {
            let cuts = spread(discount, &prices);
            prop_assert_eq!(cuts.iter().sum::<i64>(), discount.min(prices.iter().sum()));
            prop_assert!(cuts.iter().zip(&prices).all(|(cut, price)| (0..=*price).contains(cut)));
        }

        #[test]
        fn every_part_but_one_is_the_exact_part_rounded_down(total in 0_i64..1_000_000_000_000, weights in prop::collection::vec(0_i64..100_000_000, 1..8)) {
            let parts = shares(total, &weights);
            prop_assert_eq!(parts.iter().sum::<i64>(), total);
            let whole: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
            if whole > 0 {
                let off = parts.iter().zip(&weights).filter(|(part, weight)| i128::from(**part) != i128::from(total) * i128::from(**weight) / whole).count();
                prop_assert!(off <= 1);
            }
        }

        #[test]
        fn no_cut_is_more_than_the_price(price in 0_i64..10_000_000_000, percent in 1..=100, sum in 1_i64..20_000_000_000) {
            for cut in [Cut::Percent(percent), Cut::Sum(rub(sum))] {
                prop_assert!((0..=price).contains(&cut.of(rub(price)).unwrap()));
            }
        }
    }
}
