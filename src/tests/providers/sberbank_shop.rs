//! A strict Sberbank, both gateways: refuses fields that are not in its papers.

use super::fake::{Ask, Said, Shop, oddities};
use lectern::server::clock::Clock;
use serde_json::{Map, Value, json};

pub struct Order {
    pub id: String,
    pub number: String,
    pub amount: i64,
    pub status: i64,
    pub refunds: Vec<(String, i64)>,
    pub is_held: bool,
    pub is_disputed: bool,
    /// Why it was declined, if there is a code for it.
    pub action: i64,
    pub made_at: i64,
    /// What the bank says was ordered, in which currency.
    pub currency: &'static str,
}

pub struct SberbankShop {
    pub is_old: bool,
    /// Whether the deposited amount shrinks by what goes back.
    pub shrinks: bool,
    pub orders: Vec<Order>,
    /// The time at the bank; else it stands still.
    pub clock: Option<Clock>,
}

impl Order {
    /// The payer pays.
    pub const fn pay(&mut self) {
        self.status = if self.is_held { 1 } else { 2 };
        self.action = 0;
    }
}

impl SberbankShop {
    pub fn new(is_old: bool) -> Self {
        Self { is_old, shrinks: false, orders: Vec::new(), clock: None }
    }

    /// The payer pays the last order.
    pub fn pay(&mut self) {
        self.orders.last_mut().unwrap().pay();
    }

    /// The order with our number.
    pub fn of(&mut self, number: &str) -> Option<&mut Order> {
        self.orders.iter_mut().rev().find(|order| order.number == number)
    }

    /// The fields of a request; those of the old gateway have JSON inside a form.
    fn fields(&self, ask: &Ask) -> Value {
        if !self.is_old {
            assert_eq!(ask.header("content-type"), "application/json");
            return ask.json();
        }
        assert_eq!(ask.header("content-type"), "application/x-www-form-urlencoded");
        let read = |(name, text): (String, String)| {
            let value = match name.as_str() {
                "amount" | "taxSystem" => text.parse::<i64>().map_or(Value::Null, Value::from),
                "jsonParams" | "orderBundle" => serde_json::from_str(&text).unwrap_or_default(),
                _ => Value::String(text),
            };
            (name, value)
        };
        Value::Object(ask.form().into_iter().map(read).collect())
    }

    fn error(&self, code: i64, message: &str) -> Value {
        if self.is_old {
            json!({ "errorCode": code, "errorMessage": message })
        } else {
            json!({ "errorCode": code.to_string(), "errorMessage": message })
        }
    }

    fn fine(&self) -> Value {
        // The old gateway may say nothing at all.
        if self.is_old { json!({}) } else { json!({ "errorCode": "0", "errorMessage": "Успешно" }) }
    }

    fn register(&mut self, fields: &Value, is_held: bool) -> Result<Value, Value> {
        let required = ["userName", "password", "orderNumber", "amount", "currency", "returnUrl", "failUrl"];
        let optional = ["description", "language", "email", "phone", "orderBundle", "taxSystem", "jsonParams", "sessionTimeoutSecs"];
        let mut odd = oddities(fields, &required, &optional);
        let number = fields["orderNumber"].as_str().unwrap_or_default().to_owned();
        let amount = fields["amount"].as_i64().unwrap_or_default();
        if number.is_empty() || number.len() > 36 || fields["description"].as_str().unwrap_or_default().chars().count() >= 99 {
            odd.push("the number or the description is too long".to_owned());
        }
        if let Some(bundle) = fields.get("orderBundle") {
            odd.extend(self.bundle(bundle, amount));
        }
        if !odd.is_empty() {
            return Err(self.error(4, &format!("{odd:?}")));
        }
        if fields["currency"] != "643" {
            return Err(self.error(3, "Неизвестная валюта"));
        }
        if self.orders.iter().any(|order| order.number == number) {
            return Err(self.error(1, "Заказ с таким номером уже обработан"));
        }
        // A school that changes its gateway never gets an id twice.
        let id = format!("7a1c0d52-9b3e-7f40-8c1{}-{:012}", if self.is_old { 1 } else { 2 }, self.orders.len());
        let page = format!("https://ecomtest.sberbank.ru/pp/pay_ru?orderId={id}");
        let made_at = self.clock.as_ref().map_or(1_795_168_800_412, |clock| clock.now().timestamp_millis());
        let order = Order {
            id: id.clone(),
            number,
            amount,
            status: 0,
            refunds: Vec::new(),
            is_held,
            is_disputed: false,
            action: 0,
            made_at,
            currency: "643",
        };
        self.orders.push(order);
        let mut answer = self.fine();
        answer["orderId"] = id.into();
        answer["formUrl"] = page.into();
        Ok(answer)
    }

