//! Callbacks that come again when the story has gone on, and what providers say that a person has to know.

use crate::providers::fake::Mood;
use crate::providers::market::{Market, Till};
use crate::providers::news::News;
use crate::support::database::{count, one};
use crate::support::payments::{Scripted, access, ask_back, bought_at, buy, deliver, how, order_at, order_of, paid_at, payment_state, tasks, work};
use crate::support::school::{self, ADMIN, STUDENT};
use lectern::features::payments::server::providers::PaymentState;
use lectern::features::payments::server::settling;
use sqlx::PgPool;

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_callback_that_comes_again_undoes_neither_a_refund_nor_a_dispute(pool: PgPool) {
    for name in ["yookassa", "sberbank", "sberbank-new", "cloudpayments", "stripe"] {
        let market = Market::open(&pool, name).await;
        let mut admin = school::sign_in(&market.app, ADMIN).await;
        let (refunded, disputed) = (paid_at(&market, &pool).await, paid_at(&market, &pool).await);
        assert_eq!(ask_back(&mut admin, &pool, &refunded, "100", "").await, 303);
        let order = order_at(&pool, &disputed).await;
        let fields = [("payment_id", disputed.as_str()), ("outcome", "disputed"), ("resolve_reason", "письмо банка")];
        assert_eq!(admin.post(&format!("/admin/orders/{order}/resolve"), &fields).await.status, 303);
        work(&market.app).await;
        for (number, state) in [(&refunded, "partially_refunded"), (&disputed, "disputed")] {
            for _ in 0..3 {
                assert_eq!(market.call(number, News::Paid).unwrap().send(&market.app).await.status, 200);
                work(&market.app).await;
                settling::check(&market.app.ctx(), number.parse().unwrap()).await.unwrap();
                assert_eq!(how(&pool, number).await, (state.to_owned(), 1), "{name}");
            }
        }
        assert_eq!(count(&pool, &format!("refunds where payment_id in ('{refunded}', '{disputed}')")).await, 1, "{name}");
        assert_eq!(market.drawer(&refunded).await.back, 10_000, "{name}");
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn an_order_that_was_given_up_stays_so_until_money_comes(pool: PgPool) {
    let (app, scripted) = Scripted::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    buy(&mut student, "yookassa", "", 1).await;
    let number = scripted.number();
    scripted.change(|kept| kept.state = PaymentState::Canceled);
    deliver(&app, &format!("canceled {number}")).await;
    work(&app).await;
    app.pass(4 * 86_400);
    work(&app).await;
    let order = order_of(&pool).await;
    let state = async || -> String { one(&pool, &format!("select state from orders where id = '{order}'")).await };
    assert_eq!(state().await, "cancelled");
    for event in ["canceled", "again"] {
        deliver(&app, &format!("{event} {number}")).await;
        work(&app).await;
        assert_eq!((state().await.as_str(), payment_state(&pool).await.as_str()), ("cancelled", "canceled"));
    }
    scripted.change(|kept| kept.state = PaymentState::Succeeded);
    deliver(&app, &format!("late {number}")).await;
    work(&app).await;
    assert_eq!((state().await.as_str(), access(&pool, STUDENT.0).await, tasks(&pool).await), ("paid", 1, Vec::new()));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn keys_that_the_provider_refuses_are_a_task_and_no_end_of_the_payment(pool: PgPool) {
    let market = Market::open(&pool, "yookassa").await;
    for _ in 0..10 {
        market.be(Mood::Says(401, None, "{}".to_owned()));
    }
    let number = bought_at(&market, &pool).await;
    work(&market.app).await;
    assert_eq!((how(&pool, &number).await.0.as_str(), tasks(&pool).await), ("created", vec!["settings".to_owned()]));
    market.calm();
    market.app.pass(600);
    work(&market.app).await;
    assert_eq!(how(&pool, &number).await.0, "pending");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_receipt_that_was_not_made_is_a_task_and_closes_nothing(pool: PgPool) {
    let market = Market::open(&pool, "yookassa").await;
    let number = paid_at(&market, &pool).await;
    let Till::Yookassa(fake) = &market.till else { unreachable!() };
    fake.shop().of(&number).unwrap()["receipt_registration"] = "canceled".into();
    for _ in 0..2 {
        settling::check(&market.app.ctx(), number.parse().unwrap()).await.unwrap();
    }
    assert_eq!((how(&pool, &number).await, tasks(&pool).await), (("succeeded".to_owned(), 1), vec!["receipt_failed".to_owned()]));
}
