//! Learning: completing lessons, progress.

use crate::support::database::{change, contents, count, one, warm_up};
use crate::support::quiz;
use crate::support::school::{self, ADMIN, CURATOR, ENROLLMENT, LESSONS, MULTIPLE, OPEN, SINGLE, STUDENT, TEST, lesson_path};
use crate::support::{Client, TestApp};
use lectern::features::learning::server::enrollment::{Enroll, enroll};
use lectern::features::learning::server::progress;
use serde_json::json;
use sqlx::PgPool;
use uuid::Uuid;

async fn complete(client: &mut Client, lesson: usize) {
    let path = lesson_path(LESSONS[lesson]);
    let answer = client.post(&format!("{path}/complete"), &[]).await;
    assert_eq!((answer.status, answer.location().split('#').next()), (303, Some(path.as_str())), "{}", answer.text());
}

async fn percent(pool: &PgPool) -> String {
    one(pool, &format!("select progress_percentage::text from course_progress where user_id = '{}'", STUDENT.0)).await
}

async fn state_of(pool: &PgPool, lesson: usize) -> String {
    let query =
        format!("select coalesce((select state from lesson_progress where user_id = '{}' and lesson_id = '{}'), '')", STUDENT.0, LESSONS[lesson]);
    one(pool, &query).await
}

