//! Buying: from the form to the open course, whoever buys and however often they click.

use crate::support::database::{change, count, list, one, refusal, warm_up};
use crate::support::payments::{Scripted, access, buy, choose, deliver, key, order_of, payment_state, tasks, work};
use crate::support::school::{self, OTHER, PRINT, STUDENT};
use lectern::features::payments::server::providers::{PaymentState, ProviderError};
use sqlx::PgPool;
use uuid::Uuid;

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_student_buys_through_the_sandbox(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    let page = student.get("/courses/print/buy").await;
    assert!(page.status == 200 && page.text().contains("name=\"offer_id\""), "{}", page.status);
    assert!(student.get("/courses/print").await.text().contains("/courses/print/buy"));
    let answer = buy(&mut student, "sandbox", "", 1).await;
    assert!(answer.status == 303 && answer.location().starts_with("/sandbox/"), "{} {}", answer.status, answer.location());
    let sandbox = answer.location().to_owned();
    let order = order_of(&pool).await;
    let waiting = student.get(&format!("/orders/{order}")).await;
    assert!(waiting.status == 200 && waiting.header("refresh").starts_with('4'), "it looks again by itself: {}", waiting.header("refresh"));
    assert_eq!(access(&pool, STUDENT.0).await, 0, "nothing is open before it is paid");
    let back = choose(&mut student, &sandbox, "pay").await;
    assert_eq!(back.status, 303);
    assert!(back.location().starts_with(&format!("/orders/{order}/open/")), "{}", back.location());
    work(&app).await;
    assert_eq!((payment_state(&pool).await.as_str(), access(&pool, STUDENT.0).await), ("succeeded", 1));
    let opened = student.get(back.location()).await;
    assert_eq!(opened.location(), format!("/orders/{order}"));
    let paid = student.get(&format!("/orders/{order}")).await;
    assert!(paid.status == 200 && paid.text().contains("/learn/print") && paid.header("refresh").is_empty());
    assert_eq!(student.get("/learn/print").await.status, 200);
    assert_eq!(count(&pool, "letters where user_id is not null and template = 'notification'").await, 1);
    assert_eq!(count(&pool, "order_consents").await, 3, "the texts as they were accepted");
    // The page of a payment that is over can't be used again.
    choose(&mut student, &sandbox, "decline").await;
    work(&app).await;
    assert_eq!(payment_state(&pool).await, "succeeded");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_visitor_buys_with_an_address_and_gets_the_way_in(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut visitor = app.visitor();
    let answer = buy(&mut visitor, "sandbox", " New@Example.com ", 1).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    let sandbox = answer.location().to_owned();
    let order = format!("/orders/{}", order_of(&pool).await);
    assert_eq!(visitor.get(&order).await.status, 200, "the browser that bought has the link");
    assert_eq!(app.visitor().get(&order).await.status, 404, "another browser has not");
    assert_eq!(school::sign_in(&app, OTHER).await.get(&order).await.status, 404);
    assert_eq!(count(&pool, "letters").await, 0, "nobody is written to before it is paid");
    let back = choose(&mut visitor, &sandbox, "pay").await;
    work(&app).await;
    let user: Uuid = one(&pool, "select id from users where email = 'new@example.com'").await;
    assert_eq!(access(&pool, user).await, 1);
    let templates: Vec<String> = list(&pool, "select template from letters order by template").await;
    assert_eq!(templates, ["first_password", "notification"]);
    // The link of the letter opens it in any browser, and only this order.
    let mut elsewhere = app.visitor();
    assert_eq!(elsewhere.get(back.location()).await.location(), order);
    assert_eq!(elsewhere.get(&order).await.status, 200);
    let mut forged = back.location().to_owned();
    forged.pop();
    assert_eq!(app.visitor().get(&forged).await.status, 404);
    let args: serde_json::Value = one(&pool, "select args from letters where template = 'first_password'").await;
    let link = args["letter"]["link"].as_str().unwrap().split_once("token=").unwrap().1.to_owned();
    let set = app.visitor().post("/password/reset", &[("token", &link), ("password", "seven quiet windows")]).await;
    assert_eq!(set.location(), "/login");
    let mut learner = app.sign_in("new@example.com", "seven quiet windows").await;
    assert_eq!(learner.get("/learn/print").await.status, 200);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn what_is_typed_wrong_is_said_beside_its_field_and_kept(pool: PgPool) {
    let app = school::open(&pool).await;
    let (offer, light_offer) = ("0190a000-0000-7000-8000-00000000af02", "0190a000-0000-7000-8000-00000000af01");
    let good = key(1);
    for (fields, field) in [
        ([("offer_id", offer), ("provider", "sandbox"), ("email", "x"), ("consent", "yes"), ("key", good.as_str())], "email-error"),
        ([("offer_id", offer), ("provider", "sandbox"), ("email", "a@b.example"), ("consent", ""), ("key", good.as_str())], "consent-error"),
        (
            [("offer_id", light_offer), ("provider", "sandbox"), ("email", "a@b.example"), ("consent", "yes"), ("key", good.as_str())],
            "offer_id-error",
        ),
        ([("offer_id", offer), ("provider", "stripe"), ("email", "a@b.example"), ("consent", "yes"), ("key", good.as_str())], "provider-error"),
        ([("offer_id", offer), ("provider", "sandbox"), ("email", "a@b.example"), ("consent", "yes"), ("key", "x")], "form-alert"),
    ] {
        let answer = app.visitor().post("/courses/print/buy", &fields).await;
        assert_eq!(answer.status, 422, "{field}");
        assert!(answer.text().contains(&format!("id=\"{field}\"")), "{field}");
        assert!(answer.text().contains(&format!("value=\"{}\"", fields[2].1)), "what was typed stands");
    }
    assert_eq!((count(&pool, "orders").await, count(&pool, "users").await), (0, 5));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn fifty_clicks_make_one_open_payment(pool: PgPool) {
    let app = school::open(&pool).await;
    let student = school::sign_in(&app, STUDENT).await;
    warm_up(&pool).await;
    let clicks = (0..50).map(|number| {
        let mut tab = student.clone();
        // Half of them from one rendered form, half from other tabs.
        tokio::spawn(async move { buy(&mut tab, "sandbox", "", if number % 2 == 0 { 1 } else { number + 10 }).await })
    });
    let answers = futures_util::future::join_all(clicks).await;
    for answer in answers {
        let answer = answer.unwrap();
        assert_eq!(answer.status, 303, "{}", answer.text());
    }
    assert_eq!((count(&pool, "orders").await, count(&pool, "payments").await, count(&pool, "sandbox_payments").await), (1, 1, 1));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn an_answer_that_was_lost_is_asked_for_with_the_same_key(pool: PgPool) {
    let (app, scripted) = Scripted::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    let lost = ProviderError::Again { reason: "a time-out".to_owned(), after: None };
    scripted.0.lock().unwrap().create_fails = vec![(false, lost.clone()), (true, lost)];
    let answer = buy(&mut student, "yookassa", "", 1).await;
    let order = format!("/orders/{}", order_of(&pool).await);
    assert_eq!(answer.location(), order, "there is no page to go to yet");
    assert_eq!(payment_state(&pool).await, "created", "never failed, never anew");
    for _ in 0..4 {
        app.pass(60);
        work(&app).await;
    }
    assert_eq!(payment_state(&pool).await, "pending");
    let keys = scripted.0.lock().unwrap().payments.values().next().unwrap().keys.clone();
    assert!(keys.len() >= 2 && keys.windows(2).all(|pair| pair[0] == pair[1]), "{keys:?}");
    // The payer is sent on by the order's page: a form of ours may lead to no other site.
    let page = student.get(&format!("{order}?go=1")).await;
    assert!(page.header("refresh").starts_with("0; url=https://pay.example/"), "{}", page.header("refresh"));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_refusal_ends_the_attempt_and_leaves_the_order(pool: PgPool) {
    let (app, scripted) = Scripted::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    scripted.0.lock().unwrap().create_fails = vec![(false, ProviderError::Final { code: "no".to_owned(), reason: "not today".to_owned() })];
    buy(&mut student, "yookassa", "", 1).await;
    assert_eq!(payment_state(&pool).await, "failed");
    app.pass(1);
    let order = format!("/orders/{}", order_of(&pool).await);
    let again = student.post(&format!("{order}/pay"), &[("provider", "yookassa")]).await;
    assert_eq!(again.location(), format!("{order}?go=1"));
    assert_eq!(payment_state(&pool).await, "failed pending");
    assert_eq!(count(&pool, "orders").await, 1);
    let keys: i64 = one(&pool, "select count(distinct idempotency_key) from payments").await;
    assert_eq!(keys, 2, "a new attempt has a new key");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn buying_again_extends_a_term(pool: PgPool) {
    let app = school::open(&pool).await;
    change(&pool, "update offers set access_days = 30").await;
    let mut student = school::sign_in(&app, STUDENT).await;
    for number in 1..=2 {
        let sandbox = buy(&mut student, "sandbox", "", number).await.location().to_owned();
        choose(&mut student, &sandbox, "pay").await;
        work(&app).await;
    }
    let days: i32 = one(
        &pool,
        &format!(
            "select extract(day from expires_at - starts_at)::int from course_enrollments where user_id = '{}' and course_id = '{PRINT}'",
            STUDENT.0
        ),
    )
    .await;
    assert_eq!((days, access(&pool, STUDENT.0).await), (60, 1));
    let kinds: Vec<String> = list(&pool, "select kind from order_grants order by granted_at, kind").await;
    assert_eq!(kinds, ["began", "extended"]);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn the_letter_says_open_only_where_it_is(pool: PgPool) {
    let (app, scripted) = Scripted::open(&pool).await;
    let hindrances = [
        format!("update courses set status = 'archived' where id = '{PRINT}'"),
        "update offers set access_days = null, access_until = '2026-03-02T08:00:00Z'".to_owned(),
    ];
    for (number, hindrance) in (1_u32..).zip(hindrances) {
        let email = format!("late{number}@example.com");
        buy(&mut app.visitor(), "yookassa", &email, number).await;
        change(&pool, &hindrance).await;
        let id: Uuid = one(&pool, &format!("select p.id from payments p join users u on u.id = p.user_id where u.email = '{email}'")).await;
        scripted.0.lock().unwrap().payments.get_mut(&id.to_string()).unwrap().state = PaymentState::Succeeded;
        deliver(&app, &format!("succeeded {id}")).await;
        work(&app).await;
        let letters = format!("letters l join users u on u.id = l.user_id where u.email = '{email}' and l.template = 'notification'");
        let letter: String = one(&pool, &format!("select l.args::text from {letters}")).await;
        assert!(letter.contains("Доступ сам не открылся") && !letter.contains("Доступ открыт"), "{hindrance}: {letter}");
        assert_eq!(one::<String>(&pool, &format!("select state from payments where id = '{id}'")).await, "succeeded", "the money is kept");
        change(&pool, &format!("update courses set status = 'published' where id = '{PRINT}'")).await;
    }
    assert_eq!((count(&pool, "order_grants").await, tasks(&pool).await), (0, vec!["not_opened".to_owned(); 2]));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn the_story_of_an_order_refuses_every_change(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    buy(&mut student, "sandbox", "", 1).await;
    assert!(count(&pool, "payment_history").await >= 3);
    for sql in ["update payment_history set note = 'x'", "delete from payment_history", "truncate payment_history"] {
        assert_eq!(refusal(&pool, sql).await, "42501", "{sql}");
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn without_a_provider_the_school_enrols_by_hand(pool: PgPool) {
    let app = school::open_with(&pool, &[("PAYMENTS_SANDBOX", "off")]).await;
    let page = app.visitor().get("/courses/print").await.text();
    assert!(page.contains("mailto:") && !page.contains("/courses/print/buy"));
    assert_eq!(app.visitor().get("/courses/print/buy").await.status, 303);
    assert_eq!(buy(&mut app.visitor(), "sandbox", "a@b.example", 1).await.status, 303, "there is no such page");
    assert_eq!(count(&pool, "orders").await, 0);
}
