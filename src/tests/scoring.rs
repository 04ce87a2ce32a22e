//! Open answers: question by question across learners, ready phrases, scores that are changed later, never one's own.

use crate::support::database::{change, contents, count, list, one, warm_up};
use crate::support::quiz::{attempt, choice, save, score, start, submit, text};
use crate::support::school::{self, ADMIN, CURATOR, LESSONS, MULTIPLE, OPEN, OTHER, SINGLE, STRANGER, STUDENT, TEST};
use crate::support::talk::enroll_other;
use crate::support::{Answer, Client, TestApp};
use lectern::server::worker;
use lectern::shared::i18n::{Locale, problem};
use serde_json::json;
use sqlx::PgPool;
use uuid::Uuid;

/// A hand-in of somebody whose open answer waits, with 3 of the machine's 3 points.
async fn hand_in(client: &mut Client, words: &str) -> Uuid {
    let id = start(client, TEST).await;
    save(client, id, &SINGLE, 1, choice(SINGLE.right)).await;
    save(client, id, &MULTIPLE, 1, choice(MULTIPLE.right)).await;
    save(client, id, &OPEN, 1, text(words)).await;
    submit(client, id).await;
    id
}

fn page() -> String {
    format!("/curate/tests/{TEST}/questions/{}", OPEN.id)
}

async fn give(client: &mut Client, attempt: Uuid, points: &str, remark: &str) -> Answer {
    client.post(&page(), &[("attempt", &attempt.to_string()), ("points", points), ("remark", remark), ("step", "save")]).await
}

async fn change_score(client: &mut Client, attempt: Uuid, seen: &str, points: &str, reason: &str) -> Answer {
    let name = |field: &str| format!("{field}_{}", OPEN.id);
    let fields = [(name("seen"), seen), (name("points"), points), (name("remark"), "Ещё раз"), (name("reason"), reason)];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    client.post(&format!("/curate/attempts/{attempt}/questions/{}/score", OPEN.id), &fields).await
}

async fn mark(pool: &PgPool, attempt: Uuid) -> String {
    one(
        pool,
        &format!("select state || ' ' || coalesce(points_numerator || '/' || points_denominator || ' ' || is_passed, '-') from test_attempts where id = '{attempt}'"),
    )
    .await
}

