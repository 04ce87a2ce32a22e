//! What providers bring: money taken means access open, exactly once, whatever comes how often and in which order.

use crate::providers::market::Market;
use crate::providers::news::News;
use crate::support::database::{change, count, list, one, warm_up};
use crate::support::payments::{PRINT_PRICE, Scripted, access, bought_at, buy, deliver, how, order_at, order_of, payment_state, tasks, work};
use crate::support::school::{self, PRINT, STUDENT};
use crate::support::{Client, TestApp};
use lectern::features::payments::server::providers::PaymentState;
use sqlx::PgPool;
use uuid::Uuid;

async fn bought(app: &TestApp, pool: &PgPool, scripted: &Scripted) -> (Client, Uuid, String) {
    let mut student = school::sign_in(app, STUDENT).await;
    assert_eq!(buy(&mut student, "yookassa", "", 1).await.status, 303);
    (student, order_of(pool).await, scripted.number())
}

fn again(pool: &PgPool) -> (TestApp, Scripted) {
    let scripted = Scripted::default();
    let providers = lectern::features::payments::server::registry::Providers::of(vec![std::sync::Arc::new(scripted.clone())]);
    (TestApp::with_payments(pool, providers), scripted)
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_callback_is_a_reason_to_ask_and_no_proof(pool: PgPool) {
    let (app, scripted) = Scripted::open(&pool).await;
    let (_, _, number) = bought(&app, &pool, &scripted).await;
    assert_eq!(deliver(&app, &format!("succeeded {number}")).await.status, 200);
    work(&app).await;
    assert_eq!((payment_state(&pool).await.as_str(), access(&pool, STUDENT.0).await), ("pending", 0), "the provider says otherwise");
    scripted.change(|kept| kept.state = PaymentState::Succeeded);
    deliver(&app, &format!("other {number}")).await;
    work(&app).await;
    assert_eq!((payment_state(&pool).await.as_str(), access(&pool, STUDENT.0).await), ("succeeded", 1));
    let handled: bool = one(&pool, "select bool_and(handled_at is not null) from payment_callbacks").await;
    assert!(handled);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn fifty_callbacks_at_once_open_once(pool: PgPool) {
    let (app, scripted) = Scripted::open(&pool).await;
    let (_, _, number) = bought(&app, &pool, &scripted).await;
    scripted.change(|kept| kept.state = PaymentState::Succeeded);
    warm_up(&pool).await;
    let body = format!("succeeded {number}");
    futures_util::future::join_all((0..50).map(|_| deliver(&app, &body))).await;
    let jobs: i64 = count(&pool, "jobs where kind = 'handle_callback'").await;
    assert_eq!(jobs, 1);
    // Beside each other, as several servers would.
    let id: Uuid = one(&pool, "select id from payments").await;
    let ctx = app.ctx();
    let checks = futures_util::future::join_all((0..8).map(|_| lectern::features::payments::server::settling::check(&ctx, id))).await;
    assert!(checks.into_iter().all(|check| check.is_ok()));
    work(&app).await;
    assert_eq!((access(&pool, STUDENT.0).await, count(&pool, "order_grants").await), (1, 1));
    assert_eq!(one::<i32>(&pool, "select times from payment_callbacks").await, 50);
    assert_eq!(count(&pool, "letters where user_id is not null and template = 'notification'").await, 1, "one letter");
    assert_eq!(count(&pool, "outbox_events where kind = 'order_paid'").await, 1);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn money_that_does_not_agree_opens_nothing(pool: PgPool) {
    for (number, break_it) in [(1, (1, "RUB")), (2, (-1, "RUB")), (3, (0, "EUR"))] {
        let (app, scripted) = if number == 1 { Scripted::open(&pool).await } else { again(&pool) };
        change(&pool, "delete from jobs").await;
        let mut buyer = app.visitor();
        buy(&mut buyer, "yookassa", &format!("p{number}@example.com"), number).await;
        scripted.change(|kept| {
            kept.state = PaymentState::Succeeded;
            kept.amount.minor += break_it.0;
            break_it.1.clone_into(&mut kept.amount.currency);
        });
        deliver(&app, &format!("succeeded {}", scripted.number())).await;
        work(&app).await;
        let state: String = one(&pool, &format!("select state from payments where id = '{}'", scripted.number())).await;
        assert_eq!(state, "needs_review", "{break_it:?}");
    }
    assert_eq!(count(&pool, "order_grants").await, 0);
    assert_eq!(tasks(&pool).await, ["disagrees", "disagrees", "disagrees"]);
    assert_eq!(count(&pool, "orders where state = 'needs_review'").await, 3);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_foreign_payment_with_our_number_opens_nothing(pool: PgPool) {
    let (app, scripted) = Scripted::open(&pool).await;
    let (_, _, number) = bought(&app, &pool, &scripted).await;
    scripted.change(|kept| {
        kept.state = PaymentState::Succeeded;
        kept.id = "ext-of-somebody-else".to_owned();
    });
    deliver(&app, &format!("succeeded {number}")).await;
    work(&app).await;
    assert_eq!((payment_state(&pool).await.as_str(), access(&pool, STUDENT.0).await), ("needs_review", 0));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_payment_that_succeeds_after_its_end_is_not_lost(pool: PgPool) {
    let (app, scripted) = Scripted::open(&pool).await;
    let (mut student, order, number) = bought(&app, &pool, &scripted).await;
    scripted.change(|kept| kept.state = PaymentState::Canceled);
    deliver(&app, &format!("canceled {number}")).await;
    work(&app).await;
    assert_eq!(payment_state(&pool).await, "canceled");
    assert!(student.get(&format!("/orders/{order}")).await.text().contains(&format!("/orders/{order}/pay")), "one may try again");
    scripted.change(|kept| kept.state = PaymentState::Succeeded);
    deliver(&app, &format!("succeeded {number}")).await;
    work(&app).await;
    assert_eq!((payment_state(&pool).await.as_str(), access(&pool, STUDENT.0).await), ("succeeded", 1));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn an_order_that_is_paid_twice_opens_once_and_is_somebodys_task(pool: PgPool) {
    let (app, scripted) = Scripted::open(&pool).await;
    let (mut student, order, number) = bought(&app, &pool, &scripted).await;
    scripted.change(|kept| kept.state = PaymentState::Canceled);
    deliver(&app, &format!("canceled {number}")).await;
    work(&app).await;
    student.post(&format!("/orders/{order}/pay"), &[("provider", "yookassa")]).await;
    for kept in scripted.0.lock().unwrap().payments.values_mut() {
        kept.state = PaymentState::Succeeded;
    }
    let numbers: Vec<String> = scripted.0.lock().unwrap().payments.keys().cloned().collect();
    for number in numbers {
        deliver(&app, &format!("succeeded {number}")).await;
    }
    work(&app).await;
    assert_eq!(payment_state(&pool).await, "succeeded succeeded");
    assert_eq!((access(&pool, STUDENT.0).await, tasks(&pool).await), (1, vec!["paid_twice".to_owned()]));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_lost_callback_is_made_up_for(pool: PgPool) {
    let (app, scripted) = Scripted::open(&pool).await;
    let (_, _, _) = bought(&app, &pool, &scripted).await;
    scripted.change(|kept| kept.state = PaymentState::Succeeded);
    scripted.0.lock().unwrap().is_away = true;
    app.pass(180);
    work(&app).await;
    assert_eq!(payment_state(&pool).await, "pending", "an answer that does not come says nothing");
    scripted.0.lock().unwrap().is_away = false;
    app.pass(600);
    work(&app).await;
    assert_eq!((payment_state(&pool).await.as_str(), access(&pool, STUDENT.0).await), ("succeeded", 1));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn unknown_unsigned_and_oversized_callbacks_change_nothing(pool: PgPool) {
    let (app, scripted) = Scripted::open(&pool).await;
    let (_, _, number) = bought(&app, &pool, &scripted).await;
    assert_eq!(deliver(&app, "nonsense").await.status, 401);
    let stranger = Uuid::from_u128(7);
    let (known, unknown) = (deliver(&app, &format!("hint {number}")).await, deliver(&app, &format!("hint {stranger}")).await);
    assert_eq!((known.status, known.text()), (unknown.status, unknown.text()), "numbers can't be probed");
    assert_eq!(count(&pool, "payment_callbacks").await, 1);
    assert_eq!(deliver(&app, &format!("succeeded {stranger}")).await.status, 200);
    assert_eq!(tasks(&pool).await, ["unknown_payment"], "signed and unknown: somebody looks");
    assert_eq!(deliver(&app, &"x".repeat(10 * 1024 * 1024)).await.status, 413);
    let mut provider = app.visitor();
    assert_eq!(provider.get("/webhooks/nobody").await.status, 404);
    assert_eq!(payment_state(&pool).await, "pending");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_forger_who_was_first_does_not_silence_the_provider(pool: PgPool) {
    let (app, scripted) = Scripted::open(&pool).await;
    let (_, _, number) = bought(&app, &pool, &scripted).await;
    deliver(&app, &format!("hint {number}")).await;
    work(&app).await;
    scripted.change(|kept| kept.state = PaymentState::Succeeded);
    deliver(&app, &format!("hint {number}")).await;
    work(&app).await;
    assert_eq!(payment_state(&pool).await, "succeeded");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn paid_for_a_course_that_was_taken_back_is_a_task_and_no_loss(pool: PgPool) {
    let (app, scripted) = Scripted::open(&pool).await;
    let (_, _, number) = bought(&app, &pool, &scripted).await;
    change(&pool, &format!("update courses set status = 'draft' where id = '{PRINT}'")).await;
    scripted.change(|kept| kept.state = PaymentState::Succeeded);
    deliver(&app, &format!("succeeded {number}")).await;
    work(&app).await;
    assert_eq!((payment_state(&pool).await.as_str(), tasks(&pool).await), ("succeeded", vec!["not_opened".to_owned()]));
    app.pass(61);
    let mut admin = school::sign_in(&app, school::ADMIN).await;
    let figures = admin.call("admin/orders", serde_json::json!({ "search": "", "state": "", "after": null })).await.json();
    assert_eq!(figures["stuck"], 1, "the figure shows it");
    assert_eq!(figures["paid"][0]["minor"], PRINT_PRICE);
    change(&pool, &format!("update courses set status = 'published' where id = '{PRINT}'")).await;
    let order = order_of(&pool).await;
    assert_eq!(admin.post(&format!("/admin/orders/{order}/look"), &[]).await.status, 303);
    assert_eq!(access(&pool, STUDENT.0).await, 1);
    let letters: Vec<String> = list(&pool, "select args::text from letters where template = 'notification' order by created_at, id").await;
    assert!(matches!(&letters[..], [late, open] if late.contains("напишем вам") && open.contains("Доступ открыт")), "{letters:?}");
    let figures = admin.call("admin/orders", serde_json::json!({ "search": "", "state": "", "after": null })).await.json();
    assert_eq!(figures["stuck"], 0);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn the_story_has_a_callback_that_was_matched_only_by_asking(pool: PgPool) {
    let market = Market::open(&pool, "stripe").await;
    let number = bought_at(&market, &pool).await;
    let (order, mut admin) = (order_at(&pool, &number).await, school::sign_in(&market.app, school::ADMIN).await);
    market.pay(&number).await;
    market.give_back(&number, 1_000_001).await;
    // It names the movement of money alone, of which we do not know yet.
    let call = market.call(&number, News::Refunded(0)).unwrap();
    assert_eq!(call.send(&market.app).await.status, 200);
    assert_eq!(count(&pool, "payment_callbacks where payment_id is null and handled_at is null").await, 1);
    work(&market.app).await;
    assert_eq!(how(&pool, &number).await, ("partially_refunded".to_owned(), 1));
    assert_eq!(call.send(&market.app).await.status, 200, "it comes again");
    work(&market.app).await;
    let page = admin.call("admin/order", serde_json::json!({ "order_id": order })).await.json();
    let told = page["callbacks"].as_array().unwrap();
    assert_eq!((told.len(), tasks(&pool).await), (1, Vec::new()));
    assert!(told[0]["event"] == "refund.updated" && told[0]["times"] == 2 && told[0]["is_handled"] == true, "{told:?}");
}
