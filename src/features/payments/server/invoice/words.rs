//! Sums in words.

use crate::shared::i18n::{Locale, invoice as texts};

fn word(list: &str, place: u64) -> String {
    let word = usize::try_from(place).ok().and_then(|place| list.split(' ').nth(place)).unwrap_or_default();
    word.replace('_', " ")
}

/// A number below a thousand; nothing for none.
fn below_thousand(locale: Locale, number: u64, is_feminine: bool) -> Vec<String> {
    let units = if is_feminine { texts::units_feminine(locale) } else { texts::units(locale) };
    let mut words = Vec::new();
    if number >= 100 {
        words.push(word(texts::hundreds(locale), number / 100));
    }
    match number % 100 {
        0 => {}
        rest @ 1..20 => words.push(word(units, rest)),
        rest => {
            words.push(word(texts::tens(locale), rest / 10));
            if rest % 10 > 0 {
                words.push(word(units, rest % 10));
            }
        }
    }
    words
}

/// A word in the form that fits its number.
type Counted = fn(Locale, i64) -> String;

/// A number in words. Beyond thousands of billions it is written in digits.
pub(super) fn number(locale: Locale, number: u64) -> String {
    if number == 0 {
        return word(texts::units(locale), 0);
    }
    if number >= 1_000_000_000_000 {
        return number.to_string();
    }
    let mut words = Vec::new();
    let groups: [(u64, Option<Counted>); 4] =
        [(1_000_000_000, Some(texts::billion)), (1_000_000, Some(texts::million)), (1_000, Some(texts::thousand)), (1, None)];
    for (size, name) in groups {
        let group = number / size % 1_000;
        words.extend(below_thousand(locale, group, size == 1_000));
        if let Some(name) = name.filter(|_| group > 0) {
            words.push(name(locale, i64::try_from(group).unwrap_or(0)));
        }
    }
    words.join(" ")
}

/// Roubles in words and kopecks in digits, with a capital.
pub(super) fn roubles(locale: Locale, minor: i64) -> String {
    let (major, rest) = (minor.unsigned_abs() / 100, minor.unsigned_abs() % 100);
    let text = number(locale, major);
    let mut letters = text.chars();
    let text: String = letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
    let name = |named: fn(Locale, i64) -> String, number: u64| named(locale, i64::try_from(number % 1_000_000).unwrap_or(0));
    format!("{text} {} {rest:02} {}", name(texts::rouble, major), name(texts::kopeck, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_agree_with_what_they_count() {
        for (count, words) in [
            (0, "ноль"),
            (1, "один"),
            (11, "одиннадцать"),
            (20, "двадцать"),
            (42, "сорок два"),
            (100, "сто"),
            (999, "девятьсот девяносто девять"),
            (1_000, "одна тысяча"),
            (2_000, "две тысячи"),
            (5_000, "пять тысяч"),
            (11_000, "одиннадцать тысяч"),
            (21_001, "двадцать одна тысяча один"),
            (42_415, "сорок две тысячи четыреста пятнадцать"),
            (1_000_000, "один миллион"),
            (2_000_002, "два миллиона два"),
            (3_000_000_000, "три миллиарда"),
            (1_000_000_000_000, "1000000000000"),
        ] {
            assert_eq!(number(Locale::Ru, count), words);
        }
        assert_eq!(number(Locale::En, 42_415), "forty two thousand four hundred fifteen");
    }

    #[test]
    fn sums_have_kopecks_in_digits() {
        assert_eq!(roubles(Locale::Ru, 4_241_500), "Сорок две тысячи четыреста пятнадцать рублей 00 копеек");
        assert_eq!(roubles(Locale::Ru, 2_100_101), "Двадцать одна тысяча один рубль 01 копейка");
        assert_eq!(roubles(Locale::Ru, 32), "Ноль рублей 32 копейки");
        assert_eq!(roubles(Locale::En, 100), "One rouble 00 kopecks");
    }
}
