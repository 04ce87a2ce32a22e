//! Verdicts that end a work for good, marks of their kinds, a refund in the middle, and what strangers learn of it all: nothing.

use crate::payments_admin::{paid, refund};
use crate::support::Client;
use crate::support::database::{change, contents, count, list, one};
use crate::support::payments;
use crate::support::school::{self, ADMIN, CURATOR, ENROLLMENT, OTHER, PRINT, PRINT_LESSON, STRANGER, STUDENT};
use crate::support::works::{self, WORK, hand_in, judge, page, remark, send, standing};
use lectern::server::worker;
use lectern::shared::i18n::{Locale, problem};
use serde_json::{Value, json};
use sqlx::PgPool;
use uuid::Uuid;

const MARK: &str = "select coalesce(mark_numerator || '/' || mark_denominator, '-') from assignment_submissions";

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_work_is_refused_for_good_when_no_round_is_left(pool: PgPool) {
    let app = school::open(&pool).await;
    works::set(&pool).await;
    works::rule(&pool, "rounds = 1").await;
    let (mut student, mut curator) = (school::sign_in(&app, STUDENT).await, school::sign_in(&app, CURATOR).await);
    let id = hand_in(&mut student, &pool, "Круг").await;
    let bare = judge(&mut curator, id, "reject", &[]).await;
    assert!(bare.status == 422 && bare.says(problem::reason_needed(Locale::Ru)));
    assert!(curator.get(&format!("/curate/submissions/{id}")).await.text().contains("value=\"reject\""));
    let done = judge(&mut curator, id, "reject", &[("reason", "Чужой снимок")]).await;
    assert_eq!(done.status, 303, "{}", done.text());
    assert_eq!(standing(&pool).await, "rejected curator@school.test");
    assert_eq!(one::<String>(&pool, MARK).await, "0/1", "zero is a mark");
    let event = "select (before ->> 'state') || ' ' || (after ->> 'state') from outbox_events where kind = 'work_rejected'";
    assert_eq!(list::<String>(&pool, event).await, ["in_review rejected"]);
    assert_eq!(count(&pool, "assignment_holds").await, 0);
    worker::relay(&app.ctx(), 100).await.unwrap();
    let told = format!("notifications where user_id = '{}' and kind = 'work_rejected'", STUDENT.0);
    assert_eq!(count(&pool, &told).await, 1);
    let mine = page(&mut student).await;
    assert_eq!((&mine["work"]["state"], &mine["draft"]), (&json!("rejected"), &Value::Null));
    assert_eq!(mine["work"]["rounds"][0]["verdict"]["reason"], json!("Чужой снимок"));
    assert_eq!(send(&mut student, "Ещё", "submit").await.status, 409);
    assert_eq!(judge(&mut curator, id, "accept", &[("points", "5")]).await.status, 409, "for good");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn an_administrator_refuses_for_good_while_rounds_are_left(pool: PgPool) {
    let app = school::open(&pool).await;
    works::set(&pool).await;
    let (mut student, mut admin) = (school::sign_in(&app, STUDENT).await, school::sign_in(&app, ADMIN).await);
    let id = hand_in(&mut student, &pool, "Круг").await;
    assert_eq!(judge(&mut admin, id, "reject", &[("reason", "Нет")]).await.status, 303);
    assert_eq!(standing(&pool).await, "rejected curator@school.test");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_work_that_is_only_passed_or_not_needs_no_points(pool: PgPool) {
    let app = school::open(&pool).await;
    works::set(&pool).await;
    for (kind, verdict, mark) in [("pass", "accept", "1/1"), ("pass", "reject", "0/1"), ("none", "accept", "-"), ("none", "reject", "-")] {
        works::rule(&pool, &format!("mark = '{kind}'")).await;
        let (mut student, mut admin) = (school::sign_in(&app, STUDENT).await, school::sign_in(&app, ADMIN).await);
        let id = hand_in(&mut student, &pool, "Круг").await;
        let desk = admin.get(&format!("/curate/submissions/{id}")).await.text();
        assert!(!desk.contains("name=\"points\""), "{kind}");
        assert_eq!(judge(&mut admin, id, verdict, &[("reason", "Так")]).await.status, 303, "{kind} {verdict}");
        assert_eq!(one::<String>(&pool, MARK).await, mark, "{kind} {verdict}");
        assert_eq!(page(&mut student).await["work"]["rounds"][0]["max_points"], Value::Null);
        change(&pool, "truncate assignment_submissions cascade").await;
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_refund_in_review_leaves_the_verdict_owed_and_possible(pool: PgPool) {
    let mut paid = paid(&pool).await;
    works::set(&pool).await;
    // The work belongs to the course that was bought.
    for sql in [
        format!("update assignments set lesson_id = '{PRINT_LESSON}'"),
        "update course_version_assignments set course_version_id = (select published_version_id from courses where slug = 'print')".to_owned(),
    ] {
        change(&pool, &sql).await;
    }
    let (mut student, mut curator) = (school::sign_in(&paid.app, STUDENT).await, school::sign_in(&paid.app, STRANGER).await);
    let id = hand_in(&mut student, &pool, "Круг").await;
    assert_eq!(curator.post(&format!("/curate/submissions/{id}/hold"), &[]).await.status, 303);
    assert_eq!(refund(&mut paid, "49900", "yes").await.status, 303);
    payments::work(&paid.app).await;
    let access = format!("select state from course_enrollments where user_id = '{}' and course_id = '{PRINT}'", STUDENT.0);
    assert_eq!(list::<String>(&pool, &access).await, ["revoked"]);
    assert_eq!(standing(&pool).await, "in_review stranger@school.test");
    assert!(curator.get("/curate").await.text().contains(&format!("/curate/submissions/{id}")), "it is still owed");
    assert_eq!(student.post(&format!("/learn/assignments/{WORK}/withdraw"), &[]).await.status, 403);
    let done = judge(&mut curator, id, "accept", &[("points", "9")]).await;
    assert_eq!(done.status, 303, "{}", done.text());
    let mine = page(&mut student).await;
    assert_eq!((&mine["work"]["state"], &mine["draft"]), (&json!("accepted"), &Value::Null), "its learner reads it, and can't go on");
    assert_eq!(send(&mut student, "Ещё", "submit").await.status, 403);
}

/// The answers to everything that can be asked of a work by its id.
async fn asked_by_id(client: &mut Client, id: Uuid, remark: Uuid) -> Vec<u16> {
    let mut statuses = vec![client.get(&format!("/curate/submissions/{id}")).await.status];
    for form in ["hold".to_owned(), "remarks".to_owned(), format!("remarks/{remark}/delete"), "verdict".to_owned()] {
        let fields = [("remark", "Слово"), ("verdict", "accept"), ("round", "1"), ("points", "1")];
        statuses.push(client.post(&format!("/curate/submissions/{id}/{form}"), &fields).await.status);
    }
    let new = json!({ "kind": "praise", "place": "work", "file_id": null, "points": [], "body": "Слово" });
    let verdict = json!({ "act": "accept", "round": 1, "reason": "", "day": "", "points": "1", "levels": [], "is_confirmed": true });
    for (function, arguments) in [
        ("works/desk", json!({ "submission_id": id })),
        ("works/hold", json!({ "submission_id": id })),
        ("works/remark", json!({ "submission_id": id, "remark": new })),
        ("works/delete-remark", json!({ "submission_id": id, "remark_id": remark })),
        ("works/verdict", json!({ "submission_id": id, "verdict": verdict })),
    ] {
        statuses.push(client.call(function, arguments).await.status);
    }
    statuses
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn nobody_learns_whether_anothers_work_exists(pool: PgPool) {
    let app = school::open(&pool).await;
    works::set(&pool).await;
    // One who learns in the same course, and has a work of their own.
    change(
        &pool,
        &format!(
            "insert into course_enrollments (id, user_id, course_id, course_version_id, starts_at, created_at, updated_at)
             select gen_random_uuid(), '{}', course_id, course_version_id, starts_at, created_at, updated_at from course_enrollments
             where id = '{ENROLLMENT}'",
            OTHER.0
        ),
    )
    .await;
    let (mut student, mut curator) = (school::sign_in(&app, STUDENT).await, school::sign_in(&app, CURATOR).await);
    let file = works::upload(&student, "attachment", "a.txt", b"text").await;
    let id = hand_in(&mut student, &pool, "Тайное").await;
    let given = remark(&mut curator, id, "must_fix", "Исправить").await.json()["id"].as_str().unwrap().parse::<Uuid>().unwrap();
    let (mut other, mut stranger) = (school::sign_in(&app, OTHER).await, school::sign_in(&app, STRANGER).await);
    let mine = page(&mut other).await;
    assert!(mine["work"].is_null() && !mine.to_string().contains("Тайное"), "the same assignment shows only one's own work");
    assert_eq!(send(&mut other, "Своё", "save").await.status, 303);
    let before = contents(&pool).await;
    // The desk is closed to learners whatever they name: the answer is the area's, and tells nothing. Staff of other courses find nothing.
    for (client, status) in [(&mut other, 403), (&mut stranger, 404)] {
        for asked in [id, Uuid::nil(), Uuid::from_u128(7)] {
            assert_eq!(asked_by_id(client, asked, given).await, [status; 10], "{asked}");
        }
    }
    let here = format!("/learn/assignments/{WORK}");
    for (real, unknown) in [(file, Uuid::nil()), (given, Uuid::nil())] {
        for id in [real, unknown] {
            assert_eq!(other.get(&format!("/files/{id}")).await.status, 404);
            assert_eq!(other.get(&format!("/files/{id}?original=1")).await.status, 404);
            assert_eq!(other.post(&format!("{here}/files/{id}/remove"), &[]).await.status, 404);
            assert_eq!(other.post(&format!("{here}/remarks/{id}"), &[("done", "yes")]).await.status, 404);
            assert_eq!(other.post(&format!("{here}/uploads/{id}/drop"), &[]).await.status, 404);
        }
    }
    assert_eq!(contents(&pool).await, before, "and nothing was written");
}
