//! Closed lessons: what their learners are told, and that every way into them is closed alike.

use crate::support::course::rule;
use crate::support::database::{change, contents};
use crate::support::quiz;
use crate::support::school::{self, ADMIN, CURATOR, ENROLLMENT, LESSONS, MULTIPLE, OPEN, SINGLE, STUDENT, TEST, TIMED, lesson_path};
use crate::support::talk::{reply, thread};
use crate::support::{Answer, Client};
use lectern::features::learning::pages::waits_text;
use lectern::server::clock;
use lectern::shared::error::{LessonStep, LessonWaits};
use lectern::shared::i18n::{Locale, learning as texts};
use lectern::shared::time::LocalTime;
use serde_json::{Value, json};
use sqlx::PgPool;
use uuid::Uuid;

async fn complete(client: &mut Client, lesson: usize) -> Answer {
    client.post(&format!("{}/complete", lesson_path(LESSONS[lesson])), &[]).await
}

/// What the wire says of a closed lesson.
async fn closed(client: &mut Client, lesson: usize) -> Value {
    let answer = client.call("learning/lesson", json!({ "slug": "light", "lesson_id": LESSONS[lesson] })).await;
    assert_eq!(answer.status, 403, "{}", answer.text());
    answer.json()["kind"]["Closed"]["Lesson"].clone()
}

fn after(step: LessonStep) -> LessonWaits {
    LessonWaits { after: Some(step), not_before: None }
}

fn moscow(text: &str) -> LocalTime {
    clock::local(text.parse().unwrap(), chrono_tz::Europe::Moscow)
}

