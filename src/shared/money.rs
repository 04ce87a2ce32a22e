//! Money: integer minor units with a currency, never a float.

use super::i18n::Locale;
use serde::{Deserialize, Serialize};

/// A currency of ISO 4217 that the school sells in. All of them have two decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Currency {
    /// Russian rouble.
    Rub,
    /// Euro.
    Eur,
    /// United States dollar.
    Usd,
}

impl Currency {
    /// The alphabetic ISO 4217 code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Rub => "RUB",
            Self::Eur => "EUR",
            Self::Usd => "USD",
        }
    }

    /// The currency of an alphabetic code, in any case.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Rub, Self::Eur, Self::Usd].into_iter().find(|currency| currency.code().eq_ignore_ascii_case(code.trim()))
    }

    const fn sign(self) -> char {
        match self {
            Self::Rub => '₽',
            Self::Eur => '€',
            Self::Usd => '$',
        }
    }
}

/// An amount in minor units (kopecks, cents).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Money {
    /// Minor units; may be negative for a difference.
    pub minor: i64,
    /// Of what.
    pub currency: Currency,
}

impl Money {
    /// `19 900 ₽` in Russian, `₽19,900` in English; minor units only where there are some.
    pub fn format(self, locale: Locale) -> String {
        let (group, mark) = match locale {
            Locale::Ru => ('\u{a0}', ','),
            Locale::En => (',', '.'),
        };
        let major = grouped(self.minor.unsigned_abs() / 100, group);
        let minor = self.minor.unsigned_abs() % 100;
        let number = if minor == 0 { major } else { format!("{major}{mark}{minor:02}") };
        let minus = if self.minor < 0 { "−" } else { "" };
        match locale {
            Locale::Ru => format!("{minus}{number}\u{a0}{}", self.currency.sign()),
            Locale::En => format!("{minus}{}{number}", self.currency.sign()),
        }
    }

    /// The amount in major units as a plain decimal for machines: `19900.00`.
    pub fn plain_decimal(self) -> String {
        plain_decimal(self.minor)
    }
}

/// Minor units as a plain decimal of major ones, for machines: `19900.00`.
pub fn plain_decimal(minor: i64) -> String {
    let minus = if minor < 0 { "-" } else { "" };
    let absolute = minor.unsigned_abs();
    format!("{minus}{}.{:02}", absolute / 100, absolute % 100)
}

fn grouped(number: u64, separator: char) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() * 2);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(separator);
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_written_by_locale() {
        let price = Money { minor: 1_990_000, currency: Currency::Rub };
        assert_eq!(price.format(Locale::Ru), "19\u{a0}900\u{a0}₽");
        assert_eq!(price.format(Locale::En), "₽19,900");
        let odd = Money { minor: -123_456_789, currency: Currency::Eur };
        assert_eq!(odd.format(Locale::Ru), "−1\u{a0}234\u{a0}567,89\u{a0}€");
        assert_eq!(odd.plain_decimal(), "-1234567.89");
    }
}
