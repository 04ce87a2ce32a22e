//! Statistics of questions, against figures that were computed by hand.

use crate::support::kinds;
use crate::support::quiz::{choice, save, start, submit};
use crate::support::school::{self, ADMIN, ENROLLMENT, LIGHT, MULTIPLE, OPEN, Question, SINGLE, STUDENT, TEST, TIMED, TIMED_SINGLE};
use serde_json::{Value, json};
use sqlx::PgPool;
use uuid::Uuid;

/// An attempt in a state: the options chosen of the first question, and the scores of all three.
async fn insert(pool: &PgPool, number: i32, state: &str, chosen: Uuid, scores: [Option<(i64, i64)>; 3]) {
    let id = Uuid::from_u128(0x57a7_0000 + u128::try_from(number).unwrap());
    let worth = [1, 2, 3];
    // Halves and thirds of the weights, in sixths of a point.
    let points: Option<i64> = scores.iter().zip(worth).map(|(score, weight)| score.map(|(over, under)| 6 * weight * over / under)).sum();
    sqlx::query(
        "insert into test_attempts (id, test_id, test_version_id, user_id, enrollment_id, number, state, started_at, finished_at, max_points,
                                    points_numerator, points_denominator, is_passed, voided_at, review_due_at)
         select $1, $2, published_version_id, $3, $4, $5, $6, now(), now(), 6, $7, case when $7 is not null then 6 end, false,
                case when $6 = 'voided' then now() end, case when $6 = 'needs_review' then now() end from tests where id = $2",
    )
    .bind(id)
    .bind(TEST)
    .bind(STUDENT.0)
    .bind(ENROLLMENT)
    .bind(number)
    .bind(state)
    .bind(points)
    .execute(pool)
    .await
    .unwrap();
    for ((position, question), score) in (1_i32..).zip([&SINGLE, &MULTIPLE, &OPEN]).zip(scores) {
        sqlx::query(
            "insert into test_attempt_questions (attempt_id, question_id, question_version_id, position, weight)
             select $1, id, published_version_id, $3, $3 from questions where id = $2",
        )
        .bind(id)
        .bind(question.id)
        .bind(position)
        .execute(pool)
        .await
        .unwrap();
        let value = if position == 1 { json!({ "choice": [chosen] }) } else { json!({ "text": "" }) };
        sqlx::query(
            "insert into test_answers (id, attempt_id, question_id, sequence, value, saved_at, score_numerator, score_denominator)
             values (gen_random_uuid(), $1, $2, 1, $3, now(), $4, $5)",
        )
        .bind(id)
        .bind(question.id)
        .bind(value)
        .bind(score.map(|score| score.0))
        .bind(score.map(|score| score.1))
        .execute(pool)
        .await
        .unwrap();
    }
}

