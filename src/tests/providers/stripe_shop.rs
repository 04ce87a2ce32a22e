//! A strict Stripe: refuses parameters that are not its own, and compares those of repeated keys.

use super::fake::{Ask, Said, Shop};
use axum::http::Method;
use lectern::server::clock::Clock;
use serde_json::{Value, json};
use std::collections::BTreeMap;

const SESSION: &str = "cs_test_a1Fixture00000000000000000000000000000000000000000000000042";

#[derive(Default)]
pub struct StripeShop {
    pub sessions: Vec<Value>,
    pub intents: Vec<Value>,
    pub refunds: Vec<Value>,
    pub disputes: Vec<Value>,
    /// The time at Stripe; else it stands still.
    pub clock: Option<Clock>,
    keys: BTreeMap<String, (String, BTreeMap<String, String>, Said)>,
}

fn error(status: u16, kind: &str, code: &str, message: &str) -> Said {
    (status, json!({ "error": { "type": kind, "code": code, "message": message } }))
}

fn refused(message: &str) -> Said {
    error(400, "invalid_request_error", "parameter_unknown", message)
}

/// The parameters that are unknown or missing.
fn odd(form: &BTreeMap<String, String>, required: &[&str], optional: &[&str]) -> Vec<String> {
    let known = |name: &str| required.contains(&name) || optional.contains(&name);
    let unknown = form.keys().filter(|name| !known(name)).cloned();
    unknown.chain(required.iter().filter(|name| !form.contains_key(**name)).map(|name| format!("missing {name}"))).collect()
}

impl StripeShop {
    fn create(&mut self, form: &BTreeMap<String, String>) -> Said {
        let required = [
            "mode",
            "line_items[0][quantity]",
            "line_items[0][price_data][currency]",
            "line_items[0][price_data][unit_amount]",
            "line_items[0][price_data][product_data][name]",
            "success_url",
        ];
        let optional = [
            "cancel_url",
            "client_reference_id",
            "customer_email",
            "metadata[number]",
            "payment_intent_data[metadata][number]",
            "payment_intent_data[capture_method]",
            "locale",
        ];
        let odd = odd(form, &required, &optional);
        let (currency, amount) = (&form["line_items[0][price_data][currency]"], form["line_items[0][price_data][unit_amount]"].parse::<i64>());
        let (true, Ok(amount), true) = (odd.is_empty(), amount, currency.bytes().all(|byte| byte.is_ascii_lowercase())) else {
            return refused(&format!("{odd:?} {currency}"));
        };
        let id = format!("{SESSION}{}", self.sessions.len());
        let made = json!({
            "id": id, "object": "checkout.session", "amount_total": amount, "currency": currency, "created": self.moment(),
            "client_reference_id": form.get("client_reference_id"), "livemode": false, "metadata": { "number": form.get("metadata[number]") },
            "payment_intent": null, "payment_status": "unpaid", "status": "open", "url": format!("https://checkout.stripe.com/c/pay/{id}"),
            "number": form.get("payment_intent_data[metadata][number]"), "capture": form.get("payment_intent_data[capture_method]")
        });
        self.sessions.push(made.clone());
        (200, made)
    }

    /// The payer tries to pay on the last page; the payment intent then has this status.
    pub fn attempt(&mut self, status: &str) -> String {
        self.attempt_on(self.sessions.len() - 1, status)
    }

    /// Where the page for our number stands.
    pub fn of(&self, number: &str) -> Option<usize> {
        self.sessions.iter().rposition(|session| session["client_reference_id"] == number)
    }

    /// The payment intent of that page, if somebody tried to pay.
    pub fn intent_of(&mut self, session: usize) -> Option<&mut Value> {
        let id = self.sessions[session]["payment_intent"].clone();
        self.intents.iter_mut().find(|intent| intent["id"] == id)
    }

    fn moment(&self) -> i64 {
        self.clock.as_ref().map_or(1_795_168_951, |clock| clock.now().timestamp())
    }

