//! Crowds at the providers' doors: one provider that hangs keeps no other's buyers waiting, and whoever makes noise makes no work.

use crate::providers::fake::Mood;
use crate::providers::market::{Market, Till};
use crate::providers::news::News;
use crate::support::database::list;
use crate::support::payments::{bought_at, buy, how};
use lectern::server::jobs;
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
