//! Answers, one by one: what is saved, what is late, what is refused, with scripts and without.

use crate::support::database::{contents, count, list, one, warm_up};
use crate::support::quiz::{attempt, choice, save, start, submit, text, try_save};
use crate::support::school::{self, CURATOR, MULTIPLE, OPEN, OTHER, PRINT_SINGLE, PRINT_TEST, SINGLE, STUDENT, TEST, TIMED_SINGLE};
use lectern::shared::i18n::{Locale, problem};
use serde_json::{Value, json};
use sqlx::PgPool;
use uuid::Uuid;

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn the_highest_sequence_wins(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    let id = start(&mut student, TEST).await;
    assert_eq!(save(&mut student, id, &SINGLE, 5, choice(&SINGLE.wrong[..1])).await, "Saved");
    let kept = contents(&pool).await;
    assert_eq!(save(&mut student, id, &SINGLE, 4, choice(SINGLE.right)).await, "Stale", "an older one came late");
    assert_eq!(save(&mut student, id, &SINGLE, 5, choice(SINGLE.right)).await, "Stale", "another one of the same number");
    app.pass(5);
    assert_eq!(save(&mut student, id, &SINGLE, 5, choice(&SINGLE.wrong[..1])).await, "Saved", "the same again is harmless");
    assert_eq!(contents(&pool).await, kept);
    assert_eq!(save(&mut student, id, &SINGLE, 9, choice(SINGLE.right)).await, "Saved");
    let (name, page) = attempt(&mut school::sign_in(&app, STUDENT).await, id).await;
    assert_eq!(name, "Running");
    let question = page["questions"].as_array().unwrap().iter().find(|question| question["id"] == json!(SINGLE.id)).unwrap();
    let right = question["options"].as_array().unwrap().iter().find(|option| option["html"].as_str().unwrap().contains("b011")).unwrap();
    let value = json!({ "choice": [right["id"]] });
    assert_eq!((&question["value"], &question["sequence"]), (&value, &json!(9)), "another device goes on from it");
    assert_eq!(try_save(&mut student, id, SINGLE.id, 2_000_000, choice(&[])).await.status, 422, "a number from which no other could follow");
    let stale = try_save(&mut student, id, SINGLE.id, 3, choice(&[])).await.json();
    assert_eq!(stale, json!({ "Stale": { "sequence": 9 } }));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn parallel_saves_converge_on_the_highest(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    let id = start(&mut student, TEST).await;
    warm_up(&pool).await;
    let saves: Vec<_> = [3, 8, 1, 6, 2, 7, 5, 4]
        .into_iter()
        .map(|sequence| {
            let mut tab = student.clone();
            tokio::spawn(async move { save(&mut tab, id, &OPEN, sequence, text(&format!("версия {sequence}"))).await })
        })
        .collect();
    for save in saves {
        assert!(matches!(save.await.unwrap().as_str(), "Saved" | "Stale"));
    }
    assert_eq!(one::<String>(&pool, "select sequence || value::text from test_answers").await, "8{\"text\": \"версия 8\"}");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn tampered_answers_are_refused_and_nothing_is_written(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    let (mut other, mut curator) = (school::sign_in(&app, OTHER).await, school::sign_in(&app, CURATOR).await);
    let id = start(&mut student, TEST).await;
    let foreign = start(&mut other, PRINT_TEST).await;
    let before = contents(&pool).await;
    let stranger = Uuid::from_u128(7);
    let cases: [(&str, Uuid, Uuid, i64, Value, u16); 16] = [
        ("an option of another question", id, SINGLE.id, 1, choice(MULTIPLE.right), 422),
        ("an option of another course", id, SINGLE.id, 1, choice(PRINT_SINGLE.right), 422),
        ("an option that is not", id, SINGLE.id, 1, choice(&[stranger]), 422),
        ("two options of a single choice", id, SINGLE.id, 1, choice(SINGLE.wrong), 422),
        ("one option twice", id, MULTIPLE.id, 1, choice(&[MULTIPLE.right[0], MULTIPLE.right[0]]), 422),
        ("a text for a choice", id, SINGLE.id, 1, text("b011"), 422),
        ("a choice for a text", id, OPEN.id, 1, choice(SINGLE.right), 422),
        ("a NUL in a text", id, OPEN.id, 1, text("a\0b"), 422),
        ("a text that is too long", id, OPEN.id, 1, text(&"ж".repeat(20_001)), 422),
        ("a negative sequence", id, OPEN.id, -1, text("a"), 422),
        ("the last of all sequences", id, OPEN.id, i64::MAX, text("a"), 422),
        ("a question of another attempt", id, PRINT_SINGLE.id, 1, choice(PRINT_SINGLE.right), 404),
        ("a question of another test of the course", id, TIMED_SINGLE.id, 1, choice(TIMED_SINGLE.right), 404),
        ("a question that is not", id, stranger, 1, choice(SINGLE.right), 404),
        ("another learner's attempt", foreign, PRINT_SINGLE.id, 1, choice(PRINT_SINGLE.right), 404),
        ("an attempt that is not", stranger, SINGLE.id, 1, choice(SINGLE.right), 404),
    ];
    for (what, attempt, question, sequence, value, status) in cases {
        let answer = try_save(&mut student, attempt, question, sequence, value).await;
        assert_eq!(answer.status, status, "{what}: {}", answer.text());
    }
    let mut visitor = app.visitor();
    assert_eq!(try_save(&mut visitor, id, SINGLE.id, 1, choice(SINGLE.right)).await.status, 401);
    assert_eq!(try_save(&mut curator, id, SINGLE.id, 1, choice(SINGLE.right)).await.status, 404);
    for path in ["submit", "answers"] {
        assert_eq!(student.post(&format!("/learn/attempts/{foreign}/{path}"), &[]).await.status, 404);
        assert_eq!(visitor.post(&format!("/learn/attempts/{id}/{path}"), &[]).await.status, 303);
    }
    assert_eq!(student.get(&format!("/learn/attempts/{foreign}")).await.status, 404);
    assert_eq!(contents(&pool).await, before);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn an_answer_of_a_megabyte_is_too_large(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    let id = start(&mut student, TEST).await;
    let huge = "a".repeat(1024 * 1024);
    assert_eq!(try_save(&mut student, id, OPEN.id, 1, text(&huge)).await.status, 413);
    let name = format!("q_{}", OPEN.id);
    let answer = student.post(&format!("/learn/attempts/{id}/answers"), &[(&name, &huge)]).await;
    assert_eq!(answer.status, 413);
    assert!(answer.text().contains("<html lang=\"ru\""), "a page says so");
    assert_eq!(count(&pool, "test_answers").await, 0);
    assert_eq!(save(&mut student, id, &OPEN, 1, text(&"ж".repeat(20_000))).await, "Saved", "the longest that fits");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn answers_are_saved_without_scripts_too(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    let id = start(&mut student, TEST).await;
    let (path, page) = (format!("/learn/attempts/{id}/answers"), format!("/learn/attempts/{id}"));
    let has = [SINGLE.id, MULTIPLE.id, OPEN.id].map(|question| format!("has_{question}"));
    let names = [SINGLE.id, MULTIPLE.id, OPEN.id].map(|question| format!("q_{question}"));
    let options: Vec<String> = [SINGLE.right[0], MULTIPLE.right[0], MULTIPLE.wrong[0]].iter().map(Uuid::to_string).collect();
    let mut fields = vec![
        (has[0].as_str(), "1"),
        (has[1].as_str(), "1"),
        (has[2].as_str(), "1"),
        (names[0].as_str(), options[0].as_str()),
        (names[1].as_str(), options[1].as_str()),
        (names[1].as_str(), options[2].as_str()),
        (names[2].as_str(), "строка\r\nещё"),
        ("then", "review"),
    ];
    let answer = student.post(&path, &fields).await;
    assert_eq!((answer.status, answer.location()), (303, format!("{page}?review=1").as_str()), "{}", answer.text());
    let saved: Vec<String> = list(&pool, "select value::text from test_answers order by question_id").await;
    assert!(saved[1].contains(&options[1]) && saved[1].contains(&options[2]) && saved[2].contains("строка\\nещё"), "{saved:?}");
    let shown = student.get(&page).await.text();
    assert!(shown.contains("строка\nещё"), "the page shows what is saved");
    let review = student.get(&format!("{page}?review=1")).await;
    assert!(review.status == 200 && !review.text().contains(school::SECRET_MARK), "the look before the hand-in");

    // Only what the form shows is touched; a box that is shown and not ticked is unticked.
    fields = vec![(has[1].as_str(), "1"), ("then", "")];
    assert_eq!(student.post(&path, &fields).await.location(), page);
    let saved: Vec<String> = list(&pool, "select value::text from test_answers order by question_id").await;
    assert_eq!(saved[1], "{\"choice\": []}");
    assert!(saved[0].contains(&options[0]));

    // One that can't be taken stands again; the others are saved, for the form would forget their ticks.
    let long = "ж".repeat(20_001);
    let bad = [(has[1].as_str(), "2"), (names[1].as_str(), options[1].as_str()), (has[2].as_str(), "1"), (names[2].as_str(), long.as_str())];
    let answer = student.post(&path, &bad).await;
    assert_eq!(answer.status, 422);
    assert!(answer.text().contains(&long), "what was typed stands again");
    assert!(answer.says(&problem::too_long(Locale::Ru, 20_000)), "beside its question");
    let saved: Vec<String> = list(&pool, "select value::text from test_answers order by question_id").await;
    assert!(saved[1].contains(&options[1]) && saved[2].contains("строка"), "{saved:?}");
    let foreign = [(has[0].as_str(), "1"), (names[0].as_str(), options[1].as_str())];
    let before = contents(&pool).await;
    assert_eq!(student.post(&path, &foreign).await.status, 422, "an option of another question");
    assert_eq!(contents(&pool).await, before);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_page_without_scripts_never_replaces_what_came_after_it(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    let id = start(&mut student, TEST).await;
    let (path, has, name) = (format!("/learn/attempts/{id}/answers"), format!("has_{}", OPEN.id), format!("q_{}", OPEN.id));
    let shown = student.get(&format!("/learn/attempts/{id}")).await.text();
    assert!(shown.contains(&format!("name=\"{has}\" value=\"0\"")), "the form knows what it shows");
    save(&mut student, id, &OPEN, 1, text("с ноутбука")).await;
    let before = contents(&pool).await;
    let answer = student.post(&path, &[(&has, "0"), (&name, "со старой страницы")]).await;
    assert_eq!(answer.status, 422);
    assert!(answer.says(problem::answered_elsewhere(Locale::Ru)) && answer.text().contains("со старой страницы"), "said, and kept");
    assert!(!answer.says(&lectern::shared::i18n::quizzes::saved_at(Locale::Ru, "")), "and not called saved");
    assert_eq!(contents(&pool).await, before);
    assert_eq!(student.post(&path, &[(&has, "1"), (&name, "со старой страницы")]).await.status, 303, "sent again it is meant");
    assert!(one::<String>(&pool, "select value::text from test_answers").await.contains("со старой страницы"));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn submitted_twice_is_submitted_once(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    let id = start(&mut student, TEST).await;
    save(&mut student, id, &SINGLE, 1, choice(SINGLE.right)).await;
    warm_up(&pool).await;
    let (mut one_tab, mut two_tab) = (student.clone(), student.clone());
    tokio::join!(submit(&mut one_tab, id), submit(&mut two_tab, id));
    let before = contents(&pool).await;
    app.pass(10);
    submit(&mut student, id).await;
    assert_eq!(contents(&pool).await, before);
    assert_eq!(count(&pool, "outbox_events where kind = 'attempt_submitted'").await, 1);
    assert_eq!(one::<String>(&pool, "select state || points_numerator || '/' || points_denominator from test_attempts").await, "graded1/1");
    assert_eq!(save(&mut student, id, &SINGLE, 9, choice(&[])).await, "Over");
    let name = format!("has_{}", SINGLE.id);
    let (open_has, open_name) = (format!("has_{}", OPEN.id), format!("q_{}", OPEN.id));
    let late = [(name.as_str(), "1"), (open_has.as_str(), "0"), (open_name.as_str(), "поздно написано")];
    let answer = student.post(&format!("/learn/attempts/{id}/answers"), &late).await;
    assert_eq!(answer.status, 422, "a form that comes too late");
    assert!(answer.says(problem::attempt_over(Locale::Ru)) && answer.text().contains("поздно написано"), "is refused in words, and kept in sight");
    assert_eq!(contents(&pool).await, before);
}
