//! Curators on leave, and those who are disabled: what waits for them, what is new, what comes again.

use crate::support::database::{change, contents, count, list, one};
use crate::support::school::{self, ADMIN, CURATOR, ENROLLMENT, LIGHT, OPEN, STRANGER, STUDENT, TEST};
use crate::support::works::{self, hand_in, judge, remark, standing};
use crate::support::{Answer, Client, TestApp, quiz};
use lectern::features::assignments::server::upkeep;
use lectern::server::worker;
use lectern::shared::i18n::{Locale, desk, problem};
use serde_json::{Value, json};
use sqlx::PgPool;
use uuid::Uuid;

const RETURN: [(&str, &str); 2] = [("reason", "Ещё"), ("day", "2026-03-20")];

/// The school with the assignment, whose learner has a curator of their own.
async fn opened(pool: &PgPool) -> (TestApp, Client, Client) {
    let app = school::open(pool).await;
    works::set(pool).await;
    change(pool, &format!("update course_enrollments set curator_id = '{}' where id = '{ENROLLMENT}'", CURATOR.0)).await;
    let (student, curator) = (school::sign_in(&app, STUDENT).await, school::sign_in(&app, CURATOR).await);
    (app, student, curator)
}

/// A second curator of the course.
async fn join(pool: &PgPool) {
    let sql = format!("insert into course_curators (course_id, user_id, created_at) values ('{LIGHT}', '{}', '2026-01-11Z')", STRANGER.0);
    change(pool, &sql).await;
}

async fn hand_over(client: &mut Client, place: &str, to: &str, until: &str) -> Answer {
    client.post(&format!("{place}/hand-over"), &[("to", to), ("until", until)]).await
}

