//! Files of open answers: who may send them, until when, and who gets them.

use crate::support::client::sized;
use crate::support::database::{change, count, one};
use crate::support::quiz::{attempt, finish_overdue, save, score, start, submit, text};
use crate::support::school::{self, ADMIN, CURATOR, OPEN, OTHER, SINGLE, STRANGER, STUDENT, TEST};
use crate::support::upload::{self, encoded, patch, png};
use crate::support::{Answer, Client, TestApp};
use axum::http::Method;
use lectern::features::quizzes::content::Body;
use lectern::features::quizzes::rules::FILES_MAX;
use lectern::shared::i18n::{Locale, problem};
use serde_json::json;
use sqlx::PgPool;
use uuid::Uuid;

/// The school, whose open question takes files.
async fn open(pool: &PgPool) -> TestApp {
    let app = school::open(pool).await;
    let body = Body::Open { keys: Vec::new(), takes_files: true }.to_stored().unwrap();
    change(pool, &format!("update question_versions set body = '{body}' where question_id = '{}'", OPEN.id)).await;
    app
}

async fn begin(client: &Client, attempt: Uuid, question: Uuid, role: &str, name: &str, size: usize) -> Answer {
    let pairs = [("filename", name.to_owned()), ("role", role.to_owned()), ("attempt", attempt.to_string()), ("question", question.to_string())];
    upload::begin(client, &pairs.map(|(key, value)| format!("{key} {}", encoded(value))).join(","), size).await
}

/// Sends a file whole; gives its id.
async fn send(client: &Client, attempt: Uuid, role: &str, name: &str, bytes: &[u8]) -> Uuid {
    let begun = begin(client, attempt, OPEN.id, role, name, bytes.len()).await;
    assert_eq!(begun.status, 201, "{}", begun.text());
    let done = patch(client, begun.location(), 0, bytes.to_vec()).await;
    assert_eq!(done.status, 204, "{}", done.text());
    Uuid::try_parse(done.header("upload-file")).unwrap()
}

