//! The order in which an author made the options of a question is told by nothing that a learner gets (T9).

use crate::support::database::{change, list, one};
use crate::support::quiz::{attempt, choice, save, start, submit};
use crate::support::school::{self, ADMIN, LIGHT, MULTIPLE, STUDENT, TEST, TIMED};
use serde_json::json;
use sqlx::PgPool;
use uuid::Uuid;

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn ids_of_options_are_not_in_the_authors_order(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut admin = school::sign_in(&app, ADMIN).await;
    let lines: Vec<String> = (1..=12).map(|place| format!("{} вариант {place}", if place == 1 { '+' } else { '-' })).collect();
    let fields = [("kind", "single_choice"), ("prompt", "Новый вопрос"), ("weight", "1"), ("answers", &lines.join("\n"))];
    let answer = admin.post(&format!("/admin/courses/{LIGHT}/tests/{TIMED}/questions/new"), &fields).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    let by_id: Vec<i32> = list(&pool, "select position from answers where content_md like 'вариант %' order by id").await;
    let by_position: Vec<i32> = (1..=12).collect();
    assert_ne!(by_id, by_position);
    let texts = "select content_md from answers where content_md like 'вариант %' order by position limit 2";
    assert_eq!(list::<String>(&pool, texts).await, ["вариант 1", "вариант 2"], "the author's order stays");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_running_attempt_names_options_by_their_place_in_it(pool: PgPool) {
    let app = school::open(&pool).await;
    change(&pool, "update test_versions set shuffle_answers = true").await;
    let mut student = school::sign_in(&app, STUDENT).await;
    let id = start(&mut student, TEST).await;
    save(&mut student, id, &MULTIPLE, 1, choice(&MULTIPLE.right[..1])).await;
    let (_, running) = attempt(&mut student, id).await;
    let question = running["questions"].as_array().unwrap().iter().find(|question| question["id"] == json!(MULTIPLE.id)).unwrap();
    let options = question["options"].as_array().unwrap();
    let names: Vec<Uuid> = options.iter().map(|option| Uuid::try_parse(option["id"].as_str().unwrap()).unwrap()).collect();
    assert_eq!(names, [1, 2, 3, 4].map(Uuid::from_u128), "whatever is shown at the place");
    let named = |tail: &str| names[options.iter().position(|option| option["html"].as_str().unwrap().contains(tail)).unwrap()];
    assert_eq!(question["value"], choice(&[named("b021")]), "what is saved has the same names");
    let html = student.get(&format!("/learn/attempts/{id}")).await.text() + &student.get(&format!("/learn/attempts/{id}?review=1")).await.text();
    for option in list::<Uuid>(&pool, "select id from answers").await {
        assert!(!html.contains(&option.to_string()) && !running.to_string().contains(&option.to_string()), "{option} is told");
    }

    // A name is taken for what it names, with scripts and without.
    save(&mut student, id, &MULTIPLE, 2, choice(&[named("b022"), named("b023")])).await;
    let stored = format!("select value->'choice' = '[\"{}\", \"{}\"]'::jsonb from test_answers", MULTIPLE.right[1], MULTIPLE.wrong[0]);
    assert!(one::<bool>(&pool, &stored).await);
    let (has, name) = (format!("has_{}", MULTIPLE.id), format!("q_{}", MULTIPLE.id));
    let ticked = [named("b021").to_string(), named("b022").to_string()];
    let fields = [(has.as_str(), "2"), (name.as_str(), ticked[0].as_str()), (name.as_str(), ticked[1].as_str())];
    assert_eq!(student.post(&format!("/learn/attempts/{id}/answers"), &fields).await.status, 303);
    let page = student.get(&format!("/learn/attempts/{id}")).await.text();
    assert!(ticked.iter().all(|name| page.contains(&format!("value=\"{name}\" checked"))), "the page without scripts shows them again");
    submit(&mut student, id).await;
    let points = "select points_numerator || '/' || points_denominator from test_attempts";
    assert_eq!(one::<String>(&pool, points).await, "2/1", "both that are right");
}
