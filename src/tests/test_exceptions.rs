//! Exceptions for single learners (T11): what they give, what they leave as it is, and what they never take.

use crate::support::Client;
use crate::support::database::{change, contents, list, one};
use crate::support::quiz::{attempt, start, submit};
use crate::support::school::{self, ADMIN, LIGHT, STUDENT, TIMED};
use lectern::shared::i18n::{Locale, problem};
use serde_json::json;
use sqlx::PgPool;
use uuid::Uuid;

async fn grant(admin: &mut Client, fields: &[(&str, &str)]) -> crate::support::Answer {
    admin.post(&format!("/admin/courses/{LIGHT}/tests/{TIMED}/exceptions"), fields).await
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn an_exception_gives_time_attempts_and_another_closing_moment(pool: PgPool) {
    let app = school::open(&pool).await;
    let (mut student, mut admin) = (school::sign_in(&app, STUDENT).await, school::sign_in(&app, ADMIN).await);
    change(&pool, &format!("update test_versions set attempts_allowed = 1, closes_at = '{}'", (app.now() + chrono::Duration::hours(1)).to_rfc3339()))
        .await;
    let id = start(&mut student, TIMED).await;
    app.pass(60);
    let fields = [("email", "Student@School.test"), ("extra_minutes", "5"), ("extra_attempts", "1"), ("reason", "Дислексия")];
    let answer = grant(&mut admin, &fields).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    assert_eq!(attempt(&mut student, id).await.1["seconds_left"], json!(540 + 300), "the attempt that runs has it too");
    submit(&mut student, id).await;
    app.pass(7200);
    assert_eq!(student.post(&format!("/learn/tests/{TIMED}/start"), &[]).await.status, 403, "closed for all");
    assert_eq!(
        grant(&mut admin, &[("email", STUDENT.1), ("extra_attempts", "1"), ("closes", "2030-01-01T10:00"), ("reason", "Болезнь")]).await.status,
        303
    );
    let next = start(&mut student, TIMED).await;
    assert_eq!(attempt(&mut student, next).await.1["seconds_left"], json!(900), "what is left empty stays");
    submit(&mut student, next).await;
    assert_eq!(student.post(&format!("/learn/tests/{TIMED}/start"), &[]).await.status, 403, "one more, not two");
    let page = admin.get(&format!("/admin/courses/{LIGHT}/tests/{TIMED}")).await;
    assert!(page.text().contains("Болезнь") && page.text().contains("Ольга Крылова"), "with reason and author");
    let event: String = one(&pool, "select after::text from outbox_events where kind = 'test_exception_granted' order by after::text limit 1").await;
    assert!(event.contains("extra_seconds"), "{event}");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_bad_exception_is_refused_beside_its_fields(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut admin = school::sign_in(&app, ADMIN).await;
    let before = contents(&pool).await;
    let good = [("email", STUDENT.1), ("extra_minutes", "5"), ("reason", "Причина")];
    for (field, value, sentence) in [
        ("email", "other@school.test", problem::no_such_learner(Locale::Ru).to_owned()),
        ("extra_minutes", "-1", problem::too_many(Locale::Ru, 10_080)),
        ("extra_minutes", "много", problem::too_many(Locale::Ru, 10_080)),
        ("reason", " ", problem::required(Locale::Ru).to_owned()),
        ("closes", "завтра", problem::not_a_moment(Locale::Ru).to_owned()),
    ] {
        let mut fields: Vec<(&str, &str)> = good.iter().copied().filter(|(name, _)| *name != field).collect();
        fields.push((field, value));
        let answer = grant(&mut admin, &fields).await;
        assert_eq!(answer.status, 422, "{field} {value}");
        assert!(answer.says(&sentence), "{field} {value}");
        assert!(answer.text().contains("value=\"5\"") || field == "extra_minutes", "what was typed stands again");
    }
    assert_eq!(contents(&pool).await, before);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_new_exception_never_ends_a_running_attempt_earlier(pool: PgPool) {
    let app = school::open(&pool).await;
    let (mut student, mut admin) = (school::sign_in(&app, STUDENT).await, school::sign_in(&app, ADMIN).await);
    let left = async |student: &mut Client, id: Uuid| attempt(student, id).await.1["seconds_left"].as_i64();
    let id = start(&mut student, TIMED).await;
    app.pass(60);
    assert_eq!(grant(&mut admin, &[("email", STUDENT.1), ("extra_minutes", "30"), ("reason", "Дислексия")]).await.status, 303);
    assert_eq!(left(&mut student, id).await, Some(540 + 1800));
    assert_eq!(grant(&mut admin, &[("email", STUDENT.1), ("extra_attempts", "1"), ("reason", "Свет погас")]).await.status, 303);
    assert_eq!(left(&mut student, id).await, Some(540 + 1800), "minutes that were left empty stay");
    let stored = "select extra_seconds || ' ' || extra_attempts || ' ' || coalesce(closes_at::text, '-') from test_exceptions";
    assert_eq!(one::<String>(&pool, stored).await, "1800 1 -");

    // In four minutes, by the administrator's clock.
    let fields = [("email", STUDENT.1), ("extra_minutes", "0"), ("closes", "2026-03-02T12:05"), ("reason", "Ошибка")];
    assert_eq!(grant(&mut admin, &fields).await.status, 303);
    assert_eq!(left(&mut student, id).await, Some(540 + 1800), "who is at it keeps the end that was told");
    submit(&mut student, id).await;
    let next = start(&mut student, TIMED).await;
    assert_eq!(left(&mut student, next).await, Some(240), "what is started from then on goes by it");
    let fields = [("email", STUDENT.1), ("closes_as_for_all", "yes"), ("reason", "Как у всех")];
    assert_eq!(grant(&mut admin, &fields).await.status, 303);
    assert_eq!(left(&mut student, next).await, Some(600), "later it may become");
    assert_eq!(one::<String>(&pool, stored).await, "0 1 -");

    let told = "select coalesce(before->>'extra_seconds', '-') || ' ' || coalesce(before->>'closes_at', '-') || ' to ' || (after->>'extra_seconds')
                       || ' ' || coalesce(after->>'closes_at', '-') || ' ' || (after->>'extra_attempts') || ' ' || (after->>'reason')
                from outbox_events where kind = 'test_exception_granted' order by id";
    let expected = [
        "- - to 1800 - 0 Дислексия",
        "1800 - to 1800 - 1 Свет погас",
        "1800 - to 0 2026-03-02T09:05:00Z 1 Ошибка",
        "0 2026-03-02T09:05:00Z to 0 - 1 Как у всех",
    ];
    assert_eq!(list::<String>(&pool, told).await, expected, "the log holds what was before, and why");
}
