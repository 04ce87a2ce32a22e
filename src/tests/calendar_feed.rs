//! A learner's deadlines for calendar programs: what is in the feed, and whom its address serves.

use crate::support::course::rule;
use crate::support::database::{change, count, one};
use crate::support::quiz::{choice, save, start, submit};
use crate::support::school::{self, ENROLLMENT, OTHER, STUDENT, TIMED, TIMED_SINGLE};
use crate::support::works::{self, WORK};
use crate::support::{Client, TestApp};
use chrono::Duration;
use serde_json::json;
use sqlx::PgPool;

/// The path of one's feed, as `/learn` shows it.
async fn path(client: &mut Client) -> String {
    let home = client.call("learning/home", json!({})).await.json();
    home["calendar"].as_str().unwrap().strip_prefix("http://127.0.0.1:3000").unwrap().to_owned()
}

/// What a calendar program reads, with folded lines put together.
async fn read(app: &TestApp, path: &str) -> String {
    let answer = app.visitor().get(path).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.text().replace("\r\n ", "")
}

/// The names of the entries.
async fn names(app: &TestApp, path: &str) -> Vec<String> {
    let text = read(app, path).await;
    text.lines().filter_map(|line| line.strip_prefix("SUMMARY:")).map(str::to_owned).collect()
}