fn of(statistics: &Value, question: Uuid) -> &Value {
    statistics["questions"].as_array().unwrap().iter().find(|line| line["question_id"] == json!(question)).unwrap()
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn figures_are_those_computed_by_hand(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut admin = school::sign_in(&app, ADMIN).await;
    let call = json!({ "course_id": LIGHT, "test_id": TEST });
    assert_eq!(admin.call("tests/statistics", call.clone()).await.json()["questions"], json!([]));
    assert_eq!(admin.get(&format!("/admin/courses/{LIGHT}/tests/{TEST}/statistics")).await.status, 200, "with nothing to count");
    // The first question: right in 1 to 5. The two others, together 5 points: whole in 1 to 3 and in 6, else nothing.
    let (right, wrong, other) = (SINGLE.right[0], SINGLE.wrong[0], SINGLE.wrong[1]);
    let (all, none) = (Some((1, 1)), Some((0, 1)));
    for number in 1..=10 {
        let first = if number <= 5 { all } else { none };
        let rest = if number <= 3 || number == 6 { all } else { none };
        let chosen = if number <= 5 {
            right
        } else if number == 10 {
            other
        } else {
            wrong
        };
        if number == 10 {
            let before = admin.call("tests/statistics", call.clone()).await.json();
            assert_eq!(of(&before, SINGLE.id)["discrimination"], json!(null), "nine attempts say nothing");
        }
        insert(&pool, number, "graded", chosen, [first, rest, rest]).await;
    }
    // One waits for its curator, with a third of the second question; what was taken back or runs counts nowhere.
    insert(&pool, 11, "needs_review", wrong, [none, Some((1, 3)), None]).await;
    insert(&pool, 12, "voided", right, [all, all, all]).await;
    insert(&pool, 13, "in_progress", right, [None, None, None]).await;
    let statistics = admin.call("tests/statistics", call).await.json();
    assert_eq!(statistics["attempts"], json!(11));
    // Mean: 5/11; 13/33; 4/10. Correlation with the rest of the points:
    // (10·3 − 5·4) / √(25·24) = 0.408; 20.5 / √(24·18.8125) = 0.965; 19.333 / √(24·17.889) = 0.933.
    for (question, attempts, difficulty, discrimination) in [(&SINGLE, 11, 4545, 41), (&MULTIPLE, 11, 3939, 96), (&OPEN, 10, 4000, 93)] {
        let line = of(&statistics, question.id);
        assert_eq!(
            (&line["attempts"], &line["difficulty"], &line["discrimination"]),
            (&json!(attempts), &json!(difficulty), &json!(discrimination)),
            "{line}"
        );
        assert_eq!(line["concerns"], json!([]));
    }
    let shares: Vec<_> = of(&statistics, SINGLE.id)["shares"].as_array().unwrap().clone();
    let shares: Vec<_> = shares.iter().map(|share| (share["count"].clone(), share["hundredths"].clone(), share["is_right"].clone())).collect();
    assert_eq!(shares, [(json!(5), json!(4545), json!(true)), (json!(5), json!(4545), json!(false)), (json!(1), json!(909), json!(false))]);
    // One more wrong one, and the wrong option draws more than the right one.
    insert(&pool, 14, "graded", wrong, [none, none, none]).await;
    let page = admin.get(&format!("/admin/courses/{LIGHT}/tests/{TEST}/statistics")).await;
    assert!(page.text().contains("сбивает с толку") && page.text().contains("Вариант b012"), "{}", page.text());
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn words_are_listed_by_how_often_they_were_typed(pool: PgPool) {
    let app = school::open(&pool).await;
    let kinds = kinds::add(&pool, &app).await;
    let (mut student, mut admin) = (school::sign_in(&app, STUDENT).await, school::sign_in(&app, ADMIN).await);
    let question = |id| Question { id, right: &[], wrong: &[] };
    for (word, gaps) in [(" Выдержка", ["мягкий", "SECRETGAP два"]), ("выдержка", ["мягкий", ""]), ("secretword ЁЖ", ["<b>", "х"])]
    {
        let id = start(&mut student, TIMED).await;
        save(&mut student, id, &TIMED_SINGLE, 1, choice(TIMED_SINGLE.right)).await;
        save(&mut student, id, &question(kinds.text), 1, json!({ "text": word })).await;
        save(&mut student, id, &question(kinds.gaps), 1, json!({ "words": gaps })).await;
        submit(&mut student, id).await;
    }
    let statistics = admin.call("tests/statistics", json!({ "course_id": LIGHT, "test_id": TIMED })).await.json();
    let shares = |id: Uuid| {
        let shares = of(&statistics, id)["shares"].as_array().unwrap().clone();
        shares.iter().map(|share| format!("{} {}", share["html"].as_str().unwrap(), share["count"])).collect::<Vec<_>>()
    };
    assert_eq!(shares(kinds.text), ["Выдержка 2", "secretword ЁЖ 1"]);
    assert_eq!(shares(kinds.gaps), ["[1] мягкий 2", "[1] &lt;b&gt; 1", "[2] SECRETGAP два 1", "[2] х 1"]);
    let text = of(&statistics, kinds.text);
    assert_eq!((&text["shares"][0]["is_right"], &text["shares"][1]["is_right"]), (&json!(false), &json!(true)));
    assert_eq!(text["difficulty"], json!(3333));
    assert_eq!(of(&statistics, TIMED_SINGLE.id)["difficulty"], json!(10_000));
}

/// The numbers under which an attempt shows what the author has at these places.
async fn shown(pool: &PgPool, attempt: Uuid, question: Uuid, wanted: &[i32]) -> Vec<usize> {
    let order: Vec<i32> = sqlx::query_scalar("select shown_order from test_attempt_questions where attempt_id = $1 and question_id = $2")
        .bind(attempt)
        .bind(question)
        .fetch_one(pool)
        .await
        .unwrap();
    wanted.iter().map(|index| order.iter().position(|shown| shown == index).unwrap()).collect()
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn pairs_and_places_are_counted_by_item_whatever_their_order_was(pool: PgPool) {
    let app = school::open(&pool).await;
    let kinds = kinds::add(&pool, &app).await;
    let (mut student, mut admin) = (school::sign_in(&app, STUDENT).await, school::sign_in(&app, ADMIN).await);
    let question = |id| Question { id, right: &[], wrong: &[] };
    // Rights of north, south and west; the places of window, chair, camera and picture.
    for (rights, places) in [([0, 1, 2], [0, 1, 2, 3]), ([0, 2, 1], [3, 2, 1, 0]), ([3, 1, 2], [0, 1, 3, 2])] {
        let id = start(&mut student, TIMED).await;
        save(&mut student, id, &TIMED_SINGLE, 1, choice(TIMED_SINGLE.right)).await;
        let picks = shown(&pool, id, kinds.matching, &rights).await;
        save(&mut student, id, &question(kinds.matching), 1, json!({ "picks": picks })).await;
        let items = shown(&pool, id, kinds.ordering, &[0, 1, 2, 3]).await;
        let mut picks = [0; 4];
        for (item, place) in items.into_iter().zip(places) {
            picks[item] = place;
        }
        save(&mut student, id, &question(kinds.ordering), 1, json!({ "picks": picks })).await;
        submit(&mut student, id).await;
    }
    let statistics = admin.call("tests/statistics", json!({ "course_id": LIGHT, "test_id": TIMED })).await.json();
    let shares = |id: Uuid| {
        let shares = of(&statistics, id)["shares"].as_array().unwrap().clone();
        shares.iter().map(|share| format!("{} {} {}", share["html"].as_str().unwrap(), share["count"], share["is_right"])).collect::<Vec<_>>()
    };
    assert_eq!(
        shares(kinds.matching),
        [
            "север → холодный 2 true",
            "север → никакой 1 false",
            "юг → тёплый 2 true",
            "юг → вечерний 1 false",
            "запад → вечерний 2 true",
            "запад → тёплый 1 false"
        ]
    );
    assert_eq!(
        shares(kinds.ordering),
        [
            "1. окно 2 true",
            "4. окно 1 false",
            "2. стул 2 true",
            "3. стул 1 false",
            "2. камера 1 false",
            "3. камера 1 true",
            "4. камера 1 false",
            "1. снимок 1 false",
            "3. снимок 1 false",
            "4. снимок 1 true"
        ]
    );
}
