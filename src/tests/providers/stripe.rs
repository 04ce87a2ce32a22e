//! Stripe's adapter.

use super::fake::{Fake, Mood};
use super::stripe_shop::StripeShop;
use super::{NUMBER, PATIENCE, Post, attempt, final_code, is_again, late, now, payment, reference, refund};
use chrono::TimeDelta;
use hmac::{Hmac, KeyInit as _, Mac as _};
use lectern::features::payments::server::providers::stripe::Stripe;
use lectern::features::payments::server::providers::{
    About, Dispute, NewPayment, PaymentRef, PaymentState, Provider, ProviderError, RefundRef, RefundState, Stage, Strangeness, Trust, Verdict,
};
use lectern::server::config::payments::StripeSettings;
use lectern::shared::money::{Currency, Money};
use serde_json::json;
use sha2::Sha256;

const EUROS: Money = Money { minor: 4_900, currency: Currency::Eur };
const SECRET: &str = "whsec_fixture_0123456789";
/// The specification's signed events.
const PAID: &str = r#"{"id":"evt_3Fixture0000000000000042","object":"event","api_version":"2026-10-28.endive","created":1795168950,"livemode":false,"pending_webhooks":1,"request":{"id":null,"idempotency_key":null},"type":"checkout.session.completed","data":{"object":{"id":"cs_test_a1Fixture0000000000000042","object":"checkout.session","amount_subtotal":4900,"amount_total":4900,"currency":"eur","client_reference_id":"ORD-2026-000042","created":1795168800,"expires_at":1795255200,"customer_details":{"email":"anna@example.org"},"livemode":false,"metadata":{"order_id":"ORD-2026-000042"},"mode":"payment","payment_intent":"pi_3Fixture0000000000000042","payment_status":"paid","status":"complete","url":null}}}"#;
const PAID_SIGNATURE: &str = "t=1795168951,v1=407a893b77cebfe546a50284ee0d8fcc575628ebaa5f6a0c6b3b378791f090fc";
const BACK: &str = r#"{"id":"evt_3Fixture0000000000000077","object":"event","api_version":"2026-10-28.endive","created":1795168951,"livemode":false,"pending_webhooks":1,"request":{"id":"req_fixture77","idempotency_key":"RF-2026-000042-1"},"type":"charge.refunded","data":{"object":{"id":"ch_3Fixture0000000000000042","object":"charge","amount":4900,"amount_captured":4900,"amount_refunded":1900,"captured":true,"currency":"eur","created":1795168949,"disputed":false,"livemode":false,"metadata":{"order_id":"ORD-2026-000042"},"paid":true,"payment_intent":"pi_3Fixture0000000000000042","refunded":false,"status":"succeeded"},"previous_attributes":{"amount_refunded":0}}}"#;
const BACK_SIGNATURE: &str = "t=1795168951,v1=484c7666844a00364318d49aaf1d2fcd888993bbf1c42c0b06a8d4ebb1489acc";

fn settings(url: &str) -> StripeSettings {
    StripeSettings {
        secret_key: "sk_test_fixture".into(),
        webhook_secrets: vec!["whsec_fixture_older".into(), SECRET.into()],
        api_url: url.to_owned(),
        version: "2026-10-28.endive".to_owned(),
        is_live: false,
        timeout: PATIENCE,
    }
}

async fn open() -> (Fake<StripeShop>, Stripe) {
    let fake = Fake::open(StripeShop::default()).await;
    let provider = Stripe::new(settings(&fake.url)).unwrap();
    (fake, provider)
}

