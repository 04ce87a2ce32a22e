//! Pure rules of invoices: the tax within a price, amounts as accountants write them, the payment code of GOST R 56042.

/// The tax that a price holds: so many percent on top of what is left without it, rounded to whole minor units, halves up.
pub fn tax_within(price_minor: i64, percent: i64) -> i64 {
    let (part, whole) = (i128::from(price_minor) * i128::from(percent), 100 + i128::from(percent));
    i64::try_from((part * 2 + whole).div_euclid(whole * 2)).unwrap_or(0)
}

/// `1 234 567,80`, with spaces that do not break.
pub fn amount(minor: i64) -> String {
    let (major, rest) = (minor.unsigned_abs() / 100, minor.unsigned_abs() % 100);
    let digits = major.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push('\u{a0}');
        }
        text.push(digit);
    }
    format!("{}{text},{rest:02}", if minor < 0 { "−" } else { "" })
}

/// What a bank's application reads from the square code of an invoice. Values have no separators in them.
pub fn payment_code(fields: &[(&str, &str)]) -> String {
    let fields = fields.iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| format!("|{name}={}", value.replace('|', " ")));
    std::iter::once("ST00012".to_owned()).chain(fields).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn amounts_are_written_with_two_decimals() {
        assert_eq!(amount(123_456_780), "1\u{a0}234\u{a0}567,80");
        assert_eq!(amount(5), "0,05");
        assert_eq!(amount(-99_900), "−999,00");
    }

    #[test]
    fn the_tax_is_the_part_within_the_price() {
        assert_eq!(tax_within(12_200, 22), 2_200);
        assert_eq!(tax_within(100, 20), 17, "16.67 is rounded");
        assert_eq!(tax_within(1_990_000, 0), 0);
    }

    #[test]
    fn a_payment_code_leaves_out_what_is_not_there() {
        assert_eq!(payment_code(&[("Name", "A|B"), ("KPP", ""), ("Sum", "100")]), "ST00012|Name=A B|Sum=100");
    }

    proptest! {
        #[test]
        fn price_and_tax_agree_to_half_a_kopeck(price in 0_i64..1_000_000_000_000, percent in prop::sample::select(vec![0_i64, 5, 7, 10, 20, 22])) {
            let tax = tax_within(price, percent);
            // |tax − price·p/(100+p)| ≤ ½
            let off = i128::from(tax) * i128::from(100 + percent) - i128::from(price) * i128::from(percent);
            prop_assert!(off.abs() * 2 <= i128::from(100 + percent));
        }
    }
}
