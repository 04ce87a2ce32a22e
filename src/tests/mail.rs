//! Letters on their way: to a real mail server, to one that is away, slow or unwilling, and to nobody.

use crate::support::Client;
use crate::support::database::{change, count, one};
use crate::support::letters::{notification, state, write};
use crate::support::post::{PostOffice, faulty, work};
use crate::support::school::{self, ADMIN, STUDENT};
use lectern::features::messages::server::mail::{self, Letter, NewLetter};
use lectern::server::jobs;
use sqlx::PgPool;
use std::net::TcpListener;
use uuid::Uuid;

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_letter_reaches_a_real_server_whole(pool: PgPool) {
    let (office, url) = PostOffice::open();
    let app = school::open_with(&pool, &[("SMTP_URL", &url), ("MAIL_FROM", "post@school.example")]).await;
    let id = write(&app, notification(STUDENT.1)).await.unwrap();
    work(&app).await;
    let letter = office.only();
    assert_eq!((letter.from.as_str(), letter.to.as_str()), ("post@school.example", STUDENT.1));
    assert_eq!(letter.header("Message-ID"), format!("<{}@127.0.0.1>", id.simple()));
    assert_eq!(letter.header("To"), "\"Anna Belova\" <student@school.test>");
    assert_eq!(letter.header("Subject"), "The curator answered");
    assert_eq!(letter.header("List-Unsubscribe"), "<https://school.example/unsubscribe?key=abc>");
    assert_eq!(letter.header("List-Unsubscribe-Post"), "List-Unsubscribe=One-Click");
    assert_eq!(letter.header("Auto-Submitted"), "auto-generated");
    assert!(letter.header("From").ends_with("<post@school.example>"), "{}", letter.header("From"));
    let words = letter.words();
    assert!(words.contains("multipart/alternative") && words.contains("text/plain") && words.contains("text/html"));
    assert_eq!(words.matches("A line of text.").count(), 2, "{words}");
    assert!(state(&pool).await.starts_with("sent 1 250"), "{}", state(&pool).await);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_job_that_runs_twice_sends_once(pool: PgPool) {
    let (office, url) = PostOffice::open();
    let app = school::open_with(&pool, &[("SMTP_URL", &url)]).await;
    let id = write(&app, notification(STUDENT.1)).await.unwrap();
    work(&app).await;
    mail::send(&app.ctx(), id).await.unwrap();
    assert_eq!(office.letters().len(), 1);
    // Two workers at once: one of them has it, the other comes again later.
    let id = write(&app, notification(STUDENT.1)).await.unwrap();
    let (ctx, other) = (app.ctx(), app.ctx());
    let (a, b) = tokio::join!(mail::send(&ctx, id), mail::send(&other, id));
    assert!(a.is_ok() || b.is_ok());
    assert_eq!(office.letters().len(), 2);
    // A worker that died in the middle is believed dead after a while, and not before.
    let id = write(&app, notification(STUDENT.1)).await.unwrap();
    change(&pool, &format!("update letters set state = 'sending', sending_at = '{}' where id = '{id}'", app.now())).await;
    assert!(mail::send(&app.ctx(), id).await.is_err());
    assert_eq!(office.letters().len(), 2);
    app.pass(81);
    mail::send(&app.ctx(), id).await.unwrap();
    assert_eq!(office.letters().len(), 3);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_server_that_is_away_for_hours_gets_the_letter_when_it_is_back(pool: PgPool) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let app = school::open_with(&pool, &[("SMTP_URL", &format!("smtp://{address}"))]).await;
    write(&app, notification(STUDENT.1)).await.unwrap();
    for _ in 0..12 {
        work(&app).await;
        app.pass(4_600);
    }
    assert!(state(&pool).await.starts_with("waiting 12 "), "{}", state(&pool).await);
    let error: String = one(&pool, "select last_error from jobs where kind = 'send_letter'").await;
    assert!(error.contains("can't be reached") && !error.contains("school.test"), "{error}");
    let office = PostOffice::default();
    office.serve(TcpListener::bind(address).unwrap());
    work(&app).await;
    assert_eq!(office.letters().len(), 1);
    assert!(state(&pool).await.starts_with("sent 13 "), "{}", state(&pool).await);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_letter_is_given_up_with_a_reason_and_its_link_is_erased(pool: PgPool) {
    let (url, tries) = faulty("RCPT", "451 4.3.0 student@school.test: later");
    let app = school::open_with(&pool, &[("SMTP_URL", &url)]).await;
    let letter = Letter::ResetPassword { name: String::new(), link: "https://a.example/?token=secret".to_owned() };
    write(&app, NewLetter { letter, unsubscribe_url: None, ..notification(STUDENT.1) }).await.unwrap();
    for _ in 0..34 {
        work(&app).await;
        app.pass(4_600);
    }
    assert_eq!(*tries.lock().unwrap(), 32);
    let row: String = one(&pool, "select state || ' ' || answer || ' ' || args::text from letters").await;
    assert!(row.starts_with("failed ") && row.contains("451") && !row.contains("secret"), "{row}");
    let error: String = one(&pool, "select state || ' ' || last_error from jobs where kind = 'send_letter'").await;
    assert_eq!(error, "dead the mail server answered 451", "what the server said of persons stays in the mail log");
    assert_eq!(count(&pool, "outbox_events where kind = 'job_failed'").await, 1);
    // Asked to try once more, there is nothing left to send.
    let job: Uuid = one(&pool, "select id from jobs where kind = 'send_letter'").await;
    let ctx = app.ctx();
    assert!(jobs::retry(&mut ctx.connection().await.unwrap(), &ctx, job).await.unwrap());
    work(&app).await;
    assert_eq!(*tries.lock().unwrap(), 32);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_server_that_says_nothing_is_left_in_time(pool: PgPool) {
    for at in ["EHLO", "RCPT"] {
        let (url, _) = faulty(at, "");
        let app = school::open_with_again(&pool, &[("SMTP_URL", &format!("{url}?timeout=1"))]).await;
        write(&app, notification(STUDENT.1)).await.unwrap();
        let begin = tokio::time::Instant::now();
        work(&app).await;
        assert!(begin.elapsed().as_secs() < 10);
        assert!(state(&pool).await.starts_with("waiting 1 the mail server"), "{at}: {}", state(&pool).await);
        change(&pool, "delete from letters").await;
        change(&pool, "delete from jobs").await;
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_server_without_encryption_hears_nothing_where_it_is_demanded(pool: PgPool) {
    let (office, url) = PostOffice::open();
    let app = school::open_with(&pool, &[("SMTP_URL", &format!("{url}?tls=required"))]).await;
    write(&app, notification(STUDENT.1)).await.unwrap();
    work(&app).await;
    assert!(state(&pool).await.starts_with("waiting 1 "), "{}", state(&pool).await);
    assert!(office.letters().is_empty());
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_name_with_a_line_break_adds_no_header(pool: PgPool) {
    let (office, url) = PostOffice::open();
    let app = school::open_with(&pool, &[("SMTP_URL", &url)]).await;
    change(&pool, "update school_settings set name = E'School\\r\\nX-School: yes'").await;
    let letter = Letter::Notification {
        name: "Anna".to_owned(),
        title: "Subject\r\nX-Subject: yes".to_owned(),
        lines: vec!["text\r\n.\r\nMAIL FROM:<x@y.example>".to_owned()],
        link: None,
    };
    let unsubscribe_url = Some("https://a.example/\r\nX-List: yes".to_owned());
    write(&app, NewLetter { to_name: "Anna\r\nBcc: other@school.test", letter, unsubscribe_url, ..notification(STUDENT.1) }).await.unwrap();
    work(&app).await;
    let letter = office.only();
    let head = letter.data.split("\r\n\r\n").next().unwrap();
    for bad in ["\nBcc:", "\nX-Subject:", "\nX-School:", "\nX-List:"] {
        assert!(!head.contains(bad), "{head}");
    }
    assert_eq!(letter.to, STUDENT.1);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn without_a_server_letters_are_shown_and_in_production_they_wait(pool: PgPool) {
    let app = school::open(&pool).await;
    let id = write(&app, notification(STUDENT.1)).await.unwrap();
    work(&app).await;
    assert_eq!(state(&pool).await, "shown 0 ");
    let mut admin = school::sign_in(&app, ADMIN).await;
    let page = admin.get(&format!("/admin/mail/{id}")).await;
    assert!(page.says("A line of text.") && page.says("student@school.test"), "{}", page.text());
    let frame = admin.get(&format!("/admin/mail/{id}/html")).await;
    let policy = frame.header("content-security-policy");
    assert!(policy.contains("sandbox") && policy.contains("style-src 'unsafe-inline'") && !policy.contains("script-src"), "{policy}");
    assert_eq!((frame.header("x-frame-options"), frame.header("cache-control")), ("SAMEORIGIN", "no-store"));
    assert!(frame.text().contains("A line of text."));

    change(&pool, "delete from letters").await;
    let settings = [("LECTERN_ENV", "production"), ("BASE_URL", "https://school.test"), ("JWT_SECRET", "0123456789abcdef0123456789abcdef")];
    let app = school::open_with_again(&pool, &settings).await;
    write(&app, notification(STUDENT.1)).await.unwrap();
    work(&app).await;
    assert!(state(&pool).await.starts_with("waiting 1 ") && state(&pool).await.contains("SMTP_URL"), "{}", state(&pool).await);
}

async fn templates(admin: &mut Client) -> Vec<(String, String)> {
    let all = admin.call("mail/templates", serde_json::json!({})).await.json();
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    all.as_array().unwrap().iter().map(|one| (text(&one["template"]), text(&one["locale"]))).collect()
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn every_template_can_be_looked_at_in_both_languages(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut admin = school::sign_in(&app, ADMIN).await;
    let all = templates(&mut admin).await;
    assert_eq!(all.len(), 12);
    assert_eq!(admin.get("/admin/mail/templates").await.status, 200);
    for (template, locale) in all {
        let html = admin.get(&format!("/admin/mail/templates/{template}/{locale}")).await;
        assert!(html.status == 200 && html.text().contains(&format!("<html lang=\"{locale}\">")), "{template} {locale}");
    }
    for bad in ["nothing/ru", "reset_password/de", "reset_password/en-GB"] {
        assert_eq!(admin.get(&format!("/admin/mail/templates/{bad}")).await.status, 404, "{bad}");
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_secret_link_is_shown_to_a_developer_and_to_nobody_in_production(pool: PgPool) {
    let development = school::open(&pool).await;
    let letter = Letter::ResetPassword { name: String::new(), link: "https://school.test/password/reset?token=5ec7e7".to_owned() };
    let id = write(&development, NewLetter { letter, unsubscribe_url: None, ..notification(STUDENT.1) }).await.unwrap();
    work(&development).await;
    let settings = [("LECTERN_ENV", "production"), ("BASE_URL", "https://school.test"), ("JWT_SECRET", "0123456789abcdef0123456789abcdef")];
    let production = school::open_with_again(&pool, &settings).await;
    for (app, is_shown) in [(&development, true), (&production, false)] {
        let mut admin = school::sign_in(app, ADMIN).await;
        for path in [format!("/admin/mail/{id}"), format!("/admin/mail/{id}/html")] {
            let page = admin.get(&path).await;
            assert_eq!((page.status, page.text().contains("5ec7e7")), (200, is_shown), "{path}: {}", page.text());
        }
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_link_that_expired_on_the_way_is_not_sent(pool: PgPool) {
    let (office, url) = PostOffice::open();
    let app = school::open_with(&pool, &[("SMTP_URL", &url)]).await;
    let letter = Letter::ResetPassword { name: String::new(), link: "https://a.example/?token=secret".to_owned() };
    write(&app, NewLetter { letter, useful_until: Some(app.now()), ..notification(STUDENT.1) }).await.unwrap();
    work(&app).await;
    assert!(state(&pool).await.starts_with("failed 0 "), "{}", state(&pool).await);
    assert_eq!(count(&pool, "letters where args::text like '%secret%'").await, 0);
    assert!(office.letters().is_empty());
}
