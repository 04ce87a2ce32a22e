//! Taking a test: start, scores, and what is told when.

use crate::support::database::{change, count, one, warm_up};
use crate::support::quiz::{self, attempt, choice, save, start, submit, text, try_save};
use crate::support::school::{self, CURATOR, LESSONS, MULTIPLE, OPEN, SECRET_MARK, SINGLE, STUDENT, TEST, TIMED, TIMED_SINGLE};
use crate::support::{Client, TestApp};
use serde_json::json;
use sqlx::PgPool;
use uuid::Uuid;

/// Nothing of the key may stand in this answer.
fn tells_nothing(body: &str, what: &str) {
    for mark in [SECRET_MARK, "is_correct\":true", "is_correct\":false", "data-correct"] {
        assert!(!body.contains(mark), "{what} tells {mark}");
    }
}

async fn points(pool: &PgPool, attempt: Uuid) -> String {
    one(pool, &format!("select state || ' ' || coalesce(points_numerator || '/' || points_denominator || ' ' || is_passed, '-') from test_attempts where id = '{attempt}'")).await
}

/// Answers everything, machine-scored questions with these options, and hands in.
async fn take(student: &mut Client, single: &[Uuid], multiple: &[Uuid], open: &str) -> Uuid {
    let id = start(student, TEST).await;
    save(student, id, &SINGLE, 1, choice(single)).await;
    save(student, id, &MULTIPLE, 1, choice(multiple)).await;
    save(student, id, &OPEN, 1, text(open)).await;
    submit(student, id).await;
    id
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn starting_twice_gives_the_same_attempt(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    let first = start(&mut student, TEST).await;
    app.pass(60);
    let mut elsewhere = school::sign_in(&app, STUDENT).await;
    assert_eq!(start(&mut elsewhere, TEST).await, first);
    assert_eq!(count(&pool, "test_attempts").await, 1);
    assert_eq!(count(&pool, "test_attempt_questions").await, 3);
    assert_eq!(one::<i32>(&pool, "select max_points from test_attempts").await, 6);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn twenty_parallel_starts_with_one_attempt_left_make_one(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    take(&mut student, &SINGLE.wrong[..1], &[], "").await;
    warm_up(&pool).await;
    let starts: Vec<_> = (0..20)
        .map(|_| {
            let mut tab = student.clone();
            tokio::spawn(async move { start(&mut tab, TEST).await })
        })
        .collect();
    let mut ids = Vec::new();
    for start in starts {
        ids.push(start.await.unwrap());
    }
    ids.dedup();
    assert_eq!(ids.len(), 1, "{ids:?}");
    assert_eq!(count(&pool, "test_attempts").await, 2);
    submit(&mut student, ids[0]).await;
    let answer = student.post(&format!("/learn/tests/{TEST}/start"), &[]).await;
    assert_eq!(answer.status, 403, "the limit is two");
    assert!(answer.says(lectern::shared::i18n::error::no_attempts_left(lectern::shared::i18n::Locale::Ru)));
    assert_eq!(count(&pool, "test_attempts").await, 2);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn starts_are_throttled(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    for _ in 0..30 {
        start(&mut student, TEST).await;
    }
    let answer = student.post(&format!("/learn/tests/{TEST}/start"), &[]).await;
    assert_eq!(answer.status, 429);
    assert!(answer.header("retry-after").parse::<u32>().unwrap() > 0);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn scores_are_exact(pool: PgPool) {
    let app = school::open(&pool).await;
    change(&pool, "update test_versions set attempts_allowed = null").await;
    let mut student = school::sign_in(&app, STUDENT).await;
    let (right, wrong) = (MULTIPLE.right, MULTIPLE.wrong);
    for (single, multiple, expected) in [
        (SINGLE.right, right.to_vec(), "graded 3/1 false"),
        (&SINGLE.wrong[..1], right.to_vec(), "graded 2/1 false"),
        (&SINGLE.wrong[..1], vec![right[1]], "graded 1/1 false"),
        (SINGLE.right, vec![right[0], right[1], wrong[0]], "graded 2/1 false"),
        (SINGLE.right, vec![right[0], wrong[0]], "graded 1/1 false"),
        (&[][..], vec![wrong[0], wrong[1]], "graded 0/1 false"),
        (SINGLE.right, vec![], "graded 1/1 false"),
    ] {
        let id = take(&mut student, single, &multiple, " \n ").await;
        assert_eq!(points(&pool, id).await, expected, "{single:?} {multiple:?}");
    }
    let id = start(&mut student, TEST).await;
    submit(&mut student, id).await;
    assert_eq!(points(&pool, id).await, "graded 0/1 false", "nothing given at all");
    assert_eq!(count(&pool, &format!("test_answers where attempt_id = '{id}' and score_numerator = 0")).await, 3);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn nothing_tells_the_key_before_its_time(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    let id = start(&mut student, TEST).await;
    let pages = [
        format!("/learn/attempts/{id}"),
        format!("/learn/tests/{TEST}"),
        school::lesson_path(LESSONS[1]),
        "/learn/light".to_owned(),
        "/learn".to_owned(),
    ];
    let look = async |student: &mut Client, app: &TestApp, when: &str| {
        for page in &pages {
            let answer = student.get(page).await;
            assert_eq!(answer.status, 200, "{page}");
            tells_nothing(&answer.text(), &format!("{page} {when}"));
        }
        for (endpoint, arguments) in [
            ("tests/attempt", json!({ "attempt_id": id })),
            ("tests/front", json!({ "test_id": TEST })),
            ("learning/lesson", json!({ "slug": "light", "lesson_id": LESSONS[1] })),
            ("learning/home", json!({})),
        ] {
            tells_nothing(&student.call(endpoint, arguments).await.text(), &format!("{endpoint} {when}"));
        }
        assert_eq!(app.visitor().get(&pages[0]).await.status, 303);
    };
    look(&mut student, &app, "while it runs").await;
    for (question, value) in [(&SINGLE, choice(SINGLE.right)), (&MULTIPLE, choice(MULTIPLE.wrong)), (&OPEN, text("слева"))] {
        tells_nothing(&try_save(&mut student, id, question.id, 1, value).await.text(), "a saved answer");
    }
    look(&mut student, &app, "with answers").await;
    submit(&mut student, id).await;
    look(&mut student, &app, "while it waits for review").await;
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn the_key_is_told_when_no_attempt_is_left(pool: PgPool) {
    let app = school::open(&pool).await;
    let (mut student, mut curator) = (school::sign_in(&app, STUDENT).await, school::sign_in(&app, CURATOR).await);
    let is_told = async |student: &mut Client, id: Uuid| {
        let (name, page) = attempt(student, id).await;
        assert_eq!(name, "Finished");
        let told = page["questions"][0]["options"][0]["is_correct"].is_boolean();
        let html = student.get(&format!("/learn/attempts/{id}")).await.text();
        assert_eq!(html.contains("SECRET explanation"), told, "page and call agree");
        assert!(told || !html.contains(SECRET_MARK), "nor do remarks tell it");
        assert_eq!(page["questions"].as_array().unwrap().iter().all(|question| question["explanation_html"] != ""), told);
        assert!(!html.contains("SECRET model answer"), "which is the curators'");
        told
    };
    let failed = take(&mut student, &SINGLE.wrong[..1], &[], "").await;
    assert_eq!(points(&pool, failed).await, "graded 0/1 false");
    assert!(!is_told(&mut student, failed).await, "another attempt would be worth nothing");
    let second = start(&mut student, TEST).await;
    assert!(!is_told(&mut student, failed).await, "nor while the last one runs");
    submit(&mut student, second).await;
    assert!(is_told(&mut student, failed).await, "all are used");
    change(&pool, &format!("delete from test_attempts where id = '{second}'")).await;
    let second = take(&mut student, SINGLE.right, MULTIPLE.right, "Окно слева").await;
    assert!(!is_told(&mut student, second).await, "not before it is graded");
    assert_eq!(quiz::score(&mut curator, second, &OPEN, "1", "").await.status, 303);
    assert_eq!(points(&pool, second).await, "graded 4/1 true");
    assert!(is_told(&mut student, second).await, "graded, and no attempt is left");
    assert!(is_told(&mut student, failed).await, "of each of them");
    change(&pool, "update test_versions set show_key = 'never', show_explanations = 'never'").await;
    assert!(!is_told(&mut student, second).await, "the author may keep it for ever");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn an_attempt_keeps_the_questions_it_was_started_with(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    let id = start(&mut student, TIMED).await;
    sqlx::raw_sql(
        "insert into question_versions (id, question_id, number, prompt_md, prompt_html, created_at)
         select gen_random_uuid(), question_id, 2, 'Новый вопрос', '<p>Новый вопрос</p>', now() from question_versions where question_id::text like '%9004';
         insert into answers (id, question_id, question_version_id, position, content_md, content_html, is_correct)
         select gen_random_uuid(), question_id, id, n, 'Новый вариант', 'Новый вариант', n = 2 from question_versions, generate_series(1, 2) n where number = 2;
         update questions set published_version_id = (select id from question_versions where number = 2) where id::text like '%9004'",
    )
    .execute(&pool)
    .await
    .unwrap();
    let page = student.get(&format!("/learn/attempts/{id}")).await.text();
    assert!(page.contains("Вопрос 4") && !page.contains("Новый"));
    let newer: Uuid = one(&pool, "select id from answers where content_md = 'Новый вариант' and is_correct").await;
    assert_eq!(try_save(&mut student, id, TIMED_SINGLE.id, 1, choice(&[newer])).await.status, 422);
    save(&mut student, id, &TIMED_SINGLE, 1, choice(TIMED_SINGLE.right)).await;
    submit(&mut student, id).await;
    assert_eq!(points(&pool, id).await, "graded 1/1 true", "by the key of its start");
    let next = start(&mut student, TIMED).await;
    assert!(student.get(&format!("/learn/attempts/{next}")).await.text().contains("Новый вопрос"));
}