/// A form as browsers without scripts send it: name, file's name, bytes.
async fn send_form(client: &mut Client, attempt: Uuid, parts: &[(&str, Option<&str>, &[u8])]) -> Answer {
    let mut body = Vec::new();
    for (name, file, bytes) in parts {
        let file = file.map(|file| format!("; filename=\"{file}\"")).unwrap_or_default();
        body.extend_from_slice(format!("--frontier\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n").as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--frontier--\r\n");
    let path = format!("/learn/attempts/{attempt}/answers/files");
    client.send(Method::POST, &path, Some("multipart/form-data; boundary=frontier"), sized(body)).await
}

async fn names(client: &mut Client, attempt: Uuid) -> Vec<String> {
    let files = client.call("tests/files", json!({ "attempt_id": attempt, "question_id": OPEN.id })).await.json();
    files.as_array().unwrap().iter().map(|file| file["name"].as_str().unwrap().to_owned()).collect()
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn files_are_an_answer_that_a_curator_sees(pool: PgPool) {
    let app = open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    let (mut curator, mut stranger, mut admin) =
        (school::sign_in(&app, CURATOR).await, school::sign_in(&app, STRANGER).await, school::sign_in(&app, ADMIN).await);
    let id = start(&mut student, TEST).await;
    let bytes = png(40, 30);
    let photo = send(&student, id, "picture", "кадр.png", &bytes).await;
    app.pass(1);
    let notes = send(&student, id, "attachment", "план.txt", b"words").await;
    assert_eq!(names(&mut student, id).await, ["кадр.png", "план.txt"]);
    let path = format!("/files/{photo}?original=1");
    for (client, status) in [(&mut student, 200), (&mut curator, 404), (&mut stranger, 404)] {
        assert_eq!(client.get(&path).await.status, status, "what is not handed in is its learner's");
    }
    submit(&mut student, id).await;
    assert_eq!(one::<String>(&pool, "select state from test_attempts").await, "needs_review", "files alone wait for a curator");
    let seen = curator.call("review/attempt", json!({ "attempt_id": id })).await.json();
    assert_eq!(seen["answers"][0]["files"][0]["file_id"], json!(photo));
    let seen = curator.call("review/question", json!({ "test_id": TEST, "question_id": OPEN.id, "attempt_id": null })).await.json();
    assert_eq!(seen["answer"]["files"][1]["name"], json!("план.txt"));
    assert!(curator.get(&format!("/curate/attempts/{id}")).await.text().contains(&format!("/files/{notes}")));
    for (client, status) in [(&mut student, 200), (&mut curator, 200), (&mut admin, 200), (&mut stranger, 404)] {
        let answer = client.get(&path).await;
        assert!(answer.status == status && (status == 404 || answer.body == bytes));
    }
    assert_eq!(app.visitor().get(&path).await.status, 404);
    app.pass(40 * 86_400);
    lectern::features::files::server::collect(&app.ctx()).await.unwrap();
    let mut curator = school::sign_in(&app, CURATOR).await;
    assert_eq!(curator.get(&path).await.status, 200, "what was handed in stays");
    assert_eq!(score(&mut curator, id, &OPEN, "3", "").await.status, 303);
    let mut student = school::sign_in(&app, STUDENT).await;
    assert_eq!(attempt(&mut student, id).await.1["questions"][2]["files"][0]["file_id"], json!(photo));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn files_come_and_go_until_the_end_and_its_tolerance(pool: PgPool) {
    let app = open(&pool).await;
    change(&pool, &format!("update test_versions set time_limit_seconds = 600 where test_id = '{TEST}'")).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    let id = start(&mut student, TEST).await;
    let gone = send(&student, id, "attachment", "a.txt", b"one").await;
    let remove = |file: Uuid| json!({ "attempt_id": id, "file_id": file });
    assert_eq!(student.call("tests/remove-file", remove(gone)).await.status, 200);
    assert_eq!(student.call("tests/remove-file", remove(gone)).await.status, 404);
    let kept = send(&student, id, "attachment", "b.txt", b"two").await;
    app.pass(1);
    let late = begin(&student, id, OPEN.id, "attachment", "c.txt", 5).await.location().to_owned();
    app.pass(628);
    send(&student, id, "attachment", "d.txt", b"four").await;
    app.pass(2);
    assert_eq!(patch(&student, &late, 0, b"three".to_vec()).await.status, 422, "too late");
    assert_eq!(begin(&student, id, OPEN.id, "attachment", "e.txt", 5).await.status, 422);
    assert_eq!(student.call("tests/remove-file", remove(kept)).await.status, 422);
    assert_eq!(finish_overdue(&app.ctx()).await, 1);
    assert_eq!(one::<String>(&pool, "select state from test_attempts").await, "needs_review", "an attempt with files did not run out empty");
    assert_eq!(names(&mut student, id).await, ["b.txt", "d.txt"]);
    for sql in ["delete from test_answer_files", "update test_answer_files set added_at = now()"] {
        let refused = sqlx::query(sql).execute(&pool).await.unwrap_err().to_string();
        assert!(refused.contains("the attempt is over"), "{refused}");
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn only_ones_own_answer_to_a_question_that_takes_files_gets_them(pool: PgPool) {
    let app = open(&pool).await;
    let (mut student, other) = (school::sign_in(&app, STUDENT).await, school::sign_in(&app, OTHER).await);
    let id = start(&mut student, TEST).await;
    let file = send(&student, id, "attachment", "a.txt", b"one").await;
    for (client, question, role, status) in [
        (&other, OPEN.id, "attachment", 404),
        (&student, SINGLE.id, "attachment", 415),
        (&student, OPEN.id, "video", 415),
        (&student, Uuid::nil(), "attachment", 404),
    ] {
        let answer = begin(client, id, question, role, "a.txt", 4).await;
        assert_eq!(answer.status, status, "{question} {role}: {}", answer.text());
    }
    assert_eq!(begin(&student, Uuid::nil(), OPEN.id, "attachment", "a.txt", 4).await.status, 404);
    assert_eq!(begin(&student, id, OPEN.id, "attachment", "a.bin", 201 * 1024 * 1024).await.status, 413);
    let mut other = other;
    for call in ["tests/files", "tests/remove-file"] {
        let body = json!({ "attempt_id": id, "question_id": OPEN.id, "file_id": file });
        assert_eq!(other.call(call, body).await.status, 404, "{call}");
    }
    for number in 1..FILES_MAX {
        send(&student, id, "attachment", &format!("{number}.txt"), b"words").await;
    }
    let full = begin(&student, id, OPEN.id, "attachment", "more.txt", 4).await;
    assert_eq!(full.status, 422, "{}", full.text());
    assert_eq!(count(&pool, "test_answer_files").await, i64::from(FILES_MAX));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_form_without_scripts_brings_texts_and_files_together(pool: PgPool) {
    let app = open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    let id = start(&mut student, TEST).await;
    save(&mut student, id, &OPEN, 1, text("Раньше")).await;
    let page = student.get(&format!("/learn/attempts/{id}")).await;
    assert!(page.text().contains("multipart/form-data") && page.text().contains(&format!("action=\"/learn/attempts/{id}/answers/files\"")));
    let (has, value, files) = (format!("has_{}", OPEN.id), format!("q_{}", OPEN.id), format!("files_{}", OPEN.id));
    let answer = "Окно слева".as_bytes();
    let html = b"<!DOCTYPE html><script>alert(1)</script>";
    let done = send_form(
        &mut student,
        id,
        &[(&has, None, b"1"), (&value, None, answer), (&files, Some("a.txt"), b"words"), (&files, Some("page.jpg"), html), (&files, Some(""), b"")],
    )
    .await;
    assert_eq!(done.status, 415, "{}", done.text());
    assert!(done.says(problem::not_a_picture(Locale::Ru)), "beside the field");
    assert_eq!(names(&mut student, id).await, ["a.txt"], "the good one is kept");
    let known = || one::<String>(&pool, "select value->>'text' from test_answers");
    assert_eq!(known().await, "Окно слева", "so is the text");
    let file: Uuid = one(&pool, "select file_id from test_answer_files").await;
    let then = format!("remove:{file}");
    let done = send_form(&mut student, id, &[(&has, None, b"2"), (&value, None, "Окно".as_bytes()), ("then", None, then.as_bytes())]).await;
    assert_eq!((done.status, done.location()), (303, format!("/learn/attempts/{id}").as_str()));
    assert_eq!((count(&pool, "test_answer_files").await, known().await.as_str()), (0, "Окно"));
    let long = vec![b'a'; 1024 * 1024 + 1];
    assert_eq!(send_form(&mut student, id, &[(&has, None, b"3"), (&value, None, &long)]).await.status, 413);
    assert_eq!(student.post(&format!("/learn/attempts/{id}/answers/files"), &[(&value, "x")]).await.status, 415);
    assert_eq!(known().await, "Окно");
    let mut other = school::sign_in(&app, OTHER).await;
    assert_eq!(send_form(&mut other, id, &[(&has, None, b"2"), (&files, Some("a.txt"), b"words")]).await.status, 404);
}
