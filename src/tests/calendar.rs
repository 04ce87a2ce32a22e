//! The school's calendar, and the promises that hang on it.

use crate::support::database::{change, contents, count, list, one};
use crate::support::quiz::{save, start, submit, text};
use crate::support::school::{self, ADMIN, CURATOR, OPEN, STUDENT, TEST};
use crate::support::works::{self, hand_in, page};
use crate::support::{Answer, Client};
use lectern::features::calendar::server::service::{of_school, promise};
use lectern::shared::i18n::{Locale, problem};
use serde_json::json;
use sqlx::PgPool;

const PAGE: &str = "/admin/settings/calendar";

/// Monday to Friday from ten to seven, with changes.
async fn set(admin: &mut Client, changes: &[(&str, &str)]) -> Answer {
    let days = [("opens_0", "closes_0"), ("opens_1", "closes_1"), ("opens_2", "closes_2"), ("opens_3", "closes_3"), ("opens_4", "closes_4")];
    let mut fields = vec![("time_zone", "Europe/Moscow"), ("holidays", ""), ("working_days", "")];
    for (opens, closes) in days {
        fields.extend([(opens, "10:00"), (closes, "19:00")]);
    }
    fields.retain(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
    fields.extend_from_slice(changes);
    admin.post(PAGE, &fields).await
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_new_school_works_from_monday_to_friday(pool: PgPool) {
    // A Monday at noon and a Friday evening in Moscow.
    for (from, hours, due) in [
        ("2026-03-02T09:00:00Z", 24, "2026-03-04 18:00:00"),
        ("2026-03-06T15:00:00Z", 2, "2026-03-09 11:00:00"),
        ("2026-03-07T09:00:00Z", 1, "2026-03-09 11:00:00"),
    ] {
        let mut connection = pool.acquire().await.unwrap();
        let promised = promise(&mut connection, from.parse().unwrap(), hours).await.unwrap();
        assert_eq!(promised.with_timezone(&chrono_tz::Europe::Moscow).naive_local().to_string(), due, "{from} + {hours} h");
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn an_administrator_sets_the_calendar_and_given_promises_stay(pool: PgPool) {
    let app = school::open(&pool).await;
    works::set(&pool).await;
    let (mut admin, mut student) = (school::sign_in(&app, ADMIN).await, school::sign_in(&app, STUDENT).await);
    hand_in(&mut student, &pool, "Круг").await;
    let promised = async |student: &mut Client| page(student).await["work"]["promised"]["unix_ms"].as_i64().unwrap();
    let before = promised(&mut student).await;
    let saved = set(&mut admin, &[("holidays", "03.03.2026 – 04.03.2026"), ("working_days", "07.03.2026 12:00–14:00")]).await;
    assert_eq!(saved.status, 303, "{}", saved.text());
    assert_eq!(promised(&mut student).await, before, "what was promised stays");
    // Noon of Monday: seven hours, nine on Thursday, eight on Friday.
    let shown = admin.call("calendar/school", json!({})).await.json();
    assert_eq!(shown["previews"][0]["due"]["unix_ms"], json!(app.now().timestamp_millis() + (4 * 24 + 6) * 3_600_000));
    assert_eq!((&shown["days"][0], &shown["days"][6]), (&json!(["10:00", "19:00"]), &json!(["", ""])));
    assert_eq!((&shown["holidays"], &shown["working_days"]), (&json!("2026-03-03 – 2026-03-04\n"), &json!("2026-03-07 12:00–14:00\n")));
    assert_eq!(student.post(&format!("/learn/assignments/{}/withdraw", works::WORK), &[]).await.status, 303);
    assert_eq!(works::send(&mut student, "Круг", "submit").await.status, 303);
    assert_ne!(promised(&mut student).await, before, "what is handed in later is promised anew");
    // The Saturday counts.
    let calendar = of_school(&mut pool.acquire().await.unwrap(), app.now()).await.unwrap();
    assert_eq!(calendar.due("2026-03-06T15:30:00Z".parse().unwrap(), 1).to_rfc3339(), "2026-03-07T09:30:00+00:00");
    let events: Vec<String> = list(&pool, "select kind from outbox_events where kind = 'calendar_changed'").await;
    assert_eq!(events.len(), 1);
    assert_eq!(set(&mut admin, &[("holidays", "2026-03-03 – 2026-03-04"), ("working_days", "2026-03-07 12:00-14:00")]).await.status, 303);
    assert_eq!(count(&pool, "outbox_events where kind = 'calendar_changed'").await, 1, "the same again is no change");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn the_preview_is_of_what_is_typed_and_writes_nothing(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut admin = school::sign_in(&app, ADMIN).await;
    let before = contents(&pool).await;
    let shown = set(&mut admin, &[("step", "preview"), ("opens_5", "10:00"), ("closes_5", "00:00")]).await;
    assert_eq!(shown.status, 200, "{}", shown.text());
    // Ends of the day: 24 hours from noon on Monday by the typed hours, as the page shows it to somebody in Moscow.
    assert!(shown.says("4 марта 2026, 18:00") || shown.text().contains("4\u{a0}марта 2026, 18:00"), "{}", shown.text());
    assert!(shown.text().contains("value=\"19:00\""), "what was typed stands again");
    for (field, typed, problem) in [
        ("opens_0", "утром", problem::not_a_clock(Locale::Ru)),
        ("closes_0", "09:00", problem::ends_too_early(Locale::Ru)),
        ("holidays", "1 января", problem::bad_line(Locale::Ru, 1).as_str()),
        ("time_zone", "Марс", problem::unknown_choice(Locale::Ru)),
    ] {
        for step in ["save", "preview"] {
            let refused = set(&mut admin, &[("step", step), (field, typed)]).await;
            assert_eq!(refused.status, 422, "{field}");
            assert!(refused.says(problem), "{field}: {problem}");
        }
    }
    assert!(set(&mut admin, &[("holidays", "1 <января>")]).await.text().contains("1 &lt;января&gt;"));
    assert_eq!(contents(&pool).await, before);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn an_answer_in_a_test_is_promised_by_the_same_calendar(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut admin = school::sign_in(&app, ADMIN).await;
    assert_eq!(set(&mut admin, &[("holidays", "2026-03-03")]).await.status, 303);
    let mut student = school::sign_in(&app, STUDENT).await;
    let attempt = start(&mut student, TEST).await;
    save(&mut student, attempt, &OPEN, 1, text("Свет из окна")).await;
    submit(&mut student, attempt).await;
    let due: String = one(&pool, "select (review_due_at at time zone 'Europe/Moscow')::text from test_attempts").await;
    assert_eq!(due, "2026-03-05 18:00:00");
    change(&pool, "insert into review_holidays values ('2026-03-04')").await;
    let mut curator = school::sign_in(&app, CURATOR).await;
    let queue = curator.call("review/queue", json!({ "filter": {} })).await.json()["lines"].clone();
    let promised = queue.as_array().unwrap()[0]["promised"]["unix_ms"].as_i64().unwrap();
    assert_eq!(promised, "2026-03-05T15:00:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap().timestamp_millis(), "a later holiday leaves it");
}
