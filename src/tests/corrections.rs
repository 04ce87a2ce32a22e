//! The key of a question that was asked is corrected (T10): the table of marks before, exact marks after, what hangs on them.

use crate::support::TestApp;
use crate::support::corrections::{TURNED, apply, correct, hidden, look, mark, page, take};
use crate::support::database::{change, contents, count, list, one};
use crate::support::kinds::{self, shown_order};
use crate::support::quiz::{attempt, choice, save, score, start, submit, text};
use crate::support::school::{self, ADMIN, CURATOR, LESSONS, LIGHT, MULTIPLE, OPEN, OTHER, Question, SINGLE, STUDENT, TEST, TIMED, TIMED_SINGLE};
use crate::support::talk::enroll_other;
use lectern::server::worker;
use lectern::shared::i18n::{Locale, correction};
use serde_json::json;
use sqlx::PgPool;
use uuid::Uuid;

async fn relay(app: &TestApp) {
    while worker::relay(&app.ctx(), 100).await.unwrap() > 0 {}
}

async fn told(pool: &PgPool, user: Uuid) -> Vec<String> {
    list(pool, &format!("select kind from notifications where user_id = '{user}' and kind <> 'attempt_graded' order by kind")).await
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_new_key_changes_what_its_table_showed(pool: PgPool) {
    let app = school::open(&pool).await;
    enroll_other(&app).await;
    let (mut anna, mut igor, mut admin) =
        (school::sign_in(&app, STUDENT).await, school::sign_in(&app, OTHER).await, school::sign_in(&app, ADMIN).await);
    let (right, wrong) = (take(&mut anna, TIMED_SINGLE.right).await, take(&mut igor, TIMED_SINGLE.wrong).await);
    let (empty, running) = (take(&mut igor, &[]).await, start(&mut anna, TIMED).await);
    save(&mut anna, running, &TIMED_SINGLE, 1, choice(TIMED_SINGLE.wrong)).await;
    let here = page(TIMED, TIMED_SINGLE.id);
    assert!(admin.get(&format!("/admin/courses/{LIGHT}/tests/{TIMED}/questions/{}", TIMED_SINGLE.id)).await.text().contains(&here));
    let before = contents(&pool).await;
    let seen = look(&mut admin, &here, "new_key", TURNED).await;
    assert_eq!(contents(&pool).await, before, "a look changes nothing");
    for (name, from, to) in [("Анна Белова", "1 из 1", "0 из 1"), ("Игорь Соседов", "0 из 1", "1 из 1")] {
        let row = seen.text.split("<tr").find(|row| row.contains(name)).unwrap_or_else(|| panic!("no row of {name}"));
        let (from, to) = (row.find(from), row.rfind(to));
        assert!(from.is_some() && from < to, "{row}");
        assert!(row.contains("Сдан") && row.contains("Не сдан"));
    }
    assert_eq!(seen.text.matches("/curate/attempts/").count(), 2, "nobody else: neither who gave nothing nor who is at it");
    assert!(!seen.text.contains(&empty.to_string()));

    let answer = apply(&mut admin, &here, "new_key", TURNED, &seen).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    assert_eq!((mark(&pool, right).await, mark(&pool, wrong).await), ("0/1 of 1 false".into(), "1/1 of 1 true".into()));
    assert_eq!(apply(&mut admin, &here, "new_key", TURNED, &seen).await.status, 303, "sent twice");
    assert_eq!(count(&pool, "key_corrections").await, 1, "is made once");
    assert_eq!(list::<String>(&pool, "select subject_id::text from outbox_events where kind = 'attempt_regraded' order by 1").await.len(), 2);
    let event: String = one(&pool, "select (before->>'act' is null) || ' ' || (after->'key'->>'act') || ' ' || (after->>'reason') from outbox_events where kind = 'key_corrected'").await;
    assert_eq!(event, "true new_key В ключе была ошибка");
    submit(&mut anna, running).await;
    assert_eq!(mark(&pool, running).await, "1/1 of 1 true", "who is at it ends by the new key");
    let next = start(&mut igor, TIMED).await;
    let (_, asked) = attempt(&mut igor, next).await;
    let option = asked["questions"][0]["options"].as_array().unwrap().iter().find(|option| option["html"].as_str().unwrap().contains("b042"));
    let option = Uuid::try_parse(option.unwrap()["id"].as_str().unwrap()).unwrap();
    save(&mut igor, next, &TIMED_SINGLE, 1, choice(&[option])).await;
    let stored: Uuid = one(&pool, &format!("select (value->'choice'->>0)::uuid from test_answers where attempt_id = '{next}'")).await;
    assert!(!TIMED_SINGLE.wrong.contains(&stored), "a new attempt asks a new version with options of its own");
    submit(&mut igor, next).await;
    assert_eq!(mark(&pool, next).await, "1/1 of 1 true");
    assert_eq!(count(&pool, &format!("question_versions where question_id = '{}'", TIMED_SINGLE.id)).await, 2);

    relay(&app).await;
    assert_eq!(told(&pool, STUDENT.0).await, ["mark_changed"]);
    assert_eq!(told(&pool, OTHER.0).await, ["enrolled", "mark_changed"]);
    change(&pool, "update test_versions set attempts_allowed = 1").await;
    let (_, result) = attempt(&mut igor, wrong).await;
    let options = &result["questions"][0]["options"];
    let shown = |id: Uuid| {
        options.as_array().unwrap().iter().find(|option| option["html"].as_str().unwrap().contains(&format!("{:04x}", id.as_u128() & 0xffff)))
    };
    assert_eq!(shown(TIMED_SINGLE.wrong[0]).unwrap()["is_correct"], json!(true), "the result tells the key that counts: {result}");
    assert_eq!(shown(TIMED_SINGLE.wrong[0]).unwrap()["remark_html"], json!("Теперь верно"));
    assert_eq!(result["questions"][0]["correction"], json!("new_key"));
    assert!(igor.get(&format!("/learn/attempts/{wrong}")).await.text().contains("Ключ вопроса исправлен"));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn with_both_keys_nobody_loses(pool: PgPool) {
    let app = school::open(&pool).await;
    let (mut anna, mut admin) = (school::sign_in(&app, STUDENT).await, school::sign_in(&app, ADMIN).await);
    let (right, wrong) = (take(&mut anna, TIMED_SINGLE.right).await, take(&mut anna, TIMED_SINGLE.wrong).await);
    let empty = take(&mut anna, &[]).await;
    let here = page(TIMED, TIMED_SINGLE.id);
    correct(&mut admin, &here, "both_keys", TURNED).await;
    let marks = [mark(&pool, right).await, mark(&pool, wrong).await, mark(&pool, empty).await];
    assert_eq!(marks, ["1/1 of 1 true", "1/1 of 1 true", "0/1 of 1 false"]);
    change(&pool, "update test_versions set attempts_allowed = 1").await;
    for id in [right, wrong] {
        let (_, result) = attempt(&mut anna, id).await;
        let chosen = result["questions"][0]["options"].as_array().unwrap().iter().find(|option| option["is_chosen"] == json!(true)).unwrap().clone();
        assert_eq!(chosen["is_correct"], json!(true), "each is told the key that gave the points");
    }
    // The version that was asked is corrected further: full marks, then only the first key again.
    let version: Uuid = one(&pool, "select question_version_id from key_corrections").await;
    let of_version = |act: &'static str, step: &'static str| [("version", version.to_string()), ("act", act.to_owned()), ("step", step.to_owned())];
    let fields = of_version("full_marks", "preview");
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let html = admin.post(&here, &fields).await.text();
    let (id, token) = (hidden(&html, "id"), hidden(&html, "token"));
    let mut fields: Vec<(&str, &str)> = fields.into_iter().filter(|(name, _)| *name != "step").collect();
    fields.extend([("step", "apply"), ("id", &id), ("token", &token), ("reason", "Вопрос неясен")]);
    assert_eq!(admin.post(&here, &fields).await.status, 303);
    assert_eq!(mark(&pool, empty).await, "1/1 of 1 true");
    assert_eq!(count(&pool, "key_corrections where is_current").await, 1);
    assert!(admin.get(&format!("{here}?version={version}")).await.says(&correction::standing(Locale::Ru, correction::full_marks(Locale::Ru))));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_dropped_question_leaves_the_total_and_is_not_asked_again(pool: PgPool) {
    let app = school::open(&pool).await;
    let (mut anna, mut admin, mut curator) =
        (school::sign_in(&app, STUDENT).await, school::sign_in(&app, ADMIN).await, school::sign_in(&app, CURATOR).await);
    anna.post(&format!("{}/complete", school::lesson_path(LESSONS[1])), &[]).await;
    // 1 of 1, 0 of 2, and 2 of 3 by the curator: 3 of 6 does not pass at 60 %.
    let id = start(&mut anna, TEST).await;
    save(&mut anna, id, &SINGLE, 1, choice(SINGLE.right)).await;
    save(&mut anna, id, &MULTIPLE, 1, choice(MULTIPLE.wrong)).await;
    save(&mut anna, id, &OPEN, 1, text("Окно")).await;
    submit(&mut anna, id).await;
    assert_eq!(score(&mut curator, id, &OPEN, "2", "").await.status, 303);
    assert_eq!(mark(&pool, id).await, "3/1 of 6 false");
    let waiting = start(&mut anna, TEST).await;
    save(&mut anna, waiting, &OPEN, 1, text("Ещё")).await;
    submit(&mut anna, waiting).await;
    let lesson = format!("select state from lesson_progress where lesson_id = '{}'", LESSONS[1]);
    assert_eq!(one::<String>(&pool, &lesson).await, "in_progress");

    correct(&mut admin, &page(TEST, MULTIPLE.id), "dropped", "").await;
    assert_eq!(mark(&pool, id).await, "3/1 of 4 true", "75 %");
    assert_eq!(one::<String>(&pool, &lesson).await, "completed", "passing anew opens what waits");
    let (_, result) = attempt(&mut anna, id).await;
    let dropped = result["questions"].as_array().unwrap().iter().find(|question| question["id"] == json!(MULTIPLE.id)).unwrap();
    assert_eq!((&dropped["correction"], &dropped["points"]), (&json!("dropped"), &json!([0, 1])));
    assert_eq!((&result["max_points"], &result["points"]), (&json!(4), &json!([3, 1])));

    // Back into the total by a key: it is not passed any more, but what was opened stays, and staff hear of it.
    let key = "+ Вариант b021 // SECRET remark\n+ Вариант b022 // SECRET remark\n- Вариант b023 // SECRET remark\n- Вариант b024 // SECRET remark";
    correct(&mut admin, &page(TEST, MULTIPLE.id), "new_key", key).await;
    assert_eq!(mark(&pool, id).await, "3/1 of 6 false");
    assert_eq!(one::<String>(&pool, &lesson).await, "completed");
    relay(&app).await;
    assert_eq!(told(&pool, CURATOR.0).await, ["pass_lost", "review_waiting", "review_waiting"]);
    assert_eq!(told(&pool, STUDENT.0).await, ["mark_changed", "mark_changed"]);

    // The last open question of an attempt that waits is dropped: nothing is left to wait for.
    assert_eq!(one::<String>(&pool, &format!("select state from test_attempts where id = '{waiting}'")).await, "needs_review");
    correct(&mut admin, &page(TEST, OPEN.id), "dropped", "").await;
    assert_eq!(mark(&pool, waiting).await, "0/1 of 3 false");
    assert_eq!(mark(&pool, id).await, "1/1 of 3 false");
    assert_eq!(score(&mut curator, waiting, &OPEN, "1", "").await.status, 409);
    change(&pool, "update test_versions set attempts_allowed = null").await;
    let next = start(&mut anna, TEST).await;
    let (_, running) = attempt(&mut anna, next).await;
    assert_eq!(running["questions"].as_array().unwrap().len(), 2, "it is not asked again");
    let front = anna.call("tests/front", json!({ "test_id": TEST })).await.json();
    assert_eq!((&front["questions"], &front["open_questions"]), (&json!(2), &json!(0)));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn full_marks_count_for_open_questions_too(pool: PgPool) {
    let app = school::open(&pool).await;
    let (mut anna, mut admin, mut curator) =
        (school::sign_in(&app, STUDENT).await, school::sign_in(&app, ADMIN).await, school::sign_in(&app, CURATOR).await);
    let id = start(&mut anna, TEST).await;
    save(&mut anna, id, &OPEN, 1, text("Окно")).await;
    submit(&mut anna, id).await;
    assert_eq!(score(&mut curator, id, &OPEN, "1", "").await.status, 303);
    let here = page(TEST, OPEN.id);
    for act in ["new_key", "both_keys"] {
        let answer = admin.post(&here, &[("step", "preview"), ("act", act)]).await;
        assert_eq!(answer.status, 422, "a curator's question has no key");
    }
    correct(&mut admin, &here, "full_marks", "").await;
    assert_eq!(mark(&pool, id).await, "3/1 of 6 false");
    let next = start(&mut anna, TEST).await;
    submit(&mut anna, next).await;
    assert_eq!(mark(&pool, next).await, "3/1 of 6 false", "and nobody has to score it");
    let given: String = one(
        &pool,
        &format!("select score_numerator || '/' || score_denominator from test_answers where attempt_id = '{id}' and question_id = '{}'", OPEN.id),
    )
    .await;
    assert_eq!(given, "1/3", "what the curator gave is kept");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn keys_of_all_kinds_count_in_the_order_shown(pool: PgPool) {
    let app = school::open(&pool).await;
    let kinds = kinds::add(&pool, &app).await;
    let (mut anna, mut admin) = (school::sign_in(&app, STUDENT).await, school::sign_in(&app, ADMIN).await);
    let id = start(&mut anna, TIMED).await;
    let question = |id| Question { id, right: &[], wrong: &[] };
    // Matching: everything evening. Ordering: the reverse of the key. Text, number, gaps: wrong words.
    let order = shown_order(&pool, id, kinds.matching).await;
    let evening = order.iter().position(|index| *index == 2).unwrap();
    let reverse: Vec<usize> = shown_order(&pool, id, kinds.ordering).await.into_iter().map(|index| 3 - index).collect();
    for (asked, value) in [
        (kinds.text, json!({ "text": "Выдержка" })),
        (kinds.number, json!({ "text": "10 кг" })),
        (kinds.matching, json!({ "picks": [evening, evening, evening] })),
        (kinds.ordering, json!({ "picks": reverse })),
        (kinds.gaps, json!({ "words": ["раз", "два"] })),
        (kinds.bank, json!({ "words": ["цвет", "размер"] })),
    ] {
        assert_eq!(save(&mut anna, id, &question(asked), 1, value).await, "Saved");
    }
    submit(&mut anna, id).await;
    // Only the third pair was right: 2/3 of a point of 13.
    assert_eq!(mark(&pool, id).await, "2/3 of 13 false");
    for (asked, key, more, now) in [
        (kinds.text, "выдержка", "", "8/3 of 13 false"),
        (kinds.number, "9,5 ± 0,5", "кг", "14/3 of 13 false"),
        (kinds.matching, "**север** => вечерний\nюг => вечерний\nзапад => вечерний\n=> холодный\n=> тёплый\n=> никакой", "", "6/1 of 13 false"),
        (kinds.ordering, "снимок\nкамера\nстул\nокно", "", "8/1 of 13 true"),
        (kinds.gaps, "- Свет [[раз]]\n- и тень [[два]].", "", "10/1 of 13 true"),
        (kinds.bank, "Мягкость — [[цвет]], яркость — [[размер]]", "мощность", "12/1 of 13 true"),
    ] {
        let here = page(TIMED, asked);
        let mut fields = vec![("act", "new_key"), ("answers", key), ("step", "preview")];
        match asked {
            asked if asked == kinds.number => fields.push(("unit", more)),
            asked if asked == kinds.bank => fields.extend([("has_bank", "yes"), ("distractors", more)]),
            _ => {}
        }
        let answer = admin.post(&here, &fields).await;
        assert_eq!(answer.status, 200, "{key}: {}", answer.text());
        let html = answer.text();
        let (correction, token) = (hidden(&html, "id"), hidden(&html, "token"));
        fields.retain(|(name, _)| *name != "step");
        fields.extend([("step", "apply"), ("id", &correction), ("token", &token), ("reason", "Опечатка")]);
        assert_eq!(admin.post(&here, &fields).await.status, 303, "{key}");
        assert_eq!(mark(&pool, id).await, now, "{key}");
    }
    change(&pool, "update test_versions set show_key = 'at_once'").await;
    let (_, result) = attempt(&mut anna, id).await;
    for question in &result["questions"].as_array().unwrap()[1..] {
        for line in question["lines"].as_array().unwrap() {
            assert_eq!(line["is_right"], json!(true), "the result agrees with the points: {question}");
        }
    }
}
