//! Receipts as CloudKassir takes them.

use crate::features::payments::server::providers::decimal::Number;
use crate::features::payments::server::providers::{Receipt, TaxSystem, Vat};
use crate::shared::i18n::{Locale, fiscal as texts};
use serde::Serialize;

const LABEL_MAX: usize = 128;

/// The receipt.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Kassa {
    customer_receipt: CustomerReceipt,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct CustomerReceipt {
    #[serde(rename = "Items")]
    items: Vec<Item>,
    #[serde(skip_serializing_if = "Option::is_none")]
    taxation_system: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone: Option<String>,
    amounts: Electronic,
}

#[derive(Debug, Serialize)]
struct Electronic {
    electronic: Number,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Item {
    label: String,
    price: Number,
    quantity: u32,
    amount: Number,
    vat: Option<u8>,
    method: u8,
    object: u8,
    measurement_unit: String,
}

/// A receipt in the form of CloudKassir.
pub fn kassa(receipt: &Receipt) -> Kassa {
    let items = receipt.lines.iter().map(|line| Item {
        label: line.name.chars().take(LABEL_MAX).collect(),
        price: Number(line.price_minor),
        quantity: line.quantity,
        amount: Number(line.total_minor().unwrap_or_default()),
        vat: vat(line.vat),
        method: 4,
        object: 4,
        // Fiscal documents are Russian, whatever the payer reads.
        measurement_unit: texts::piece(Locale::Ru).to_owned(),
    });
    Kassa {
        customer_receipt: CustomerReceipt {
            items: items.collect(),
            taxation_system: receipt.tax_system.map(taxation_system),
            email: receipt.email.clone(),
            phone: receipt.phone.clone(),
            amounts: Electronic { electronic: Number(receipt.total_minor().unwrap_or_default()) },
        },
    }
}

const fn vat(vat: Vat) -> Option<u8> {
    match vat {
        Vat::None => None,
        Vat::Rate0 => Some(0),
        Vat::Rate5 => Some(5),
        Vat::Rate7 => Some(7),
        Vat::Rate10 => Some(10),
        Vat::Rate20 => Some(20),
        Vat::Rate22 => Some(22),
        Vat::Part5 => Some(105),
        Vat::Part7 => Some(107),
        Vat::Part10 => Some(110),
        Vat::Part20 => Some(120),
        Vat::Part22 => Some(122),
    }
}

const fn taxation_system(system: TaxSystem) -> u8 {
    match system {
        TaxSystem::General => 0,
        TaxSystem::SimplifiedIncome => 1,
        TaxSystem::SimplifiedProfit => 2,
        TaxSystem::Agricultural => 4,
        TaxSystem::Patent => 5,
    }
}
