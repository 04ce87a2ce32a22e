//! The kinds of questions that have no options: saving, scoring, what learners see and when.

use crate::support::database::{change, contents, one};
use crate::support::kinds::{self, Kinds, SECRETS, shown_at, shown_order};
use crate::support::quiz::{attempt, choice, save, start, submit, text, try_save};
use crate::support::school::{self, OTHER, STUDENT, TIMED, TIMED_SINGLE};
use crate::support::{Client, TestApp};
use lectern::shared::i18n::{Locale, quizzes as texts};
use serde_json::{Value, json};
use sqlx::PgPool;
use uuid::Uuid;

async fn prepared(pool: &PgPool) -> (TestApp, Kinds, Client, Uuid) {
    let app = school::open(pool).await;
    let kinds = kinds::add(pool, &app).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    let id = start(&mut student, TIMED).await;
    (app, kinds, student, id)
}

/// The right values of all questions, in this attempt's terms.
async fn right_values(pool: &PgPool, kinds: &Kinds, id: Uuid) -> [(Uuid, Value); 6] {
    let pairs = shown_at(&shown_order(pool, id, kinds.matching).await, 3);
    let places = shown_order(pool, id, kinds.ordering).await;
    [
        (kinds.text, text(" secretword ЕЖ ")),
        (kinds.number, text("73,5 кг")),
        (kinds.matching, json!({ "picks": pairs })),
        (kinds.ordering, json!({ "picks": places })),
        (kinds.gaps, json!({ "words": ["secretgap", "SecretGap  Два"] })),
        (kinds.bank, json!({ "words": ["размер", "мощность"] })),
    ]
}

