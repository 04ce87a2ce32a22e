//! What a letter's link does: a new password, a confirmed address. Once, for a while, and telling nobody who is known.

use crate::support::database::{change, count, list, one};
use crate::support::post::{PostOffice, work};
use crate::support::school::{self, OTHER, PASSWORD, STUDENT};
use crate::support::{Answer, TestApp};
use lectern::shared::i18n::{Locale, account, problem};
use sqlx::PgPool;

const NEW: &str = "four loud doors at night";

async fn open(pool: &PgPool) -> (TestApp, PostOffice) {
    let (office, url) = PostOffice::open();
    (school::open_with(pool, &[("SMTP_URL", &url)]).await, office)
}

async fn ask(app: &TestApp, email: &str) -> Answer {
    app.visitor().post("/password/forgot", &[("email", email)]).await
}

async fn reset(app: &TestApp, token: &str, password: &str) -> Answer {
    app.visitor().post("/password/reset", &[("token", token), ("password", password)]).await
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_forgotten_password_is_replaced_by_a_letters_link(pool: PgPool) {
    let (app, office) = open(&pool).await;
    let mut elsewhere = school::sign_in(&app, STUDENT).await;
    let page = app.visitor().get("/login").await;
    assert!(page.text().contains("href=\"/password/forgot\""));
    assert_eq!(ask(&app, " Student@School.test").await.location(), "/password/forgot?sent=1");
    assert!(app.visitor().get("/password/forgot?sent=1").await.says(account::forgot_sent_title(Locale::Ru)));
    ask(&app, STUDENT.1).await;
    work(&app).await;
    let letters = office.letters();
    assert_eq!(letters.len(), 2);
    let (token, second) = (letters[0].token(), letters[1].token());
    assert!(token.len() == 64 && token != second);
    assert_eq!(count(&pool, &format!("letters where args::text like '%{token}%'")).await, 0, "erased once sent");
    assert_eq!(count(&pool, &format!("account_tokens where sha256 = sha256('{token}'::bytea)")).await, 1, "only a digest is kept");

    let page = app.visitor().get(&format!("/password/reset?token={token}")).await;
    assert_eq!((page.status, page.header("referrer-policy"), page.header("cache-control")), (200, "same-origin", "no-store"));
    assert!(page.text().contains("name=\"password\""));
    let weak = reset(&app, &token, "password1234").await;
    assert!(weak.status == 422 && weak.says(problem::common_password(Locale::Ru)) && weak.text().contains(&token), "the form stands again");
    assert_eq!(reset(&app, &token, NEW).await.location(), "/login");
    assert_eq!(elsewhere.get("/account").await.status, 303, "all sessions have ended");
    app.sign_in(STUDENT.1, NEW).await;
    for dead in [&token, &second] {
        let answer = reset(&app, dead, "another five windows").await;
        assert!(answer.status == 422 && answer.says(problem::dead_link(Locale::Ru)), "{}", answer.text());
        assert!(!app.visitor().get(&format!("/password/reset?token={dead}")).await.text().contains("name=\"password\""));
    }
    work(&app).await;
    let told: Vec<String> = list(&pool, "select template || ' ' || is_essential from letters order by template desc").await;
    assert_eq!(told, ["reset_password true", "reset_password true", "password_changed true"]);
    assert_eq!(count(&pool, "outbox_events where kind = 'password_reset'").await, 1);
    assert_eq!(count(&pool, &format!("users where id = '{}' and email_confirmed_at is not null", STUDENT.0)).await, 1);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_link_serves_half_an_hour_and_no_closed_account(pool: PgPool) {
    let (app, office) = open(&pool).await;
    ask(&app, STUDENT.1).await;
    ask(&app, OTHER.1).await;
    work(&app).await;
    let letters = office.letters();
    let of = |person: &str| letters.iter().find(|letter| letter.to == person).unwrap().token();
    change(&pool, &format!("update users set is_active = false where id = '{}'", OTHER.0)).await;
    assert_eq!(reset(&app, &of(OTHER.1), NEW).await.status, 422);
    ask(&app, OTHER.1).await;
    work(&app).await;
    assert_eq!(office.letters().len(), 2, "and a closed account gets no letter");
    app.pass(30 * 60);
    assert_eq!(reset(&app, &of(STUDENT.1), NEW).await.status, 422);
    app.sign_in(STUDENT.1, PASSWORD).await;
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn nobody_learns_which_addresses_are_known(pool: PgPool) {
    let (app, office) = open(&pool).await;
    let (known, unknown) = (ask(&app, STUDENT.1).await, ask(&app, "nobody@school.test").await);
    assert_eq!((known.status, known.location(), known.text()), (unknown.status, unknown.location(), unknown.text()));
    assert_eq!(count(&pool, "jobs where kind = 'start_password_reset'").await, 2, "the same work, to the last row");
    assert_eq!(count(&pool, "outbox_events where kind = 'password_reset_requested'").await, 2);
    assert_eq!(count(&pool, "jobs where payload::text like '%school.test%'").await, 0, "no address in the queue");
    work(&app).await;
    assert_eq!(office.only().to, STUDENT.1);
    let mut seen = Vec::new();
    for email in [STUDENT.1, "nobody@school.test"] {
        for _ in 0..3 {
            seen.push((email, ask(&app, email).await.status));
        }
    }
    let statuses = |email: &str| seen.iter().filter(|(who, _)| *who == email).map(|(_, status)| *status).collect::<Vec<_>>();
    assert_eq!(statuses(STUDENT.1), [303, 303, 429]);
    assert_eq!(statuses(STUDENT.1), statuses("nobody@school.test"));
    assert_eq!(ask(&app, "not an address").await.status, 422);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_changed_password_kills_links_and_is_told(pool: PgPool) {
    let (app, office) = open(&pool).await;
    ask(&app, STUDENT.1).await;
    work(&app).await;
    let token = office.only().token();
    let mut student = school::sign_in(&app, STUDENT).await;
    assert_eq!(student.post("/account/password", &[("current_password", PASSWORD), ("new_password", NEW)]).await.status, 303);
    assert_eq!(reset(&app, &token, "another five windows").await.status, 422);
    work(&app).await;
    assert_eq!(count(&pool, "letters where template = 'password_changed' and is_essential and state = 'sent'").await, 1);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_newcomer_confirms_with_one_press(pool: PgPool) {
    let (app, office) = open(&pool).await;
    let fields = [("full_name", "Вера Новая"), ("email", "vera@example.com"), ("password", "тихое окно в классе"), ("consent", "yes")];
    assert_eq!(app.visitor().post("/register", &fields).await.status, 303);
    work(&app).await;
    let token = office.only().token();
    let mut vera = app.sign_in("vera@example.com", "тихое окно в классе").await;
    assert!(vera.get("/account").await.says(account::not_confirmed(Locale::Ru)));
    let path = format!("/account/confirm?token={token}");
    assert_eq!(app.visitor().get(&path).await.status, 200);
    assert!(vera.get("/account").await.says(account::not_confirmed(Locale::Ru)), "a program that opens links confirms nothing");
    for _ in 0..3 {
        assert_eq!(vera.post("/account/confirm/send", &[]).await.location(), "/account");
    }
    assert_eq!(vera.post("/account/confirm/send", &[]).await.status, 429);
    let mut other = app.visitor();
    assert_eq!(other.post("/account/confirm", &[("token", &token)]).await.location(), "/login");
    assert!(!vera.get("/account").await.says(account::not_confirmed(Locale::Ru)));
    let again = vera.post("/account/confirm", &[("token", &token)]).await;
    assert!(again.status == 422 && again.says(problem::dead_link(Locale::Ru)));
    let events: Vec<String> = list(&pool, "select kind from outbox_events where kind like '%confirm%' order by kind").await;
    assert_eq!(events, ["address_confirmed", "confirmation_requested", "confirmation_requested", "confirmation_requested"]);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_link_proves_only_the_address_that_it_was_sent_to(pool: PgPool) {
    let (app, office) = open(&pool).await;
    ask(&app, STUDENT.1).await;
    work(&app).await;
    let token = office.only().token();
    change(&pool, &format!("update users set email = 'moved@school.test' where id = '{}'", STUDENT.0)).await;
    assert_eq!(reset(&app, &token, NEW).await.status, 422);
    assert_eq!(one::<i64>(&pool, "select count(*) from account_tokens where used_at is null").await, 1);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn the_owner_of_a_known_address_is_told_and_not_flooded(pool: PgPool) {
    let (app, office) = open(&pool).await;
    let fields = [("full_name", "Вера Новая"), ("email", STUDENT.1), ("password", "тихое окно в классе"), ("consent", "yes")];
    for _ in 0..5 {
        assert_eq!(app.visitor().post("/register", &fields).await.status, 303);
    }
    work(&app).await;
    assert!(office.letters().iter().all(|letter| letter.to == STUDENT.1));
    assert_eq!(office.letters().len(), 2);
    app.sign_in(STUDENT.1, PASSWORD).await;
}
