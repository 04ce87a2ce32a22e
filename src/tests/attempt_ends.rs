//! The end of an attempt in trouble: what changes while it waits, a server that dies over it, clocks that are put forward.

use crate::support::TestApp;
use crate::support::database::{change, one, until_blocked};
use crate::support::failpoint::Breaker;
use crate::support::quiz::{attempt, choice, finish_overdue, save, start, submit};
use crate::support::school::{self, ADMIN, CURATOR, LIGHT, STUDENT, TIMED, TIMED_SINGLE};
use chrono::{DateTime, TimeZone as _, Utc};
use lectern::features::quizzes::server::learners::finishing;
use lectern::server::authz::Actor;
use lectern::server::ctx::Ctx;
use lectern::shared::i18n::{Locale, problem};
use lectern::shared::role::Role;
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

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_server_that_dies_while_an_attempt_ends_leaves_all_or_nothing(pool: PgPool) {
    let breaker = Breaker::default();
    let app = school::open(&breaker.pool(&pool).await).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    let learner = Ctx { actor: Actor::Person { id: STUDENT.0, role: Role::Student }, ..app.ctx() };
    for is_by_clock in [false, true] {
        let id = start(&mut student, TIMED).await;
        assert_eq!(save(&mut student, id, &TIMED_SINGLE, 1, choice(TIMED_SINGLE.right)).await, "Saved");
        app.pass(if is_by_clock { 640 } else { 60 });
        // Its state, its scored answers, and what was told of it, in one look.
        let look = format!(
            "select a.state || ' ' || (select count(*) from test_answers x where x.attempt_id = a.id and x.score_numerator is not null) || ' '
                    || (select count(*) from outbox_events e where e.subject_id = a.id and e.kind in ('attempt_submitted', 'attempt_graded'))
             from test_attempts a where a.id = '{id}'"
        );
        let before = breaker.cuts();
        for waits in 1.. {
            let done = if is_by_clock {
                breaker.cut(waits, finishing::finish_overdue(&app.ctx(), id)).await
            } else {
                breaker.cut(waits, finishing::submit(&learner, id)).await
            };
            let found: String = one(&pool, &look).await;
            assert!(["in_progress 0 0", "graded 1 2"].contains(&found.as_str()), "cut off at wait {waits}: {found}");
            if let Some(result) = done {
                result.unwrap();
                break;
            }
        }
        assert_eq!(one::<String>(&pool, &look).await, "graded 1 2", "tried again it is whole");
        // On a busy machine some answers are there before they are waited for.
        assert!(breaker.cuts() - before > 2, "it was cut off between its statements");
    }
}

/// The application at so many seconds before the clocks of Berlin are put from 02:00 to 03:00, with people who live there.
async fn before_the_switch(pool: &PgPool, seconds: i64) -> (TestApp, DateTime<Utc>) {
    let app = school::open(pool).await;
    change(pool, "update users set time_zone = 'Europe/Berlin'").await;
    let switch = Utc.with_ymd_and_hms(2026, 3, 29, 1, 0, 0).unwrap();
    app.pass(u64::try_from((switch - app.now()).num_seconds() - seconds).unwrap());
    (app, switch)
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn an_attempt_over_the_switch_of_the_clocks_has_all_its_time(pool: PgPool) {
    let (app, switch) = before_the_switch(&pool, 300).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    let id = start(&mut student, TIMED).await;
    app.pass(420);
    assert_eq!(attempt(&mut student, id).await.1["seconds_left"], json!(180), "ten minutes are ten minutes");
    assert_eq!(save(&mut student, id, &TIMED_SINGLE, 1, choice(TIMED_SINGLE.right)).await, "Saved");
    assert_eq!(attempt(&mut student, id).await.1["questions"][0]["saved"]["offset_minutes"], json!(120));
    app.pass(211);
    assert_eq!(finish_overdue(&app.ctx()).await, 1);
    let (_, page) = attempt(&mut student, id).await;
    let end = switch + chrono::Duration::minutes(5);
    assert_eq!(page["finished"], json!({ "unix_ms": end.timestamp_millis(), "offset_minutes": 120 }));
    let html = student.get(&format!("/learn/attempts/{id}")).await.text();
    assert!(html.contains("2026-03-29T03:05:00+02:00"), "ten minutes after five to two it is five past three");
    let front = student.get(&format!("/learn/tests/{TIMED}")).await.text();
    assert!(front.contains("2026-03-29T01:55:00+01:00"), "when it was started");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_closing_moment_after_the_switch_of_the_clocks_is_the_one_that_was_typed(pool: PgPool) {
    let (app, _) = before_the_switch(&pool, 60).await;
    let (mut student, mut admin) = (school::sign_in(&app, STUDENT).await, school::sign_in(&app, ADMIN).await);
    let path = format!("/admin/courses/{LIGHT}/tests/{TIMED}/exceptions");
    let fields = |closes: &'static str| [("email", STUDENT.1), ("closes", closes), ("reason", "Болезнь")];
    let refused = admin.post(&path, &fields("2026-03-29T02:30")).await;
    assert!(refused.status == 422 && refused.says(problem::not_a_moment(Locale::Ru)), "an hour that the clocks skip");
    assert_eq!(admin.post(&path, &fields("2026-03-29T03:05")).await.status, 303);
    let front = student.get(&format!("/learn/tests/{TIMED}")).await.text();
    assert!(front.contains("2026-03-29T03:05:00+02:00"));
    let id = start(&mut student, TIMED).await;
    assert_eq!(attempt(&mut student, id).await.1["seconds_left"], json!(360), "six minutes by any clock");
    submit(&mut student, id).await;
    app.pass(360);
    assert_eq!(student.post(&format!("/learn/tests/{TIMED}/start"), &[]).await.status, 403, "closed");
    assert_eq!(admin.post(&path, &fields("2026-10-25T02:30")).await.status, 303);
    assert!(one::<bool>(&pool, "select closes_at = '2026-10-25 00:30Z' from test_exceptions").await, "of an hour that comes twice the first");
}