async fn told(app: &TestApp, user: Uuid) -> Vec<String> {
    while worker::relay(&app.ctx(), 100).await.unwrap() > 0 {}
    list(&app.pool, &format!("select kind from notifications where user_id = '{user}' order by kind")).await
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn the_answers_to_a_question_come_one_after_the_other(pool: PgPool) {
    let app = school::open(&pool).await;
    enroll_other(&app).await;
    let (mut anna, mut igor, mut curator) =
        (school::sign_in(&app, STUDENT).await, school::sign_in(&app, OTHER).await, school::sign_in(&app, CURATOR).await);
    let first = hand_in(&mut anna, "Окно слева").await;
    app.pass(60);
    let second = hand_in(&mut igor, "Лампа <b>справа</b>").await;
    let list = curator.call("review/questions", json!({})).await.json();
    assert_eq!((&list[0]["question_id"], &list[0]["waiting"]), (&json!(OPEN.id), &json!(2)));
    assert!(curator.get("/curate/tests").await.text().contains(&page()));
    let html = curator.get(&page()).await.text();
    assert!(html.contains("Окно слева") && html.contains("SECRET model answer") && html.contains("Анна Белова"), "the oldest first");
    assert!(html.contains(&format!("attempt={second}")), "with the way to the next");
    let answer = give(&mut curator, first, "1,5", "Мало").await;
    assert_eq!((answer.status, answer.location()), (303, format!("{}?attempt={second}", page()).as_str()), "{}", answer.text());
    assert_eq!(mark(&pool, first).await, "graded 9/2 true");
    let html = curator.get(answer.location()).await.text();
    assert!(html.contains("Лампа &lt;b&gt;справа") && !html.contains("Окно слева"));
    for points in ["", "3,5", "0,25"] {
        let answer = give(&mut curator, second, points, "Слова").await;
        assert_eq!(answer.status, 422, "{points}");
        assert!(answer.text().contains("Слова") && answer.text().contains("Лампа"), "the same answer, with what was typed");
    }
    let answer = give(&mut curator, second, "3", "").await;
    assert_eq!((answer.status, answer.location()), (303, "/curate/tests"), "nothing waits any more");
    assert_eq!(curator.call("review/questions", json!({})).await.json(), json!([]));
    assert!(!curator.get(&page()).await.text().contains("score-form"));
    assert_eq!(count(&pool, "outbox_events where kind = 'attempt_graded'").await, 2);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn two_curators_never_score_an_answer_twice_unseen(pool: PgPool) {
    let app = school::open(&pool).await;
    let (mut anna, mut curator, mut admin) =
        (school::sign_in(&app, STUDENT).await, school::sign_in(&app, CURATOR).await, school::sign_in(&app, ADMIN).await);
    let id = hand_in(&mut anna, "Окно").await;
    warm_up(&pool).await;
    let (one_answer, two_answer) = tokio::join!(give(&mut curator, id, "3", "первый"), give(&mut admin, id, "0", "второй"));
    let mut statuses = [one_answer.status, two_answer.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 422]);
    let (late, words) = if one_answer.status == 422 { (one_answer, "первый") } else { (two_answer, "второй") };
    assert!(late.says(problem::scored_elsewhere(Locale::Ru)) && late.text().contains(words), "told, and the words are not lost");
    assert_eq!(count(&pool, "outbox_events where kind = 'answer_scored'").await, 1);
    // A second open question of the same attempt: one curator scores it alone, the other the whole attempt.
    change(&pool, "update test_versions set attempts_allowed = null").await;
    change(&pool, &format!("update questions set kind = 'open' where id = '{}'", SINGLE.id)).await;
    let id = start(&mut anna, TEST).await;
    for question in [&SINGLE, &OPEN] {
        save(&mut anna, id, question, 1, text("Слова")).await;
    }
    submit(&mut anna, id).await;
    assert_eq!(give(&mut curator, id, "2", "").await.status, 303);
    assert_eq!(mark(&pool, id).await, "needs_review -");
    let whole = [(format!("points_{}", OPEN.id), "1"), (format!("points_{}", SINGLE.id), "1"), (format!("remark_{}", OPEN.id), "Моё замечание")];
    let whole: Vec<(&str, &str)> = whole.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    let answer = admin.post(&format!("/curate/attempts/{id}/score"), &whole).await;
    assert_eq!(answer.status, 422);
    assert!(answer.says(problem::scored_elsewhere(Locale::Ru)) && answer.text().contains("Моё замечание"));
    assert_eq!(mark(&pool, id).await, "needs_review -", "nothing of it is written");
    assert_eq!(admin.post(&format!("/curate/attempts/{id}/score"), &whole[1..2]).await.status, 303);
    assert_eq!(mark(&pool, id).await, "graded 3/1 false");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn phrases_are_kept_inserted_and_forgotten_without_losing_words(pool: PgPool) {
    let app = school::open(&pool).await;
    let (mut anna, mut curator, mut admin) =
        (school::sign_in(&app, STUDENT).await, school::sign_in(&app, CURATOR).await, school::sign_in(&app, ADMIN).await);
    let id = hand_in(&mut anna, "Окно").await.to_string();
    for _ in 0..2 {
        let answer = curator.post(&page(), &[("attempt", &id), ("points", "2"), ("remark", "Смотрите на тени"), ("step", "keep")]).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert!(answer.text().contains("value=\"2\"") && answer.text().matches("Смотрите на тени").count() >= 2);
    }
    assert_eq!(count(&pool, "review_phrases").await, 1);
    let answer = curator.post(&page(), &[("attempt", &id), ("points", "2"), ("remark", "Хорошо"), ("insert", "Смотрите на тени")]).await;
    assert!(answer.text().contains("Хорошо\nСмотрите на тени</textarea>"), "{}", answer.text());
    assert_eq!(curator.post(&page(), &[("attempt", &id), ("remark", " "), ("step", "keep")]).await.status, 422);
    assert_eq!(curator.post(&page(), &[("attempt", &id), ("remark", &"я".repeat(501)), ("step", "keep")]).await.status, 422);
    assert!(!admin.get(&page()).await.text().contains("Смотрите на тени"), "one's own");
    let phrase: Uuid = one(&pool, "select id from review_phrases").await;
    assert_eq!(admin.post(&page(), &[("attempt", &id), ("forget", &phrase.to_string())]).await.status, 200);
    assert_eq!(count(&pool, "review_phrases").await, 1, "nor can others forget it");
    assert_eq!(anna.post(&page(), &[("attempt", &id), ("remark", "а"), ("step", "keep")]).await.status, 403);
    assert_eq!(curator.post(&page(), &[("attempt", &id), ("forget", &phrase.to_string())]).await.status, 200);
    assert_eq!(count(&pool, "review_phrases").await, 0);
    for number in 0..50 {
        change(&pool, &format!("insert into review_phrases values (gen_random_uuid(), '{}', 'фраза {number}', now())", CURATOR.0)).await;
    }
    let answer = curator.post(&page(), &[("attempt", &id), ("remark", "ещё одна"), ("step", "keep")]).await;
    assert_eq!(answer.status, 422);
    assert!(answer.says(&problem::too_many(Locale::Ru, 50)));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_shared_phrase_is_there_for_all_and_says_the_learners_name(pool: PgPool) {
    let app = school::open(&pool).await;
    let (mut anna, mut curator, mut admin) =
        (school::sign_in(&app, STUDENT).await, school::sign_in(&app, CURATOR).await, school::sign_in(&app, ADMIN).await);
    let id = hand_in(&mut anna, "Окно").await.to_string();
    let words = "{name}, смотрите на тени";
    let keep = [("attempt", id.as_str()), ("remark", words), ("step", "keep")];
    assert_eq!(admin.post(&page(), &keep).await.status, 200);
    let name: String = one(&pool, &format!("select split_part(full_name, ' ', 1) from users where id = '{}'", STUDENT.0)).await;
    let said = format!("{name}, смотрите на тени");
    assert!(!curator.get(&page()).await.text().contains(&said), "the administrator's own until it is shared");
    let share = [("attempt", id.as_str()), ("remark", words), ("step", "share")];
    assert_eq!(admin.post(&page(), &share).await.status, 200);
    assert_eq!(count(&pool, "review_phrases where is_shared").await, 1, "the same one");
    let phrase: Uuid = one(&pool, "select id from review_phrases").await;
    let seen = curator.get(&page()).await.text();
    assert!(seen.contains(&said) && !seen.contains(&format!("value=\"{phrase}\"")), "inserted, not to be forgotten by who did not share it");
    curator.post(&page(), &[("attempt", &id), ("forget", &phrase.to_string())]).await;
    assert_eq!(count(&pool, "review_phrases").await, 1);
    curator.post(&page(), &[("attempt", &id), ("remark", "Общее"), ("step", "share")]).await;
    let other: Uuid = one(&pool, "select id from review_phrases where body = 'Общее'").await;
    admin.post(&page(), &[("attempt", &id), ("forget", &other.to_string())]).await;
    assert_eq!(count(&pool, "review_phrases").await, 1, "administrators look after what is shared");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_score_is_changed_with_a_reason_and_what_hangs_on_it_follows(pool: PgPool) {
    let app = school::open(&pool).await;
    let (mut anna, mut curator, mut stranger) =
        (school::sign_in(&app, STUDENT).await, school::sign_in(&app, CURATOR).await, school::sign_in(&app, STRANGER).await);
    anna.post(&format!("{}/complete", school::lesson_path(LESSONS[1])), &[]).await;
    let id = hand_in(&mut anna, "Окно").await;
    assert_eq!(change_score(&mut curator, id, "0", "1", "Рано").await.status, 404, "it has none yet");
    assert_eq!(score(&mut curator, id, &OPEN, "0,5", "Мало").await.status, 303);
    assert_eq!(mark(&pool, id).await, "graded 7/2 false");
    let lesson = format!("select state from lesson_progress where lesson_id = '{}'", LESSONS[1]);
    assert_eq!(one::<String>(&pool, &lesson).await, "in_progress");
    let graded_at: String = one(&pool, "select graded_at::text from test_attempts").await;
    assert!(curator.get(&format!("/curate/attempts/{id}")).await.text().contains(&format!("/questions/{}/score", OPEN.id)));
    let before = contents(&pool).await;
    for (points, reason, sentence) in [
        ("1", " ", problem::required(Locale::Ru).to_owned()),
        ("4", "Причина", problem::points_out_of_range(Locale::Ru, 3)),
        ("", "Причина", problem::required(Locale::Ru).to_owned()),
    ] {
        let answer = change_score(&mut curator, id, "0.5", points, reason).await;
        assert_eq!(answer.status, 422, "{points} {reason}");
        assert!(answer.says(&sentence) && answer.text().contains("Ещё раз"), "{points} {reason}");
    }
    assert_eq!(change_score(&mut stranger, id, "0.5", "1", "Причина").await.status, 404);
    assert_eq!(change_score(&mut anna, id, "0.5", "3", "Причина").await.status, 403);
    assert_eq!(change_score(&mut curator, id, "3", "1", "Причина").await.status, 422, "another score was shown");
    assert_eq!(contents(&pool).await, before);
    app.pass(60);
    for _ in 0..2 {
        let answer = change_score(&mut curator, id, "0.5", "2", "Пересмотр по просьбе").await;
        assert_eq!(answer.status, 303, "{}", answer.text());
    }
    assert_eq!(mark(&pool, id).await, "graded 5/1 true");
    assert_eq!(one::<String>(&pool, &lesson).await, "completed");
    assert_eq!(one::<String>(&pool, "select graded_at::text from test_attempts").await, graded_at);
    let log = "select before::text || ' ' || (after->>'score') || ' ' || (after->>'reason') from outbox_events where kind = 'score_changed'";
    assert_eq!(list::<String>(&pool, log).await, ["[1, 6] [2, 3] Пересмотр по просьбе"]);
    let log = "select (before->'points')::text || ' ' || (after->'mark'->'points')::text from outbox_events where kind = 'attempt_regraded'";
    assert_eq!(list::<String>(&pool, log).await, ["[7, 2] [5, 1]"]);
    assert_eq!(told(&app, STUDENT.0).await, ["attempt_graded", "mark_changed"]);
    assert!(attempt(&mut anna, id).await.1["questions"].to_string().contains("Ещё раз"));
    // Words alone change no mark, and a pass that is lost leaves the lesson complete.
    assert_eq!(change_score(&mut curator, id, "2", "0", "Списано").await.status, 303);
    assert_eq!(mark(&pool, id).await, "graded 3/1 false");
    assert_eq!(one::<String>(&pool, &lesson).await, "completed");
    assert_eq!(told(&app, CURATOR.0).await, ["review_waiting"], "who did it need not be told");
    let voided = curator.post(&format!("/curate/attempts/{id}/void"), &[("reason", "Сбой")]).await;
    assert_eq!(voided.status, 303);
    assert_eq!(change_score(&mut curator, id, "0", "1", "Поздно").await.status, 409);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn nobody_scores_their_own_answer(pool: PgPool) {
    let app = school::open(&pool).await;
    let (mut anna, mut admin) = (school::sign_in(&app, STUDENT).await, school::sign_in(&app, ADMIN).await);
    let id = hand_in(&mut anna, "Окно").await;
    change(&pool, &format!("update users set role = 'curator' where id = '{}'", STUDENT.0)).await;
    change(&pool, &format!("insert into course_curators values ('{}', '{}', now())", school::LIGHT, STUDENT.0)).await;
    let mut anna = school::sign_in(&app, STUDENT).await;
    let before = contents(&pool).await;
    assert_eq!(anna.get(&format!("/curate/attempts/{id}")).await.status, 403, "the model answer stands there");
    assert_eq!(score(&mut anna, id, &OPEN, "3", "").await.status, 403);
    assert_eq!(give(&mut anna, id, "3", "").await.status, 403);
    assert_eq!(change_score(&mut anna, id, "0", "3", "Причина").await.status, 403);
    assert_eq!(anna.post(&format!("/curate/attempts/{id}/void"), &[("reason", "Ещё раз")]).await.status, 403);
    assert_eq!(contents(&pool).await, before);
    assert_eq!(anna.call("review/queue", json!({ "filter": {} })).await.json()["lines"], json!([]));
    assert_eq!(anna.call("review/questions", json!({})).await.json(), json!([]));
    assert!(!anna.get(&format!("{}?attempt={id}", page())).await.text().contains("Окно"));
    assert_eq!(admin.call("review/queue", json!({ "filter": {} })).await.json()["lines"].as_array().unwrap().len(), 1);
    assert_eq!(give(&mut admin, id, "3", "").await.status, 303);
}
