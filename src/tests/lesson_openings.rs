//! What staff open for one person, and telling that the moment came for which lessons waited.

use crate::support::course::rule;
use crate::support::database::{change, contents, count, list, one};
use crate::support::school::{self, ADMIN, CURATOR, ENROLLMENT, LESSONS, LIGHT, OTHER, STUDENT, lesson_path};
use crate::support::{Client, TestApp};
use lectern::features::learning::server::enrollment::{Enroll, enroll};
use lectern::features::learning::server::openings;
use lectern::server::{jobs, worker};
use lectern::shared::i18n::{Locale, learning as texts, problem};
use sqlx::PgPool;
use uuid::Uuid;

const DAY: u64 = 86_400;

fn page(person: Uuid) -> String {
    format!("/admin/users/{person}")
}

async fn open(admin: &mut Client, lesson: Uuid, reason: &str) -> u16 {
    let fields = [("lesson_id", lesson.to_string()), ("opening_reason", reason.to_owned())];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    admin.post(&format!("{}/lessons", page(STUDENT.0)), &fields).await.status
}

async fn look(app: &TestApp) {
    openings::tell_of_opened(&app.ctx()).await.unwrap();
}

async fn told(app: &TestApp, person: Uuid) -> Vec<String> {
    while worker::relay(&app.ctx(), 100).await.unwrap() > 0 {}
    list(&app.pool, &format!("select kind from notifications where user_id = '{person}' order by created_at, id")).await
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn an_administrator_opens_a_lesson_for_one_person_and_takes_it_back(pool: PgPool) {
    let app = school::open(&pool).await;
    rule(&pool, 1, "opens = 'after_previous'").await;
    rule(&pool, 2, "opens = 'after_previous'").await;
    let (mut admin, mut student) = (school::sign_in(&app, ADMIN).await, school::sign_in(&app, STUDENT).await);
    assert!(admin.get(&page(STUDENT.0)).await.says("Откроется после урока «Первый урок»"), "support sees the learner's reason");
    assert_eq!(student.get(&lesson_path(LESSONS[1])).await.status, 403);
    assert_eq!(open(&mut admin, LESSONS[1], " уезжает в экспедицию ").await, 303);
    assert_eq!(student.get(&lesson_path(LESSONS[1])).await.status, 200);
    assert_eq!(student.get(&lesson_path(LESSONS[2])).await.status, 403, "that one alone");
    assert_eq!(told(&app, STUDENT.0).await, ["lesson_opened"]);
    let log: String = one(&pool, "select actor_id || ' ' || (after ->> 'reason') from outbox_events where kind = 'lesson_opened'").await;
    assert_eq!(log, format!("{} уезжает в экспедицию", ADMIN.0));
    let shown = admin.get(&page(STUDENT.0)).await;
    assert!(shown.says("уезжает в экспедицию") && shown.says("Ольга Крылова"), "with who and why");

    let opening: Uuid = one(&pool, "select id from lesson_openings").await;
    let end = format!("{}/openings/{opening}/end", page(STUDENT.0));
    assert_eq!(admin.post(&end.replace(&STUDENT.0.to_string(), &OTHER.0.to_string()), &[]).await.status, 404, "of another person");
    assert_eq!(admin.post(&end, &[]).await.status, 303);
    assert_eq!(student.get(&lesson_path(LESSONS[1])).await.status, 403, "although the learner was there");
    assert_eq!(admin.post(&end, &[]).await.status, 404);
    let mut told = told(&app, STUDENT.0).await;
    told.sort();
    assert_eq!(told, ["lesson_opened", "opening_taken_back"]);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn what_was_completed_meanwhile_stays(pool: PgPool) {
    let app = school::open(&pool).await;
    rule(&pool, 2, "opens = 'on_date', opens_at = '2027-01-01Z'").await;
    let (mut admin, mut student) = (school::sign_in(&app, ADMIN).await, school::sign_in(&app, STUDENT).await);
    assert_eq!(open(&mut admin, LESSONS[2], "проверка").await, 303);
    assert_eq!(student.post(&format!("{}/complete", lesson_path(LESSONS[2])), &[]).await.status, 303);
    let opening: Uuid = one(&pool, "select id from lesson_openings").await;
    assert_eq!(admin.post(&format!("{}/openings/{opening}/end", page(STUDENT.0)), &[]).await.status, 303);
    assert_eq!(student.get(&lesson_path(LESSONS[2])).await.status, 200);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn an_opening_needs_a_closed_lesson_and_a_reason(pool: PgPool) {
    let app = school::open(&pool).await;
    rule(&pool, 1, "opens = 'after_previous'").await;
    let mut admin = school::sign_in(&app, ADMIN).await;
    let before = contents(&pool).await;
    for (lesson, reason, words) in [
        (LESSONS[1].to_string(), "  ".to_owned(), problem::required(Locale::Ru).to_owned()),
        (LESSONS[1].to_string(), "д".repeat(501), problem::too_long(Locale::Ru, 500)),
        (LESSONS[1].to_string(), "а\0".to_owned(), problem::bad_characters(Locale::Ru).to_owned()),
        (LESSONS[2].to_string(), "открыт и так".to_owned(), problem::unknown_choice(Locale::Ru).to_owned()),
        (school::PRINT_LESSON.to_string(), "чужой курс".to_owned(), problem::unknown_choice(Locale::Ru).to_owned()),
        ("rubbish".to_owned(), "причина".to_owned(), problem::required(Locale::Ru).to_owned()),
    ] {
        let answer = admin.post(&format!("{}/lessons", page(STUDENT.0)), &[("lesson_id", &lesson), ("opening_reason", &reason)]).await;
        assert_eq!(answer.status, 422, "{lesson} {reason}");
        assert!(answer.says(&words), "{words}");
        assert!(reason.trim().is_empty() || reason.contains('\0') || answer.says(&reason), "what was typed stays");
    }
    let nobody = admin.post(&format!("{}/lessons", page(Uuid::nil())), &[("lesson_id", &LESSONS[1].to_string()), ("opening_reason", "а")]).await;
    assert_eq!(nobody.status, 404);
    let mut curator = school::sign_in(&app, CURATOR).await;
    assert_eq!(open(&mut curator, LESSONS[1], "я куратор").await, 403);
    assert_eq!(contents(&pool).await.len(), before.len());
    assert_eq!(count(&pool, "lesson_openings").await, 0);
    assert_eq!(open(&mut admin, LESSONS[1], "раз").await, 303);
    assert_eq!(open(&mut admin, LESSONS[1], "два").await, 422, "it is open already");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn learners_are_told_once_of_lessons_whose_moment_came(pool: PgPool) {
    let app = school::open(&pool).await;
    rule(&pool, 1, "opens = 'on_date', opens_at = '2026-03-04 21:00Z'").await;
    rule(&pool, 2, "opens = 'after_days', opens_after_days = 3").await;
    rule(&pool, 3, "opens = 'on_date', opens_at = '2026-02-20 21:00Z'").await;
    let mut tx = pool.begin().await.unwrap();
    let input = Enroll { user_id: OTHER.0, course_id: LIGHT, offer_id: None, reason: None, expires_at: None };
    enroll(&mut tx, &app.ctx(), input).await.unwrap();
    tx.commit().await.unwrap();
    change(&pool, &format!("update course_enrollments set state = 'paused' where id = '{ENROLLMENT}'")).await;
    look(&app).await;
    assert_eq!(told(&app, OTHER.0).await, ["enrolled"], "what was open at enrolment is no news");

    jobs::run_due(&app.ctx()).await.unwrap();
    app.pass(3 * DAY);
    jobs::run_due(&app.ctx()).await.unwrap();
    let news = told(&app, OTHER.0).await;
    assert_eq!(news, ["enrolled", "lessons_came_open"], "both on one day, in one notice");
    let payload: String = one(&pool, "select payload::text from notifications where kind = 'lessons_came_open'").await;
    assert!(payload.contains("\"count\": 2"), "{payload}");
    app.pass(DAY);
    look(&app).await;
    look(&app).await;
    assert_eq!(told(&app, OTHER.0).await, news, "once");

    assert_eq!(told(&app, STUDENT.0).await, Vec::<String>::new(), "not while paused");
    change(&pool, &format!("update course_enrollments set state = 'active' where id = '{ENROLLMENT}'")).await;
    app.pass(600);
    look(&app).await;
    assert_eq!(told(&app, STUDENT.0).await.len(), 1, "but afterwards");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn one_lesson_is_named_and_what_waits_for_the_learner_is_no_news(pool: PgPool) {
    let app = school::open(&pool).await;
    rule(&pool, 1, "opens = 'after_days', opens_after_days = 30").await;
    change(&pool, "update course_version_modules set opens = 'after_previous' where position = 2").await;
    rule(&pool, 2, "opens = 'on_date', opens_at = '2026-03-02 12:00Z'").await;
    // In Moscow 30 days after 1 February begin at 21:00 of 2 March here: an hour before that it is not yet.
    app.pass(11 * 3600);
    look(&app).await;
    assert_eq!(told(&app, STUDENT.0).await, Vec::<String>::new(), "the third waits for the second");
    app.pass(3600);
    look(&app).await;
    assert_eq!(told(&app, STUDENT.0).await, ["lesson_came_open"]);
    let mut student = school::sign_in(&app, STUDENT).await;
    assert!(student.get("/notifications").await.says("Второй урок"));
    change(&pool, "update course_version_tests set must_pass = false").await;
    assert_eq!(student.post(&format!("{}/complete", lesson_path(LESSONS[1])), &[]).await.status, 303);
    assert_eq!(student.get(&lesson_path(LESSONS[2])).await.status, 200);
    app.pass(3600);
    look(&app).await;
    assert_eq!(told(&app, STUDENT.0).await, ["lesson_came_open"], "what opened under one's own hands needs no telling");
    assert!(!student.get("/learn/light").await.says(texts::state_closed(Locale::Ru)));
}

async fn again(admin: &mut Client, lesson: Uuid, reason: &str) -> u16 {
    let lesson = lesson.to_string();
    admin.post(&format!("{}/reset-lesson", page(STUDENT.0)), &[("reset_lesson_id", &lesson), ("reset_reason", reason)]).await.status
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn an_administrator_lets_a_learner_do_a_lesson_again(pool: PgPool) {
    let app = school::open(&pool).await;
    let (mut admin, mut student) = (school::sign_in(&app, ADMIN).await, school::sign_in(&app, STUDENT).await);
    change(&pool, "update course_version_tests set must_pass = false").await;
    assert_eq!(again(&mut admin, LESSONS[0], "рано").await, 422, "not completed yet");
    for lesson in &LESSONS[..2] {
        assert_eq!(student.post(&format!("{}/complete", lesson_path(*lesson)), &[]).await.status, 303);
    }
    let percent = format!("select progress_percentage::text from course_progress where user_id = '{}'", STUDENT.0);
    let before: String = one(&pool, &percent).await;
    assert_eq!(again(&mut admin, LESSONS[0], " ").await, 422, "a reason is needed");
    assert_eq!(one::<String>(&pool, &percent).await, before);
    assert_eq!(again(&mut admin, LESSONS[0], " снимал чужой камерой ").await, 303);
    assert_eq!(again(&mut admin, LESSONS[0], "дважды").await, 422, "it is taken back once");
    let state: String = one(
        &pool,
        &format!(
            "select state || ' ' || (marked_read_at is null) from lesson_progress where user_id = '{}' and lesson_id = '{}'",
            STUDENT.0, LESSONS[0]
        ),
    )
    .await;
    assert_eq!(state, "in_progress true");
    let after: String = one(&pool, &percent).await;
    assert!(after.parse::<f64>().unwrap() * 2.0 - before.parse::<f64>().unwrap() < 0.02, "{before} {after}");
    assert_eq!(told(&app, STUDENT.0).await, ["lesson_reset"]);
    assert!(student.get("/notifications").await.says("Урок можно пройти заново"));
    let log: String = one(
        &pool,
        "select actor_id || ' ' || (after ->> 'reason') || ' ' || ((before ->> 'completed_at') is not null) from outbox_events where kind = 'lesson_reset'",
    )
    .await;
    assert_eq!(log, format!("{} снимал чужой камерой true", ADMIN.0));
    assert_eq!(student.post(&format!("{}/complete", lesson_path(LESSONS[0])), &[]).await.status, 303);
    assert_eq!(one::<String>(&pool, &percent).await, before, "done again");
}
