//! CloudPayments' adapter.

use super::cloudpayments_shop::CloudpaymentsShop;
use super::fake::{Fake, Mood};
use super::{NUMBER, PATIENCE, Post, attempt, final_code, is_again, late, now, payment, receipt, reference, refund, roubles};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::TimeDelta;
use hmac::{Hmac, KeyInit as _, Mac as _};
use lectern::features::payments::server::providers::cloudpayments::Cloudpayments;
use lectern::features::payments::server::providers::{
    About, Amount, NewPayment, NewRefund, PaymentRef, PaymentState, Provider, ProviderError, RefundRef, RefundState, Stage, Trust, Verdict,
};
use lectern::server::config::payments::CloudpaymentsSettings;
use lectern::shared::money::Currency;
use sha2::Sha256;

/// The specification's signed notifications.
const PAY: &str = "TransactionId=897000042&Amount=1490.00&Currency=RUB&PaymentAmount=1490.00&PaymentCurrency=RUB&DateTime=2026-11-20+10%3A01%3A58&CardFirstSix=424242&CardLastFour=4242&CardType=Visa&CardExpDate=12%2F30&TestMode=1&Status=Completed&OperationType=Payment&GatewayName=Test&InvoiceId=ORD-2026-000042&AccountId=user-18&Name=ANNA+P&Email=anna%40example.org&IpAddress=203.0.113.40&IpCountry=RU&Issuer=CloudPayments&IssuerBankCountry=RU&Description=ORD-2026-000042&AuthCode=A1B2C3&TotalFee=0.00&Token=tk_fixture_42";
const PAY_HMAC: &str = "stqa+ttORimF7vMl6XWUovzHVmIfwYV/j5fQsvy3YlU=";
const PAY_DECODED_HMAC: &str = "PoD0jwGXF1kg2wM+6MgwLa+gP4oyDwuyXr3Re2LoO/U=";
const CHECK: &str = "TransactionId=897000042&Amount=1490.00&Currency=RUB&PaymentAmount=1490.00&PaymentCurrency=RUB&DateTime=2026-11-20+10%3A01%3A58&CardFirstSix=424242&CardLastFour=4242&CardType=Visa&CardExpDate=12%2F30&TestMode=1&Status=Completed&OperationType=Payment&InvoiceId=ORD-2026-000042&AccountId=user-18&Name=ANNA+P&Email=anna%40example.org&IpAddress=203.0.113.40&IpCountry=RU&Issuer=CloudPayments&IssuerBankCountry=RU&Description=ORD-2026-000042";
const CHECK_HMAC: &str = "tAuBZGSNwku++Vevg7m7iY3YRdTcxL9tBcJy+We4hX0=";
const BACK: &str = "TransactionId=897000077&PaymentTransactionId=897000042&Amount=490.00&DateTime=2026-11-21+08%3A15%3A00&OperationType=Refund&InvoiceId=ORD-2026-000042&AccountId=user-18&Email=anna%40example.org";
const BACK_HMAC: &str = "20kPRDip9c5KVQ9jGS41gTVoW1jXz3drlF5wDePeJq4=";
const FAIL: &str = "TransactionId=897000041&Amount=1490.00&Currency=RUB&PaymentAmount=1490.00&PaymentCurrency=RUB&DateTime=2026-11-20+10%3A01%3A58&CardFirstSix=424242&CardLastFour=4242&CardType=Visa&CardExpDate=12%2F30&TestMode=1&OperationType=Payment&InvoiceId=ORD-2026-000042&AccountId=user-18&Name=ANNA+P&Email=anna%40example.org&IpAddress=203.0.113.40&IpCountry=RU&Issuer=CloudPayments&IssuerBankCountry=RU&Description=ORD-2026-000042&Reason=InsufficientFunds&ReasonCode=5051";
const FAIL_HMAC: &str = "Gi27KybNnL6dzq664jcrgga8dT3M9pQNC0TzFtyQSrM=";