async fn duty(client: &mut Client, curator: Option<Uuid>) -> Value {
    let answer = client.call("works/duty", json!({ "curator": curator })).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

/// Hands in an attempt whose open answer waits.
async fn attempt(student: &mut Client) -> Uuid {
    let attempt = quiz::start(student, TEST).await;
    quiz::save(student, attempt, &OPEN, 1, quiz::text("Окно слева")).await;
    quiz::submit(student, attempt).await;
    attempt
}

/// The attempts in somebody's own queue.
async fn own_attempts(app: &TestApp, person: (Uuid, &str)) -> Vec<Value> {
    let mut staff = school::sign_in(app, person).await;
    let queue = staff.call("review/queue", json!({ "filter": { "is_mine": true } })).await.json();
    queue["lines"].as_array().unwrap().iter().map(|line| line["waiting"]["Answers"][0].clone()).filter(|id| !id.is_null()).collect()
}

/// The kinds of news that somebody has.
async fn told(app: &TestApp, pool: &PgPool, user: Uuid) -> Vec<String> {
    while worker::relay(&app.ctx(), 100).await.unwrap() > 0 {}
    list(pool, &format!("select kind from notifications where user_id = '{user}' order by created_at, id")).await
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn an_administrator_hands_over_the_queue_of_who_is_ill(pool: PgPool) {
    let (app, mut student, mut curator) = opened(&pool).await;
    join(&pool).await;
    let id = hand_in(&mut student, &pool, "Круг").await;
    assert_eq!(remark(&mut curator, id, "praise", "Начало").await.status, 200, "it is in their hands");
    let mut admin = school::sign_in(&app, ADMIN).await;
    let place = format!("/admin/users/{}", CURATOR.0);
    let ([stranger, themself, learner], ru) = ([STRANGER.0, CURATOR.0, STUDENT.0].map(|id| id.to_string()), Locale::Ru);
    let page = admin.get(&place).await;
    assert!(page.text().contains(&format!("{place}/hand-over")) && !page.text().contains(&format!("{place}/back")));
    assert!(!admin.get(&format!("/admin/users/{}", STUDENT.0)).await.text().contains("/hand-over"), "a student has no queue");

    let before = contents(&pool).await;
    for (to, until, sentence) in [
        (stranger.as_str(), "2026-03-01", problem::not_a_day(ru)),
        (stranger.as_str(), "soon", problem::not_a_day(ru)),
        (stranger.as_str(), "2028-01-01", problem::not_a_day(ru)),
        (learner.as_str(), "2026-03-09", problem::unknown_choice(ru)),
        (themself.as_str(), "", problem::unknown_choice(ru)),
        ("rubbish", "2026-03-09", problem::unknown_choice(ru)),
        ("", "", problem::unknown_choice(ru)),
    ] {
        let answer = hand_over(&mut admin, &place, to, until).await;
        assert!(answer.status == 422 && answer.says(sentence), "{to} {until}: {}", answer.status);
    }
    assert_eq!(hand_over(&mut admin, &format!("/admin/users/{}", STUDENT.0), &stranger, "").await.status, 404);
    assert_eq!(hand_over(&mut curator, &format!("/admin/users/{}", STRANGER.0), &stranger, "").await.status, 403);
    assert_eq!(contents(&pool).await, before, "nothing is written");

    let answer = hand_over(&mut admin, &place, &stranger, "2026-03-09").await;
    assert_eq!((answer.status, answer.location()), (303, place.as_str()));
    assert_eq!(standing(&pool).await, "submitted stranger@school.test");
    assert_eq!(count(&pool, "assignment_holds").await, 0);
    let log: String = one(
        &pool,
        "select concat_ws(' ', actor_id, subject_id, before ->> 'curator_id', after ->> 'curator_id', after ->> 'works')
         from outbox_events where kind = 'queue_handed_over'",
    )
    .await;
    assert_eq!(log, format!("{} {} {} {} 1", ADMIN.0, CURATOR.0, CURATOR.0, STRANGER.0), "the log keeps who, whose and to whom");
    let standing_now = duty(&mut admin, Some(CURATOR.0)).await;
    assert_eq!(standing_now["colleagues"], json!([[STRANGER.0, "Нина Чужова"]]));
    assert!(standing_now["away_until"].is_object());
    let page = admin.get(&place).await.text();
    assert!(page.contains(desk::on_leave(ru)) && page.contains(&format!("{place}/back")), "a sign while they are away");
    assert!(curator.get("/curate").await.text().contains("/curate/back"), "also for themselves");
    let mut colleague = school::sign_in(&app, STRANGER).await;
    assert_eq!(duty(&mut colleague, None).await["colleagues"], json!([]), "nobody hands over to who is away");
    assert_eq!(hand_over(&mut colleague, "/curate", &themself, "").await.status, 422);
    assert!(told(&app, &pool, STRANGER.0).await.contains(&"work_waiting".to_owned()));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn on_leave_one_gets_neither_new_works_nor_the_next_round(pool: PgPool) {
    let (app, mut student, mut curator) = opened(&pool).await;
    join(&pool).await;
    assert_eq!(hand_over(&mut curator, "/curate", "", "2026-03-05").await.status, 303, "also with nothing in the queue");
    let id = hand_in(&mut student, &pool, "Первый").await;
    assert_eq!(standing(&pool).await, "submitted stranger@school.test", "a new work goes to another");
    // As if the one who is away had answered the first round.
    change(&pool, &format!("update assignment_submissions set owner_id = '{}'", CURATOR.0)).await;
    assert_eq!(judge(&mut curator, id, "return", &RETURN).await.status, 303);
    hand_in(&mut student, &pool, "Второй").await;
    assert_eq!(standing(&pool).await, "submitted stranger@school.test", "so does the next round");
    change(&pool, &format!("update assignment_submissions set owner_id = '{}'", CURATOR.0)).await;
    upkeep::tend(&app.ctx()).await.unwrap();
    assert_eq!(standing(&pool).await, "submitted stranger@school.test", "and what came to them all the same");

    // The day is over: by Moscow's clock, as they typed it.
    app.pass(3 * 86_400 + 12 * 3600);
    let (mut student, mut curator) = (school::sign_in(&app, STUDENT).await, school::sign_in(&app, CURATOR).await);
    assert_eq!(duty(&mut curator, None).await["away_until"], Value::Null);
    assert!(!curator.get("/curate").await.text().contains("/curate/back"));
    assert_eq!(judge(&mut curator, id, "return", &RETURN).await.status, 303);
    change(&pool, &format!("update assignment_submissions set owner_id = '{}'", CURATOR.0)).await;
    hand_in(&mut student, &pool, "Третий").await;
    assert_eq!(standing(&pool).await, "submitted curator@school.test", "they get works again");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn without_another_curator_works_wait_in_the_common_queue(pool: PgPool) {
    let (app, mut student, mut curator) = opened(&pool).await;
    hand_in(&mut student, &pool, "Круг").await;
    assert_eq!(hand_over(&mut curator, "/curate", "", "2026-03-09").await.status, 303);
    assert_eq!(standing(&pool).await, "submitted -");
    let moved = "select (before ->> 'owner_id') || coalesce(after ->> 'owner_id', ' nobody') from outbox_events where kind = 'work_handed_over'";
    assert_eq!(list::<String>(&pool, moved).await, [format!("{} nobody", CURATOR.0)]);
    assert!(told(&app, &pool, ADMIN.0).await.contains(&"work_waiting".to_owned()), "what has nobody must not wait unseen");
    upkeep::tend(&app.ctx()).await.unwrap();
    assert_eq!(standing(&pool).await, "submitted -");

    assert_eq!(curator.post("/curate/back", &[]).await.status, 303);
    assert_eq!(curator.post("/curate/back", &[]).await.status, 303, "said twice");
    assert_eq!(count(&pool, "outbox_events where kind = 'curator_came_back'").await, 1);
    assert_eq!(duty(&mut curator, None).await["away_until"], Value::Null);
    upkeep::tend(&app.ctx()).await.unwrap();
    assert_eq!(standing(&pool).await, "submitted curator@school.test", "who is back has it again");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn open_answers_go_to_another_too(pool: PgPool) {
    let (app, mut student, mut curator) = opened(&pool).await;
    join(&pool).await;
    let first = attempt(&mut student).await;
    assert_eq!((told(&app, &pool, CURATOR.0).await, told(&app, &pool, STRANGER.0).await.len()), (vec!["review_waiting".to_owned()], 0));
    assert_eq!((own_attempts(&app, CURATOR).await, own_attempts(&app, STRANGER).await), (vec![json!(first)], vec![]), "the learner's own curator's");
    let stranger = STRANGER.0.to_string();
    assert_eq!(hand_over(&mut curator, "/curate", &stranger, "").await.status, 303, "without a day: what waits now");
    assert_eq!((own_attempts(&app, CURATOR).await, own_attempts(&app, STRANGER).await), (vec![], vec![json!(first)]));
    let moved = "select (before ->> 'owner_id') || ' ' || (after ->> 'owner_id') from outbox_events where kind = 'attempt_handed_over'";
    assert_eq!(list::<String>(&pool, moved).await, [format!("{} {stranger}", CURATOR.0)]);
    assert_eq!(told(&app, &pool, STRANGER.0).await, ["review_waiting"]);
    let mut admin = school::sign_in(&app, ADMIN).await;
    let queue = admin.call("review/queue", json!({ "filter": {} })).await.json();
    assert_eq!(queue["lines"][0]["owner"], json!("Нина Чужова"), "and everybody sees whose it is");
    assert_eq!(hand_over(&mut curator, "/curate", &stranger, "").await.status, 422, "nothing is left to hand over");

    // On leave: what is new is everybody's of the course who is there.
    assert_eq!(hand_over(&mut curator, "/curate", "", "2026-03-05").await.status, 303);
    let second = attempt(&mut student).await;
    assert_eq!((own_attempts(&app, CURATOR).await.len(), own_attempts(&app, STRANGER).await), (1, vec![json!(first), json!(second)]));
    assert_eq!(told(&app, &pool, STRANGER.0).await, ["review_waiting", "review_waiting"]);
    assert_eq!(told(&app, &pool, CURATOR.0).await, ["review_waiting"], "that of before");
    assert_eq!(curator.post("/curate/back", &[]).await.status, 303);
    assert_eq!((own_attempts(&app, CURATOR).await, own_attempts(&app, STRANGER).await), (vec![json!(second)], vec![json!(first)]));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_disabled_curator_owes_nothing_any_more(pool: PgPool) {
    let (app, mut student, mut curator) = opened(&pool).await;
    join(&pool).await;
    let id = hand_in(&mut student, &pool, "Первый").await;
    let waiting = attempt(&mut student).await;
    assert_eq!(told(&app, &pool, STRANGER.0).await, Vec::<String>::new(), "both are the curator's");
    assert_eq!(judge(&mut curator, id, "return", &RETURN).await.status, 303);
    let mut admin = school::sign_in(&app, ADMIN).await;
    assert_eq!(admin.post(&format!("/admin/users/{}/disable", CURATOR.0), &[]).await.status, 303);
    hand_in(&mut student, &pool, "Второй").await;
    assert_eq!(standing(&pool).await, "submitted stranger@school.test", "the next round finds another");
    assert_eq!(own_attempts(&app, STRANGER).await, [json!(waiting)], "so do the open answers");
    assert_eq!(told(&app, &pool, STRANGER.0).await, ["work_waiting"]);

    // The last one is disabled with the work in hand.
    let mut stranger = school::sign_in(&app, STRANGER).await;
    assert_eq!(remark(&mut stranger, id, "praise", "Начало").await.status, 200);
    assert_eq!(admin.post(&format!("/admin/users/{}/disable", STRANGER.0), &[]).await.status, 303);
    upkeep::tend(&app.ctx()).await.unwrap();
    assert_eq!(standing(&pool).await, "submitted -");
    assert_eq!((count(&pool, "assignment_holds").await, count(&pool, "assignment_remarks").await), (0, 1), "what they wrote is kept");
    let news = told(&app, &pool, ADMIN.0).await;
    assert!(news.contains(&"work_waiting".to_owned()), "{news:?}");
    assert_eq!(judge(&mut admin, id, "accept", &[("points", "7")]).await.status, 303, "an administrator answers it");
}
