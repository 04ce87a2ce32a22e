//! Money at the real adapters, each against its strict server: what was paid opens once, in whatever order it is told; what does not
//! agree opens nothing and loses nothing.

use crate::providers::fake::Mood;
use crate::providers::market::{ALL, Market, Till};
use crate::providers::news::{News, paid, stripe, stripe_body};
use crate::support::database::{change, list, one};
use crate::support::payments::{PRINT_PRICE, bought_at, buy, how, work};
use lectern::features::payments::server::settling;
use serde_json::json;
use sqlx::PgPool;
use uuid::Uuid;

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
