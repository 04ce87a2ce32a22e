use super::*;
use crate::features::payments::server::providers::{Attempt, Payer, Receipt, ReceiptLine, TaxSystem, Vat};
use crate::shared::money::Currency;
use chrono::DateTime;
use serde_json::{Value, json};
use std::time::Duration;

fn settings() -> YookassaSettings {
    YookassaSettings {
        shop_id: "100500".to_owned(),
        secret_key: "test_fixture_secret".into(),
        api_url: "http://127.0.0.1:1".to_owned(),
        networks: Vec::new(),
        is_live: false,
        timeout: Duration::from_secs(1),
    }
}

fn seen(payment: &Value) -> PaymentSeen {
    serde_json::from_str::<Payment>(&payment.to_string()).unwrap().seen(&settings())
}

/// The specification's paid payment, with changes.
fn paid(changes: Value) -> Value {
    let mut payment = json!({
        "id": "30b1a2c3-000f-5000-8000-1d2e3f405162", "status": "succeeded", "paid": true,
        "amount": { "value": "1490.00", "currency": "RUB" },
        "income_amount": { "value": "1437.85", "currency": "RUB" },
        "refunded_amount": { "value": "0.00", "currency": "RUB" },
        "created_at": "2026-11-20T10:00:00.412Z", "captured_at": "2026-11-20T10:02:31.007Z",
        "description": "Курс «Введение в Rust»",
        "metadata": { "number": "ORD-2026-000042", "cms_name": "yookassa_sdk_python" },
        "authorization_details": { "rrn": "603117042211", "auth_code": "118209", "three_d_secure": { "applied": true } },
        "recipient": { "account_id": "100500", "gateway_id": "2100500" },
        "refundable": true, "receipt_registration": "succeeded", "test": true
    });
    for (key, value) in changes.as_object().unwrap() {
        payment[key] = value.clone();
    }
    payment
}

#[test]
fn a_paid_payment_is_what_it_says() {
    let seen = seen(&paid(json!({})));
    assert_eq!(seen.provider_id.as_deref(), Some("30b1a2c3-000f-5000-8000-1d2e3f405162"));
    assert_eq!(seen.number.as_deref(), Some("ORD-2026-000042"));
    assert_eq!((seen.state, seen.refunded_minor, seen.strangeness), (PaymentState::Succeeded, Some(0), None));
    assert!(seen.amount.is(Money { minor: 149_000, currency: Currency::Rub }));
    assert!(!seen.amount.is(Money { minor: 149_000, currency: Currency::Eur }) && !seen.amount.is(Money { minor: 149_001, currency: Currency::Rub }));
    assert_eq!(seen.receipt, Some(ReceiptState::Done));
    assert_eq!(seen.created_at, Some("2026-11-20T10:00:00.412Z".parse::<DateTime<Utc>>().unwrap()));
}

#[test]
fn states_follow_status_refunds_and_reasons() {
    let cancelled = |reason: &str| json!({ "status": "canceled", "cancellation_details": { "party": "payment_network", "reason": reason } });
    let refunded = |value: &str| json!({ "refunded_amount": { "value": value, "currency": "RUB" } });
    for (changes, state) in [
        (json!({ "status": "pending" }), PaymentState::Pending),
        (json!({ "status": "thinking" }), PaymentState::Pending),
        (json!({ "status": "waiting_for_capture" }), PaymentState::WaitingForCapture),
        (refunded("490.00"), PaymentState::PartiallyRefunded),
        (refunded("1490.00"), PaymentState::Refunded),
        (json!({ "refunded_amount": null }), PaymentState::Succeeded),
        (cancelled("expired_on_confirmation"), PaymentState::Canceled),
        (cancelled("canceled_by_merchant"), PaymentState::Canceled),
        (cancelled("insufficient_funds"), PaymentState::Failed),
        (cancelled("a_reason_of_next_year"), PaymentState::Failed),
        (json!({ "status": "canceled" }), PaymentState::Canceled),
    ] {
        assert_eq!(seen(&paid(changes.clone())).state, state, "{changes}");
    }
    assert_eq!(seen(&paid(cancelled("insufficient_funds"))).reason.as_deref(), Some("insufficient_funds"));
}

