//! Sberbank's fields and answers, in both dialects, and what they mean.

use crate::features::payments::server::providers::{Amount, Dispute, NewPayment, PaymentSeen, PaymentState, Receipt, TaxSystem, Vat};
use crate::server::config::payments::{Dialect, SberbankSettings};
use crate::shared::i18n::{Locale, fiscal as texts};
use crate::shared::money::{Currency, Money};
use chrono::DateTime;
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// Parameters of a call, in the words of the new gateway; the old one takes the same as a form.
pub(super) type Fields = Map<String, Value>;

/// Longer descriptions are cut by the bank's own forms.
const DESCRIPTION_MAX: usize = 98;
const NAME_MAX: usize = 128;

/// A code that is text with the new gateway; number, text or absent with the old one.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Code {
    Number(i64),
    Text(String),
}

/// The beginning of every answer.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Outcome {
    error_code: Option<Code>,
    pub error_message: Option<String>,
}

impl Outcome {
    /// The code; 0 is success.
    pub fn code(&self) -> String {
        match &self.error_code {
            None => "0".to_owned(),
            Some(Code::Number(code)) => code.to_string(),
            Some(Code::Text(code)) if code.trim().is_empty() => "0".to_owned(),
            Some(Code::Text(code)) => code.trim().to_owned(),
        }
    }
}

/// `register.do`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Registered {
    pub order_id: String,
    pub form_url: String,
}

/// `getOrderStatusExtended.do`. The bank's own files spell some fields in two ways; what is not needed is not read.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct OrderStatus {
    order_number: Option<String>,
    order_status: Option<i64>,
    action_code: Option<i64>,
    amount: Option<i64>,
    currency: Option<Code>,
    date: Option<i64>,
    #[serde(default)]
    attributes: Vec<Attribute>,
    payment_amount_info: Option<Amounts>,
    card_auth_info: Option<Card>,
}

#[derive(Debug, Deserialize)]
struct Attribute {
    name: String,
    value: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Amounts {
    deposited_amount: Option<i64>,
    refunded_amount: Option<i64>,
}

#[derive(Debug, Deserialize)]
struct Card {
    chargeback: Option<bool>,
}

impl OrderStatus {
    /// The bank's id of the order.
    pub fn order_id(&self) -> Option<&str> {
        self.attributes.iter().find(|attribute| attribute.name == "mdOrder").map(|attribute| attribute.value.as_str())
    }

    /// What it means to a shop. `asked` is the bank's id that was asked with.
    pub fn seen(self, asked: Option<&str>) -> Option<PaymentSeen> {
        let ordered = self.amount?;
        let (deposited, refunded) = self.payment_amount_info.as_ref().map_or((None, None), |info| (info.deposited_amount, info.refunded_amount));
        let action = self.action_code.unwrap_or_default();
        let state = match self.order_status {
            Some(1) => PaymentState::WaitingForCapture,
            Some(2) if refunded.unwrap_or_default() == 0 => PaymentState::Succeeded,
            Some(2 | 4) if is_whole(ordered, deposited, refunded) => PaymentState::Refunded,
            Some(2 | 4) => PaymentState::PartiallyRefunded,
            Some(3) => PaymentState::Canceled,
            Some(6) if action == EXPIRED => PaymentState::Canceled,
            Some(6) => PaymentState::Failed,
            _ => PaymentState::Pending,
        };
        // What was taken counts, once something was.
        let minor = if state == PaymentState::Succeeded { deposited.unwrap_or(ordered) } else { ordered };
        let currency = self.currency.as_ref().map_or_else(
            || "643".to_owned(),
            |code| match code {
                Code::Number(code) => format!("{code:03}"),
                Code::Text(code) => code.clone(),
            },
        );
        Some(PaymentSeen {
            provider_id: self.order_id().or(asked).map(str::to_owned),
            operation_id: None,
            number: self.order_number,
            state,
            amount: Amount { minor, currency: alphabetic(&currency) },
            refunded_minor: refunded.or_else(|| (self.order_status == Some(2)).then_some(0)),
            strangeness: None,
            dispute: self.card_auth_info.and_then(|card| card.chargeback).filter(|is| *is).map(|_| Dispute::Open),
            receipt: None,
            reason: (action != 0 && action != NO_ATTEMPT).then(|| action.to_string()),
            created_at: self.date.and_then(DateTime::from_timestamp_millis),
        })
    }
}

const EXPIRED: i64 = -2007;
const NO_ATTEMPT: i64 = -100;

/// Whether all went back. The deposited amount may stay as it was or shrink by what went back; where the two can't be told apart, some
/// is taken to be left: the platform then closes nothing by mistake.
fn is_whole(ordered: i64, deposited: Option<i64>, refunded: Option<i64>) -> bool {
    let (Some(deposited), Some(refunded)) = (deposited, refunded) else { return false };
    refunded >= ordered || (refunded > 0 && refunded >= deposited && refunded + deposited != ordered)
}

/// The numeric ISO code.
const fn numeric(currency: Currency) -> &'static str {
    match currency {
        Currency::Rub => "643",
        Currency::Eur => "978",
        Currency::Usd => "840",
    }
}

/// The alphabetic code of a numeric one; others stay as they are, and equal nothing.
fn alphabetic(code: &str) -> String {
    [Currency::Rub, Currency::Eur, Currency::Usd]
        .into_iter()
        .find(|currency| numeric(*currency) == code)
        .map_or_else(|| code.to_owned(), |currency| currency.code().to_owned())
}