/// A work that is begun, a test that closes and access that ends.
async fn with_deadlines(pool: &PgPool) -> (TestApp, Client) {
    let app = school::open(pool).await;
    works::set(pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    assert_eq!(works::send(&mut student, "Набросок", "save").await.status, 303);
    change(pool, &format!("update test_versions set closes_at = '2026-03-05 09:00Z' where test_id = '{TIMED}'")).await;
    change(pool, &format!("update course_enrollments set expires_at = '2026-06-01 09:00Z' where id = '{ENROLLMENT}'")).await;
    (app, student)
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn deadlines_are_entries_that_every_program_reads(pool: PgPool) {
    let (app, mut student) = with_deadlines(&pool).await;
    works::rule(&pool, "title = E'Свет, тень; линия\\\\край\\nи очень длинное имя, которое ни в одну строку календаря не помещается'").await;
    let path = path(&mut student).await;
    let answer = app.visitor().get(&path).await;
    assert_eq!((answer.status, answer.header("content-type")), (200, "text/calendar; charset=utf-8"), "without a session");
    assert_eq!(answer.header("cache-control"), "private, max-age=3600");
    let text = answer.text();
    assert!(text.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n") && text.ends_with("END:VCALENDAR\r\n"), "{text}");
    for line in text.split("\r\n") {
        assert!(line.len() <= 75 && !line.contains('\n'), "{} octets: {line}", line.len());
    }
    let due: String = one(&pool, "select to_char(learner_due_at at time zone 'utc', 'YYYYMMDD\"T\"HH24MISS\"Z\"') from assignment_submissions").await;
    assert_eq!(due, "20260309T090000Z");
    let whole = text.replace("\r\n ", "");
    assert_eq!(whole.matches("BEGIN:VEVENT\r\n").count(), 3, "{whole}");
    for line in [
        "REFRESH-INTERVAL;VALUE=DURATION:PT3600S",
        "X-PUBLISHED-TTL:PT3600S",
        "DTSTAMP:20260302T090000Z",
        "SUMMARY:Сдать работу: Свет\\, тень\\; линия\\\\край\\nи очень длинное имя\\, которое ни в одну строку календаря не помещается",
        "DTSTART:20260309T090000Z",
        &format!("URL:http://127.0.0.1:3000/learn/assignments/{WORK}"),
        "SUMMARY:Закроется тест: Проверка на время",
        "DTSTART:20260305T090000Z",
        &format!("UID:test-{TIMED}-{}", STUDENT.0),
        &format!("URL:http://127.0.0.1:3000/learn/tests/{TIMED}"),
        "SUMMARY:Закончится доступ: Свет",
        "DTSTART:20260601T090000Z",
        &format!("UID:access-{ENROLLMENT}"),
        "URL:http://127.0.0.1:3000/learn/light",
    ] {
        assert!(whole.contains(&format!("\r\n{line}\r\n")), "{line} is not in {whole}");
    }
    change(&pool, &format!("update users set locale = 'en' where id = '{}'", STUDENT.0)).await;
    assert!(read(&app, &path).await.contains("\r\nSUMMARY:Access ends: Свет\r\n"), "in the account's language");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn what_is_handed_in_or_long_past_is_no_deadline(pool: PgPool) {
    let (app, mut student) = with_deadlines(&pool).await;
    let path = path(&mut student).await;
    let (work, test, access) = ("Сдать работу: Портрет у окна", "Закроется тест: Проверка на время", "Закончится доступ: Свет");
    assert_eq!(names(&app, &path).await, [work, test, access]);
    for (days, is_kept) in [(29, true), (31, false)] {
        let past = (app.now() - Duration::days(days)).to_rfc3339();
        change(&pool, &format!("update assignment_submissions set learner_due_at = '{past}'")).await;
        change(&pool, &format!("update test_versions set closes_at = '{past}' where test_id = '{TIMED}'")).await;
        let found = names(&app, &path).await;
        assert_eq!(found.len(), if is_kept { 3 } else { 1 }, "{days} days: {found:?}");
    }
    change(&pool, "update assignment_submissions set learner_due_at = '2026-03-09 09:00Z'").await;
    change(&pool, &format!("update test_versions set closes_at = '2026-03-05 09:00Z' where test_id = '{TIMED}'")).await;
    works::hand_in(&mut student, &pool, "Круг").await;
    assert_eq!(names(&app, &path).await, [test, access]);
    let attempt = start(&mut student, TIMED).await;
    assert_eq!(names(&app, &path).await, [test, access], "an attempt that runs is not handed in");
    save(&mut student, attempt, &TIMED_SINGLE, 1, choice(TIMED_SINGLE.wrong)).await;
    submit(&mut student, attempt).await;
    assert_eq!(names(&app, &path).await, [access]);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn what_may_not_be_opened_is_not_named(pool: PgPool) {
    let (_first, mut student) = with_deadlines(&pool).await;
    let path = path(&mut student).await;
    rule(&pool, 2, "opens = 'after_previous'").await;
    // The plan of a published version is kept; this one was changed behind the application's back.
    let app = school::open_with_again(&pool, &[]).await;
    assert_eq!(names(&app, &path).await, ["Сдать работу: Портрет у окна", "Закончится доступ: Свет"], "the test's lesson is closed");
    for (closed, opened) in [
        ("course_enrollments set state = 'paused'", "course_enrollments set state = 'active'"),
        ("course_enrollments set starts_at = '2026-04-01Z'", "course_enrollments set starts_at = '2026-02-01Z'"),
        ("courses set status = 'draft'", "courses set status = 'published'"),
        ("course_enrollments set expires_at = '2026-03-01Z'", "course_enrollments set expires_at = '2026-06-01Z'"),
    ] {
        change(&pool, &format!("update {closed}")).await;
        assert_eq!(names(&app, &path).await, Vec::<String>::new(), "{closed}");
        change(&pool, &format!("update {opened}")).await;
        assert_eq!(names(&app, &path).await.len(), 2, "{opened}");
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn an_address_serves_its_owner_until_they_make_another(pool: PgPool) {
    let (app, mut student) = with_deadlines(&pool).await;
    let mut other = school::sign_in(&app, OTHER).await;
    let (first, others) = (path(&mut student).await, path(&mut other).await);
    assert!(student.get("/learn").await.text().contains(&first), "it stands on the page");
    assert_eq!(names(&app, &others).await, Vec::<String>::new(), "another's feed has another's deadlines");
    let mut visitor = app.visitor();
    // What is signed for another person, or for another thing, opens nothing.
    let body = |path: &str| path.rsplit_once('.').unwrap().0.rsplit_once('.').unwrap().0.to_owned();
    let forged = first.replace(&body(&first), &body(&others));
    assert_ne!(forged, others);
    let mut wrong = vec![forged, "/calendar/.ics".to_owned(), first.strip_suffix(".ics").unwrap().to_owned()];
    wrong.extend(student.cookies.values().filter(|value| value.contains('.')).map(|value| format!("/calendar/{value}.ics")));
    for path in wrong {
        assert_eq!(visitor.get(&path).await.status, 404, "{path}");
    }
    let renewed = student.post("/account/calendar", &[]).await;
    assert_eq!((renewed.status, renewed.location()), (303, "/learn#calendar"));
    let second = path(&mut student).await;
    assert_eq!(visitor.get(&first).await.status, 404, "the one before is dead");
    assert_eq!(visitor.get(&second).await.status, 200);
    assert_eq!(visitor.get(&others).await.status, 200);
    assert_eq!(count(&pool, "outbox_events where kind = 'calendar_link_renewed'").await, 1);
    change(&pool, &format!("update users set is_active = false where id = '{}'", STUDENT.0)).await;
    assert_eq!(visitor.get(&second).await.status, 404, "nor does a disabled account have one");
}
