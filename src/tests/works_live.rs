//! What happens to works reaches open pages; remarks on passages of a text.

use crate::support::Client;
use crate::support::database::one;
use crate::support::school::{self, CURATOR, STUDENT};
use crate::support::works::{self, WORK, hand_in, judge, page, remark};
use lectern::server::{wake, worker};
use serde_json::{Value, json};
use sqlx::PgPool;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn open_pages_hear_of_works_holds_and_verdicts(pool: PgPool) {
    let app = school::open(&pool).await;
    works::set(&pool).await;
    let stop = CancellationToken::new();
    tokio::spawn(wake::run(app.state.clone(), stop.clone()));
    // Until the database is heard: that is news without words to every page.
    tokio::time::sleep(Duration::from_secs(1)).await;
    let (mut student, mut curator) = (school::sign_in(&app, STUDENT).await, school::sign_in(&app, CURATOR).await);
    let (mut at_desk, mut at_home) = (curator.open_stream("/events", None).await, student.open_stream("/events", None).await);
    assert!(!at_desk.next().await.contains("/curate"), "the page shows what there is");
    at_home.next().await;
    let id = hand_in(&mut student, &pool, "Круг").await;
    assert!(at_desk.next().await.contains("\"/curate\""), "a work came");
    assert_eq!(curator.post(&format!("/curate/submissions/{id}/hold"), &[]).await.status, 303);
    assert!(at_desk.next().await.contains("\"/curate\""), "somebody holds it");
    assert_eq!(judge(&mut curator, id, "accept", &[("points", "7")]).await.status, 303);
    while worker::relay(&app.ctx(), 100).await.unwrap() > 0 {}
    let told = at_home.next().await;
    assert!(told.contains(&format!("\"/learn/assignments/{WORK}\"")) && !told.contains("/curate"), "the desk is not theirs: {told}");
    stop.cancel();
}

async fn remark_on(client: &mut Client, work: Uuid, start: i32, end: i32, quote: &str, place: &str) -> (u16, Value) {
    let passage = json!({ "start": start, "end": end, "quote": quote });
    let remark = json!({ "kind": "suggestion", "place": place, "file_id": null, "points": [], "passage": passage, "body": "Точнее" });
    let answer = client.call("works/remark", json!({ "submission_id": work, "remark": remark })).await;
    (answer.status, if answer.status == 200 { answer.json() } else { Value::Null })
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_passage_of_the_text_is_remarked_on_and_marked(pool: PgPool) {
    let app = school::open(&pool).await;
    works::set(&pool).await;
    let (mut student, mut curator) = (school::sign_in(&app, STUDENT).await, school::sign_in(&app, CURATOR).await);
    let id = hand_in(&mut student, &pool, "Тень & **свет** слева").await;
    assert_eq!(remark(&mut curator, id, "praise", "Хорошо").await.status, 200);
    for (start, end, quote, place) in
        [(7, 11, "тень", "text"), (7, 99, "свет", "text"), (7, 7, "", "text"), (-1, 3, "Тень", "text"), (7, 11, "свет", "work")]
    {
        assert_eq!(remark_on(&mut curator, id, start, end, quote, place).await.0, 422, "{start} {end} {quote} {place}");
    }
    let (status, given) = remark_on(&mut curator, id, 5, 11, "& свет", "text").await;
    assert_eq!((status, &given["passage"]["quote"]), (200, &json!("& свет")));
    let mark = "<mark class=\"passage\">&amp; </mark><strong><mark class=\"passage\" data-number=\"2\">свет</mark></strong> слева";
    assert!(curator.get(&format!("/curate/submissions/{id}")).await.text().contains(mark));
    let mine = format!("/learn/assignments/{WORK}");
    assert!(!student.get(&mine).await.text().contains("passage"), "not before the verdict");
    assert_eq!(judge(&mut curator, id, "return", &[("reason", "Ещё"), ("day", "2026-03-09")]).await.status, 303);
    assert!(student.get(&mine).await.text().contains(mark), "without scripts too");
    assert_eq!(page(&mut student).await["work"]["rounds"][0]["remarks"][1]["passage"]["start"], json!(5));
    let kept: String = one(&pool, "select text_start || ' ' || text_end || ' ' || quote from assignment_remarks where quote <> ''").await;
    assert_eq!(kept, "5 11 & свет");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn unfinished_remarks_outlive_a_round_that_is_taken_back_and_changed(pool: PgPool) {
    let app = school::open(&pool).await;
    works::set(&pool).await;
    let (mut student, mut curator) = (school::sign_in(&app, STUDENT).await, school::sign_in(&app, CURATOR).await);
    let photo = works::upload(&student, "picture", "кадр.png", &crate::support::upload::png(30, 20)).await;
    let id = hand_in(&mut student, &pool, "Тень слева, свет справа").await;
    for (start, end, quote) in [(0, 4, "Тень"), (5, 10, "слева"), (12, 23, "свет справа")] {
        assert_eq!(remark_on(&mut curator, id, start, end, quote, "text").await.0, 200, "{quote}");
    }
    let point = json!({ "kind": "must_fix", "place": "point", "file_id": photo, "points": [5000, 5000], "body": "Пересвет" });
    assert_eq!(curator.call("works/remark", json!({ "submission_id": id, "remark": point })).await.status, 200);
    assert_eq!(curator.post(&format!("/curate/submissions/{id}/hold"), &[("step", "give_back")]).await.status, 303);
    let mine = format!("/learn/assignments/{WORK}");
    assert_eq!(student.post(&format!("{mine}/withdraw"), &[]).await.status, 303);
    assert_eq!(student.post(&format!("{mine}/files/{photo}/remove"), &[]).await.status, 303);
    assert_eq!(works::send(&mut student, "Тень и окно слева", "submit").await.status, 303);
    let desk = curator.call("works/desk", json!({ "submission_id": id })).await.json();
    let remarks = desk["rounds"][0]["remarks"].as_array().unwrap();
    let seen: Vec<_> = remarks.iter().map(|remark| (&remark["place"], &remark["passage"]["start"], &remark["body"])).collect();
    let (text, work) = (json!("text"), json!("work"));
    assert_eq!(
        seen,
        [
            (&text, &json!(0), &json!("Точнее")),
            (&text, &json!(12), &json!("Точнее")),
            (&text, &Value::Null, &json!("«свет справа»\nТочнее")),
            (&work, &Value::Null, &json!("«кадр.png»\nПересвет")),
        ],
        "where it stood, where the words stand now, and as words where there is nothing to stand on"
    );
}
