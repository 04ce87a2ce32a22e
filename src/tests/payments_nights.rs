//! What a night finds of tries to pay whose news were lost.

use crate::providers::market::Market;
use crate::support::database::count;
use crate::support::payments::{bought_at, how, tasks};
use lectern::features::payments::server::reconciling;
use sqlx::PgPool;

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_declined_second_try_hides_no_paid_first_one(pool: PgPool) {
    let market = Market::open(&pool, "cloudpayments").await;
    let number = bought_at(&market, &pool).await;
    market.pay(&number).await;
    market.app.pass(5);
    market.decline(&number).await;
    market.app.pass(60);
    for _ in 0..2 {
        reconciling::reconcile(&market.app.ctx(), 3).await.unwrap();
        assert_eq!(how(&pool, &number).await, ("succeeded".to_owned(), 1), "the money was taken");
    }
    assert_eq!((count(&pool, "order_grants").await, tasks(&pool).await), (1, Vec::new()));
}