#[tokio::test]
async fn a_payment_is_made_once_paid_and_given_back() {
    let (fake, provider) = open().await;
    let new = payment(EUROS);
    let made = provider.create(&new).await.unwrap();
    assert_eq!(provider.create(&new).await.unwrap(), made);
    assert!(made.provider_id.len() > 64 && made.redirect_url.as_ref().unwrap().starts_with("https://checkout.stripe.com/"));
    let known = reference(EUROS, Some(&made.provider_id));
    assert_eq!(provider.query(&known).await.unwrap().state, PaymentState::Pending);
    fake.shop().attempt("requires_payment_method");
    let seen = provider.query(&known).await.unwrap();
    assert_eq!((seen.state, seen.reason.as_deref()), (PaymentState::Pending, Some("insufficient_funds")), "the page stays open");
    let intent = fake.shop().attempt("succeeded");
    let seen = provider.query(&known).await.unwrap();
    assert_eq!((seen.state, seen.operation_id.as_ref(), seen.number.as_deref()), (PaymentState::Succeeded, Some(&intent), Some(NUMBER)));
    assert!(seen.amount.is(EUROS) && seen.strangeness.is_none() && seen.provider_id == known.provider_id);
    let by_intent = PaymentRef { provider_id: None, operation_id: Some(intent.clone()), ..known.clone() };
    assert_eq!(provider.query(&by_intent).await.unwrap().state, PaymentState::Succeeded);

    let part = refund("key-2", known.clone(), 1_900);
    let back = provider.refund(&part).await.unwrap();
    assert_eq!(provider.refund(&part).await.unwrap(), back, "the same key gives back once");
    let seen = provider.query(&known).await.unwrap();
    assert_eq!((seen.state, seen.refunded_minor), (PaymentState::PartiallyRefunded, Some(1_900)));
    assert_eq!(final_code(provider.refund(&refund("key-2", known.clone(), 1_901)).await), "idempotency_error");
    assert_eq!(final_code(provider.refund(&refund("key-3", known.clone(), 3_001)).await), "charge_already_refunded");
    provider.refund(&refund("key-4", by_intent.clone(), 3_000)).await.unwrap();
    assert_eq!(provider.query(&known).await.unwrap().state, PaymentState::Refunded);
    let of = RefundRef { provider_id: back.provider_id, payment: by_intent.clone() };
    assert_eq!(provider.query_refund(&of).await.unwrap().state, RefundState::Succeeded);
    fake.shop().refunds[0]["status"] = "failed".into();
    assert_eq!(provider.query_refund(&of).await.unwrap().state, RefundState::Failed, "it may fail later");
    let of = RefundRef { payment: PaymentRef { operation_id: Some("pi_other".to_owned()), ..by_intent }, ..of };
    assert_eq!(provider.query_refund(&of).await, Err(ProviderError::NotFound));
}

#[tokio::test]
async fn disputes_are_asked_for() {
    let (fake, provider) = open().await;
    let made = provider.create(&payment(EUROS)).await.unwrap();
    let known = reference(EUROS, Some(&made.provider_id));
    fake.shop().attempt("succeeded");
    assert_eq!(provider.query(&known).await.unwrap().dispute, None);
    fake.shop().intents[0]["latest_charge"]["disputed"] = true.into();
    for (status, state) in [("needs_response", Dispute::Open), ("won", Dispute::Won), ("lost", Dispute::Lost)] {
        fake.shop().disputes = vec![json!({ "id": "du_1", "status": status, "charge": "ch_1" })];
        assert_eq!(provider.query(&known).await.unwrap().dispute, Some(state), "{status}");
    }
}

#[tokio::test]
async fn held_money_is_taken_or_let_go_and_a_page_is_closed() {
    let (fake, provider) = open().await;
    for name in ["take", "let-go", "close"] {
        let mut new = NewPayment { is_two_stage: name != "close", number: name.to_owned(), ..payment(EUROS) };
        new.attempt = attempt(&format!("create-{name}"));
        let made = provider.create(&new).await.unwrap();
        let known = PaymentRef { number: name.to_owned(), ..reference(EUROS, Some(&made.provider_id)) };
        let key = attempt(name);
        match name {
            "close" => {
                provider.cancel(&key, &known, Stage::Unpaid).await.unwrap();
                assert_eq!(provider.query(&known).await.unwrap().state, PaymentState::Canceled);
                assert_eq!(final_code(provider.cancel(&attempt("late"), &known, Stage::Unpaid).await), "parameter_unknown");
                continue;
            }
            _ => assert_eq!(fake.shop().sessions.last().unwrap()["capture"], "manual"),
        }
        fake.shop().attempt("requires_capture");
        assert_eq!(provider.query(&known).await.unwrap().state, PaymentState::WaitingForCapture);
        if name == "take" {
            assert_eq!(provider.capture(&key, &known, EUROS).await.unwrap().state, PaymentState::Succeeded);
            assert_eq!(provider.capture(&key, &known, EUROS).await.unwrap().state, PaymentState::Succeeded, "twice is once");
        } else {
            provider.cancel(&key, &known, Stage::Held).await.unwrap();
            assert_eq!(provider.query(&known).await.unwrap().state, PaymentState::Canceled);
        }
    }
}

