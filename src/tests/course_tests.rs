//! A learner's tests on the outline of a course: where they stand, and nothing that the author does not show.

use crate::support::Client;
use crate::support::database::change;
use crate::support::quiz::{choice, finish_overdue, save, score, start, submit, text};
use crate::support::school::{self, CURATOR, MULTIPLE, OPEN, SINGLE, STUDENT, TEST, TIMED, TIMED_SINGLE};
use serde_json::{Value, json};
use sqlx::PgPool;

/// A test in the outline, as the wire has it.
async fn line(client: &mut Client, index: usize) -> Value {
    client.call("learning/outline", json!({ "slug": "light" })).await.json()["tests"][index].clone()
}

/// An attempt at the second test, right or wrong.
async fn take(student: &mut Client, is_right: bool) {
    let id = start(student, TIMED).await;
    save(student, id, &TIMED_SINGLE, 1, choice(if is_right { TIMED_SINGLE.right } else { TIMED_SINGLE.wrong })).await;
    submit(student, id).await;
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_test_goes_from_not_begun_to_its_result(pool: PgPool) {
    let app = school::open(&pool).await;
    let (mut student, mut curator) = (school::sign_in(&app, STUDENT).await, school::sign_in(&app, CURATOR).await);
    let test = line(&mut student, 0).await;
    assert_eq!((&test["test_id"], &test["title"], &test["state"]), (&json!(TEST), &json!("Проверка света"), &Value::Null));
    assert_eq!(line(&mut student, 1).await["test_id"], json!(TIMED), "in the order of the course");
    let id = start(&mut student, TEST).await;
    assert_eq!(line(&mut student, 0).await["state"], json!("in_progress"));
    save(&mut student, id, &SINGLE, 1, choice(SINGLE.right)).await;
    save(&mut student, id, &MULTIPLE, 1, choice(MULTIPLE.right)).await;
    save(&mut student, id, &OPEN, 1, text("Окно слева")).await;
    submit(&mut student, id).await;
    let test = line(&mut student, 0).await;
    assert_eq!((&test["state"], &test["points"], &test["is_passed"]), (&json!("needs_review"), &Value::Null, &Value::Null));
    let promised = (app.now() + chrono::Duration::hours(24)).timestamp_millis();
    assert_eq!(test["promised"]["unix_ms"], json!(promised));
    assert_eq!(score(&mut curator, id, &OPEN, "3", "").await.status, 303);
    let test = line(&mut student, 0).await;
    assert_eq!((&test["state"], &test["points"], &test["is_passed"]), (&json!("graded"), &json!([[6, 1], 6]), &json!(true)));
    assert_eq!(test["promised"], Value::Null);
    let page = student.get("/learn/light").await.text();
    assert!(page.contains(&format!("/learn/tests/{TEST}")) && page.contains("6 из 6") && page.contains("Не начат"));
    assert_eq!(line(&mut curator, 0).await["state"], Value::Null, "a curator who looks sees nobody's");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_hidden_score_stays_hidden(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    let closing = (app.now() + chrono::Duration::hours(1)).to_rfc3339();
    change(&pool, &format!("update test_versions set closes_at = '{closing}', show_score = 'after_closing' where test_id = '{TIMED}'")).await;
    assert!(line(&mut student, 1).await["closes"].is_object(), "until when it is to be handed in");
    take(&mut student, true).await;
    let hidden = (json!("graded"), Value::Null, Value::Null);
    let told = |test: Value| (test["state"].clone(), test["points"].clone(), test["is_passed"].clone());
    let test = line(&mut student, 1).await;
    assert_eq!(test["closes"], Value::Null);
    assert_eq!(told(test), hidden);
    app.pass(3601);
    let shown = (json!("graded"), json!([[1, 1], 1]), json!(true));
    assert_eq!(told(line(&mut student, 1).await), shown, "its moment has come");
    for (moment, attempts, expected) in [("never", 1, &hidden), ("attempts_used", 2, &hidden), ("attempts_used", 1, &shown), ("at_once", 2, &shown)] {
        change(&pool, &format!("update test_versions set show_score = '{moment}', attempts_allowed = {attempts}")).await;
        assert_eq!(told(line(&mut student, 1).await), *expected, "{moment} of {attempts}");
    }
    change(&pool, "update test_versions set show_score = 'never'").await;
    let page = student.get("/learn/light").await.text();
    assert!(page.contains("Проверен") && !page.contains("1 из 1"));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn the_result_is_that_of_the_attempt_that_counts(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    start(&mut student, TIMED).await;
    app.pass(5000);
    assert_eq!(finish_overdue(&app.ctx()).await, 1);
    assert_eq!(line(&mut student, 1).await["state"], json!("expired"), "nothing was given");
    for is_right in [false, true, false] {
        take(&mut student, is_right).await;
    }
    for (counts, points, is_passed) in [
        ("best", json!([[1, 1], 1]), true),
        ("first", json!([[0, 1], 1]), false),
        ("last", json!([[0, 1], 1]), false),
        ("average", Value::Null, false),
    ] {
        change(&pool, &format!("update test_versions set counts = '{counts}'")).await;
        let test = line(&mut student, 1).await;
        assert_eq!((&test["state"], &test["points"], &test["is_passed"]), (&json!("graded"), &points, &json!(is_passed)), "{counts}");
    }
}
