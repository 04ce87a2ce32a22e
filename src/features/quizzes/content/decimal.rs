//! Exact decimal numbers of answers.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Digits before and after the decimal mark.
const DIGITS: usize = 18;
const ONE: i128 = 1_000_000_000_000_000_000;

/// A decimal number of at most eighteen digits before its mark and eighteen after it. In JSON a string: `"-3.14"`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Decimal(i128);

impl Decimal {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// Reads what people type: a sign, digits in groups with spaces, `.` or `,` as the decimal mark, an exponent. `None` for
    /// anything else and for what has more digits than fit.
    pub fn parse(text: &str) -> Option<Self> {
        let text: String = text.trim().chars().filter(|c| !matches!(c, ' ' | '\u{a0}' | '\u{2009}' | '\u{202f}')).collect();
        let (is_negative, text) = match text.strip_prefix(['-', '\u{2212}']) {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(&text)),
        };
        let (digits, exponent) = match text.split_once(['e', 'E']) {
            Some((digits, exponent)) => (digits, exponent.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let (whole, rest) = digits.split_once(['.', ',']).unwrap_or((digits, ""));
        let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if !all_digits(whole) || !all_digits(rest) || whole.len() + rest.len() == 0 {
            return None;
        }
        // The value is the digits without their mark times a power of ten.
        let digits = format!("{whole}{rest}");
        let power = exponent.checked_sub(i32::try_from(rest.len()).ok()?)?;
        let significant = digits.trim_start_matches('0');
        let trimmed = significant.trim_end_matches('0');
        if trimmed.is_empty() {
            return Some(Self::ZERO);
        }
        let power = power.checked_add(i32::try_from(significant.len() - trimmed.len()).ok()?)?;
        let limit = i32::try_from(DIGITS).ok()?;
        let length = i32::try_from(trimmed.len()).ok()?;
        if power < -limit || length.checked_add(power)? > limit {
            return None;
        }
        let scale = u32::try_from(power + limit).ok()?;
        let units = trimmed.parse::<i128>().ok()?.checked_mul(10_i128.checked_pow(scale)?)?;
        Some(Self(if is_negative { -units } else { units }))
    }

    /// Whether it lies within a tolerance of another one, the borders included.
    pub const fn is_within(self, tolerance: Self, of: Self) -> bool {
        (self.0 - of.0).abs() <= tolerance.0
    }

    /// The middle of two numbers and its distance from them; `None` when the first is greater, or half a digit is too fine.
    pub const fn between(low: Self, high: Self) -> Option<(Self, Self)> {
        let (sum, width) = (low.0 + high.0, high.0 - low.0);
        if width < 0 || width % 2 != 0 { None } else { Some((Self(sum / 2), Self(width / 2))) }
    }

    /// Below zero.
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }
}

impl fmt::Display for Decimal {
    /// The shortest form, with `.` as the decimal mark.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, rest) = (self.0.abs() / ONE, self.0.abs() % ONE);
        if rest == 0 {
            return write!(f, "{sign}{whole}");
        }
        let rest = format!("{rest:018}");
        write!(f, "{sign}{whole}.{}", rest.trim_end_matches('0'))
    }
}

impl From<Decimal> for String {
    fn from(decimal: Decimal) -> Self {
        decimal.to_string()
    }
}

impl TryFrom<String> for Decimal {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("not a decimal number of at most 18 digits on either side of its mark")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Option<String> {
        Decimal::parse(text).map(|decimal| decimal.to_string())
    }

    #[test]
    fn what_people_type_is_read() {
        for (text, expected) in [
            ("3,14", "3.14"),
            (" 3.140 ", "3.14"),
            ("-0,50", "-0.5"),
            ("\u{2212}7", "-7"),
            ("+7", "7"),
            ("1 000\u{a0}000,5", "1000000.5"),
            ("1.5e3", "1500"),
            ("15E-1", "1.5"),
            (".5", "0.5"),
            ("5.", "5"),
            ("000", "0"),
            ("-0", "0"),
            ("0e999999", "0"),
            ("999999999999999999.999999999999999999", "999999999999999999.999999999999999999"),
        ] {
            assert_eq!(read(text).as_deref(), Some(expected), "{text}");
        }
        for text in ["", ".", "-", "e5", "1e", "1.2.3", "1,000.5", "five", "٣", "1e18", "1e-19", "1e2147483647", "1e-2147483648", "--1", "1/2"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn borders_of_a_tolerance_belong_to_it() {
        let of = |text: &str| Decimal::parse(text).expect("a decimal");
        assert!(of("0.3").is_within(of("0.1"), of("0.2")), "no float would say so");
        assert!(of("0.1").is_within(of("0.1"), of("0.2")));
        assert!(!of("0.300000000000000001").is_within(of("0.1"), of("0.2")));
        assert_eq!(Decimal::between(of("3.141"), of("3.142")), Some((of("3.1415"), of("0.0005"))));
        assert_eq!(Decimal::between(of("2"), of("1")), None);
        let far = of("999999999999999999");
        assert!(!far.is_within(Decimal::ZERO, of("-999999999999999999")));
    }

    proptest! {
        #[test]
        fn written_decimals_read_back(units in -999_999_999_999_999_999_i64..1_000_000_000_000_000_000, whole in any::<u32>()) {
            let decimal = Decimal(i128::from(units) + i128::from(whole) * ONE);
            prop_assert_eq!(Decimal::parse(&decimal.to_string()), Some(decimal));
        }

        #[test]
        fn nothing_panics(text in "[-+0-9eE., ]{0,40}") {
            let _ = Decimal::parse(&text);
        }
    }
}