#[tokio::test]
async fn errors_are_told_apart_and_tell_no_secret() {
    let (fake, provider) = open().await;
    let new = payment(EUROS);
    let said = |kind: &str| format!(r#"{{"error":{{"type":"{kind}","message":"sk_test_fixture"}}}}"#);
    for status in [409, 424, 429, 500, 502, 503] {
        fake.says(status, &said("api_error"));
        assert!(is_again(provider.create(&new).await), "{status}");
    }
    fake.be(Mood::Says(400, Some(("stripe-should-retry", "true")), said("api_error")));
    assert!(is_again(provider.create(&new).await));
    for mood in [Mood::Hangs, Mood::Loses, Mood::Says(200, None, "{}".to_owned())] {
        fake.be(mood);
        assert!(is_again(provider.create(&new).await));
    }
    for status in [400, 402] {
        fake.says(status, &said("card_error"));
        assert_eq!(final_code(provider.create(&new).await), "card_error");
    }
    let wrong = Stripe::new(StripeSettings { secret_key: "sk_test_fixture_old".into(), ..settings(&fake.url) }).unwrap();
    assert!(matches!(wrong.create(&new).await, Err(ProviderError::Settings(_))));
    fake.says(403, &said("invalid_request_error"));
    assert!(matches!(provider.create(&new).await, Err(ProviderError::Settings(words)) if !words.contains("fixture")));
    assert_eq!(provider.query(&reference(EUROS, Some("cs_absent"))).await, Err(ProviderError::NotFound));
    let old = NewPayment { attempt: late("key-1", TimeDelta::hours(25)), ..new.clone() };
    assert_eq!(provider.create(&old).await, Err(ProviderError::KeyForgotten));
    let made = provider.create(&new).await.unwrap();
    assert_eq!(fake.shop().sessions.len(), 1, "the lost answer's session is the one");
    assert_eq!(provider.query(&reference(EUROS, None)).await.unwrap().provider_id, Some(made.provider_id), "and is found by its number");
}

#[tokio::test]
async fn sessions_are_listed_page_by_page() {
    let (fake, provider) = open().await;
    for index in 0..5 {
        let mut new = payment(EUROS);
        (new.attempt.key, new.number) = (format!("key-{index}"), format!("number-{index}"));
        provider.create(&new).await.unwrap();
    }
    fake.shop().sessions[4]["livemode"] = true.into();
    let (mut page, mut found) = (None, Vec::new());
    loop {
        let listed = provider.list(now(), now() + TimeDelta::days(1), page.as_deref()).await.unwrap();
        found.extend(listed.payments);
        page = listed.next;
        if page.is_none() {
            break;
        }
    }
    let numbers: Vec<_> = found.iter().filter_map(|seen| seen.number.as_deref()).collect();
    assert_eq!(numbers, ["number-0", "number-1", "number-2", "number-3", "number-4"]);
    assert_eq!(found[4].strangeness, Some(Strangeness::OtherMode));
    assert!(provider.list(now() + TimeDelta::days(1), now() + TimeDelta::days(2), None).await.unwrap().payments.is_empty());
}

fn signed(body: &str, signature: &str) -> Post<'static> {
    Post { headers: vec![("stripe-signature", signature.to_owned())], body: body.as_bytes().to_vec(), ..Post::default() }
}

fn sign(body: &str, time: i64, secret: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(format!("{time}.{body}").as_bytes());
    hex::encode(mac.finalize().into_bytes())
}

