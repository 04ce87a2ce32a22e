//! Payments that nobody pays: their pages are closed, their orders end, and money that comes all the same is not lost.

use crate::providers::market::{Market, Till};
use crate::providers::news::{News, cloud};
use crate::support::database::{change, count, list, one};
use crate::support::payments::{PRINT_OFFER, Scripted, bought_at, buy, choose, how, key, order_of, payment_state, tasks, work};
use crate::support::school::{self, ADMIN, STUDENT};
use crate::support::{Answer, Client, TestApp};
use lectern::features::payments::server::providers::ProviderError;
use lectern::features::payments::server::settling;
use serde_json::json;
use sqlx::PgPool;

const HOUR: u64 = 3_600;
const STRANGER: &str = "0199a7c2-9999-7000-8000-000000000001";

async fn order_state(pool: &PgPool, number: &str) -> String {
    one(pool, &format!("select state from orders where id = (select order_id from payments where id = '{number}')")).await
}

/// Lets time pass, and the rounds of work that follow from each other.
async fn pass(app: &TestApp, seconds: u64) {
    app.pass(seconds);
    for _ in 0..3 {
        work(app).await;
        app.pass(61);
    }
    work(app).await;
}

/// The payer pays on the page that they kept, and the provider tells.
async fn pay_late(market: &Market, pool: &PgPool, number: &str) {
    market.pay(number).await;
    market.call(number, News::Paid).unwrap().send(&market.app).await;
    work(&market.app).await;
    assert_eq!(how(pool, number).await, ("succeeded".to_owned(), 1), "{}: the payer was faster", market.name());
    assert_eq!(order_state(pool, number).await, "paid", "{}", market.name());
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_page_that_nobody_pays_is_closed_and_its_order_ends(pool: PgPool) {
    for name in ["sberbank", "sberbank-new", "cloudpayments", "stripe", "sandbox"] {
        let market = Market::open(&pool, name).await;
        // Each market has a clock of its own.
        change(&pool, "delete from job_schedules").await;
        let number = bought_at(&market, &pool).await;
        if name == "cloudpayments" {
            market.decline(&number).await;
        }
        pass(&market.app, 70 * HOUR).await;
        assert_eq!((how(&pool, &number).await.0.as_str(), order_state(&pool, &number).await.as_str()), ("pending", "awaiting_payment"), "{name}");
        pass(&market.app, 8 * HOUR).await;
        let state = how(&pool, &number).await.0;
        assert!(matches!(state.as_str(), "canceled" | "failed"), "{name}: {state}");
        assert_eq!(order_state(&pool, &number).await, "cancelled", "{name}");
        match &market.till {
            Till::Sberbank(fake) => assert_eq!(fake.shop().of(&number).unwrap().status, 6, "{name}"),
            Till::Cloudpayments(fake) => assert_eq!(fake.shop().of(&number).unwrap()["Status"], "Cancelled"),
            Till::Stripe(fake) => {
                let shop = fake.shop();
                let session = shop.of(&number).unwrap();
                assert_eq!(shop.sessions[session]["status"], "expired");
            }
            Till::Yookassa(_) | Till::Sandbox => {}
        }
        if name == "cloudpayments" {
            let pairs = [("TransactionId", "1"), ("Amount", "49900.00"), ("Currency", "RUB"), ("TestMode", "1"), ("InvoiceId", number.as_str())];
            assert_eq!(cloud("check", &pairs).send(&market.app).await.text(), r#"{"code":20}"#, "it is too late");
        }
        pay_late(&market, &pool, &number).await;
    }
    assert_eq!(tasks(&pool).await, Vec::<String>::new());
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn an_abandoned_link_gives_the_use_of_a_discount_back(pool: PgPool) {
    let market = Market::open(&pool, "cloudpayments").await;
    let mut admin = school::sign_in(&market.app, ADMIN).await;
    let code = [("code", "ONE"), ("kind", "percent"), ("value", "10"), ("uses_max", "1")];
    assert_eq!(admin.post("/admin/discounts", &code).await.status, 303);
    let send = async |client: &mut Client, email: &str, number: u32| -> Answer {
        let (offer, key) = (PRINT_OFFER.to_string(), key(number));
        let fields = [
            ("offer_id", offer.as_str()),
            ("provider", "cloudpayments"),
            ("email", email),
            ("consent", "yes"),
            ("key", &key),
            ("discount_code", "ONE"),
        ];
        client.post("/courses/print/buy", &fields).await
    };
    assert_eq!(send(&mut market.app.visitor(), "first@example.com", 1).await.status, 303);
    assert_eq!(send(&mut market.app.visitor(), "second@example.com", 2).await.status, 422);
    pass(&market.app, 30 * HOUR).await;
    assert_eq!(list::<String>(&pool, "select state from orders").await, ["cancelled"]);
    assert_eq!(send(&mut market.app.visitor(), "second@example.com", 3).await.status, 303, "the use is free again");
}

/// The time of a page is over at the provider.
fn expire(market: &Market, number: &str) {
    match &market.till {
        Till::Yookassa(fake) => {
            let mut shop = fake.shop();
            let payment = shop.of(number).unwrap();
            payment["status"] = "canceled".into();
            payment["cancellation_details"] = json!({ "party": "yoo_money", "reason": "expired_on_confirmation" });
        }
        Till::Sberbank(fake) => {
            let mut shop = fake.shop();
            let order = shop.of(number).unwrap();
            order.status = 6;
            order.action = -2007;
        }
        Till::Stripe(fake) => {
            let mut shop = fake.shop();
            let session = shop.of(number).unwrap();
            shop.sessions[session]["status"] = "expired".into();
        }
        Till::Cloudpayments(_) | Till::Sandbox => unreachable!(),
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn what_is_paid_after_its_time_was_over_is_not_lost_at_any_provider(pool: PgPool) {
    for name in ["yookassa", "sberbank", "sberbank-new", "stripe"] {
        let market = Market::open(&pool, name).await;
        let number = bought_at(&market, &pool).await;
        expire(&market, &number);
        settling::check(&market.app.ctx(), number.parse().unwrap()).await.unwrap();
        assert_eq!(how(&pool, &number).await, ("canceled".to_owned(), 0), "{name}");
        pay_late(&market, &pool, &number).await;
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn an_order_that_is_paid_closes_its_other_pages(pool: PgPool) {
    let other = Market::open(&pool, "cloudpayments").await;
    let Till::Cloudpayments(fake) = &other.till else { unreachable!() };
    let url = fake.url.clone();
    let settings = [
        ("CLOUDPAYMENTS_PUBLIC_ID", "test_api_fixture"),
        ("CLOUDPAYMENTS_API_SECRET", "fixture-api-secret"),
        ("CLOUDPAYMENTS_API_URL", url.as_str()),
    ];
    let market = Market::open_with(&pool, "sandbox", &settings).await;
    let mut student = school::sign_in(&market.app, STUDENT).await;
    assert_eq!(buy(&mut student, "cloudpayments", "", 1).await.status, 303);
    market.app.pass(1);
    let order = order_of(&pool).await;
    let page = student.post(&format!("/orders/{order}/pay"), &[("provider", "sandbox")]).await.location().to_owned();
    assert_eq!(payment_state(&pool).await, "pending pending");
    choose(&mut student, &page, "pay").await;
    work(&market.app).await;
    assert_eq!(payment_state(&pool).await, "canceled succeeded");
    assert_eq!(fake.shop().orders[0]["Status"], "Cancelled", "nobody pays twice");
    assert_eq!(tasks(&pool).await, Vec::<String>::new());
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn with_a_wrong_key_the_buyer_gets_the_form_and_the_order_ends(pool: PgPool) {
    let (app, scripted) = Scripted::open(&pool).await;
    let refused = ProviderError::Settings("the key is wrong".to_owned());
    scripted.0.lock().unwrap().create_fails = vec![(false, refused); 500];
    let mut student = school::sign_in(&app, STUDENT).await;
    buy(&mut student, "yookassa", "", 1).await;
    let order = format!("/orders/{}", order_of(&pool).await);
    let preparing = student.get(&order).await;
    assert!(!preparing.header("refresh").is_empty() && !preparing.text().contains(&format!("{order}/pay")), "it may be a matter of seconds");
    app.pass(61);
    let page = student.get(&order).await;
    assert!(page.header("refresh").is_empty() && page.text().contains(&format!("{order}/pay")), "another provider can be chosen");
    assert_eq!((tasks(&pool).await, payment_state(&pool).await.as_str()), (vec!["settings".to_owned()], "created"));
    // Its job has its tries, too.
    for _ in 0..60 {
        if payment_state(&pool).await == "created" {
            pass(&app, 5 * HOUR).await;
        }
    }
    pass(&app, 60).await;
    assert_eq!((payment_state(&pool).await.as_str(), one::<String>(&pool, "select state from orders").await.as_str()), ("failed", "cancelled"));
    assert_eq!(count(&pool, "payment_history where kind = 'asked'").await, 1, "what is tried again and again does not hide the rest");
    assert_eq!(count(&pool, "payments where first_sent_at is null").await, 1);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_key_that_is_mended_goes_on_with_the_same_payment(pool: PgPool) {
    let (app, scripted) = Scripted::open(&pool).await;
    scripted.0.lock().unwrap().create_fails = vec![(false, ProviderError::Settings("the key is wrong".to_owned())); 2];
    let mut student = school::sign_in(&app, STUDENT).await;
    buy(&mut student, "yookassa", "", 1).await;
    // Longer than providers keep keys: this one was never theirs.
    app.pass(30);
    work(&app).await;
    pass(&app, 26 * HOUR).await;
    assert_eq!(payment_state(&pool).await, "pending");
    assert_eq!(scripted.0.lock().unwrap().creates, 3);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn open_payments_of_a_provider_that_is_switched_off_end_and_take_nobodys_turn(pool: PgPool) {
    let (app, _) = Scripted::open(&pool).await;
    buy(&mut app.visitor(), "yookassa", "first@example.com", 1).await;
    let first = order_of(&pool).await;
    // More of them than one round looks at, all asked for never.
    change(
        &pool,
        "insert into orders (id, buyer_id, state, total_minor, currency, created_at, updated_at)
         select gen_random_uuid(), buyer_id, state, total_minor, currency, created_at, updated_at from orders, generate_series(1, 250)",
    )
    .await;
    change(
        &pool,
        "insert into payments (id, order_id, user_id, provider, idempotency_key, state, amount_minor, currency, created_at, updated_at, first_sent_at)
         select gen_random_uuid(), id, buyer_id, 'yookassa', id::text, 'created', total_minor, currency, created_at, updated_at, created_at
         from orders o where not exists (select from payments p where p.order_id = o.id)",
    )
    .await;
    let market = Market::open(&pool, "stripe").await;
    market.app.pass(3_600);
    buy(&mut market.app.visitor(), "stripe", "second@example.com", 2).await;
    let second: String = one(&pool, "select id::text from payments where provider = 'stripe'").await;
    market.pay(&second).await;
    pass(&market.app, 600).await;
    assert_eq!(how(&pool, &second).await, ("succeeded".to_owned(), 1), "a lost callback is made up for all the same");
    pass(&market.app, 73 * HOUR).await;
    pass(&market.app, 60).await;
    assert_eq!(count(&pool, "payments where provider = 'yookassa' and state <> 'canceled'").await, 0);
    assert_eq!(one::<String>(&pool, &format!("select state from orders where id = '{first}'")).await, "cancelled");
    assert_eq!(tasks(&pool).await, ["settings"], "a person may have to look there");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_page_whose_address_was_lost_makes_room_for_another(pool: PgPool) {
    let market = Market::open(&pool, "sberbank").await;
    let mut student = school::sign_in(&market.app, STUDENT).await;
    market.be(crate::providers::fake::Mood::Loses);
    buy(&mut student, "sberbank", "", 1).await;
    market.app.pass(61);
    work(&market.app).await;
    assert_eq!(payment_state(&pool).await, "pending", "the bank has it, and does not tell its page again");
    let order = format!("/orders/{}", order_of(&pool).await);
    assert!(student.get(&order).await.text().contains(&format!("{order}/pay")));
    market.app.pass(1);
    let again = student.post(&format!("{order}/pay"), &[("provider", "sberbank")]).await;
    assert_eq!(again.location(), format!("{order}?go=1"));
    assert!(matches!(payment_state(&pool).await.as_str(), "failed pending" | "canceled pending"), "{}", payment_state(&pool).await);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn the_link_of_an_order_opens_it_for_a_year(pool: PgPool) {
    let market = Market::open(&pool, "sandbox").await;
    let mut visitor = market.app.visitor();
    let page = buy(&mut visitor, "sandbox", "new@example.com", 1).await.location().to_owned();
    let link = choose(&mut visitor, &page, "pay").await.location().to_owned();
    let order = format!("/orders/{}", order_of(&pool).await);
    for (days, status) in [(364, 303), (2, 404)] {
        market.app.pass(days * 24 * HOUR);
        assert_eq!(market.app.visitor().get(&link).await.status, status);
        assert_eq!(visitor.get(&order).await.status, if status == 303 { 200 } else { 404 }, "its cookie likewise");
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_link_is_paid_for_its_own_buyer_only(pool: PgPool) {
    let market = Market::open(&pool, "cloudpayments").await;
    let number = bought_at(&market, &pool).await;
    let buyer: String = one(&pool, &format!("select user_id::text from payments where id = '{number}'")).await;
    for (account, code) in [(buyer.as_str(), 0), ("", 0), (STRANGER, 11)] {
        let pairs = [
            ("TransactionId", "1"),
            ("Amount", "49900.00"),
            ("Currency", "RUB"),
            ("TestMode", "1"),
            ("InvoiceId", number.as_str()),
            ("AccountId", account),
        ];
        assert_eq!(cloud("check", &pairs).send(&market.app).await.text(), format!(r#"{{"code":{code}}}"#), "{account}");
    }
}
