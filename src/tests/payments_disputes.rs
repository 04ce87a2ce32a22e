//! Payers' banks that ask for the money: told by the payment, by a list, or by a person.

use crate::providers::fake::Mood;
use crate::providers::market::{Market, Till, paid_transaction};
use crate::providers::news::News;
use crate::support::database::{count, list, one};
use crate::support::payments::{PRINT_PRICE, ask_back, how, order_at, paid_at as paid, tasks, work};
use crate::support::school::{self, ADMIN};
use crate::support::{Answer, Client};
use lectern::features::payments::server::{reconciling, settling};
use serde_json::json;
use sqlx::PgPool;

async fn decide(admin: &mut Client, pool: &PgPool, number: &str, outcome: &str) -> Answer {
    let order = order_at(pool, number).await;
    admin.post(&format!("/admin/orders/{order}/resolve"), &[("payment_id", number), ("outcome", outcome), ("resolve_reason", "письмо банка")]).await
}

async fn give_back(admin: &mut Client, pool: &PgPool, number: &str) -> u16 {
    ask_back(admin, pool, number, "1", "").await
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_dispute_stops_refunds_and_is_won_or_closes_what_was_opened(pool: PgPool) {
    let market = Market::open(&pool, "stripe").await;
    let Till::Stripe(fake) = &market.till else { unreachable!() };
    let mut admin = school::sign_in(&market.app, ADMIN).await;
    for (end, state, open) in [("won", "succeeded", 1), ("lost", "refunded", 0)] {
        let number = paid(&market, &pool).await;
        let stands = |status: &str| {
            let mut shop = fake.shop();
            let session = shop.of(&number).unwrap();
            shop.intent_of(session).unwrap()["latest_charge"]["disputed"] = true.into();
            shop.disputes = vec![json!({ "id": "du_1", "status": status, "charge": "ch_1" })];
        };
        stands("needs_response");
        let call = market.call(&number, News::Disputed).unwrap();
        for _ in 0..3 {
            assert_eq!(call.send(&market.app).await.status, 200);
            work(&market.app).await;
        }
        assert_eq!(how(&pool, &number).await, ("disputed".to_owned(), 1), "access stays until it is decided");
        assert_eq!(give_back(&mut admin, &pool, &number).await, 422, "else the money goes twice");
        stands(end);
        for _ in 0..3 {
            settling::check(&market.app.ctx(), number.parse().unwrap()).await.unwrap();
        }
        assert_eq!(how(&pool, &number).await, (state.to_owned(), open), "{end}");
        let back: i64 = one(&pool, &format!("select coalesce(sum(amount_minor), 0)::bigint from refunds where payment_id = '{number}'")).await;
        assert_eq!(back, if end == "lost" { PRINT_PRICE } else { 0 }, "{end}");
    }
    assert_eq!(list::<String>(&pool, "select distinct kind from payment_tasks").await, ["disputed"]);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_dispute_begins_again_where_the_provider_says_so(pool: PgPool) {
    let market = Market::open(&pool, "stripe").await;
    let Till::Stripe(fake) = &market.till else { unreachable!() };
    let number = paid(&market, &pool).await;
    for (status, state) in [("needs_response", "disputed"), ("warning_closed", "succeeded"), ("needs_response", "disputed"), ("lost", "refunded")] {
        {
            let mut shop = fake.shop();
            let session = shop.of(&number).unwrap();
            shop.intent_of(session).unwrap()["latest_charge"]["disputed"] = true.into();
            shop.disputes = vec![json!({ "id": "du_1", "status": status, "charge": "ch_1" })];
        }
        settling::check(&market.app.ctx(), number.parse().unwrap()).await.unwrap();
        assert_eq!(how(&pool, &number).await.0, state, "{status}");
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn chargebacks_are_found_in_the_providers_list(pool: PgPool) {
    let market = Market::open(&pool, "cloudpayments").await;
    let Till::Cloudpayments(fake) = &market.till else { unreachable!() };
    let (taken, fee, fought) = (paid(&market, &pool).await, paid(&market, &pool).await, paid(&market, &pool).await);
    let entry = |number: &str, operation: &str, kind: &str| {
        let id = paid_transaction(&fake.shop(), number).unwrap()["TransactionId"].clone();
        json!({ "ChargeBackId": 1, "TransactionId": id, "Operation": operation, "Type": kind, "Amount": 49900.0, "Currency": "RUB" })
    };
    let entries = vec![entry(&taken, "Presentment", "Chargeback"), entry(&fee, "Presentment", "Fee"), entry(&fought, "Presentment", "Chargeback")];
    fake.shop().chargebacks = entries;
    for round in 0..3 {
        reconciling::reconcile(&market.app.ctx(), 3).await.unwrap();
        let states = [how(&pool, &taken).await.0, how(&pool, &fee).await.0, how(&pool, &fought).await.0];
        assert_eq!(states, ["disputed", "succeeded", "disputed"], "round {round}");
    }
    let back = entry(&fought, "Representment", "Chargeback");
    fake.shop().chargebacks.push(back);
    let stranger =
        json!({ "ChargeBackId": 9, "TransactionId": 1, "Operation": "Presentment", "Type": "Chargeback", "Amount": 1.0, "Currency": "RUB" });
    fake.shop().chargebacks.push(stranger);
    let mut admin = school::sign_in(&market.app, ADMIN).await;
    assert_eq!(decide(&mut admin, &pool, &taken, "dispute_lost").await.status, 303, "a lost fight is told by nobody");
    for _ in 0..2 {
        reconciling::reconcile(&market.app.ctx(), 3).await.unwrap();
        assert_eq!(how(&pool, &taken).await, ("refunded".to_owned(), 0));
        assert_eq!(how(&pool, &fought).await, ("succeeded".to_owned(), 1));
    }
    assert_eq!(count(&pool, "payment_tasks where kind = 'unknown_payment'").await, 1);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_night_months_later_sees_what_the_bank_took_and_what_was_given_back(pool: PgPool) {
    let market = Market::open(&pool, "sberbank").await;
    let Till::Sberbank(fake) = &market.till else { unreachable!() };
    let (disputed, returned) = (paid(&market, &pool).await, paid(&market, &pool).await);
    market.app.pass(100 * 86_400);
    fake.shop().of(&disputed).unwrap().is_disputed = true;
    market.give_back(&returned, PRINT_PRICE).await;
    reconciling::nightly(&market.app.ctx()).await.unwrap();
    work(&market.app).await;
    assert_eq!(how(&pool, &disputed).await, ("disputed".to_owned(), 1));
    assert_eq!(how(&pool, &returned).await, ("refunded".to_owned(), 0));
    // The bank goes on showing the dispute that a person has decided.
    let mut admin = school::sign_in(&market.app, ADMIN).await;
    assert_eq!(decide(&mut admin, &pool, &disputed, "dispute_won").await.status, 303);
    for _ in 0..2 {
        settling::check(&market.app.ctx(), disputed.parse().unwrap()).await.unwrap();
        assert_eq!(how(&pool, &disputed).await, ("succeeded".to_owned(), 1));
    }
    assert_eq!(give_back(&mut admin, &pool, &disputed).await, 303, "it may be given back again");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn where_no_machine_tells_a_person_does(pool: PgPool) {
    let market = Market::open(&pool, "yookassa").await;
    let number = paid(&market, &pool).await;
    let mut admin = school::sign_in(&market.app, ADMIN).await;
    assert_eq!(decide(&mut admin, &pool, &number, "nonsense").await.status, 422);
    assert_eq!(decide(&mut admin, &pool, &number, "dispute_lost").await.status, 409, "nothing is disputed");
    assert_eq!(decide(&mut admin, &pool, &number, "disputed").await.status, 303);
    settling::check(&market.app.ctx(), number.parse().unwrap()).await.unwrap();
    assert_eq!(how(&pool, &number).await, ("disputed".to_owned(), 1), "the provider knows nothing of it");
    assert_eq!(give_back(&mut admin, &pool, &number).await, 422);
    assert_eq!(decide(&mut admin, &pool, &number, "dispute_lost").await.status, 303);
    assert_eq!(how(&pool, &number).await, ("refunded".to_owned(), 0));
    assert_eq!(decide(&mut admin, &pool, &number, "disputed").await.status, 409);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_refund_at_the_desk_whose_callback_was_lost_is_found_in_the_list(pool: PgPool) {
    let market = Market::open(&pool, "cloudpayments").await;
    let number = paid(&market, &pool).await;
    market.app.pass(40 * 86_400);
    market.give_back(&number, 1_000_000).await;
    market.app.pass(3_600);
    for _ in 0..2 {
        reconciling::reconcile(&market.app.ctx(), 3).await.unwrap();
        assert_eq!(how(&pool, &number).await, ("partially_refunded".to_owned(), 1));
    }
    let sum: i64 = one(&pool, "select sum(amount_minor)::bigint from refunds").await;
    assert_eq!((sum, count(&pool, "refunds").await, count(&pool, "payment_tasks").await), (1_000_000, 1, 0));
}

/// A refund that was asked for while the provider was away, and then the payer's bank asked for the money.
async fn disputed_while_a_refund_waits(pool: &PgPool, end: &str) -> (Market, String) {
    let market = Market::open(pool, "stripe").await;
    let Till::Stripe(fake) = &market.till else { unreachable!() };
    let mut admin = school::sign_in(&market.app, ADMIN).await;
    let number = paid(&market, pool).await;
    market.be(Mood::Says(401, None, "{}".to_owned()));
    assert_eq!(ask_back(&mut admin, pool, &number, "100", "").await, 303);
    work(&market.app).await;
    let stands = |status: &str| {
        let mut shop = fake.shop();
        let session = shop.of(&number).unwrap();
        shop.intent_of(session).unwrap()["latest_charge"]["disputed"] = true.into();
        shop.disputes = vec![json!({ "id": "du_1", "status": status, "charge": "ch_1" })];
    };
    stands("needs_response");
    settling::check(&market.app.ctx(), number.parse().unwrap()).await.unwrap();
    for _ in 0..3 {
        market.app.pass(3_600);
        work(&market.app).await;
        assert_eq!(market.drawer(&number).await.back, 0, "else the money goes twice");
    }
    assert_eq!(one::<String>(pool, "select state from refunds").await, "created");
    assert!(tasks(pool).await.contains(&"refund_stuck".to_owned()));
    stands(end);
    settling::check(&market.app.ctx(), number.parse().unwrap()).await.unwrap();
    market.app.pass(3_600);
    work(&market.app).await;
    (market, number)
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_refund_that_waited_goes_out_when_the_dispute_is_won(pool: PgPool) {
    let (market, number) = disputed_while_a_refund_waits(&pool, "won").await;
    assert_eq!(one::<String>(&pool, "select state from refunds").await, "succeeded");
    assert_eq!((how(&pool, &number).await.0.as_str(), market.drawer(&number).await.back), ("partially_refunded", 10_000));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_refund_that_waited_is_given_up_when_the_dispute_is_lost(pool: PgPool) {
    let (market, number) = disputed_while_a_refund_waits(&pool, "lost").await;
    assert_eq!(how(&pool, &number).await, ("refunded".to_owned(), 0));
    assert_eq!(market.drawer(&number).await.back, 0, "the bank took it");
    let amounts: Vec<i64> = list(&pool, "select amount_minor from refunds where state = 'succeeded'").await;
    assert_eq!((amounts, count(&pool, "refunds where state = 'failed'").await), (vec![PRINT_PRICE], 1));
}
