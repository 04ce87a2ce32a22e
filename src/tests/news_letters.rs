//! News by letter: at once but not in quiet hours, gathered once a day, and one click ends it.

use crate::support::TestApp;
use crate::support::database::{change, contents, list, one};
use crate::support::quiz;
use crate::support::school::{self, CURATOR, OPEN, STUDENT, TEST};
use lectern::server::{jobs, worker};
use lectern::shared::i18n::{Locale, notice};
use sqlx::PgPool;

/// What goes to somebody's address: subjects of their letters, the oldest first.
async fn letters(pool: &PgPool, to: &str) -> Vec<String> {
    list(pool, &format!("select subject from letters where to_address = '{to}' order by id")).await
}

/// Grades an attempt of the student's, so that they are told.
async fn grade(app: &TestApp) {
    change(&app.pool, "update test_versions set attempts_allowed = null").await;
    let mut student = school::sign_in(app, STUDENT).await;
    let attempt = quiz::start(&mut student, TEST).await;
    quiz::save(&mut student, attempt, &OPEN, 1, quiz::text("Окно слева")).await;
    quiz::submit(&mut student, attempt).await;
    let mut curator = school::sign_in(app, CURATOR).await;
    assert_eq!(quiz::score(&mut curator, attempt, &OPEN, "3", "Верно").await.status, 303);
    while worker::relay(&app.ctx(), 100).await.unwrap() > 0 {}
}

