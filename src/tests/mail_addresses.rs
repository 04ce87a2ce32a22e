//! Addresses that a mail server takes, refuses, or refuses for good.

use crate::support::database::{change, count, list, one};
use crate::support::letters::{notification, state, write};
use crate::support::post::{PostOffice, faulty, work};
use crate::support::school::{self, ADMIN, STUDENT};
use lectern::features::messages::server::mail::NewLetter;
use sqlx::PgPool;

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn an_address_that_is_refused_is_paused_until_somebody_lifts_that(pool: PgPool) {
    let (office, url) = PostOffice::open();
    let app = school::open_with(&pool, &[("SMTP_URL", &url)]).await;
    write(&app, notification("gone@school.test")).await.unwrap();
    work(&app).await;
    assert!(state(&pool).await.starts_with("refused 1 ") && state(&pool).await.contains("550"), "{}", state(&pool).await);
    assert_eq!(one::<String>(&pool, "select address from mail_pauses").await, "gone@school.test");
    assert_eq!(one::<String>(&pool, "select state from jobs where kind = 'send_letter'").await, "done", "trying again helps nobody");
    assert_eq!(count(&pool, "outbox_events where kind = 'address_refused' and after is null").await, 1);
    // The next one is not even tried, and says why.
    write(&app, notification("gone@school.test")).await.unwrap();
    work(&app).await;
    let held: Vec<String> = list(&pool, "select answer from letters where state = 'held'").await;
    assert!(held.len() == 1 && held[0].contains("550"), "{held:?}");
    let mut admin = school::sign_in(&app, ADMIN).await;
    let page = admin.get("/admin/mail?state=held").await;
    assert!(page.says("gone@school.test") && page.says("550"), "{}", page.text());
    assert_eq!(admin.post("/admin/mail/lift", &[("address", "gone@school.test")]).await.location(), "/admin/mail");
    assert_eq!(count(&pool, "mail_pauses").await, 0);
    assert_eq!(count(&pool, "outbox_events where kind = 'mail_pause_lifted'").await, 1);
    assert!(office.letters().is_empty());
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_server_that_refuses_us_pauses_nobody(pool: PgPool) {
    for (at, answer, state_then) in [
        ("MAIL", "550 5.7.1 sender not allowed", "waiting"),
        ("EHLO", "554 no", "waiting"),
        ("RCPT", "450 4.2.1 greylisted", "waiting"),
        ("RCPT", "550 5.7.1 relaying denied", "refused"),
        ("DATA", "554 5.6.0 content", "refused"),
    ] {
        let (url, _) = faulty(at, answer);
        let app = school::open_with_again(&pool, &[("SMTP_URL", &url)]).await;
        write(&app, notification(STUDENT.1)).await.unwrap();
        work(&app).await;
        assert!(state(&pool).await.starts_with(state_then), "{at} {answer}: {}", state(&pool).await);
        assert_eq!(count(&pool, "mail_pauses").await, 0, "{at}");
        change(&pool, "delete from letters").await;
        change(&pool, "delete from jobs").await;
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_reader_without_an_address_gets_no_letter(pool: PgPool) {
    let app = school::open(&pool).await;
    assert_eq!(write(&app, notification(" ")).await, None);
    assert_eq!(count(&pool, "letters").await + count(&pool, "jobs").await, 0);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn an_address_beyond_ascii_waits_for_no_server_that_takes_none(pool: PgPool) {
    let (url, _) = faulty("nothing", "");
    let app = school::open_with(&pool, &[("SMTP_URL", &url)]).await;
    write(&app, notification("анна@почта.рф")).await.unwrap();
    work(&app).await;
    assert!(state(&pool).await.starts_with("refused 1 ") && state(&pool).await.contains("SMTPUTF8"), "{}", state(&pool).await);
    assert_eq!(count(&pool, "mail_pauses").await, 0, "another server may take it");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn an_essential_letter_is_tried_at_a_paused_address_and_lifts_the_pause_if_it_is_taken(pool: PgPool) {
    let (office, url) = PostOffice::open();
    let app = school::open_with(&pool, &[("SMTP_URL", &url)]).await;
    for address in [STUDENT.1, "gone@school.test"] {
        change(&pool, &format!("insert into mail_pauses (address, answer, at) values ('{address}', '550 unknown', now())")).await;
        write(&app, NewLetter { is_essential: true, ..notification(address) }).await.unwrap();
    }
    work(&app).await;
    assert_eq!(office.only().to, STUDENT.1);
    assert_eq!(list::<String>(&pool, "select address from mail_pauses").await, ["gone@school.test"]);
    assert_eq!(list::<String>(&pool, "select state from letters order by to_address").await, ["refused", "sent"]);
    assert_eq!(count(&pool, "outbox_events where kind = 'mail_pause_lifted'").await, 1);
}
