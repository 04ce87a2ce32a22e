//! A strict YooKassa: refuses fields and headers that are not its own.

use super::fake::{Ask, Said, Shop, oddities};
use axum::http::Method;
use chrono::SecondsFormat;
use lectern::server::clock::Clock;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// `100500:test_fixture_secret`.
const BASIC: &str = "Basic MTAwNTAwOnRlc3RfZml4dHVyZV9zZWNyZXQ=";

#[derive(Default)]
pub struct YookassaShop {
    pub payments: Vec<Value>,
    pub refunds: Vec<Value>,
    /// The time at the shop; else it stands still.
    pub clock: Option<Clock>,
    keys: BTreeMap<String, (String, Value, Value)>,
}

fn error(status: u16, code: &str, description: &str) -> Said {
    (status, json!({ "type": "error", "id": "7d0a4f0e-1f0b-4b58-8a3e-0f6d7c1b2a33", "code": code, "description": description }))
}

fn minor(amount: &Value) -> Result<i64, String> {
    let odd = oddities(amount, &["value", "currency"], &[]);
    let text = amount["value"].as_str().ok_or(format!("the value is no text {odd:?}"))?;
    let (whole, part) = text.split_once('.').ok_or("the value has no decimals")?;
    if !odd.is_empty() || part.len() != 2 || amount["currency"] != "RUB" {
        return Err(format!("the amount is wrong: {amount}"));
    }
    Ok(whole.parse::<i64>().map_err(|error| error.to_string())? * 100 + part.parse::<i64>().map_err(|error| error.to_string())?)
}

fn receipt(receipt: &Value, total: i64) -> Result<(), String> {
    let mut odd = oddities(receipt, &["customer", "items"], &["tax_system_code", "internet"]);
    odd.extend(oddities(&receipt["customer"], &[], &["email", "phone", "full_name", "inn"]));
    if receipt["customer"]["phone"].as_str().is_some_and(|phone| !phone.bytes().all(|byte| byte.is_ascii_digit())) {
        odd.push("the phone is not digits only".to_owned());
    }
    let mut sum = 0;
    for item in receipt["items"].as_array().into_iter().flatten() {
        odd.extend(oddities(item, &["description", "quantity", "amount", "vat_code", "payment_mode", "payment_subject"], &["measure"]));
        sum += minor(&item["amount"])? * item["quantity"].as_i64().ok_or("the quantity is no number")?;
    }
    if sum == total && odd.is_empty() { Ok(()) } else { Err(format!("Receipt is missing or illegal: {sum} {odd:?}")) }
}

impl YookassaShop {
    /// The payment with our number.
    pub fn of(&mut self, number: &str) -> Option<&mut Value> {
        self.payments.iter_mut().rev().find(|payment| payment["metadata"]["number"] == number)
    }

    /// The payer pays the last payment.
    pub fn pay(&mut self) {
        Self::take(self.payments.last_mut().unwrap());
    }

    /// The payer pays.
    pub fn take(payment: &mut Value) {
        let is_held = payment["capture"] == false;
        payment["status"] = if is_held { "waiting_for_capture" } else { "succeeded" }.into();
        payment["paid"] = true.into();
        payment["refunded_amount"] = json!({ "value": "0.00", "currency": "RUB" });
        payment.as_object_mut().unwrap().remove("confirmation");
    }

    fn create(&mut self, body: &Value) -> Result<Value, String> {
        let fields = ["capture", "confirmation", "description", "metadata", "merchant_customer_id", "receipt"];
        let mut odd = oddities(body, &["amount"], &fields);
        odd.extend(oddities(&body["confirmation"], &["type", "return_url"], &["locale", "enforce"]));
        if body["description"].as_str().unwrap_or_default().chars().count() > 128 || body["confirmation"]["type"] != "redirect" {
            odd.push("the description is too long, or there is no redirect".to_owned());
        }
        let total = minor(&body["amount"])?;
        if body["receipt"].is_object() {
            receipt(&body["receipt"], total)?;
        }
        if !odd.is_empty() {
            return Err(format!("{odd:?}"));
        }
        let id = format!("30b1a2c3-000f-5000-8000-{:012}", self.payments.len());
        let made = json!({
            "id": id, "status": "pending", "paid": false, "amount": body["amount"], "description": body["description"],
            "capture": body["capture"], "metadata": body["metadata"], "recipient": { "account_id": "100500", "gateway_id": "2100500" },
            "confirmation": { "type": "redirect", "confirmation_url": format!("https://yoomoney.ru/checkout?orderId={id}") },
            "created_at": self.moment(), "refundable": false, "test": true
        });
        self.payments.push(made.clone());
        Ok(made)
    }

    fn act(&mut self, id: &str, action: &str, body: &Value) -> Result<Value, String> {
        let payment = self.payments.iter_mut().find(|payment| payment["id"] == id).ok_or("no such payment")?;
        if payment["status"] != "waiting_for_capture" || *body != json!({}) {
            return Err("the payment is not held, or the body is not empty".to_owned());
        }
        payment["status"] = if action == "capture" { "succeeded" } else { "canceled" }.into();
        if action == "cancel" {
            payment["cancellation_details"] = json!({ "party": "merchant", "reason": "canceled_by_merchant" });
        }
        Ok(payment.clone())
    }

