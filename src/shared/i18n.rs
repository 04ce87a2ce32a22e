//! Languages, plural forms and the texts generated from `locales/` by `build.rs`.

use serde::{Deserialize, Serialize};

/// A language of the interface.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Locale {
    /// Russian, the first customer's language.
    #[default]
    Ru,
    /// English.
    En,
}

impl Locale {
    /// All languages, in the order in which they are offered.
    pub const ALL: [Self; 2] = [Self::Ru, Self::En];

    /// The BCP 47 code, as in `<html lang>` and in `users.locale`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Ru => "ru",
            Self::En => "en",
        }
    }

    /// The language's name for itself.
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::Ru => "Русский",
            Self::En => "English",
        }
    }

    /// What stands between units and tenths.
    pub const fn decimal_mark(self) -> char {
        match self {
            Self::Ru => ',',
            Self::En => '.',
        }
    }

    /// The locale of a code such as `en` or `en-GB`; `None` for languages that the interface does not speak.
    pub fn from_code(code: &str) -> Option<Self> {
        let primary = code.split(['-', '_']).next().unwrap_or_default();
        Self::ALL.into_iter().find(|locale| locale.code().eq_ignore_ascii_case(primary))
    }

    /// The best spoken language of an `Accept-Language` header, by its weights.
    pub fn from_accept_language(header: &str) -> Option<Self> {
        let mut best: Option<(u16, Self)> = None;
        for part in header.split(',').take(20) {
            let (code, weight) = part.split_once(";q=").unwrap_or((part, "1"));
            let Some(locale) = Self::from_code(code.trim()) else { continue };
            let weight = thousandths(weight.trim());
            if weight > 0 && best.is_none_or(|(highest, _)| weight > highest) {
                best = Some((weight, locale));
            }
        }
        best.map(|(_, locale)| locale)
    }
}

/// `0.8` as 800; what is not a weight counts as 0.
fn thousandths(weight: &str) -> u16 {
    let (whole, rest) = weight.split_once('.').unwrap_or((weight, ""));
    let mut digits = rest.chars().chain("000".chars()).take(3).map(|c| c.to_digit(10));
    let Ok(whole) = whole.parse::<u16>() else { return 0 };
    let Some(rest) = digits.try_fold(0, |sum, digit| digit.map(|digit| sum * 10 + digit)) else { return 0 };
    (whole.min(1) * 1000 + u16::try_from(rest).unwrap_or(0)).min(1000)
}

/// A plural category of Unicode's rules for whole numbers; English has no `Few`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plural {
    /// 1, 21, 31 … in Russian; 1 in English.
    One,
    /// 2–4, 22–24 … in Russian.
    Few,
    /// Everything else.
    Many,
}

/// The plural category of a whole number (CLDR cardinal rules for `ru` and `en`).
pub const fn plural(locale: Locale, count: i64) -> Plural {
    let count = count.unsigned_abs();
    match locale {
        Locale::Ru => match (count % 10, count % 100) {
            (1, tens) if tens != 11 => Plural::One,
            (2..=4, tens) if !(tens >= 12 && tens <= 14) => Plural::Few,
            _ => Plural::Many,
        },
        Locale::En if count == 1 => Plural::One,
        Locale::En => Plural::Many,
    }
}

include!(concat!(env!("OUT_DIR"), "/texts.rs"));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn russian_plurals_follow_cldr() {
        for (count, form) in [
            (0, Plural::Many),
            (1, Plural::One),
            (2, Plural::Few),
            (5, Plural::Many),
            (11, Plural::Many),
            (12, Plural::Many),
            (14, Plural::Many),
            (21, Plural::One),
            (24, Plural::Few),
            (111, Plural::Many),
            (-3, Plural::Few),
        ] {
            assert_eq!(plural(Locale::Ru, count), form, "{count}");
        }
        assert_eq!(plural(Locale::En, 1), Plural::One);
        assert_eq!(plural(Locale::En, 21), Plural::Many);
    }

    #[test]
    fn accept_language_obeys_weights() {
        assert_eq!(Locale::from_accept_language("de, en-GB;q=0.8, ru;q=0.9"), Some(Locale::Ru));
        assert_eq!(Locale::from_accept_language("en-US,en;q=0.5"), Some(Locale::En));
        assert_eq!(Locale::from_accept_language("ru;q=0, en;q=0.1"), Some(Locale::En));
        assert_eq!(Locale::from_accept_language("de,fr;q=x"), None);
    }
}
