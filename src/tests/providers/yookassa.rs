//! YooKassa's adapter.

use super::fake::{Fake, Mood};
use super::yookassa_shop::YookassaShop;
use super::{PATIENCE, Post, attempt, final_code, is_again, late, payment, receipt, reference, refund, roubles};
use chrono::TimeDelta;
use lectern::features::payments::server::providers::yookassa::Yookassa;
use lectern::features::payments::server::providers::{
    About, PaymentState, Provider, ProviderError, RefundRef, RefundState, Stage, Strangeness, Trust, Verdict,
};
use lectern::server::config::payments::YookassaSettings;
use serde_json::{Value, json};
use std::time::Duration;

fn settings(url: &str) -> YookassaSettings {
    YookassaSettings {
        shop_id: "100500".to_owned(),
        secret_key: "test_fixture_secret".into(),
        api_url: format!("{url}/v3"),
        networks: Vec::new(),
        is_live: false,
        timeout: PATIENCE,
    }
}

async fn open() -> (Fake<YookassaShop>, Yookassa) {
    let fake = Fake::open(YookassaShop::default()).await;
    let provider = Yookassa::new(settings(&fake.url)).unwrap();
    (fake, provider)
}

#[tokio::test]
async fn a_payment_is_made_once_paid_and_given_back() {
    let (fake, provider) = open().await;
    let new = lectern::features::payments::server::providers::NewPayment { receipt: Some(receipt(149_000)), ..payment(roubles(149_000)) };
    let made = provider.create(&new).await.unwrap();
    assert_eq!(provider.create(&new).await.unwrap(), made, "the same key makes nothing new");
    assert_eq!(fake.shop().payments.len(), 1);
    assert!(made.redirect_url.as_ref().unwrap().starts_with("https://yoomoney.ru/"));

    let mut known = reference(roubles(149_000), Some(&made.provider_id));
    let seen = provider.query(&known).await.unwrap();
    assert_eq!((seen.state, seen.number.as_deref(), seen.strangeness), (PaymentState::Pending, Some(new.number.as_str()), None));
    fake.shop().pay();
    let seen = provider.query(&known).await.unwrap();
    assert!(seen.state == PaymentState::Succeeded && seen.amount.is(roubles(149_000)), "{seen:?}");

    let part = refund("key-2", known.clone(), 49_000);
    let back = provider.refund(&part).await.unwrap();
    assert_eq!((back.state, provider.refund(&part).await.unwrap()), (RefundState::Succeeded, back.clone()), "the same key gives back once");
    assert_eq!(provider.query(&known).await.unwrap().state, PaymentState::PartiallyRefunded);
    assert_eq!(final_code(provider.refund(&refund("key-3", known.clone(), 149_000)).await), "invalid_request", "more than is left");
    provider.refund(&refund("key-4", known.clone(), 100_000)).await.unwrap();
    let seen = provider.query(&known).await.unwrap();
    assert_eq!((seen.state, seen.refunded_minor), (PaymentState::Refunded, Some(149_000)));

    let of = RefundRef { provider_id: back.provider_id, payment: known.clone() };
    assert_eq!(provider.query_refund(&of).await.unwrap().state, RefundState::Succeeded);
    known.provider_id = Some("another".to_owned());
    assert_eq!(provider.query_refund(&RefundRef { payment: known, ..of }).await, Err(ProviderError::NotFound), "of another payment");
}

#[tokio::test]
async fn held_money_is_taken_or_let_go() {
    let (fake, provider) = open().await;
    for (stage, state) in [("take", PaymentState::Succeeded), ("let go", PaymentState::Canceled)] {
        let mut new = payment(roubles(149_000));
        (new.is_two_stage, new.attempt.key) = (true, stage.replace(' ', "-"));
        let made = provider.create(&new).await.unwrap();
        let known = reference(roubles(149_000), Some(&made.provider_id));
        assert_eq!(provider.cancel(&attempt("key-9"), &known, Stage::Unpaid).await, Err(ProviderError::Unsupported));
        fake.shop().pay();
        assert_eq!(provider.query(&known).await.unwrap().state, PaymentState::WaitingForCapture);
        if stage == "take" {
            assert_eq!(provider.capture(&attempt("key-take"), &known, roubles(149_000)).await.unwrap().state, state);
        } else {
            provider.cancel(&attempt("key-let-go"), &known, Stage::Held).await.unwrap();
        }
        assert_eq!(provider.query(&known).await.unwrap().state, state);
    }
}

