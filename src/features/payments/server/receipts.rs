//! Fiscal receipts: made with the payment's row, so that a repeat says the same and a refund has the rate of the sale.

use super::payment_queries::PaymentRow;
use super::providers::{Receipt, ReceiptLine};
use super::queries::LineRow;
use super::taxes;
use crate::features::payments::rules::discount;
use crate::server::ctx::Ctx;
use crate::server::error::Result;
use anyhow::Context as _;
use serde_json::Value;
use sqlx::PgConnection;

/// What each course of an order costs in it, with the discount: a bundle's price is divided as its courses' own prices are.
pub(super) fn prices(lines: &[LineRow]) -> Vec<i64> {
    lines
        .chunk_by(|a, b| a.line_id == b.line_id)
        .flat_map(|line| {
            let whole = line.first().map_or(0, |row| row.price_minor - row.discount_minor);
            discount::shares(whole, &line.iter().map(|row| row.course_price_minor).collect::<Vec<_>>())
        })
        .collect()
}

/// The receipt of a sale, if the school makes any: a line for each course, which come to the order's total to the kopeck.
pub(super) async fn of_sale(connection: &mut PgConnection, ctx: &Ctx, email: &str, courses: &[LineRow]) -> Result<Option<Value>> {
    let Some(taxes) = taxes::now(connection, ctx).await?.filter(|taxes| taxes.with_receipts) else { return Ok(None) };
    let lines = courses
        .iter()
        .zip(prices(courses))
        .filter(|(_, price_minor)| *price_minor > 0)
        .map(|(line, price_minor)| {
            let vat = line.course_vat.as_deref().map(taxes::vat_of).transpose()?.unwrap_or(taxes.vat);
            Ok(ReceiptLine { name: line.course_title.clone(), quantity: 1, price_minor, vat })
        })
        .collect::<Result<_>>()?;
    let receipt = Receipt { email: Some(email.to_owned()), phone: None, tax_system: taxes.tax_system, lines };
    Ok(Some(serde_json::to_value(receipt).context("a receipt as JSON")?))
}

/// The receipt that a payment was made with.
pub(super) fn of_payment(row: &PaymentRow) -> Result<Option<Receipt>> {
    Ok(row.receipt.clone().map(serde_json::from_value).transpose().context("payments.receipt")?)
}

/// The receipt of money that goes back: of each of the sale's lines its part, with the tax of the sale.
pub(super) fn of_refund(row: &PaymentRow, amount_minor: i64) -> Result<Option<Receipt>> {
    let Some(mut receipt) = of_payment(row)? else { return Ok(None) };
    let sold: Vec<i64> = receipt.lines.iter().map(|line| line.total_minor().unwrap_or(0)).collect();
    for (line, part) in receipt.lines.iter_mut().zip(discount::spread(amount_minor, &sold)) {
        (line.quantity, line.price_minor) = (1, part);
    }
    receipt.lines.retain(|line| line.price_minor > 0);
    Ok(Some(receipt))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::payments::server::providers::Vat;
    use chrono::{DateTime, Utc};
    use proptest::prelude::*;
    use uuid::Uuid;

    fn row(line: u128, price_minor: i64, discount_minor: i64, course_price_minor: i64) -> LineRow {
        LineRow {
            course_slug: String::new(),
            course_title: "A".to_owned(),
            line_id: Uuid::from_u128(line),
            offer_name: String::new(),
            price_minor,
            discount_minor,
            course_price_minor,
            course_vat: None,
            enrollment_state: None,
            expires_at: None,
        }
    }

    fn paid(lines: &[i64]) -> PaymentRow {
        let lines = lines.iter().map(|price| ReceiptLine { name: "A".to_owned(), quantity: 1, price_minor: *price, vat: Vat::None }).collect();
        let receipt = Receipt { email: Some("a@b.example".to_owned()), phone: None, tax_system: None, lines };
        PaymentRow {
            id: Uuid::nil(),
            order_id: Uuid::nil(),
            provider: String::new(),
            provider_payment_id: None,
            provider_operation_id: None,
            idempotency_key: String::new(),
            state: String::new(),
            amount_minor: 0,
            currency: String::new(),
            redirect_url: None,
            first_sent_at: None,
            checked_at: None,
            last_error: String::new(),
            note: String::new(),
            state_before_dispute: None,
            description: String::new(),
            payer_email: String::new(),
            receipt: Some(serde_json::to_value(receipt).unwrap()),
            receipt_state: None,
            created_at: DateTime::<Utc>::UNIX_EPOCH,
        }
    }

    #[test]
    fn a_bundle_is_divided_as_its_courses_prices_are() {
        let rows = [row(1, 3_000, 1_000, 100), row(1, 3_000, 1_000, 300), row(2, 500, 0, 0)];
        assert_eq!(prices(&rows), [500, 1_500, 500]);
    }

    proptest! {
        #[test]
        fn what_goes_back_comes_to_the_amount(lines in prop::collection::vec(1_i64..10_000_000, 1..5), part in 1_i64..100) {
            let whole: i64 = lines.iter().sum();
            let amount = (whole * part / 100).max(1);
            let receipt = of_refund(&paid(&lines), amount).unwrap().unwrap();
            prop_assert_eq!(receipt.total_minor(), Some(amount));
            prop_assert!(receipt.lines.iter().all(|line| line.price_minor > 0));
        }
    }
}
