//! The providers' doors with the real adapters, each against its strict server: whatever comes that is wrong opens nothing and loses
//! nothing, and the provider gets the answer that its protocol wants.

use crate::providers::fake::Mood;
use crate::providers::market::{ALL, Call, Market, Till};
use crate::providers::news::{News, cloud, cloud_body, sberbank, stripe, stripe_body, yookassa};
use crate::support::database::{change, count, list, one};
use crate::support::payments::{PRINT_PRICE, bought_at, buy, how, work};
use axum::http::Method;
use lectern::features::payments::server::settling;
use serde_json::json;
use sqlx::PgPool;
use uuid::Uuid;

const STRANGER: &str = "0199a7c2-9999-7000-8000-000000000001";

fn paid(market: &Market, number: &str) -> Call {
    market.call(number, News::Paid).unwrap()
}

/// The task kinds of the order of a payment.
async fn tasks_of(pool: &PgPool, number: &str) -> Vec<String> {
    list(pool, &format!("select kind from payment_tasks where order_id = (select order_id from payments where id = '{number}') order by kind")).await
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn what_was_paid_opens_once_and_what_went_back_closes_once_at_every_provider(pool: PgPool) {
    for name in ALL {
        let market = Market::open(&pool, name).await;
        let number = bought_at(&market, &pool).await;
        let early = if market.call(&number, News::Paid).is_some() { paid(&market, &number).send(&market.app).await.status } else { 200 };
        work(&market.app).await;
        assert_eq!((early, how(&pool, &number).await), (200, ("pending".to_owned(), 0)), "{name}: a callback is no proof");
        market.pay(&number).await;
        for _ in 0..5 {
            assert_eq!(paid(&market, &number).send(&market.app).await.status, 200, "{name}");
            market.app.pass(20);
            work(&market.app).await;
        }
        // The page that was there first said nothing of the money; whoever asks next is told.
        settling::check(&market.app.ctx(), number.parse().unwrap()).await.unwrap();
        assert_eq!(how(&pool, &number).await, ("succeeded".to_owned(), 1), "{name}");
        let drawer = market.drawer(&number).await;
        assert_eq!((drawer.objects, drawer.paid, drawer.back), (1, PRINT_PRICE, 0), "{name}");

        let replay = paid(&market, &number);
        market.give_back(&number, PRINT_PRICE).await;
        for _ in 0..3 {
            if let Some(call) = market.call(&number, News::Refunded(0)) {
                assert_eq!(call.send(&market.app).await.status, 200, "{name}");
            }
            settling::check(&market.app.ctx(), number.parse().unwrap()).await.unwrap();
            work(&market.app).await;
        }
        assert_eq!(how(&pool, &number).await, ("refunded".to_owned(), 0), "{name}");
        replay.send(&market.app).await;
        work(&market.app).await;
        assert_eq!(how(&pool, &number).await, ("refunded".to_owned(), 0), "{name}: a recorded callback opens nothing again");
        let sum: i64 = one(&pool, &format!("select sum(amount_minor)::bigint from refunds where payment_id = '{number}'")).await;
        assert_eq!((sum, tasks_of(&pool, &number).await), (PRINT_PRICE, Vec::new()), "{name}");
    }
}

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

/// Changes what the provider says was paid.
async fn bend(market: &Market, pool: &PgPool, number: &str, off: i64, currency: &'static str) {
    let minor = PRINT_PRICE + off;
    let decimal = format!("{}.{:02}", minor / 100, minor % 100);
    match &market.till {
        Till::Yookassa(fake) => fake.shop().of(number).unwrap()["amount"] = json!({ "value": decimal, "currency": currency }),
        Till::Sberbank(fake) => {
            let mut shop = fake.shop();
            let order = shop.of(number).unwrap();
            order.amount = minor;
            order.currency = if currency == "RUB" { "643" } else { "978" };
        }
        Till::Cloudpayments(fake) => {
            let mut shop = fake.shop();
            let paid = shop.transactions.iter_mut().find(|found| found["InvoiceId"] == number).unwrap();
            paid["Amount"] = serde_json::from_str(&decimal).unwrap();
            paid["Currency"] = currency.into();
        }
        Till::Stripe(fake) => {
            let mut shop = fake.shop();
            let session = shop.of(number).unwrap();
            let intent = shop.intent_of(session).unwrap();
            intent["amount_received"] = minor.into();
            intent["currency"] = currency.to_lowercase().into();
        }
        Till::Sandbox => {
            change(pool, &format!("update sandbox_payments set amount_minor = {minor}, currency = '{currency}' where number = '{number}'")).await;
        }
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_kopeck_off_and_another_currency_open_nothing_at_every_provider(pool: PgPool) {
    for name in ALL {
        let market = Market::open(&pool, name).await;
        for (off, currency) in [(-1, "RUB"), (1, "RUB"), (0, "EUR")] {
            let number = bought_at(&market, &pool).await;
            market.pay(&number).await;
            bend(&market, &pool, &number, off, currency).await;
            for _ in 0..2 {
                assert_eq!(paid(&market, &number).send(&market.app).await.status, 200, "{name}: it is acknowledged");
                work(&market.app).await;
            }
            assert_eq!(how(&pool, &number).await, ("needs_review".to_owned(), 0), "{name} {off} {currency}");
            assert_eq!(tasks_of(&pool, &number).await, ["disagrees"], "{name} {off} {currency}");
        }
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_callback_that_is_faster_than_the_providers_answer_is_not_lost(pool: PgPool) {
    for name in ALL {
        let market = Market::open(&pool, name).await;
        if name == "sandbox" {
            continue;
        }
        market.be(Mood::Loses);
        let number = bought_at(&market, &pool).await;
        assert_eq!(how(&pool, &number).await.0, "created", "{name}: nobody knows yet");
        market.pay(&number).await;
        assert_eq!(paid(&market, &number).send(&market.app).await.status, 200, "{name}");
        work(&market.app).await;
        assert_eq!((how(&pool, &number).await, market.drawer(&number).await.objects), (("succeeded".to_owned(), 1), 1), "{name}");
        market.app.pass(600);
        work(&market.app).await;
        assert_eq!((how(&pool, &number).await, market.drawer(&number).await.objects), (("succeeded".to_owned(), 1), 1), "{name}: nor made anew");
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_payment_that_succeeds_after_a_decline_is_not_lost_at_any_provider(pool: PgPool) {
    for name in ALL {
        let market = Market::open(&pool, name).await;
        let number = bought_at(&market, &pool).await;
        market.decline(&number).await;
        let declined = market.call(&number, News::Declined).unwrap();
        assert_eq!(declined.send(&market.app).await.status, 200, "{name}");
        work(&market.app).await;
        let (state, open) = how(&pool, &number).await;
        assert!(open == 0 && matches!(state.as_str(), "pending" | "failed"), "{name} {state}");
        market.pay(&number).await;
        assert_eq!(paid(&market, &number).send(&market.app).await.status, 200, "{name}");
        work(&market.app).await;
        assert_eq!(how(&pool, &number).await, ("succeeded".to_owned(), 1), "{name}");
        // The decline comes again, late.
        declined.send(&market.app).await;
        work(&market.app).await;
        assert_eq!(how(&pool, &number).await, ("succeeded".to_owned(), 1), "{name}");
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_refund_before_the_success_brings_both(pool: PgPool) {
    for name in ["yookassa", "sberbank", "cloudpayments", "stripe"] {
        let market = Market::open(&pool, name).await;
        let number = bought_at(&market, &pool).await;
        market.pay(&number).await;
        market.give_back(&number, 1_000_001).await;
        assert_eq!(market.call(&number, News::Refunded(0)).unwrap().send(&market.app).await.status, 200, "{name}");
        work(&market.app).await;
        assert_eq!(how(&pool, &number).await, ("partially_refunded".to_owned(), 1), "{name}");
        let sum: i64 =
            one(&pool, &format!("select sum(amount_minor)::bigint from refunds where payment_id = '{number}' and state = 'succeeded'")).await;
        assert_eq!(sum, 1_000_001, "{name}");
    }
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
async fn test_money_and_other_shops_open_nothing(pool: PgPool) {
    let market = Market::open(&pool, "yookassa").await;
    let Till::Yookassa(fake) = &market.till else { unreachable!() };
    for (field, value) in [("test", json!(false)), ("recipient", json!({ "account_id": "100501", "gateway_id": "1" }))] {
        let number = bought_at(&market, &pool).await;
        market.pay(&number).await;
        fake.shop().of(&number).unwrap()[field] = value;
        paid(&market, &number).send(&market.app).await;
        work(&market.app).await;
        assert_eq!(
            (how(&pool, &number).await, tasks_of(&pool, &number).await),
            (("needs_review".to_owned(), 0), vec!["disagrees".to_owned()]),
            "{field}"
        );
    }
    let market = Market::open(&pool, "cloudpayments").await;
    let Till::Cloudpayments(fake) = &market.till else { unreachable!() };
    for (field, value) in [("TestMode", json!(false)), ("PublicId", json!("pk_of_another"))] {
        let number = bought_at(&market, &pool).await;
        market.pay(&number).await;
        let call = paid(&market, &number);
        fake.shop().transactions.last_mut().unwrap()[field] = value;
        call.send(&market.app).await;
        work(&market.app).await;
        assert_eq!(
            (how(&pool, &number).await, tasks_of(&pool, &number).await),
            (("needs_review".to_owned(), 0), vec!["disagrees".to_owned()]),
            "{field}"
        );
    }
    let market = Market::open(&pool, "stripe").await;
    let Till::Stripe(fake) = &market.till else { unreachable!() };
    let number = bought_at(&market, &pool).await;
    market.pay(&number).await;
    let call = paid(&market, &number);
    let live = String::from_utf8(call.body.clone()).unwrap().replace("\"livemode\":false", "\"livemode\":true");
    assert_eq!(stripe_body(live, market.app.now().timestamp()).send(&market.app).await.status, 400);
    {
        let mut shop = fake.shop();
        let session = shop.of(&number).unwrap();
        shop.intent_of(session).unwrap()["livemode"] = true.into();
    }
    call.send(&market.app).await;
    work(&market.app).await;
    assert_eq!(how(&pool, &number).await, ("needs_review".to_owned(), 0));
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

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_cheap_payment_with_an_expensive_number_opens_nothing(pool: PgPool) {
    let market = Market::open(&pool, "stripe").await;
    let Till::Stripe(fake) = &market.till else { unreachable!() };
    let number = bought_at(&market, &pool).await;
    // Somebody paid a page of their own with our number on it.
    let foreign = {
        let mut shop = fake.shop();
        let mut session = shop.sessions.last().unwrap().clone();
        session["id"] = "cs_test_foreign".into();
        session["amount_total"] = 100.into();
        shop.sessions.push(session);
        let last = shop.sessions.len() - 1;
        shop.attempt_on(last, "succeeded");
        let session = shop.sessions[last].clone();
        stripe("checkout.session.completed", "evt_foreign", &session, market.app.now().timestamp())
    };
    assert_eq!(foreign.send(&market.app).await.status, 200);
    work(&market.app).await;
    assert_eq!(how(&pool, &number).await.1, 0);
    let own: Uuid = number.parse().unwrap();
    settling::check(&market.app.ctx(), own).await.unwrap();
    assert_eq!(how(&pool, &number).await, ("pending".to_owned(), 0), "the page that we made is the one that counts");
    assert_eq!(buy(&mut market.app.visitor(), "stripe", "another@example.com", 99).await.status, 303);
}