/// `register.do` and `registerPreAuth.do`.
pub(super) fn registration(payment: &NewPayment, settings: &SberbankSettings) -> Fields {
    let mut fields = Fields::new();
    let mut put = |name: &str, value: Value| fields.insert(name.to_owned(), value);
    put("orderNumber", payment.number.clone().into());
    put("amount", payment.amount.minor.into());
    put("currency", numeric(payment.amount.currency).into());
    put("returnUrl", payment.return_url.clone().into());
    put("failUrl", payment.fail_url.clone().into());
    put("description", payment.description.chars().take(DESCRIPTION_MAX).collect::<String>().into());
    let language = match payment.locale {
        Locale::Ru => "ru",
        Locale::En => "en",
    };
    put("language", language.into());
    if let Some(receipt) = &payment.receipt {
        if let Some(email) = &receipt.email {
            put("email", email.clone().into());
        }
        if let Some(phone) = &receipt.phone {
            put("phone", phone.clone().into());
        }
        put("orderBundle", bundle(receipt, settings, payment.amount, "SELL"));
        if let (Dialect::Rbs, Some(system)) = (settings.dialect, receipt.tax_system) {
            put("taxSystem", tax_number(system).into());
        }
    } else if let Some(email) = &payment.payer.email {
        put("email", email.clone().into());
    }
    fields
}

/// The cart: of a sale, or of what is given back.
pub(super) fn bundle(receipt: &Receipt, settings: &SberbankSettings, of: Money, kind: &str) -> Value {
    match settings.dialect {
        Dialect::Ecommerce => new_bundle(receipt, settings, of, kind),
        Dialect::Rbs => old_bundle(receipt),
    }
}

fn new_bundle(receipt: &Receipt, settings: &SberbankSettings, of: Money, kind: &str) -> Value {
    let items = receipt.lines.iter().enumerate().map(|(index, line)| {
        let mut quantity = json!({ "value": line.quantity });
        quantity[if settings.is_ffd_1_2 { "measure" } else { "measurementUnit" }] =
            if settings.is_ffd_1_2 { "0" } else { texts::piece(Locale::Ru) }.into();
        json!({
            "positionId": (index + 1).to_string(),
            "itemCode": format!("line-{}", index + 1),
            "name": line.name.chars().take(NAME_MAX).collect::<String>(),
            "quantity": quantity,
            "itemPrice": line.price_minor,
            "itemAmount": line.total_minor(),
            "paymentMethod": "full_payment",
            "paymentObject": if settings.is_ffd_1_2 { "4" } else { "service" },
            "tax": { "taxType": tax_type(line.vat) },
        })
    });
    let mut bundle = json!({
        "ffdVersion": if settings.is_ffd_1_2 { "1.2" } else { "1.05" },
        "receiptType": if settings.is_receipt_type_lower { kind.to_lowercase() } else { kind.to_owned() },
        "payments": [{ "type": 1, "sum": of.minor }],
        "total": of.minor,
        "cartItems": { "items": items.collect::<Vec<_>>() },
    });
    if let Some(seller) = &settings.seller {
        bundle["company"] = json!({ "email": seller.email, "inn": seller.inn, "paymentAddress": seller.address });
        if let Some(system) = receipt.tax_system {
            bundle["company"]["sno"] = tax_word(system).into();
        }
    }
    bundle
}

fn old_bundle(receipt: &Receipt) -> Value {
    let items = receipt.lines.iter().enumerate().map(|(index, line)| {
        json!({
            "positionId": (index + 1).to_string(),
            "itemCode": format!("line-{}", index + 1),
            "name": line.name.chars().take(NAME_MAX).collect::<String>(),
            "quantity": { "value": line.quantity, "measure": texts::piece(Locale::Ru) },
            "itemPrice": line.price_minor,
            "itemAmount": line.total_minor(),
            "tax": { "taxType": tax_type(line.vat) },
            "itemAttributes": { "attributes": [{ "name": "paymentMethod", "value": "4" }, { "name": "paymentObject", "value": "4" }] },
        })
    });
    let mut customer = Map::new();
    for (name, value) in [("email", &receipt.email), ("phone", &receipt.phone)] {
        if let Some(value) = value {
            customer.insert(name.to_owned(), value.clone().into());
        }
    }
    json!({ "customerDetails": customer, "cartItems": { "items": items.collect::<Vec<_>>() } })
}

/// This bank's numbers; other banks on the same platform have others.
const fn tax_type(vat: Vat) -> u8 {
    match vat {
        Vat::None => 0,
        Vat::Rate0 => 1,
        Vat::Rate10 => 2,
        Vat::Part10 => 4,
        Vat::Rate20 => 6,
        Vat::Part20 => 7,
        Vat::Rate5 => 8,
        Vat::Part5 => 9,
        Vat::Rate7 => 10,
        Vat::Part7 => 11,
        Vat::Rate22 => 12,
        Vat::Part22 => 13,
    }
}

const fn tax_word(system: TaxSystem) -> &'static str {
    match system {
        TaxSystem::General => "osn",
        TaxSystem::SimplifiedIncome => "usn_income",
        TaxSystem::SimplifiedProfit => "usn_income_outcome",
        TaxSystem::Agricultural => "esn",
        TaxSystem::Patent => "patent",
    }
}

const fn tax_number(system: TaxSystem) -> u8 {
    match system {
        TaxSystem::General => 0,
        TaxSystem::SimplifiedIncome => 1,
        TaxSystem::SimplifiedProfit => 2,
        TaxSystem::Agricultural => 4,
        TaxSystem::Patent => 5,
    }
}

#[cfg(test)]
mod tests;
