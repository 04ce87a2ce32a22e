//! What is shown of a finished attempt, and what is promised before (T8).

use crate::support::Client;
use crate::support::database::{change, one};
use crate::support::quiz::{attempt, take_timed};
use crate::support::school::{self, ADMIN, LIGHT, STUDENT, TIMED};
use lectern::shared::i18n::{Locale, test_author};
use sqlx::PgPool;
use uuid::Uuid;

/// Whether the result tells the key.
async fn is_told(student: &mut Client, id: Uuid) -> bool {
    attempt(student, id).await.1["questions"][0]["options"][0]["is_correct"].is_boolean()
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn whatever_counts_the_key_waits_for_the_last_attempt(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    let mut started = 0;
    // By the average the second attempt passes and the test does not; by the others the first passes, and the mark may still be better.
    for (counts, marks) in [("average", [false, true, true]), ("last", [true, false, true]), ("best", [true, false, true])] {
        change(&pool, &format!("update test_versions set counts = '{counts}', attempts_allowed = {}", started + 3)).await;
        for (place, is_right) in (1..).zip(marks) {
            let id = take_timed(&mut student, Some(is_right)).await;
            started += 1;
            assert_eq!(is_told(&mut student, id).await, place == 3, "{counts}, attempt {place}");
        }
    }
    assert!(one::<bool>(&pool, "select is_passed from test_standings").await);
    change(&pool, "update test_versions set attempts_allowed = null").await;
    let id = take_timed(&mut student, Some(true)).await;
    assert!(!is_told(&mut student, id).await, "any number of attempts is never used up");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn nothing_is_promised_that_is_never_shown(pool: PgPool) {
    let app = school::open(&pool).await;
    let (mut student, mut admin) = (school::sign_in(&app, STUDENT).await, school::sign_in(&app, ADMIN).await);
    let closing = app.now() + chrono::Duration::hours(1);
    let closes = format!("closes_at = '{}', attempts_allowed = 2, show_answers = 'after_closing', show_key = 'attempts_used'", closing.to_rfc3339());
    let (beside, endless) = (test_author::beside_answers(Locale::Ru), test_author::never_used_up(Locale::Ru));
    for (set, promise, hints) in [
        (
            "attempts_allowed = 1, show_answers = 'never', show_key = 'at_once', show_explanations = 'attempts_used'",
            "сразу: баллы; не покажем: свои ответы, верные ответы, пояснения",
            [2, 0],
        ),
        (
            "attempts_allowed = null, show_answers = 'at_once', show_key = 'attempts_used'",
            "сразу: баллы, свои ответы; не покажем: верные ответы, пояснения",
            [0, 2],
        ),
        (
            closes.as_str(),
            "сразу: баллы; после закрытия теста: свои ответы; после закрытия теста, когда попыток не останется: верные ответы, пояснения",
            [2, 0],
        ),
    ] {
        change(&pool, &format!("update test_versions set {set}")).await;
        let front = student.get(&format!("/learn/tests/{TIMED}")).await;
        assert!(front.says(promise), "{set}: {}", front.text());
        let form = admin.get(&format!("/admin/courses/{LIGHT}/tests/{TIMED}")).await.text();
        assert_eq!([form.matches(beside).count(), form.matches(endless).count()], hints, "the author is told beside the field: {set}");
    }
    // What was promised is what is shown.
    let ids = [take_timed(&mut student, Some(false)).await, take_timed(&mut student, Some(false)).await];
    let shown = async |student: &mut Client| {
        let page = attempt(student, ids[0]).await.1;
        page["questions"].as_array().is_some_and(|questions| !questions.is_empty())
    };
    assert!(!shown(&mut student).await && !is_told(&mut student, ids[0]).await, "all are used, and it is open");
    app.pass(3601);
    assert!(shown(&mut student).await && is_told(&mut student, ids[0]).await);
}
