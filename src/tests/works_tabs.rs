//! One round in two tabs: nothing that was saved is replaced unseen, and nothing that was typed is lost.

use crate::support::Client;
use crate::support::database::contents;
use crate::support::school::{self, CURATOR, STUDENT};
use crate::support::works::{self, WORK, hand_in, judge, page};
use lectern::shared::i18n::{Locale, problem};
use serde_json::{Value, json};
use sqlx::PgPool;

async fn save(tab: &mut Client, base: i64, text: &str) -> Value {
    let answer = tab.call("works/save", json!({ "assignment_id": WORK, "sequence": base, "text": text, "links": "" })).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn an_older_tab_replaces_nothing_however_often_it_tries(pool: PgPool) {
    let app = school::open(&pool).await;
    works::set(&pool).await;
    let (mut one, mut other) = (school::sign_in(&app, STUDENT).await, school::sign_in(&app, STUDENT).await);
    assert_eq!(save(&mut one, 0, "Начало").await["At"]["sequence"], json!(1));
    assert_eq!(save(&mut one, 1, "Начало и конец").await["At"]["sequence"], json!(2));
    let there = json!({ "Stale": { "text": "Начало и конец", "links": "", "sequence": 2 } });
    for text in ["Начало, другое", "Начало, другое, дальше"] {
        assert_eq!(save(&mut other, 1, text).await, there, "it gets what is there");
    }
    assert_eq!(save(&mut other, 2, "Выбрано").await["At"]["sequence"], json!(3), "who saw it may replace it");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_form_of_an_older_page_is_shown_beside_what_is_there(pool: PgPool) {
    let app = school::open(&pool).await;
    works::set(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    assert_eq!(save(&mut student, 0, "Сохранённое").await["At"]["sequence"], json!(1));
    let path = format!("/learn/assignments/{WORK}");
    for then in ["save", "submit"] {
        let before = contents(&pool).await;
        let refused = student.post(&path, &[("text", "Набранное"), ("links", ""), ("sequence", "0"), ("then", then)]).await;
        assert_eq!(refused.status, 422, "{then}");
        assert!(refused.says(problem::edited_elsewhere(Locale::Ru)) && refused.says("Набранное") && refused.says("Сохранённое"));
        assert!(refused.text().contains("name=\"sequence\" value=\"1\""), "saving again is the learner's own choice");
        assert_eq!(contents(&pool).await, before);
    }
    assert_eq!(student.post(&path, &[("text", "Набранное"), ("links", ""), ("sequence", "1"), ("then", "save")]).await.status, 303);
    assert_eq!(student.post(&path, &[("text", "Набранное"), ("links", ""), ("sequence", "1"), ("then", "save")]).await.status, 303, "pressed twice");
    assert_eq!(page(&mut student).await["draft"]["text"], json!("Набранное"));
    let absurd = student.post(&path, &[("text", "Ещё"), ("links", ""), ("sequence", "9223372036854775807"), ("then", "save")]).await;
    assert_eq!(absurd.status, 422);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_page_of_the_round_before_begins_no_round(pool: PgPool) {
    let app = school::open(&pool).await;
    works::set(&pool).await;
    let (mut student, mut curator) = (school::sign_in(&app, STUDENT).await, school::sign_in(&app, CURATOR).await);
    assert_eq!(save(&mut student, 0, "Первый").await["At"]["sequence"], json!(1));
    let id = hand_in(&mut student, &pool, "Первый, сдан").await;
    assert_eq!(judge(&mut curator, id, "return", &[("reason", "Ещё"), ("day", "2026-03-09")]).await.status, 303);
    let before = contents(&pool).await;
    for base in [0, 1] {
        assert!(save(&mut student, base, "Первый, старая вкладка").await["Stale"].is_object());
    }
    assert_eq!(contents(&pool).await, before);
    assert_eq!(page(&mut student).await["draft"]["sequence"], json!(2), "the next round counts on");
    assert_eq!(save(&mut student, 2, "Второй").await["At"]["sequence"], json!(3));
    assert!(save(&mut student, 1, "Первый, старая вкладка").await["Stale"].is_object());
}
