//! Learners hand works in, and get them back.

use crate::support::course::progress_of;
use crate::support::database::{change, contents, count, list, one, refusal};
use crate::support::school::{self, ADMIN, CURATOR, ENROLLMENT, LESSONS, OTHER, STUDENT};
use crate::support::works::{self, WORK, hand_in, judge, page, remark, send, standing};
use lectern::features::assignments::server::upkeep;
use lectern::features::quizzes::server::curators::reminders::remind;
use lectern::server::worker;
use lectern::shared::i18n::{Locale, problem};
use serde_json::{Value, json};
use sqlx::PgPool;

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_work_goes_through_its_rounds_to_acceptance(pool: PgPool) {
    let app = school::open(&pool).await;
    works::set(&pool).await;
    let (mut student, mut curator) = (school::sign_in(&app, STUDENT).await, school::sign_in(&app, CURATOR).await);
    assert_eq!(student.post(&format!("{}/complete", school::lesson_path(LESSONS[0])), &[]).await.status, 303);
    let id = hand_in(&mut student, &pool, "Первый круг").await;
    assert_eq!(standing(&pool).await, "submitted curator@school.test", "an owner from the first minute");
    let mine = page(&mut student).await;
    let due = (app.now() + chrono::Duration::hours(24)).timestamp_millis();
    assert_eq!((&mine["work"]["owner"], &mine["work"]["promised"]["unix_ms"]), (&json!("Павел Градов"), &json!(due)), "and a promised moment");
    assert!(student.get("/learn").await.text().contains(&format!("/learn/assignments/{WORK}")));

    assert_eq!(remark(&mut curator, id, "must_fix", "Свет <в> лоб").await.status, 200);
    assert_eq!(standing(&pool).await, "in_review curator@school.test", "the first remark takes it");
    let back = judge(&mut curator, id, "return", &[("reason", "Поверните к окну"), ("day", "2026-03-09")]).await;
    assert_eq!((back.status, back.location()), (303, "/curate"), "{}", back.text());
    let mine = page(&mut student).await;
    assert_eq!((&mine["work"]["state"], &mine["draft"]["number"]), (&json!("returned"), &json!(2)));
    let html = student.get(&format!("/learn/assignments/{WORK}")).await.text();
    assert!(html.contains("Свет &lt;в&gt; лоб") && html.contains("Поверните к окну"));
    let remark_id = mine["work"]["rounds"][0]["remarks"][0]["id"].as_str().unwrap().to_owned();
    let note = format!("note_{remark_id}");
    let done = student.post(&format!("/learn/assignments/{WORK}/remarks/{remark_id}"), &[("done", "yes"), (&note, "Повернул")]).await;
    assert_eq!(done.status, 303);

    hand_in(&mut student, &pool, "Второй круг").await;
    assert_eq!(standing(&pool).await, "submitted curator@school.test", "the same curator again");
    let desk = curator.call("works/desk", json!({ "submission_id": id })).await.json();
    assert_eq!(desk["rounds"][0]["remarks"][0]["done_note"], json!("Повернул"), "what was asked beside what was done");
    assert_eq!(progress_of(&pool, STUDENT.0).await, "0.00 0/3", "not before it is accepted");
    let done = judge(&mut curator, id, "accept", &[("points", "8,5")]).await;
    assert_eq!(done.status, 303, "{}", done.text());
    assert_eq!(progress_of(&pool, STUDENT.0).await, "33.33 1/3", "access opens in the verdict's transaction");
    let mine = page(&mut student).await;
    assert_eq!((&mine["work"]["state"], &mine["draft"]), (&json!("accepted"), &Value::Null));
    assert_eq!(mine["work"]["rounds"][1]["verdict"]["mark"], json!([17, 2]));
    let moves: Vec<String> = list(
        &pool,
        "select kind || ' ' || coalesce(before ->> 'state', '-') || ' ' || (after ->> 'state') from outbox_events where kind like 'work\\_%' order by occurred_at, id",
    )
    .await;
    let mut moves = moves;
    moves.sort();
    assert_eq!(
        moves,
        [
            "work_accepted in_review accepted",
            "work_begun - draft",
            "work_begun returned draft",
            "work_returned in_review returned",
            "work_submitted draft submitted",
            "work_submitted draft submitted",
            "work_taken submitted in_review",
            "work_taken submitted in_review",
        ],
        "every move is an event with before and after"
    );
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn people_are_told(pool: PgPool) {
    let app = school::open(&pool).await;
    works::set(&pool).await;
    let (mut student, mut curator) = (school::sign_in(&app, STUDENT).await, school::sign_in(&app, CURATOR).await);
    let told = "select kind from notifications where user_id = '{}' order by created_at, kind";
    let id = hand_in(&mut student, &pool, "Круг").await;
    worker::relay(&app.ctx(), 100).await.unwrap();
    assert_eq!(list::<String>(&pool, &told.replace("{}", &CURATOR.0.to_string())).await, ["work_waiting"]);
    app.pass(13 * 3600);
    remind(&app.ctx()).await.unwrap();
    remind(&app.ctx()).await.unwrap();
    app.pass(12 * 3600);
    remind(&app.ctx()).await.unwrap();
    worker::relay(&app.ctx(), 100).await.unwrap();
    assert_eq!(list::<String>(&pool, &told.replace("{}", &CURATOR.0.to_string())).await, ["work_waiting", "work_broken", "work_half_gone"]);
    assert_eq!(list::<String>(&pool, &told.replace("{}", &ADMIN.0.to_string())).await, ["work_broken"], "a broken promise is the school's matter");
    let mut curator_again = school::sign_in(&app, CURATOR).await;
    assert_eq!(judge(&mut curator_again, id, "return", &[("reason", "Ещё"), ("day", "2026-03-10")]).await.status, 303);
    worker::relay(&app.ctx(), 100).await.unwrap();
    assert_eq!(list::<String>(&pool, &told.replace("{}", &STUDENT.0.to_string())).await, ["work_returned"]);
    assert!(curator.get("/notifications").await.status == 200 || curator.get("/notifications").await.status == 303);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_draft_saves_itself_in_order(pool: PgPool) {
    let app = school::open(&pool).await;
    works::set(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    let save = |sequence: i64, text: &str| json!({ "assignment_id": WORK, "sequence": sequence, "text": text, "links": "https://a.example/1" });
    for (base, text, sequence) in [(0, "а", 1), (1, "аб", 2), (1, "аб", 2), (2, "абвг", 3)] {
        let answer = student.call("works/save", save(base, text)).await;
        assert_eq!(answer.json()["At"]["sequence"], json!(sequence), "what is there already is kept, as often as it is sent: {}", answer.text());
    }
    let there = json!({ "Stale": { "text": "абвг", "links": "https://a.example/1", "sequence": 3 } });
    for base in [2, 0, -1, 4, i64::MAX, i64::MIN] {
        assert_eq!(student.call("works/save", save(base, "старое")).await.json(), there, "{base} is not what is there");
    }
    let mine = page(&mut student).await;
    assert_eq!((&mine["draft"]["text"], &mine["draft"]["links"]), (&json!("абвг"), &json!("https://a.example/1")));
    assert_eq!(count(&pool, "assignment_rounds").await, 1);
    let bad = student.call("works/save", json!({ "assignment_id": WORK, "sequence": 9, "text": "я".repeat(20_001), "links": "" })).await;
    assert_eq!(bad.status, 422);
    let bad =
        student.post(&format!("/learn/assignments/{WORK}"), &[("text", "т"), ("links", "javascript:1"), ("sequence", "3"), ("then", "save")]).await;
    assert!(bad.status == 422 && bad.text().contains("javascript:1"));
    let empty = student.post(&format!("/learn/assignments/{WORK}"), &[("text", " "), ("links", ""), ("sequence", "3"), ("then", "submit")]).await;
    assert_eq!(empty.status, 422);
    assert!(empty.says(problem::nothing_handed_in(Locale::Ru)));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_round_is_what_it_was_when_it_was_handed_in(pool: PgPool) {
    let app = school::open(&pool).await;
    works::set(&pool).await;
    let (mut student, mut curator) = (school::sign_in(&app, STUDENT).await, school::sign_in(&app, CURATOR).await);
    works::upload(&student, "attachment", "a.txt", b"text").await;
    let id = hand_in(&mut student, &pool, "Круг").await;
    let denied = "42501";
    for sql in [
        "update assignment_rounds set text_md = 'x'",
        "update assignment_rounds set due_at = now()",
        "delete from assignment_rounds",
        "delete from assignment_round_files",
        "insert into assignment_round_files select round_id, gen_random_uuid(), 'file', 9 from assignment_round_files",
    ] {
        assert_eq!(refusal(&pool, sql).await, denied, "{sql}");
    }
    remark(&mut curator, id, "must_fix", "Исправить").await;
    assert_eq!(judge(&mut curator, id, "return", &[("reason", "Ещё"), ("day", "2026-03-09")]).await.status, 303);
    for sql in [
        "update assignment_rounds set reason = 'x'",
        "update assignment_rounds set submitted_at = null, due_at = null",
        "update assignment_remarks set body = 'x'",
        "delete from assignment_remarks",
    ] {
        assert_eq!(refusal(&pool, sql).await, denied, "{sql}");
    }
    // A holiday that is added later moves no promise.
    let before: Vec<String> = list(&pool, "select due_at::text from assignment_rounds").await;
    change(&pool, "insert into review_holidays values ('2026-03-03')").await;
    assert_eq!(list::<String>(&pool, "select due_at::text from assignment_rounds").await, before);
    hand_in(&mut student, &pool, "Второй").await;
    let promised: String = one(&pool, "select (due_at at time zone 'Europe/Moscow')::text from assignment_rounds where number = 2").await;
    assert_eq!(promised, "2026-03-04 12:00:00", "but the next round's");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_work_is_taken_back_extended_and_expires(pool: PgPool) {
    let app = school::open(&pool).await;
    works::set(&pool).await;
    let (mut student, mut curator) = (school::sign_in(&app, STUDENT).await, school::sign_in(&app, CURATOR).await);
    let id = hand_in(&mut student, &pool, "Круг").await;
    let path = |what: &str| format!("/learn/assignments/{WORK}/{what}");
    assert_eq!(student.post(&path("withdraw"), &[]).await.status, 303);
    assert_eq!(page(&mut student).await["draft"]["text"], json!("Круг"), "it is written again");
    assert_eq!(curator.get(&format!("/curate/submissions/{id}")).await.status, 404, "and its learner's alone");
    assert_eq!(curator.post(&format!("/curate/submissions/{id}/hold"), &[]).await.status, 409);
    assert_eq!(send(&mut student, "Круг", "submit").await.status, 303);
    assert_eq!(curator.post(&format!("/curate/submissions/{id}/hold"), &[]).await.status, 303);
    let held = student.post(&path("withdraw"), &[]).await;
    assert_eq!(held.status, 409);
    assert!(held.says(problem::held_by_other(Locale::Ru)));
    assert_eq!(judge(&mut curator, id, "return", &[("reason", "Ещё"), ("day", "2026-03-04")]).await.status, 303);

    assert_eq!(student.post(&path("extend"), &[]).await.status, 303);
    assert_eq!(student.post(&path("extend"), &[]).await.status, 422, "once");
    let due: String = one(&pool, "select (learner_due_at at time zone 'Europe/Moscow')::text from assignment_submissions").await;
    assert_eq!(due, "2026-03-06 23:59:00", "the same number of days");
    app.pass(5 * 86_400);
    let mut student = school::sign_in(&app, STUDENT).await;
    let late = send(&mut student, "Поздно", "submit").await;
    assert_eq!(late.status, 422);
    assert!(late.says(problem::date_over(Locale::Ru)), "{}", late.text());
    upkeep::tend(&app.ctx()).await.unwrap();
    assert_eq!(standing(&pool).await, "expired curator@school.test");
    let mut curator = school::sign_in(&app, CURATOR).await;
    assert_eq!(judge(&mut curator, id, "reopen", &[("reason", ""), ("day", "2026-03-20")]).await.status, 422, "with a reason");
    assert_eq!(judge(&mut curator, id, "reopen", &[("reason", "Болел"), ("day", "2026-03-20")]).await.status, 303);
    assert_eq!(standing(&pool).await, "returned curator@school.test");
    hand_in(&mut student, &pool, "Снова").await;
    app.pass(365 * 86_400);
    upkeep::tend(&app.ctx()).await.unwrap();
    assert_eq!(standing(&pool).await, "submitted curator@school.test", "the clock stands still while the work is with the school");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn late_work_is_taken_for_a_part_of_its_mark(pool: PgPool) {
    let app = school::open(&pool).await;
    works::set(&pool).await;
    works::rule(&pool, "late_days = 5, late_percent = 10, late_floor = 50").await;
    let mut student = school::sign_in(&app, STUDENT).await;
    assert_eq!(send(&mut student, "Начало", "save").await.status, 303);
    app.pass(7 * 86_400 + 86_400 + 1);
    upkeep::tend(&app.ctx()).await.unwrap();
    let mut student = school::sign_in(&app, STUDENT).await;
    let id = hand_in(&mut student, &pool, "Позже").await;
    let mut curator = school::sign_in(&app, CURATOR).await;
    for (points, status) in [("", 422), ("11", 422), ("-1", 422), ("1,234", 422), ("9", 303)] {
        assert_eq!(judge(&mut curator, id, "accept", &[("points", points)]).await.status, status, "{points:?}");
    }
    let mark: String = one(
        &pool,
        "select mark_numerator || '/' || mark_denominator || ' ' || deduction_numerator || '/' || deduction_denominator from assignment_submissions",
    )
    .await;
    assert_eq!(mark, "9/1 9/5", "two days began: a fifth of nine is kept apart");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn the_verdict_is_owed_after_access_ended(pool: PgPool) {
    let app = school::open(&pool).await;
    works::set(&pool).await;
    let (mut student, mut curator) = (school::sign_in(&app, STUDENT).await, school::sign_in(&app, CURATOR).await);
    let id = hand_in(&mut student, &pool, "Круг").await;
    // A refund ends the enrolment while the work is in review.
    assert_eq!(curator.post(&format!("/curate/submissions/{id}/hold"), &[]).await.status, 303);
    change(&pool, &format!("update course_enrollments set state = 'revoked' where id = '{ENROLLMENT}'")).await;
    assert_eq!(judge(&mut curator, id, "accept", &[("points", "10")]).await.status, 303);
    let mine = page(&mut student).await;
    assert_eq!((&mine["work"]["state"], &mine["draft"]), (&json!("accepted"), &Value::Null), "its learner reads it, and can't go on");
    assert_eq!(send(&mut student, "Ещё", "submit").await.status, 403);
    // An assignment with works is not deleted.
    assert_eq!(refusal(&pool, &format!("delete from assignments where id = '{WORK}'")).await, "23503");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn nobody_elses_work_is_found(pool: PgPool) {
    let app = school::open(&pool).await;
    works::set(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    let file = works::upload(&student, "attachment", "a.txt", b"text").await;
    let id = hand_in(&mut student, &pool, "Тайное").await;
    let mut other = school::sign_in(&app, OTHER).await;
    let before = contents(&pool).await;
    assert_eq!(other.get(&format!("/files/{file}")).await.status, 404);
    assert_eq!(other.get(&format!("/curate/submissions/{id}")).await.status, 403, "a student learns nothing about ids");
    let answer = other.call("works/mine", json!({ "assignment_id": WORK })).await;
    assert!(answer.status == 303 && !answer.text().contains("Тайное"), "{}", answer.status);
    assert_eq!(other.post(&format!("/learn/assignments/{WORK}/withdraw"), &[]).await.status, 404);
    assert_eq!(other.post(&format!("/learn/assignments/{WORK}/files/{file}/remove"), &[]).await.status, 404);
    assert_eq!(contents(&pool).await, before);
}
