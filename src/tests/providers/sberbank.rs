//! Sberbank's adapter, in both dialects.

use super::fake::{Fake, Mood};
use super::sberbank_shop::SberbankShop;
use super::{NUMBER, PATIENCE, Post, REFUND, attempt, final_code, is_again, payment, receipt, reference, refund, roubles};
use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA512};
use axum::http::Method;
use lectern::features::payments::server::providers::sberbank::Sberbank;
use lectern::features::payments::server::providers::{
    About, NewPayment, NewRefund, PaymentState, Provider, ProviderError, RefundRef, RefundState, Stage, Trust, Verdict,
};
use lectern::server::config::payments::{Dialect, SberbankCredentials, SberbankSettings};

const DIALECTS: [Dialect; 2] = [Dialect::Ecommerce, Dialect::Rbs];
const ORDER: &str = "7a1c0d52-9b3e-7f40-8c11-5d2e00b6a9f1";
/// The specification's signed callback.
const SIGNED: &str = "mdOrder=7a1c0d52-9b3e-7f40-8c11-5d2e00b6a9f1&orderNumber=ORD-2026-000042-1&operation=deposited&status=1&amount=149000&checksum=C0D41A378EF01F6620F830238F13B8C025AF072CF4470D6B6D022C5A7811FEEE";

fn settings(url: &str, dialect: Dialect) -> SberbankSettings {
    SberbankSettings {
        credentials: SberbankCredentials::Password("school-api".to_owned(), "fixture-password".into()),
        dialect,
        api_url: format!("{url}/rest"),
        authorities: Vec::new(),
        callback_secrets: Vec::new(),
        callback_key: None,
        is_ffd_1_2: true,
        is_receipt_type_lower: false,
        seller: None,
        timeout: PATIENCE,
    }
}

async fn open(dialect: Dialect) -> (Fake<SberbankShop>, Sberbank) {
    let fake = Fake::open(SberbankShop::new(dialect == Dialect::Rbs)).await;
    let provider = Sberbank::new(settings(&fake.url, dialect)).unwrap();
    (fake, provider)
}

#[tokio::test]
async fn a_payment_is_made_once_paid_and_given_back() {
    for (dialect, shrinks) in [(Dialect::Ecommerce, false), (Dialect::Rbs, true)] {
        let (fake, provider) = open(dialect).await;
        fake.shop().shrinks = shrinks;
        let new = NewPayment { receipt: Some(receipt(149_000)), ..payment(roubles(149_000)) };
        let made = provider.create(&new).await.unwrap();
        assert!(made.redirect_url.as_ref().unwrap().starts_with("https://"), "{made:?}");
        let again = provider.create(&new).await.unwrap();
        assert_eq!((again.provider_id.as_str(), again.redirect_url), (made.provider_id.as_str(), None), "the page's address is told once");
        assert_eq!(fake.shop().orders.len(), 1);

        let known = reference(roubles(149_000), Some(&made.provider_id));
        assert_eq!(provider.query(&known).await.unwrap().state, PaymentState::Pending);
        fake.shop().pay();
        let seen = provider.query(&reference(roubles(149_000), None)).await.unwrap();
        assert_eq!((seen.state, seen.provider_id.as_ref()), (PaymentState::Succeeded, Some(&made.provider_id)), "by number");
        assert!(seen.amount.is(roubles(149_000)) && seen.number.as_deref() == Some(NUMBER) && seen.strangeness.is_none());

        let part = NewRefund { receipt: Some(receipt(100_000)), ..refund("key-2", known.clone(), 100_000) };
        let back = provider.refund(&part).await.unwrap();
        assert_eq!((back.provider_id.as_str(), back.state), (REFUND, RefundState::Succeeded));
        provider.refund(&part).await.unwrap();
        assert_eq!(fake.shop().orders[0].refunds.len(), 1, "the same refund gives back once");
        let seen = provider.query(&known).await.unwrap();
        assert_eq!((seen.state, seen.refunded_minor), (PaymentState::PartiallyRefunded, Some(100_000)), "status 4 is not all of it");
        let mut rest = refund("key-3", known.clone(), 49_001);
        rest.number = "refund-2".to_owned();
        assert_eq!(final_code(provider.refund(&rest).await), "5", "more than is left");
        rest.amount = roubles(49_000);
        provider.refund(&rest).await.unwrap();
        assert_eq!(provider.query(&known).await.unwrap().state, PaymentState::Refunded);

        let of = RefundRef { provider_id: REFUND.to_owned(), payment: known };
        assert_eq!(provider.query_refund(&of).await, Err(ProviderError::Unsupported));
        assert_eq!(provider.list(super::now(), super::now(), None).await, Err(ProviderError::Unsupported));
    }
}