    fn moment(&self) -> String {
        let now = self.clock.as_ref().map(|clock| clock.now().to_rfc3339_opts(SecondsFormat::Millis, true));
        now.unwrap_or_else(|| "2026-11-20T10:02:31.412Z".to_owned())
    }

    /// Gives money back, asked by whomever.
    pub fn refund(&mut self, body: &Value) -> Result<Value, String> {
        let odd = oddities(body, &["payment_id", "amount"], &["description", "metadata", "receipt"]);
        let wanted = minor(&body["amount"])?;
        if body["receipt"].is_object() {
            receipt(&body["receipt"], wanted)?;
        }
        let payment = self.payments.iter_mut().find(|payment| payment["id"] == body["payment_id"]).ok_or("no such payment")?;
        let gone = minor(&payment["refunded_amount"])? + wanted;
        if !odd.is_empty() || payment["status"] != "succeeded" || gone > minor(&payment["amount"])? {
            return Err(format!("{odd:?} or too much"));
        }
        payment["refunded_amount"]["value"] = format!("{}.{:02}", gone / 100, gone % 100).into();
        let id = format!("30b1d4e5-0015-5000-9000-{:012}", self.refunds.len());
        let mut made = json!({ "id": id, "payment_id": body["payment_id"], "status": "succeeded", "amount": body["amount"], "created_at": "2026-11-21T08:15:00.101Z" });
        if body["metadata"].is_object() {
            made["metadata"] = body["metadata"].clone();
        }
        self.refunds.push(made.clone());
        Ok(made)
    }

    fn post(&mut self, ask: &Ask) -> Said {
        let (key, body) = (ask.header("idempotence-key").to_owned(), ask.json());
        if key.is_empty() || key.len() > 64 || ask.header("content-type") != "application/json" {
            return error(400, "invalid_request", "Idempotence-Key or Content-Type is wrong");
        }
        if let Some((path, first, answer)) = self.keys.get(&key) {
            assert!(*path == ask.path && *first == body, "one key, two requests: {first} {body}");
            return (200, answer.clone());
        }
        let parts: Vec<&str> = ask.path.split('/').collect();
        let done = match parts[..] {
            ["", "v3", "payments"] => self.create(&body),
            ["", "v3", "payments", id, action @ ("capture" | "cancel")] => self.act(id, action, &body),
            ["", "v3", "refunds"] => self.refund(&body),
            _ => return error(404, "not_found", "no such address"),
        };
        match done {
            Ok(answer) => {
                self.keys.insert(key, (ask.path.clone(), body, answer.clone()));
                (200, answer)
            }
            Err(reason) => error(400, "invalid_request", &reason),
        }
    }

    fn list(&self, ask: &Ask) -> Said {
        let known = ["limit", "cursor", "created_at.gte", "created_at.lt"];
        assert!(ask.query.iter().all(|(name, _)| known.contains(&name.as_str())), "{:?}", ask.query);
        let value = |name: &str| ask.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        let (from, until) = (value("created_at.gte").unwrap(), value("created_at.lt").unwrap());
        assert!(from.len() == 24 && until.len() == 24 && from.ends_with('Z'), "{from} {until}");
        let start: usize = value("cursor").map_or(0, |cursor| cursor.parse().unwrap());
        let within = |payment: &&Value| (from..until).contains(&payment["created_at"].as_str().unwrap());
        // Pages are small, so that there are several.
        let items: Vec<_> = self.payments.iter().filter(within).skip(start).take(2).cloned().collect();
        let next = (start + 2 < self.payments.len()).then(|| (start + 2).to_string());
        let mut page = json!({ "type": "list", "items": items });
        if let Some(next) = next {
            page["next_cursor"] = next.into();
        }
        (200, page)
    }
}

impl Shop for YookassaShop {
    fn answer(&mut self, ask: &Ask) -> Said {
        if ask.header("authorization") != BASIC {
            return error(401, "invalid_credentials", "Login has illegal format");
        }
        if ask.method == Method::POST {
            return self.post(ask);
        }
        let parts: Vec<&str> = ask.path.split('/').collect();
        let (objects, id) = match parts[..] {
            ["", "v3", "payments"] => return self.list(ask),
            ["", "v3", "payments", id] => (&self.payments, id),
            ["", "v3", "refunds"] => {
                let [(first, payment), (second, _)] = &ask.query[..] else { panic!("{:?}", ask.query) };
                assert_eq!((first.as_str(), second.as_str()), ("payment_id", "limit"));
                let items: Vec<_> = self.refunds.iter().filter(|refund| refund["payment_id"] == payment.as_str()).collect();
                return (200, json!({ "type": "list", "items": items }));
            }
            ["", "v3", "refunds", id] => (&self.refunds, id),
            _ => return error(404, "not_found", "no such address"),
        };
        objects.iter().find(|object| object["id"] == id).map_or_else(|| error(404, "not_found", "no such object"), |object| (200, object.clone()))
    }
}
