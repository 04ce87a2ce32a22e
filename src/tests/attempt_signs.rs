//! What is noticed around an attempt: noted within bounds, told before, shown to reviewers as advice.

use crate::support::database::{contents, count, list};
use crate::support::quiz::{save, start, submit, text};
use crate::support::school::{self, CURATOR, OPEN, OTHER, STUDENT, TEST};
use lectern::shared::i18n::{Locale, quizzes, review};
use serde_json::json;
use sqlx::PgPool;
use uuid::Uuid;

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn signs_of_a_running_attempt_reach_its_reviewers(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    assert!(student.get(&format!("/learn/tests/{TEST}")).await.says(quizzes::signs_are_noted(Locale::Ru)), "told before the start");
    let id = start(&mut student, TEST).await;
    let path = format!("/learn/attempts/{id}/signs");
    for kind in ["left", "returned", "pasted", "moved", "rubbish", ""] {
        app.pass(1);
        assert_eq!(student.post(&path, &[("kind", kind)]).await.status, 204, "{kind}");
    }
    let noted = "select kind from test_attempt_signs order by noticed_at";
    assert_eq!(list::<String>(&pool, noted).await, ["left", "returned", "pasted"], "an address is judged by the server alone");
    let before = contents(&pool).await;
    assert_eq!(school::sign_in(&app, OTHER).await.post(&path, &[("kind", "left")]).await.status, 404);
    assert_eq!(student.post(&format!("/learn/attempts/{}/signs", Uuid::nil()), &[("kind", "left")]).await.status, 404);
    let signs_in = |lines: Vec<String>| lines.into_iter().filter(|line| line.starts_with("test_")).collect::<Vec<_>>();
    assert_eq!(signs_in(contents(&pool).await), signs_in(before));

    save(&mut student, id, &OPEN, 1, text("Окно слева")).await;
    submit(&mut student, id).await;
    assert_eq!(student.post(&path, &[("kind", "left")]).await.status, 204);
    assert_eq!(count(&pool, "test_attempt_signs").await, 3, "after the end nothing is noted");
    let mut curator = school::sign_in(&app, CURATOR).await;
    let page = curator.get(&format!("/curate/attempts/{id}")).await;
    assert!(page.says(&review::signs(Locale::Ru, 1, 1, 0)) && page.says(review::signs_hint(Locale::Ru)), "{}", page.text());
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn another_address_is_noted_once_and_not_kept(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    let id = start(&mut student, TEST).await;
    let page = format!("/learn/attempts/{id}");
    for _ in 0..2 {
        assert_eq!(student.get(&page).await.status, 200);
    }
    assert_eq!(count(&pool, "test_attempt_signs").await, 0, "the same address");
    let mut elsewhere = student.clone().at([203, 0, 113, 9]);
    for _ in 0..2 {
        assert_eq!(elsewhere.call("tests/attempt", json!({ "attempt_id": id })).await.status, 200);
    }
    assert_eq!(list::<String>(&pool, "select kind from test_attempt_signs").await, ["moved"]);
    assert_eq!(
        count(&pool, "test_attempts where address_mark is not null and position('203.0.113.9' in encode(address_mark, 'escape')) = 0").await,
        1
    );
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn signs_are_bounded(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    let id = start(&mut student, TEST).await;
    let path = format!("/learn/attempts/{id}/signs");
    for _ in 0..40 {
        assert_eq!(student.post(&path, &[("kind", "pasted")]).await.status, 204);
    }
    assert_eq!(count(&pool, "test_attempt_signs").await, 30, "what comes too often is passed over");
    for _ in 0..190 {
        app.pass(3);
        student.post(&path, &[("kind", "pasted")]).await;
    }
    assert_eq!(count(&pool, "test_attempt_signs").await, 200, "and there is an end");
}
