//! Fiscal receipts: made with the payment's row, so that a repeat says the same and a refund has the rate of the sale.

use super::payment_queries::PaymentRow;
use super::providers::{Receipt, ReceiptLine};
use super::queries::LineRow;
use crate::server::ctx::Ctx;
use crate::server::error::Result;
use anyhow::Context as _;
use serde_json::Value;

/// The receipt of a sale, if the school makes any. An order's courses stand in one line, whose price is the order's to the kopeck.
pub(super) fn of_sale(ctx: &Ctx, email: &str, courses: &[LineRow], total_minor: i64) -> Result<Option<Value>> {
    let Some(settings) = ctx.state.config.receipts else { return Ok(None) };
    let name = courses.iter().map(|line| line.course_title.as_str()).collect::<Vec<_>>().join(", ");
    let receipt = Receipt {
        email: Some(email.to_owned()),
        phone: None,
        tax_system: settings.tax_system,
        lines: vec![ReceiptLine { name, quantity: 1, price_minor: total_minor, vat: settings.vat }],
    };
    Ok(Some(serde_json::to_value(receipt).context("a receipt as JSON")?))
}

/// The receipt that a payment was made with.
pub(super) fn of_payment(row: &PaymentRow) -> Result<Option<Receipt>> {
    Ok(row.receipt.clone().map(serde_json::from_value).transpose().context("payments.receipt")?)
}

/// The receipt of money that goes back: the sale's line, of so much.
pub(super) fn of_refund(row: &PaymentRow, amount_minor: i64) -> Result<Option<Receipt>> {
    let Some(mut receipt) = of_payment(row)? else { return Ok(None) };
    receipt.lines.truncate(1);
    if let Some(line) = receipt.lines.first_mut() {
        (line.quantity, line.price_minor) = (1, amount_minor);
    }
    Ok(Some(receipt))
}
