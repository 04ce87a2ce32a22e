//! Random histories of payments: each callback comes 0, 1, 2 or 50 times in any order, the work is cut off anywhere; in the end there
//! is one payment, one enrolment, one letter and the right sum that went back.

use crate::support::TestApp;
use crate::support::database::{count, one};
use crate::support::payments::{PRINT_PRICE, Scripted, buy, deliver, work};
use crate::support::school::{self, PRINT, STUDENT};
use lectern::features::payments::server::providers::{PaymentState, ProviderError};
use lectern::features::payments::server::{reconciling, refunds, settling};
use rand::rngs::StdRng;
use rand::seq::SliceRandom as _;
use rand::{RngExt as _, SeedableRng as _};
use sqlx::PgPool;
use std::time::Duration;
use uuid::Uuid;

/// Does a piece of work and may drop it in the middle, connection and all.
async fn cut(random: &mut StdRng, piece: impl Future<Output = ()>) {
    if random.random_bool(0.5) {
        let patience = Duration::from_micros(random.random_range(50..6_000));
        tokio::time::timeout(patience, piece).await.ok();
    } else {
        piece.await;
    }
}

async fn some_work(app: &TestApp, random: &mut StdRng, payment: Uuid) {
    let ctx = app.ctx();
    match random.random_range(0..5) {
        0 => {
            cut(random, async {
                settling::check(&ctx, payment).await.ok();
            })
            .await;
        }
        1 => {
            let ids: Vec<Uuid> = crate::support::database::list(&app.pool, "select id from refunds").await;
            for id in ids {
                cut(random, async {
                    refunds::send(&ctx, id).await.ok();
                })
                .await;
            }
        }
        2 => {
            cut(random, async {
                reconciling::reconcile(&ctx, 3).await.ok();
            })
            .await;
        }
        3 => app.pass(random.random_range(1..400)),
        _ => cut(random, work(app)).await,
    }
}

async fn history(pool: &PgPool, seed: u64) {
    let (app, scripted) = Scripted::open(pool).await;
    let mut random = StdRng::seed_from_u64(seed);
    let mut student = school::sign_in(&app, STUDENT).await;
    let lost = ProviderError::Again { reason: "lost".to_owned(), after: None };
    scripted.0.lock().unwrap().create_fails = (0..random.random_range(0..3)).map(|_| (random.random_bool(0.7), lost.clone())).collect();
    buy(&mut student, "yookassa", "", 1).await;
    while scripted.0.lock().unwrap().payments.is_empty() {
        app.pass(70);
        work(&app).await;
    }
    let number = scripted.number();
    let payment = Uuid::try_parse(&number).unwrap();
    // What the provider will tell, each so many times.
    let mut told: Vec<String> = Vec::new();
    for event in ["waiting", "succeeded", "failed", "refund-a", "refund-b"] {
        let times = [0, 1, 2, 50][random.random_range(0..4)];
        told.extend(std::iter::repeat_n(format!("{event} {number}"), times));
    }
    told.shuffle(&mut random);
    let pays_at = random.random_range(0..=told.len());
    let elsewhere = random.random_range(0..PRINT_PRICE);
    let back_at = random.random_range(pays_at..=told.len());
    for step in 0..=told.len() {
        if step == pays_at {
            scripted.change(|kept| kept.state = PaymentState::Succeeded);
        }
        if step == back_at && elsewhere % 2 == 0 {
            scripted.change(|kept| kept.refunded = elsewhere);
        }
        if let Some(body) = told.get(step) {
            assert_eq!(deliver(&app, body).await.status, 200);
        }
        if random.random_bool(0.2) {
            some_work(&app, &mut random, payment).await;
        }
    }
    // Then the line holds: what hangs comes back by itself.
    for _ in 0..6 {
        app.pass(4_000);
        work(&app).await;
    }
    reconciling::reconcile(&app.ctx(), 3).await.unwrap();
    let refunded = if elsewhere % 2 == 0 { elsewhere } else { 0 };
    let sum: i64 = one(pool, "select coalesce(sum(amount_minor), 0)::bigint from refunds where state = 'succeeded'").await;
    assert_eq!(sum, refunded, "seed {seed}");
    let state: String = one(pool, "select state from payments").await;
    assert_eq!(state, if refunded > 0 { "partially_refunded" } else { "succeeded" }, "seed {seed}");
    let enrolled = count(pool, &format!("course_enrollments where user_id = '{}' and course_id = '{PRINT}'", STUDENT.0)).await;
    assert_eq!((enrolled, count(pool, "order_grants").await, count(pool, "payments").await), (1, 1, 1), "seed {seed}");
    assert_eq!(count(pool, "letters where template = 'notification' and user_id is not null and subject like '%№%'").await, 1, "seed {seed}");
    assert_eq!(count(pool, "payment_tasks").await, 0, "seed {seed}");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_random_history_ends_with_one_payment_and_one_enrolment_1(pool: PgPool) {
    Box::pin(history(&pool, 1)).await;
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_random_history_ends_with_one_payment_and_one_enrolment_2(pool: PgPool) {
    Box::pin(history(&pool, 2)).await;
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_random_history_ends_with_one_payment_and_one_enrolment_3(pool: PgPool) {
    Box::pin(history(&pool, 3)).await;
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_random_history_ends_with_one_payment_and_one_enrolment_4(pool: PgPool) {
    Box::pin(history(&pool, 4)).await;
}