#[test]
fn test_money_and_other_shops_are_strange() {
    assert_eq!(seen(&paid(json!({ "test": false }))).strangeness, Some(Strangeness::OtherMode));
    let other = json!({ "recipient": { "account_id": "100501", "gateway_id": "1" } });
    assert_eq!(seen(&paid(other)).strangeness, Some(Strangeness::OtherAddressee));
}

#[test]
fn amounts_are_texts_with_two_decimals() {
    for amount in [json!(1490.0), json!("1490.001"), json!("-1.00"), json!(""), json!(null)] {
        let text = paid(json!({ "amount": { "value": amount, "currency": "RUB" } })).to_string();
        assert!(serde_json::from_str::<Payment>(&text).is_err(), "{amount}");
    }
}

#[test]
fn what_is_sent_has_the_specified_form() {
    let now: DateTime<Utc> = "2026-11-20T10:00:00Z".parse().unwrap();
    let payment = NewPayment {
        attempt: Attempt { key: "k".to_owned(), first_sent: now, now },
        number: "ORD-2026-000042-1".to_owned(),
        amount: Money { minor: 149_000, currency: Currency::Rub },
        description: "я".repeat(200),
        return_url: "https://school.example/orders/1".to_owned(),
        fail_url: "https://school.example/orders/1".to_owned(),
        is_two_stage: false,
        payer: Payer { id: "user-18".to_owned(), email: None, phone: None },
        locale: Locale::Ru,
        receipt: Some(Receipt {
            email: Some("anna@example.org".to_owned()),
            phone: Some("+79991234567".to_owned()),
            tax_system: Some(TaxSystem::SimplifiedIncome),
            lines: vec![ReceiptLine { name: "Доступ".to_owned(), quantity: 2, price_minor: 74_500, vat: Vat::Rate22 }],
        }),
    };
    let sent: Value = serde_json::to_value(CreatePayment::from(&payment)).unwrap();
    assert_eq!(
        sent,
        json!({
            "amount": { "value": "1490.00", "currency": "RUB" }, "capture": true,
            "confirmation": { "type": "redirect", "return_url": "https://school.example/orders/1", "locale": "ru_RU" },
            "description": "я".repeat(128), "metadata": { "number": "ORD-2026-000042-1" }, "merchant_customer_id": "user-18",
            "receipt": {
                "customer": { "email": "anna@example.org", "phone": "79991234567" },
                "items": [{
                    "description": "Доступ", "quantity": 2, "amount": { "value": "745.00", "currency": "RUB" }, "vat_code": 11,
                    "payment_mode": "full_payment", "payment_subject": "service", "measure": "piece"
                }],
                "tax_system_code": 2, "internet": true
            }
        })
    );
}

#[test]
fn notifications_name_what_to_ask_for() {
    let about = |json: Value| serde_json::from_value::<Notification>(json).unwrap().about();
    let payment = json!({ "type": "notification", "event": "payment.succeeded", "object": paid(json!({})) });
    let found = about(payment).unwrap();
    assert_eq!((found.provider_id.as_deref(), found.number.as_deref()), (Some("30b1a2c3-000f-5000-8000-1d2e3f405162"), Some("ORD-2026-000042")));
    let refund = json!({ "type": "notification", "event": "refund.succeeded", "object": {
        "id": "30b1d4e5-0015-5000-9000-1a0b2c3d4e5f", "payment_id": "30b1a2c3-000f-5000-8000-1d2e3f405162", "status": "succeeded",
        "amount": { "value": "490.00", "currency": "RUB" }, "created_at": "2026-11-21T08:15:00.101Z"
    }});
    let found = about(refund).unwrap();
    assert_eq!(found.refund_id.as_deref(), Some("30b1d4e5-0015-5000-9000-1a0b2c3d4e5f"));
    assert_eq!(found.provider_id.as_deref(), Some("30b1a2c3-000f-5000-8000-1d2e3f405162"));
    for (event, id) in [("payout.succeeded", "po-1"), ("payment.succeeded", "../refunds/1"), ("payment.succeeded", ""), ("refund.succeeded", "r-1")] {
        assert_eq!(about(json!({ "type": "notification", "event": event, "object": { "id": id } })), None, "{event} {id}");
    }
}
