//! The queue: each job is done once however many look, failures come back with growing pauses and end before a person.

use crate::support::TestApp;
use crate::support::database::{change, count, list, one, warm_up};
use crate::support::letters::{notification, write};
use crate::support::post::{PostOffice, faulty, work};
use crate::support::school::{self, STUDENT};
use lectern::features::messages::server::mail::NewLetter;
use lectern::server::jobs::{self, Job};
use lectern::server::{wake, worker};
use sqlx::PgPool;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

async fn enqueue(app: &TestApp, job: &Job) {
    let ctx = app.ctx();
    let mut tx = ctx.begin().await.unwrap();
    jobs::enqueue(&mut tx, &ctx, job).await.unwrap();
    tx.commit().await.unwrap();
}

/// Makes every purge fail, from behind the application's back.
async fn break_purge(pool: &PgPool) {
    change(pool, "create function broken() returns trigger language plpgsql as $$ begin raise exception 'broken on purpose'; end $$").await;
    change(pool, "create trigger broken before delete on outbox_events for each statement execute function broken()").await;
}

async fn state(pool: &PgPool, kind: &str) -> String {
    one(pool, &format!("select state || ' ' || attempts || ' ' || last_error from jobs where kind = '{kind}' order by id desc limit 1")).await
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn of_several_equal_jobs_one_waits(pool: PgPool) {
    let app = school::open(&pool).await;
    for _ in 0..3 {
        enqueue(&app, &Job::Purge).await;
    }
    assert_eq!(count(&pool, "jobs").await, 1);
    jobs::run_due(&app.ctx()).await.unwrap();
    assert_eq!(state(&pool, "purge").await, "done 1 ");
    enqueue(&app, &Job::Purge).await;
    assert_eq!(count(&pool, "jobs where kind = 'purge'").await, 2, "a new one may wait once the old one is done");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_job_of_a_change_that_failed_does_not_exist(pool: PgPool) {
    let app = school::open(&pool).await;
    let ctx = app.ctx();
    let mut tx = ctx.begin().await.unwrap();
    jobs::enqueue(&mut tx, &ctx, &Job::Purge).await.unwrap();
    drop(tx);
    assert_eq!(count(&pool, "jobs").await, 0);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_failing_job_comes_back_and_is_given_up_with_its_reason(pool: PgPool) {
    let app = school::open(&pool).await;
    break_purge(&pool).await;
    enqueue(&app, &Job::Purge).await;
    jobs::run_due(&app.ctx()).await.unwrap();
    let waits = state(&pool, "purge").await;
    assert!(waits.starts_with("waiting 1 ") && waits.contains("broken on purpose"), "{waits}");
    app.pass(10);
    jobs::run_due(&app.ctx()).await.unwrap();
    assert!(state(&pool, "purge").await.starts_with("waiting 1 "), "not before its pause is over");
    for _ in 0..4 {
        app.pass(3_600);
        jobs::run_due(&app.ctx()).await.unwrap();
    }
    assert!(state(&pool, "purge").await.starts_with("dead 5 "), "{}", state(&pool, "purge").await);
    worker::relay(&app.ctx(), 100).await.unwrap();
    assert_eq!(count(&pool, "notifications where kind = 'job_failed'").await, 1, "an administrator is told");

    change(&pool, "drop trigger broken on outbox_events").await;
    let id: uuid::Uuid = one(&pool, "select id from jobs where state = 'dead'").await;
    let ctx = app.ctx();
    assert!(jobs::retry(&mut ctx.connection().await.unwrap(), &ctx, id).await.unwrap());
    jobs::run_due(&ctx).await.unwrap();
    assert_eq!(state(&pool, "purge").await, "done 1 ");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn the_job_of_a_worker_that_died_is_done_by_another(pool: PgPool) {
    let app = school::open(&pool).await;
    enqueue(&app, &Job::Purge).await;
    let until = app.now() + chrono::Duration::seconds(60);
    change(&pool, &format!("update jobs set state = 'running', attempts = 1, lease_id = gen_random_uuid(), leased_until = '{until}'")).await;
    jobs::run_due(&app.ctx()).await.unwrap();
    assert!(state(&pool, "purge").await.starts_with("running"), "it may be alive");
    app.pass(61);
    jobs::run_due(&app.ctx()).await.unwrap();
    assert_eq!(state(&pool, "purge").await, "done 2 ");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_job_that_nobody_knows_waits_for_who_does_and_is_given_up(pool: PgPool) {
    let app = school::open(&pool).await;
    change(
        &pool,
        "insert into jobs (id, kind, payload, priority, run_at, max_attempts, created_at)
         values (gen_random_uuid(), 'of_the_future', '{\"kind\": \"of_the_future\"}', 1, '2026-01-01Z', 5, '2026-01-01Z')",
    )
    .await;
    jobs::run_due(&app.ctx()).await.unwrap();
    assert!(state(&pool, "of_the_future").await.starts_with("waiting 1 this program does not know"));
    for _ in 0..4 {
        app.pass(3_600);
        jobs::run_due(&app.ctx()).await.unwrap();
    }
    assert!(state(&pool, "of_the_future").await.starts_with("dead 5 this program does not know"));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn two_servers_do_each_job_once_and_a_schedule_once(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = school::sign_in(&app, school::STUDENT).await;
    student.get("/learn").await;
    // Each job leaves one row when it is done, and would leave two if it were done twice.
    change(&pool, "create table done (at timestamptz)").await;
    change(&pool, "create function count_done() returns trigger language plpgsql as $$ begin insert into done values (now()); return null; end $$")
        .await;
    change(&pool, "create trigger count_done after delete on outbox_events for each statement execute function count_done()").await;
    for number in 0..30 {
        change(
            &pool,
            &format!(
                "insert into jobs (id, kind, payload, priority, unique_key, run_at, max_attempts, created_at)
                 values (gen_random_uuid(), 'purge', '{{\"kind\": \"purge\"}}', 1, 'n{number}', '2026-01-01Z', 5, '2026-01-01Z')"
            ),
        )
        .await;
    }
    warm_up(&pool).await;
    let servers: Vec<_> = (0..4)
        .map(|_| {
            let ctx = app.ctx();
            tokio::spawn(async move { jobs::run_due(&ctx).await.unwrap() })
        })
        .collect();
    let mut done = 0;
    for server in servers {
        done += server.await.unwrap();
    }
    assert_eq!((done, count(&pool, "done").await), (30, 30));
    assert_eq!(count(&pool, "jobs where state <> 'done'").await, 0);

    app.pass(24 * 3_600);
    let servers: Vec<_> = (0..3).map(|_| app.ctx()).map(|ctx| tokio::spawn(async move { jobs::run_due(&ctx).await.unwrap() })).collect();
    for server in servers {
        server.await.unwrap();
    }
    assert_eq!(count(&pool, "done").await, 31, "a day later the schedule came due, for one of them");
    let names: Vec<String> = list(&pool, "select name from job_schedules where next_run_at > '2026-03-03 09:00Z' order by 1").await;
    assert_eq!(
        names,
        [
            "collect_files",
            "poll_payments",
            "purge",
            "reconcile_payments",
            "refresh_search",
            "remind_of_reviews",
            "start_digests",
            "tell_of_opened_lessons",
            "tend_works"
        ]
    );
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_commit_wakes_the_runner_and_a_stop_ends_it(pool: PgPool) {
    let app = school::open(&pool).await;
    let stop = CancellationToken::new();
    let tasks = [
        tokio::spawn(wake::run(app.state.clone(), stop.clone())),
        tokio::spawn(worker::run(app.state.clone(), stop.clone())),
        tokio::spawn(jobs::run(app.state.clone(), stop.clone())),
    ];
    let is_done = async |condition: &str| {
        for _ in 0..100 {
            if count(&pool, condition).await > 0 {
                return true;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        false
    };
    assert!(is_done("job_schedules").await, "it began");
    tokio::time::sleep(Duration::from_millis(200)).await;
    // The runner looks by itself every ten seconds: within two it must have been woken.
    enqueue(&app, &Job::Purge).await;
    assert!(is_done("jobs where kind = 'purge' and state = 'done'").await, "the call at commit");
    stop.cancel();
    for task in tasks {
        tokio::time::timeout(Duration::from_secs(5), task).await.expect("it stops").unwrap();
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn letters_to_a_mail_server_that_hangs_leave_room_for_other_work(pool: PgPool) {
    let (url, _) = faulty("EHLO", "");
    let app = school::open_with(&pool, &[("SMTP_URL", &format!("{url}?timeout=20"))]).await;
    for _ in 0..10 {
        write(&app, notification(STUDENT.1)).await.unwrap();
    }
    let stop = CancellationToken::new();
    let runner = tokio::spawn(jobs::run(app.state.clone(), stop.clone()));
    for _ in 0..100 {
        if count(&pool, "jobs where kind = 'send_letter' and state = 'running'").await == 3 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(count(&pool, "jobs where kind = 'send_letter' and state = 'running'").await, 3, "no more than three wait for the server");
    enqueue(&app, &Job::Purge).await;
    app.state.wake.jobs.notify_one();
    for _ in 0..100 {
        if count(&pool, "jobs where kind = 'purge' and state = 'done'").await == 1 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(state(&pool, "purge").await, "done 1 ");
    stop.cancel();
    runner.abort();
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn who_waits_for_a_link_goes_before_who_is_told_something(pool: PgPool) {
    let (office, url) = PostOffice::open();
    let app = school::open_with(&pool, &[("SMTP_URL", &url)]).await;
    for _ in 0..5 {
        write(&app, notification(STUDENT.1)).await.unwrap();
    }
    write(&app, NewLetter { is_essential: true, ..notification(school::ADMIN.1) }).await.unwrap();
    work(&app).await;
    assert_eq!(office.letters()[0].to, school::ADMIN.1);
    assert_eq!(office.letters().len(), 6);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn what_is_old_is_deleted_and_nothing_else(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    student.post("/logout", &[]).await;
    school::sign_in(&app, STUDENT).await;
    for (days, read) in [(400, "null"), (300, "null"), (300, "'2026-01-01Z'"), (300, "'2025-10-01Z'")] {
        change(
            &pool,
            &format!(
                "insert into notifications (id, user_id, kind, created_at, read_at)
                 values (gen_random_uuid(), '{}', 'x', '{}'::timestamptz - interval '{days} days', {read})",
                STUDENT.0,
                app.now()
            ),
        )
        .await;
    }
    for (kind, days) in [("old", 91), ("young", 89)] {
        change(
            &pool,
            &format!(
                "insert into jobs (id, kind, payload, priority, run_at, max_attempts, created_at, state, finished_at)
                 select gen_random_uuid(), '{kind}', '{{}}', 1, at, 1, at, 'dead', at from (select '{}'::timestamptz - interval '{days} days') x (at)",
                app.now()
            ),
        )
        .await;
    }
    enqueue(&app, &Job::Purge).await;
    jobs::run_due(&app.ctx()).await.unwrap();
    assert_eq!(count(&pool, "notifications").await, 2, "unread for less than a year, and read lately");
    assert_eq!(list::<String>(&pool, "select kind from jobs where state = 'dead'").await, ["young"]);
    assert_eq!(count(&pool, "sessions").await, 2, "what ended lately is kept");
    app.pass(91 * 24 * 3_600);
    enqueue(&app, &Job::Purge).await;
    jobs::run_due(&app.ctx()).await.unwrap();
    assert_eq!(count(&pool, "sessions").await, 1, "the one that was ended is gone");
}
