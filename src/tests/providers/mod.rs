//! The payment providers' adapters, each against a strict server that plays the provider, and their callbacks.

mod cloudpayments;
mod cloudpayments_shop;
pub mod fake;
pub mod market;
pub mod news;
mod payers;
mod sberbank;
mod sberbank_shop;
mod stripe;
mod stripe_shop;
mod yookassa;
mod yookassa_shop;

use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};
use chrono::{DateTime, TimeDelta, Utc};
use lectern::features::payments::server::providers::{
    Attempt, Callback, Delivery, NewPayment, NewRefund, Payer, PaymentRef, Provider, ProviderError, Receipt, ReceiptLine, Refused, TaxSystem, Vat,
};
use lectern::shared::i18n::Locale;
use lectern::shared::money::{Currency, Money};
use std::net::IpAddr;
use std::time::Duration;

/// So long a call may take in tests.
const PATIENCE: Duration = Duration::from_millis(1_500);
const NUMBER: &str = "0199a7c2-1111-7000-8000-000000000042";
const REFUND: &str = "0199a7c2-2222-7000-8000-000000000077";

/// The moment of all tests: Stripe's fixtures are signed then.
fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_168_951, 0).unwrap()
}

fn attempt(key: &str) -> Attempt {
    Attempt { key: key.to_owned(), first_sent: now(), now: now() }
}

fn late(key: &str, by: TimeDelta) -> Attempt {
    Attempt { now: now() + by, ..attempt(key) }
}

fn roubles(minor: i64) -> Money {
    Money { minor, currency: Currency::Rub }
}

fn receipt(minor: i64) -> Receipt {
    Receipt {
        email: Some("anna@example.org".to_owned()),
        phone: Some("+79991234567".to_owned()),
        tax_system: Some(TaxSystem::SimplifiedIncome),
        lines: vec![ReceiptLine {
            name: "Доступ к онлайн-курсу «Введение в Rust»".to_owned(), quantity: 1, price_minor: minor, vat: Vat::None
        }],
    }
}

fn payment(amount: Money) -> NewPayment {
    NewPayment {
        attempt: attempt("key-1"),
        number: NUMBER.to_owned(),
        amount,
        description: "Курс «Введение в Rust»".to_owned(),
        return_url: "https://school.example/orders/42".to_owned(),
        fail_url: "https://school.example/orders/42?failed".to_owned(),
        is_two_stage: false,
        payer: Payer { id: "user-18".to_owned(), email: Some("anna@example.org".to_owned()), phone: None },
        locale: Locale::Ru,
        receipt: None,
    }
}

fn reference(amount: Money, provider_id: Option<&str>) -> PaymentRef {
    PaymentRef { number: NUMBER.to_owned(), provider_id: provider_id.map(str::to_owned), operation_id: None, amount, created_at: now() }
}

fn refund(key: &str, payment: PaymentRef, minor: i64) -> NewRefund {
    NewRefund {
        attempt: attempt(key),
        number: REFUND.to_owned(),
        amount: Money { minor, ..payment.amount },
        went_back_minor: 0,
        is_whole: minor == payment.amount.minor,
        payment,
        description: "Возврат".to_owned(),
        receipt: None,
    }
}

/// The outcome is unknown, and nobody is told a secret.
fn is_again<T: std::fmt::Debug>(outcome: Result<T, ProviderError>) -> bool {
    matches!(outcome, Err(error @ ProviderError::Again { .. }) if !error.to_string().contains("fixture"))
}

fn final_code<T: std::fmt::Debug>(outcome: Result<T, ProviderError>) -> String {
    match outcome {
        Err(ProviderError::Final { code, reason }) if !reason.contains("fixture") => code,
        other => panic!("{other:?}"),
    }
}

/// What came to the provider's address.
struct Post<'a> {
    method: Method,
    kind: Option<&'a str>,
    query: &'a str,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
    peer: &'a str,
    now: DateTime<Utc>,
}

impl Default for Post<'_> {
    fn default() -> Self {
        Self { method: Method::POST, kind: None, query: "", headers: Vec::new(), body: Vec::new(), peer: "203.0.113.9", now: now() }
    }
}

impl Post<'_> {
    fn to(&self, provider: &dyn Provider) -> Result<Callback, Refused> {
        let mut headers = HeaderMap::new();
        for (name, value) in &self.headers {
            headers.append(HeaderName::from_static(name), HeaderValue::from_str(value).unwrap());
        }
        let peer: IpAddr = self.peer.parse().unwrap();
        provider.callback(&Delivery {
            method: &self.method,
            kind: self.kind,
            query: self.query,
            headers: &headers,
            body: &self.body,
            peer,
            now: self.now,
        })
    }

    /// The status of the refusal.
    fn refused(&self, provider: &dyn Provider) -> u16 {
        self.to(provider).expect_err("it must not be taken").reply.status.as_u16()
    }
}
