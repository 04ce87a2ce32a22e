//! What the school's office does: the table for accountants, disputes that a bank tells of by letter.

use crate::support::database::{change, list, one};
use crate::support::payments::{Scripted, buy, deliver, work};
use crate::support::school::{self, ADMIN, STUDENT};
use crate::support::{Client, TestApp};
use lectern::features::payments::server::providers::PaymentState;
use sqlx::PgPool;
use uuid::Uuid;

/// The student has paid for `print`: the application, an administrator, order and payment.
async fn paid(pool: &PgPool) -> (TestApp, Client, Uuid, String) {
    let (app, scripted) = Scripted::open(pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    buy(&mut student, "yookassa", "", 1).await;
    scripted.change(|kept| kept.state = PaymentState::Succeeded);
    let payment = scripted.number();
    deliver(&app, &format!("succeeded {payment}")).await;
    work(&app).await;
    let admin = school::sign_in(&app, ADMIN).await;
    let order = one(pool, "select id from orders").await;
    (app, admin, order, payment)
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn accountants_get_a_table_of_what_came_and_went(pool: PgPool) {
    let (app, mut admin, order, payment) = paid(&pool).await;
    change(&pool, &format!("update users set full_name = '=HYPERLINK(\"x\");\"Анна\"' where id = '{}'", STUDENT.0)).await;
    app.pass(60);
    let fields = [("payment_id", payment.as_str()), ("amount", "100,50"), ("reason", "часть")];
    assert_eq!(admin.post(&format!("/admin/orders/{order}/refund"), &fields).await.status, 303);
    work(&app).await;
    // Not paid, so not in the table.
    buy(&mut app.visitor(), "yookassa", "later@example.com", 2).await;
    let answer = admin.get("/admin/orders/export.csv?q=&state=").await;
    assert!(answer.status == 200 && answer.header("content-type") == "text/csv; charset=utf-8", "{}", answer.status);
    let text = answer.text();
    let lines: Vec<&str> = text.strip_prefix('\u{feff}').expect("the mark").lines().collect();
    assert_eq!(lines.len(), 3, "{text}");
    assert!(lines[0].starts_with("Дата;Операция;Заказ;Покупатель"));
    assert!(lines[1].contains(";Платёж;") && lines[1].contains(";49900,00;RUB"), "{}", lines[1]);
    assert!(lines[1].contains("\"'=HYPERLINK(\"\"x\"\");\"\"Анна\"\"\""), "a name is no formula: {}", lines[1]);
    assert!(lines[2].contains(";Возврат;") && lines[2].contains(";-100,50;RUB"), "{}", lines[2]);
    let plain = answer.text().len();
    let packed = admin.clone().with_header("accept-encoding", "br").get("/admin/orders/export.csv?q=&state=").await;
    assert!(packed.header("content-encoding") == "br" && !packed.body.is_empty() && packed.body.len() < plain, "it ends as it should");
    let none = admin.get("/admin/orders/export.csv?q=nobody&state=paid").await.text();
    assert_eq!(none.lines().count(), 1);
    assert_eq!(school::sign_in(&app, STUDENT).await.get("/admin/orders/export.csv").await.status, 403);
}

async fn dispute(admin: &mut Client, order: Uuid, payment: &str, what: &str, reason: &str) -> u16 {
    let fields = [("payment_id", payment), ("outcome", what), ("resolve_reason", reason)];
    admin.post(&format!("/admin/orders/{order}/resolve"), &fields).await.status
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_dispute_is_marked_by_hand_and_ends_either_way(pool: PgPool) {
    let (app, mut admin, order, payment) = paid(&pool).await;
    assert_eq!(dispute(&mut admin, order, &payment, "disputed", " ").await, 422, "a reason is needed");
    assert_eq!(dispute(&mut admin, order, &payment, "dispute_won", "рано").await, 409, "there is none");
    assert_eq!(dispute(&mut admin, order, &payment, "disputed", "письмо банка 17").await, 303);
    let states = async || -> Vec<String> { list(&pool, "select state from payments union all select state from orders").await };
    assert_eq!(states().await, ["disputed", "paid"]);
    let mut student = school::sign_in(&app, STUDENT).await;
    assert_eq!(student.get("/learn/print").await.status, 200, "access stays");
    let refund = [("payment_id", payment.as_str()), ("amount", "1"), ("reason", "а")];
    assert_eq!(admin.post(&format!("/admin/orders/{order}/refund"), &refund).await.status, 422, "what is disputed is not given back");
    assert_eq!(dispute(&mut admin, order, &payment, "disputed", "ещё раз").await, 409);
    assert_eq!(dispute(&mut admin, order, &payment, "dispute_won", "деньги наши").await, 303);
    assert_eq!(states().await, ["succeeded", "paid"]);
    assert_eq!(dispute(&mut admin, order, &payment, "disputed", "письмо банка 18").await, 303);
    assert_eq!(dispute(&mut admin, order, &payment, "maybe", "как знать").await, 422);
    assert_eq!(dispute(&mut admin, order, &payment, "dispute_lost", "деньги у банка").await, 303);
    assert_eq!(states().await, ["refunded", "refunded"]);
    assert_eq!(student.get("/learn/print").await.status, 403, "money returned means access closed");
    assert!(admin.get(&format!("/admin/orders/{order}")).await.text().contains("письмо банка 17"), "the story tells");
}