    /// The payer tries to pay on a page; the payment intent then has this status.
    pub fn attempt_on(&mut self, session: usize, status: &str) -> String {
        let now = self.moment();
        let session = &mut self.sessions[session];
        let id = format!("pi_3Fixture{:016}", self.intents.len());
        let is_taken = status == "succeeded";
        let amount = session["amount_total"].clone();
        self.intents.push(json!({
            "id": id, "object": "payment_intent", "amount": amount, "amount_received": if is_taken { amount.clone() } else { 0.into() },
            "currency": session["currency"], "status": status, "livemode": false, "metadata": { "number": session["number"] },
            "created": now, "cancellation_reason": null,
            "last_payment_error": if status == "requires_payment_method" { json!({ "code": "card_declined", "decline_code": "insufficient_funds" }) } else { Value::Null },
            "latest_charge": if is_taken { charge(&amount) } else { Value::Null }
        }));
        session["payment_intent"] = id.clone().into();
        if status != "requires_payment_method" {
            session["status"] = "complete".into();
            session["url"] = Value::Null;
        }
        if is_taken {
            session["payment_status"] = "paid".into();
        }
        id
    }

    fn act(&mut self, id: &str, action: &str, form: &BTreeMap<String, String>) -> Said {
        let allowed: &[&str] = if action == "capture" { &["amount_to_capture"] } else { &[] };
        let Some(intent) = self.intents.iter_mut().find(|intent| intent["id"] == id) else { return refused("no such intent") };
        if intent["status"] != "requires_capture" || !odd(form, &[], allowed).is_empty() {
            return error(400, "invalid_request_error", "payment_intent_unexpected_state", "it is not held");
        }
        intent["status"] = if action == "capture" { "succeeded" } else { "canceled" }.into();
        if action == "capture" {
            let amount = intent["amount"].clone();
            intent["latest_charge"] = charge(&amount);
            intent["amount_received"] = amount;
        }
        (200, intent.clone())
    }

    /// Gives money back, asked by whomever.
    pub fn refund(&mut self, form: &BTreeMap<String, String>) -> Said {
        let odd = odd(form, &["payment_intent", "amount"], &["reason", "metadata[number]", "metadata[refund_number]"]);
        let amount: i64 = form["amount"].parse().unwrap();
        let Some(intent) = self.intents.iter_mut().find(|intent| intent["id"] == form["payment_intent"].as_str()) else {
            return refused("no such intent");
        };
        let back = intent["latest_charge"]["amount_refunded"].as_i64().unwrap_or_default() + amount;
        if !odd.is_empty() || intent["status"] != "succeeded" || back > intent["amount_received"].as_i64().unwrap() {
            return error(400, "invalid_request_error", "charge_already_refunded", &format!("{odd:?} or too much"));
        }
        intent["latest_charge"]["amount_refunded"] = back.into();
        let id = format!("re_3Fixture{:016}", self.refunds.len());
        let metadata: BTreeMap<&str, &String> = form.get("metadata[refund_number]").map(|number| ("refund_number", number)).into_iter().collect();
        let made = json!({
            "id": id, "object": "refund", "amount": amount, "currency": intent["currency"], "payment_intent": intent["id"],
            "status": "succeeded", "metadata": metadata
        });
        self.refunds.push(made.clone());
        (200, made)
    }

