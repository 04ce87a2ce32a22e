//! The text of a lesson: written in a draft that nobody else sees, published whole, kept from being replaced unseen.

use crate::support::database::{change, count, one};
use crate::support::school::{self, ADMIN, LESSONS, LIGHT, PRINT, STUDENT, lesson_path};
use crate::support::{Answer, Client};
use serde_json::{Value, json};
use sqlx::PgPool;
use uuid::Uuid;

fn path() -> String {
    format!("/admin/courses/{LIGHT}/lessons/{}", LESSONS[0])
}

async fn save(client: &mut Client, content: &str, revision: &str) -> Answer {
    let fields = [("title", "Свет от окна"), ("summary", "О тени"), ("minutes", "12"), ("content", content), ("revision", revision)];
    client.post(&path(), &fields).await
}

async fn editor(client: &mut Client) -> Value {
    client.call("authoring/lesson", json!({ "course_id": LIGHT, "lesson_id": LESSONS[0] })).await.json()
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn learners_see_a_text_when_it_is_published_and_not_before(pool: PgPool) {
    let app = school::open(&pool).await;
    let (mut admin, mut student) = (school::sign_in(&app, ADMIN).await, school::sign_in(&app, STUDENT).await);
    let before = student.get(&lesson_path(LESSONS[0])).await.text();
    assert_eq!(save(&mut admin, "Тень **мягкая**", "0").await.status, 303);
    assert!(admin.get(&path()).await.text().contains("<strong>мягкая</strong>"), "the author sees it");
    assert!(!student.get(&lesson_path(LESSONS[0])).await.text().contains("мягкая"));
    assert!(!before.contains("мягкая"));
    assert_eq!(admin.call("authoring/courses", json!({})).await.json()[0]["drafts"], 1);

    assert_eq!(admin.post(&format!("{}/publish", path()), &[("revision", "1")]).await.status, 303);
    let page = student.get(&lesson_path(LESSONS[0])).await;
    assert!(page.text().contains("<strong>мягкая</strong>") && page.says("Свет от окна"));
    assert_eq!(editor(&mut admin).await["revision"], 0, "nothing is left to publish");
    let versions: i64 = one(&pool, &format!("select count(*) from lesson_versions where lesson_id = '{}'", LESSONS[0])).await;
    assert_eq!(versions, 2, "the old text is kept");
    assert_eq!(count(&pool, "outbox_events where kind in ('lesson_edited', 'lesson_published')").await, 2);
    assert_eq!(admin.post(&format!("{}/publish", path()), &[("revision", "1")]).await.status, 303, "a second press");
    assert_eq!(count(&pool, "outbox_events where kind = 'lesson_published'").await, 1);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn of_two_authors_neither_replaces_the_others_words_unseen(pool: PgPool) {
    let app = school::open(&pool).await;
    let (mut one_author, mut other) = (school::sign_in(&app, ADMIN).await, school::sign_in(&app, ADMIN).await);
    assert_eq!(save(&mut one_author, "Мой текст", "0").await.status, 303);
    assert_eq!(save(&mut one_author, "Мой текст", "0").await.status, 303, "the same again is saved already");
    let refused = save(&mut other, "Другой текст", "0").await;
    assert!(refused.status == 422 && refused.says("Другой текст") && refused.says("Мой текст"), "both are on the page");
    assert!(refused.text().contains("name=\"revision\" value=\"1\""), "what was seen may be replaced");
    assert_eq!(editor(&mut other).await["text"]["content"], "Мой текст");
    assert_eq!(save(&mut other, "Другой текст", "1").await.status, 303);
    assert_eq!(one_author.post(&format!("{}/publish", path()), &[("revision", "1")]).await.status, 422, "one publishes what one has seen");
    assert_eq!(count(&pool, "lesson_versions where published_at is null").await, 1);

    // At the same moment, from many windows: each answer of success is a text that stood.
    let mut saved = 0;
    let windows: Vec<_> = (0..6)
        .map(|number| {
            let mut client = other.clone();
            tokio::spawn(async move { save(&mut client, &format!("Окно {number}"), "2").await.status })
        })
        .collect();
    for window in windows {
        saved += i64::from(window.await.unwrap() == 303);
    }
    assert_eq!((saved, editor(&mut other).await["revision"].as_i64().unwrap()), (1, 3));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn what_is_wrong_is_said_beside_its_field_and_nothing_is_written(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut admin = school::sign_in(&app, ADMIN).await;
    for (title, minutes, content) in [
        ("", "5", "a"),
        (&*"ы".repeat(151), "5", "a"),
        ("a", "601", "b"),
        ("a", "-1", "b"),
        ("a", "1.5", "b"),
        ("a", "5", "b\0"),
        ("a", "5", &*"ы".repeat(40_001)),
    ] {
        let answer = admin.post(&path(), &[("title", title), ("minutes", minutes), ("content", content), ("revision", "0")]).await;
        assert!(answer.status == 422 && answer.text().contains("class=\"error\""), "{title:.9} {minutes} {content:.9}");
    }
    assert_eq!(count(&pool, "lesson_versions where published_at is null").await, 0);
    let longest = "ы".repeat(40_000);
    assert_eq!(save(&mut admin, &longest, "0").await.status, 303, "the longest text fits into a form");

    let elsewhere = format!("/admin/courses/{PRINT}/lessons/{}", LESSONS[0]);
    for path in [elsewhere.as_str(), &format!("/admin/courses/{}/lessons/{}", Uuid::nil(), LESSONS[0]), "/admin/courses/x/lessons/y"] {
        assert_eq!(admin.post(path, &[("title", "a"), ("content", "b")]).await.status, 404, "{path}");
        assert_eq!(admin.get(path).await.status, 404, "{path}");
    }
    let attack = "<script>alert(1)</script> [x](javascript:alert(1))";
    let html = admin.call("authoring/preview", json!({ "content": attack })).await.json();
    assert!(!html.as_str().unwrap().contains("<script") && !html.as_str().unwrap().contains("href=\"javascript"), "{html}");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_draft_that_is_discarded_leaves_the_published_text(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut admin = school::sign_in(&app, ADMIN).await;
    let before = editor(&mut admin).await;
    assert_eq!(save(&mut admin, "Не то", "0").await.status, 303);
    for _ in 0..2 {
        assert_eq!(admin.post(&format!("{}/discard", path()), &[]).await.status, 303);
    }
    assert_eq!(editor(&mut admin).await, before);
    assert_eq!(count(&pool, "outbox_events where kind = 'lesson_draft_discarded'").await, 1);
    change(&pool, "update courses set status = 'archived'").await;
    assert_eq!(admin.get("/admin/courses").await.status, 200);
}
