//! Tests that draw questions out of a course's bank: set in the draft, drawn at the start, first what the learner has not met.

use crate::support::Client;
use crate::support::database::{change, contents, count, list, one};
use crate::support::quiz::{attempt, start, submit};
use crate::support::school::{self, ADMIN, LIGHT, STUDENT, TIMED, TIMED_SINGLE};
use lectern::features::quizzes::formats::FileFormat;
use lectern::features::quizzes::server::authors::exchange::{Source, import};
use lectern::server::ctx::Ctx;
use lectern::shared::i18n::{Locale, learning, problem};
use sqlx::PgPool;
use std::collections::BTreeSet;
use uuid::Uuid;

fn path(rest: &str) -> String {
    format!("/admin/courses/{LIGHT}/tests/{TIMED}{rest}")
}

async fn draw(admin: &mut Client, tag: &str, wanted: &str, weight: &str) -> u16 {
    admin.post(&path("/draws"), &[("tag", tag), ("wanted", wanted), ("weight", weight)]).await.status
}

/// A bank with so many questions tagged `Свет`, and one of another tag.
async fn bank(app: &crate::support::TestApp, count: usize) {
    let questions: Vec<String> = (0..count).map(|number| format!("::Вопрос {number}:: Какой? {{ =a{number} ~b ~c }}\n\n")).collect();
    let file = format!("$CATEGORY: Свет\n\n{}$CATEGORY: Тень\n\nЧто? {{ =a ~b }}\n", questions.concat());
    let ctx = Ctx::system(app.state.clone());
    let taken = import(&ctx, Source::Bank(LIGHT), FileFormat::Gift, file.into_bytes()).await.unwrap().unwrap();
    assert_eq!(taken.questions.len(), count + 1, "{:?}", taken.report);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn an_attempt_draws_first_what_its_learner_has_not_met(pool: PgPool) {
    let app = school::open(&pool).await;
    bank(&app, 5).await;
    let (mut admin, mut student) = (school::sign_in(&app, ADMIN).await, school::sign_in(&app, STUDENT).await);
    assert_eq!(draw(&mut admin, " Свет ", "2", "3").await, 303);
    let before = start(&mut student, TIMED).await;
    assert_eq!(attempt(&mut student, before).await.1["questions"].as_array().unwrap().len(), 1, "a draft changes nothing for learners");
    submit(&mut student, before).await;
    assert_eq!(admin.post(&path("/publish"), &[]).await.status, 303);
    let front = student.get(&format!("/learn/tests/{TIMED}")).await;
    assert!(front.says(&learning::questions(Locale::Ru, 3)), "promised before the start");

    let mut met = Vec::new();
    for round in 0..3 {
        let id = start(&mut student, TIMED).await;
        let of_attempt = format!("test_attempt_questions where attempt_id = '{id}'");
        let drawn: Vec<Uuid> = list(&pool, &format!("select question_id from {of_attempt} and question_id <> '{}'", TIMED_SINGLE.id)).await;
        assert_eq!(drawn.len(), 2, "beside the one that the test names");
        assert_eq!(one::<i64>(&pool, &format!("select sum(weight) from {of_attempt}")).await, 1 + 2 * 3);
        assert_eq!(one::<i32>(&pool, &format!("select max_points from test_attempts where id = '{id}'")).await, 7);
        let tagged = format!("questions where tags @> '{{Свет}}' and id in (select question_id from {of_attempt})");
        assert_eq!(count(&pool, &tagged).await, 2);
        let again = attempt(&mut student, id).await.1["questions"].clone();
        assert_eq!(attempt(&mut student, id).await.1["questions"], again, "a reload draws nothing anew");
        met.extend(drawn);
        let different: BTreeSet<&Uuid> = met.iter().collect();
        assert_eq!(different.len(), [2, 4, 5][round], "those that were met come last");
        submit(&mut student, id).await;
        app.pass(60);
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn twenty_parallel_starts_draw_once(pool: PgPool) {
    let app = school::open(&pool).await;
    bank(&app, 9).await;
    let (mut admin, student) = (school::sign_in(&app, ADMIN).await, school::sign_in(&app, STUDENT).await);
    assert_eq!(draw(&mut admin, "Свет", "3", "1").await, 303);
    assert_eq!(admin.post(&path("/publish"), &[]).await.status, 303);
    let starts: Vec<_> = (0..20)
        .map(|_| {
            let mut tab = student.clone();
            tokio::spawn(async move { start(&mut tab, TIMED).await })
        })
        .collect();
    let mut ids = BTreeSet::new();
    for start in starts {
        ids.insert(start.await.unwrap());
    }
    assert_eq!((ids.len(), count(&pool, "test_attempts").await, count(&pool, "test_attempt_questions").await), (1, 1, 4));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_bank_must_have_what_a_test_wants(pool: PgPool) {
    let app = school::open(&pool).await;
    bank(&app, 2).await;
    let (mut admin, mut student) = (school::sign_in(&app, ADMIN).await, school::sign_in(&app, STUDENT).await);
    let before = contents(&pool).await;
    for (tag, wanted, weight) in
        [("", "1", "1"), ("a,b", "1", "1"), ("Свет", "0", "1"), ("Свет", "201", "1"), ("Свет", "1", "-1"), ("Свет", "x", "1")]
    {
        assert_eq!(draw(&mut admin, tag, wanted, weight).await, 422, "{tag} {wanted} {weight}");
    }
    assert_eq!(admin.post(&path("/draws"), &[("remove", "Свет")]).await.status, 404);
    assert_eq!(contents(&pool).await, before);
    assert_eq!(draw(&mut admin, "Свет", "3", "1").await, 303);
    assert_eq!(draw(&mut admin, "Свет", "1", "1").await, 422, "once per tag");
    let refused = admin.post(&path("/publish"), &[]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.says(&problem::too_few(Locale::Ru, 3)), "{}", refused.text());
    assert_eq!(admin.post(&path("/draws"), &[("remove", "Свет")]).await.status, 303);
    assert_eq!(draw(&mut admin, "Свет", "2", "1").await, 303);
    assert_eq!(admin.post(&path("/publish"), &[]).await.status, 303);
    // Another draft begins with the rules of what is published.
    assert_eq!(draw(&mut admin, "Тень", "1", "1").await, 303);
    assert_eq!(count(&pool, "test_version_draws").await, 1 + 2);
    change(&pool, "update questions set state = 'archived' where id = (select id from questions where tags @> '{Свет}' limit 1)").await;
    let id = start(&mut student, TIMED).await;
    assert_eq!(attempt(&mut student, id).await.1["questions"].as_array().unwrap().len(), 2, "what is left is asked");
}