    fn post(&mut self, ask: &Ask) -> Said {
        assert_eq!(ask.header("content-type"), "application/x-www-form-urlencoded");
        let (key, form) = (ask.header("idempotency-key").to_owned(), ask.form());
        if let Some((path, first, answer)) = self.keys.get(&key) {
            let is_same = *path == ask.path && *first == form;
            return if is_same { answer.clone() } else { error(400, "idempotency_error", "", "another request had this key") };
        }
        let parts: Vec<&str> = ask.path.split('/').collect();
        let answer = match parts[..] {
            ["", "v1", "checkout", "sessions"] => self.create(&form),
            ["", "v1", "checkout", "sessions", id, "expire"] => match self.sessions.iter_mut().find(|session| session["id"] == id) {
                Some(session) if session["status"] == "open" => {
                    session["status"] = "expired".into();
                    (200, session.clone())
                }
                _ => refused("it is not open"),
            },
            ["", "v1", "payment_intents", id, action @ ("capture" | "cancel")] => self.act(id, action, &form),
            ["", "v1", "refunds"] => self.refund(&form),
            _ => error(404, "invalid_request_error", "", "no such address"),
        };
        if answer.0 == 200 {
            assert!(!key.is_empty(), "no key");
            self.keys.insert(key, (ask.path.clone(), form, answer.clone()));
        }
        answer
    }

    fn list(&self, ask: &Ask) -> Said {
        let value = |name: &str| ask.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
        let known = ["limit", "created[gte]", "created[lt]", "starting_after"];
        assert!(ask.query.iter().all(|(name, _)| known.contains(&name.as_str())), "{:?}", ask.query);
        let moment = |name: &str| value(name).unwrap().parse::<i64>().unwrap();
        let within = moment("created[gte]")..moment("created[lt]");
        let start = value("starting_after").map_or(0, |id| self.sessions.iter().position(|session| session["id"] == id.as_str()).unwrap() + 1);
        let all: Vec<_> =
            self.sessions.iter().skip(start).filter(|session| within.contains(&session["created"].as_i64().unwrap())).cloned().collect();
        // Pages are small, so that there are several.
        (200, json!({ "object": "list", "data": all.iter().take(2).collect::<Vec<_>>(), "has_more": all.len() > 2 }))
    }
}

fn charge(amount: &Value) -> Value {
    json!({ "id": "ch_3Fixture0000000000000042", "object": "charge", "amount": amount, "amount_captured": amount, "amount_refunded": 0, "disputed": false })
}

impl Shop for StripeShop {
    fn answer(&mut self, ask: &Ask) -> Said {
        if ask.header("authorization") != "Bearer sk_test_fixture" {
            return error(401, "invalid_request_error", "", "Invalid API Key provided: sk_test_fixture");
        }
        assert_eq!(ask.header("stripe-version"), "2026-10-28.endive");
        if ask.method == Method::POST {
            return self.post(ask);
        }
        let parts: Vec<&str> = ask.path.split('/').collect();
        let (objects, id) = match parts[..] {
            ["", "v1", "checkout", "sessions"] => return self.list(ask),
            ["", "v1", "checkout", "sessions", id] => (&self.sessions, id),
            ["", "v1", "payment_intents", id] => {
                // A list with places or without: Stripe's own client writes them.
                let [(name, what)] = &ask.query[..] else { panic!("{:?}", ask.query) };
                assert!(["expand[]", "expand[0]"].contains(&name.as_str()) && what == "latest_charge", "{name} {what}");
                (&self.intents, id)
            }
            ["", "v1", "refunds"] => {
                let [(first, intent), (second, _)] = &ask.query[..] else { panic!("{:?}", ask.query) };
                assert_eq!((first.as_str(), second.as_str()), ("payment_intent", "limit"));
                let found: Vec<_> = self.refunds.iter().filter(|refund| refund["payment_intent"] == intent.as_str()).collect();
                return (200, json!({ "object": "list", "data": found, "has_more": false }));
            }
            ["", "v1", "refunds", id] => (&self.refunds, id),
            ["", "v1", "disputes"] => return (200, json!({ "object": "list", "data": self.disputes, "has_more": false })),
            _ => return error(404, "invalid_request_error", "", "no such address"),
        };
        let found = objects.iter().find(|object| object["id"] == id);
        found.map_or_else(|| error(404, "invalid_request_error", "resource_missing", "no such object"), |object| (200, object.clone()))
    }
}
