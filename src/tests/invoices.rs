//! Organisations that pay by invoice, and the school's settings that invoices and receipts read.

use crate::support::database::{change, count, one};
use crate::support::payments::{PRINT_OFFER, Scripted, buy, key, work};
use crate::support::school::{self, ADMIN, PRINT, STUDENT};
use crate::support::{Answer, Client};
use serde_json::Value;
use sqlx::PgPool;
use uuid::Uuid;

const FACTS: [(&str, &str); 12] = [
    ("name", "Школа"),
    ("email", "school@example.com"),
    ("time_zone", "Europe/Moscow"),
    ("legal_name", "ООО «Школа»"),
    ("tax_number", "7700000009"),
    ("kpp", "770001001"),
    ("registration_number", "1267700000006"),
    ("bank_name", "АО «Банк»"),
    ("bank_bic", "044599999"),
    ("bank_account", "40702810600000000001"),
    ("bank_corr_account", "30101810300000000999"),
    ("phone", " +7 495 000-00-00 "),
];

/// The facts with one of them otherwise.
async fn save(admin: &mut Client, field: &str, value: &str) -> Answer {
    let fields: Vec<(&str, &str)> = FACTS.iter().map(|(name, fact)| (*name, if *name == field { value } else { *fact })).collect();
    admin.post("/admin/settings", &fields).await
}