async fn work(app: &TestApp) {
    while jobs::run_due(&app.ctx()).await.unwrap() > 0 {}
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn news_goes_out_by_letter_at_once_and_waits_for_the_end_of_quiet_hours(pool: PgPool) {
    let app = school::open(&pool).await;
    change(&pool, &format!("update users set time_zone = 'Europe/Moscow', locale = 'en' where id = '{}'", STUDENT.0)).await;
    grade(&app).await;
    work(&app).await;
    let subjects = letters(&pool, STUDENT.1).await;
    assert!(subjects.len() == 1 && subjects[0].contains(notice::attempt_graded(Locale::En)), "in the reader's language: {subjects:?}");
    // It is noon in Moscow.
    change(&pool, &format!("insert into notification_quiet_hours values ('{}', 11 * 60, 13 * 60)", STUDENT.0)).await;
    grade(&app).await;
    for (minutes, expected) in [(0, 1), (59, 1), (2, 2)] {
        app.pass(minutes * 60);
        work(&app).await;
        assert_eq!(letters(&pool, STUDENT.1).await.len(), expected, "{minutes} minutes on");
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn what_was_read_meanwhile_is_not_mailed_and_nothing_twice(pool: PgPool) {
    let app = school::open(&pool).await;
    grade(&app).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    student.post("/notifications/read", &[]).await;
    work(&app).await;
    assert_eq!(letters(&pool, STUDENT.1).await, Vec::<String>::new());
    grade(&app).await;
    work(&app).await;
    change(&pool, "update jobs set state = 'waiting', run_at = '2026-01-01Z' where kind = 'mail_notification'").await;
    work(&app).await;
    assert_eq!(letters(&pool, STUDENT.1).await.len(), 1, "the job twice, the letter once");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn gathered_news_is_one_letter_in_the_readers_morning(pool: PgPool) {
    let app = school::open(&pool).await;
    change(&pool, &format!("update users set time_zone = 'Asia/Vladivostok' where id = '{}'", STUDENT.0)).await;
    change(&pool, &format!("insert into notification_preferences values ('{}', 'grades', 'email', 'daily')", STUDENT.0)).await;
    work(&app).await;
    for _ in 0..3 {
        grade(&app).await;
    }
    // It is past seven in the evening in Vladivostok: today's letter may go.
    app.pass(3_600);
    work(&app).await;
    assert_eq!(letters(&pool, STUDENT.1).await.len(), 1);
    let lines: String = one(&pool, &format!("select args::text from letters where to_address = '{}'", STUDENT.1)).await;
    assert_eq!(lines.matches(notice::attempt_graded(Locale::Ru)).count(), 3, "{lines}");
    grade(&app).await;
    // Midnight, half past eight, and past nine.
    for (minutes, expected) in [(4 * 60, 1), (8 * 60 + 30, 1), (60, 2)] {
        app.pass(minutes * 60);
        work(&app).await;
        assert_eq!(letters(&pool, STUDENT.1).await.len(), expected, "{minutes} minutes on: one a day, and none before nine in the morning");
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn one_click_ends_letters_about_a_topic_and_nothing_else(pool: PgPool) {
    let app = school::open(&pool).await;
    grade(&app).await;
    work(&app).await;
    let link: String = one(&pool, &format!("select args ->> 'unsubscribe_url' from letters where to_address = '{}'", STUDENT.1)).await;
    let path = link.strip_prefix("http://127.0.0.1:3000").unwrap();
    let before = contents(&pool).await;
    assert_eq!(app.visitor().get(path).await.status, 200, "opening the link asks");
    assert_eq!(app.visitor().post(&path.replace("token=", "token=x"), &[]).await.status, 404);
    assert_eq!(contents(&pool).await, before, "and changes nothing");

    let mut mail_program = app.visitor().with_header("sec-fetch-site", "");
    assert_eq!(mail_program.post(path, &[("List-Unsubscribe", "One-Click")]).await.status, 200);
    let chosen: Vec<String> = list(&pool, "select topic || ' ' || channel || ' ' || mode from notification_preferences").await;
    assert_eq!(chosen, ["grades email never"]);
    let token = path.split_once("token=").unwrap().1;
    let mut forger = app.visitor().with_cookie("lectern_access", token).with_cookie("lectern_refresh", token);
    assert_eq!(forger.get("/account").await.status, 303, "it signs nobody in");
    grade(&app).await;
    work(&app).await;
    assert_eq!(letters(&pool, STUDENT.1).await.len(), 1);
    let told: i64 = one(&pool, &format!("select count(*) from notifications where user_id = '{}' and is_shown", STUDENT.0)).await;
    assert_eq!(told, 2, "the bell still tells");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn an_address_that_nobody_confirmed_gets_no_news(pool: PgPool) {
    let app = school::open(&pool).await;
    change(&pool, &format!("update users set email_confirmed_at = null where id = '{}'", STUDENT.0)).await;
    grade(&app).await;
    work(&app).await;
    assert_eq!(letters(&pool, STUDENT.1).await, Vec::<String>::new(), "whoever registered it may not be its owner");
    let told: i64 = one(&pool, &format!("select count(*) from notifications where user_id = '{}'", STUDENT.0)).await;
    assert_eq!(told, 1, "the bell tells");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn what_was_unsubscribed_meanwhile_is_not_sent(pool: PgPool) {
    let app = school::open(&pool).await;
    grade(&app).await;
    change(&pool, &format!("insert into notification_preferences values ('{}', 'grades', 'email', 'never')", STUDENT.0)).await;
    work(&app).await;
    assert_eq!(letters(&pool, STUDENT.1).await, Vec::<String>::new());
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn letters_that_fail_breed_no_letters(pool: PgPool) {
    let app = school::open(&pool).await;
    let failed = |id: u32| {
        format!(
            "insert into outbox_events (id, kind, subject_type, subject_id, after, occurred_at)
             values ('0190a000-0000-7000-8000-{id:012}', 'job_failed', 'job', gen_random_uuid(), '{{\"kind\": \"send_letter\"}}', '2026-03-02Z')"
        )
    };
    for id in 1..=3 {
        change(&pool, &failed(id)).await;
    }
    while worker::relay(&app.ctx(), 100).await.unwrap() > 0 {}
    work(&app).await;
    let told: i64 = one(&pool, "select count(*) from notifications where kind = 'job_failed'").await;
    assert_eq!(told, 1, "one piece of news an hour");
    assert_eq!(one::<i64>(&pool, "select count(*) from letters").await, 0);
}
