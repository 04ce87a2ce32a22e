//! What payers do at a provider, and what somebody does at its own desk.

use super::market::{Market, Till, paid_transaction};
use super::yookassa_shop::YookassaShop;
use crate::support::database::change;
use serde_json::json;

impl Market {
    /// The payer pays, if the provider has such a payment.
    pub async fn pay(&self, number: &str) {
        match &self.till {
            Till::Yookassa(fake) => {
                if let Some(payment) = fake.shop().of(number) {
                    YookassaShop::take(payment);
                }
            }
            Till::Sberbank(fake) => {
                if let Some(order) = fake.shop().of(number) {
                    order.pay();
                }
            }
            Till::Cloudpayments(fake) => {
                let mut shop = fake.shop();
                if let Some(order) = shop.of(number) {
                    shop.attempt_on(&order, "Completed");
                }
            }
            Till::Stripe(fake) => {
                let mut shop = fake.shop();
                if let Some(session) = shop.of(number) {
                    shop.attempt_on(session, "succeeded");
                }
            }
            Till::Sandbox => {
                let now = self.app.now().to_rfc3339();
                change(&self.app.pool, &format!("update sandbox_payments set state = 'succeeded', effective_at = '{now}' where number = '{number}'"))
                    .await;
            }
        }
    }

    /// A try of the payer is declined; the page takes another where the provider's does.
    pub async fn decline(&self, number: &str) {
        match &self.till {
            Till::Yookassa(fake) => {
                if let Some(payment) = fake.shop().of(number) {
                    payment["status"] = "canceled".into();
                    payment["cancellation_details"] = json!({ "party": "payment_network", "reason": "insufficient_funds" });
                }
            }
            Till::Sberbank(fake) => {
                if let Some(order) = fake.shop().of(number) {
                    order.status = 6;
                }
            }
            Till::Cloudpayments(fake) => {
                let mut shop = fake.shop();
                if let Some(order) = shop.of(number) {
                    shop.attempt_on(&order, "Declined");
                }
            }
            Till::Stripe(fake) => {
                let mut shop = fake.shop();
                if let Some(session) = shop.of(number) {
                    shop.attempt_on(session, "requires_payment_method");
                }
            }
            Till::Sandbox => {
                let now = self.app.now().to_rfc3339();
                change(&self.app.pool, &format!("update sandbox_payments set state = 'failed', effective_at = '{now}' where number = '{number}'"))
                    .await;
            }
        }
    }

    /// Somebody gives money back at the provider's own desk.
    pub async fn give_back(&self, number: &str, minor: i64) {
        let decimal = format!("{}.{:02}", minor / 100, minor % 100);
        match &self.till {
            Till::Yookassa(fake) => {
                let mut shop = fake.shop();
                let id = shop.of(number).unwrap()["id"].clone();
                shop.refund(&json!({ "payment_id": id, "amount": { "value": decimal, "currency": "RUB" } })).unwrap();
            }
            Till::Sberbank(fake) => {
                let mut shop = fake.shop();
                let order = shop.of(number).unwrap();
                order.refunds.push((format!("desk-{}", order.refunds.len()), minor));
                order.status = 4;
            }
            Till::Cloudpayments(fake) => {
                let mut shop = fake.shop();
                let id = paid_transaction(&shop, number).unwrap()["TransactionId"].clone();
                let text = format!(r#"{{"TransactionId":{id},"Amount":{decimal}}}"#);
                let answer = shop.refund(&serde_json::from_str(&text).unwrap(), &text);
                assert_eq!(answer["Success"], true, "{answer}");
            }
            Till::Stripe(fake) => {
                let mut shop = fake.shop();
                let session = shop.of(number).unwrap();
                let intent = shop.sessions[session]["payment_intent"].as_str().unwrap().to_owned();
                let form = [("payment_intent", intent), ("amount", minor.to_string())].map(|(name, value)| (name.to_owned(), value)).into();
                let (status, answer) = shop.refund(&form);
                assert_eq!(status, 200, "{answer}");
            }
            Till::Sandbox => {
                change(
                    &self.app.pool,
                    &format!(
                        "insert into sandbox_refunds (id, key, payment_id, amount_minor)
                         select gen_random_uuid(), gen_random_uuid(), id, {minor} from sandbox_payments where number = '{number}'"
                    ),
                )
                .await;
            }
        }
    }
}
