//! Who is told what, once, and what they chose; the stream that moves the bell.

use crate::support::database::{change, contents, count, list, one};
use crate::support::quiz;
use crate::support::school::{self, ADMIN, CURATOR, MULTIPLE, OPEN, OTHER, SINGLE, STUDENT, TEST};
use crate::support::{Client, TestApp};
use lectern::server::jobs;
use lectern::server::{wake, worker};
use lectern::shared::i18n::{Locale, notice, problem};
use sqlx::PgPool;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// The student hands in an attempt whose open answer waits for a curator.
async fn hand_in(app: &TestApp) -> Uuid {
    let mut student = school::sign_in(app, STUDENT).await;
    let attempt = quiz::start(&mut student, TEST).await;
    quiz::save(&mut student, attempt, &SINGLE, 1, quiz::choice(SINGLE.right)).await;
    quiz::save(&mut student, attempt, &MULTIPLE, 1, quiz::choice(MULTIPLE.right)).await;
    quiz::save(&mut student, attempt, &OPEN, 1, quiz::text("Окно слева")).await;
    quiz::submit(&mut student, attempt).await;
    relay(app).await;
    attempt
}

async fn relay(app: &TestApp) {
    while worker::relay(&app.ctx(), 100).await.unwrap() > 0 {}
}

async fn told(pool: &PgPool, user: Uuid) -> Vec<String> {
    list(pool, &format!("select kind from notifications where user_id = '{user}' order by created_at, id")).await
}

