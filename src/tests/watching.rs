//! Video as far as lessons need it: what was watched, where the player was, what completes.

use crate::support::course::rule;
use crate::support::database::{change, contents, one};
use crate::support::school::{self, ENROLLMENT, LESSONS, STUDENT};
use crate::support::{Answer, Client};
use serde_json::{Value, json};
use sqlx::PgPool;

async fn watch(client: &mut Client, position: i32, stretches: Value, at_unix_ms: i64) -> Answer {
    let watched = json!({ "position": position, "stretches": stretches, "at_unix_ms": at_unix_ms });
    client.call("learning/watched", json!({ "slug": "light", "lesson_id": LESSONS[2], "watched": watched })).await
}

async fn kept(pool: &PgPool) -> String {
    one(pool, "select video_position_seconds || ' ' || watched_ranges from lesson_progress").await
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn what_was_watched_adds_up_and_completes_the_lesson(pool: PgPool) {
    let app = school::open(&pool).await;
    change(&pool, "update lesson_versions set video_seconds = 100 where title = 'Третий урок'").await;
    rule(&pool, 2, "video_share = 80").await;
    let mut student = school::sign_in(&app, STUDENT).await;
    let now = app.now().timestamp_millis();
    assert_eq!(watch(&mut student, 30, json!([[0, 30]]), now - 5_000).await.json(), json!({ "share": 30, "state": "in_progress" }));
    assert_eq!(watch(&mut student, 60, json!([[20, 60], [90, 400], [7, 3]]), now).await.json(), json!({ "share": 70, "state": "in_progress" }));
    assert_eq!(kept(&pool).await, "60 [[0, 60], [90, 100]]");
    // A letter from before, and one from a clock that runs ahead.
    assert_eq!(watch(&mut student, 10, json!([]), now - 60_000).await.status, 200);
    assert_eq!(kept(&pool).await, "60 [[0, 60], [90, 100]]", "the later position holds, and nothing shrinks");
    assert_eq!(watch(&mut student, 65, json!([]), now + 3_600_000_000).await.status, 200);
    app.pass(1);
    assert_eq!(watch(&mut student, 5, json!([[60, 69]]), now + 1_000).await.json()["state"], json!("in_progress"), "79 of 80");
    assert_eq!(kept(&pool).await, "5 [[0, 69], [90, 100]]", "a clock that ran ahead counted as ours");
    assert_eq!(student.post(&format!("{}/complete", school::lesson_path(LESSONS[2])), &[]).await.status, 303);
    assert_eq!(one::<String>(&pool, "select state from lesson_progress").await, "in_progress", "a mark is not enough");
    assert_eq!(watch(&mut student, 70, json!([[69, 70]]), now + 1_000).await.json(), json!({ "share": 80, "state": "completed" }));
    assert_eq!(one::<String>(&pool, "select completed_by from lesson_progress").await, "video");
    assert_eq!(one::<String>(&pool, "select progress_percentage::text from course_progress where completed_lessons > 0").await, "33.33");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn nothing_is_kept_of_what_one_may_not_watch(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    let before = contents(&pool).await;
    assert_eq!(watch(&mut student, 1, json!([[0, 1]]), 0).await.status, 404, "a lesson with no video");
    change(&pool, "update lesson_versions set video_seconds = 100").await;
    change(&pool, &format!("update course_enrollments set expires_at = '2026-03-01Z' where id = '{ENROLLMENT}'")).await;
    assert_eq!(watch(&mut student, 1, json!([[0, 1]]), 0).await.status, 403, "access ended in the middle");
    for rubbish in [json!([["a", 1]]), json!("x"), json!([[1e20, 2]])] {
        assert_ne!(watch(&mut student, 1, rubbish, 0).await.status, 500);
    }
    let changed: Vec<String> = contents(&pool).await.into_iter().filter(|line| !before.contains(line)).collect();
    assert!(changed.iter().all(|line| line.starts_with("lesson_versions ") || line.starts_with("course_enrollments ")), "{changed:?}");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_share_of_a_video_that_is_not_there_keeps_nobody(pool: PgPool) {
    let app = school::open(&pool).await;
    rule(&pool, 2, "video_share = 80").await;
    let mut student = school::sign_in(&app, STUDENT).await;
    assert_eq!(student.post(&format!("{}/complete", school::lesson_path(LESSONS[2])), &[]).await.status, 303);
    assert_eq!(one::<String>(&pool, "select state from lesson_progress").await, "completed");
}
