//! The end of an attempt in trouble: what changes while it waits.

use crate::support::database::{one, until_blocked};
use crate::support::quiz::{attempt, start, submit};
use crate::support::school::{self, CURATOR, STUDENT, TIMED};
use serde_json::json;
use sqlx::PgPool;

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn time_that_is_given_while_the_end_waits_counts(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    let longer = "update test_attempts set ends_at = ends_at + interval '1 hour' where state = 'in_progress'";

    // Its time and the tolerance are over, and its learner looks.
    let id = start(&mut student, TIMED).await;
    app.pass(660);
    let mut holder = pool.begin().await.unwrap();
    sqlx::query(longer).execute(&mut *holder).await.unwrap();
    let mut tab = student.clone();
    let looking = tokio::spawn(async move { attempt(&mut tab, id).await });
    until_blocked(&pool).await;
    holder.commit().await.unwrap();
    let (state, page) = looking.await.unwrap();
    assert_eq!((state.as_str(), &page["seconds_left"]), ("Running", &json!(3_540)));
    submit(&mut student, id).await;

    // Its time is just over, and its learner hands in.
    let id = start(&mut student, TIMED).await;
    app.pass(605);
    let mut holder = pool.begin().await.unwrap();
    sqlx::query(longer).execute(&mut *holder).await.unwrap();
    let mut tab = student.clone();
    let submitting = tokio::spawn(async move { submit(&mut tab, id).await });
    until_blocked(&pool).await;
    holder.commit().await.unwrap();
    submitting.await.unwrap();
    let taken = format!("select extract(epoch from finished_at - started_at)::int from test_attempts where id = '{id}'");
    assert_eq!(one::<i32>(&pool, &taken).await, 605, "the moment at which it was handed in");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn the_log_holds_the_state_from_which_an_attempt_was_taken_back(pool: PgPool) {
    let app = school::open(&pool).await;
    let (mut student, mut curator) = (school::sign_in(&app, STUDENT).await, school::sign_in(&app, CURATOR).await);
    let id = start(&mut student, TIMED).await;
    let mut holder = pool.begin().await.unwrap();
    sqlx::query("update test_attempts set state = 'expired', finished_at = started_at").execute(&mut *holder).await.unwrap();
    let voiding = tokio::spawn(async move { curator.post(&format!("/curate/attempts/{id}/void"), &[("reason", "Сбой")]).await.status });
    until_blocked(&pool).await;
    holder.commit().await.unwrap();
    assert_eq!(voiding.await.unwrap(), 303);
    assert_eq!(one::<String>(&pool, "select before->>'state' from outbox_events where kind = 'attempt_voided'").await, "expired");
}
