//! Percentages of other systems as exact fractions.

use crate::shared::fraction::Fraction;

/// Digits after the mark that are written.
const PLACES: u32 = 7;

/// Reads `50`, `-100`, `33.33333`: what was rounded becomes the simple fraction that was meant, such as a third.
/// `None` for what is no number from -100 to 100.
pub(super) fn parse(text: &str) -> Option<Fraction> {
    let text = text.trim();
    let (is_negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (whole, rest) = digits.split_once(['.', ',']).unwrap_or((digits, ""));
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 3 || rest.len() > 12 || !all_digits(whole) || !all_digits(rest) {
        return None;
    }
    let rest = &rest[..rest.len().min(PLACES as usize)];
    let places = u32::try_from(rest.len()).ok()?;
    let scale = 10_i64.checked_pow(places)?.checked_mul(100)?;
    let units: i64 = format!("{whole}{rest}").parse().ok()?;
    if units > scale {
        return None;
    }
    if units == 0 {
        return Some(Fraction::ZERO);
    }
    let value = if places < 3 { Fraction::new(units, scale)? } else { simplest(units, scale, places)? };
    Some(if is_negative { Fraction::ZERO - value } else { value })
}

/// The simplest fraction that is written so when it is rounded. With few digits only a very simple one is meant.
fn simplest(units: i64, scale: i64, places: u32) -> Option<Fraction> {
    let exact = Fraction::new(units, scale)?;
    let (low, high) = (Fraction::new(2 * units - 1, 2 * scale)?, Fraction::new(2 * units + 1, 2 * scale)?);
    let most = if places < PLACES { 30 } else { 20_000 };
    // A walk down the Stern-Brocot tree, several steps in one direction at a time.
    let (mut left, mut right) = ((0_i64, 1_i64), (1_i64, 0_i64));
    loop {
        let middle = (left.0 + right.0, left.1 + right.1);
        if middle.1 > most || middle.0 > most {
            return Some(exact);
        }
        let value = Fraction::new(middle.0, middle.1)?;
        if value < low {
            left = middle;
        } else if value > high {
            right = middle;
        } else {
            return Some(value);
        }
    }
}

/// Writes a fraction from -1 to 1 as a percentage that reads back as it was: exactly where it can be, else rounded.
pub(super) fn write(value: Fraction) -> String {
    let (numerator, denominator) = (i128::from(value.numerator()), i128::from(value.denominator()));
    for places in 0..3_u32 {
        let scale = 100 * 10_i128.pow(places);
        if numerator * scale % denominator == 0 {
            return decimal(numerator * scale / denominator, places);
        }
    }
    let scale = 100 * 10_i128.pow(PLACES);
    let doubled = 2 * numerator.abs() * scale;
    let rounded = (doubled + denominator) / (2 * denominator);
    decimal(if numerator < 0 { -rounded } else { rounded }, PLACES)
}

fn decimal(units: i128, places: u32) -> String {
    let sign = if units < 0 { "-" } else { "" };
    let (units, scale) = (units.abs(), 10_i128.pow(places));
    match places {
        0 => format!("{sign}{units}"),
        places => format!("{sign}{}.{:0width$}", units / scale, units % scale, width = places as usize),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn rounded_percentages_are_what_was_meant() {
        for (text, numerator, denominator) in [
            ("50", 1, 2),
            ("100", 1, 1),
            ("-100", -1, 1),
            ("33.33333", 1, 3),
            ("33.333", 1, 3),
            ("66.66667", 2, 3),
            ("16.66667", 1, 6),
            ("14.28571", 1, 7),
            ("12.5", 1, 8),
            ("95", 19, 20),
            ("33", 33, 100),
            ("-33.3333333", -1, 3),
            ("0", 0, 1),
            ("0.0000000", 0, 1),
            ("100.0000000", 1, 1),
        ] {
            assert_eq!(parse(text), Fraction::new(numerator, denominator), "{text}");
        }
        for text in ["", "-", "101", "1e2", "abc", "50%", "5000", "٣"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(denominator in 1_i64..2_000, part in 0_i64..2_000, is_negative in any::<bool>()) {
            let part = part % (denominator + 1);
            let value = Fraction::new(if is_negative { -part } else { part }, denominator).expect("positive denominator");
            prop_assert_eq!(parse(&write(value)), Some(value), "{}", write(value));
        }
    }
}
