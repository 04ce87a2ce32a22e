//! What each provider writes to our door, signed as it signs.

use super::market::{Call, Market, Till, paid_transaction};
use axum::http::Method;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use lectern::features::payments::server::sandbox;
use serde_json::{Value, json};
use sha2::Sha256;
use std::collections::BTreeMap;

/// What may have happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News {
    Held,
    Paid,
    Declined,
    Canceled,
    /// The refund of that place among the payment's.
    Refunded(usize),
    Disputed,
}

/// The callback that says that a payment with our number is paid.
pub fn paid(market: &Market, number: &str) -> Call {
    market.call(number, News::Paid).unwrap()
}

/// The HMAC-SHA256 of a text.
pub fn mac(secret: &str, text: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(text);
    mac.finalize().into_bytes().to_vec()
}

/// A signed form of CloudPayments.
pub fn cloud(kind: &str, pairs: &[(&str, &str)]) -> Call {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    cloud_body(kind, body, "application/x-www-form-urlencoded")
}

/// Any body, signed as CloudPayments signs.
pub fn cloud_body(kind: &str, body: impl Into<Vec<u8>>, content_type: &str) -> Call {
    let body = body.into();
    Call {
        method: Method::POST,
        path: format!("/webhooks/cloudpayments/{kind}"),
        headers: vec![("content-type", content_type.to_owned()), ("content-hmac", STANDARD.encode(mac("fixture-api-secret", &body)))],
        body,
    }
}

/// Any body, signed as Stripe signs.
pub fn stripe_body(body: impl Into<Vec<u8>>, time: i64) -> Call {
    let body = body.into();
    let signed = [format!("{time}.").into_bytes(), body.clone()].concat();
    let signature = format!("t={time},v1={}", hex::encode(mac("whsec_fixture_0123456789", &signed)));
    Call {
        method: Method::POST,
        path: "/webhooks/stripe".to_owned(),
        headers: vec![("content-type", "application/json; charset=utf-8".to_owned()), ("stripe-signature", signature)],
        body,
    }
}

/// An event of Stripe.
pub fn stripe(kind: &str, id: &str, object: &Value, time: i64) -> Call {
    let event = json!({
        "id": id, "object": "event", "api_version": "2026-10-28.endive", "created": time, "livemode": false, "pending_webhooks": 1,
        "request": { "id": null, "idempotency_key": null }, "type": kind, "data": { "object": object }
    });
    stripe_body(event.to_string(), time)
}

/// Parameters of Sberbank: a query with its checksum from the old gateway, JSON from the new one.
pub fn sberbank(is_old: bool, pairs: &[(&str, &str)]) -> Call {
    let path = "/webhooks/sberbank".to_owned();
    if !is_old {
        let object: BTreeMap<_, _> = pairs.iter().copied().collect();
        let headers = vec![("content-type", "application/json".to_owned())];
        return Call { method: Method::POST, path, headers, body: json!(object).to_string().into_bytes() };
    }
    let mut sorted = pairs.to_vec();
    sorted.sort_unstable();
    let text: String = sorted.iter().flat_map(|(name, value)| [name, ";", value, ";"]).collect();
    let checksum = hex::encode_upper(mac("fixture-callback-secret", text.as_bytes()));
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).append_pair("checksum", &checksum).finish();
    Call { method: Method::GET, path: format!("{path}?{query}"), headers: Vec::new(), body: Vec::new() }
}

/// A notification of YooKassa.
pub fn yookassa(event: &str, object: &Value) -> Call {
    let body = json!({ "type": "notification", "event": event, "object": object }).to_string().into_bytes();
    Call { method: Method::POST, path: "/webhooks/yookassa".to_owned(), headers: vec![("content-type", "application/json".to_owned())], body }
}

