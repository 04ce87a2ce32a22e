use super::*;
use crate::features::payments::server::providers::{Attempt, Payer, Receipt, ReceiptLine, TaxSystem, Vat};
use crate::shared::money::Currency;
use serde_json::{Value, json};
use std::time::Duration;

fn settings() -> CloudpaymentsSettings {
    CloudpaymentsSettings {
        public_id: "test_api_fixture".to_owned(),
        api_secret: "fixture-api-secret".into(),
        older_secrets: Vec::new(),
        api_url: "http://127.0.0.1:1".to_owned(),
        networks: Vec::new(),
        is_live: false,
        timeout: Duration::from_secs(1),
    }
}

/// The specification's transaction, with a status and with changes.
fn transaction(status: &str, changes: Value) -> Transaction {
    let mut told = json!({
        "ReasonCode": 0, "PublicId": "test_api_fixture", "TransactionId": 897_000_042, "Amount": 1490.0, "Currency": "RUB", "CurrencyCode": 0,
        "PaymentAmount": 1490.0, "PaymentCurrency": "RUB", "InvoiceId": "ORD-2026-000042", "AccountId": "user-18", "JsonData": "",
        "CreatedDateIso": "2026-11-20T10:01:58", "AuthCode": "A1B2C3", "Rrn": null, "OriginalTransactionId": null, "Status": status,
        "StatusCode": 3, "Reason": "Approved", "TestMode": true, "Type": 0, "Refunded": false, "TotalFee": 0
    });
    for (key, value) in changes.as_object().unwrap() {
        told[key] = value.clone();
    }
    serde_json::from_str(&told.to_string()).unwrap()
}

#[test]
fn a_completed_transaction_is_paid() {
    let seen = transaction("Completed", json!({})).seen(&settings());
    assert_eq!((seen.state, seen.refunded_minor, seen.strangeness, seen.reason), (PaymentState::Succeeded, None, None, None));
    assert_eq!((seen.operation_id.as_deref(), seen.number.as_deref()), (Some("897000042"), Some("ORD-2026-000042")));
    assert!(seen.amount.is(Money { minor: 149_000, currency: Currency::Rub }));
    assert_eq!(seen.created_at, Some("2026-11-20T10:01:58Z".parse().unwrap()));
}

#[test]
fn states_follow_the_words() {
    for (status, state, has_operation) in [
        ("AwaitingAuthentication", PaymentState::Pending, false),
        ("Authorized", PaymentState::WaitingForCapture, true),
        ("Cancelled", PaymentState::Canceled, true),
        ("Declined", PaymentState::Pending, false),
        ("Thinking", PaymentState::Pending, false),
    ] {
        let seen = transaction(status, json!({})).seen(&settings());
        assert_eq!((seen.state, seen.operation_id.is_some()), (state, has_operation), "{status}");
    }
    let declined = transaction("Declined", json!({ "Reason": "InsufficientFunds", "ReasonCode": 5051 }));
    assert_eq!(declined.seen(&settings()).reason.as_deref(), Some("InsufficientFunds"));
    assert_eq!(transaction("Completed", json!({ "TestMode": false })).seen(&settings()).strangeness, Some(Strangeness::OtherMode));
    assert_eq!(transaction("Completed", json!({ "PublicId": "pk_x" })).seen(&settings()).strangeness, Some(Strangeness::OtherAddressee));
}

#[test]
fn a_refund_is_known_by_our_number_in_it() {
    let data = r#"{"refund_number":"RF-1"}"#;
    let own = json!({ "OriginalTransactionId": 897_000_042, "JsonData": data });
    let refund = transaction("Completed", own.clone());
    assert!(refund.is_refund() && refund.is_refund_of("RF-1") && !refund.is_refund_of("RF-2"));
    assert_eq!(refund.refund().state, RefundState::Succeeded);
    assert!(!transaction("Completed", json!({ "JsonData": data })).is_refund_of("RF-1"), "a payment is no refund");
    for (status, state) in [("Declined", RefundState::Failed), ("Authorized", RefundState::Pending)] {
        assert_eq!(transaction(status, own.clone()).refund().state, state);
    }
}

#[test]
fn an_order_has_the_specified_form() {
    let now: DateTime<Utc> = "2026-11-20T10:00:00Z".parse().unwrap();
    let payment = NewPayment {
        attempt: Attempt { key: "k".to_owned(), first_sent: now, now },
        number: "ORD-2026-000042".to_owned(),
        amount: Money { minor: 149_000, currency: Currency::Rub },
        description: "Курс".to_owned(),
        return_url: "https://school.example/r".to_owned(),
        fail_url: "https://school.example/f".to_owned(),
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
    assert_eq!(
        serde_json::to_string(&CreateOrder::new(&payment)).unwrap(),
        concat!(
            r#"{"Amount":1490.00,"Currency":"RUB","Description":"Курс","Email":"anna@example.org","RequireConfirmation":false,"SendEmail":false,"#,
            r#""InvoiceId":"ORD-2026-000042","AccountId":"user-18","CultureName":"ru-RU","SuccessRedirectUrl":"https://school.example/r","#,
            r#""FailRedirectUrl":"https://school.example/f","JsonData":{"cloudPayments":{"CustomerReceipt":{"Items":[{"label":"Доступ","price":1490.00,"#,
            r#""quantity":1,"amount":1490.00,"vat":null,"method":4,"object":4,"measurementUnit":"шт"}],"taxationSystem":1,"email":"anna@example.org","#,
            r#""amounts":{"electronic":1490.00}}}}}"#
        )
    );
}
