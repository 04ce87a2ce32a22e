use super::*;
use crate::features::payments::server::providers::{Attempt, Payer, ReceiptLine};
use crate::server::config::payments::{SberbankCredentials, SellerSettings};
use proptest::prelude::*;
use std::time::Duration;

pub(super) fn settings(dialect: Dialect) -> SberbankSettings {
    SberbankSettings {
        credentials: SberbankCredentials::Password("school-api".to_owned(), "fixture-password".into()),
        dialect,
        api_url: "http://127.0.0.1:1".to_owned(),
        authorities: Vec::new(),
        callback_secrets: Vec::new(),
        callback_key: None,
        is_ffd_1_2: true,
        is_receipt_type_lower: false,
        seller: Some(SellerSettings {
            email: "office@school.example".to_owned(),
            inn: "7700000000".to_owned(),
            address: "https://school.example".to_owned(),
        }),
        timeout: Duration::from_secs(1),
    }
}

/// The specification's paid order, with changes.
fn order(changes: Value) -> OrderStatus {
    let mut order = json!({
        "errorCode": "0", "errorMessage": "Успешно", "orderNumber": "ORD-2026-000042-1", "orderStatus": 2, "actionCode": 0,
        "actionCodeDescription": "", "amount": 149_000, "currency": "643", "date": 1_795_168_800_412_i64,
        "attributes": [{ "name": "mdOrder", "value": "7a1c0d52-9b3e-7f40-8c11-5d2e00b6a9f1" }],
        "cardAuthInfo": { "maskedPan": "220220******2424", "cardholderName": "ANNA P", "chargeback": false },
        "paymentAmountInfo": { "paymentState": "DEPOSITED", "approvedAmount": 149_000, "depositedAmount": 149_000, "refundedAmount": 0 },
        "bankInfo": { "bankName": "Сбербанк" }
    });
    for (key, value) in changes.as_object().unwrap() {
        order[key] = value.clone();
    }
    serde_json::from_value(order).unwrap()
}

fn state(changes: Value) -> PaymentState {
    order(changes).seen(None).unwrap().state
}

#[test]
fn a_paid_order_is_what_it_says() {
    let seen = order(json!({})).seen(None).unwrap();
    assert_eq!(seen.provider_id.as_deref(), Some("7a1c0d52-9b3e-7f40-8c11-5d2e00b6a9f1"));
    assert_eq!((seen.state, seen.refunded_minor, seen.dispute, seen.reason), (PaymentState::Succeeded, Some(0), None, None));
    assert!(seen.amount.is(Money { minor: 149_000, currency: Currency::Rub }));
    let seen = order(json!({ "currency": "978", "cardAuthInfo": { "chargeback": true } })).seen(None).unwrap();
    assert_eq!((seen.amount.currency.as_str(), seen.dispute), ("EUR", Some(Dispute::Open)));
    assert_eq!(order(json!({ "currency": 398 })).seen(None).unwrap().amount.money(), None, "a currency we don't sell in");
    assert!(order(json!({ "amount": null })).seen(None).is_none());
    let less = json!({ "paymentAmountInfo": { "depositedAmount": 148_999, "refundedAmount": 0 } });
    assert_eq!(order(less).seen(None).unwrap().amount.minor, 148_999, "what was taken counts");
}

#[test]
fn states_follow_status_and_amounts() {
    let amounts = |deposited: i64, refunded: i64| json!({ "orderStatus": 4, "paymentAmountInfo": { "depositedAmount": deposited, "refundedAmount": refunded } });
    assert_eq!(state(json!({ "orderStatus": 0, "actionCode": -100 })), PaymentState::Pending);
    assert_eq!(state(json!({ "orderStatus": 5 })), PaymentState::Pending);
    assert_eq!(state(json!({ "orderStatus": 7 })), PaymentState::Pending);
    assert_eq!(state(json!({ "orderStatus": null })), PaymentState::Pending);
    assert_eq!(state(json!({ "orderStatus": 1 })), PaymentState::WaitingForCapture);
    assert_eq!(state(json!({ "orderStatus": 3 })), PaymentState::Canceled);
    assert_eq!(state(json!({ "orderStatus": 6, "actionCode": -2007 })), PaymentState::Canceled);
    assert_eq!(state(json!({ "orderStatus": 6, "actionCode": 116 })), PaymentState::Failed);
    assert_eq!(state(amounts(149_000, 49_000)), PaymentState::PartiallyRefunded, "4 is not all of it");
    assert_eq!(state(amounts(149_000, 149_000)), PaymentState::Refunded);
    assert_eq!(state(amounts(0, 149_000)), PaymentState::Refunded, "the deposited amount may shrink");
    assert_eq!(state(amounts(49_000, 100_000)), PaymentState::PartiallyRefunded, "and some be left");
    assert_eq!(state(json!({ "orderStatus": 4, "paymentAmountInfo": null })), PaymentState::PartiallyRefunded, "not told: some is left");
    let late = json!({ "orderStatus": 2, "paymentAmountInfo": { "depositedAmount": 149_000, "refundedAmount": 49_000 } });
    assert_eq!(state(late), PaymentState::PartiallyRefunded);
}

