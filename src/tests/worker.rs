//! What happens without a request: events move into the log, once, and the worker survives a database that is away.

use crate::support::TestApp;
use crate::support::database::{change, count, list, one, warm_up};
use crate::support::school::{self, ADMIN, STUDENT};
use lectern::server::worker;
use sqlx::PgPool;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Events of many sign-outs.
async fn make_events(app: &TestApp, count: usize) {
    for _ in 0..count {
        school::sign_in(app, STUDENT).await;
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn two_relays_move_each_event_once(pool: PgPool) {
    let app = school::open(&pool).await;
    make_events(&app, 40).await;
    warm_up(&pool).await;
    let relays: Vec<_> = (0..4)
        .map(|_| {
            let ctx = app.ctx();
            tokio::spawn(async move {
                let mut moved = 0;
                // Some pass over what another one holds, so that each looks several times.
                for _ in 0..8 {
                    moved += worker::relay(&ctx, 7).await.unwrap();
                }
                moved
            })
        })
        .collect();
    let mut moved = 0;
    for relay in relays {
        moved += relay.await.unwrap();
    }
    assert_eq!(moved, 40);
    assert_eq!(count(&pool, "activity_logs").await, 40);
    assert_eq!(count(&pool, "activity_logs l join outbox_events e on e.id = l.id and e.kind = l.action and e.processed_at is not null").await, 40);
    assert_eq!(worker::relay(&app.ctx(), 7).await.unwrap(), 0, "nothing is left");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn the_log_says_who_did_what_to_whom_in_which_request(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut admin = school::sign_in(&app, ADMIN).await.with_header("user-agent", "Firefox/1 (X11; Linux)");
    let answer = admin.post(&format!("/admin/users/{}/role", STUDENT.0), &[("role", "curator")]).await;
    worker::relay(&app.ctx(), 100).await.unwrap();
    let line: String = one(
        &pool,
        "select user_id || ' ' || subject_type || ' ' || subject_id || ' ' || before::text || ' ' || after::text || ' ' || request_id || ' ' || occurred_at::date
         from activity_logs where action = 'role_changed'",
    )
    .await;
    let id = answer.header("x-request-id");
    assert!(id.len() >= 32);
    assert_eq!(line, format!("{} user {} {{\"role\": \"student\"}} {{\"role\": \"curator\"}} {id} 2026-03-02", ADMIN.0, STUDENT.0));
    let details: String =
        one(&pool, "select d.address || ' ' || d.user_agent from activity_log_details d join activity_logs l on l.id = d.activity_id where action = 'role_changed'").await;
    assert!(details.starts_with("203.0.113.1 Firefox/1"), "personal details stand apart: {details}");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn the_log_has_a_partition_for_each_month(pool: PgPool) {
    let app = school::open(&pool).await;
    for _ in 0..3 {
        make_events(&app, 1).await;
        worker::relay(&app.ctx(), 100).await.unwrap();
        app.pass(31 * 24 * 3600);
    }
    let months: Vec<String> = list(&pool, "select distinct tableoid::regclass::text from activity_logs order by 1").await;
    assert_eq!(months, ["activity_logs_2026_03", "activity_logs_2026_04", "activity_logs_2026_05"]);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn an_event_of_a_change_that_failed_does_not_exist(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut admin = school::sign_in(&app, ADMIN).await;
    worker::relay(&app.ctx(), 100).await.unwrap();
    change(&pool, "alter table users add constraint frozen check (role <> 'curator') not valid").await;
    assert_eq!(admin.post(&format!("/admin/users/{}/role", STUDENT.0), &[("role", "curator")]).await.status, 500);
    assert_eq!(worker::relay(&app.ctx(), 100).await.unwrap(), 0);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn the_worker_does_its_rounds_until_it_is_stopped(pool: PgPool) {
    let app = school::open(&pool).await;
    let stop = CancellationToken::new();
    let running = tokio::spawn(worker::run(app.state.clone(), stop.clone()));
    let mut student = school::sign_in(&app, STUDENT).await;
    let id = crate::support::quiz::start(&mut student, school::TIMED).await;
    crate::support::quiz::save(&mut student, id, &school::TIMED_SINGLE, 1, crate::support::quiz::choice(school::TIMED_SINGLE.right)).await;
    app.pass(600 + 31);
    let all_done = async {
        while count(&pool, "activity_logs where action in ('signed_in', 'attempt_submitted')").await < 2 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(5), all_done).await.expect("within 5 s");
    stop.cancel();
    tokio::time::timeout(Duration::from_secs(5), running).await.expect("it stops").unwrap();
}