    fn bundle(&self, bundle: &Value, amount: i64) -> Vec<String> {
        let mut odd = if self.is_old {
            oddities(bundle, &["customerDetails", "cartItems"], &["orderCreationDate"])
        } else {
            let odd = oddities(bundle, &["ffdVersion", "receiptType", "payments", "total", "cartItems"], &["company", "customerDetails"]);
            assert!(matches!(bundle["receiptType"].as_str(), Some("SELL" | "SELL_REFUND")), "{bundle}");
            odd
        };
        let base = ["positionId", "itemCode", "name", "quantity", "itemPrice", "itemAmount", "tax"];
        let own: &[&str] = if self.is_old { &["itemAttributes"] } else { &["paymentMethod", "paymentObject"] };
        let mut sum = 0;
        for item in bundle["cartItems"]["items"].as_array().into_iter().flatten() {
            odd.extend(oddities(item, &[&base[..], own].concat(), &[]));
            sum += item["itemAmount"].as_i64().unwrap_or_default();
        }
        if sum != amount {
            odd.push(format!("the lines come to {sum}"));
        }
        odd
    }

    fn position(&self, fields: &Value) -> Result<usize, Value> {
        let by = |order: &Order| fields["orderId"] == order.id.as_str() || fields["orderNumber"] == order.number.as_str();
        self.orders.iter().position(by).ok_or_else(|| self.error(6, "Неверный номер заказа"))
    }

    fn status(&self, fields: &Value) -> Result<Value, Value> {
        let order = &self.orders[self.position(fields)?];
        let back: i64 = order.refunds.iter().map(|(_, amount)| amount).sum();
        let taken = if matches!(order.status, 2 | 4) { order.amount } else { 0 };
        let mut answer = self.fine();
        let own = json!({
            "orderNumber": order.number, "orderStatus": order.status, "actionCode": if order.status == 0 { -100 } else { order.action },
            "amount": order.amount, "currency": order.currency, "date": order.made_at,
            "attributes": [{ "name": "mdOrder", "value": order.id }], "cardAuthInfo": { "chargeback": order.is_disputed },
            "paymentAmountInfo": { "depositedAmount": if self.shrinks { taken - back } else { taken }, "refundedAmount": back }
        });
        answer.as_object_mut().unwrap().extend(own.as_object().unwrap().clone());
        Ok(answer)
    }

    fn act(&mut self, operation: &str, fields: &Value) -> Result<Value, Value> {
        let position = self.position(fields)?;
        let (status, amount) = (self.orders[position].status, self.orders[position].amount);
        let next = match (operation, status) {
            ("deposit", 1) if fields["amount"] == amount => 2,
            ("reverse", 1) => 3,
            ("decline", 0) => 6,
            _ => return Err(self.error(5, "Неверное состояние")),
        };
        self.orders[position].status = next;
        Ok(self.fine())
    }

    fn refund(&mut self, fields: &Value) -> Result<Value, Value> {
        let odd = oddities(fields, &["userName", "password", "orderId", "amount", "jsonParams"], &["orderBundle"]);
        let odd = [odd, oddities(&fields["jsonParams"], &["externalRefundId"], &[])].concat();
        let (own, amount) = (fields["jsonParams"]["externalRefundId"].as_str().unwrap_or_default(), fields["amount"].as_i64().unwrap_or_default());
        if !odd.is_empty() || own.is_empty() || own.len() > 36 {
            return Err(self.error(4, &format!("{odd:?}")));
        }
        let position = self.position(fields)?;
        let order = &self.orders[position];
        if let Some((_, known)) = order.refunds.iter().find(|(id, _)| id == own) {
            return if *known == amount { Ok(self.fine()) } else { Err(self.error(5, "Другая сумма")) };
        }
        let back: i64 = order.refunds.iter().map(|(_, amount)| amount).sum();
        if !matches!(order.status, 2 | 4) || back + amount > order.amount {
            return Err(self.error(5, "Сумма превышает"));
        }
        self.orders[position].refunds.push((own.to_owned(), amount));
        self.orders[position].status = 4;
        Ok(self.fine())
    }
}

impl Shop for SberbankShop {
    fn answer(&mut self, ask: &Ask) -> Said {
        let fields = self.fields(ask);
        let mut own: Map<String, Value> = fields.as_object().cloned().unwrap_or_default();
        if own.remove("userName") != Some("school-api".into()) || own.remove("password") != Some("fixture-password".into()) {
            return (200, self.error(2, "fixture-password is wrong"));
        }
        let is_one_name = || own.len() == 1;
        let answer = match ask.path.trim_start_matches("/rest/") {
            "register.do" => self.register(&fields, false),
            "registerPreAuth.do" => self.register(&fields, true),
            "getOrderStatusExtended.do" if is_one_name() => self.status(&fields),
            "deposit.do" => self.act("deposit", &fields),
            "reverse.do" if is_one_name() => self.act("reverse", &fields),
            "decline.do" if is_one_name() => self.act("decline", &fields),
            "refund.do" => self.refund(&fields),
            _ => return (404, Value::Null),
        };
        (200, answer.unwrap_or_else(|error| error))
    }
}