/// Passes the required test of the second lesson: everything right, full points from the curator.
async fn pass_test(app: &TestApp, student: &mut Client) {
    let attempt = quiz::start(student, TEST).await;
    quiz::save(student, attempt, &SINGLE, 1, quiz::choice(SINGLE.right)).await;
    quiz::save(student, attempt, &MULTIPLE, 1, quiz::choice(MULTIPLE.right)).await;
    quiz::save(student, attempt, &OPEN, 1, quiz::text("Окно слева")).await;
    quiz::submit(student, attempt).await;
    assert_ne!(state_of(&app.pool, 1).await, "completed", "waiting for review is not passed");
    let mut curator = school::sign_in(app, CURATOR).await;
    assert_eq!(quiz::score(&mut curator, attempt, &OPEN, "3", "Верно").await.status, 303);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn marking_a_lesson_completes_it_and_moves_the_course(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    assert_eq!(percent(&pool).await, "0.00");
    complete(&mut student, 0).await;
    assert_eq!((state_of(&pool, 0).await.as_str(), percent(&pool).await.as_str()), ("completed", "33.33"));
    let same: bool =
        one(&pool, "select (select xmin::text from lesson_progress) = (select xmin::text from course_progress where progress_percentage > 0)").await;
    assert!(same, "both rows are of one transaction");
    let before = contents(&pool).await;
    complete(&mut student, 0).await;
    let changed: Vec<String> = contents(&pool).await.into_iter().filter(|line| !before.contains(line)).collect();
    assert!(changed.iter().all(|line| line.starts_with("lesson_progress ")), "twice is once, but for the visit: {changed:?}");
    assert_eq!(count(&pool, "outbox_events where kind = 'lesson_completed'").await, 1);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_failure_halfway_leaves_neither_half(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    sqlx::raw_sql(
        "create function fail() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$;
         create trigger fail before insert or update on course_progress for each row execute function fail()",
    )
    .execute(&pool)
    .await
    .unwrap();
    let answer = student.post(&format!("{}/complete", lesson_path(LESSONS[0])), &[]).await;
    assert_eq!(answer.status, 500);
    assert!(answer.text().contains(answer.header("x-request-id")), "the page has the number of the request");
    assert!(!answer.text().contains("course_progress") && !answer.text().contains("exception"), "and nothing of the database");
    assert_eq!(state_of(&pool, 0).await, "");
    assert_eq!(count(&pool, "outbox_events where kind = 'lesson_completed'").await, 0);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_lesson_with_a_required_test_waits_until_it_is_passed(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    complete(&mut student, 1).await;
    assert_eq!((state_of(&pool, 1).await.as_str(), percent(&pool).await.as_str()), ("in_progress", "0.00"), "read, not passed");
    pass_test(&app, &mut student).await;
    assert_eq!((state_of(&pool, 1).await.as_str(), percent(&pool).await.as_str()), ("completed", "33.33"));
    assert_eq!(one::<String>(&pool, "select completed_by from lesson_progress where completed_at is not null").await, "test");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_passed_test_alone_does_not_complete_an_unread_lesson(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    student.get(&lesson_path(LESSONS[1])).await;
    pass_test(&app, &mut student).await;
    assert_eq!(state_of(&pool, 1).await, "in_progress");
    complete(&mut student, 1).await;
    assert_eq!(state_of(&pool, 1).await, "completed");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn two_completions_at_once_both_count(pool: PgPool) {
    let app = school::open(&pool).await;
    let student = school::sign_in(&app, STUDENT).await;
    warm_up(&pool).await;
    let tabs: Vec<_> = [0, 2, 0, 2, 3]
        .into_iter()
        .map(|lesson| {
            let mut tab = student.clone();
            tokio::spawn(async move { complete(&mut tab, lesson).await })
        })
        .collect();
    for tab in tabs {
        tab.await.unwrap();
    }
    assert_eq!(percent(&pool).await, "66.66", "two of three required lessons, cut, never rounded up");
    assert_eq!(one::<i32>(&pool, &format!("select completed_lessons from course_progress where user_id = '{}'", STUDENT.0)).await, 2);
    assert_eq!(count(&pool, "outbox_events where kind = 'lesson_completed'").await, 3);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn progress_ends_at_a_hundred_and_never_falls(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    pass_test(&app, &mut student).await;
    let mut last = 0.0;
    for lesson in [3, 0, 0, 1, 3, 2, 2, 1, 0] {
        complete(&mut student, lesson).await;
        let now: f64 = percent(&pool).await.parse().unwrap();
        assert!(now >= last && now <= 100.0, "{last} to {now}");
        last = now;
    }
    assert_eq!(percent(&pool).await, "100.00");
    assert_eq!(one::<String>(&pool, &format!("select state from course_enrollments where id = '{ENROLLMENT}'")).await, "completed");
    assert_eq!(count(&pool, "outbox_events where kind = 'course_completed'").await, 1);
    assert_eq!(student.get("/learn/light").await.status, 200, "a finished course stays open");
    complete(&mut student, 0).await;
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_finished_course_stays_finished_when_its_learner_is_enrolled_anew(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    pass_test(&app, &mut student).await;
    for lesson in [0, 1, 2] {
        complete(&mut student, lesson).await;
    }
    assert_eq!(percent(&pool).await, "100.00");
    change(&pool, &format!("update course_enrollments set state = 'expired' where id = '{ENROLLMENT}'")).await;
    change(&pool, "update course_version_lessons set is_required = true").await;
    let mut tx = pool.begin().await.unwrap();
    let input = Enroll { user_id: STUDENT.0, course_id: school::LIGHT, offer_id: None, reason: None, expires_at: None };
    let second = enroll(&mut tx, &app.ctx(), input).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(percent(&pool).await, "100.00", "the version that asks for more lowers nothing");
    complete(&mut student, 3).await;
    assert_eq!(one::<String>(&pool, &format!("select state from course_enrollments where id = '{second}'")).await, "completed");
    assert_eq!(count(&pool, "outbox_events where kind = 'course_completed'").await, 2, "each enrolment is completed once");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn what_an_ended_enrolment_began_counts_for_the_running_one(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    complete(&mut student, 1).await;
    let attempt = quiz::start(&mut student, TEST).await;
    quiz::save(&mut student, attempt, &SINGLE, 1, quiz::choice(SINGLE.right)).await;
    quiz::save(&mut student, attempt, &MULTIPLE, 1, quiz::choice(MULTIPLE.right)).await;
    quiz::save(&mut student, attempt, &OPEN, 1, quiz::text("Окно слева")).await;
    quiz::submit(&mut student, attempt).await;
    change(&pool, &format!("update course_enrollments set state = 'expired' where id = '{ENROLLMENT}'")).await;
    let mut tx = pool.begin().await.unwrap();
    let input = Enroll { user_id: STUDENT.0, course_id: school::LIGHT, offer_id: None, reason: None, expires_at: None };
    let second = enroll(&mut tx, &app.ctx(), input).await.unwrap();
    tx.commit().await.unwrap();
    let mut curator = school::sign_in(&app, CURATOR).await;
    assert_eq!(quiz::score(&mut curator, attempt, &OPEN, "3", "Верно").await.status, 303);
    assert_eq!(percent(&pool).await, "33.33");
    assert_eq!(
        one::<String>(&pool, &format!("select enrollment_id::text from course_progress where user_id = '{}'", STUDENT.0)).await,
        second.to_string()
    );
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn progress_can_be_counted_anew_from_the_rows(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    for lesson in [0, 3, 2] {
        complete(&mut student, lesson).await;
        let row = "select progress_percentage || ' ' || completed_lessons || ' ' || required_lessons || ' ' || coalesce(completed_at::text, '-') from course_progress where completed_lessons > 0";
        let kept: String = one(&pool, row).await;
        change(&pool, "update course_progress set progress_percentage = 7, completed_lessons = 2, required_lessons = 9 where completed_lessons > 0")
            .await;
        let mut tx = pool.begin().await.unwrap();
        progress::recompute(&mut tx, &app.ctx(), ENROLLMENT).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(one::<String>(&pool, row).await, kept);
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn continue_leads_to_the_next_required_lesson_and_staff_leave_no_trace(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    for (done, next) in [(None, LESSONS[0]), (Some(0), LESSONS[1]), (Some(2), LESSONS[1])] {
        if let Some(lesson) = done {
            complete(&mut student, lesson).await;
        }
        let home = student.call("learning/home", json!({})).await.json();
        assert_eq!(home["next"]["lesson_id"], json!(next));
        assert!(student.get("/learn").await.text().contains(&lesson_path(next)));
    }
    for person in [CURATOR, ADMIN] {
        let mut staff = school::sign_in(&app, person).await;
        let before = contents(&pool).await;
        assert_eq!(staff.get(&lesson_path(LESSONS[0])).await.status, 200);
        assert_eq!(contents(&pool).await, before, "staff who look leave no progress");
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_lessons_page_knows_of_its_own_visit_and_of_all_questions(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    student.get(&lesson_path(LESSONS[1])).await;
    let page = student.call("learning/lesson", json!({ "slug": "light", "lesson_id": LESSONS[1] })).await.json();
    assert_eq!((&page["state"], &page["outline"]["modules"][0]["lessons"][1]["state"]), (&json!("in_progress"), &json!("in_progress")));
    assert_eq!(page["questions"]["total"], json!(0));
    for number in 0..4 {
        let asked = student.post(&format!("{}/questions", lesson_path(LESSONS[1])), &[("body", &format!("Вопрос {number}"))]).await;
        assert_eq!(asked.status, 303);
    }
    let page = student.call("learning/lesson", json!({ "slug": "light", "lesson_id": LESSONS[1] })).await.json();
    assert_eq!((&page["questions"]["total"], page["questions"]["threads"].as_array().unwrap().len()), (&json!(4), 3), "counted beyond what is shown");
    assert_eq!(one::<Uuid>(&pool, "select last_lesson_id from course_progress where last_lesson_id is not null").await, LESSONS[1]);
}