fn settings(url: &str) -> CloudpaymentsSettings {
    CloudpaymentsSettings {
        public_id: "test_api_fixture".to_owned(),
        api_secret: "fixture-api-secret".into(),
        older_secrets: Vec::new(),
        api_url: url.to_owned(),
        networks: Vec::new(),
        is_live: false,
        timeout: PATIENCE,
    }
}

async fn open() -> (Fake<CloudpaymentsShop>, Cloudpayments) {
    let fake = Fake::open(CloudpaymentsShop::default()).await;
    let provider = Cloudpayments::new(settings(&fake.url)).unwrap();
    (fake, provider)
}

fn operation(known: &PaymentRef, id: u64) -> PaymentRef {
    PaymentRef { operation_id: Some(id.to_string()), ..known.clone() }
}

#[tokio::test]
async fn a_payment_is_made_once_paid_and_given_back() {
    let (fake, provider) = open().await;
    let new = NewPayment { receipt: Some(receipt(149_005)), ..payment(roubles(149_005)) };
    let made = provider.create(&new).await.unwrap();
    assert_eq!(provider.create(&new).await.unwrap(), made);
    assert_eq!(fake.shop().orders.len(), 1);
    let known = reference(roubles(149_005), Some(&made.provider_id));
    assert_eq!(provider.query(&reference(roubles(149_005), None)).await, Err(ProviderError::NotFound));
    assert_eq!(provider.query(&known).await.unwrap().state, PaymentState::Pending, "nobody has tried the link");

    let id = fake.shop().attempt("Completed");
    let seen = provider.query(&known).await.unwrap();
    assert_eq!((seen.state, seen.operation_id.clone(), seen.provider_id), (PaymentState::Succeeded, Some(id.to_string()), known.provider_id.clone()));
    assert!(seen.amount.is(roubles(149_005)) && seen.number.as_deref() == Some(NUMBER), "kopecks stay exact");
    let known = operation(&known, id);

    let part = NewRefund { receipt: Some(receipt(49_005)), ..refund("key-2", known.clone(), 49_005) };
    let back = provider.refund(&part).await.unwrap();
    assert_eq!(provider.refund(&part).await.unwrap(), back, "the same id gives back once");
    assert_eq!(fake.shop().transactions.len(), 2);
    let of = RefundRef { provider_id: back.provider_id.clone(), payment: known.clone() };
    let found = provider.query_refund(&of).await.unwrap();
    assert_eq!((found.state, found.amount), (RefundState::Succeeded, Some(Amount { minor: 49_005, currency: "RUB".to_owned() })));
    let payment_itself = RefundRef { provider_id: id.to_string(), payment: known.clone() };
    assert_eq!(provider.query_refund(&payment_itself).await, Err(ProviderError::NotFound), "a payment is no refund");
    assert_eq!(final_code(provider.refund(&refund("key-3", known.clone(), 100_001)).await), "refused", "more than is left");
    let seen = provider.query(&PaymentRef { operation_id: None, ..known.clone() }).await.unwrap();
    assert_eq!(
        (seen.state, seen.operation_id),
        (PaymentState::Succeeded, Some(id.to_string())),
        "a refund that is found by number leads to its payment"
    );
}

#[tokio::test]
async fn a_declined_try_hides_no_paid_one() {
    let (fake, provider) = open().await;
    let made = provider.create(&payment(roubles(149_000))).await.unwrap();
    let known = reference(roubles(149_000), Some(&made.provider_id));
    let declined = fake.shop().attempt("Declined");
    let seen = provider.query(&known).await.unwrap();
    assert_eq!((seen.state, seen.operation_id, seen.reason.as_deref()), (PaymentState::Pending, None, Some("InsufficientFunds")));
    let paid = fake.shop().attempt("Completed");
    let seen = provider.query(&operation(&known, declined)).await.unwrap();
    assert_eq!((seen.state, seen.operation_id), (PaymentState::Succeeded, Some(paid.to_string())), "the paid one is found beside the declined one");
    fake.shop().attempt("Declined");
    assert_eq!(provider.query(&operation(&known, paid)).await.unwrap().state, PaymentState::Succeeded, "which a later decline hides from a search");
}

