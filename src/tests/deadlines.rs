//! Tests against the clock: the end, the tolerance of the network, the worker who hands in for those who left.

use crate::support::database::{change, contents, count, list, one, warm_up};
use crate::support::quiz::{attempt, choice, finish_overdue, save, start, submit};
use crate::support::school::{self, OTHER, PRINT_SINGLE, PRINT_TEST, STUDENT, TIMED, TIMED_SINGLE};
use chrono::{DateTime, Duration, Utc};
use lectern::features::accounts::server::offline::{NewAccount, create_account};
use lectern::features::learning::server::enrollment::{Enroll, enroll};
use lectern::features::quizzes::server::learners::finishing::{PutOff, finish_all_overdue};
use lectern::shared::role::Role;
use serde_json::json;
use sqlx::PgPool;

const LIMIT: u64 = 600;

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_reload_or_another_device_does_not_restart_the_clock(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    let id = start(&mut student, TIMED).await;
    app.pass(100);
    assert_eq!(attempt(&mut student, id).await.1["seconds_left"], json!(500));
    let mut elsewhere = school::sign_in(&app, STUDENT).await;
    assert_eq!(start(&mut elsewhere, TIMED).await, id);
    assert_eq!(attempt(&mut elsewhere, id).await.1["seconds_left"], json!(500));
    change(&pool, "update test_versions set time_limit_seconds = 60").await;
    assert_eq!(attempt(&mut student, id).await.1["seconds_left"], json!(500), "a limit that is shortened meanwhile is for later attempts");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn an_answer_made_in_time_may_arrive_a_little_late(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    let id = start(&mut student, TIMED).await;
    app.pass(LIMIT + 20);
    assert_eq!(attempt(&mut student, id).await.1["seconds_left"], json!(0));
    assert_eq!(save(&mut student, id, &TIMED_SINGLE, 1, choice(TIMED_SINGLE.right)).await, "Saved");
    app.pass(11);
    let before = contents(&pool).await;
    assert_eq!(save(&mut student, id, &TIMED_SINGLE, 2, choice(&[])).await, "Over", "30 s after the end it is over");
    assert_eq!(contents(&pool).await, before, "and nothing was written");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_late_hand_in_counts_from_the_end(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    let id = start(&mut student, TIMED).await;
    let end: DateTime<Utc> = app.now() + Duration::seconds(600);
    save(&mut student, id, &TIMED_SINGLE, 1, choice(TIMED_SINGLE.right)).await;
    app.pass(LIMIT + 5000);
    submit(&mut student, id).await;
    assert_eq!(one::<DateTime<Utc>>(&pool, "select finished_at from test_attempts").await, end);
    assert!(one::<bool>(&pool, "select is_passed from test_attempts").await, "with what was saved");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn opening_an_attempt_whose_time_is_over_shows_it_handed_in(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    let id = start(&mut student, TIMED).await;
    save(&mut student, id, &TIMED_SINGLE, 1, choice(TIMED_SINGLE.right)).await;
    app.pass(LIMIT + 31);
    let page = student.get(&format!("/learn/attempts/{id}")).await;
    assert_eq!(page.status, 200);
    assert_eq!(one::<String>(&pool, "select state from test_attempts").await, "graded");
    assert_eq!(attempt(&mut student, id).await.0, "Finished");
    assert_ne!(start(&mut student, TIMED).await, id, "and another may begin");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn two_workers_hand_in_each_overdue_attempt_once(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut ends = Vec::new();
    for number in 0..8 {
        let email = format!("learner{number}@school.test");
        let mut tx = pool.begin().await.unwrap();
        let account = NewAccount { email: &email, password: school::PASSWORD, full_name: "Ученик", role: Role::Student, is_demo: false };
        let user_id = create_account(&mut tx, &app.ctx(), account).await.unwrap().unwrap();
        let input = Enroll { user_id, course_id: school::LIGHT, offer_id: None, reason: None, expires_at: None };
        enroll(&mut tx, &app.ctx(), input).await.unwrap();
        tx.commit().await.unwrap();
        let mut learner = app.sign_in(&email, school::PASSWORD).await;
        let id = start(&mut learner, TIMED).await;
        if number % 2 == 0 {
            save(&mut learner, id, &TIMED_SINGLE, 1, choice(TIMED_SINGLE.right)).await;
        }
        ends.push(app.now() + Duration::seconds(600));
        app.pass(1);
    }
    app.pass(LIMIT + 30 - 8);
    assert_eq!(finish_overdue(&app.ctx()).await, 1, "only the first one's end and tolerance are past");
    app.pass(60);
    warm_up(&pool).await;
    let (one_worker, two_worker) = (app.ctx(), app.ctx());
    let (one_count, two_count) =
        tokio::join!(tokio::spawn(async move { finish_overdue(&one_worker).await }), tokio::spawn(async move { finish_overdue(&two_worker).await }));
    assert_eq!(one_count.unwrap() + two_count.unwrap(), 7);
    assert_eq!(count(&pool, "test_attempts where state = 'graded' and is_passed").await, 4);
    assert_eq!(count(&pool, "test_attempts where state = 'expired' and is_passed is null and points_numerator is null").await, 4, "nothing given");
    assert_eq!(count(&pool, "outbox_events where kind = 'attempt_submitted'").await, 4, "each once");
    assert_eq!(count(&pool, "outbox_events where kind = 'attempt_expired'").await, 4, "each once");
    assert_eq!(list::<DateTime<Utc>>(&pool, "select finished_at from test_attempts order by started_at").await, ends, "finished at its end");
    assert_eq!(finish_overdue(&app.ctx()).await, 0);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn an_attempt_that_cannot_be_handed_in_does_not_hold_up_the_others(pool: PgPool) {
    let app = school::open(&pool).await;
    let (mut student, mut other) = (school::sign_in(&app, STUDENT).await, school::sign_in(&app, OTHER).await);
    let (broken, sound) = (start(&mut student, TIMED).await, start(&mut other, PRINT_TEST).await);
    save(&mut student, broken, &TIMED_SINGLE, 1, choice(TIMED_SINGLE.right)).await;
    change(&pool, "update test_answers set value = '{\"rubbish\": 1}'").await;
    save(&mut other, sound, &PRINT_SINGLE, 1, choice(PRINT_SINGLE.right)).await;
    change(&pool, &format!("update test_attempts set ends_at = '{}' where id = '{sound}'", (app.now() + Duration::seconds(601)).to_rfc3339())).await;
    app.pass(LIMIT + 31);
    let mut put_off = PutOff::default();
    assert_eq!(finish_all_overdue(&app.ctx(), &mut put_off).await.unwrap(), 1, "the one behind it");
    assert_eq!(list::<String>(&pool, "select state from test_attempts order by ends_at").await, ["in_progress", "graded"]);
    assert_eq!(put_off.keys().copied().collect::<Vec<_>>(), [broken]);
    change(&pool, &format!("update test_answers set value = '{}' where attempt_id = '{broken}'", choice(TIMED_SINGLE.right))).await;
    assert_eq!(finish_all_overdue(&app.ctx(), &mut put_off).await.unwrap(), 0, "it has a rest");
    app.pass(11);
    assert_eq!(finish_all_overdue(&app.ctx(), &mut put_off).await.unwrap(), 1, "and is tried again");
    assert!(put_off.is_empty());
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_hand_in_and_the_worker_at_the_same_moment_make_one(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    let id = start(&mut student, TIMED).await;
    save(&mut student, id, &TIMED_SINGLE, 1, choice(TIMED_SINGLE.right)).await;
    app.pass(LIMIT + 31);
    warm_up(&pool).await;
    let (mut tab, ctx) = (student.clone(), app.ctx());
    let ((), worked) = tokio::join!(submit(&mut tab, id), finish_overdue(&ctx));
    assert!(worked <= 1);
    assert_eq!(count(&pool, "outbox_events where kind = 'attempt_submitted'").await, 1);
    assert_eq!(count(&pool, "outbox_events where kind = 'attempt_graded'").await, 1);
}