#[test]
fn signed_events_are_taken() {
    let provider = Stripe::new(settings("http://127.0.0.1:1")).unwrap();
    let text = |text: &str| Some(text.to_owned());
    let taken = signed(PAID, PAID_SIGNATURE).to(&provider).unwrap();
    assert_eq!(
        (taken.trust, taken.event_key.as_str(), taken.event.as_str()),
        (Trust::Signed, "evt_3Fixture0000000000000042", "checkout.session.completed")
    );
    let about = About {
        number: text("ORD-2026-000042"),
        provider_id: text("cs_test_a1Fixture0000000000000042"),
        operation_id: text("pi_3Fixture0000000000000042"),
        refund_id: None,
    };
    assert_eq!(taken.about, Some(about));
    assert_eq!((provider.reply(&taken, Verdict::Taken).status.as_u16(), provider.reply(&taken, Verdict::Later).status.as_u16()), (200, 503));
    let taken = signed(BACK, BACK_SIGNATURE).to(&provider).unwrap();
    assert_eq!(taken.about.unwrap().operation_id, text("pi_3Fixture0000000000000042"));
    // While a secret is changed there are two signatures, and schemes that are not ours.
    let right = PAID_SIGNATURE.split_once("v1=").unwrap().1;
    let rolled = format!("t=1795168951,v0={right},v1={},v1={right}", "0".repeat(64));
    assert!(signed(PAID, &rolled).to(&provider).is_ok());
    let older = format!("t=1795168951, v1={}", sign(PAID, 1_795_168_951, "whsec_fixture_older"));
    assert!(signed(PAID, &older).to(&provider).is_ok());
}

#[test]
fn a_signature_is_of_its_time() {
    let provider = Stripe::new(settings("http://127.0.0.1:1")).unwrap();
    for (seconds, is_taken) in [(0, true), (300, true), (-300, true), (301, false), (-301, false), (86_400, false)] {
        let post = Post { now: now() + TimeDelta::seconds(seconds), ..signed(PAID, PAID_SIGNATURE) };
        assert_eq!(post.to(&provider).is_ok(), is_taken, "{seconds}");
    }
    let forged = PAID_SIGNATURE.replace("1795168951", "1795169251");
    assert_eq!(Post { now: now() + TimeDelta::seconds(300), ..signed(PAID, &forged) }.refused(&provider), 400, "the time is signed too");
    let far = format!("t={},v1={}", i64::MIN, sign(PAID, i64::MIN, SECRET));
    assert_eq!(signed(PAID, &far).refused(&provider), 400);
}

#[test]
fn what_is_not_signed_rightly_is_refused() {
    let provider = Stripe::new(settings("http://127.0.0.1:1")).unwrap();
    let right = PAID_SIGNATURE.split_once("v1=").unwrap().1;
    for signature in [
        String::new(),
        "t=1795168951".to_owned(),
        format!("v1={right}"),
        format!("t=,v1={right}"),
        format!("t=1795168951,v1={}", &right[..62]),
        format!("t=1795168951,v1={}", &right[..63]),
        format!("t=1795168951,v0={right}"),
        format!("t=1795168951,t=1795168951,v1={right}"),
        format!("t=+1795168951,v1={right}"),
        BACK_SIGNATURE.to_owned(),
        format!("t=1795168951,v1={}", sign(PAID, 1_795_168_951, "fixture_0123456789")),
        format!("t=1795168951{},v1={right}", ",v1=00".repeat(20)),
    ] {
        assert_eq!(signed(PAID, &signature).refused(&provider), 400, "{signature}");
    }
    assert_eq!(Post { headers: Vec::new(), ..signed(PAID, "") }.refused(&provider), 400);
    let mut twice = signed(PAID, BACK_SIGNATURE);
    twice.headers.push(("stripe-signature", PAID_SIGNATURE.to_owned()));
    assert_eq!(twice.refused(&provider), 400, "two headers");
    for body in [PAID.replace("4900", "1900"), format!("{PAID} "), PAID[1..].to_owned(), PAID.replace(':', ": "), String::new()] {
        assert_eq!(signed(&body, PAID_SIGNATURE).refused(&provider), 400);
    }
    for body in [
        "{}".to_owned(),
        "[]".to_owned(),
        PAID.replace("\"event\"", "\"v2.core.event\""),
        PAID.replace("evt_3", "../3"),
        PAID.replacen("false", "true", 1),
    ] {
        let signature = format!("t=1795168951,v1={}", sign(&body, 1_795_168_951, SECRET));
        assert_eq!(signed(&body, &signature).refused(&provider), 400, "{body}");
    }
    assert_eq!(signed(&"a".repeat(10 << 20), PAID_SIGNATURE).refused(&provider), 413);
    assert_eq!(Post { method: axum::http::Method::GET, ..signed(PAID, PAID_SIGNATURE) }.refused(&provider), 405);
}
