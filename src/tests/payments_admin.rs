//! Orders in administration: refunds, payments by hand, doubtful payments, reconciliation.

use crate::support::database::{change, count, list, one};
use crate::support::payments::{PRINT_PRICE, Scripted, buy, deliver, tasks, work};
use crate::support::school::{self, ADMIN, PRINT, STUDENT};
use crate::support::{Answer, Client, TestApp};
use lectern::features::payments::server::providers::{PaymentState, RefundState};
use lectern::features::payments::server::reconciling::{self, Report};
use serde_json::{Value, json};
use sqlx::PgPool;
use uuid::Uuid;

/// A paid order, and who may give its money back.
pub struct Paid {
    pub app: TestApp,
    scripted: Scripted,
    admin: Client,
    order: Uuid,
    payment: String,
}

/// The student has paid for `print`.
pub async fn paid(pool: &PgPool) -> Paid {
    let (app, scripted) = Scripted::open(pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    buy(&mut student, "yookassa", "", 1).await;
    scripted.change(|kept| kept.state = PaymentState::Succeeded);
    let payment = scripted.number();
    deliver(&app, &format!("succeeded {payment}")).await;
    work(&app).await;
    let admin = school::sign_in(&app, ADMIN).await;
    let order = one(pool, "select id from orders").await;
    Paid { app, scripted, admin, order, payment }
}

/// The administrator gives so much back, and closes access or not.
pub async fn refund(paid: &mut Paid, amount: &str, closes: &str) -> Answer {
    let fields = [
        ("payment_id", paid.payment.clone()),
        ("amount", amount.to_owned()),
        ("reason", "попросили".to_owned()),
        ("closes_access", closes.to_owned()),
    ];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    paid.admin.post(&format!("/admin/orders/{}/refund", paid.order), &fields).await
}

/// The payment's state, the order's, the enrolment's.
async fn states(pool: &PgPool) -> [String; 3] {
    let states: Vec<String> = list(
        pool,
        &format!(
            "select state from payments union all select state from orders
             union all select state from course_enrollments where user_id = '{}' and course_id = '{PRINT}'",
            STUDENT.0
        ),
    )
    .await;
    states.try_into().unwrap()
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn money_goes_back_in_parts_and_the_last_part_closes_access(pool: PgPool) {
    let mut paid = paid(&pool).await;
    assert_eq!(states(&pool).await, ["succeeded", "paid", "active"]);
    assert_eq!(refund(&mut paid, "10 000,50", "").await.status, 303);
    work(&paid.app).await;
    assert_eq!(states(&pool).await, ["partially_refunded", "partially_refunded", "active"], "a part leaves access as it is");
    let too_much = refund(&mut paid, "39899,51", "yes").await;
    assert!(too_much.status == 422 && too_much.text().contains("39899.50"), "a kopeck more than is left");
    assert_eq!(refund(&mut paid, "10", "whole").await.status, 303);
    work(&paid.app).await;
    assert_eq!(states(&pool).await, ["partially_refunded", "partially_refunded", "active"], "undecided, a part leaves access as it is too");
    assert_eq!(refund(&mut paid, "39889.50", "whole").await.status, 303);
    work(&paid.app).await;
    assert_eq!(states(&pool).await, ["refunded", "refunded", "revoked"]);
    let back: i64 = one(&pool, "select sum(amount_minor)::bigint from refunds where state = 'succeeded'").await;
    assert_eq!((back, paid.scripted.0.lock().unwrap().payments[&paid.payment].refunded), (PRINT_PRICE, PRINT_PRICE));
    let student = school::sign_in(&paid.app, STUDENT).await.get("/learn/print").await;
    assert_eq!(student.status, 403, "closed, and it says so");
    assert_eq!(refund(&mut paid, "1", "").await.status, 422);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn an_administrator_may_leave_access_open_or_close_it_with_a_part(pool: PgPool) {
    let mut paid = paid(&pool).await;
    assert_eq!(refund(&mut paid, "100", "yes").await.status, 303);
    work(&paid.app).await;
    assert_eq!(states(&pool).await, ["partially_refunded", "partially_refunded", "revoked"]);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_whole_refund_by_choice_leaves_access_open(pool: PgPool) {
    let mut paid = paid(&pool).await;
    assert_eq!(refund(&mut paid, "49900", "").await.status, 303);
    work(&paid.app).await;
    assert_eq!(states(&pool).await, ["refunded", "refunded", "active"]);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn two_refunds_at_once_give_back_no_more_than_was_paid(pool: PgPool) {
    let paid = paid(&pool).await;
    let path = format!("/admin/orders/{}/refund", paid.order);
    let asked = (0..6).map(|_| {
        let (mut admin, path, payment) = (paid.admin.clone(), path.clone(), paid.payment.clone());
        tokio::spawn(async move { admin.post(&path, &[("payment_id", &payment), ("amount", "20000"), ("reason", "дважды")]).await.status })
    });
    let answers: Vec<u16> = futures_util::future::join_all(asked).await.into_iter().map(|answer| answer.unwrap()).collect();
    assert_eq!(answers.iter().filter(|status| **status == 303).count(), 2, "{answers:?}");
    work(&paid.app).await;
    assert_eq!(states(&pool).await, ["partially_refunded", "partially_refunded", "active"]);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_refund_that_failed_afterwards_restores_the_sum(pool: PgPool) {
    let mut paid = paid(&pool).await;
    refund(&mut paid, "100", "").await;
    work(&paid.app).await;
    let id = {
        let mut side = paid.scripted.0.lock().unwrap();
        side.payments.values_mut().next().unwrap().refunded = 0;
        let refund = side.refunds.values_mut().next().unwrap();
        refund.2 = RefundState::Failed;
        refund.0.clone()
    };
    deliver(&paid.app, &format!("refund {} {id}", paid.payment)).await;
    work(&paid.app).await;
    assert_eq!(states(&pool).await, ["succeeded", "paid", "active"]);
    assert_eq!(list::<String>(&pool, "select kind from payment_tasks").await, ["refund_failed"]);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_refund_at_the_providers_own_desk_becomes_ours(pool: PgPool) {
    let paid = paid(&pool).await;
    for (total, word, access) in [(1_000_000, "partially_refunded", "active"), (PRINT_PRICE, "refunded", "revoked")] {
        paid.scripted.change(|kept| kept.refunded = total);
        for _ in 0..3 {
            deliver(&paid.app, &format!("refund-{total} {}", paid.payment)).await;
            work(&paid.app).await;
        }
        assert_eq!(states(&pool).await, [word, word, access]);
    }
    assert_eq!(count(&pool, "refunds").await, 2);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_bank_transfer_is_entered_with_a_reason(pool: PgPool) {
    let (app, _) = Scripted::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    buy(&mut student, "yookassa", "", 1).await;
    let order: Uuid = one(&pool, "select id from orders").await;
    let mut admin = school::sign_in(&app, ADMIN).await;
    let path = format!("/admin/orders/{order}/manual");
    assert_eq!(admin.post(&path, &[("manual_reason", " ")]).await.status, 422);
    assert_eq!(admin.post(&path, &[("manual_reason", "п/п 17 от 2 марта")]).await.status, 303);
    assert_eq!(count(&pool, &format!("course_enrollments where user_id = '{}' and course_id = '{PRINT}' and state = 'active'", STUDENT.0)).await, 1);
    assert_eq!(admin.post(&path, &[("manual_reason", "ещё раз")]).await.status, 422, "nothing is left to pay");
    let page = admin.get(&format!("/admin/orders/{order}")).await;
    assert!(page.status == 200 && page.text().contains("п/п 17"), "the story says so");
    let payment: Uuid = one(&pool, "select id from payments where provider = 'manual'").await;
    let fields =
        [("payment_id", payment.to_string()), ("amount", "49900".to_owned()), ("reason", "вернули".to_owned()), ("closes_access", "yes".to_owned())];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(admin.post(&format!("/admin/orders/{order}/refund"), &fields).await.status, 303);
    assert_eq!(one::<String>(&pool, "select state from orders").await, "refunded");
    assert_eq!(student.get("/learn/print").await.status, 403);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_doubtful_payment_is_decided_by_a_person(pool: PgPool) {
    let (app, scripted) = Scripted::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    buy(&mut student, "yookassa", "", 1).await;
    scripted.change(|kept| {
        kept.state = PaymentState::Succeeded;
        kept.amount.minor -= 1;
    });
    deliver(&app, &format!("succeeded {}", scripted.number())).await;
    work(&app).await;
    let order: Uuid = one(&pool, "select id from orders").await;
    let mut admin = school::sign_in(&app, ADMIN).await;
    let page = admin.get(&format!("/admin/orders/{order}")).await.text();
    assert!(page.contains(&format!("/admin/orders/{order}/resolve")));
    let task: Uuid = one(&pool, "select id from payment_tasks").await;
    let number = scripted.number();
    let path = format!("/admin/orders/{order}/resolve");
    assert_eq!(admin.post(&path, &[("payment_id", &number), ("outcome", "refunded"), ("resolve_reason", "a")]).await.status, 422);
    assert_eq!(admin.post(&path, &[("payment_id", &number), ("outcome", "succeeded"), ("resolve_reason", "копейка не важна")]).await.status, 303);
    assert_eq!(one::<String>(&pool, "select state from orders").await, "paid");
    assert_eq!(student.get("/learn/print").await.status, 200);
    assert_eq!(admin.post(&format!("/admin/payment-tasks/{task}/settle"), &[]).await.status, 303);
    assert_eq!(count(&pool, "payment_tasks where settled_at is null").await, 0);
    assert_eq!(admin.post(&path, &[("payment_id", &number), ("outcome", "canceled"), ("resolve_reason", "a")]).await.status, 409);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn what_a_person_decided_stays_decided_over_night(pool: PgPool) {
    let (app, scripted) = Scripted::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    buy(&mut student, "yookassa", "", 1).await;
    scripted.change(|kept| {
        kept.state = PaymentState::Succeeded;
        kept.amount.minor -= 1;
    });
    let number = scripted.number();
    deliver(&app, &format!("succeeded {number}")).await;
    work(&app).await;
    let mut admin = school::sign_in(&app, ADMIN).await;
    let order: Uuid = one(&pool, "select id from orders").await;
    let fields = [("payment_id", number.as_str()), ("outcome", "canceled"), ("resolve_reason", "деньги чужие")];
    assert_eq!(admin.post(&format!("/admin/orders/{order}/resolve"), &fields).await.status, 303);
    change(&pool, "update payment_tasks set settled_at = now()").await;
    app.pass(60);
    for round in 0..2 {
        reconciling::reconcile(&app.ctx(), 3).await.unwrap();
        deliver(&app, &format!("again-{round} {number}")).await;
        work(&app).await;
        let stands: Vec<String> = list(&pool, "select state from payments union all select state from orders").await;
        assert_eq!((stands, tasks(&pool).await), (vec!["canceled".to_owned(), "awaiting_payment".to_owned()], Vec::new()), "round {round}");
    }
    // The money is right after all.
    scripted.change(|kept| kept.amount.minor += 1);
    deliver(&app, &format!("right {number}")).await;
    work(&app).await;
    assert_eq!(states(&pool).await, ["succeeded", "paid", "active"]);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_night_with_lost_callbacks_is_made_up_for(pool: PgPool) {
    let (app, scripted) = Scripted::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    buy(&mut student, "yookassa", "", 1).await;
    scripted.change(|kept| kept.state = PaymentState::Succeeded);
    {
        let mut side = scripted.0.lock().unwrap();
        let mut unknown = side.payments.values().next().unwrap().clone();
        "ext-unknown".clone_into(&mut unknown.id);
        side.payments.insert(Uuid::from_u128(9).to_string(), unknown);
    }
    app.pass(60);
    let report = reconciling::reconcile(&app.ctx(), 3).await.unwrap();
    assert_eq!(report, Report { compared: 2, mended: 1, differences: 1 });
    assert_eq!(one::<String>(&pool, "select state from orders").await, "paid");
    let again = reconciling::reconcile(&app.ctx(), 3).await.unwrap();
    assert_eq!(again, Report { compared: 2, mended: 0, differences: 1 });
    assert_eq!(list::<String>(&pool, "select kind from payment_tasks").await, ["unknown_payment"], "the same trouble stands once");
    scripted.0.lock().unwrap().payments.clear();
    reconciling::reconcile(&app.ctx(), 3).await.unwrap();
    assert_eq!(list::<String>(&pool, "select kind from payment_tasks order by kind").await, ["missing_payment", "unknown_payment"]);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn orders_are_found_by_buyer_number_and_state(pool: PgPool) {
    let mut paid = paid(&pool).await;
    // Ids of one moment are in no order.
    paid.app.pass(1);
    buy(&mut paid.app.visitor(), "yookassa", "visitor@example.com", 2).await;
    let mut found = async |search: &str, state: &str| -> Value {
        paid.admin.call("admin/orders", json!({ "search": search, "state": state, "after": null })).await.json()
    };
    let all = found("", "").await;
    assert_eq!((all["total"].clone(), all["paid"][0]["minor"].clone(), all["stuck"].clone()), (json!(2), json!(PRINT_PRICE), json!(0)));
    assert_eq!(found("visitor@", "").await["total"], 1);
    assert_eq!(found("белова", "").await["total"], 1);
    let number = all["page"]["items"][0]["number"].as_i64().unwrap();
    assert_eq!(found(&format!("№ {number}"), "").await["page"]["items"][0]["email"], "visitor@example.com");
    assert_eq!(found("", "paid").await["total"], 1);
    assert_eq!(found("%", "").await["total"], 0, "taken literally");
    let page = paid.admin.get("/admin/orders?state=paid").await;
    assert!(page.status == 200 && page.text().contains(&format!("/admin/orders/{}", paid.order)));
}
