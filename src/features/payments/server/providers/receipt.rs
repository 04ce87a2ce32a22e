//! A fiscal receipt (54-FZ) before it takes a provider's form.

use serde::{Deserialize, Serialize};

/// A rate of value added tax.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Vat {
    /// Without tax.
    None,
    /// 0 %.
    Rate0,
    /// 5 %.
    Rate5,
    /// 7 %.
    Rate7,
    /// 10 %.
    Rate10,
    /// 20 %, the base rate until the end of 2025.
    Rate20,
    /// 22 %, the base rate from 2026.
    Rate22,
    /// 5/105.
    Part5,
    /// 7/107.
    Part7,
    /// 10/110.
    Part10,
    /// 20/120.
    Part20,
    /// 22/122.
    Part22,
}

/// The seller's tax system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaxSystem {
    /// General.
    General,
    /// Simplified, of income.
    SimplifiedIncome,
    /// Simplified, of income minus expense.
    SimplifiedProfit,
    /// Agricultural.
    Agricultural,
    /// Patent.
    Patent,
}

/// A line: a service, paid in full.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptLine {
    /// What is sold; cut to 128 characters.
    pub name: String,
    /// How many.
    pub quantity: u32,
    /// What one costs, in minor units of the payment's currency.
    pub price_minor: i64,
    /// Its tax.
    pub vat: Vat,
}

/// A receipt: a sale's, or what is given back of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// Where it is sent; one of the two is required.
    pub email: Option<String>,
    /// Digits after a plus.
    pub phone: Option<String>,
    /// The seller's tax system on the day of the sale.
    pub tax_system: Option<TaxSystem>,
    /// The lines.
    pub lines: Vec<ReceiptLine>,
}

impl ReceiptLine {
    /// Price times quantity.
    pub fn total_minor(&self) -> Option<i64> {
        self.price_minor.checked_mul(i64::from(self.quantity))
    }
}

impl Receipt {
    /// What the lines come to.
    pub fn total_minor(&self) -> Option<i64> {
        self.lines.iter().try_fold(0_i64, |sum, line| sum.checked_add(line.total_minor()?))
    }
}