proptest! {
    /// However the bank counts what is deposited, a part that went back is never taken for the whole.
    #[test]
    fn a_part_is_never_the_whole(ordered in 2..10_000_000_i64, part in 1..10_000_000_i64, shrinks: bool) {
        let refunded = part % ordered;
        let deposited = if shrinks { ordered - refunded } else { ordered };
        prop_assert!(!is_whole(ordered, Some(deposited), Some(refunded)));
        let left = if shrinks { 0 } else { ordered };
        prop_assert!(is_whole(ordered, Some(left), Some(ordered)));
    }
}

#[test]
fn codes_are_text_number_or_absent() {
    for (json, code) in
        [("{}", "0"), (r#"{"errorCode":"0"}"#, "0"), (r#"{"errorCode":0}"#, "0"), (r#"{"errorCode":"6"}"#, "6"), (r#"{"errorCode":7}"#, "7")]
    {
        assert_eq!(serde_json::from_str::<Outcome>(json).unwrap().code(), code, "{json}");
    }
}

#[test]
fn a_registration_has_the_specified_fields() {
    let now: DateTime<chrono::Utc> = "2026-11-20T10:00:00Z".parse().unwrap();
    let payment = NewPayment {
        attempt: Attempt { key: "k".to_owned(), first_sent: now, now },
        number: "ORD-2026-000042-1".to_owned(),
        amount: Money { minor: 149_000, currency: Currency::Rub },
        description: "я".repeat(200),
        return_url: "https://school.example/orders/1".to_owned(),
        fail_url: "https://school.example/orders/2".to_owned(),
        is_two_stage: false,
        payer: Payer { id: "user-18".to_owned(), email: Some("anna@example.org".to_owned()), phone: None },
        locale: Locale::Ru,
        receipt: Some(Receipt {
            email: Some("anna@example.org".to_owned()),
            phone: None,
            tax_system: Some(TaxSystem::SimplifiedIncome),
            lines: vec![ReceiptLine { name: "Доступ".to_owned(), quantity: 1, price_minor: 149_000, vat: Vat::None }],
        }),
    };
    let item = json!({
        "positionId": "1", "itemCode": "line-1", "name": "Доступ", "quantity": { "value": 1, "measure": "0" }, "itemPrice": 149_000,
        "itemAmount": 149_000, "paymentMethod": "full_payment", "paymentObject": "4", "tax": { "taxType": 0 }
    });
    let expected = json!({
        "orderNumber": "ORD-2026-000042-1", "amount": 149_000, "currency": "643", "returnUrl": "https://school.example/orders/1",
        "failUrl": "https://school.example/orders/2", "description": "я".repeat(98), "language": "ru", "email": "anna@example.org",
        "orderBundle": {
            "ffdVersion": "1.2", "receiptType": "SELL", "payments": [{ "type": 1, "sum": 149_000 }], "total": 149_000,
            "company": { "email": "office@school.example", "sno": "usn_income", "inn": "7700000000", "paymentAddress": "https://school.example" },
            "cartItems": { "items": [item] }
        }
    });
    assert_eq!(Value::Object(registration(&payment, &settings(Dialect::Ecommerce))), expected);
    let old = registration(&payment, &settings(Dialect::Rbs));
    assert_eq!(old["taxSystem"], 1);
    assert_eq!(old["orderBundle"]["customerDetails"], json!({ "email": "anna@example.org" }));
    assert_eq!(old["orderBundle"]["cartItems"]["items"][0]["itemAttributes"]["attributes"][0], json!({ "name": "paymentMethod", "value": "4" }));
}