async fn saved(student: &mut Client, id: Uuid, question: Uuid, sequence: i64, value: Value) {
    let answer = try_save(student, id, question, sequence, value).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert!(answer.text().contains("Saved"), "{}", answer.text());
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn right_answers_of_all_kinds_are_worth_everything(pool: PgPool) {
    let (_app, kinds, mut student, id) = prepared(&pool).await;
    change(&pool, "update test_versions set attempts_allowed = 1").await;
    save(&mut student, id, &TIMED_SINGLE, 1, choice(TIMED_SINGLE.right)).await;
    for (question, value) in right_values(&pool, &kinds, id).await {
        saved(&mut student, id, question, 1, value).await;
    }
    submit(&mut student, id).await;
    assert_eq!(
        one::<String>(&pool, "select state || ' ' || points_numerator || '/' || points_denominator || ' ' || max_points from test_attempts").await,
        "graded 13/1 13"
    );
    let (_, page) = attempt(&mut student, id).await;
    let lines: Vec<&Value> = page["questions"].as_array().unwrap().iter().flat_map(|question| question["lines"].as_array().unwrap()).collect();
    assert_eq!(lines.len(), 1 + 1 + 3 + 4 + 2 + 2);
    assert!(lines.iter().all(|line| line["is_right"] == json!(true)), "no attempt is left, so the key is told: {lines:?}");
    let html = student.get(&format!("/learn/attempts/{id}")).await.text();
    assert!(html.contains("<strong>север</strong>") && html.contains("SECRETREMARK"), "with remarks");
    assert!(html.contains("<b>[1]</b>") && html.contains("<b>[2]</b>"), "the gaps are numbered in their text");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn parts_are_worth_exact_fractions_and_the_key_waits(pool: PgPool) {
    let (_app, kinds, mut student, id) = prepared(&pool).await;
    change(&pool, "update test_versions set attempts_allowed = 2").await;
    let pairs = shown_at(&shown_order(&pool, id, kinds.matching).await, 3);
    let order = shown_order(&pool, id, kinds.ordering).await;
    // The author's first item stands last, the others in order: two of three neighbours.
    let places: Vec<usize> = order.iter().map(|index| (index + 3) % 4).collect();
    for (question, value) in [
        (kinds.text, text("почти")),
        (kinds.number, text("семьдесят три")),
        (kinds.matching, json!({ "picks": [pairs[0], pairs[0], null] })),
        (kinds.ordering, json!({ "picks": places })),
        (kinds.bank, json!({ "words": ["размер", ""] })),
    ] {
        saved(&mut student, id, question, 1, value).await;
    }
    let review = format!("/learn/attempts/{id}?review=1");
    assert!(student.get(&review).await.says(texts::not_a_number(Locale::Ru)), "told while it can be mended");
    submit(&mut student, id).await;
    // 2 · (1/2 + 0 + 1/3 + 2/3 + 0 + 1/2)
    assert_eq!(
        one::<String>(&pool, "select points_numerator || '/' || points_denominator || ' ' || is_passed from test_attempts").await,
        "4/1 false"
    );
    let (_, page) = attempt(&mut student, id).await;
    let lines: Vec<&Value> = page["questions"].as_array().unwrap().iter().flat_map(|question| question["lines"].as_array().unwrap()).collect();
    assert!(lines.iter().all(|line| line["is_right"].is_null() && line["right_html"] == "" && line["remark_html"] == ""));
    let html = student.get(&format!("/learn/attempts/{id}")).await.text();
    for secret in SECRETS {
        assert!(!html.contains(secret) && !page.to_string().contains(secret), "{secret} is told too early");
    }
    assert!(html.contains("семьдесят три"), "what was given is shown");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_running_attempt_tells_no_key_of_any_kind(pool: PgPool) {
    let (_app, kinds, mut student, id) = prepared(&pool).await;
    for (question, value) in right_values(&pool, &kinds, id).await {
        // Own answers are one's own; the rest is the key.
        if question != kinds.text && question != kinds.number && question != kinds.gaps {
            saved(&mut student, id, question, 1, value).await;
        }
    }
    for page in [format!("/learn/attempts/{id}"), format!("/learn/attempts/{id}?review=1")] {
        let html = student.get(&page).await.text();
        for secret in SECRETS {
            assert!(!html.contains(secret), "{secret} in {page}");
        }
    }
    let (_, page) = attempt(&mut student, id).await;
    let of = |question: Uuid| page["questions"].as_array().unwrap().iter().find(|found| found["id"] == json!(question)).unwrap();
    assert_eq!(of(kinds.bank)["offers"][0], json!(["мощность", "размер", "цвет"]), "the bank is sorted, not in the order of the gaps");
    assert_eq!(of(kinds.ordering)["items"].as_array().unwrap().len(), 4);
    let order = shown_order(&pool, id, kinds.ordering).await;
    let items = ["окно", "стул", "камера", "снимок"];
    let shown: Vec<&str> = order.iter().map(|index| items[*index]).collect();
    assert_eq!(of(kinds.ordering)["items"], json!(shown), "mixed as it was written down");
    let again = attempt(&mut student, id).await.1;
    assert_eq!(again["questions"], page["questions"], "and so it stays");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn items_that_are_not_there_are_refused(pool: PgPool) {
    let (app, kinds, mut student, id) = prepared(&pool).await;
    let before = contents(&pool).await;
    for (question, value) in [
        (kinds.text, text(&"ж".repeat(501))),
        (kinds.text, choice(TIMED_SINGLE.right)),
        (kinds.number, json!({ "words": ["1"] })),
        (kinds.matching, json!({ "picks": [4, null, null] })),
        (kinds.matching, json!({ "picks": [0, 0] })),
        (kinds.ordering, json!({ "picks": [0, 1, 2, 4] })),
        (kinds.ordering, text("окно")),
        (kinds.gaps, json!({ "words": ["a"] })),
        (kinds.bank, json!({ "words": ["a", "b"] })),
        (TIMED_SINGLE.id, json!({ "picks": [0] })),
    ] {
        assert_eq!(try_save(&mut student, id, question, 1, value.clone()).await.status, 422, "{value}");
    }
    let mut other = school::sign_in(&app, OTHER).await;
    assert_eq!(try_save(&mut other, id, kinds.text, 1, text("a")).await.status, 404);
    assert_eq!(try_save(&mut student, id, kinds.text, 1, text(&"a".repeat(1_100_000))).await.status, 413);
    for value in [json!({ "picks": [70_000, 0, 0] }), json!({ "picks": [-1, 0, 0] }), json!({ "picks": "0" })] {
        let status = try_save(&mut student, id, kinds.matching, 1, value.clone()).await.status;
        assert!((400..500).contains(&status), "{value}: {status}");
    }
    change(&pool, &format!("delete from sessions where user_id = '{}'", OTHER.0)).await;
    let count = |lines: Vec<String>| lines.into_iter().filter(|line| line.starts_with("test_")).collect::<Vec<_>>();
    assert_eq!(count(contents(&pool).await), count(before), "nothing is written");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn the_form_without_scripts_takes_all_kinds(pool: PgPool) {
    let (_app, kinds, mut student, id) = prepared(&pool).await;
    let page = student.get(&format!("/learn/attempts/{id}")).await.text();
    let mut fields = Vec::new();
    for (question, value) in right_values(&pool, &kinds, id).await {
        fields.push((format!("has_{question}"), "0".to_owned()));
        let values = match &value {
            Value::Object(map) => map.values().next().unwrap().clone(),
            other => panic!("{other}"),
        };
        let values = if let Value::Array(values) = values { values } else { vec![values] };
        for (index, value) in values.into_iter().enumerate() {
            let name = format!("q_{question}_{index}");
            assert!(page.contains(&format!("name=\"{name}\"")), "the page has {name}");
            fields.push((name, value.as_str().map_or_else(|| value.to_string(), str::to_owned)));
        }
    }
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let answer = student.post(&format!("/learn/attempts/{id}/answers"), &fields).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    let page = student.get(&format!("/learn/attempts/{id}")).await.text();
    assert!(
        page.contains("value=\"73,5 кг\"") && page.contains("value=\"secretgap\"") && page.contains("selected>размер</option>"),
        "it stands again"
    );
    let review = student.get(&format!("/learn/attempts/{id}?review=1")).await.text();
    assert!(review.contains("Заполнено 4 из 4") && review.contains("Заполнено 2 из 2"));
    submit(&mut student, id).await;
    assert_eq!(one::<String>(&pool, "select points_numerator || '/' || points_denominator from test_attempts").await, "12/1");
    let long = "ж".repeat(501);
    let next = start(&mut student, TIMED).await;
    let (has, name) = (format!("has_{}", kinds.text), format!("q_{}_0", kinds.text));
    let answer = student.post(&format!("/learn/attempts/{next}/answers"), &[(&has, "0"), (&name, &long)]).await;
    assert_eq!(answer.status, 422);
    assert!(answer.text().contains(&format!("value=\"{long}\"")), "what was typed stands again");
}
