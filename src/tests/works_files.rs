//! Files of works: resumed uploads, what they really are, who gets them.

use crate::support::Client;
use crate::support::database::{count, one};
use crate::support::school::{self, ADMIN, CURATOR, STRANGER, STUDENT};
use crate::support::upload::{noise, offset, patch, png};
use crate::support::works::{self, WORK, begin, hand_in, page, send, upload};
use lectern::shared::i18n::{Locale, problem};
use serde_json::json;
use sqlx::PgPool;
use uuid::Uuid;

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn an_upload_that_drops_ten_times_arrives_whole_and_is_waited_for(pool: PgPool) {
    let app = school::open(&pool).await;
    works::set(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    let bytes = noise(1_000_000);
    let begun = begin(&student, "attachment", "съёмка.bin", bytes.len()).await;
    assert_eq!(begun.status, 201, "{}", begun.text());
    let place = begun.location().to_owned();
    let early = send(&mut student, "Круг", "submit").await;
    assert_eq!(early.status, 422, "not while a piece is missing");
    assert!(early.says(problem::still_uploading(Locale::Ru)));
    for piece in bytes.chunks(100_000) {
        // The line drops: where it stands is asked anew each time.
        let at: usize = offset(&student, &place).await.parse().unwrap();
        assert_eq!(patch(&student, &place, at, piece.to_vec()).await.status, 204);
    }
    let mine = page(&mut student).await;
    assert_eq!((&mine["draft"]["files"][0]["name"], &mine["draft"]["files"][0]["size"]), (&json!("съёмка.bin"), &json!(1_000_000)));
    let file = mine["draft"]["files"][0]["file_id"].as_str().unwrap().to_owned();
    assert_eq!(student.get(&format!("/files/{file}")).await.body, bytes);
    hand_in(&mut student, &pool, "Круг").await;
    let begun = begin(&student, "attachment", "b.bin", 10).await;
    assert_eq!(begun.status, 409, "nothing is added to what was handed in");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn an_upload_that_is_given_up_is_in_nobodys_way(pool: PgPool) {
    let app = school::open(&pool).await;
    works::set(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    let begun = begin(&student, "attachment", "a.bin", 10).await;
    let id = begun.location().strip_prefix("/uploads/").unwrap().to_owned();
    assert_eq!(page(&mut student).await["draft"]["unfinished"][0]["id"], json!(id));
    assert_eq!(student.post(&format!("/learn/assignments/{WORK}/uploads/{id}/drop"), &[]).await.status, 303);
    hand_in(&mut student, &pool, "Круг").await;
    assert_eq!(count(&pool, "uploads").await, 0);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_file_is_what_its_bytes_say(pool: PgPool) {
    let app = school::open(&pool).await;
    works::set(&pool).await;
    let student = school::sign_in(&app, STUDENT).await;
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>";
    let html = b"<!DOCTYPE html><script>alert(1)</script>";
    for (role, name, bytes, status) in
        [("picture", "a.jpg", &html[..], 415), ("picture", "a.svg", svg, 415), ("attachment", "a.jpg", html, 415), ("attachment", "a.svg", svg, 204)]
    {
        let begun = begin(&student, role, name, bytes.len()).await;
        let done = patch(&student, begun.location(), 0, bytes.to_vec()).await;
        assert_eq!(done.status, status, "{role} {name}: {}", done.text());
    }
    let long = format!("{}.png", "ы".repeat(200));
    for (name, kept) in [("../../x", "x"), (long.as_str(), "ы.png")] {
        let file = upload(&student, "attachment", name, if name == "../../x" { b"text".to_vec() } else { png(4, 4) }.as_slice()).await;
        let stored: String = one(&pool, &format!("select file_name from files where id = '{file}'")).await;
        assert!(stored.ends_with(kept) && stored.len() <= 255 && !stored.contains('/'), "{stored}");
    }
    let id: Uuid = one(&pool, "select id from files where file_name = 'a.svg'").await;
    let mut reader = school::sign_in(&app, STUDENT).await;
    let answer = reader.get(&format!("/files/{id}")).await;
    assert_eq!(
        (answer.header("content-type"), answer.header("content-security-policy")),
        ("text/plain; charset=utf-8", "default-src 'none'; sandbox"),
        "words to keep, never a page"
    );
    assert!(answer.header("content-disposition").starts_with("attachment"));
    let plain = reader.upload(&format!("/learn/assignments/{WORK}/files"), "file", "text/plain", b"words").await;
    assert_eq!(plain.status, 303, "without scripts: {}", plain.text());
    assert_eq!(reader.post(&format!("/learn/assignments/{WORK}/files"), &[]).await.status, 422, "none chosen");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn files_are_for_the_learner_and_who_reviews(pool: PgPool) {
    let app = school::open(&pool).await;
    works::set(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    let bytes = png(40, 30);
    let photo = upload(&student, "picture", "кадр.png", &bytes).await;
    let (mut curator, mut stranger, mut admin) =
        (school::sign_in(&app, CURATOR).await, school::sign_in(&app, STRANGER).await, school::sign_in(&app, ADMIN).await);
    let path = format!("/files/{photo}?original=1");
    assert_eq!(curator.get(&path).await.status, 404, "a draft is its learner's");
    hand_in(&mut student, &pool, "Круг").await;
    for (client, status) in [(&mut student, 200), (&mut curator, 200), (&mut admin, 200), (&mut stranger, 404)] {
        let answer = client.get(&path).await;
        assert_eq!(answer.status, status);
        assert!(status == 404 || answer.body == bytes, "the original is kept untouched");
    }
    assert_eq!(app.visitor().get(&path).await.status, 404);
    let small = async |curator: &mut Client| curator.call("review/queue", json!({ "filter": {} })).await.json()["lines"][0]["pictures"].clone();
    assert_eq!(small(&mut curator).await, json!([]), "nothing is shown in the queue before it is made");
    lectern::features::files::server::pictures::prepare(&app.ctx(), photo).await.unwrap();
    assert_eq!(small(&mut curator).await, json!([format!("/files/{photo}/40")]));
    assert_eq!(curator.get(&format!("/files/{photo}/40")).await.status, 200);
    assert_eq!(stranger.get(&format!("/files/{photo}/40")).await.status, 404);
    app.pass(40 * 86_400);
    lectern::features::files::server::collect(&app.ctx()).await.unwrap();
    let mut student = school::sign_in(&app, STUDENT).await;
    assert_eq!(student.get(&path).await.status, 200, "what was handed in stays");
}