async fn order_by_invoice(client: &mut Client, number: u32, inn: &str, more: &[(&str, &str)]) -> Answer {
    let (offer, key) = (PRINT_OFFER.to_string(), key(number));
    let fields = [
        ("offer_id", offer.as_str()),
        ("consent", "yes"),
        ("key", &key),
        ("invoice", "yes"),
        ("company_name", "МБДОУ «Детский сад № 5»"),
        ("company_inn", inn),
    ];
    let fields: Vec<(&str, &str)> = fields.iter().chain(more).copied().collect();
    client.post("/courses/print/buy", &fields).await
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_kindergarten_pays_by_invoice(pool: PgPool) {
    let (app, scripted) = Scripted::open(&pool).await;
    let mut admin = school::sign_in(&app, ADMIN).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    assert!(!student.get("/courses/print/buy").await.text().contains("company_inn"), "without a bank there is nothing to pay to");
    assert_eq!(order_by_invoice(&mut student, 1, "7707083893", &[]).await.status, 422);
    assert_eq!(count(&pool, "orders").await, 0);
    assert_eq!(save(&mut admin, "", "").await.status, 303);
    assert!(student.get("/courses/print/buy").await.text().contains("company_inn"));
    for _ in 0..2 {
        assert_eq!(order_by_invoice(&mut student, 1, " 7707083893 ", &[]).await.status, 303);
    }
    let order: Uuid = one(&pool, "select id from orders").await;
    assert_eq!((count(&pool, "payments").await, count(&pool, "invoices").await, scripted.0.lock().unwrap().creates), (0, 1, 0));
    assert_eq!(count(&pool, "letters where template = 'notification'").await, 1, "the invoice comes by mail");
    let paper = format!("/orders/{order}/invoice.pdf");
    assert!(student.get(&format!("/orders/{order}")).await.text().contains(&paper));
    let pdf = student.get(&paper).await;
    assert!(pdf.status == 200 && pdf.header("content-type") == "application/pdf" && pdf.body.starts_with(b"%PDF-"), "{}", pdf.status);
    assert_eq!(app.visitor().get(&paper).await.status, 404);
    // What it says was said: neither a new account nor a new price changes it.
    assert_eq!(save(&mut admin, "legal_name", "ООО «Другая»").await.status, 303);
    change(&pool, "update offers set price_minor = 1").await;
    assert_eq!(student.get(&paper).await.body, pdf.body);
    let reason = [("manual_reason", "п/п 5 от 3 марта")];
    assert_eq!(admin.post(&format!("/admin/orders/{order}/manual"), &reason).await.status, 303);
    assert_eq!(student.get("/learn/print").await.status, 200);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn an_invoice_waits_a_month(pool: PgPool) {
    let (app, _) = Scripted::open(&pool).await;
    let mut admin = school::sign_in(&app, ADMIN).await;
    save(&mut admin, "", "").await;
    let mut student = school::sign_in(&app, STUDENT).await;
    order_by_invoice(&mut student, 1, "7707083893", &[]).await;
    for (days, state) in [(29, "awaiting_payment"), (7, "awaiting_payment"), (2, "cancelled")] {
        app.pass(days * 24 * 3_600);
        work(&app).await;
        assert_eq!(one::<String>(&pool, "select state from orders").await, state);
    }
    let order: Uuid = one(&pool, "select id from orders").await;
    let page = school::sign_in(&app, STUDENT).await.get(&format!("/orders/{order}")).await.text();
    assert!(page.contains("Срок счёта прошёл") && !page.contains("invoice.pdf"), "nobody pays by the old paper");
    // The transfer was under way for long.
    let mut admin = school::sign_in(&app, ADMIN).await;
    assert!(admin.get(&format!("/admin/orders/{order}")).await.text().contains(&format!("/admin/orders/{order}/manual")));
    assert_eq!(admin.post(&format!("/admin/orders/{order}/manual"), &[("manual_reason", "п/п 5 от 3 апреля")]).await.status, 303);
    assert_eq!(one::<String>(&pool, "select state from orders").await, "paid");
    assert_eq!(school::sign_in(&app, STUDENT).await.get("/learn/print").await.status, 200);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn an_organisation_with_wrong_numbers_gets_no_invoice(pool: PgPool) {
    let (app, _) = Scripted::open(&pool).await;
    let mut admin = school::sign_in(&app, ADMIN).await;
    save(&mut admin, "", "").await;
    let mut student = school::sign_in(&app, STUDENT).await;
    for (inn, more, field) in
        [("", vec![], "company_inn"), ("7707083894", vec![], "company_inn"), ("7707083893", vec![("company_kpp", "12")], "company_kpp")]
    {
        let answer = order_by_invoice(&mut student, 1, inn, &more).await;
        let text = answer.text();
        assert!(answer.status == 422 && text.contains(&format!("id=\"{field}-error\"")), "{inn} {more:?}");
        assert!(text.contains("МБДОУ") && text.contains("<details open"), "what was typed stands, and is seen");
    }
    assert_eq!(count(&pool, "orders").await, 0);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn the_schools_facts_are_checked_kept_and_shown(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut admin = school::sign_in(&app, ADMIN).await;
    for (field, value) in [
        ("name", " "),
        ("time_zone", "Moscow"),
        ("tax_number", "7700000000"),
        ("kpp", "1"),
        ("registration_number", "1267700000000"),
        ("bank_bic", "1"),
        ("bank_account", "40702810600000000002"),
        ("bank_corr_account", "30101810300000000998"),
        ("email", "nobody"),
        ("legal_name", &"x".repeat(301)),
    ] {
        let answer = save(&mut admin, field, value).await;
        assert!(answer.status == 422 && answer.text().contains(&format!("id=\"{field}-error\"")), "{field}");
        assert!(answer.text().contains("ООО «Школа»") || field == "legal_name", "what was typed stands");
    }
    assert_eq!(one::<String>(&pool, "select name from school_settings").await, "Lectern");
    assert_eq!(save(&mut admin, "", "").await.status, 303);
    assert_eq!(one::<String>(&pool, "select phone from school_settings").await, "+7 495 000-00-00");
    assert_eq!(count(&pool, "outbox_events where kind = 'facts_changed'").await, 1);
    assert_eq!(save(&mut admin, "", "").await.status, 303);
    assert_eq!(count(&pool, "outbox_events where kind = 'facts_changed'").await, 1, "nothing changed");
    assert!(admin.get("/admin/settings").await.text().contains("40702810600000000001"));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_sale_has_the_tax_of_its_day(pool: PgPool) {
    let (app, _) = Scripted::open(&pool).await;
    let mut admin = school::sign_in(&app, ADMIN).await;
    let mut set = async |vat: &str, with_receipts: &str, day: &str| {
        let fields = [("vat", vat), ("tax_system", "simplified_income"), ("with_receipts", with_receipts), ("valid_from", day)];
        admin.post("/admin/settings/taxes", &fields).await.status
    };
    assert_eq!((set("18", "yes", "").await, set("20", "yes", "31.12").await), (422, 422));
    let receipt = async |number: u32| {
        app.pass(60);
        buy(&mut app.visitor(), "yookassa", &format!("b{number}@example.com"), number).await;
        let found: Option<Value> = one(&pool, "select receipt from payments order by created_at desc, id desc limit 1").await;
        found.map(|receipt| receipt["lines"][0]["vat"].as_str().unwrap_or_default().to_owned())
    };
    assert_eq!(receipt(1).await, None, "nothing is set, and no receipt is made");
    // The clock of the tests stands on 2 March 2026.
    assert_eq!((set("20", "yes", "2025-01-01").await, set("22", "yes", "2026-01-01").await, set("none", "yes", "2030-01-01").await), (303, 303, 303));
    assert_eq!(receipt(2).await.as_deref(), Some("rate22"));
    let own = format!("vat-{PRINT}");
    let mut admin = school::sign_in(&app, ADMIN).await;
    assert_eq!(admin.post("/admin/settings/courses", &[(&own, "18")]).await.status, 422);
    assert_eq!(admin.post("/admin/settings/courses", &[(&own, "5")]).await.status, 303);
    assert_eq!(receipt(3).await.as_deref(), Some("rate5"), "the course's own");
    assert_eq!(admin.post("/admin/settings/courses", &[(&own, "")]).await.status, 303);
    assert_eq!(admin.post("/admin/settings/taxes", &[("vat", "none")]).await.status, 303);
    assert_eq!(receipt(4).await, None, "switched off");
    let kept: Vec<Option<Value>> = crate::support::database::list(&pool, "select receipt from payments order by created_at, id").await;
    assert_eq!(kept[1].as_ref().unwrap()["lines"][0]["vat"], "rate22", "what was sold keeps its tax");
    let page = admin.get("/admin/settings").await.text();
    assert!(page.contains("22 %") && page.contains("20 %"), "what held before can be read");
}
