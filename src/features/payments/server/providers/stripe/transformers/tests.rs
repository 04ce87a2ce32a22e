use super::*;
use crate::features::payments::server::providers::{About, Attempt, Payer};
use crate::shared::money::{Currency, Money};
use chrono::Utc;
use serde_json::{Value, json};

fn session(status: &str, payment_status: &str) -> Session {
    serde_json::from_value(json!({
        "id": "cs_test_a1Fixture0000000000000042", "object": "checkout.session", "amount_subtotal": 4900, "amount_total": 4900, "currency": "eur",
        "client_reference_id": "ORD-2026-000042", "created": 1_795_168_800, "expires_at": 1_795_255_200, "customer": null, "livemode": false,
        "metadata": { "order_id": "ORD-2026-000042" }, "mode": "payment", "payment_intent": "pi_3Fixture0000000000000042",
        "payment_status": payment_status, "status": status, "ui_mode": "hosted_page", "url": null
    }))
    .unwrap()
}

fn intent(status: &str, changes: Value) -> Intent {
    let mut told = json!({
        "id": "pi_3Fixture0000000000000042", "object": "payment_intent", "amount": 4900, "amount_received": 0, "currency": "eur", "status": status,
        "latest_charge": null, "last_payment_error": null, "cancellation_reason": null, "livemode": false, "created": 1_795_168_800,
        "metadata": { "number": "ORD-2026-000042" }
    });
    for (key, value) in changes.as_object().unwrap() {
        told[key] = value.clone();
    }
    serde_json::from_value(told).unwrap()
}

fn charge(refunded: i64) -> Value {
    json!({ "amount_received": 4900, "latest_charge": {
        "id": "ch_3Fixture0000000000000042", "object": "charge", "amount": 4900, "amount_captured": 4900, "amount_refunded": refunded, "disputed": false
    }})
}

#[test]
fn sessions_tell_who_paid() {
    for (status, payment, state) in [
        ("open", "unpaid", PaymentState::Pending),
        ("complete", "unpaid", PaymentState::Pending),
        ("complete", "paid", PaymentState::Succeeded),
        ("complete", "no_payment_required", PaymentState::Pending),
        ("expired", "unpaid", PaymentState::Canceled),
        ("thinking", "paid", PaymentState::Pending),
    ] {
        assert_eq!(session(status, payment).seen(false).state, state, "{status} {payment}");
    }
    let seen = session("complete", "paid").seen(true);
    assert_eq!((seen.strangeness, seen.number.as_deref()), (Some(Strangeness::OtherMode), Some("ORD-2026-000042")));
    assert!(seen.amount.is(Money { minor: 4_900, currency: Currency::Eur }));
}

#[test]
fn intents_tell_what_went_back() {
    for (status, changes, state) in [
        ("requires_payment_method", json!({}), PaymentState::Pending),
        ("requires_action", json!({}), PaymentState::Pending),
        ("processing", json!({}), PaymentState::Pending),
        ("thinking", json!({}), PaymentState::Pending),
        ("requires_capture", json!({}), PaymentState::WaitingForCapture),
        ("canceled", json!({}), PaymentState::Canceled),
        ("succeeded", charge(0), PaymentState::Succeeded),
        ("succeeded", charge(1_900), PaymentState::PartiallyRefunded),
        ("succeeded", charge(4_900), PaymentState::Refunded),
    ] {
        assert_eq!(intent(status, changes.clone()).seen(false).state, state, "{status} {changes}");
    }
    assert_eq!(intent("succeeded", charge(1_900)).seen(false).refunded_minor, Some(1_900));
    let less = json!({ "amount_received": 4_899 });
    assert_eq!(intent("succeeded", less).seen(false).amount.minor, 4_899, "what came counts");
}

#[test]
fn a_page_and_its_money_are_seen_together() {
    let declined = json!({ "last_payment_error": { "code": "card_declined", "decline_code": "insufficient_funds" } });
    for (status, payment, money, changes, state) in [
        ("open", "unpaid", "requires_payment_method", declined.clone(), PaymentState::Pending),
        ("complete", "unpaid", "processing", json!({}), PaymentState::Pending),
        ("complete", "unpaid", "requires_payment_method", declined.clone(), PaymentState::Failed),
        ("complete", "unpaid", "requires_capture", json!({}), PaymentState::WaitingForCapture),
        ("complete", "paid", "succeeded", charge(4_900), PaymentState::Refunded),
        ("expired", "unpaid", "requires_payment_method", json!({}), PaymentState::Canceled),
        ("expired", "unpaid", "succeeded", charge(0), PaymentState::Succeeded),
    ] {
        let seen = session(status, payment).with(intent(money, changes), false);
        assert_eq!(seen.state, state, "{status} {payment} {money}");
        assert_eq!(
            (seen.provider_id.as_deref(), seen.operation_id.as_deref()),
            (Some("cs_test_a1Fixture0000000000000042"), Some("pi_3Fixture0000000000000042"))
        );
    }
    let seen = session("open", "unpaid").with(intent("requires_payment_method", declined), false);
    assert_eq!(seen.reason.as_deref(), Some("insufficient_funds"), "of this try");
}

