//! Amounts in major units, written and read as text without a float in between.

use crate::shared::money::plain_decimal;
use serde::de::Error as _;
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

/// Minor units of digits with at most two decimals; nothing else is an amount.
pub(super) fn parse(text: &str) -> Option<i64> {
    let (whole, part) = match text.split_once('.') {
        None => (text, 0),
        Some((whole, part)) => {
            let is_part = matches!(part.len(), 1 | 2) && part.bytes().all(|byte| byte.is_ascii_digit());
            let value: i64 = if is_part { part.parse().ok()? } else { return None };
            (whole, if part.len() == 1 { value * 10 } else { value })
        }
    };
    let is_whole = !whole.is_empty() && whole.bytes().all(|byte| byte.is_ascii_digit());
    let whole: i64 = if is_whole { whole.parse().ok()? } else { return None };
    whole.checked_mul(100)?.checked_add(part)
}

/// An amount that is a JSON number on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Number(pub i64);

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        RawValue::from_string(plain_decimal(self.0)).map_err(S::Error::custom)?.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Box::<RawValue>::deserialize(deserializer)?;
        parse(text.get()).map(Self).ok_or_else(|| D::Error::custom("not an amount"))
    }
}

/// An amount that is a JSON string on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Text(pub i64);

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&plain_decimal(self.0))
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        parse(&String::deserialize(deserializer)?).map(Self).ok_or_else(|| D::Error::custom("not an amount"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_digits_with_at_most_two_decimals_are_amounts() {
        for (text, minor) in [("1490.00", 149_000), ("1490", 149_000), ("1490.0", 149_000), ("0.01", 1), ("007.10", 710)] {
            assert_eq!(parse(text), Some(minor), "{text}");
        }
        for text in ["", ".", "1.", ".5", "-1", "+1", "1,00", "1.000", "1e3", "1 490", "NaN", "٣", "0x1", "99999999999999999999", "1.-5", "1.+5"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn numbers_stay_as_they_are_written() {
        assert_eq!(serde_json::to_string(&Number(149_000)).unwrap(), "1490.00");
        assert_eq!(serde_json::to_string(&Text(1)).unwrap(), "\"0.01\"");
        for text in ["1490", "1490.0", "1490.00"] {
            assert_eq!(serde_json::from_str::<Number>(text).unwrap(), Number(149_000));
        }
        for text in ["\"1490.00\"", "1490.001", "-1", "null", "1e3"] {
            assert!(serde_json::from_str::<Number>(text).is_err(), "{text}");
        }
        assert!(serde_json::from_str::<Text>("1490.00").is_err(), "a number is no text");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(minor in 0..=i64::MAX) {
            prop_assert_eq!(parse(&plain_decimal(minor)), Some(minor));
        }
    }
}