#[tokio::test]
async fn held_money_is_taken_or_let_go_and_a_link_is_closed() {
    let (fake, provider) = open().await;
    let held = NewPayment { is_two_stage: true, ..payment(roubles(149_000)) };
    let made = provider.create(&held).await.unwrap();
    let known = reference(roubles(149_000), Some(&made.provider_id));
    fake.shop().attempt("Authorized");
    assert_eq!(provider.query(&known).await.unwrap().state, PaymentState::WaitingForCapture);
    assert_eq!(provider.capture(&attempt("key-2"), &known, roubles(149_000)).await.unwrap().state, PaymentState::Succeeded);
    let id = fake.shop().attempt("Authorized");
    provider.cancel(&attempt("key-3"), &operation(&known, id), Stage::Held).await.unwrap();
    assert_eq!(provider.query(&operation(&known, id)).await.unwrap().state, PaymentState::Canceled);
    provider.cancel(&attempt("key-4"), &known, Stage::Unpaid).await.unwrap();
    assert_eq!(fake.shop().orders[0]["Status"], "Cancelled");
}

#[tokio::test]
async fn after_an_hour_what_was_made_is_looked_for() {
    let (fake, provider) = open().await;
    let mut new = payment(roubles(149_000));
    let made = provider.create(&new).await.unwrap();
    let known = reference(roubles(149_000), Some(&made.provider_id));
    let id = fake.shop().attempt("Completed");
    new.attempt = late("key-1", TimeDelta::minutes(51));
    assert_eq!(provider.create(&new).await, Err(ProviderError::KeyForgotten));
    let mut back = refund("key-2", operation(&known, id), 49_000);
    fake.be(Mood::Loses);
    assert!(is_again(provider.refund(&back).await));
    back.attempt = late("key-2", TimeDelta::hours(2));
    assert_eq!(provider.refund(&back).await.unwrap().state, RefundState::Succeeded, "it was made, and is known by our number");
    assert_eq!(fake.shop().transactions.len(), 2);
    back.number = "another".to_owned();
    assert_eq!(provider.refund(&back).await, Err(ProviderError::KeyForgotten), "whose the one that is there is nobody can tell");
    // Where nothing was given back the first call never arrived.
    let another = fake.shop().attempt("Completed");
    let mut first = refund("key-3", operation(&known, another), 100);
    fake.says(500, "");
    assert!(is_again(provider.refund(&first).await));
    first.attempt = late("key-3", TimeDelta::hours(2));
    assert_eq!(provider.refund(&first).await.unwrap().state, RefundState::Succeeded);
    assert_eq!(fake.shop().transactions.len(), 4);
}

#[tokio::test]
async fn errors_are_told_apart_and_tell_no_secret() {
    let (fake, provider) = open().await;
    let new = payment(roubles(149_000));
    for (status, body) in [(500, ""), (429, ""), (200, "<html>"), (200, r#"{"Success":true,"Message":null,"Model":null}"#)] {
        fake.says(status, body);
        assert!(is_again(provider.create(&new).await), "{status} {body}");
    }
    fake.be(Mood::Hangs);
    assert!(is_again(provider.create(&new).await));
    fake.says(401, "");
    assert!(matches!(provider.create(&new).await, Err(ProviderError::Settings(_))));
    fake.says(200, r#"{"Success":false,"Message":"wrong: fixture-api-secret"}"#);
    assert_eq!(final_code(provider.create(&new).await), "refused");
    let wrong = Cloudpayments::new(CloudpaymentsSettings { api_secret: "other".into(), ..settings(&fake.url) }).unwrap();
    assert!(matches!(wrong.create(&new).await, Err(ProviderError::Settings(_))));
    fake.be(Mood::Loses);
    assert!(is_again(provider.create(&new).await));
    provider.create(&new).await.unwrap();
    assert_eq!(fake.shop().orders.len(), 1);
}

#[tokio::test]
async fn tries_are_listed_day_by_day() {
    let (fake, provider) = open().await;
    let made = provider.create(&payment(roubles(149_000))).await.unwrap();
    let id = fake.shop().attempt("Completed");
    provider.refund(&refund("key-2", operation(&reference(roubles(149_000), Some(&made.provider_id)), id), 100)).await.unwrap();
    let (from, until) = (now() - TimeDelta::days(1), now() + TimeDelta::days(1));
    let (mut page, mut found, mut pages) = (None, Vec::new(), 0);
    loop {
        let listed = provider.list(from, until, page.as_deref()).await.unwrap();
        (pages, page) = (pages + 1, listed.next);
        found.extend(listed.payments);
        if page.is_none() {
            break;
        }
    }
    assert_eq!((pages, found.len()), (3, 1), "a refund is no payment");
    assert_eq!((found[0].state, found[0].number.as_deref()), (PaymentState::Succeeded, Some(NUMBER)));
    assert!(provider.list(now(), until, None).await.unwrap().payments.is_empty(), "made before");
}

fn signed<'a>(kind: &'a str, body: &str, hmac: &str) -> Post<'a> {
    let headers = vec![("content-type", "application/x-www-form-urlencoded".to_owned()), ("content-hmac", hmac.to_owned())];
    Post { kind: Some(kind), headers, body: body.as_bytes().to_vec(), ..Post::default() }
}