async fn unread(client: &mut Client) -> i64 {
    let inbox = client.call("notifications/mine", serde_json::json!({ "after": null })).await;
    assert_eq!(inbox.status, 200, "{}", inbox.text());
    inbox.json()["unread"].as_i64().unwrap()
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn work_reaches_its_curators_and_the_mark_its_learner_once(pool: PgPool) {
    let app = school::open(&pool).await;
    let attempt = hand_in(&app).await;
    assert_eq!(told(&pool, CURATOR.0).await, ["review_waiting"]);
    assert_eq!(told(&pool, ADMIN.0).await, Vec::<String>::new(), "it has a curator");
    let mut curator = school::sign_in(&app, CURATOR).await;
    assert_eq!(quiz::score(&mut curator, attempt, &OPEN, "3", "Верно").await.status, 303);
    relay(&app).await;
    assert_eq!(told(&pool, STUDENT.0).await, ["attempt_graded"]);
    assert_eq!(told(&pool, OTHER.0).await, Vec::<String>::new());

    // The same events again change nothing.
    change(&pool, "update outbox_events set processed_at = null, id = id where kind in ('attempt_graded')").await;
    change(&pool, "alter table activity_logs disable trigger activity_logs_append_only").await;
    change(&pool, "delete from activity_logs").await;
    relay(&app).await;
    assert_eq!(told(&pool, STUDENT.0).await, ["attempt_graded"]);

    let mut student = school::sign_in(&app, STUDENT).await;
    let page = student.get("/notifications").await;
    assert!(page.says(notice::attempt_graded(Locale::Ru)) && page.says("6 из 6"), "{}", page.text());
    let id: Uuid = one(&pool, &format!("select id from notifications where user_id = '{}'", STUDENT.0)).await;
    assert_eq!(unread(&mut student).await, 1);
    let answer = student.post(&format!("/notifications/{id}/open"), &[]).await;
    assert_eq!((answer.status, answer.location()), (303, format!("/learn/attempts/{attempt}").as_str()));
    assert_eq!(unread(&mut student).await, 0);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn points_that_a_test_hides_are_not_told(pool: PgPool) {
    let app = school::open(&pool).await;
    change(&pool, "update test_versions set show_score = 'never'").await;
    let attempt = hand_in(&app).await;
    let mut curator = school::sign_in(&app, CURATOR).await;
    quiz::score(&mut curator, attempt, &OPEN, "3", "Верно").await;
    relay(&app).await;
    let payload: String = one(&pool, "select payload::text from notifications where kind = 'attempt_graded'").await;
    assert!(payload.contains("\"points\": null"), "{payload}");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn nobody_opens_or_reads_what_is_anothers(pool: PgPool) {
    let app = school::open(&pool).await;
    hand_in(&app).await;
    let id: Uuid = one(&pool, "select id from notifications").await;
    let mut other = school::sign_in(&app, OTHER).await;
    let before = contents(&pool).await;
    assert_eq!(other.post(&format!("/notifications/{id}/open"), &[]).await.status, 404);
    assert_eq!(other.post("/notifications/rubbish/open", &[]).await.status, 404);
    assert_eq!(other.post("/notifications/read", &[]).await.status, 303);
    let page = other.call("notifications/mine", serde_json::json!({ "after": id })).await.json();
    assert_eq!(page["page"]["items"], serde_json::json!([]), "another's id is no place in one's own list");
    assert_eq!(contents(&pool).await, before);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn promises_are_reminded_of_once_each_and_administrators_hear_of_broken_ones(pool: PgPool) {
    let app = school::open(&pool).await;
    hand_in(&app).await;
    let hours: i32 = one(&pool, "select review_hours from courses where slug = 'light'").await;
    let minutes = u64::try_from(hours).unwrap() * 60;
    jobs::run_due(&app.ctx()).await.unwrap();
    let mut seen = Vec::new();
    for step in [minutes / 2 + 1, minutes / 2 - 10, 20] {
        app.pass(step * 60);
        for _ in 0..2 {
            jobs::run_due(&app.ctx()).await.unwrap();
            relay(&app).await;
        }
        seen.push((told(&pool, CURATOR.0).await.last().cloned(), told(&pool, ADMIN.0).await.len()));
    }
    let curator = |kind: &str| Some(kind.to_owned());
    assert_eq!(seen, [(curator("promise_half_gone"), 0), (curator("promise_due_soon"), 0), (curator("promise_broken"), 1)]);
    assert_eq!(told(&pool, CURATOR.0).await.len(), 4, "each once");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn what_one_did_oneself_is_no_news_but_safety_is(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    student.post("/account/password", &[("current_password", school::PASSWORD), ("new_password", "другое тихое окно")]).await;
    let mut admin = school::sign_in(&app, ADMIN).await;
    admin.post(&format!("/admin/users/{}/role", OTHER.0), &[("role", "curator")]).await;
    relay(&app).await;
    assert_eq!(told(&pool, STUDENT.0).await, ["password_changed"]);
    assert_eq!(told(&pool, OTHER.0).await, ["role_changed"]);
    assert_eq!(told(&pool, ADMIN.0).await, Vec::<String>::new());
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn an_event_that_nobody_can_be_told_of_holds_up_no_other(pool: PgPool) {
    let app = school::open(&pool).await;
    change(&pool, "alter table notifications add constraint frozen check (kind <> 'review_waiting') not valid").await;
    let attempt = hand_in(&app).await;
    assert_eq!(count(&pool, "outbox_events where processed_at is null").await, 0, "the log goes on");
    assert_eq!(count(&pool, "jobs where kind = 'react' and state = 'waiting'").await, 1);
    change(&pool, "alter table notifications drop constraint frozen").await;
    app.pass(60);
    jobs::run_due(&app.ctx()).await.unwrap();
    let payload: String = one(&pool, &format!("select payload::text from notifications where user_id = '{}'", CURATOR.0)).await;
    assert!(payload.contains(&attempt.to_string()), "told after all");
}

fn settings<'a>(grades: &'a str, from: &'a str, to: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("courses_app", "now"),
        ("courses_email", "never"),
        ("grades_app", grades),
        ("grades_email", "daily"),
        ("talk_app", "now"),
        ("talk_email", "now"),
        ("announcements_app", "now"),
        ("announcements_email", "now"),
        ("quiet_from", from),
        ("quiet_to", to),
    ]
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn choices_are_kept_and_bad_ones_refused_whole(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    let page = student.get("/notifications/settings").await;
    assert_eq!(page.status, 200);
    assert!(page.text().contains("grades_email") && !page.text().contains("reviews_app") && !page.text().contains("security_app"));
    assert_eq!(student.post("/notifications/settings", &settings("never", "22:00", "07:30")).await.status, 303);
    let page = student.get("/notifications/settings").await.text();
    assert!(page.contains("value=\"22:00\"") && page.contains("value=\"07:30\""));

    let before = contents(&pool).await;
    let ru = Locale::Ru;
    for (grades, from, to, sentence) in [
        ("sometimes", "", "", problem::unknown_choice(ru)),
        ("daily", "", "", problem::unknown_choice(ru)),
        ("now", "25:00", "07:00", problem::not_a_clock(ru)),
        ("now", "22:00", "", problem::required(ru)),
    ] {
        let answer = student.post("/notifications/settings", &settings(grades, from, to)).await;
        assert_eq!(answer.status, 422, "{grades} {from} {to}");
        assert!(answer.says(sentence), "{grades} {from} {to} does not say: {sentence}");
    }
    assert_eq!(contents(&pool).await, before);

    let attempt = hand_in(&app).await;
    let mut curator = school::sign_in(&app, CURATOR).await;
    quiz::score(&mut curator, attempt, &OPEN, "3", "Верно").await;
    relay(&app).await;
    assert_eq!(count(&pool, "notifications where kind = 'attempt_graded' and not is_shown").await, 1);
    assert_eq!(unread(&mut student).await, 0, "as chosen, the bell is silent");
    assert_eq!(student.post("/notifications/settings", &settings("now", "", "")).await.status, 303);
    assert_eq!(count(&pool, "notification_quiet_hours").await, 0);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn the_list_is_paged_and_read_at_once(pool: PgPool) {
    let app = school::open(&pool).await;
    for number in 0..65 {
        change(
            &pool,
            &format!(
                "insert into notifications (id, user_id, kind, payload, event_id, created_at)
                 values (gen_random_uuid(), '{}', 'job_failed', '{{\"kind\": \"job_failed\", \"job\": \"n{number}\"}}', gen_random_uuid(), '2026-03-01Z')",
                STUDENT.0
            ),
        )
        .await;
    }
    let mut student = school::sign_in(&app, STUDENT).await;
    let (mut seen, mut after) = (Vec::new(), serde_json::Value::Null);
    loop {
        let page = student.call("notifications/mine", serde_json::json!({ "after": after })).await.json();
        seen.extend(page["page"]["items"].as_array().unwrap().iter().map(|line| line["text"].as_str().unwrap().to_owned()));
        after = page["page"]["next"].clone();
        if after.is_null() {
            break;
        }
    }
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 65, "each once, also those of one moment");
    assert_eq!(student.post("/notifications/read", &[]).await.status, 303);
    assert_eq!(unread(&mut student).await, 0);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn an_open_page_hears_within_a_second_until_its_session_ends(pool: PgPool) {
    let app = school::open(&pool).await;
    let stop = CancellationToken::new();
    tokio::spawn(wake::run(app.state.clone(), stop.clone()));
    tokio::spawn(worker::run(app.state.clone(), stop.clone()));
    assert_eq!(app.visitor().get("/events").await.status, 401);

    let mut curator = school::sign_in(&app, CURATOR).await;
    let mut stream = curator.open_stream("/events", None).await;
    assert!(stream.next().await.contains("\"unread\":0"), "the state comes first");
    tokio::time::sleep(Duration::from_millis(300)).await;
    hand_in(&app).await;
    let event = stream.next().await;
    assert!(event.contains("\"unread\":1") && event.contains("id: "), "{event}");
    let id = event.lines().find_map(|line| line.strip_prefix("id: ")).unwrap().to_owned();

    // A browser that comes back is told what it missed.
    app.pass(1);
    hand_in_again(&app).await;
    let mut again = curator.open_stream("/events", Some(&id)).await;
    let event = again.next().await;
    assert!(event.contains("\"unread\":2") && event.contains(notice::review_waiting(Locale::Ru)), "{event}");

    assert_eq!(curator.post("/logout", &[]).await.status, 303);
    hand_in_again(&app).await;
    assert!(again.ends().await, "a session that ended hears nothing more");
    stop.cancel();
}

/// One more attempt of the student's that waits for review.
async fn hand_in_again(app: &TestApp) {
    change(&app.pool, "update test_versions set attempts_allowed = null").await;
    hand_in(app).await;
}