impl Market {
    /// The callback about a payment with our number; none where the provider has nothing to tell.
    pub fn call(&self, number: &str, news: News) -> Option<Call> {
        match &self.till {
            Till::Yookassa(fake) => {
                let mut shop = fake.shop();
                let mut object = shop.of(number)?.clone();
                let (event, status) = match news {
                    News::Held => ("payment.waiting_for_capture", "waiting_for_capture"),
                    News::Paid => ("payment.succeeded", "succeeded"),
                    News::Declined | News::Canceled => ("payment.canceled", "canceled"),
                    News::Refunded(place) => {
                        let own: Vec<_> = shop.refunds.iter().filter(|refund| refund["payment_id"] == object["id"]).collect();
                        return Some(yookassa("refund.succeeded", own.get(place)?));
                    }
                    News::Disputed => return None,
                };
                object["status"] = status.into();
                Some(yookassa(event, &object))
            }
            Till::Sberbank(fake) => {
                let mut shop = fake.shop();
                let is_old = shop.is_old;
                let order = shop.of(number)?;
                let (id, amount) = (order.id.clone(), order.amount.to_string());
                let mut pairs = vec![("mdOrder", id.as_str()), ("orderNumber", number)];
                match news {
                    News::Held => pairs.extend([("operation", "approved"), ("status", "1")]),
                    News::Paid => pairs.extend([("operation", "deposited"), ("status", "1"), ("amount", &amount)]),
                    News::Declined => pairs.extend([("operation", "deposited"), ("status", "0")]),
                    News::Canceled => pairs.extend([("operation", "declinedByTimeout"), ("status", "1")]),
                    News::Refunded(place) => {
                        pairs.extend([("operation", "refunded"), ("status", "1"), ("externalRefundId", order.refunds.get(place)?.0.as_str())]);
                    }
                    News::Disputed => return None,
                }
                Some(sberbank(is_old, &pairs))
            }
            Till::Cloudpayments(fake) => self.cloud_call(&fake.shop(), number, news),
            Till::Stripe(fake) => {
                let mut shop = fake.shop();
                let position = shop.of(number)?;
                let session = shop.sessions[position].clone();
                let intent = shop.intent_of(position).cloned();
                let (time, short) = (self.app.now().timestamp(), number.replace('-', ""));
                let event = |kind: &str, object: &Value| stripe(kind, &format!("evt_{}{short}", kind.replace('.', "")), object, time);
                match news {
                    News::Held => Some(event("payment_intent.amount_capturable_updated", &intent?)),
                    News::Paid => Some(event("checkout.session.completed", &session)),
                    News::Declined => Some(event("payment_intent.payment_failed", &intent?)),
                    News::Canceled => Some(event("checkout.session.expired", &session)),
                    News::Refunded(place) => {
                        let intent = intent?;
                        let own: Vec<_> = shop.refunds.iter().filter(|refund| refund["payment_intent"] == intent["id"]).collect();
                        Some(stripe("refund.updated", &format!("evt_back{place}{short}"), own.get(place)?, time))
                    }
                    News::Disputed => Some(event("charge.dispute.created", &json!({ "id": "du_1", "payment_intent": intent?["id"] }))),
                }
            }
            Till::Sandbox => {
                let event = match news {
                    News::Paid => "succeeded",
                    News::Declined => "failed",
                    News::Canceled => "canceled",
                    News::Held | News::Refunded(_) | News::Disputed => return None,
                };
                let body = sandbox::notice(&self.app.ctx(), number, event).unwrap().into_bytes();
                Some(Call { method: Method::POST, path: "/webhooks/sandbox".to_owned(), headers: Vec::new(), body })
            }
        }
    }

    fn cloud_call(&self, shop: &super::cloudpayments_shop::CloudpaymentsShop, number: &str, news: News) -> Option<Call> {
        let own = || shop.transactions.iter().filter(|found| found["InvoiceId"] == number);
        let (kind, found) = match news {
            News::Held => ("confirm", paid_transaction(shop, number)?),
            News::Paid => ("pay", paid_transaction(shop, number)?),
            News::Declined => ("fail", own().find(|found| found["Status"] == "Declined")?.clone()),
            News::Canceled => ("cancel", own().find(|found| found["OriginalTransactionId"].is_null())?.clone()),
            News::Refunded(place) => ("refund", own().filter(|found| !found["OriginalTransactionId"].is_null()).nth(place)?.clone()),
            News::Disputed => return None,
        };
        let text = |name: &str| found[name].to_string().trim_matches('"').to_owned();
        let (id, payment) = (text("TransactionId"), text("OriginalTransactionId"));
        let (amount, moment, status) = (text("Amount"), self.app.now().format("%Y-%m-%d %H:%M:%S").to_string(), text("Status"));
        let mut pairs = vec![("TransactionId", id.as_str()), ("Amount", &amount), ("DateTime", &moment), ("InvoiceId", number)];
        if kind == "refund" {
            pairs.extend([("PaymentTransactionId", payment.as_str()), ("OperationType", "Refund")]);
        } else {
            pairs.extend([("Currency", "RUB"), ("TestMode", "1"), ("Status", &status), ("OperationType", "Payment")]);
        }
        Some(cloud(kind, &pairs))
    }
}
