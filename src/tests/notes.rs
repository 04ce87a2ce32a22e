//! Notes: private, truthfully saved, never lost to another device.

use crate::support::database::{change, count, list, one};
use crate::support::school::{self, ADMIN, CURATOR, LESSONS, LIGHT, STUDENT, lesson_path};
use crate::support::talk::enroll_other;
use crate::support::{Answer, Client};
use lectern::server::jobs;
use serde_json::{Value, json};
use sqlx::PgPool;
use uuid::Uuid;

const NOTE: Uuid = Uuid::from_u128(0x0190_a000_0000_7000_8000_0000_0000_4a01);

fn notes_path() -> String {
    format!("{}/notes", lesson_path(LESSONS[0]))
}

/// A save as a page with scripts sends it.
async fn save(client: &mut Client, id: Uuid, version: i32, writer: u128, step: i32, body: &str) -> Answer {
    let quote = json!({ "text": "", "before": "", "after": "" });
    let note = json!({ "id": id, "version": version, "writer": Uuid::from_u128(writer), "step": step, "quote": quote, "body": body });
    client.call("notes/save", json!({ "slug": "light", "lesson_id": LESSONS[0], "note": note })).await
}

async fn mine(client: &mut Client) -> Value {
    client.call("notes/mine", json!({ "slug": "light", "after": null })).await.json()
}

