//! Rules of tests that hold for one learner or one test: closing moments, attempts taken back, which attempts count.

use crate::support::database::{change, contents, count, one};
use crate::support::quiz::{attempt, choice, finish_overdue, save, start, take_timed};
use crate::support::school::{self, CURATOR, ENROLLMENT, LESSONS, STUDENT, TEST, TIMED, TIMED_SINGLE};
use serde_json::json;
use sqlx::PgPool;

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn the_closing_moment_ends_an_attempt_before_its_time(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    let closing = app.now() + chrono::Duration::seconds(1);
    change(&pool, &format!("update test_versions set closes_at = '{}'", closing.to_rfc3339())).await;
    let id = start(&mut student, TIMED).await;
    assert_eq!(attempt(&mut student, id).await.1["seconds_left"], json!(1), "started one second before closing");
    assert_eq!(save(&mut student, id, &TIMED_SINGLE, 1, choice(TIMED_SINGLE.right)).await, "Saved");
    app.pass(31);
    assert_eq!(finish_overdue(&app.ctx()).await, 1);
    assert!(one::<bool>(&pool, "select is_passed and finished_at = ends_at from test_attempts").await);
    let before = contents(&pool).await;
    let answer = student.post(&format!("/learn/tests/{TIMED}/start"), &[]).await;
    assert_eq!(answer.status, 403, "closed");
    assert_eq!(contents(&pool).await, before);
    let page = student.get(&format!("/learn/tests/{TIMED}")).await;
    assert!(!page.text().contains(&format!("/learn/tests/{TIMED}/start")), "nor is there a button");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn an_attempt_that_is_taken_back_counts_no_more(pool: PgPool) {
    let app = school::open(&pool).await;
    let (mut student, mut curator) = (school::sign_in(&app, STUDENT).await, school::sign_in(&app, CURATOR).await);
    change(&pool, "update test_versions set attempts_allowed = 1").await;
    let id = take_timed(&mut student, Some(true)).await;
    let passed = "select coalesce((select is_passed from test_standings), false)";
    assert!(one::<bool>(&pool, passed).await);
    let before = contents(&pool).await;
    assert_eq!(curator.post(&format!("/curate/attempts/{id}/void"), &[("reason", "")]).await.status, 422, "not without a reason");
    assert_eq!(student.post(&format!("/curate/attempts/{id}/void"), &[("reason", "a")]).await.status, 403);
    assert_eq!(contents(&pool).await, before);
    for _ in 0..2 {
        assert_eq!(curator.post(&format!("/curate/attempts/{id}/void"), &[("reason", "Свет погас")]).await.status, 303);
    }
    assert!(!one::<bool>(&pool, passed).await);
    assert_eq!(count(&pool, "outbox_events where kind = 'attempt_voided'").await, 1, "twice pressed is once");
    assert_eq!(one::<String>(&pool, "select void_reason || ' ' || voided_by from test_attempts").await, format!("Свет погас {}", CURATOR.0));
    let running = start(&mut student, TIMED).await;
    assert_eq!(curator.post(&format!("/curate/attempts/{running}/void"), &[("reason", "Не тот")]).await.status, 303, "one that runs too");
    assert_eq!(save(&mut student, running, &TIMED_SINGLE, 1, choice(TIMED_SINGLE.right)).await, "Over");
    app.pass(5000);
    assert_eq!(finish_overdue(&app.ctx()).await, 0);
    start(&mut student, TIMED).await;
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn what_counts_is_the_tests_rule(pool: PgPool) {
    let app = school::open(&pool).await;
    let (mut student, mut curator) = (school::sign_in(&app, STUDENT).await, school::sign_in(&app, CURATOR).await);
    // Wrong, right, wrong, right, and a wrong one that is taken back; one that was left to run out counts nowhere.
    for is_right in [false, true, false, true] {
        take_timed(&mut student, Some(is_right)).await;
    }
    let voided = take_timed(&mut student, Some(false)).await;
    assert_eq!(curator.post(&format!("/curate/attempts/{voided}/void"), &[("reason", "Сбой")]).await.status, 303);
    start(&mut student, TIMED).await;
    app.pass(5000);
    assert_eq!(finish_overdue(&app.ctx()).await, 1);
    for (counts, pass, is_passed) in
        [("best", "60", true), ("first", "60", false), ("last", "60", true), ("average", "50", true), ("average", "50.01", false)]
    {
        change(&pool, &format!("update test_versions set counts = '{counts}', pass_percent = {pass}")).await;
        assert_eq!(one::<bool>(&pool, "select is_passed from test_standings").await, is_passed, "{counts} {pass}");
        let lesson = student.call("learning/lesson", json!({ "slug": "light", "lesson_id": LESSONS[2] })).await.text();
        assert_eq!(lesson.contains("\"passed\"") || lesson.contains("Passed"), is_passed, "the lesson says so: {lesson}");
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn an_average_of_thirds_is_exact(pool: PgPool) {
    let app = school::open(&pool).await;
    for (number, gained) in (1..).zip([1, 1, 1]) {
        sqlx::query(
            "insert into test_attempts (id, test_id, test_version_id, user_id, enrollment_id, number, state, started_at, finished_at, max_points,
                                        points_numerator, points_denominator, is_passed)
             select gen_random_uuid(), $1, published_version_id, $2, $3, $4, 'graded', now(), now(), 1, $5, 3, false from tests where id = $1",
        )
        .bind(TEST)
        .bind(STUDENT.0)
        .bind(ENROLLMENT)
        .bind(number)
        .bind(i64::from(gained))
        .execute(&pool)
        .await
        .unwrap();
    }
    change(&pool, "update test_versions set counts = 'average', pass_percent = 33.33").await;
    assert!(one::<bool>(&pool, "select is_passed from test_standings").await);
    change(&pool, "update test_versions set pass_percent = 33.34").await;
    assert!(!one::<bool>(&pool, "select is_passed from test_standings").await);
    change(&pool, "update test_attempts set points_numerator = 3 where number = 1").await;
    change(&pool, "update test_attempts set points_numerator = 0 where number = 2").await;
    change(&pool, "update test_attempts set points_numerator = 5, points_denominator = 7 where number = 3").await;
    // (1 + 0 + 5/7) / 3 = 4/7 = 57.142857… %
    change(&pool, "update test_versions set pass_percent = 57.14").await;
    assert!(one::<bool>(&pool, "select is_passed from test_standings").await);
    change(&pool, "update test_versions set pass_percent = 57.15").await;
    assert!(!one::<bool>(&pool, "select is_passed from test_standings").await);
    drop(app);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn each_thing_is_shown_at_its_moment(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    let closing = app.now() + chrono::Duration::hours(1);
    change(
        &pool,
        &format!(
            "update test_versions set closes_at = '{}', show_score = 'after_closing', show_answers = 'at_once', show_key = 'never',
                    show_explanations = 'after_closing'",
            closing.to_rfc3339()
        ),
    )
    .await;
    let id = take_timed(&mut student, Some(true)).await;
    let front = student.get(&format!("/learn/tests/{TIMED}")).await.text();
    assert!(front.contains("после закрытия теста: баллы, пояснения; не покажем: верные ответы"), "as promised before");
    let (_, page) = attempt(&mut student, id).await;
    assert!(page["points"].is_null() && page["is_passed"].is_null() && page["machine_points"].is_null(), "{page}");
    assert!(page["questions"][0]["points"].is_null() && page["questions"][0]["explanation_html"] == "");
    assert_eq!(page["questions"][0]["options"].as_array().unwrap().iter().filter(|option| option["is_chosen"] == json!(true)).count(), 1);
    let front = student.call("tests/front", json!({ "test_id": TIMED })).await.json();
    assert!(front["attempts"][0]["points"].is_null() && front["attempts"][0]["is_passed"].is_null(), "nor in the list");
    app.pass(3601);
    let (_, page) = attempt(&mut student, id).await;
    assert_eq!(page["points"], json!([1, 1]));
    assert!(page["questions"][0]["explanation_html"] != "" && page["questions"][0]["options"][0]["is_correct"].is_null());
    change(&pool, "update test_versions set show_answers = 'never', show_key = 'at_once'").await;
    let (_, page) = attempt(&mut student, id).await;
    assert_eq!(page["questions"], json!([]), "without the answers there is no key to compare with");
}