#[tokio::test]
async fn held_money_is_taken_or_let_go_and_an_unpaid_page_is_closed() {
    for dialect in DIALECTS {
        let (fake, provider) = open(dialect).await;
        let known = |number: &str, id: &str| lectern::features::payments::server::providers::PaymentRef {
            number: number.to_owned(),
            ..reference(roubles(149_000), Some(id))
        };
        for number in ["take", "let-go", "close"] {
            let mut new = payment(roubles(149_000));
            (new.is_two_stage, new.number) = (number != "close", number.to_owned());
            let made = provider.create(&new).await.unwrap();
            let known = known(number, &made.provider_id);
            if number == "close" {
                provider.cancel(&attempt("k"), &known, Stage::Unpaid).await.unwrap();
                assert_eq!(provider.query(&known).await.unwrap().state, PaymentState::Failed);
                continue;
            }
            fake.shop().pay();
            assert_eq!(provider.query(&known).await.unwrap().state, PaymentState::WaitingForCapture);
            if number == "take" {
                fake.be(Mood::Loses);
                let seen = provider.capture(&attempt("k"), &known, roubles(149_000)).await.unwrap();
                assert_eq!(seen.state, PaymentState::Succeeded, "the lost answer is asked for");
                assert_eq!(provider.capture(&attempt("k"), &known, roubles(149_000)).await.unwrap().state, PaymentState::Succeeded, "twice is once");
            } else {
                provider.cancel(&attempt("k"), &known, Stage::Held).await.unwrap();
                assert_eq!(provider.query(&known).await.unwrap().state, PaymentState::Canceled);
            }
        }
    }
}

