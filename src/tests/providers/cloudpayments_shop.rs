//! A strict CloudPayments: refuses fields that are not in its papers, and remembers request ids.

use super::fake::{Ask, Said, Shop, oddities};
use lectern::server::clock::Clock;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// `test_api_fixture:fixture-api-secret`.
const BASIC: &str = "Basic dGVzdF9hcGlfZml4dHVyZTpmaXh0dXJlLWFwaS1zZWNyZXQ=";

#[derive(Default)]
pub struct CloudpaymentsShop {
    pub orders: Vec<Value>,
    /// The last is the newest.
    pub transactions: Vec<Value>,
    /// What payers' banks took back, or returned.
    pub chargebacks: Vec<Value>,
    /// The time at the shop; else it stands still.
    pub clock: Option<Clock>,
    ids: BTreeMap<String, (String, String, Value)>,
}

fn good(model: Value) -> Value {
    json!({ "Model": model, "Success": true, "Message": null })
}

fn bad(message: &str) -> Value {
    json!({ "Success": false, "Message": message })
}

/// The amount as it is written: digits with exactly two decimals, and no text.
fn written(body: &str, minor: i64) -> bool {
    body.contains(&format!(r#""Amount":{}.{:02}"#, minor / 100, minor % 100))
}

/// Minor units of an amount.
pub fn minor(amount: &Value) -> i64 {
    let text = amount.to_string();
    let (whole, part) = text.split_once('.').unwrap_or((&text, "0"));
    whole.parse::<i64>().unwrap() * 100 + format!("{part:0<2}").parse::<i64>().unwrap()
}

impl CloudpaymentsShop {
    /// A try of the payer on the last order comes to this.
    pub fn attempt(&mut self, status: &str) -> u64 {
        let order = self.orders.last().unwrap().clone();
        self.attempt_on(&order, status)
    }

    /// The order with our number.
    pub fn of(&self, number: &str) -> Option<Value> {
        self.orders.iter().rev().find(|order| order["InvoiceId"] == number).cloned()
    }

    fn moment(&self) -> String {
        let now = self.clock.as_ref().map(|clock| clock.now().format("%Y-%m-%dT%H:%M:%S").to_string());
        now.unwrap_or_else(|| "2026-11-20T10:01:58".to_owned())
    }

    /// A try of the payer on an order comes to this.
    pub fn attempt_on(&mut self, order: &Value, status: &str) -> u64 {
        let id = 897_000_042 + self.transactions.len() as u64;
        self.transactions.push(json!({
            "TransactionId": id, "PublicId": "test_api_fixture", "Amount": order["Amount"], "Currency": order["Currency"],
            "InvoiceId": order["InvoiceId"], "AccountId": order["AccountId"], "JsonData": "", "CreatedDateIso": self.moment(),
            "TestMode": true, "OriginalTransactionId": null, "Status": status, "Refunded": false,
            "Reason": if status == "Declined" { "InsufficientFunds" } else { "Approved" }, "ReasonCode": if status == "Declined" { 5051 } else { 0 }
        }));
        id
    }

    /// The transaction of a number.
    pub fn find(&mut self, id: &Value) -> Option<&mut Value> {
        self.transactions.iter_mut().find(|transaction| transaction["TransactionId"] == *id)
    }

    fn order(&mut self, body: &Value, text: &str) -> Value {
        let required = ["Amount", "Description", "Currency", "RequireConfirmation", "InvoiceId"];
        let optional = ["Email", "SendEmail", "AccountId", "CultureName", "SuccessRedirectUrl", "FailRedirectUrl", "JsonData"];
        let mut odd = oddities(body, &required, &optional);
        if body["SendEmail"] == true || !body["Amount"].is_number() || !written(text, minor(&body["Amount"])) {
            odd.push("a letter, or an amount that is none".to_owned());
        }
        if let Some(receipt) = body["JsonData"]["cloudPayments"].get("CustomerReceipt") {
            odd.extend(oddities(receipt, &["Items"], &["taxationSystem", "email", "phone", "amounts"]));
            for item in receipt["Items"].as_array().into_iter().flatten() {
                odd.extend(oddities(item, &["label", "price", "quantity", "amount", "vat", "method", "object"], &["measurementUnit"]));
            }
        }
        if !odd.is_empty() {
            return bad(&format!("{odd:?}"));
        }
        let id = format!("hQ7fVtZkW2mXc9L{}", self.orders.len());
        let mut order = body.clone();
        order["Id"] = id.clone().into();
        order["Url"] = format!("https://orders.cloudpayments.ru/d/{id}").into();
        order["Status"] = "Created".into();
        self.orders.push(order.clone());
        good(order)
    }

    fn act(&mut self, path: &str, body: &Value, text: &str) -> Value {
        match path {
            "/orders/create" => self.order(body, text),
            "/orders/cancel" => match self.orders.iter_mut().find(|order| order["Id"] == body["Id"]) {
                Some(order) => {
                    order["Status"] = "Cancelled".into();
                    good(Value::Null)
                }
                None => bad("Not found"),
            },
            "/payments/confirm" | "/payments/void" => {
                let is_confirm = path.ends_with("confirm");
                let odd = oddities(body, if is_confirm { &["TransactionId", "Amount"] } else { &["TransactionId"] }, &[]);
                match self.find(&body["TransactionId"]) {
                    Some(found) if found["Status"] == "Authorized" && odd.is_empty() => {
                        found["Status"] = if is_confirm { "Completed" } else { "Cancelled" }.into();
                        good(Value::Null)
                    }
                    _ => bad(&format!("not held, or {odd:?}")),
                }
            }
            "/payments/refund" => self.refund(body, text),
            _ => bad("no such address"),
        }
    }

    /// Gives money back, asked by whomever.
    pub fn refund(&mut self, body: &Value, text: &str) -> Value {
        let moment = self.moment();
        let odd = oddities(body, &["TransactionId", "Amount"], &["JsonData"]);
        let wanted = minor(&body["Amount"]);
        let back: i64 = self
            .transactions
            .iter()
            .filter(|found| found["OriginalTransactionId"] == body["TransactionId"])
            .map(|found| minor(&found["Amount"]))
            .sum();
        let next = 897_000_042 + self.transactions.len() as u64;
        match self.find(&body["TransactionId"]) {
            Some(found) if found["Status"] == "Completed" && odd.is_empty() && written(text, wanted) && back + wanted <= minor(&found["Amount"]) => {
                let mut made = found.clone();
                made["TransactionId"] = next.into();
                made["OriginalTransactionId"] = body["TransactionId"].clone();
                made["Amount"] = body["Amount"].clone();
                made["JsonData"] = body["JsonData"].to_string().into();
                made["CreatedDateIso"] = moment.into();
                self.transactions.push(made);
                good(json!({ "TransactionId": next }))
            }
            _ => bad(&format!("not paid, too much, or {odd:?}")),
        }
    }
}

impl Shop for CloudpaymentsShop {
    fn answer(&mut self, ask: &Ask) -> Said {
        if ask.header("authorization") != BASIC || ask.method != "POST" {
            return (401, Value::Null);
        }
        let (body, text) = (ask.json(), String::from_utf8(ask.body.to_vec()).unwrap());
        let found = match ask.path.as_str() {
            "/payments/get" if oddities(&body, &["TransactionId"], &[]).is_empty() && body["TransactionId"].is_u64() => {
                self.find(&body["TransactionId"]).cloned()
            }
            "/v2/payments/find" if oddities(&body, &["InvoiceId"], &[]).is_empty() => {
                self.transactions.iter().rev().find(|found| found["InvoiceId"] == body["InvoiceId"]).cloned()
            }
            "/payments/list" => {
                assert_eq!(oddities(&body, &["Date", "TimeZone"], &[]), Vec::<String>::new());
                let of = |found: &&Value| found["CreatedDateIso"].as_str().unwrap().starts_with(body["Date"].as_str().unwrap());
                return (200, good(self.transactions.iter().filter(of).cloned().collect()));
            }
            "/chargebacks/list" => {
                assert_eq!(oddities(&body, &["PageNumber", "CreatedDateGte", "CreatedDateLte"], &[]), Vec::<String>::new());
                let page = usize::try_from(body["PageNumber"].as_u64().unwrap()).unwrap();
                assert!(page > 0, "pages are counted from one");
                // Pages are small, so that there are several.
                let found: Vec<_> = self.chargebacks.iter().skip((page - 1) * 2).take(2).cloned().collect();
                return (200, good(found.into()));
            }
            path => {
                let id = ask.header("x-request-id").to_owned();
                assert!(!id.is_empty(), "{path} without X-Request-ID");
                if let Some((known, first, answer)) = self.ids.get(&id) {
                    assert!(known == path && *first == text, "one id, two requests");
                    return (200, answer.clone());
                }
                let answer = self.act(path, &body, &text);
                self.ids.insert(id, (path.to_owned(), text, answer.clone()));
                return (200, answer);
            }
        };
        match found {
            Some(found) if found["Status"] == "Declined" => (200, json!({ "Model": found, "Success": false, "Message": null })),
            Some(found) => (200, good(found)),
            None => (200, bad("Not found")),
        }
    }
}
