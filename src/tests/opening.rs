//! Who may open a course, and why not.

use crate::support::database::{change, contents, count, one};
use crate::support::school::{self, ADMIN, CURATOR, ENROLLMENT, LESSONS, OTHER, STUDENT, TEST, lesson_path};
use lectern::app::errors::closed_text;
use lectern::server::clock;
use lectern::shared::error::ClosedReason;
use lectern::shared::i18n::Locale;
use serde_json::json;
use sqlx::PgPool;

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_former_curator_reads_no_more_than_others(pool: PgPool) {
    let app = school::open(&pool).await;
    change(&pool, &format!("update users set role = 'student' where id = '{}'", CURATOR.0)).await;
    let mut former = school::sign_in(&app, CURATOR).await;
    assert_eq!(former.get("/learn/light").await.location(), "/courses/light");
    assert_eq!(former.get(&lesson_path(LESSONS[1])).await.location(), "/courses/light");
    let name: String = one(&pool, &format!("select full_name from users where id = '{}'", CURATOR.0)).await;
    assert!(!app.visitor().get("/courses/light").await.says(&name), "and is not named as one who reviews");
    change(&pool, "update courses set status = 'draft'").await;
    assert_eq!(former.get("/courses/light").await.status, 404);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_draft_course_does_not_exist_for_learners(pool: PgPool) {
    let app = school::open(&pool).await;
    change(&pool, "update courses set status = 'draft' where slug = 'light'").await;
    for (person, status) in [(Some(STUDENT), 404), (Some(OTHER), 404), (None, 404), (Some(CURATOR), 200), (Some(ADMIN), 200)] {
        let mut client = match person {
            Some(person) => school::sign_in(&app, person).await,
            None => app.visitor(),
        };
        assert_eq!(client.get("/courses/light").await.status, status, "{person:?}");
        let outline = client.get("/learn/light").await;
        assert_eq!(outline.status, if person.is_none() { 303 } else { status }, "{person:?}");
        assert!(!client.get("/").await.text().contains("/courses/light"), "nor is it in the catalogue");
        if person == Some(STUDENT) {
            assert_eq!(client.get(&lesson_path(LESSONS[0])).await.status, 404);
            assert_eq!(client.post(&format!("{}/complete", lesson_path(LESSONS[0])), &[]).await.status, 404);
            assert_eq!(client.post(&format!("/learn/tests/{TEST}/start"), &[]).await.status, 404);
        }
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn an_archived_course_stays_for_those_who_are_in_it(pool: PgPool) {
    let app = school::open(&pool).await;
    change(&pool, "update courses set status = 'archived' where slug = 'light'").await;
    let (mut student, mut other) = (school::sign_in(&app, STUDENT).await, school::sign_in(&app, OTHER).await);
    for path in ["/learn/light".to_owned(), "/courses/light".to_owned(), lesson_path(LESSONS[0]), format!("/learn/tests/{TEST}")] {
        assert_eq!(student.get(&path).await.status, 200, "{path}");
        assert_eq!(other.get(&path).await.status, 404, "{path}");
    }
    assert_eq!(app.visitor().get("/courses/light").await.status, 404);
    assert_eq!(student.post(&format!("{}/complete", lesson_path(LESSONS[0])), &[]).await.status, 303);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_closed_course_says_why(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    let at = |days: i64| clock::local(app.now() + chrono::Duration::days(days), chrono_tz::Europe::Moscow);
    for (column, reason) in [
        ("state = 'paused'", ClosedReason::Paused),
        ("expires_at = '2026-03-01 09:00Z', state = 'active'", ClosedReason::AccessEnded(at(-1))),
        ("expires_at = null, starts_at = '2026-03-05 09:00Z'", ClosedReason::AccessBegins(at(3))),
        ("state = 'revoked', starts_at = '2026-02-01Z', updated_at = '2026-02-28 09:00Z'", ClosedReason::AccessEnded(at(-2))),
    ] {
        change(&pool, &format!("update course_enrollments set {column} where id = '{ENROLLMENT}'")).await;
        let before = contents(&pool).await;
        for path in ["/learn/light".to_owned(), lesson_path(LESSONS[0]), format!("/learn/tests/{TEST}")] {
            let answer = student.get(&path).await;
            assert_eq!(answer.status, 403, "{column} {path}");
            let text = closed_text(Locale::Ru, &reason);
            assert!(answer.says(&text), "{column} {path} does not say: {text}");
        }
        assert_eq!(student.post(&format!("{}/complete", lesson_path(LESSONS[0])), &[]).await.status, 403, "{column}");
        assert_eq!(student.post(&format!("/learn/tests/{TEST}/start"), &[]).await.status, 403, "{column}");
        let wire = student.call("learning/outline", json!({ "slug": "light" })).await;
        assert_eq!((wire.status, wire.json()["kind"]["Closed"].clone()), (403, serde_json::to_value(&reason).unwrap()));
        assert_eq!(contents(&pool).await, before, "{column}: nothing is written");
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn who_is_not_enrolled_is_led_to_the_sales_page(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut other = school::sign_in(&app, OTHER).await;
    let before = contents(&pool).await;
    for path in ["/learn/light".to_owned(), lesson_path(LESSONS[0]), format!("/learn/tests/{TEST}")] {
        let answer = other.get(&path).await;
        assert_eq!((answer.status, answer.location()), (303, "/courses/light"), "{path}");
    }
    let answer = other.post(&format!("{}/complete", lesson_path(LESSONS[0])), &[]).await;
    assert_eq!((answer.status, answer.location()), (303, "/courses/light"));
    let answer = app.visitor().get("/learn/light?x=1").await;
    assert_eq!((answer.status, answer.location()), (303, "/login?next=/learn/light%3Fx%3D1"));
    assert_eq!(contents(&pool).await, before);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn lessons_are_found_in_their_own_course_only(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    for path in [lesson_path(school::PRINT_LESSON), "/learn/light/lessons/rubbish".to_owned(), format!("/learn/none/lessons/{}", LESSONS[0])] {
        assert_eq!(student.get(&path).await.status, 404, "{path}");
        assert_eq!(student.post(&format!("{path}/complete"), &[]).await.status, 404, "{path}");
    }
    assert_eq!(count(&pool, "lesson_progress").await, 0);
}
