//! Fiscal receipts (54-FZ) that providers make with payments: `PAYMENTS_VAT` and `PAYMENTS_TAX_SYSTEM`.

use crate::features::payments::server::providers::{TaxSystem, Vat};

/// What receipts say of tax.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReceiptSettings {
    /// `PAYMENTS_VAT`.
    pub vat: Vat,
    /// `PAYMENTS_TAX_SYSTEM`.
    pub tax_system: Option<TaxSystem>,
}

/// The words for rates, in settings and in the database.
pub const RATES: [(&str, Vat); 12] = [
    ("none", Vat::None),
    ("0", Vat::Rate0),
    ("5", Vat::Rate5),
    ("7", Vat::Rate7),
    ("10", Vat::Rate10),
    ("20", Vat::Rate20),
    ("22", Vat::Rate22),
    ("5/105", Vat::Part5),
    ("7/107", Vat::Part7),
    ("10/110", Vat::Part10),
    ("20/120", Vat::Part20),
    ("22/122", Vat::Part22),
];

/// The words for tax systems, in settings and in the database.
pub const SYSTEMS: [(&str, TaxSystem); 5] = [
    ("general", TaxSystem::General),
    ("simplified_income", TaxSystem::SimplifiedIncome),
    ("simplified_profit", TaxSystem::SimplifiedProfit),
    ("agricultural", TaxSystem::Agricultural),
    ("patent", TaxSystem::Patent),
];

impl ReceiptSettings {
    /// Reads both settings; adds a sentence for each that is wrong. `None` without a rate: then no receipts are asked for.
    pub(super) fn read(get: impl Fn(&str) -> Option<String>, errors: &mut Vec<String>) -> Option<Self> {
        let vat = choice(&get, "PAYMENTS_VAT", &RATES, errors);
        let tax_system = choice(&get, "PAYMENTS_TAX_SYSTEM", &SYSTEMS, errors);
        Some(Self { vat: vat?, tax_system })
    }
}

fn choice<T: Copy>(get: impl Fn(&str) -> Option<String>, name: &str, words: &[(&str, T)], errors: &mut Vec<String>) -> Option<T> {
    let given = get(name)?;
    let found = words.iter().find(|(word, _)| *word == given).map(|(_, value)| *value);
    if found.is_none() {
        let all = words.iter().map(|(word, _)| format!("`{word}`")).collect::<Vec<_>>().join(", ");
        errors.push(format!("{name} is `{given}`; it must be one of {all}."));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(settings: &[(&str, &str)]) -> (Option<ReceiptSettings>, String) {
        let mut errors = Vec::new();
        let get = |name: &str| settings.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        (ReceiptSettings::read(get, &mut errors), errors.join("\n"))
    }

    #[test]
    fn without_a_rate_there_are_no_receipts_and_wrong_words_are_named() {
        assert_eq!(read(&[]), (None, String::new()));
        let (settings, _) = read(&[("PAYMENTS_VAT", "22"), ("PAYMENTS_TAX_SYSTEM", "patent")]);
        assert_eq!(settings, Some(ReceiptSettings { vat: Vat::Rate22, tax_system: Some(TaxSystem::Patent) }));
        let (_, errors) = read(&[("PAYMENTS_VAT", "18"), ("PAYMENTS_TAX_SYSTEM", "usn")]);
        assert!(errors.contains("PAYMENTS_VAT is `18`") && errors.contains("PAYMENTS_TAX_SYSTEM"), "{errors}");
    }
}
