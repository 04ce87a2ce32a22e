//! Announcements: whom they reach, who has read them, taking them back.

use crate::support::database::{change, count, one};
use crate::support::school::{self, ADMIN, CURATOR, ENROLLMENT, LIGHT, OTHER, PRINT, STRANGER, STUDENT};
use crate::support::{Answer, Client, TestApp};
use lectern::features::learning::server::enrollment::{Enroll, enroll};
use lectern::server::{jobs, worker};
use serde_json::{Value, json};
use sqlx::PgPool;
use uuid::Uuid;

const KEY: &str = "0190a000-0000-7000-8000-0000000ffffe";
const GROUP: &str = "0190a000-0000-7000-8000-0000000fff01";

async fn publish(client: &mut Client, target: &str, title: &str) -> Answer {
    client.post("/admin/announcements", &[("course_id", target), ("title", title), ("body", "Встречаемся **в субботу**")]).await
}

async fn sent(client: &mut Client) -> Value {
    client.call("announcements/sent", json!({})).await.json()
}

async fn enroll_other(app: &TestApp) {
    let mut tx = app.pool.begin().await.unwrap();
    let input = Enroll { user_id: OTHER.0, course_id: LIGHT, offer_id: None, reason: None, expires_at: None };
    enroll(&mut tx, &app.ctx(), input).await.unwrap();
    tx.commit().await.unwrap();
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn an_announcement_reaches_who_learns_now_and_counts_who_has_read(pool: PgPool) {
    let app = school::open(&pool).await;
    enroll_other(&app).await;
    let (mut curator, mut student) = (school::sign_in(&app, CURATOR).await, school::sign_in(&app, STUDENT).await);
    assert_eq!(publish(&mut curator, &LIGHT.to_string(), "Общая встреча").await.status, 303);
    let id: Uuid = one(&pool, "select id from announcements").await;
    let path = format!("/learn/announcements/{id}");
    let counts = |sent: &Value| (sent["lines"][0]["readers"].clone(), sent["lines"][0]["recipients"].clone());
    assert_eq!(counts(&sent(&mut curator).await), (json!(0), json!(2)));

    assert!(student.get("/learn").await.says("Общая встреча") && student.get("/learn").await.says("не прочитано"));
    let page = student.get(&path).await;
    assert!(page.text().contains("<strong>в субботу</strong>"));
    student.get(&path).await;
    assert_eq!(counts(&sent(&mut curator).await), (json!(1), json!(2)), "once a reader");
    assert_eq!(sent(&mut curator).await["lines"][0]["read_hundredths"], json!(5_000));
    assert!(curator.get("/admin/announcements").await.says("1 из 2"));
    assert!(!student.get("/learn").await.says("не прочитано"));
    curator.get(&path).await;
    assert_eq!(counts(&sent(&mut curator).await), (json!(1), json!(2)), "staff who look are no readers");

    change(&pool, &format!("update course_enrollments set state = 'expired' where id = '{ENROLLMENT}'")).await;
    app.pass(60);
    assert_eq!(publish(&mut curator, &LIGHT.to_string(), "Вторая встреча").await.status, 303);
    assert_eq!(counts(&sent(&mut curator).await), (json!(0), json!(1)), "running enrolments only");
    let second: Uuid = one(&pool, "select id from announcements where title like 'Вторая%'").await;
    assert_eq!(student.get(&format!("/learn/announcements/{second}")).await.status, 404);

    let withdraw = format!("{path}/withdraw");
    assert_eq!(student.post(&withdraw, &[]).await.status, 403);
    for _ in 0..2 {
        assert_eq!(curator.post(&withdraw, &[]).await.status, 303);
    }
    assert_eq!(student.get(&path).await.status, 404);
    assert!(!student.get("/learn").await.says("Общая встреча"));
    assert_eq!(
        (
            count(&pool, "outbox_events where kind = 'announcement_published'").await,
            count(&pool, "outbox_events where kind = 'announcement_withdrawn'").await
        ),
        (2, 1)
    );
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_group_hears_what_is_for_it_and_curators_write_to_their_own(pool: PgPool) {
    let app = school::open(&pool).await;
    enroll_other(&app).await;
    change(&pool, &format!("insert into course_groups (id, course_id, name, created_at) values ('{GROUP}', '{LIGHT}', 'Весна', now())")).await;
    change(&pool, &format!("update course_enrollments set group_id = '{GROUP}' where id = '{ENROLLMENT}'")).await;
    let mut curator = school::sign_in(&app, CURATOR).await;
    assert_eq!(publish(&mut curator, &format!("{LIGHT}/{GROUP}"), "Весне").await.status, 303);
    assert_eq!(one::<Uuid>(&pool, "select user_id from announcement_recipients").await, STUDENT.0);
    let page = curator.get("/admin/announcements").await;
    assert!(page.says("Свет · Весна") && !page.says("Печать"));

    for target in [PRINT.to_string(), format!("{PRINT}/{GROUP}"), format!("{LIGHT}/{KEY}"), "x".to_owned(), String::new()] {
        let refused = publish(&mut curator, &target, "Чужим").await;
        assert!(refused.status == 422 && refused.says("Чужим") && refused.says("Встречаемся"), "{target}");
    }
    let mut admin = school::sign_in(&app, ADMIN).await;
    assert_eq!(publish(&mut admin, &format!("{PRINT}/{GROUP}"), "Не тот курс").await.status, 422);
    assert_eq!(publish(&mut admin, &PRINT.to_string(), "Печати").await.status, 303);
    let mut stranger = school::sign_in(&app, STRANGER).await;
    assert_eq!(sent(&mut stranger).await["lines"].as_array().unwrap().len(), 1);
    assert_eq!(count(&pool, "announcements").await, 2);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn an_announcement_is_checked_and_written_once(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut admin = school::sign_in(&app, ADMIN).await;
    let light = LIGHT.to_string();
    for (title, body) in [("", "Текст"), ("Заголовок", " "), ("a\0", "b"), (&"ы".repeat(151), "b"), ("a", &"ы".repeat(10_001))] {
        assert_eq!(admin.post("/admin/announcements", &[("course_id", &light), ("title", title), ("body", body)]).await.status, 422, "{title:.9}");
    }
    let attack = "<script>alert(1)</script> ![x](https://evil.example/x.png) [x](javascript:alert(1))";
    for _ in 0..2 {
        let fields = [("course_id", light.as_str()), ("title", attack), ("body", attack), ("key", KEY)];
        assert_eq!(admin.post("/admin/announcements", &fields).await.status, 303);
    }
    assert_eq!((count(&pool, "announcements").await, count(&pool, "announcement_recipients").await), (1, 1), "a double press is one");
    let id: Uuid = one(&pool, "select id from announcements").await;
    let changed = [("course_id", light.as_str()), ("title", "Другое"), ("body", "Другой текст"), ("key", KEY)];
    assert_eq!(admin.post("/admin/announcements", &changed).await.status, 303);
    assert_eq!(count(&pool, "announcements").await, 2, "another text of a form that came back is not lost");
    let mut student = school::sign_in(&app, STUDENT).await;
    for page in [student.get("/learn").await, student.get(&format!("/learn/announcements/{id}")).await, admin.get("/admin/announcements").await] {
        for live in ["<script>alert", "src=\"https://evil.example", "href=\"javascript:"] {
            assert!(page.status == 200 && !page.text().contains(live), "{}", crate::support::around(&page.text(), live));
        }
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn hundreds_of_readers_are_told_in_parts_each_once(pool: PgPool) {
    let app = school::open(&pool).await;
    change(
        &pool,
        &format!(
            "with people as (
                 insert into users (id, email, full_name, role, created_at, updated_at)
                 select gen_random_uuid(), 'n' || n || '@school.test', 'N ' || n, 'student', now(), now() from generate_series(1, 450) n returning id
             )
             insert into course_enrollments (id, user_id, course_id, course_version_id, state, starts_at, created_at, updated_at)
             select gen_random_uuid(), p.id, e.course_id, e.course_version_id, 'active', e.starts_at, now(), now()
             from people p, course_enrollments e where e.id = '{ENROLLMENT}'"
        ),
    )
    .await;
    let mut admin = school::sign_in(&app, ADMIN).await;
    assert_eq!(publish(&mut admin, &LIGHT.to_string(), "Всем").await.status, 303);
    tell(&app).await;
    assert_eq!(count(&pool, "notifications where kind = 'announced'").await, 451);
    assert_eq!(count(&pool, "jobs where kind = 'tell_of_announcement' and state = 'done'").await, 4, "parts of two hundred, and the end");

    // A part that is done again tells nobody twice.
    change(&pool, "update jobs set state = 'waiting', run_at = '2026-01-01Z' where kind = 'tell_of_announcement'").await;
    tell(&app).await;
    assert_eq!(count(&pool, "notifications where kind = 'announced'").await, 451);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn what_is_taken_back_is_news_no_more_and_is_not_mailed(pool: PgPool) {
    let app = school::open(&pool).await;
    change(&pool, &format!("insert into notification_preferences values ('{}', 'announcements', 'email', 'daily')", STUDENT.0)).await;
    let mut admin = school::sign_in(&app, ADMIN).await;
    assert_eq!(publish(&mut admin, &LIGHT.to_string(), "Ошибка").await.status, 303);
    assert_eq!(publish(&mut admin, &LIGHT.to_string(), "Верно").await.status, 303);
    tell(&app).await;
    assert_eq!(count(&pool, "notification_deliveries where state = 'digest'").await, 2);
    let id: Uuid = one(&pool, "select id from announcements where title = 'Ошибка'").await;
    assert_eq!(admin.post(&format!("/learn/announcements/{id}/withdraw"), &[]).await.status, 303);
    tell(&app).await;
    assert_eq!(one::<String>(&pool, "select payload ->> 'title' from notifications").await, "Верно");
    assert_eq!(count(&pool, "notification_deliveries").await, 1);

    // Withdrawn before anybody was told: nobody is.
    assert_eq!(publish(&mut admin, &LIGHT.to_string(), "Поспешно").await.status, 303);
    while worker::relay(&app.ctx(), 100).await.unwrap() > 0 {}
    change(&pool, "update announcements set withdrawn_at = now(), withdrawn_by = author_id where title = 'Поспешно'").await;
    tell(&app).await;
    assert_eq!(count(&pool, "notifications").await, 1);
}

/// Lets the worker tell of everything.
async fn tell(app: &TestApp) {
    while worker::relay(&app.ctx(), 100).await.unwrap() > 0 {}
    while jobs::run_due(&app.ctx()).await.unwrap() > 0 {}
}