#[tokio::test]
async fn errors_are_told_apart_and_tell_no_password() {
    for dialect in DIALECTS {
        let (fake, provider) = open(dialect).await;
        let new = payment(roubles(149_000));
        for (status, body) in [(500, ""), (429, ""), (200, "<html>"), (200, r#"{"errorCode":"7","errorMessage":"fixture-password"}"#), (200, "{}")] {
            fake.says(status, body);
            assert!(is_again(provider.create(&new).await), "{status} {body}");
        }
        fake.be(Mood::Hangs);
        assert!(is_again(provider.create(&new).await));
        for (status, body) in [(404, "<html>"), (405, ""), (401, ""), (200, r#"{"errorCode":2,"errorMessage":"fixture-password"}"#)] {
            fake.says(status, body);
            assert!(matches!(provider.create(&new).await, Err(ProviderError::Settings(words)) if !words.contains("fixture")), "{status} {body}");
        }
        for code in ["3", "4", "5", "8"] {
            fake.says(200, &format!(r#"{{"errorCode":"{code}","errorMessage":"fixture-password"}}"#));
            assert_eq!(final_code(provider.create(&new).await), code);
        }
        assert_eq!(provider.query(&reference(roubles(1), Some("absent"))).await, Err(ProviderError::NotFound));
        let mut odd = new.clone();
        odd.amount.currency = lectern::shared::money::Currency::Eur;
        assert_eq!(final_code(provider.create(&odd).await), "3", "a currency that the shop does not take");
        fake.be(Mood::Loses);
        assert!(is_again(provider.create(&new).await));
        let made = provider.create(&new).await.unwrap();
        assert_eq!((fake.shop().orders.len(), made.redirect_url), (1, None), "the lost order is the one");
    }
}

fn query(query: &str) -> Post<'_> {
    Post { method: Method::GET, query, ..Post::default() }
}

fn form(body: &str) -> Post<'_> {
    let headers = vec![("content-type", "application/x-www-form-urlencoded; charset=UTF-8".to_owned())];
    Post { headers, body: body.as_bytes().to_vec(), ..Post::default() }
}

#[test]
fn checksums_are_checked_over_whatever_comes() {
    // Two while one is changed.
    let callback_secrets = vec!["fixture-newer-secret".into(), "fixture-callback-secret".into()];
    let provider = Sberbank::new(SberbankSettings { callback_secrets, ..settings("http://127.0.0.1:1", Dialect::Rbs) }).unwrap();
    for post in
        [query(SIGNED), form(SIGNED), query(&SIGNED.to_lowercase().replace("mdorder", "mdOrder").replace("ordernumber=ord", "orderNumber=ORD"))]
    {
        let taken = post.to(&provider).unwrap();
        assert_eq!((taken.trust, taken.event.as_str()), (Trust::Signed, "deposited:1"));
        assert_eq!(taken.event_key, format!("{ORDER}:deposited:1:"));
        let about = About { number: Some("ORD-2026-000042-1".to_owned()), provider_id: Some(ORDER.to_owned()), ..About::default() };
        assert_eq!(taken.about, Some(about));
        assert_eq!(provider.reply(&taken, Verdict::Taken).status, 200);
    }
    // The order of the parameters and the certificate's name are not signed.
    let turned = SIGNED.split('&').rev().collect::<Vec<_>>().join("&") + "&sign_alias=SHA-256";
    assert!(query(&turned).to(&provider).is_ok());
    let unsigned = SIGNED.split("&checksum").next().unwrap();
    for (wrong, status) in [
        (unsigned.to_owned(), 403),
        (format!("{unsigned}&checksum="), 403),
        (format!("{unsigned}&checksum=zz"), 403),
        (SIGNED[..SIGNED.len() - 2].to_owned(), 403),
        (SIGNED.replace("amount=149000", "amount=100"), 403),
        (SIGNED.replace("status=1", "status=0"), 403),
        (format!("{SIGNED}&note=new"), 403),
        (format!("{SIGNED}&amount=149000"), 400),
        (format!("{SIGNED}&checksum=00"), 400),
        (String::new(), 403),
    ] {
        assert_eq!(query(&wrong).refused(&provider), status, "{wrong}");
        assert_eq!(form(&wrong).refused(&provider), status, "{wrong}");
    }
    let json = Post { headers: vec![("content-type", "application/json".to_owned())], body: b"{}".to_vec(), ..Post::default() };
    assert_eq!(json.refused(&provider), 403, "the old gateway sends no JSON");
    assert_eq!(Post { method: Method::PUT, ..Post::default() }.refused(&provider), 405);
    assert_eq!(form(&"a=b&".repeat(4 << 20)).refused(&provider), 413);
}

#[test]
fn asymmetric_checksums_need_the_banks_key() {
    let pair = KeyPair::generate(KeySize::Rsa2048).unwrap();
    let text = format!("mdOrder;{ORDER};operation;refunded;orderNumber;N-1;status;1;");
    let mut signature = vec![0; pair.public_modulus_len()];
    pair.sign(&RSA_PKCS1_SHA512, &SystemRandom::new(), text.as_bytes(), &mut signature).unwrap();
    let signed = format!("mdOrder={ORDER}&operation=refunded&orderNumber=N-1&status=1&checksum={}", hex::encode_upper(&signature));
    let key = |key: Vec<u8>| Sberbank::new(SberbankSettings { callback_key: Some(key), ..settings("http://127.0.0.1:1", Dialect::Rbs) }).unwrap();
    let public: aws_lc_rs::encoding::PublicKeyX509Der<'_> = pair.public_key().as_der().unwrap();
    let provider = key(public.as_ref().to_vec());
    assert_eq!(query(&signed).to(&provider).unwrap().trust, Trust::Signed);
    assert_eq!(query(&signed.replace("status=1", "status=0")).refused(&provider), 403);
    assert_eq!(query(SIGNED).refused(&provider), 403, "a checksum of the other kind");
    let other = KeyPair::generate(KeySize::Rsa2048).unwrap();
    let other: aws_lc_rs::encoding::PublicKeyX509Der<'_> = other.public_key().as_der().unwrap();
    assert_eq!(query(&signed).refused(&key(other.as_ref().to_vec())), 403);
    assert_eq!(query(&signed).refused(&key(b"rubbish".to_vec())), 403);
}

#[test]
fn callbacks_without_a_checksum_are_hints() {
    let provider = Sberbank::new(settings("http://127.0.0.1:1", Dialect::Ecommerce)).unwrap();
    let json = |body: &str| Post {
        headers: vec![("content-type", "application/json; charset=utf-8".to_owned())],
        body: body.as_bytes().to_vec(),
        ..Post::default()
    };
    let told =
        format!(r#"{{"mdOrder": "{ORDER}", "orderNumber": "ORD-2026-000042-1", "operation": "deposited", "status": 1, "additionalParams": {{}}}}"#);
    let taken = json(&told).to(&provider).unwrap();
    assert_eq!((taken.trust, taken.event_key), (Trust::Hint, format!("{ORDER}:deposited:1:")));
    assert_eq!(query(SIGNED).to(&provider).unwrap().trust, Trust::Hint, "a checksum that nobody can check");
    let card = told.replace("deposited", "bindingCreated");
    assert_eq!(json(&card).to(&provider).unwrap().about, None, "stored cards are of no concern");
    for body in [
        "",
        "{",
        "[]",
        "null",
        r#"{"mdOrder": "../x", "operation": "deposited", "status": 1}"#,
        r#"{"operation": "deposited", "status": 1}"#,
        "{\"mdOrder\": \"a\"}",
    ] {
        assert_eq!(json(body).refused(&provider), 400, "{body}");
    }
}
