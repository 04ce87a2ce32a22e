//! The providers' doors with the real adapters, each against its strict server: who is heard there and who is not, and that the provider
//! gets the answer that its protocol wants. What money then does is in `payments_money`.

use crate::providers::market::{ALL, Call, Market};
use crate::providers::news::{cloud, cloud_body, paid, sberbank, stripe, stripe_body, yookassa};
use crate::support::database::count;
use crate::support::payments::{bought_at, how, work};
use axum::http::Method;
use serde_json::json;
use sqlx::PgPool;

const STRANGER: &str = "0199a7c2-9999-7000-8000-000000000001";

/// Wrong, missing, truncated and borrowed signatures.
fn forged(call: &Call) -> Vec<Call> {
    let change_path = |path: String| Call { path, ..call.clone() };
    let change_body = |body: Vec<u8>| Call { body, ..call.clone() };
    let change_header = |name: &'static str, value: String| {
        let headers = call.headers.iter().map(|(known, old)| (*known, if *known == name { value.clone() } else { old.clone() })).collect();
        Call { headers, ..call.clone() }
    };
    let Some((name, signature)) = call.headers.iter().find(|(name, _)| matches!(*name, "content-hmac" | "stripe-signature")) else {
        if let Some((bare, checksum)) = call.path.split_once("&checksum=") {
            let turned = checksum.replacen(|c: char| c.is_ascii_digit(), "A", 1);
            return vec![
                change_path(bare.to_owned()),
                change_path(format!("{bare}&checksum={}", &checksum[..32])),
                change_path(format!("{bare}&checksum={turned}")),
                change_path(call.path.replace("status=1", "status=0")),
                change_path(format!("{bare}&note=1&checksum={checksum}")),
            ];
        }
        // The sandbox's notices are signed inside.
        let text = String::from_utf8(call.body.clone()).unwrap();
        let (rest, mark) = text.rsplit_once('.').unwrap();
        return vec![
            change_body(Vec::new()),
            change_body(rest.as_bytes().to_vec()),
            change_body(format!("{rest}.").into_bytes()),
            change_body(format!("{rest}.{}", &mark[..20]).into_bytes()),
            change_body(text.replacen("eyJ", "eyK", 1).into_bytes()),
        ];
    };
    let last = call.body.len() - 1;
    let mut turned = call.body.clone();
    turned[last] ^= 1;
    let without = call.headers.iter().filter(|(known, _)| known != name).cloned().collect();
    vec![
        Call { headers: without, ..call.clone() },
        change_header(name, signature[..signature.len() - 3].to_owned()),
        change_header(name, format!("{}{signature}", &signature[..1])),
        change_header(name, "0".repeat(64)),
        change_body(turned),
        change_body(call.body[..last].to_vec()),
        change_body([&call.body[..], b"\n"].concat()),
        change_body([&b"\xef\xbb\xbf"[..], &call.body[..]].concat()),
        change_body(String::from_utf8_lossy(&call.body).encode_utf16().flat_map(u16::to_le_bytes).collect()),
        change_body(String::from_utf8_lossy(&call.body).replace('-', "%2D").into_bytes()),
    ]
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn what_is_not_signed_rightly_is_refused_and_leaves_nothing(pool: PgPool) {
    for (name, refusal) in [("sberbank", 403), ("cloudpayments", 401), ("stripe", 400), ("sandbox", 401)] {
        let market = Market::open(&pool, name).await;
        let number = bought_at(&market, &pool).await;
        market.pay(&number).await;
        let kept = count(&pool, "payment_callbacks").await;
        for call in forged(&paid(&market, &number)) {
            let answer = call.send(&market.app).await;
            assert_eq!((answer.status, answer.text().as_str()), (refusal, "refused"), "{name} {call:?}");
            assert!(answer.header("content-type").starts_with("text/plain") && answer.header("location").is_empty(), "{name}");
            assert!(answer.header("set-cookie").is_empty() && answer.header("cache-control") == "no-store", "{name}");
        }
        work(&market.app).await;
        assert_eq!((how(&pool, &number).await, count(&pool, "payment_callbacks").await), (("pending".to_owned(), 0), kept), "{name}");
        assert_eq!(paid(&market, &number).send(&market.app).await.status, 200, "{name}: the right one is taken");
        work(&market.app).await;
        assert_eq!(how(&pool, &number).await, ("succeeded".to_owned(), 1), "{name}");
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn bodies_that_cannot_be_read_are_refused_though_they_are_signed(pool: PgPool) {
    let market = Market::open(&pool, "cloudpayments").await;
    let form = "application/x-www-form-urlencoded";
    let wide: Vec<u8> = "TransactionId=1&InvoiceId=2".encode_utf16().flat_map(u16::to_le_bytes).collect();
    for call in [
        cloud_body("pay", wide, form),
        cloud_body("pay", "", form),
        cloud_body("pay", "{", "application/json"),
        cloud_body("pay", "[]", "application/json"),
        cloud_body("pay", b"\xff\xfe\x00".to_vec(), "application/json"),
        cloud_body("check", "TransactionId=1&TransactionId=2&Amount=1.00&Currency=RUB&TestMode=1", form),
    ] {
        assert_eq!(call.send(&market.app).await.status, 400, "{call:?}");
    }
    let market = Market::open(&pool, "stripe").await;
    let time = market.app.now().timestamp();
    let wide: Vec<u8> = "{\"id\":\"evt_1\"}".encode_utf16().flat_map(u16::to_le_bytes).collect();
    for body in [wide, b"{".to_vec(), b"null".to_vec(), b"\x1f\x8b\x08".to_vec()] {
        assert_eq!(stripe_body(body.clone(), time).send(&market.app).await.status, 400, "{body:?}");
    }
    for seconds in [-301, 301, -86_400] {
        let old = stripe("payment_intent.succeeded", "evt_old", &json!({ "id": "pi_1" }), time + seconds);
        assert_eq!(old.send(&market.app).await.status, 400, "recorded {seconds} s ago");
    }
    for name in ["yookassa", "sberbank-new"] {
        let market = Market::open(&pool, name).await;
        let number = bought_at(&market, &pool).await;
        let right = paid(&market, &number);
        let wide: Vec<u8> = String::from_utf8_lossy(&right.body).encode_utf16().flat_map(u16::to_le_bytes).collect();
        for body in [wide, right.body[..right.body.len() - 1].to_vec(), b"\x1f\x8b\x08".to_vec(), Vec::new()] {
            assert_eq!(Call { body: body.clone(), ..right.clone() }.send(&market.app).await.status, 400, "{name} {body:?}");
        }
    }
    assert_eq!((count(&pool, "payment_callbacks").await, count(&pool, "payment_tasks").await), (0, 0));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn unknown_payments_are_put_aside_and_cannot_be_probed(pool: PgPool) {
    let pairs = [("mdOrder", "7a1c0d52-0000"), ("orderNumber", STRANGER), ("operation", "deposited"), ("status", "1")];
    for name in ["sberbank", "cloudpayments", "stripe"] {
        let market = Market::open(&pool, name).await;
        let (tasks, time) = (count(&pool, "payment_tasks").await, market.app.now().timestamp());
        let call = match name {
            "sberbank" => sberbank(true, &pairs),
            "cloudpayments" => cloud("pay", &[("TransactionId", "1"), ("Amount", "1.00"), ("Currency", "RUB"), ("InvoiceId", STRANGER)]),
            _ => stripe("checkout.session.completed", "evt_stranger", &json!({ "id": "cs_stranger", "client_reference_id": STRANGER }), time),
        };
        for _ in 0..3 {
            let answer = call.send(&market.app).await;
            assert_eq!(answer.status, 200, "{name}: else it comes a hundred times");
            assert_eq!(answer.text(), if name == "cloudpayments" { r#"{"code":0}"# } else { "ok" });
        }
        assert_eq!(count(&pool, "payment_tasks").await, tasks + 1, "{name}: somebody looks, once");
    }
    for name in ["yookassa", "sberbank-new"] {
        let market = Market::open(&pool, name).await;
        let number = bought_at(&market, &pool).await;
        let kept = count(&pool, "payment_callbacks").await;
        let object = json!({ "id": "30b1-stranger", "status": "succeeded", "metadata": { "number": STRANGER } });
        let unknown = if name == "yookassa" { yookassa("payment.succeeded", &object) } else { sberbank(false, &pairs) };
        let (unknown, known) = (unknown.send(&market.app).await, paid(&market, &number).send(&market.app).await);
        assert_eq!((unknown.status, unknown.text()), (known.status, known.text()), "{name}");
        assert_eq!(count(&pool, "payment_callbacks").await, kept + 1, "{name}: of the unknown nothing is kept");
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_question_is_answered_from_our_own_rows(pool: PgPool) {
    let market = Market::open(&pool, "cloudpayments").await;
    let number = bought_at(&market, &pool).await;
    let ask = |number: &str, amount: &str, currency: &str, mode: &str| {
        cloud("check", &[("TransactionId", "1"), ("Amount", amount), ("Currency", currency), ("TestMode", mode), ("InvoiceId", number)])
    };
    for (call, code) in [
        (ask(&number, "49900.00", "RUB", "1"), 0),
        (ask(&number, "49900", "RUB", "1"), 0),
        (ask(&number, "49899.99", "RUB", "1"), 12),
        (ask(&number, "49900.01", "RUB", "1"), 12),
        (ask(&number, "49900.00", "EUR", "1"), 12),
        (ask(&number, "49900.00", "RUB", "0"), 13),
        (ask(STRANGER, "49900.00", "RUB", "1"), 10),
        (ask("x'; drop table orders", "49900.00", "RUB", "1"), 10),
    ] {
        let answer = call.send(&market.app).await;
        assert_eq!((answer.status, answer.text()), (200, format!(r#"{{"code":{code}}}"#)), "{call:?}");
    }
    market.pay(&number).await;
    paid(&market, &number).send(&market.app).await;
    work(&market.app).await;
    let again = ask(&number, "49900.00", "RUB", "1").send(&market.app).await;
    assert_eq!(again.text(), r#"{"code":13}"#, "it is paid");
    assert_eq!(count(&pool, "payment_callbacks").await, 1, "questions are not kept");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_body_of_ten_megabytes_is_not_read(pool: PgPool) {
    let body = vec![b'a'; 10 << 20];
    for name in ALL {
        let market = Market::open(&pool, name).await;
        let path = if name == "cloudpayments" { "/webhooks/cloudpayments/pay".to_owned() } else { format!("/webhooks/{}", market.name()) };
        let call = Call { method: Method::POST, path, headers: Vec::new(), body: body.clone() };
        assert_eq!(call.send(&market.app).await.status, 413, "{name}");
    }
    assert_eq!(count(&pool, "payment_callbacks").await, 0);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn where_addresses_are_fixed_nobody_else_is_heard(pool: PgPool) {
    for (name, setting) in [("yookassa", "YOOKASSA_ADDRESSES"), ("cloudpayments", "CLOUDPAYMENTS_ADDRESSES")] {
        let market = Market::open_with(&pool, name, &[(setting, "185.71.76.0/27"), ("TRUSTED_PROXIES", "10.0.0.1")]).await;
        let number = bought_at(&market, &pool).await;
        market.pay(&number).await;
        let call = paid(&market, &number);
        assert_eq!(call.send(&market.app).await.status, 403, "{name}");
        let mut pretender = call.clone();
        pretender.headers.push(("x-forwarded-for", "185.71.76.1".to_owned()));
        assert_eq!(pretender.send(&market.app).await.status, 403, "{name}: who says so is no proxy of ours");
        work(&market.app).await;
        assert_eq!(how(&pool, &number).await, ("pending".to_owned(), 0), "{name}");
        assert_eq!(pretender.send_from(&market.app, [10, 0, 0, 1]).await.status, 200, "{name}: our proxy does know");
        assert_eq!(call.send_from(&market.app, [185, 71, 76, 1]).await.status, 200, "{name}");
        work(&market.app).await;
        assert_eq!(how(&pool, &number).await, ("succeeded".to_owned(), 1), "{name}");
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn who_knocks_without_a_key_waits_and_the_provider_does_not(pool: PgPool) {
    let market = Market::open(&pool, "stripe").await;
    let number = bought_at(&market, &pool).await;
    market.pay(&number).await;
    let call = paid(&market, &number);
    let bare = Call { headers: Vec::new(), ..call.clone() };
    let mut statuses = Vec::new();
    for _ in 0..101 {
        statuses.push(bare.send(&market.app).await.status);
    }
    assert_eq!((statuses[99], statuses[100]), (400, 429));
    assert_eq!(call.send(&market.app).await.status, 200, "even from the same address");
    work(&market.app).await;
    assert_eq!(how(&pool, &number).await, ("succeeded".to_owned(), 1));
}