async fn bodies(pool: &PgPool) -> Vec<String> {
    list(pool, "select body from lesson_notes where deleted_at is null order by body collate \"C\"").await
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_note_is_written_without_scripts_and_a_refused_one_keeps_its_text(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    let id = NOTE.to_string();
    let fields = |body: &'static str| {
        vec![
            ("note", NOTE.to_string()),
            ("writer", Uuid::nil().to_string()),
            ("version", "0".to_owned()),
            ("is_new", "yes".to_owned()),
            ("note_body", body.to_owned()),
        ]
    };
    let post = async |client: &mut Client, fields: Vec<(&str, String)>| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        client.post(&notes_path(), &fields).await
    };
    let refused = post(&mut student, fields("  ")).await;
    assert!(refused.status == 422 && refused.says("Заполните это поле") && refused.text().contains(&format!("value=\"{id}\"")));
    let long = "я".repeat(10_001);
    let mut too_long = fields("");
    too_long[4].1 = long.clone();
    let refused = post(&mut student, too_long).await;
    assert!(refused.status == 422 && refused.says(&long) && refused.says("Не длиннее 10000 знаков"), "{}", refused.status);
    assert_eq!(bodies(&pool).await, Vec::<String>::new());

    let saved = post(&mut student, fields("Тень\r\nмягче")).await;
    assert_eq!((saved.status, saved.location()), (303, format!("{}#note-{id}", lesson_path(LESSONS[0])).as_str()));
    assert_eq!(post(&mut student, fields("Тень\r\nмягче")).await.status, 303, "pressed twice");
    assert_eq!(bodies(&pool).await, ["Тень\nмягче"]);
    let page = student.get(&lesson_path(LESSONS[0])).await;
    assert!(page.says("Тень\nмягче") && page.text().contains(&format!("note_body-{id}")));
    let edit = [("shown", id.clone()), ("note", id.clone()), ("writer", Uuid::nil().to_string()), ("version", "1".to_owned())]
        .into_iter()
        .chain([("b", String::new())]);
    let mut edit: Vec<(&str, String)> = edit.collect();
    let field = format!("note_body-{id}");
    edit[4] = (&field, "Тень мягче утром".to_owned());
    assert_eq!(post(&mut student, edit).await.status, 303);
    assert_eq!(bodies(&pool).await, ["Тень мягче утром"]);
    assert!(student.get("/learn/light/notes").await.says("Тень мягче утром"));
    assert!(student.get("/learn/light").await.text().contains("href=\"/learn/light/notes\""));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn nobody_else_reads_changes_or_deletes_a_note(pool: PgPool) {
    let app = school::open(&pool).await;
    enroll_other(&app).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    assert_eq!(save(&mut student, NOTE, 0, 1, 1, "Тайная мысль").await.status, 200);
    for person in [school::OTHER, CURATOR, ADMIN] {
        let mut other = school::sign_in(&app, person).await;
        for page in [lesson_path(LESSONS[0]), "/learn/light/notes".to_owned(), "/search?q=%D1%82%D0%B0%D0%B9%D0%BD%D0%B0%D1%8F".to_owned()] {
            let answer = other.get(&page).await;
            assert!(answer.status == 200 && !answer.says("Тайная мысль"), "{page}");
        }
        assert_eq!(mine(&mut other).await["total"], 0);
        assert_eq!(save(&mut other, NOTE, 1, 2, 1, "Чужое").await.status, 404);
        let note = NOTE.to_string();
        assert_eq!(other.post("/learn/light/notes/delete", &[("note", &note)]).await.status, 404);
        assert_eq!(other.post(&notes_path(), &[("note", &note), ("shown", &note), (&format!("note_body-{NOTE}"), "Чужое")]).await.status, 404);
    }
    assert_eq!(bodies(&pool).await, ["Тайная мысль"]);
    assert_eq!(mine(&mut student).await["total"], 1);
    assert_eq!(count(&pool, "outbox_events where after::text like '%мысль%'").await, 0);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn two_devices_overwrite_nothing_of_each_other(pool: PgPool) {
    let app = school::open(&pool).await;
    let (mut phone, mut desk) = (school::sign_in(&app, STUDENT).await, school::sign_in(&app, STUDENT).await);
    assert_eq!(save(&mut phone, NOTE, 0, 1, 1, "Начало").await.json()["note"]["version"], 1);
    // Both have read version 1.
    assert_eq!(save(&mut phone, NOTE, 1, 2, 1, "С телефона").await.json()["note"]["version"], 2);
    let kept = save(&mut desk, NOTE, 1, 3, 1, "Со стола").await.json();
    assert!(kept["note"]["id"] != json!(NOTE) && kept["note"]["is_copy"] == json!(true), "{kept}");
    assert_eq!(save(&mut desk, NOTE, 1, 3, 1, "Со стола").await.json()["note"]["id"], kept["note"]["id"], "sent again it is the same copy");
    assert_eq!(bodies(&pool).await, ["С телефона", "Со стола"]);
    assert_eq!(save(&mut desk, NOTE, 1, 3, 2, "С телефона").await.json()["note"]["id"], json!(NOTE), "the same words are no conflict");
    let seen = desk.get(&lesson_path(LESSONS[0])).await;
    assert!(seen.says("С телефона") && seen.says("Со стола") && seen.says("Сохранено отдельно"));
    // The same without scripts.
    let fields = [("note", NOTE.to_string()), ("shown", NOTE.to_string()), ("writer", Uuid::from_u128(9).to_string()), ("version", "1".to_owned())];
    let field = format!("note_body-{NOTE}");
    let mut fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    fields.push((&field, "Из формы"));
    let answer = desk.post(&notes_path(), &fields).await;
    assert!(answer.status == 303 && !answer.location().ends_with(&NOTE.to_string()));
    assert_eq!(bodies(&pool).await, ["Из формы", "С телефона", "Со стола"]);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn one_page_goes_on_after_an_answer_that_was_lost(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    save(&mut student, NOTE, 0, 1, 1, "раз").await;
    // The page has not heard of it, and sends what came after.
    assert_eq!(save(&mut student, NOTE, 0, 1, 2, "раз два").await.json()["note"]["id"], json!(NOTE));
    assert_eq!(save(&mut student, NOTE, 0, 1, 2, "раз два").await.json()["note"]["version"], 2, "the same again changes nothing");
    assert_eq!(bodies(&pool).await, ["раз два"]);
    // Twenty at once make one note.
    let all = futures_util::future::join_all((0..20).map(|_| {
        let mut tab = student.clone();
        async move { save(&mut tab, Uuid::from_u128(0xd0), 0, 5, 1, "дважды").await.status }
    }))
    .await;
    assert!(all.iter().all(|status| *status == 200), "{all:?}");
    assert_eq!(count(&pool, "lesson_notes where body = 'дважды'").await, 1);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_deleted_note_can_be_brought_back_for_an_hour(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    save(&mut student, NOTE, 0, 1, 1, "Не потерять").await;
    let (note, lesson) = (NOTE.to_string(), LESSONS[0].to_string());
    let fields = [("note", note.as_str()), ("lesson", lesson.as_str())];
    let deleted = student.post("/learn/light/notes/delete", &fields).await;
    assert_eq!(deleted.location(), format!("{}#note-{note}", lesson_path(LESSONS[0])));
    let page = student.get(&lesson_path(LESSONS[0])).await;
    assert!(page.says("Заметка удалена") && !page.says("Не потерять"));
    assert_eq!(mine(&mut student).await["total"], 0);
    assert_eq!(student.post("/learn/light/notes/restore", &[("note", &note)]).await.location(), "/learn/light/notes");
    assert!(student.get(&lesson_path(LESSONS[0])).await.says("Не потерять"));
    assert_eq!(count(&pool, "search_documents where kind = 'note'").await, 1);
    student.post("/learn/light/notes/delete", &fields).await;
    assert_eq!(count(&pool, "search_documents where kind = 'note'").await, 0);
    app.pass(3_601);
    assert!(!student.get("/learn/light/notes").await.says("Заметка удалена"));
    app.pass(24 * 3_600);
    let mut tx = pool.begin().await.unwrap();
    jobs::enqueue(&mut tx, &app.ctx(), &jobs::Job::Purge).await.unwrap();
    tx.commit().await.unwrap();
    jobs::run_due(&app.ctx()).await.unwrap();
    assert_eq!(count(&pool, "lesson_notes").await, 0);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn notes_stay_ones_own_when_access_has_ended(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    save(&mut student, NOTE, 0, 1, 1, "Моё навсегда").await;
    change(&pool, &format!("update course_enrollments set expires_at = '2026-03-01Z' where user_id = '{}'", STUDENT.0)).await;
    assert_eq!(student.get(&lesson_path(LESSONS[0])).await.status, 403);
    let list = student.get("/learn/light/notes").await;
    assert!(list.status == 200 && list.says("Моё навсегда") && list.says("Доступ к урокам закрыт"));
    assert!(!list.text().contains(&format!("href=\"{}", lesson_path(LESSONS[0]))), "no link to what is closed");
    assert_eq!(save(&mut student, NOTE, 1, 1, 2, "Ещё").await.status, 403);
    assert_eq!(student.post("/learn/light/notes/delete", &[("note", &NOTE.to_string())]).await.status, 303);
    change(&pool, "update courses set status = 'draft' where slug = 'light'").await;
    assert_eq!(student.get("/learn/light/notes").await.status, 404, "of a draft nothing is known");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn notes_have_limits(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    change(
        &pool,
        &format!(
            "insert into lesson_notes (id, user_id, course_id, lesson_id, quote, quote_before, quote_after, body, version, writer, step, created_at, updated_at)
             select gen_random_uuid(), '{}', '{LIGHT}', '{}', '', '', '', 'x', 1, gen_random_uuid(), 1, now(), now() from generate_series(1, 500)",
            STUDENT.0, LESSONS[0]
        ),
    )
    .await;
    let refused = save(&mut student, NOTE, 0, 1, 1, "лишняя").await;
    assert!(refused.status == 422 && refused.text().contains("TooMany"), "{}", refused.text());
    assert_eq!(student.get(&lesson_path(LESSONS[0])).await.text().matches("class=\"note\"").count(), 100, "the page shows some");
    let page = mine(&mut student).await;
    assert_eq!((page["page"]["items"].as_array().unwrap().len(), page["total"].as_i64()), (50, Some(500)));
    let next = student.get(&format!("/learn/light/notes?after={}", page["page"]["next"].as_str().unwrap())).await;
    assert_eq!(next.text().matches("class=\"note\"").count(), 50);
    let other_lesson =
        json!({ "id": NOTE, "version": 0, "writer": NOTE, "step": 1, "quote": { "text": "a\u{0}", "before": "", "after": "" }, "body": "" });
    assert_eq!(student.call("notes/save", json!({ "slug": "light", "lesson_id": LESSONS[1], "note": other_lesson })).await.status, 422);
    let long =
        json!({ "id": NOTE, "version": 0, "writer": NOTE, "step": 1, "quote": { "text": "я".repeat(1_001), "before": "", "after": "" }, "body": "" });
    assert_eq!(student.call("notes/save", json!({ "slug": "light", "lesson_id": LESSONS[1], "note": long })).await.status, 422);
    let paper = one::<Uuid>(&pool, "select id from lessons where slug = 'paper'").await;
    let good = json!({ "id": NOTE, "version": 0, "writer": NOTE, "step": 1, "quote": { "text": "", "before": "", "after": "" }, "body": "x" });
    assert_eq!(student.call("notes/save", json!({ "slug": "light", "lesson_id": paper, "note": good })).await.status, 404, "another course's lesson");
}
