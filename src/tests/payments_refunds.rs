//! Refunds whose end is not known: none hangs for ever, none goes out twice.

use crate::providers::fake::Mood;
use crate::providers::market::Market;
use crate::support::database::{count, list, one};
use crate::support::payments::{PRINT_PRICE, ask_back, how, order_at, paid_at, tasks, work};
use crate::support::school::{self, ADMIN};
use crate::support::{Answer, Client};
use lectern::features::payments::server::reconciling;
use sqlx::PgPool;
use uuid::Uuid;

const DAY: u64 = 86_400;

/// The provider answers so, whatever is asked, until it is calm.
fn refuse(market: &Market, status: u16) {
    for _ in 0..400 {
        market.be(Mood::Says(status, None, "{}".to_owned()));
    }
}

/// The provider behaves again, and what hangs has its turn.
async fn mend(market: &Market) {
    market.calm();
    for _ in 0..3 {
        market.app.pass(4 * 3_600);
        work(&market.app).await;
    }
}

/// The refunds' states, the oldest first.
async fn refunds(pool: &PgPool) -> Vec<String> {
    list(pool, "select state from refunds order by created_at, id").await
}

async fn decide(admin: &mut Client, pool: &PgPool, number: &str, outcome: &str) -> Answer {
    let order = order_at(pool, number).await;
    let id: Uuid = one(pool, "select id from refunds order by created_at, id limit 1").await;
    let id = id.to_string();
    let fields = [("refund_id", id.as_str()), ("outcome", outcome), ("refund_reason", "в кабинете видно")];
    admin.post(&format!("/admin/orders/{order}/refund-resolve"), &fields).await
}