async fn is_open(client: &mut Client, lesson: usize) -> bool {
    match client.get(&lesson_path(LESSONS[lesson])).await.status {
        200 => true,
        403 => false,
        status => panic!("{status}"),
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_closed_lesson_says_why_everywhere_and_leads_on(pool: PgPool) {
    let app = school::open(&pool).await;
    rule(&pool, 1, "opens = 'after_previous'").await;
    let mut student = school::sign_in(&app, STUDENT).await;
    let waits = after(LessonStep::Lesson("Первый урок".to_owned()));
    let text = waits_text(Locale::Ru, &waits);
    assert_eq!(text, "Откроется после урока «Первый урок»");

    let outline = student.get("/learn/light").await;
    assert!(outline.says(&text) && outline.says("Второй урок"), "the outline shows it with its reason");
    assert!(student.get(&lesson_path(LESSONS[0])).await.says(&text), "and the list beside a lesson");
    let page = student.get(&lesson_path(LESSONS[1])).await;
    assert_eq!(page.status, 403);
    assert!(page.says(&text) && page.says("Второй урок") && !page.says("Текст: Второй урок"));
    assert!(page.text().contains(&format!("href=\"{}\"", lesson_path(LESSONS[0]))), "the way on is the lesson that opens it");
    let wire = closed(&mut student, 1).await;
    assert_eq!(wire["waits"], serde_json::to_value(&waits).unwrap());
    assert_eq!(wire["go_on"], json!([LESSONS[0], "Первый урок"]));
    let english = student.clone().with_header("accept-language", "en").get("/learn/light").await;
    assert!(english.says(&waits_text(Locale::En, &waits)) || english.says(&text), "in the reader's language");

    assert_eq!(complete(&mut student, 0).await.status, 303);
    assert!(is_open(&mut student, 1).await, "in the moment of completion");
    assert!(!student.get("/learn/light").await.says(&text));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn every_way_into_a_closed_lesson_is_closed(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    let asked = student.post(&format!("{}/questions", lesson_path(LESSONS[1])), &[("body", "Вопрос")]).await;
    let id = Uuid::try_parse(asked.location().strip_prefix("/learn/threads/").unwrap()).unwrap();
    rule(&pool, 1, "opens = 'after_previous'").await;
    let before = contents(&pool).await;
    let path = lesson_path(LESSONS[1]);
    for page in [path.clone(), format!("/learn/tests/{TEST}"), format!("{path}/questions"), format!("/learn/threads/{id}")] {
        let answer = student.get(&page).await;
        assert_eq!(answer.status, 403, "{page}");
        assert!(answer.says("Первый урок"), "{page} says what opens it");
    }
    for form in [format!("{path}/complete"), format!("/learn/tests/{TEST}/start"), format!("{path}/questions"), format!("/learn/threads/{id}/reply")]
    {
        assert_eq!(student.post(&form, &[("body", "Текст")]).await.status, 403, "{form}");
    }
    assert_eq!(thread(&mut student, id).await.status, 403);
    let watched = json!({ "position": 1, "stretches": [], "at_unix_ms": 0 });
    assert_eq!(student.call("learning/watched", json!({ "slug": "light", "lesson_id": LESSONS[1], "watched": watched })).await.status, 403);
    assert_eq!(contents(&pool).await, before, "nothing is written");

    for person in [CURATOR, ADMIN] {
        let mut staff = school::sign_in(&app, person).await;
        assert_eq!(staff.get(&path).await.status, 200, "staff look everywhere");
        assert_eq!(reply(&mut staff, id, "Ответ").await.status, 303);
    }
    complete(&mut student, 0).await;
    for page in [path.clone(), format!("/learn/tests/{TEST}"), format!("{path}/questions"), format!("/learn/threads/{id}")] {
        assert_eq!(student.get(&page).await.status, 200, "{page}");
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn an_attempt_that_runs_goes_on_when_its_lesson_closes(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    let attempt = quiz::start(&mut student, TEST).await;
    rule(&pool, 1, "opens = 'on_date', opens_at = '2026-05-04 21:00Z'").await;
    assert_eq!(quiz::save(&mut student, attempt, &SINGLE, 1, quiz::choice(SINGLE.right)).await, "Saved");
    assert_eq!(quiz::start(&mut student, TEST).await, attempt, "start leads back to it");
    quiz::submit(&mut student, attempt).await;
    assert_eq!(student.get(&format!("/learn/attempts/{attempt}")).await.status, 200);
    assert_eq!(student.post(&format!("/learn/tests/{TEST}/start"), &[]).await.status, 403, "but no other begins");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn dates_and_days_open_in_time(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    // It is noon in Moscow on 2 March; the enrolment began on 1 February, at three in the morning there.
    rule(&pool, 1, "opens = 'on_date', opens_at = '2026-03-02 09:00:01Z'").await;
    rule(&pool, 2, "opens = 'after_days', opens_after_days = 30").await;
    change(&pool, "update course_version_modules set opens = 'after_days', opens_after_days = 29 where position = 2").await;
    let wire = closed(&mut student, 1).await;
    assert_eq!(wire["waits"]["not_before"], serde_json::to_value(moscow("2026-03-02T09:00:01Z")).unwrap());
    let wire = closed(&mut student, 2).await;
    assert_eq!(wire["waits"]["not_before"], serde_json::to_value(moscow("2026-03-02T21:00:00Z")).unwrap(), "the later of module and lesson");
    assert!(student.get(&lesson_path(LESSONS[2])).await.says("Откроется 3\u{a0}марта 2026, 00:00"));
    app.pass(1);
    assert!(is_open(&mut student, 1).await);
    app.pass(12 * 3600 - 2);
    assert!(!is_open(&mut student, 2).await, "a second before midnight");
    assert!(is_open(&mut student, 3).await, "its module's day has come");
    app.pass(1);
    assert!(is_open(&mut student, 2).await);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_test_that_waits_for_review_says_until_when(pool: PgPool) {
    let app = school::open(&pool).await;
    rule(&pool, 2, "opens = 'after_tests'").await;
    let mut student = school::sign_in(&app, STUDENT).await;
    let test = "Проверка света".to_owned();
    assert_eq!(closed(&mut student, 2).await["waits"], serde_json::to_value(after(LessonStep::Test(test.clone(), None))).unwrap());
    assert_eq!(student.get(&format!("/learn/tests/{TIMED}")).await.status, 403, "its own test is closed too");
    let attempt = quiz::start(&mut student, TEST).await;
    quiz::save(&mut student, attempt, &SINGLE, 1, quiz::choice(SINGLE.right)).await;
    quiz::save(&mut student, attempt, &MULTIPLE, 1, quiz::choice(MULTIPLE.right)).await;
    quiz::save(&mut student, attempt, &OPEN, 1, quiz::text("Окно слева")).await;
    quiz::submit(&mut student, attempt).await;
    let promised = moscow("2026-03-03T09:00:00Z");
    let waits = after(LessonStep::Test(test, Some(promised)));
    let wire = closed(&mut student, 2).await;
    assert_eq!(wire["waits"], serde_json::to_value(&waits).unwrap());
    assert_eq!(wire["go_on"][0], json!(LESSONS[1]), "to the lesson with the test");
    assert!(student.get("/learn/light").await.says(&waits_text(Locale::Ru, &waits)));
    let mut curator = school::sign_in(&app, CURATOR).await;
    assert_eq!(quiz::score(&mut curator, attempt, &OPEN, "3", "Верно").await.status, 303);
    assert!(is_open(&mut student, 2).await, "opened by the mark, although the lesson before is not read");

    // A mark that is taken back closes nothing that was open.
    change(&pool, "update test_attempts set is_passed = false").await;
    assert!(is_open(&mut student, 2).await);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn works_open_when_they_are_sent_or_accepted(pool: PgPool) {
    let app = school::open(&pool).await;
    let work = Uuid::from_u128(0xa551);
    for sql in [
        format!("insert into assignments (id, lesson_id, title, created_at) values ('{work}', '{}', 'Портрет', '2026-01-10Z')", LESSONS[1]),
        format!(
            "insert into assignment_versions (id, assignment_id, number, title, created_at) values ('{work}', '{work}', 1, 'Портрет', '2026-01-10Z')"
        ),
        format!("update assignments set published_version_id = '{work}'"),
        format!("insert into course_version_assignments select published_version_id, '{work}', 'nothing' from courses where slug = 'light'"),
    ] {
        change(&pool, &sql).await;
    }
    rule(&pool, 2, "opens = 'after_sent'").await;
    rule(&pool, 3, "opens = 'after_accepted', is_required = false").await;
    // The required lesson before the fourth is the third, which has no work: nothing to wait for.
    let mut student = school::sign_in(&app, STUDENT).await;
    assert!(is_open(&mut student, 3).await);
    assert_eq!(closed(&mut student, 2).await["waits"], serde_json::to_value(after(LessonStep::Sent("Портрет".to_owned()))).unwrap());
    rule(&pool, 2, "opens = 'after_accepted'").await;
    let accepted = |at| serde_json::to_value(after(LessonStep::Accepted("Портрет".to_owned(), at))).unwrap();
    assert_eq!(closed(&mut student, 2).await["waits"], accepted(None));
    change(
        &pool,
        &format!(
            "insert into assignment_submissions (id, assignment_id, assignment_version_id, user_id, enrollment_id, state, due_at, created_at, updated_at)
             values ('{work}', '{work}', '{work}', '{}', '{ENROLLMENT}', 'submitted', '2026-03-05 15:00Z', '2026-03-01Z', '2026-03-01Z')",
            STUDENT.0
        ),
    )
    .await;
    change(
        &pool,
        &format!(
            "insert into assignment_rounds (id, submission_id, number, assignment_version_id, created_at, saved_at, submitted_at, due_at)
             values ('{work}', '{work}', 1, '{work}', '2026-03-01Z', '2026-03-01Z', '2026-03-01Z', '2026-03-05 15:00Z')"
        ),
    )
    .await;
    assert_eq!(closed(&mut student, 2).await["waits"], accepted(Some(moscow("2026-03-05T15:00:00Z"))));
    rule(&pool, 2, "opens = 'after_sent'").await;
    assert!(is_open(&mut student, 2).await);
    change(&pool, "update lesson_progress set opened_at = null").await;
    rule(&pool, 2, "opens = 'after_accepted'").await;
    assert!(!is_open(&mut student, 2).await);
    change(&pool, "update assignment_submissions set state = 'accepted'").await;
    assert!(is_open(&mut student, 2).await);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn continue_passes_closed_lessons_by_and_says_when_the_next_opens(pool: PgPool) {
    let app = school::open(&pool).await;
    rule(&pool, 1, "opens = 'on_date', opens_at = '2026-03-09 21:00Z'").await;
    rule(&pool, 2, "opens = 'on_date', opens_at = '2026-03-16 21:00Z'").await;
    let mut student = school::sign_in(&app, STUDENT).await;
    complete(&mut student, 0).await;
    let outline = student.call("learning/outline", json!({ "slug": "light" })).await.json();
    assert_eq!((&outline["next_lesson"], &outline["awaited"]["title"]), (&json!(LESSONS[3]), &json!("Второй урок")), "the optional one is open");
    let page = student.call("learning/lesson", json!({ "slug": "light", "lesson_id": LESSONS[0] })).await.json();
    assert_eq!(page["next"], json!(LESSONS[3]));
    assert!(student.get(&lesson_path(LESSONS[0])).await.says("Откроется 10\u{a0}марта 2026, 00:00"));
    complete(&mut student, 3).await;
    let home = student.call("learning/home", json!({})).await.json();
    assert_eq!((&home["next"], &home["awaited"]["title"]), (&Value::Null, &json!("Второй урок")));
    for path in ["/learn", "/learn/light"] {
        let page = student.get(path).await;
        assert!(page.says("Откроется 10\u{a0}марта 2026, 00:00"), "{path}");
        assert!(!page.says(texts::all_done_title(Locale::Ru)), "{path}");
    }
    let page = student.get(&lesson_path(LESSONS[1])).await;
    assert!(page.status == 403 && page.text().contains("href=\"/learn/light\""), "with nothing to go on to, the outline");
    app.pass(8 * 86_400);
    assert_eq!(student.call("learning/home", json!({})).await.json()["next"]["lesson_id"], json!(LESSONS[1]));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_finished_course_has_its_end(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    change(&pool, "update course_version_tests set must_pass = false").await;
    for lesson in [0, 1] {
        complete(&mut student, lesson).await;
    }
    assert!(!student.get("/learn/light").await.says(texts::finished_title(Locale::Ru)));
    complete(&mut student, 2).await;
    let page = student.get("/learn/light").await;
    assert!(page.says(texts::finished_title(Locale::Ru)) && page.text().contains("id=\"finished\""));
    assert!(page.says("Лишний урок") && page.text().contains(&lesson_path(LESSONS[3])), "what is optional is left to read");
    complete(&mut student, 3).await;
    let outline = student.call("learning/outline", json!({ "slug": "light" })).await.json();
    assert_eq!(outline["next_lesson"], Value::Null);
    assert!(student.get(&lesson_path(LESSONS[3])).await.says(texts::to_finish(Locale::Ru)));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn what_was_open_stays_open_when_the_rules_change(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    student.get(&lesson_path(LESSONS[1])).await;
    complete(&mut student, 2).await;
    for lesson in [1, 2, 3] {
        rule(&pool, lesson, "opens = 'on_date', opens_at = '2027-01-01Z'").await;
    }
    assert!(is_open(&mut student, 1).await, "visited");
    assert!(is_open(&mut student, 2).await, "complete");
    assert!(!is_open(&mut student, 3).await, "never seen");
    assert_eq!(student.get("/courses/light").await.status, 200);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_free_lesson_is_not_closed_for_those_who_paid(pool: PgPool) {
    let app = school::open(&pool).await;
    rule(&pool, 0, "opens = 'on_date', opens_at = '2027-01-01Z'").await;
    let mut student = school::sign_in(&app, STUDENT).await;
    assert!(is_open(&mut student, 0).await);
    assert_eq!(app.visitor().get(&format!("/courses/light/lessons/{}", LESSONS[0])).await.status, 200);
}
