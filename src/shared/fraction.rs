//! Exact fractions: marks and scores are never floats.

use num_rational::Ratio;
use serde::{Deserialize, Serialize};

/// An exact, reduced fraction, such as a score between 0 and 1 or a number of points. On the wire: `[numerator, denominator]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "(i64, i64)", into = "(i64, i64)")]
pub struct Fraction(Ratio<i64>);

impl Fraction {
    /// Nothing.
    pub const ZERO: Self = Self(Ratio::new_raw(0, 1));
    /// The whole.
    pub const ONE: Self = Self(Ratio::new_raw(1, 1));

    /// `numerator / denominator`, reduced; `None` when the denominator is not positive.
    pub fn new(numerator: i64, denominator: i64) -> Option<Self> {
        (denominator > 0).then(|| Self(Ratio::new(numerator, denominator)))
    }

    /// A whole number.
    pub const fn whole(number: i64) -> Self {
        Self(Ratio::new_raw(number, 1))
    }

    /// The reduced numerator.
    pub const fn numerator(self) -> i64 {
        *self.0.numer()
    }

    /// The reduced denominator, always positive.
    pub const fn denominator(self) -> i64 {
        *self.0.denom()
    }

    /// Whether `self / total` is at least `hundredths` of a per cent (60 % is 6000). A total of 0 counts as reached.
    pub fn reaches(self, total: Self, hundredths: i64) -> bool {
        let left = i128::from(self.numerator()) * i128::from(total.denominator()) * 10_000;
        let right = i128::from(total.numerator()) * i128::from(self.denominator()) * i128::from(hundredths);
        left >= right
    }

    /// With at most two decimals, cut, with the decimal mark given: `2`, `1.5`, `0.33`.
    pub fn decimal(self, mark: char) -> String {
        let hundredths = i128::from(self.numerator()) * 100 / i128::from(self.denominator());
        let (whole, rest) = (hundredths / 100, (hundredths % 100).abs());
        let sign = if hundredths < 0 && whole == 0 { "-" } else { "" };
        match rest {
            0 => format!("{sign}{whole}"),
            rest if rest % 10 == 0 => format!("{sign}{whole}{mark}{}", rest / 10),
            rest => format!("{sign}{whole}{mark}{rest:02}"),
        }
    }

    /// Reads `2`, `1.5` or `1,25`: an exact decimal with at most two places, not negative. `None` for anything else.
    pub fn parse_decimal(text: &str) -> Option<Self> {
        let text = text.trim();
        let (whole, rest) = text.split_once(['.', ',']).unwrap_or((text, "0"));
        let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !all_digits(whole) || !all_digits(rest) || whole.len() > 6 || rest.len() > 2 {
            return None;
        }
        let scale = 10_i64.pow(u32::try_from(rest.len()).ok()?);
        Self::new(whole.parse::<i64>().ok()? * scale + rest.parse::<i64>().ok()?, scale)
    }
}

impl std::ops::Add for Fraction {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl std::ops::Sub for Fraction {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl std::ops::Mul for Fraction {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        Self(self.0 * other.0)
    }
}

impl std::iter::Sum for Fraction {
    fn sum<I: Iterator<Item = Self>>(parts: I) -> Self {
        parts.fold(Self::ZERO, |sum, part| sum + part)
    }
}

impl From<Fraction> for (i64, i64) {
    fn from(fraction: Fraction) -> Self {
        (fraction.numerator(), fraction.denominator())
    }
}

impl TryFrom<(i64, i64)> for Fraction {
    type Error = &'static str;
    fn try_from((numerator, denominator): (i64, i64)) -> Result<Self, Self::Error> {
        Self::new(numerator, denominator).ok_or("a fraction needs a positive denominator")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn decimals_are_read_and_written() {
        for (text, numerator, denominator) in [("2", 2, 1), (" 1.5 ", 3, 2), ("1,25", 5, 4), ("0", 0, 1)] {
            assert_eq!(Fraction::parse_decimal(text), Fraction::new(numerator, denominator), "{text}");
        }
        for text in ["", ".5", "1.", "-1", "1.234", "1e3", "٣", "1 000", "9999999"] {
            assert_eq!(Fraction::parse_decimal(text), None, "{text}");
        }
        assert_eq!(Fraction::new(1, 3).map(|third| third.decimal(',')), Some("0,33".to_owned()));
        assert_eq!(Fraction::new(3, 2).map(|score| score.decimal('.')), Some("1.5".to_owned()));
        assert_eq!(Fraction::new(-1, 2).map(|score| score.decimal('.')), Some("-0.5".to_owned()));
    }

    #[test]
    fn a_total_of_nothing_is_reached() {
        assert!(Fraction::ZERO.reaches(Fraction::ZERO, 6000));
        assert!(Fraction::whole(3).reaches(Fraction::whole(5), 6000));
        assert!(!Fraction::whole(2).reaches(Fraction::whole(5), 6000));
    }

    proptest! {
        #[test]
        fn written_decimals_read_back(hundredths in 0_i64..99_999_999) {
            let fraction = Fraction::new(hundredths, 100).expect("positive denominator");
            prop_assert_eq!(Fraction::parse_decimal(&fraction.decimal(',')), Some(fraction));
        }
    }
}