#[tokio::test]
async fn an_unknown_outcome_is_repeated_with_the_same_key() {
    let (fake, provider) = open().await;
    let new = payment(roubles(149_000));
    for mood in [
        Mood::Says(500, None, r#"{"type":"error","code":"internal_server_error","description":"test_fixture_secret"}"#.to_owned()),
        Mood::Says(429, Some(("retry-after", "7")), r#"{"type":"error","code":"too_many_requests"}"#.to_owned()),
        Mood::Says(202, None, r#"{"type":"processing","retry_after":1800}"#.to_owned()),
        Mood::Says(200, None, r#"{"id":"30b1"}"#.to_owned()),
        Mood::Says(200, None, "<html>".to_owned()),
        Mood::Hangs,
        Mood::Floods,
        Mood::Loses,
    ] {
        fake.be(mood.clone());
        let outcome = provider.create(&new).await;
        let pause = match &outcome {
            Err(ProviderError::Again { after, .. }) => *after,
            _ => None,
        };
        assert!(is_again(outcome), "{mood:?}");
        match mood {
            Mood::Says(429, ..) => assert_eq!(pause, Some(Duration::from_secs(7))),
            Mood::Says(202, ..) => assert_eq!(pause, Some(Duration::from_millis(1_800))),
            _ => assert_eq!(pause, None),
        }
    }
    let made = provider.create(&new).await.unwrap();
    assert_eq!(fake.shop().payments.len(), 1, "the lost answer's payment is the one");
    assert_eq!(provider.query(&reference(roubles(149_000), None)).await.unwrap().provider_id, Some(made.provider_id), "and is found by its number");
    let keys: Vec<_> = fake.asked().iter().filter(|ask| ask.path == "/v3/payments").map(|ask| ask.header("idempotence-key").to_owned()).collect();
    assert!(keys.iter().filter(|key| !key.is_empty()).all(|key| key == "key-1"), "{keys:?}");
}

#[tokio::test]
async fn what_is_refused_for_good_is_told_apart() {
    let (fake, provider) = open().await;
    let new = payment(roubles(149_000));
    for (status, code) in [(400, "invalid_request"), (405, "405"), (415, "415")] {
        fake.says(status, if status == 400 { r#"{"type":"error","code":"invalid_request","description":"bad"}"# } else { "" });
        assert_eq!(final_code(provider.create(&new).await), code);
    }
    for status in [401, 403, 302] {
        fake.says(status, "test_fixture_secret");
        assert!(matches!(provider.create(&new).await, Err(ProviderError::Settings(words)) if !words.contains("fixture")), "{status}");
    }
    let wrong = Yookassa::new(YookassaSettings { secret_key: "test_other".into(), ..settings(&fake.url) }).unwrap();
    assert!(matches!(wrong.create(&new).await, Err(ProviderError::Settings(_))));
    assert_eq!(provider.query(&reference(roubles(1), Some("absent"))).await, Err(ProviderError::NotFound));
    assert_eq!(provider.query(&reference(roubles(1), None)).await, Err(ProviderError::NotFound));
    let mut old = new.clone();
    old.attempt = late("key-1", TimeDelta::hours(24));
    let asked = fake.asked().len();
    assert_eq!(provider.create(&old).await, Err(ProviderError::KeyForgotten));
    old.attempt = attempt("key-1");
    old.receipt = Some(receipt(148_999));
    assert_eq!(final_code(provider.create(&old).await), "receipt");
    assert_eq!(fake.asked().len(), asked, "neither was sent");
    let gone = Yookassa::new(settings("http://127.0.0.1:1")).unwrap();
    assert!(is_again(gone.create(&new).await));
}

#[tokio::test]
async fn a_page_elsewhere_is_no_page_and_other_payments_are_strange() {
    let (fake, provider) = open().await;
    let new = payment(roubles(149_000));
    let made = provider.create(&new).await.unwrap();
    for page in ["javascript:alert(1)", "/relative", "ftp://yoomoney.ru/x"] {
        let mut told = fake.shop().payments[0].clone();
        told["confirmation"]["confirmation_url"] = page.into();
        fake.says(200, &told.to_string());
        assert_eq!(provider.create(&new).await.unwrap().redirect_url, None, "{page}");
    }
    let known = reference(roubles(149_000), Some(&made.provider_id));
    fake.shop().payments[0]["metadata"]["number"] = "another".into();
    assert_eq!(provider.query(&known).await.unwrap().strangeness, Some(Strangeness::OtherNumber));
    fake.shop().payments[0]["id"] = "../../x".into();
    let told = fake.shop().payments[0].to_string();
    fake.says(200, &told);
    assert!(is_again(provider.create(&new).await), "an id becomes part of addresses");
}

#[tokio::test]
async fn payments_are_listed_page_by_page() {
    let (_fake, provider) = open().await;
    for index in 0..5 {
        let mut new = payment(roubles(100 + index));
        (new.attempt.key, new.number) = (format!("key-{index}"), format!("number-{index}"));
        provider.create(&new).await.unwrap();
    }
    let (mut page, mut numbers) = (None, Vec::new());
    loop {
        let listed = provider.list(super::now() - TimeDelta::days(1), super::now() + TimeDelta::days(1), page.as_deref()).await.unwrap();
        numbers.extend(listed.payments.into_iter().filter_map(|seen| seen.number));
        page = listed.next;
        if page.is_none() {
            break;
        }
    }
    assert_eq!(numbers, ["number-0", "number-1", "number-2", "number-3", "number-4"]);
    let none = provider.list(super::now() + TimeDelta::days(1), super::now() + TimeDelta::days(2), None).await.unwrap();
    assert!(none.payments.is_empty());
}

fn notification(event: &str, object: Value) -> Vec<u8> {
    json!({ "type": "notification", "event": event, "object": object }).to_string().into_bytes()
}

#[tokio::test]
async fn notifications_are_hints_and_nothing_else() {
    let (_fake, provider) = open().await;
    let object =
        json!({ "id": "30b1a2c3", "status": "succeeded", "metadata": { "number": super::NUMBER }, "amount": { "value": "1.00", "currency": "RUB" } });
    let good = Post { body: notification("payment.succeeded", object), ..Post::default() };
    let taken = good.to(&provider).unwrap();
    assert_eq!((taken.trust, taken.event_key.as_str()), (Trust::Hint, "payment.succeeded:30b1a2c3:succeeded"));
    let about = About { number: Some(super::NUMBER.to_owned()), provider_id: Some("30b1a2c3".to_owned()), ..About::default() };
    assert_eq!((taken.about.as_ref(), taken.question.as_ref()), (Some(&about), None));
    assert_eq!(provider.reply(&taken, Verdict::Taken).status, 200);
    assert_eq!(provider.reply(&taken, Verdict::Later).status, 503, "it is sent again then");
    let other = Post { body: notification("payout.succeeded", json!({ "id": "po-1", "status": "succeeded" })), ..Post::default() };
    assert_eq!(other.to(&provider).unwrap().about, None, "of no concern");

    for body in [
        &b""[..],
        b"{",
        b"null",
        b"[]",
        &good.body[..good.body.len() - 1],
        b"type=notification&event=payment.succeeded",
        b"{\"type\":\"x\",\"event\":\"payment.succeeded\",\"object\":{\"id\":\"1\"}}",
        b"\xff\xfe{\x00",
    ] {
        assert_eq!(Post { body: body.to_vec(), ..Post::default() }.refused(&provider), 400, "{}", String::from_utf8_lossy(body));
    }
    let long = Post { body: notification(&"payment.".repeat(100), json!({ "id": "1", "status": "succeeded" })), ..Post::default() };
    assert_eq!(long.refused(&provider), 400);
    assert_eq!(Post { body: vec![b' '; 10 << 20], ..Post::default() }.refused(&provider), 413);
    assert_eq!(Post { method: axum::http::Method::GET, ..Post::default() }.refused(&provider), 405);
}

#[tokio::test]
async fn notifications_may_be_limited_to_the_providers_addresses() {
    let networks = vec!["185.71.76.0/27".parse().unwrap(), "2a02:5180::/32".parse().unwrap()];
    let provider = Yookassa::new(YookassaSettings { networks, ..settings("http://127.0.0.1:1") }).unwrap();
    let body = notification("payment.succeeded", json!({ "id": "30b1", "status": "succeeded" }));
    for (peer, is_taken) in
        [("185.71.76.1", true), ("::ffff:185.71.76.1", true), ("2a02:5180::7", true), ("185.71.76.32", false), ("203.0.113.9", false), ("::1", false)]
    {
        let post = Post { body: body.clone(), peer, ..Post::default() };
        assert_eq!(post.to(&provider).is_ok(), is_taken, "{peer}");
        assert!(is_taken || post.refused(&provider) == 403);
    }
}
