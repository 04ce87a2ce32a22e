//! A new version while people learn: what reaches them at once, what by consent, and that progress never falls without it.

use crate::support::Client;
use crate::support::course::{add_lesson, assert_recount, bring_to, complete, draft, edit, progress_of, publish, restart, student_at, version_of};
use crate::support::database::{change, count, list, one};
use crate::support::school::{self, ENROLLMENT, LESSONS, OTHER, STUDENT, lesson_path};
use crate::support::talk::enroll_other;
use lectern::shared::i18n::{Locale, learning as texts};
use serde_json::json;
use sqlx::PgPool;
use uuid::Uuid;

async fn answer(client: &mut Client, answer: &str) -> u16 {
    let version: Uuid =
        serde_json::from_value(client.call("learning/outline", json!({ "slug": "light" })).await.json()["offer"]["version_id"].clone()).unwrap();
    client.post("/learn/light/version", &[("version", &version.to_string()), ("answer", answer)]).await.status
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn wording_order_and_optional_lessons_reach_everybody_at_once(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = student_at(&app, 1).await;
    let extra = add_lesson(&app, 1, false).await;
    edit(
        &app,
        &[
            "update course_versions set title = 'Свет заново' where id = $draft",
            "update course_version_modules set position = 3 - position where course_version_id = $draft",
        ],
    )
    .await;
    assert_eq!(publish(&app).await, (1, 0));
    assert_eq!((version_of(&pool, STUDENT.0).await, progress_of(&pool, STUDENT.0).await.as_str()), (2, "33.33 1/3"));
    let page = student.get("/learn/light").await;
    assert!(page.says("Свет заново") && page.says("Новый урок 1"));
    assert_eq!(student.get(&lesson_path(extra)).await.status, 200);
    assert_eq!(one::<String>(&pool, "select title from courses where slug = 'light'").await, "Свет заново");
    assert_eq!(one::<i32>(&pool, "select position from modules where title = 'Лампы'").await, 1, "identity follows");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_new_required_lesson_waits_for_consent(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = student_at(&app, 1).await;
    let (first, second) = (add_lesson(&app, 1, true).await, add_lesson(&app, 2, true).await);
    assert_eq!(publish(&app).await, (0, 1));
    assert_eq!((version_of(&pool, STUDENT.0).await, progress_of(&pool, STUDENT.0).await.as_str()), (1, "33.33 1/3"));
    assert_eq!(student.get(&lesson_path(first)).await.status, 404, "it is not in their version");
    enroll_other(&app).await;
    assert_eq!((version_of(&pool, OTHER.0).await, progress_of(&pool, OTHER.0).await.as_str()), (2, "0.00 0/5"), "new enrolments follow");

    let page = student.get("/learn/light").await;
    assert!(
        page.says(&texts::offer_added(Locale::Ru, 2)) && page.says(&texts::offer_progress(Locale::Ru, 33, 20)),
        "what it would change is said before"
    );
    assert_eq!(answer(&mut student, "decline").await, 303);
    assert_eq!(progress_of(&pool, STUDENT.0).await, "33.33 1/3");
    let page = student.get("/learn/light").await;
    assert!(page.says(texts::offer_accept(Locale::Ru)) && !page.says(texts::offer_decline(Locale::Ru)), "it can be taken in later");

    // Another version since: what the learner saw is not what they would get.
    let seen: Uuid = one(&pool, "select published_version_id from courses where slug = 'light'").await;
    draft(&app).await;
    assert_eq!(publish(&app).await, (1, 1));
    let late = student.post("/learn/light/version", &[("version", &seen.to_string()), ("answer", "accept")]).await;
    assert_eq!(late.status, 409);
    assert_eq!(version_of(&pool, STUDENT.0).await, 1);

    assert_eq!(answer(&mut student, "accept").await, 303);
    assert_eq!((version_of(&pool, STUDENT.0).await, progress_of(&pool, STUDENT.0).await.as_str()), (3, "20.00 1/5"));
    assert_eq!(student.get(&lesson_path(second)).await.status, 200);
    assert!(!student.get("/learn/light").await.says(texts::offer_accept(Locale::Ru)));
    assert_eq!(
        list::<String>(&pool, "select kind from outbox_events where kind like 'version_%' order by kind").await,
        ["version_accepted", "version_declined"]
    );
    assert_recount(&app).await;
}

/// What is done to the draft, in words and SQL, and what four learners then have: version and progress.
type Case = (&'static str, String, [(i32, &'static str); 4]);

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_lesson_added_removed_moved_or_made_optional_lowers_nobody(pool: PgPool) {
    let app = school::open(&pool).await;
    let lesson = LESSONS[0];
    let second = LESSONS[1];
    let added = "insert";
    let removed = format!("delete from course_version_lessons where course_version_id = $draft and lesson_id = '{lesson}'");
    let all_removed = "delete from course_version_lessons where course_version_id = $draft".to_owned();
    let moved = format!(
        "update course_version_lessons set module_id = (select id from modules where title = 'Лампы'), position = 9
         where course_version_id = $draft and lesson_id = '{lesson}'"
    );
    let made_optional =
        |lesson| format!("update course_version_lessons set is_required = false where course_version_id = $draft and lesson_id = '{lesson}'");
    let none_required = "update course_version_lessons set is_required = false where course_version_id = $draft".to_owned();
    // What is done, by how many of the three lessons are complete: the version that is followed afterwards, and the progress.
    let cases: [Case; 7] = [
        ("added", added.to_owned(), [(1, "0.00 0/3"), (1, "33.33 1/3"), (1, "66.66 2/3"), (1, "100.00 3/3")]),
        ("removed", removed, [(1, "0.00 0/3"), (1, "33.33 1/3"), (1, "66.66 2/3"), (1, "100.00 3/3")]),
        ("all removed", all_removed, [(1, "0.00 0/3"), (1, "33.33 1/3"), (1, "66.66 2/3"), (1, "100.00 3/3")]),
        ("moved", moved, [(2, "0.00 0/3"), (2, "33.33 1/3"), (2, "66.66 2/3"), (2, "100.00 3/3")]),
        // The first is complete for those who have begun: without it their progress would fall, so they keep their version.
        ("the first optional", made_optional(lesson), [(2, "0.00 0/2"), (1, "33.33 1/3"), (1, "66.66 2/3"), (2, "100.00 3/3")]),
        ("the second optional", made_optional(second), [(2, "0.00 0/2"), (2, "50.00 1/2"), (1, "66.66 2/3"), (2, "100.00 3/3")]),
        ("none required", none_required, [(2, "100.00 0/0"), (2, "100.00 0/0"), (2, "100.00 0/0"), (2, "100.00 3/3")]),
    ];
    let mut student = school::sign_in(&app, STUDENT).await;
    for (what, sql, expected) in cases {
        for (done, (version, progress)) in expected.into_iter().enumerate() {
            let name = format!("{what} at {done}");
            restart(&pool).await;
            bring_to(&pool, &mut student, done).await;
            draft(&app).await;
            if sql == added {
                add_lesson(&app, 1, true).await;
            } else {
                edit(&app, &[&sql]).await;
            }
            publish(&app).await;
            assert_eq!((version_of(&pool, STUDENT.0).await, progress_of(&pool, STUDENT.0).await.as_str()), (version, progress), "{name}");
            assert_recount(&app).await;
            assert_eq!(student.get("/learn/light").await.status, 200, "{name}");
            if version == 1 {
                assert_eq!(student.get(&lesson_path(lesson)).await.status, 200, "{name}: it stays readable");
                assert_eq!(answer(&mut student, "accept").await, 303, "{name}");
                assert_eq!(version_of(&pool, STUDENT.0).await, 2, "{name}");
                if done == 3 {
                    assert_eq!(progress_of(&pool, STUDENT.0).await, progress, "{name}: what is finished stays finished");
                }
                assert_recount(&app).await;
            }
        }
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_course_with_no_required_lesson_is_at_a_hundred_and_stays_there(pool: PgPool) {
    let app = school::open(&pool).await;
    change(&pool, "update course_version_lessons set is_required = false").await;
    enroll_other(&app).await;
    assert_eq!(progress_of(&pool, OTHER.0).await, "100.00 0/0");
    assert_eq!(
        one::<String>(&pool, &format!("select state from course_enrollments where user_id = '{}' and course_id = '{}'", OTHER.0, school::LIGHT))
            .await,
        "active",
        "nothing was finished"
    );
    let mut learner = school::sign_in(&app, OTHER).await;
    assert!(!learner.get("/learn/light").await.says(texts::finished_title(Locale::Ru)));
    complete(&mut learner, LESSONS[0]).await;
    assert_eq!(progress_of(&pool, OTHER.0).await, "100.00 0/0");
    add_lesson(&app, 1, true).await;
    assert_eq!(publish(&app).await, (0, 2));
    assert_eq!(answer(&mut learner, "accept").await, 303);
    assert_eq!(progress_of(&pool, OTHER.0).await, "100.00 0/0", "a course at 100 % stays there");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn asking_for_less_completes_what_waited(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    complete(&mut student, LESSONS[1]).await;
    assert_eq!(progress_of(&pool, STUDENT.0).await, "0.00 0/3", "the test is not passed");
    edit(&app, &["update course_version_tests set must_pass = false where course_version_id = $draft"]).await;
    assert_eq!(publish(&app).await, (1, 0));
    assert_eq!(progress_of(&pool, STUDENT.0).await, "33.33 1/3");
    assert_eq!(one::<String>(&pool, "select completed_by from lesson_progress where completed_at is not null").await, "version");
    for lesson in [LESSONS[0], LESSONS[2]] {
        complete(&mut student, lesson).await;
    }
    assert_eq!(count(&pool, "outbox_events where kind = 'course_completed'").await, 1);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn making_the_rest_optional_finishes_the_course(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = student_at(&app, 2).await;
    edit(
        &app,
        &[&format!("update course_version_lessons set is_required = false where course_version_id = $draft and lesson_id = '{}'", LESSONS[2])],
    )
    .await;
    assert_eq!(publish(&app).await, (1, 0));
    assert_eq!(progress_of(&pool, STUDENT.0).await, "100.00 2/2");
    assert_eq!(one::<String>(&pool, &format!("select state from course_enrollments where id = '{ENROLLMENT}'")).await, "completed");
    assert_eq!(count(&pool, "outbox_events where kind = 'course_completed'").await, 1);
    assert!(student.get("/learn/light").await.says(texts::finished_title(Locale::Ru)));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_stricter_rule_waits_for_consent_and_then_closes_nothing_that_was_open(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    edit(&app, &["update course_version_lessons set opens = 'after_previous' where course_version_id = $draft"]).await;
    assert_eq!(publish(&app).await, (0, 1));
    assert_eq!(student.get(&lesson_path(LESSONS[2])).await.status, 200);
    change(&pool, "delete from lesson_progress").await;
    assert!(
        student.get("/learn/light").await.says(&texts::offer_stricter(Locale::Ru, 2))
            || student.get("/learn/light").await.says(&texts::offer_stricter(Locale::Ru, 3))
    );
    assert_eq!(answer(&mut student, "accept").await, 303);
    for lesson in LESSONS {
        assert_eq!(student.get(&lesson_path(lesson)).await.status, 200, "it was open, if not visited");
    }
    enroll_other(&app).await;
    let mut other = school::sign_in(&app, OTHER).await;
    assert_eq!(other.get(&lesson_path(LESSONS[1])).await.status, 403, "for who comes new the rule holds");
}
