//! Rubrics: set in a draft, kept by rounds, chosen at the verdict, told to the learner.

use crate::support::database::{count, list, one};
use crate::support::school::{self, ADMIN, CURATOR, LIGHT, STUDENT};
use crate::support::works::{self, WORK, hand_in, judge, page};
use lectern::shared::i18n::{Locale, problem};
use serde_json::json;
use sqlx::PgPool;

const FIELDS: [(&str, &str); 14] = [
    ("title", "Портрет у окна"),
    ("task", "Снимите портрет"),
    ("takes_text", "yes"),
    ("mark", "none"),
    ("max_points", "77"),
    ("late_days", "5"),
    ("late_percent", "10"),
    ("criterion_0", "Свет"),
    ("level_0_0", "Плоский"),
    ("points_0_0", "0"),
    ("level_0_2", "Рисует"),
    ("points_0_2", "6"),
    ("criterion_2", "Кадр"),
    ("level_2_0", "Случайный"),
];
const MORE: [(&str, &str); 3] = [("points_2_0", "1"), ("level_2_1", "Собран"), ("points_2_1", "3")];

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_rubric_makes_the_mark(pool: PgPool) {
    let app = school::open(&pool).await;
    works::set(&pool).await;
    let mut admin = school::sign_in(&app, ADMIN).await;
    let path = format!("/admin/courses/{LIGHT}/assignments/{WORK}");
    let half = admin.post(&path, &FIELDS).await;
    assert_eq!(half.status, 422, "a level without points, a criterion with one level");
    for typed in ["Рисует", "Случайный", "Кадр"] {
        assert!(half.text().contains(typed), "what was typed stands again");
    }
    let fields = [&FIELDS[..], &MORE[..]].concat();
    assert_eq!(admin.post(&path, &fields).await.status, 303);
    assert_eq!(admin.post(&path, &fields).await.status, 303, "the same again changes nothing");
    assert_eq!(count(&pool, "outbox_events where kind = 'assignment_edited'").await, 1);
    let shown = admin.get(&path).await.text();
    assert!(
        shown.contains("name=\"criterion_2\"") && !shown.contains("name=\"criterion_3\""),
        "what was left empty is not there, and one is offered"
    );
    let kept: String =
        one(&pool, "select mark || ' ' || max_points || ' ' || rubric::text from assignment_versions where published_at is null").await;
    assert!(kept.starts_with("points 9 [") && kept.contains("Собран"), "{kept}");
    assert_eq!(admin.post(&format!("{path}/publish"), &[]).await.status, 303);

    let mut student = school::sign_in(&app, STUDENT).await;
    assert!(student.get(&format!("/learn/assignments/{WORK}")).await.text().contains("Рисует"), "learners know by what they are marked");
    let id = hand_in(&mut student, &pool, "Круг").await;
    let mut curator = school::sign_in(&app, CURATOR).await;
    let desk = curator.get(&format!("/curate/submissions/{id}")).await.text();
    assert!(desk.contains("name=\"rubric_1\"") && !desk.contains("name=\"points\""));
    for (chosen, field) in [(&[("rubric_0", "1")][..], "rubric_1"), (&[("rubric_0", "2"), ("rubric_1", "0")], "rubric_0")] {
        let refused = judge(&mut curator, id, "accept", &[chosen, &[("points", "9")]].concat()).await;
        assert!(refused.status == 422 && refused.text().contains(&format!("id=\"{field}-error\"")) && refused.says(problem::required(Locale::Ru)));
    }
    assert_eq!(judge(&mut curator, id, "accept", &[("rubric_0", "1"), ("rubric_1", "0"), ("points", "2")]).await.status, 303);
    let mark: String = one(&pool, "select mark_numerator || '/' || mark_denominator || ' ' || levels::text from assignment_rounds").await;
    assert_eq!(mark, "7/1 {1,0}");
    let verdict = page(&mut student).await["work"]["rounds"][0]["verdict"].clone();
    assert_eq!(
        verdict["levels"],
        json!([{ "criterion": "Свет", "level": "Рисует", "points": 6, "most": 6 }, { "criterion": "Кадр", "level": "Случайный", "points": 1, "most": 3 }])
    );
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_round_is_marked_by_the_rubric_it_was_asked_by(pool: PgPool) {
    let app = school::open(&pool).await;
    works::set(&pool).await;
    works::rule(&pool, "rubric = '[{\"title\": \"Свет\", \"levels\": [{\"title\": \"a\", \"points\": 0}, {\"title\": \"b\", \"points\": 10}]}]', days = 1, late_days = 5, late_percent = 10").await;
    let mut student = school::sign_in(&app, STUDENT).await;
    assert_eq!(works::send(&mut student, "Круг", "save").await.status, 303);
    app.pass(2 * 86_400 + 60);
    let mut student = school::sign_in(&app, STUDENT).await;
    let id = hand_in(&mut student, &pool, "Круг").await;
    let mut admin = school::sign_in(&app, ADMIN).await;
    let path = format!("/admin/courses/{LIGHT}/assignments/{WORK}");
    let fields = [("title", "Портрет"), ("task", "Снимите"), ("takes_text", "yes"), ("mark", "points"), ("max_points", "50")];
    assert_eq!(admin.post(&path, &fields).await.status, 303);
    assert_eq!(admin.post(&format!("{path}/publish"), &[]).await.status, 303);
    let rubrics: Vec<String> = list(&pool, "select rubric::text from assignment_versions order by number").await;
    assert!(rubrics[0].contains("Свет") && rubrics[1] == "[]");
    let mut curator = school::sign_in(&app, CURATOR).await;
    let json = json!({ "submission_id": id, "verdict": { "act": "accept", "round": 1, "reason": "", "day": "", "points": "44", "levels": [1], "is_confirmed": false } });
    let answer = curator.call("works/verdict", json).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let mark: String = one(
        &pool,
        "select mark_numerator || '/' || mark_denominator || ' -' || deduction_numerator || '/' || deduction_denominator from assignment_rounds",
    )
    .await;
    assert_eq!(mark, "10/1 -2/1", "two days begun late cost two tenths of it");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_mark_is_shown_of_what_its_own_round_was_worth(pool: PgPool) {
    let app = school::open(&pool).await;
    works::set(&pool).await;
    let (mut student, mut curator, mut admin) =
        (school::sign_in(&app, STUDENT).await, school::sign_in(&app, CURATOR).await, school::sign_in(&app, ADMIN).await);
    let id = hand_in(&mut student, &pool, "Круг").await;
    assert_eq!(judge(&mut curator, id, "accept", &[("points", "8")]).await.status, 303);
    assert_eq!(judge(&mut curator, id, "reopen", &[("reason", "Ещё раз"), ("day", "2026-03-09")]).await.status, 303);
    let path = format!("/admin/courses/{LIGHT}/assignments/{WORK}");
    let fields = [("title", "Портрет"), ("task", "Снимите"), ("takes_text", "yes"), ("mark", "points"), ("max_points", "50")];
    assert_eq!(admin.post(&path, &fields).await.status, 303);
    assert_eq!(admin.post(&format!("{path}/publish"), &[]).await.status, 303);
    let mine = page(&mut student).await;
    assert_eq!((&mine["task"]["max_points"], &mine["work"]["rounds"][0]["max_points"]), (&json!(50), &json!(10)));
    let shown = student.get(&format!("/learn/assignments/{WORK}")).await;
    assert!(shown.says("Баллы: 8 из 10") && !shown.says("8 из 50"));
}
