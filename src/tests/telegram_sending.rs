//! News in Telegram: when it goes out, to whom, and what becomes of it when Telegram does not take it.

use crate::support::database::{change, count, list, one};
use crate::support::school::{self, ADMIN, OTHER, STUDENT};
use crate::support::telegram::{BotApi, CHAT, Mood, connect, connected, grade, poll, refusal, work};
use lectern::server::jobs;
use lectern::shared::i18n::{Locale, admin, notice, telegram as texts};
use serde_json::json;
use sqlx::PgPool;
use std::time::{Duration, Instant};

const RU: Locale = Locale::Ru;

/// How many messages about grades came into the chat.
fn grades(api: &BotApi) -> usize {
    api.texts(CHAT).iter().filter(|text| text.contains(notice::attempt_graded(RU))).count()
}

async fn deliveries(pool: &PgPool) -> Vec<String> {
    list(
        pool,
        "select trim(d.state || ' ' || d.reason) from notification_deliveries d join notifications n on n.id = d.notification_id
         where d.channel = 'telegram' order by n.created_at, n.id",
    )
    .await
}

async fn job(pool: &PgPool) -> String {
    one(pool, "select state || ' ' || attempts || ' ' || last_error from jobs where kind = 'tell_in_telegram' order by id desc limit 1").await
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn news_reaches_the_chats_that_are_connected_as_text_with_an_address(pool: PgPool) {
    let (api, app) = connected(&pool).await;
    change(&pool, "update test_versions set title = 'A & <b>B</b>'").await;
    grade(&app).await;
    work(&app).await;
    let message = api.sent(CHAT).pop().unwrap();
    let text = message["text"].as_str().unwrap();
    assert!(text.starts_with(&format!("<b>{}</b>\nA &amp; &lt;b&gt;B&lt;/b&gt;", notice::attempt_graded(RU))), "{text}");
    assert!(text.contains("\n\nhttp://127.0.0.1:3000/learn/attempts/"), "{text}");
    assert_eq!((&message["parse_mode"], &message["link_preview_options"]), (&json!("HTML"), &json!({ "is_disabled": true })));
    assert_eq!(deliveries(&pool).await, ["handed_over"]);
    let letters = format!("letters where to_address = '{}' and subject = '{}'", STUDENT.1, notice::attempt_graded(RU));
    assert_eq!(count(&pool, &letters).await, 1, "letters go as before");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn it_waits_for_the_end_of_quiet_hours_also_when_tried_again(pool: PgPool) {
    let (api, app) = connected(&pool).await;
    change(&pool, &format!("update users set time_zone = 'Europe/Moscow' where id = '{}'", STUDENT.0)).await;
    // It is noon in Moscow.
    let quiet = |from: &str, to: &str| format!("insert into notification_quiet_hours values ('{}', {from}, {to})", STUDENT.0);
    change(&pool, &quiet("11 * 60", "13 * 60")).await;
    grade(&app).await;
    for (minutes, expected) in [(0, 0), (59, 0), (2, 1)] {
        app.pass(minutes * 60);
        work(&app).await;
        assert_eq!(grades(&api), expected, "{minutes} minutes on");
    }
    change(&pool, "delete from notification_quiet_hours").await;
    api.be("sendMessage", refusal(500, "Internal Server Error", None));
    grade(&app).await;
    work(&app).await;
    change(&pool, &quiet("13 * 60", "14 * 60")).await;
    api.be("sendMessage", Mood::Well);
    for (minutes, expected) in [(30, 1), (28, 1), (2, 2)] {
        app.pass(minutes * 60);
        work(&app).await;
        assert_eq!(grades(&api), expected, "{minutes} minutes on");
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn gathered_news_is_one_message_in_the_readers_morning(pool: PgPool) {
    let (api, app) = connected(&pool).await;
    change(&pool, &format!("update users set time_zone = 'Asia/Vladivostok' where id = '{}'", STUDENT.0)).await;
    change(&pool, &format!("insert into notification_preferences values ('{}', 'grades', 'telegram', 'daily')", STUDENT.0)).await;
    for _ in 0..3 {
        grade(&app).await;
    }
    // It is past seven in the evening in Vladivostok: today's message may go.
    app.pass(3_600);
    work(&app).await;
    assert_eq!(grades(&api), 1);
    assert!(api.last(CHAT).starts_with(&format!("<b>{}</b>", notice::digest_title(RU, 3))), "{}", api.last(CHAT));
    assert!(api.last(CHAT).ends_with("http://127.0.0.1:3000/notifications"), "{}", api.last(CHAT));
    assert_eq!(deliveries(&pool).await, ["handed_over"; 3]);
    let letters = format!("letters where to_address = '{}' and subject like '%{}%'", STUDENT.1, notice::attempt_graded(RU));
    assert_eq!(count(&pool, &letters).await, 3, "letters come as they were chosen");
    grade(&app).await;
    for (minutes, expected) in [(4 * 60, 1), (8 * 60 + 30, 1), (60, 2)] {
        app.pass(minutes * 60);
        work(&app).await;
        assert_eq!(grades(&api), expected, "{minutes} minutes on: one a day, and none before nine in the morning");
    }
    // What was gathered for a chat that is gone goes nowhere.
    grade(&app).await;
    school::sign_in(&app, STUDENT).await.post("/notifications/telegram/disconnect", &[]).await;
    app.pass(24 * 3_600);
    work(&app).await;
    assert_eq!((grades(&api), deliveries(&pool).await.pop().unwrap()), (2, "skipped".to_owned()));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_chat_that_blocked_the_bot_is_let_go_and_people_see_it(pool: PgPool) {
    let (api, app) = connected(&pool).await;
    api.be("sendMessage", refusal(403, "Forbidden: bot was blocked by the user", None));
    grade(&app).await;
    work(&app).await;
    assert_eq!(deliveries(&pool).await, ["refused 403 Forbidden: bot was blocked by the user"]);
    assert!(job(&pool).await.starts_with("done 1"), "there is nothing to try again: {}", job(&pool).await);
    assert_eq!(one::<String>(&pool, "select state || coalesce(chat_id::text, '') from telegram_links").await, "blocked");
    let mut student = school::sign_in(&app, STUDENT).await;
    let page = student.get("/notifications/settings").await;
    assert!(
        page.says(texts::blocked_since(RU)) && page.says(texts::connect_again(RU)) && !page.text().contains("grades_telegram"),
        "{}",
        page.text()
    );
    assert!(student.get("/notifications").await.says(notice::telegram_unlinked_blocked(RU)), "the bell says it too");
    let queue = school::sign_in(&app, ADMIN).await.get("/admin/queue").await;
    assert!(queue.says(admin::undelivered(RU)) && queue.says("403 Forbidden: bot was blocked by the user"), "{}", queue.text());

    // Whatever waits for the chat goes nowhere, and connecting it again is as ever.
    let before = api.calls("sendMessage");
    grade(&app).await;
    work(&app).await;
    assert_eq!(api.calls("sendMessage"), before);
    api.be("sendMessage", Mood::Well);
    connect(&app, &api, STUDENT, CHAT).await;
    grade(&app).await;
    work(&app).await;
    assert_eq!(grades(&api), 1);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_message_that_telegram_refuses_is_shown_and_the_chat_stays(pool: PgPool) {
    let (api, app) = connected(&pool).await;
    api.be("sendMessage", refusal(400, "Bad Request: can't parse entities", None));
    grade(&app).await;
    work(&app).await;
    assert_eq!(deliveries(&pool).await, ["refused 400 Bad Request: can't parse entities"]);
    assert_eq!(count(&pool, "telegram_links where state = 'linked'").await, 1);
    let queue = school::sign_in(&app, ADMIN).await.get("/admin/queue").await;
    assert!(queue.says("can't parse entities") || queue.text().contains("parse entities"), "{}", queue.text());
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn telegrams_wish_to_wait_holds_for_every_message(pool: PgPool) {
    let (api, app) = connected(&pool).await;
    connect(&app, &api, OTHER, CHAT + 1).await;
    let before = api.calls("sendMessage");
    api.be("sendMessage", refusal(429, "Too Many Requests: retry after 100", Some(100)));
    grade(&app).await;
    work(&app).await;
    assert_eq!(job(&pool).await, "waiting 1 asked to wait 100 s");
    api.be("sendMessage", Mood::Well);
    app.pass(60);
    api.write(CHAT + 1, "/stop");
    poll(&app).await;
    work(&app).await;
    assert_eq!(api.calls("sendMessage") - before, 1, "a minute later nobody knocks, with whatever message");
    app.pass(42);
    work(&app).await;
    assert_eq!((grades(&api), api.last(CHAT + 1)), (1, texts::disconnected(RU).to_owned()));
    assert_eq!(deliveries(&pool).await, ["handed_over"]);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn while_telegram_is_away_messages_wait_and_after_a_day_they_are_given_up(pool: PgPool) {
    let (api, app) = connected(&pool).await;
    connect(&app, &api, ADMIN, CHAT + 1).await;
    api.be("sendMessage", Mood::Says(502, "<html>Bad Gateway</html>".to_owned()));
    grade(&app).await;
    work(&app).await;
    assert_eq!(job(&pool).await, "waiting 1 Telegram's answer can't be read (HTTP 502)");
    app.pass(20);
    api.be("sendMessage", Mood::Well);
    work(&app).await;
    assert_eq!((grades(&api), deliveries(&pool).await), (1, vec!["handed_over".to_owned()]));

    api.be("sendMessage", refusal(500, "Internal Server Error", None));
    grade(&app).await;
    for _ in 0..33 {
        jobs::run_due(&app.ctx()).await.unwrap();
        app.pass(4_600);
    }
    assert_eq!(job(&pool).await, "dead 32 Telegram answered 500 Internal Server Error");
    assert_eq!(deliveries(&pool).await.pop().unwrap(), "failed Telegram answered 500 Internal Server Error");
    api.be("sendMessage", Mood::Well);
    let before = api.texts(CHAT + 1).len();
    change(&pool, &format!("insert into notification_preferences values ('{}', 'system', 'telegram', 'now')", ADMIN.0)).await;
    work(&app).await;
    assert_eq!(count(&pool, "notifications where kind = 'job_failed'").await, 1, "an administrator is told");
    assert_eq!(api.texts(CHAT + 1).len(), before, "but not by what failed");

    let id: uuid::Uuid = one(&pool, "select id from jobs where state = 'dead'").await;
    let ctx = app.ctx();
    assert!(jobs::retry(&mut ctx.connection().await.unwrap(), &ctx, id).await.unwrap());
    work(&app).await;
    assert_eq!((grades(&api), deliveries(&pool).await.pop().unwrap()), (2, "handed_over".to_owned()), "tried again by hand it goes out");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_job_that_runs_twice_sends_once_and_what_was_read_is_not_sent(pool: PgPool) {
    let (api, app) = connected(&pool).await;
    grade(&app).await;
    work(&app).await;
    change(&pool, "update jobs set state = 'waiting', run_at = '2026-01-01Z' where kind in ('telegram_notification', 'tell_in_telegram')").await;
    work(&app).await;
    assert_eq!(grades(&api), 1, "the jobs twice, the message once");

    api.be("sendMessage", refusal(500, "Internal Server Error", None));
    grade(&app).await;
    work(&app).await;
    school::sign_in(&app, STUDENT).await.post("/notifications/read", &[]).await;
    api.be("sendMessage", Mood::Well);
    app.pass(60);
    work(&app).await;
    assert_eq!((grades(&api), deliveries(&pool).await.pop().unwrap()), (1, "skipped".to_owned()));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn safety_is_told_in_the_chat_unless_it_is_switched_off_there(pool: PgPool) {
    let (api, app) = connected(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    let fields = |old: &'static str, new: &'static str| [("current_password", old), ("new_password", new)];
    assert_eq!(student.post("/account/password", &fields(school::PASSWORD, "другое тихое окно")).await.status, 303);
    work(&app).await;
    let told = |api: &BotApi| api.texts(CHAT).iter().filter(|text| text.contains(notice::password_changed_text(RU))).count();
    assert_eq!(told(&api), 1);
    change(&pool, &format!("insert into notification_preferences values ('{}', 'security', 'telegram', 'never')", STUDENT.0)).await;
    change(&pool, &format!("insert into notification_preferences values ('{}', 'security', 'app', 'never')", STUDENT.0)).await;
    assert_eq!(student.post("/account/password", &fields("другое тихое окно", "третье тихое окно")).await.status, 303);
    work(&app).await;
    assert_eq!(told(&api), 1);
    assert_eq!(count(&pool, "notifications where kind = 'password_changed' and is_shown").await, 2, "in the application it is told in any case");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_telegram_that_hangs_ends_one_try_and_holds_up_no_letter(pool: PgPool) {
    let (api, app) = connected(&pool).await;
    api.be("sendMessage", Mood::Hangs);
    grade(&app).await;
    let begun = Instant::now();
    let working = tokio::spawn({
        let ctx = app.ctx();
        async move { jobs::run_due(&ctx).await.unwrap() }
    });
    while api.calls("sendMessage") < 2 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    jobs::run_due(&app.ctx()).await.unwrap();
    assert!(begun.elapsed() < Duration::from_secs(8), "others have gone on meanwhile");
    assert_eq!(count(&pool, "jobs where kind = 'send_letter' and state = 'waiting'").await, 0);
    tokio::time::timeout(Duration::from_secs(20), working).await.expect("a try ends").unwrap();
    assert_eq!(job(&pool).await, "waiting 1 Telegram did not answer within 10 s");
}