fn hmac(body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(b"fixture-api-secret").unwrap();
    mac.update(body.as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}

#[test]
fn signed_notifications_are_taken() {
    let provider = Cloudpayments::new(settings("http://127.0.0.1:1")).unwrap();
    let text = |text: &str| Some(text.to_owned());
    let taken = signed("pay", PAY, PAY_HMAC).to(&provider).unwrap();
    assert_eq!((taken.trust, taken.event_key.as_str(), taken.question.as_ref()), (Trust::Signed, "pay:897000042", None));
    let about = About { number: text("ORD-2026-000042"), operation_id: text("897000042"), ..About::default() };
    assert_eq!(taken.about, Some(about));
    let reply = provider.reply(&taken, Verdict::Taken);
    assert_eq!((reply.status.as_u16(), reply.content_type, reply.body), (200, "application/json", r#"{"code":0}"#));
    assert_eq!(provider.reply(&taken, Verdict::UnknownNumber).body, r#"{"code":0}"#, "else it comes a hundred times");
    assert_eq!(provider.reply(&taken, Verdict::Later).status, 503);

    let taken = signed("refund", BACK, BACK_HMAC).to(&provider).unwrap();
    let about = About { number: text("ORD-2026-000042"), operation_id: text("897000042"), refund_id: text("897000077"), ..About::default() };
    assert_eq!((taken.event_key.as_str(), taken.about), ("refund:897000077", Some(about)));
    assert_eq!(signed("fail", FAIL, FAIL_HMAC).to(&provider).unwrap().event_key, "fail:897000041");
    assert_eq!(signed("receipt", PAY, PAY_HMAC).to(&provider).unwrap().about, None, "of no concern");
    let json = r#"{"TransactionId":897000042,"Amount":1490.00,"InvoiceId":"ORD-2026-000042"}"#;
    let mut post = signed("confirm", json, &hmac(json));
    post.headers[0].1 = "application/json; charset=utf-8".to_owned();
    assert_eq!(post.to(&provider).unwrap().event_key, "confirm:897000042");
}

#[test]
fn questions_are_answered_by_codes() {
    let provider = Cloudpayments::new(settings("http://127.0.0.1:1")).unwrap();
    let asked = signed("check", CHECK, CHECK_HMAC).to(&provider).unwrap();
    let question = asked.question.as_ref().unwrap();
    assert_eq!((&question.amount, question.payer.as_deref()), (&Amount { minor: 149_000, currency: "RUB".to_owned() }, Some("user-18")));
    assert!(question.amount.is(roubles(149_000)) && asked.about.as_ref().unwrap().operation_id.is_none());
    for (verdict, code) in [
        (Verdict::Taken, 0),
        (Verdict::UnknownNumber, 10),
        (Verdict::OtherPayer, 11),
        (Verdict::OtherAmount, 12),
        (Verdict::NotPayable, 13),
        (Verdict::Expired, 20),
    ] {
        assert_eq!(provider.reply(&asked, verdict).body, format!(r#"{{"code":{code}}}"#));
    }
    for (from, to, code) in
        [("Amount=1490.00&C", "Amount=1490.001&C", 12), ("Amount=1490.00&C", "Amount=1e3&C", 12), ("TestMode=1", "TestMode=0", 13)]
    {
        let body = CHECK.replacen(from, to, 1);
        let refused = signed("check", &body, &hmac(&body)).to(&provider).expect_err("it is declined");
        assert_eq!((refused.reply.status.as_u16(), refused.reply.body.to_owned()), (200, format!(r#"{{"code":{code}}}"#)), "{to}");
    }
    let foreign = CHECK.replace("Currency=RUB", "Currency=EUR");
    let asked = signed("check", &foreign, &hmac(&foreign)).to(&provider).unwrap();
    assert!(!asked.question.as_ref().unwrap().amount.is(roubles(149_000)));
    assert!(asked.question.unwrap().amount.is(lectern::shared::money::Money { minor: 149_000, currency: Currency::Eur }));
}

#[test]
fn while_the_secret_is_changed_the_older_one_counts_too() {
    let changed = |older_secrets| {
        let own = CloudpaymentsSettings { api_secret: "fixture-newer-secret".into(), older_secrets, ..settings("http://127.0.0.1:1") };
        Cloudpayments::new(own).unwrap()
    };
    assert!(signed("pay", PAY, PAY_HMAC).to(&changed(vec!["fixture-api-secret".into()])).is_ok());
    assert_eq!(signed("pay", PAY, PAY_HMAC).refused(&changed(Vec::new())), 401);
}

#[test]
fn what_is_not_signed_rightly_is_refused() {
    let provider = Cloudpayments::new(settings("http://127.0.0.1:1")).unwrap();
    for (body, hmac) in [
        (PAY, ""),
        (PAY, "rubbish"),
        (PAY, &PAY_HMAC[..PAY_HMAC.len() - 4]),
        (PAY, CHECK_HMAC),
        (PAY, PAY_DECODED_HMAC),
        (&PAY[..PAY.len() - 1], PAY_HMAC),
        (&PAY.replace("1490.00", "1.00"), PAY_HMAC),
        (&PAY.replace('+', "%20"), PAY_HMAC),
        (&format!("{PAY}\n"), PAY_HMAC),
    ] {
        assert_eq!(signed("pay", body, hmac).refused(&provider), 401, "{hmac}");
    }
    let mut bare = signed("pay", PAY, PAY_HMAC);
    bare.headers[1] = ("x-content-hmac", PAY_DECODED_HMAC.to_owned());
    assert_eq!(bare.refused(&provider), 401, "the header over the decoded text counts for nothing");
    bare.headers.push(("content-hmac", CHECK_HMAC.to_owned()));
    bare.headers.push(("content-hmac", PAY_HMAC.to_owned()));
    assert_eq!(bare.refused(&provider), 401, "two signatures");
    let twice = format!("{PAY}&Amount=1.00");
    assert_eq!(signed("pay", &twice, &hmac(&twice)).refused(&provider), 400, "a field that stands twice");
    let nameless = "Amount=1.00";
    assert_eq!(signed("pay", nameless, &hmac(nameless)).refused(&provider), 400);
    for kind in [None, Some("paid"), Some("../pay"), Some("")] {
        assert_eq!(Post { kind, ..signed("pay", PAY, PAY_HMAC) }.refused(&provider), 404);
    }
    assert_eq!(Post { method: axum::http::Method::GET, ..signed("pay", PAY, PAY_HMAC) }.refused(&provider), 405);
    assert_eq!(signed("pay", &"a".repeat(10 << 20), PAY_HMAC).refused(&provider), 413);
    let networks = vec!["185.98.81.0/28".parse().unwrap()];
    let fixed = Cloudpayments::new(CloudpaymentsSettings { networks, ..settings("http://127.0.0.1:1") }).unwrap();
    assert_eq!(signed("pay", PAY, PAY_HMAC).refused(&fixed), 403);
    assert!(Post { peer: "185.98.81.3", ..signed("pay", PAY, PAY_HMAC) }.to(&fixed).is_ok());
}