async fn a_weekend_of_wrong_keys(pool: &PgPool, name: &str) {
    let market = Market::open(pool, name).await;
    let mut admin = school::sign_in(&market.app, ADMIN).await;
    let number = paid_at(&market, pool).await;
    refuse(&market, 401);
    assert_eq!(ask_back(&mut admin, pool, &number, "100", "").await, 303);
    work(&market.app).await;
    let own = format!("refunds where payment_id = '{number}'");
    assert_eq!(count(pool, &format!("{own} and state = 'created' and first_sent_at is null")).await, 1, "nothing has happened");
    assert_eq!(count(pool, "payment_tasks where kind = 'refund_stuck' and settled_at is null").await, 1, "{name}");
    market.app.pass(3 * DAY);
    work(&market.app).await;
    mend(&market).await;
    assert_eq!(count(pool, &format!("{own} and state = 'succeeded'")).await, 1, "{name}");
    assert_eq!((how(pool, &number).await.0.as_str(), market.drawer(&number).await.back), ("partially_refunded", 10_000), "{name}");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn wrong_keys_leave_a_refund_at_yookassa_as_fresh_as_before(pool: PgPool) {
    a_weekend_of_wrong_keys(&pool, "yookassa").await;
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn wrong_keys_leave_a_refund_at_stripe_as_fresh_as_before(pool: PgPool) {
    a_weekend_of_wrong_keys(&pool, "stripe").await;
}

async fn days_without_an_answer(pool: &PgPool, name: &str) {
    let market = Market::open(pool, name).await;
    let mut admin = school::sign_in(&market.app, ADMIN).await;
    let (made, lost) = (paid_at(&market, pool).await, paid_at(&market, pool).await);
    market.be(Mood::Loses);
    refuse(&market, 500);
    assert_eq!(ask_back(&mut admin, pool, &made, "49900", "yes").await, 303);
    work(&market.app).await;
    // The other never came to be.
    assert_eq!(ask_back(&mut admin, pool, &lost, "49900", "yes").await, 303);
    work(&market.app).await;
    market.app.pass(2 * DAY);
    work(&market.app).await;
    mend(&market).await;
    let state = async |number: &str| -> String { one(pool, &format!("select state from refunds where payment_id = '{number}'")).await };
    assert_eq!((state(&made).await.as_str(), how(pool, &made).await), ("succeeded", ("refunded".to_owned(), 0)), "{name}");
    assert_eq!(market.drawer(&made).await.back, PRINT_PRICE, "once");
    assert_eq!((state(&lost).await.as_str(), how(pool, &lost).await), ("failed", ("succeeded".to_owned(), 1)), "{name}");
    assert_eq!(market.drawer(&lost).await.back, 0);
    assert!(tasks(pool).await.contains(&"refund_failed".to_owned()), "somebody is told");
    let mut admin = school::sign_in(&market.app, ADMIN).await;
    assert_eq!(ask_back(&mut admin, pool, &lost, "49900", "yes").await, 303, "the sum may be given back again");
    work(&market.app).await;
    assert_eq!((how(pool, &lost).await.1, market.drawer(&lost).await.back), (0, PRINT_PRICE), "{name}");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_refund_at_yookassa_whose_answer_was_lost_is_found_by_its_number(pool: PgPool) {
    days_without_an_answer(&pool, "yookassa").await;
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_refund_at_stripe_whose_answer_was_lost_is_found_by_its_number(pool: PgPool) {
    days_without_an_answer(&pool, "stripe").await;
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn what_nobody_can_tell_is_decided_by_a_person(pool: PgPool) {
    let market = Market::open(&pool, "cloudpayments").await;
    let mut admin = school::sign_in(&market.app, ADMIN).await;
    let number = paid_at(&market, &pool).await;
    refuse(&market, 500);
    assert_eq!(ask_back(&mut admin, &pool, &number, "100", "").await, 303);
    work(&market.app).await;
    assert_eq!(decide(&mut admin, &pool, &number, "failed").await.status, 409, "nobody has to look yet");
    market.calm();
    // Another refund was made since: whose it is can't be told.
    market.give_back(&number, 1_000_000).await;
    market.app.pass(2 * 3_600);
    work(&market.app).await;
    assert_eq!(refunds(&pool).await, ["created"]);
    assert!(tasks(&pool).await.contains(&"refund_stuck".to_owned()));
    let order = order_at(&pool, &number).await;
    assert!(admin.get(&format!("/admin/orders/{order}")).await.text().contains("/refund-resolve\""), "the page asks");
    assert_eq!(decide(&mut admin, &pool, &number, "perhaps").await.status, 422);
    assert_eq!(decide(&mut school::sign_in(&market.app, school::STUDENT).await, &pool, &number, "failed").await.status, 403);
    assert_eq!(decide(&mut admin, &pool, &number, "failed").await.status, 303);
    assert_eq!(refunds(&pool).await, ["failed"]);
    assert!(!tasks(&pool).await.contains(&"refund_stuck".to_owned()));
    assert_eq!(decide(&mut admin, &pool, &number, "succeeded").await.status, 409, "it is decided");
    reconciling::reconcile(&market.app.ctx(), 3).await.unwrap();
    work(&market.app).await;
    let back: i64 = one(&pool, "select sum(amount_minor)::bigint from refunds where state = 'succeeded'").await;
    assert_eq!((how(&pool, &number).await.0.as_str(), back), ("partially_refunded", market.drawer(&number).await.back));
}

async fn a_system_error(pool: &PgPool, name: &str) {
    let error = Mood::Says(200, None, r#"{"errorCode":"7","errorMessage":"Системная ошибка"}"#.to_owned());
    let market = Market::open(pool, name).await;
    // It was busy; all of it went back meanwhile; less is left than was asked for.
    for (at_desk, state) in [(0, "created"), (PRINT_PRICE, "succeeded"), (1_000_000, "failed")] {
        let number = paid_at(&market, pool).await;
        if at_desk > 0 {
            market.give_back(&number, at_desk).await;
        }
        let mut admin = school::sign_in(&market.app, ADMIN).await;
        market.be(error.clone());
        assert_eq!(ask_back(&mut admin, pool, &number, "49900", "yes").await, 303);
        work(&market.app).await;
        let own: String = one(pool, &format!("select state from refunds where payment_id = '{number}' and asked_by is not null")).await;
        assert_eq!(own, state, "{name} {at_desk}");
        mend(&market).await;
        lectern::features::payments::server::settling::check(&market.app.ctx(), number.parse().unwrap()).await.unwrap();
        let back: i64 =
            one(pool, &format!("select sum(amount_minor)::bigint from refunds where payment_id = '{number}' and state = 'succeeded'")).await;
        let drawer = market.drawer(&number).await.back;
        assert_eq!((back, drawer), (drawer, if at_desk == 1_000_000 { at_desk } else { PRINT_PRICE }), "{name} {at_desk}");
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn the_old_gateways_system_error_is_decided_by_what_the_order_tells(pool: PgPool) {
    a_system_error(&pool, "sberbank").await;
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn the_new_gateways_system_error_is_decided_by_what_the_order_tells(pool: PgPool) {
    a_system_error(&pool, "sberbank-new").await;
}
