//! The seller as its fiscal receipts name it, where a provider wants to be told with each: `SBERBANK_SELLER_…`.

use super::Reader;

/// Who sells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SellerSettings {
    /// `SBERBANK_SELLER_EMAIL`.
    pub email: String,
    /// `SBERBANK_SELLER_INN`.
    pub inn: String,
    /// `SBERBANK_SELLER_ADDRESS`: the place of payment, usually the site's address.
    pub address: String,
}

impl SellerSettings {
    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let names = ["SBERBANK_SELLER_EMAIL", "SBERBANK_SELLER_INN", "SBERBANK_SELLER_ADDRESS"];
        let given = names.into_iter().find(|name| reader.text(name).is_some())?;
        let [email, inn, address] = names.map(|name| reader.required(name, given));
        let is_inn = inn.as_ref().is_some_and(|inn| matches!(inn.len(), 10 | 12) && inn.bytes().all(|byte| byte.is_ascii_digit()));
        if inn.is_some() && !is_inn {
            reader.errors.push("SBERBANK_SELLER_INN must have 10 or 12 digits.".to_owned());
        }
        Some(Self { email: email?, inn: inn?, address: address? })
    }
}
