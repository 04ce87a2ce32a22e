//! Crowds at the providers' doors: one provider that hangs keeps no other's buyers waiting, and whoever makes noise makes no work.

use crate::providers::fake::Mood;
use crate::providers::market::{Market, Till};
use crate::providers::news::{News, sberbank, yookassa};
use crate::support::database::{change, count, list};
use crate::support::payments::{bought_at, buy, how, work};
use lectern::features::payments::server::reconciling;
use lectern::server::jobs;
use serde_json::json;
use sqlx::PgPool;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_provider_that_hangs_keeps_no_other_providers_buyers_waiting(pool: PgPool) {
    let other = Market::open(&pool, "yookassa").await;
    let Till::Yookassa(fake) = &other.till else { unreachable!() };
    let url = format!("{}/v3", fake.url);
    let settings = [("YOOKASSA_SHOP_ID", "100500"), ("YOOKASSA_SECRET_KEY", "test_fixture_secret"), ("YOOKASSA_API_URL", url.as_str())];
    let market = Market::open_with(&pool, "stripe", &settings).await;
    let number = bought_at(&market, &pool).await;
    for place in 0..20 {
        let answer = buy(&mut market.app.visitor(), "yookassa", &format!("hung{place}@example.com"), 100 + place).await;
        assert_eq!(answer.status, 303, "{}", answer.text());
    }
    let hung: Vec<String> = list(&pool, "select id::text from payments where provider = 'yookassa'").await;
    for number in &hung {
        assert_eq!(other.call(number, News::Paid).unwrap().send(&market.app).await.status, 200);
    }
    for _ in 0..100 {
        fake.be(Mood::Hangs);
    }
    let stop = CancellationToken::new();
    let runner = tokio::spawn(jobs::run(market.app.state.clone(), stop.clone()));
    tokio::time::sleep(Duration::from_millis(500)).await;
    market.pay(&number).await;
    assert_eq!(market.call(&number, News::Paid).unwrap().send(&market.app).await.status, 200);
    market.app.state.wake.jobs.notify_one();
    for _ in 0..80 {
        if how(&pool, &number).await.0 == "succeeded" {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(how(&pool, &number).await, ("succeeded".to_owned(), 1), "long before the other's time-out");
    stop.cancel();
    runner.abort();
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn what_anybody_may_send_makes_no_more_work_than_a_provider_would(pool: PgPool) {
    let market = Market::open(&pool, "yookassa").await;
    let Till::Yookassa(fake) = &market.till else { unreachable!() };
    let number = bought_at(&market, &pool).await;
    let object = fake.shop().of(&number).unwrap().clone();
    for letter in 'a'..='z' {
        let mut odd = object.clone();
        odd["status"] = format!("succeeded{letter}").into();
        assert_eq!(yookassa(&format!("payment.{letter}"), &object).send(&market.app).await.status, 200);
        assert_eq!(yookassa("payment.succeeded", &odd).send(&market.app).await.status, 200);
    }
    let mut foreign = object.clone();
    foreign["id"] = "30b1-of-another".into();
    assert_eq!(yookassa("payment.succeeded", &foreign).send(&market.app).await.status, 200);
    assert_eq!(count(&pool, "payment_callbacks").await, 0, "words and ids that are made up are no events");
    for place in 0..60 {
        let refund = json!({ "id": format!("made-up-{place}"), "payment_id": object["id"], "status": "succeeded" });
        assert_eq!(yookassa("refund.succeeded", &refund).send(&market.app).await.status, 200);
    }
    assert_eq!(count(&pool, "payment_callbacks").await, 30, "the rest of what is said of one payment is not heard");
    // What was not heard is made up for.
    market.pay(&number).await;
    assert_eq!(market.call(&number, News::Paid).unwrap().send(&market.app).await.status, 200);
    change(&pool, "delete from jobs").await;
    for _ in 0..2 {
        market.app.pass(300);
        work(&market.app).await;
    }
    assert_eq!(how(&pool, &number).await, ("succeeded".to_owned(), 1));

    let market = Market::open(&pool, "sberbank-new").await;
    let number = bought_at(&market, &pool).await;
    let Till::Sberbank(fake) = &market.till else { unreachable!() };
    let id = fake.shop().of(&number).unwrap().id.clone();
    let before = count(&pool, "payment_callbacks").await;
    for place in 0..10 {
        let (status, refund) = (place.to_string(), format!("made-up-{place}"));
        for operation in ["approved", "deposited"] {
            let pairs = [("mdOrder", id.as_str()), ("operation", operation), ("status", "1"), ("externalRefundId", refund.as_str())];
            assert_eq!(sberbank(false, &pairs).send(&market.app).await.status, 200);
        }
        let pairs = [("mdOrder", id.as_str()), ("operation", "deposited"), ("status", status.as_str())];
        assert_eq!(sberbank(false, &pairs).send(&market.app).await.status, if place < 2 { 200 } else { 400 });
    }
    assert_eq!(count(&pool, "payment_callbacks").await, before + 3);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn who_asks_for_payments_that_are_not_ours_waits_and_others_do_not(pool: PgPool) {
    let market = Market::open(&pool, "yookassa").await;
    let number = bought_at(&market, &pool).await;
    let known = market.call(&number, News::Paid).unwrap();
    let unknown = |place: u32| yookassa("payment.succeeded", &json!({ "id": format!("30b1-{place}"), "status": "succeeded" }));
    for place in 0..300 {
        assert_eq!(unknown(place).send(&market.app).await.status, 200);
    }
    assert_eq!(unknown(300).send(&market.app).await.status, 503);
    assert_eq!(known.send(&market.app).await.status, 503, "nothing is told of which are ours");
    assert_eq!(known.send_from(&market.app, [198, 51, 100, 7]).await.status, 200);
    market.pay(&number).await;
    work(&market.app).await;
    assert_eq!(how(&pool, &number).await, ("succeeded".to_owned(), 1));
    // One whose callbacks are about ours is never bounded by its address.
    for _ in 0..400 {
        assert_eq!(known.send_from(&market.app, [198, 51, 100, 8]).await.status, 200);
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn one_look_serves_for_all_that_callbacks_say_of_a_payment(pool: PgPool) {
    let market = Market::open(&pool, "yookassa").await;
    let Till::Yookassa(fake) = &market.till else { unreachable!() };
    let number = bought_at(&market, &pool).await;
    market.pay(&number).await;
    for news in [News::Held, News::Paid, News::Canceled] {
        assert_eq!(market.call(&number, news).unwrap().send(&market.app).await.status, 200);
    }
    let before = fake.asked().len();
    work(&market.app).await;
    assert_eq!((fake.asked().len() - before, how(&pool, &number).await), (1, ("succeeded".to_owned(), 1)));
    assert_eq!(count(&pool, "payment_callbacks where handled_at is null").await, 0);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn one_ill_provider_does_not_take_the_others_night(pool: PgPool) {
    let other = Market::open(&pool, "yookassa").await;
    let Till::Yookassa(fake) = &other.till else { unreachable!() };
    let url = format!("{}/v3", fake.url);
    let settings = [("YOOKASSA_SHOP_ID", "100500"), ("YOOKASSA_SECRET_KEY", "a wrong one"), ("YOOKASSA_API_URL", url.as_str())];
    let market = Market::open_with(&pool, "stripe", &settings).await;
    assert_eq!(market.app.state.payments.names(), ["yookassa", "stripe"]);
    let number = bought_at(&market, &pool).await;
    market.pay(&number).await;
    let report = reconciling::reconcile(&market.app.ctx(), 3).await.unwrap();
    assert_eq!((report.mended, report.differences), (1, 1), "the ill one is counted");
    assert_eq!(how(&pool, &number).await, ("succeeded".to_owned(), 1));
}
