//! Access that a refund had closed, when the money is the school's after all; and access that two open at once.

use crate::providers::market::{Market, Till};
use crate::providers::news::{News, stripe};
use crate::support::database::{change, list, one};
use crate::support::payments::{PRINT_PRICE, Scripted, access, ask_back, buy, deliver, how, order_of, paid_at, payment_state, tasks, work};
use crate::support::school::{self, ADMIN, PRINT, STUDENT};
use lectern::features::payments::server::providers::PaymentState;
use lectern::features::payments::server::settling;
use sqlx::{AssertSqlSafe, PgPool};
use std::time::Duration;
use uuid::Uuid;

/// The refund of that place fails at Stripe after all, and Stripe tells.
async fn fail_at_stripe(market: &Market, number: &str, place: usize) {
    let Till::Stripe(fake) = &market.till else { unreachable!() };
    let call = {
        let mut shop = fake.shop();
        shop.refunds[place]["status"] = "failed".into();
        let session = shop.of(number).unwrap();
        shop.intent_of(session).unwrap()["latest_charge"]["amount_refunded"] = 0.into();
        stripe("refund.failed", &format!("evt_failed{place}"), &shop.refunds[place], market.app.now().timestamp())
    };
    for _ in 0..2 {
        assert_eq!(call.send(&market.app).await.status, 200);
        work(&market.app).await;
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_refund_that_fails_afterwards_opens_what_it_had_closed(pool: PgPool) {
    let market = Market::open(&pool, "stripe").await;
    let mut admin = school::sign_in(&market.app, ADMIN).await;
    let number = paid_at(&market, &pool).await;
    assert_eq!(ask_back(&mut admin, &pool, &number, "49900", "yes").await, 303);
    work(&market.app).await;
    assert_eq!(how(&pool, &number).await, ("refunded".to_owned(), 0));
    fail_at_stripe(&market, &number, 0).await;
    assert_eq!(how(&pool, &number).await, ("succeeded".to_owned(), 1), "the money is ours, so the course is theirs");
    assert_eq!(tasks(&pool).await, ["refund_failed"]);
    assert_eq!(
        list::<String>(&pool, "select kind from outbox_events where kind like 'access%' order by id").await,
        ["access_revoked", "access_restored"]
    );
    let told = "select args::text from letters where template = 'notification' order by created_at, id";
    let letters: Vec<String> = list(&pool, told).await;
    assert!(matches!(&letters[..], [paid, again] if paid.contains("Мы получили оплату") && again.contains("Доступ открыт")), "{letters:?}");
    // And it may be given back again.
    assert_eq!(ask_back(&mut admin, &pool, &number, "49900", "yes").await, 303);
    work(&market.app).await;
    assert_eq!(how(&pool, &number).await, ("refunded".to_owned(), 0));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_refund_at_the_desk_that_fails_afterwards_opens_what_it_had_closed(pool: PgPool) {
    let market = Market::open(&pool, "stripe").await;
    let number = paid_at(&market, &pool).await;
    market.give_back(&number, PRINT_PRICE).await;
    market.call(&number, News::Refunded(0)).unwrap().send(&market.app).await;
    work(&market.app).await;
    assert_eq!(how(&pool, &number).await, ("refunded".to_owned(), 0));
    fail_at_stripe(&market, &number, 0).await;
    assert_eq!(how(&pool, &number).await, ("succeeded".to_owned(), 1));
    assert_eq!(list::<String>(&pool, "select state from refunds").await, ["failed"]);
    assert_eq!(tasks(&pool).await, ["refund_failed"], "somebody is told");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn of_several_refunds_at_the_desk_in_one_record_a_person_is_told(pool: PgPool) {
    let market = Market::open(&pool, "stripe").await;
    let number = paid_at(&market, &pool).await;
    for minor in [100_000, 200_000] {
        market.give_back(&number, minor).await;
    }
    market.call(&number, News::Refunded(1)).unwrap().send(&market.app).await;
    work(&market.app).await;
    assert_eq!(list::<i64>(&pool, "select amount_minor from refunds").await, [300_000]);
    fail_at_stripe(&market, &number, 1).await;
    assert_eq!((how(&pool, &number).await, tasks(&pool).await), (("partially_refunded".to_owned(), 1), vec!["refund_failed".to_owned()]));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn an_extension_that_was_taken_back_is_given_again(pool: PgPool) {
    let market = Market::open(&pool, "stripe").await;
    let mut admin = school::sign_in(&market.app, ADMIN).await;
    change(&pool, "update offers set access_days = 30").await;
    let mut student = school::sign_in(&market.app, STUDENT).await;
    let mut number = String::new();
    for place in 1..=2 {
        market.app.pass(1);
        buy(&mut student, "stripe", "", place).await;
        let id: Uuid = one(&pool, "select id from payments order by created_at desc limit 1").await;
        number = id.to_string();
        market.pay(&number).await;
        market.call(&number, News::Paid).unwrap().send(&market.app).await;
        work(&market.app).await;
    }
    let days = async || -> i32 {
        let days = "select round(extract(epoch from expires_at - starts_at) / 86400)::int from course_enrollments";
        one(&pool, &format!("{days} where user_id = '{}' and course_id = '{PRINT}'", STUDENT.0)).await
    };
    assert_eq!(days().await, 60);
    assert_eq!(ask_back(&mut admin, &pool, &number, "49900", "yes").await, 303);
    work(&market.app).await;
    assert_eq!(days().await, 30);
    fail_at_stripe(&market, &number, 0).await;
    assert_eq!((days().await, access(&pool, STUDENT.0).await), (60, 1));
    let open: i64 = one(&pool, "select count(*) from order_grants where closed_at is null").await;
    assert_eq!(open, 2);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn who_pays_anew_after_a_whole_refund_gets_the_course_again(pool: PgPool) {
    let (app, scripted) = Scripted::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    buy(&mut student, "yookassa", "", 1).await;
    let (first, order) = (scripted.number(), order_of(&pool).await);
    scripted.change(|kept| kept.state = PaymentState::Canceled);
    deliver(&app, &format!("canceled {first}")).await;
    work(&app).await;
    app.pass(1);
    student.post(&format!("/orders/{order}/pay"), &[("provider", "yookassa")]).await;
    let second: Uuid = one(&pool, &format!("select id from payments where id <> '{first}'")).await;
    let second = second.to_string();
    let stands = |number: &str| scripted.0.lock().unwrap().payments.get_mut(number).unwrap().state = PaymentState::Succeeded;
    stands(&second);
    deliver(&app, &format!("succeeded {second}")).await;
    work(&app).await;
    assert_eq!((payment_state(&pool).await.as_str(), access(&pool, STUDENT.0).await), ("canceled succeeded", 1));
    let mut admin = school::sign_in(&app, ADMIN).await;
    assert_eq!(ask_back(&mut admin, &pool, &second, "49900", "yes").await, 303);
    work(&app).await;
    assert_eq!((payment_state(&pool).await.as_str(), access(&pool, STUDENT.0).await), ("canceled refunded", 0));
    // The page of the first was open all the time.
    stands(&first);
    deliver(&app, &format!("late {first}")).await;
    work(&app).await;
    assert_eq!((payment_state(&pool).await.as_str(), access(&pool, STUDENT.0).await), ("succeeded refunded", 1));
    assert_eq!(one::<String>(&pool, "select state from orders").await, "paid");
    // A part of it without closing: the refund of the other payment closes nothing any more.
    assert_eq!(ask_back(&mut admin, &pool, &first, "100", "").await, 303);
    work(&app).await;
    assert_eq!((payment_state(&pool).await.as_str(), access(&pool, STUDENT.0).await), ("partially_refunded refunded", 1));
    assert_eq!(tasks(&pool).await, Vec::<String>::new());
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn an_enrolment_that_begins_at_the_same_moment_is_extended(pool: PgPool) {
    let (app, scripted) = Scripted::open(&pool).await;
    change(&pool, "update offers set access_days = 30").await;
    let mut student = school::sign_in(&app, STUDENT).await;
    buy(&mut student, "yookassa", "", 1).await;
    scripted.change(|kept| kept.state = PaymentState::Succeeded);
    // Another order of the same person is being settled, and not yet committed.
    let mut other = pool.begin().await.unwrap();
    let begins = format!(
        "insert into course_enrollments (id, user_id, course_id, course_version_id, starts_at, expires_at, created_at, updated_at)
         select gen_random_uuid(), '{}', id, published_version_id, m, m + interval '30 days', m, m
         from courses cross join (select timestamptz '2026-03-02T09:00:00Z' as m) now where id = '{PRINT}'",
        STUDENT.0
    );
    sqlx::query(AssertSqlSafe(begins.as_str())).execute(&mut *other).await.unwrap();
    let (ctx, id) = (app.ctx(), scripted.number().parse().unwrap());
    let check = tokio::spawn(async move { settling::check(&ctx, id).await });
    tokio::time::sleep(Duration::from_millis(300)).await;
    other.commit().await.unwrap();
    check.await.unwrap().unwrap();
    let days = "select extract(day from expires_at - starts_at)::int from course_enrollments";
    let days: i32 = one(&pool, &format!("{days} where user_id = '{}' and course_id = '{PRINT}'", STUDENT.0)).await;
    assert_eq!((days, access(&pool, STUDENT.0).await, tasks(&pool).await), (60, 1, Vec::new()));
    assert_eq!(list::<String>(&pool, "select kind from order_grants").await, ["extended"]);
}
