//! Receipts as YooKassa takes them.

use super::{DESCRIPTION_MAX, WireAmount};
use crate::features::payments::server::providers::{Receipt, TaxSystem, Vat};
use crate::shared::money::Money;
use serde::Serialize;

/// The receipt.
#[derive(Debug, Serialize)]
pub struct WireReceipt {
    customer: Customer,
    items: Vec<Item>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tax_system_code: Option<u8>,
    internet: bool,
}

#[derive(Debug, Serialize)]
struct Customer {
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone: Option<String>,
}

#[derive(Debug, Serialize)]
struct Item {
    description: String,
    quantity: u32,
    amount: WireAmount,
    vat_code: u8,
    payment_mode: &'static str,
    payment_subject: &'static str,
    measure: &'static str,
}

/// A receipt of a payment or a refund in the same currency.
pub fn wire_receipt(receipt: &Receipt, of: Money) -> WireReceipt {
    let items = receipt.lines.iter().map(|line| Item {
        description: line.name.chars().take(DESCRIPTION_MAX).collect(),
        quantity: line.quantity,
        amount: Money { minor: line.price_minor, currency: of.currency }.into(),
        vat_code: vat_code(line.vat),
        payment_mode: "full_payment",
        payment_subject: "service",
        measure: "piece",
    });
    WireReceipt {
        customer: Customer { email: receipt.email.clone(), phone: receipt.phone.as_ref().map(|phone| phone.trim_start_matches('+').to_owned()) },
        items: items.collect(),
        tax_system_code: receipt.tax_system.map(tax_system_code),
        internet: true,
    }
}

const fn vat_code(vat: Vat) -> u8 {
    match vat {
        Vat::None => 1,
        Vat::Rate0 => 2,
        Vat::Rate10 => 3,
        Vat::Rate20 => 4,
        Vat::Part10 => 5,
        Vat::Part20 => 6,
        Vat::Rate5 => 7,
        Vat::Rate7 => 8,
        Vat::Part5 => 9,
        Vat::Part7 => 10,
        Vat::Rate22 => 11,
        Vat::Part22 => 12,
    }
}

const fn tax_system_code(system: TaxSystem) -> u8 {
    match system {
        TaxSystem::General => 1,
        TaxSystem::SimplifiedIncome => 2,
        TaxSystem::SimplifiedProfit => 3,
        TaxSystem::Agricultural => 5,
        TaxSystem::Patent => 6,
    }
}