#[test]
fn an_undecided_dispute_counts_first() {
    let of = |states: &[&str]| dispute(&states.iter().map(|status| WireDispute { status: (*status).to_owned() }).collect::<Vec<_>>());
    assert_eq!(of(&["needs_response"]), Dispute::Open);
    assert_eq!(of(&["won"]), Dispute::Won);
    assert_eq!(of(&["won", "lost"]), Dispute::Lost);
    assert_eq!(of(&["won", "under_review", "lost"]), Dispute::Open);
    assert_eq!(of(&["warning_closed"]), Dispute::Won);
    assert_eq!(of(&["a_state_of_next_year"]), Dispute::Open);
    assert_eq!(of(&[]), Dispute::Open);
}

#[test]
fn refunds_may_fail() {
    for (status, state) in [
        ("pending", RefundState::Pending),
        ("requires_action", RefundState::Pending),
        ("succeeded", RefundState::Succeeded),
        ("failed", RefundState::Failed),
        ("canceled", RefundState::Failed),
    ] {
        let refund: Refund = serde_json::from_value(json!({
            "id": "re_3Fixture0000000000000077", "object": "refund", "amount": 1900, "currency": "eur", "charge": "ch_3Fixture0000000000000042",
            "payment_intent": "pi_3Fixture0000000000000042", "status": status
        }))
        .unwrap();
        let seen = RefundSeen::from(refund);
        assert_eq!((seen.state, seen.amount), (state, Some(Amount { minor: 1_900, currency: "EUR".to_owned() })), "{status}");
    }
}

#[test]
fn a_session_has_the_specified_parameters() {
    let now: DateTime<Utc> = "2026-11-20T10:00:00Z".parse().unwrap();
    let mut payment = NewPayment {
        attempt: Attempt { key: "k".to_owned(), first_sent: now, now },
        number: "ORD-2026-000042".to_owned(),
        amount: Money { minor: 4_900, currency: Currency::Eur },
        description: "Introduction to Rust".to_owned(),
        return_url: "https://school.example/r".to_owned(),
        fail_url: "https://school.example/f".to_owned(),
        is_two_stage: false,
        payer: Payer { id: "user-18".to_owned(), email: Some("anna@example.org".to_owned()), phone: None },
        locale: Locale::En,
        receipt: None,
    };
    let pairs = creation(&payment);
    let value = |name: &str| pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    assert_eq!(value("line_items[0][price_data][unit_amount]"), Some("4900"));
    assert_eq!(value("line_items[0][price_data][currency]"), Some("eur"));
    assert_eq!(value("payment_intent_data[metadata][number]"), Some("ORD-2026-000042"));
    assert_eq!(value("payment_intent_data[capture_method]"), None);
    payment.is_two_stage = true;
    assert!(creation(&payment).contains(&("payment_intent_data[capture_method]".to_owned(), "manual".to_owned())));
}

#[test]
fn events_name_what_to_ask_for() {
    let about = |kind: &str, object: Value| {
        let event = json!({ "id": "evt_1", "object": "event", "type": kind, "livemode": false, "data": { "object": object } });
        serde_json::from_value::<Event>(event).unwrap().about()
    };
    let text = |text: &str| Some(text.to_owned());
    let found = about("checkout.session.completed", json!({ "id": "cs_1", "client_reference_id": "N-1", "payment_intent": "pi_1" }));
    assert_eq!(found, Some(About { number: text("N-1"), provider_id: text("cs_1"), operation_id: text("pi_1"), refund_id: None }));
    let found = about("charge.refunded", json!({ "id": "ch_1", "payment_intent": "pi_1", "metadata": { "number": "N-1" } }));
    assert_eq!(found, Some(About { number: text("N-1"), operation_id: text("pi_1"), ..About::default() }));
    for kind in ["refund.failed", "refund.updated", "charge.refund.updated"] {
        let found = about(kind, json!({ "id": "re_1", "payment_intent": "pi_1" }));
        assert_eq!(found, Some(About { operation_id: text("pi_1"), refund_id: text("re_1"), ..About::default() }), "{kind}");
    }
    assert_eq!(about("charge.dispute.created", json!({ "id": "du_1", "payment_intent": "pi_1" })).unwrap().operation_id, text("pi_1"));
    assert_eq!(about("charge.dispute.created", json!({ "id": "du_1", "payment_intent": null })), None);
    assert_eq!(about("customer.created", json!({ "id": "cus_1" })), None);
    assert_eq!(about("payment_intent.succeeded", json!({ "id": "../../x" })), None);
}
