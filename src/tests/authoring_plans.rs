//! A course's plan: changed in a draft, published, and what of it reaches whom.

use crate::support::database::{count, list, one};
use crate::support::school::{self, ADMIN, LESSONS, LIGHT, STUDENT, TEST, lesson_path};
use crate::support::{Answer, Client};
use serde_json::{Value, json};
use sqlx::PgPool;
use uuid::Uuid;

async fn plan(client: &mut Client, lesson: Uuid, fields: &[(&str, &str)]) -> Answer {
    client.post(&format!("/admin/courses/{LIGHT}/lessons/{lesson}/plan"), fields).await
}

async fn act(client: &mut Client, action: &str) -> u16 {
    client.post(&format!("/admin/courses/{LIGHT}/{action}"), &[]).await.status
}

async fn course(client: &mut Client) -> Value {
    client.call("authoring/course", json!({ "course_id": LIGHT })).await.json()
}

const AFTER_PREVIOUS: [(&str, &str); 2] = [("opens", "after_previous"), ("is_required", "yes")];

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_stricter_plan_reaches_running_learners_when_they_are_moved(pool: PgPool) {
    let app = school::open(&pool).await;
    let (mut admin, mut student) = (school::sign_in(&app, ADMIN).await, school::sign_in(&app, STUDENT).await);
    let third = lesson_path(LESSONS[2]);
    assert_eq!(plan(&mut admin, LESSONS[2], &AFTER_PREVIOUS).await.status, 303);
    assert_eq!(course(&mut admin).await["pending"]["stricter"], 1);
    assert_eq!(student.get(&lesson_path(LESSONS[0])).await.status, 200, "a draft changes nothing");

    assert_eq!((act(&mut admin, "publish").await, act(&mut admin, "publish").await), (303, 303), "a second press does nothing more");
    assert_eq!(count(&pool, "course_versions where state = 'published'").await, 3, "of two courses, and the new one");
    let after = course(&mut admin).await;
    assert_eq!((&after["pending"], after["behind"].as_array().unwrap().len()), (&Value::Null, 1));
    assert_eq!(student.get(&third).await.status, 200, "their version stays theirs");

    assert_eq!(act(&mut admin, "move").await, 303);
    assert_eq!(course(&mut admin).await["behind"], json!([]));
    let other: Uuid = one(&pool, &format!("select published_version_id from courses where id = '{LIGHT}'")).await;
    assert_eq!(one::<Uuid>(&pool, &format!("select course_version_id from course_enrollments where user_id = '{}'", STUDENT.0)).await, other);
    let actions: Vec<String> =
        list(&pool, "select kind from outbox_events where kind in ('lesson_planned', 'course_published', 'learners_moved') order by kind").await;
    assert_eq!(actions, ["course_published", "learners_moved", "lesson_planned"]);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn what_is_as_it_was_begins_no_draft_and_what_is_wrong_neither(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut admin = school::sign_in(&app, ADMIN).await;
    let stands = [("opens", "at_once"), ("is_required", "yes")];
    assert_eq!(plan(&mut admin, LESSONS[2], &stands).await.status, 303);
    for (opens, at, days, share) in [
        ("", "", "", ""),
        ("soon", "", "", ""),
        ("on_date", "", "", ""),
        ("on_date", "2026-13-01T10:00", "", ""),
        ("after_days", "", "", ""),
        ("after_days", "", "-1", ""),
        ("after_days", "", "4000", ""),
        ("at_once", "", "", "101"),
        ("at_once", "", "", "x"),
    ] {
        let fields = [("opens", opens), ("opens_at", at), ("opens_after_days", days), ("video_share", share), ("is_required", "yes")];
        let refused = plan(&mut admin, LESSONS[2], &fields).await;
        assert!(refused.status == 422, "{opens} {at} {days} {share}: {}", refused.status);
    }
    let bad_need = [("opens", "at_once"), ("is_required", "yes"), (&*format!("need_{TEST}"), "perhaps")];
    assert_eq!(plan(&mut admin, LESSONS[1], &bad_need).await.status, 422);
    assert_eq!(plan(&mut admin, Uuid::nil(), &stands).await.status, 404);
    assert_eq!(count(&pool, "course_versions where state = 'draft'").await, 0);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_plan_is_kept_in_the_authors_time_zone_and_can_be_discarded(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut admin = school::sign_in(&app, ADMIN).await;
    let fields = [("opens", "on_date"), ("opens_at", "2026-05-03T10:30"), (&*format!("need_{TEST}"), "nothing"), ("is_preview", "yes")];
    assert_eq!(plan(&mut admin, LESSONS[1], &fields).await.status, 303);
    let kept: String = one(
        &pool,
        &format!(
            "select l.opens_at::text || ' ' || l.is_required || ' ' || l.is_preview || ' ' || t.must_pass
             from course_version_lessons l join course_versions v on v.id = l.course_version_id and v.state = 'draft'
             join course_version_tests t on t.course_version_id = v.id and t.test_id = '{TEST}' where l.lesson_id = '{}'",
            LESSONS[1]
        ),
    )
    .await;
    assert_eq!(kept, "2026-05-03 07:30:00+00 false true false", "half past ten in Moscow");
    let editor = admin.call("authoring/lesson", json!({ "course_id": LIGHT, "lesson_id": LESSONS[1] })).await.json();
    assert_eq!(editor["plan"]["opening"], json!({ "rule": "on_date", "at": "2026-05-03T10:30", "days": "" }));
    let module: Uuid = one(&pool, &format!("select module_id from lessons where id = '{}'", LESSONS[1])).await;
    let days = [("opens", "after_days"), ("days", "3")];
    let path = format!("/admin/courses/{LIGHT}/modules/{module}");
    assert_eq!(admin.post(&path, &days).await.status, 422, "each module's fields carry its id");
    let (opens, days) = (format!("opens_{module}"), format!("opens_after_days_{module}"));
    assert_eq!(admin.post(&path, &[(&opens, "after_days"), (&days, "3")]).await.status, 303);
    assert_eq!(course(&mut admin).await["modules"][0]["opening"]["days"], "3");
    assert_eq!((act(&mut admin, "discard").await, act(&mut admin, "discard").await), (303, 303));
    assert_eq!(course(&mut admin).await["modules"][0]["opening"]["rule"], "at_once");
    assert_eq!(count(&pool, "outbox_events where kind = 'course_draft_discarded'").await, 1);
}
