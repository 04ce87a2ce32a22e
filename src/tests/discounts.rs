//! Codes that lower prices: what they take off, who gets the last use, what opens without money.

use crate::support::database::{change, count, list, one, warm_up};
use crate::support::payments::{PRINT_OFFER, PRINT_PRICE, Scripted, deliver, key, work};
use crate::support::school::{self, ADMIN, LIGHT, PRINT, STUDENT};
use crate::support::{Answer, Client};
use lectern::features::payments::server::providers::PaymentState;
use sqlx::PgPool;
use uuid::Uuid;

/// The form that buys `print`, with a code.
async fn send(client: &mut Client, email: &str, number: u32, code: &str, apply: &str) -> Answer {
    let (offer, key) = (PRINT_OFFER.to_string(), key(number));
    let fields = [
        ("offer_id", offer.as_str()),
        ("provider", "yookassa"),
        ("email", email),
        ("consent", "yes"),
        ("key", &key),
        ("discount_code", code),
        ("apply", apply),
    ];
    client.post("/courses/print/buy", &fields).await
}

async fn buy(client: &mut Client, email: &str, number: u32, code: &str) -> Answer {
    send(client, email, number, code, "").await
}

/// Makes a code as an administrator does.
async fn make(admin: &mut Client, code: &str, kind: &str, value: &str, more: &[(&str, &str)]) -> Answer {
    let fields: Vec<(&str, &str)> = [("code", code), ("kind", kind), ("value", value)].iter().chain(more).copied().collect();
    admin.post("/admin/discounts", &fields).await
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_code_lowers_the_price_before_and_after_it_is_sent(pool: PgPool) {
    let (app, scripted) = Scripted::open(&pool).await;
    let mut admin = school::sign_in(&app, ADMIN).await;
    assert_eq!(make(&mut admin, " осень 15 ", "percent", "15", &[("uses_max", "2")]).await.status, 303);
    let mut student = school::sign_in(&app, STUDENT).await;
    let shown = send(&mut student, "", 1, "Осень15", "yes").await;
    // 49 900 − 15 % = 42 415.
    assert!(shown.status == 200 && shown.text().contains("42\u{a0}415\u{a0}₽") && shown.text().contains("7\u{a0}485\u{a0}₽"), "{}", shown.status);
    assert!(shown.text().contains("value=\"Осень15\"") && shown.text().contains(&key(1)), "nothing typed is lost");
    assert_eq!(count(&pool, "orders").await, 0, "looking takes nothing");
    assert!(
        student.get("/courses/print/buy?code=%D0%BE%D1%81%D0%B5%D0%BD%D1%8C15").await.text().contains("42\u{a0}415\u{a0}₽"),
        "a letter's link brings it too"
    );
    assert_eq!(buy(&mut student, "", 1, "осень15").await.status, 303);
    assert_eq!(buy(&mut student, "", 1, "ОСЕНЬ 15").await.status, 303, "once more, by a double click");
    let sums: (i64, i64) = sqlx::query_as("select o.total_minor, l.discount_minor from orders o join order_lines l on l.order_id = o.id")
        .fetch_one(&pool)
        .await
        .unwrap();
    assert_eq!(sums, (4_241_500, 748_500));
    assert_eq!(scripted.0.lock().unwrap().payments.values().next().unwrap().amount.minor, 4_241_500, "the provider asks for so much");
    scripted.change(|kept| kept.state = PaymentState::Succeeded);
    deliver(&app, &format!("succeeded {}", scripted.number())).await;
    work(&app).await;
    assert_eq!(student.get("/learn/print").await.status, 200);
    let order: Uuid = one(&pool, "select id from orders").await;
    assert!(student.get(&format!("/orders/{order}")).await.text().contains("7\u{a0}485\u{a0}₽"));
    let page = admin.get("/admin/discounts").await.text();
    assert!(page.contains("1 из 2") && page.contains("/admin/orders?q="), "uses are counted, with the way to the orders");
    assert_eq!(admin.call("admin/orders", serde_json::json!({ "search": "осень15", "state": "", "after": null })).await.json()["total"], 1);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_code_that_does_not_fit_says_why_beside_its_field(pool: PgPool) {
    let (app, _) = Scripted::open(&pool).await;
    let mut admin = school::sign_in(&app, ADMIN).await;
    // The clock of the tests stands in March 2026.
    for (code, more) in [
        ("EARLY", vec![("begins", "2030-01-01")]),
        ("LATE", vec![("ends", "2020-01-01")]),
        ("OFF", vec![]),
        ("USED", vec![("uses_max", "1")]),
        ("FITS", vec![("begins", "2020-01-01"), ("ends", "2030-01-01")]),
    ] {
        assert_eq!(make(&mut admin, code, "sum", "1000", &more).await.status, 303, "{code}");
    }
    let light = format!("course-{LIGHT}");
    assert_eq!(make(&mut admin, "OTHER", "percent", "5", &[(&light, "yes")]).await.status, 303);
    let print = format!("course-{PRINT}");
    assert_eq!(make(&mut admin, "OWN", "percent", "5", &[(&print, "yes")]).await.status, 303);
    let off: Uuid = one(&pool, "select id from discount_codes where code = 'OFF'").await;
    assert_eq!(admin.post(&format!("/admin/discounts/{off}/switch"), &[("is_active", "no")]).await.status, 303);
    assert_eq!(buy(&mut app.visitor(), "first@example.com", 1, "USED").await.status, 303);
    for (code, words) in [
        ("none", "Такого кода нет"),
        ("OFF", "Такого кода нет"),
        ("OTHER", "не для этого курса"),
        ("EARLY", "ещё не действует"),
        ("LATE", "уже не действует"),
        ("USED", "столько раз, сколько можно"),
    ] {
        for apply in ["yes", ""] {
            let answer = send(&mut app.visitor(), "second@example.com", 2, code, apply).await;
            let text = answer.text();
            assert_eq!(answer.status, 422, "{code}");
            assert!(text.contains("id=\"discount_code-error\"") && text.contains(words), "{code}");
            assert!(text.contains("value=\"second@example.com\"") && text.contains(&format!("value=\"{code}\"")), "what was typed stands");
        }
    }
    for (number, code) in [(3, "FITS"), (4, "OWN"), (5, "")] {
        assert_eq!(buy(&mut app.visitor(), "second@example.com", number, code).await.status, 303, "{code}");
    }
    assert_eq!(count(&pool, "orders").await, 4);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn the_last_uses_taken_at_once_are_taken_once_each(pool: PgPool) {
    let (app, _) = Scripted::open(&pool).await;
    let mut admin = school::sign_in(&app, ADMIN).await;
    make(&mut admin, "LAST", "percent", "50", &[("uses_max", "3")]).await;
    warm_up(&pool).await;
    let buyers = (0..16).map(|number| {
        let mut buyer = app.visitor();
        tokio::spawn(async move { buy(&mut buyer, &format!("b{number}@example.com"), number, "LAST").await.status })
    });
    let answers: Vec<u16> = futures_util::future::join_all(buyers).await.into_iter().map(|answer| answer.unwrap()).collect();
    assert_eq!(answers.iter().filter(|status| **status == 303).count(), 3, "{answers:?}");
    assert_eq!(answers.iter().filter(|status| **status == 422).count(), 13, "{answers:?}");
    assert_eq!(count(&pool, "orders where discount_id is not null and total_minor = 2495000").await, 3);
    assert_eq!(count(&pool, "orders").await, 3, "who came too late has no order at another price");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn an_order_that_nobody_pays_gives_its_use_back(pool: PgPool) {
    let (app, scripted) = Scripted::open(&pool).await;
    let mut admin = school::sign_in(&app, ADMIN).await;
    make(&mut admin, "ONE", "sum", "10 000,50", &[("uses_max", "1")]).await;
    buy(&mut app.visitor(), "first@example.com", 1, "ONE").await;
    let total: i64 = one(&pool, "select total_minor from orders").await;
    assert_eq!(total, PRINT_PRICE - 1_000_050);
    app.pass(25 * 3_600);
    work(&app).await;
    assert_eq!(one::<String>(&pool, "select state from orders").await, "awaiting_payment", "its page is open at the provider");
    assert_eq!(buy(&mut app.visitor(), "second@example.com", 2, "ONE").await.status, 422);
    scripted.change(|kept| kept.state = PaymentState::Canceled);
    let first = scripted.number();
    deliver(&app, &format!("canceled {first}")).await;
    app.pass(60);
    work(&app).await;
    app.pass(60);
    work(&app).await;
    assert_eq!(one::<String>(&pool, "select state from orders").await, "cancelled");
    assert_eq!(buy(&mut app.visitor(), "second@example.com", 3, "ONE").await.status, 303, "the use is free again");
    // The first payer was slower than all that, but paid: it is not lost.
    scripted.0.lock().unwrap().payments.get_mut(&first).unwrap().state = PaymentState::Succeeded;
    deliver(&app, &format!("succeeded {first}")).await;
    work(&app).await;
    assert_eq!(list::<String>(&pool, "select state from orders order by number").await, ["paid", "awaiting_payment"]);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn an_order_without_a_discount_waits_longer(pool: PgPool) {
    let (app, scripted) = Scripted::open(&pool).await;
    buy(&mut app.visitor(), "first@example.com", 1, "").await;
    scripted.change(|kept| kept.state = PaymentState::Canceled);
    deliver(&app, &format!("canceled {}", scripted.number())).await;
    for (days, state) in [(2, "awaiting_payment"), (2, "cancelled")] {
        app.pass(days * 24 * 3_600);
        work(&app).await;
        assert_eq!(one::<String>(&pool, "select state from orders").await, state);
    }
    let kinds: Vec<Option<String>> = list(&pool, "select after from payment_history where kind = 'order' order by place").await;
    assert_eq!(kinds, [Some("awaiting_payment".to_owned()), Some("cancelled".to_owned())]);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn what_costs_nothing_opens_at_once_and_asks_no_provider(pool: PgPool) {
    let (app, scripted) = Scripted::open(&pool).await;
    let mut admin = school::sign_in(&app, ADMIN).await;
    make(&mut admin, "GIFT", "percent", "100", &[]).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    for _ in 0..3 {
        let answer = buy(&mut student, "", 1, "GIFT").await;
        assert!(answer.status == 303 && answer.location().starts_with("/orders/"), "{} {}", answer.status, answer.location());
    }
    assert_eq!(student.get("/learn/print").await.status, 200);
    assert_eq!((count(&pool, "orders").await, count(&pool, "order_grants").await, count(&pool, "payments").await), (1, 1, 0));
    assert_eq!(scripted.0.lock().unwrap().creates, 0);
    assert_eq!(one::<String>(&pool, "select state from orders").await, "paid");
    assert_eq!(count(&pool, "letters where template = 'notification'").await, 1);
    assert_eq!(count(&pool, "outbox_events where kind = 'order_paid'").await, 1);
    let order: Uuid = one(&pool, "select id from orders").await;
    assert!(student.get(&format!("/orders/{order}")).await.text().contains("Курс открыт"));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn another_code_in_the_same_form_is_another_order(pool: PgPool) {
    let (app, scripted) = Scripted::open(&pool).await;
    let mut admin = school::sign_in(&app, ADMIN).await;
    make(&mut admin, "HALF", "percent", "50", &[("uses_max", "1")]).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    buy(&mut student, "", 1, "").await;
    assert_eq!(buy(&mut student, "", 1, "HALF").await.status, 303, "back to the form, and a code");
    let totals: Vec<i64> = list(&pool, "select total_minor from orders order by number").await;
    assert_eq!(totals, [PRINT_PRICE, PRINT_PRICE / 2]);
    // The same person's own order that nobody pays any more does not hold the use against them.
    for kept in scripted.0.lock().unwrap().payments.values_mut() {
        kept.state = PaymentState::Canceled;
    }
    let numbers: Vec<String> = scripted.0.lock().unwrap().payments.keys().cloned().collect();
    for number in numbers {
        deliver(&app, &format!("canceled {number}")).await;
    }
    work(&app).await;
    change(&pool, "update offers set price_minor = price_minor + 100").await;
    assert_eq!(buy(&mut student, "", 2, "HALF").await.status, 303);
    assert_eq!(count(&pool, "orders where discount_id is not null and state = 'cancelled'").await, 1);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_wrong_code_is_not_made(pool: PgPool) {
    let (app, _) = Scripted::open(&pool).await;
    let mut admin = school::sign_in(&app, ADMIN).await;
    assert_eq!(make(&mut admin, "A", "percent", "10", &[]).await.status, 303);
    let long = "x".repeat(41);
    for (code, kind, value, more, field) in [
        ("", "percent", "10", vec![], "code"),
        (long.as_str(), "percent", "10", vec![], "code"),
        ("a", "percent", "10", vec![], "code"),
        ("B", "gift", "10", vec![], "kind"),
        ("B", "percent", "0", vec![], "value"),
        ("B", "percent", "101", vec![], "value"),
        ("B", "percent", "9.5", vec![], "value"),
        ("B", "sum", "0", vec![], "value"),
        ("B", "sum", "1,234", vec![], "value"),
        ("B", "sum", "10", vec![("begins", "31.12.2026")], "begins"),
        ("B", "sum", "10", vec![("begins", "2026-05-02"), ("ends", "2026-05-01")], "ends"),
        ("B", "sum", "10", vec![("uses_max", "0")], "uses_max"),
        ("B", "sum", "10", vec![("uses_max", "много")], "uses_max"),
    ] {
        let answer = make(&mut admin, code, kind, value, &more).await;
        assert_eq!(answer.status, 422, "{code} {kind} {value} {more:?}");
        assert!(answer.text().contains(&format!("id=\"{field}-error\"")), "{code} {kind} {value} {more:?}");
    }
    assert_eq!(count(&pool, "discount_codes").await, 1);
    assert_eq!(make(&mut admin, "B", "sum", "10", &[("begins", "2026-05-01"), ("ends", "2026-05-01")]).await.status, 303, "one day is a term");
}
