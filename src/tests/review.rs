//! Curators: the queue of their courses, the open answers, points and remarks.

use crate::support::database::{change, contents, count, list, one, warm_up};
use crate::support::quiz::{attempt, choice, save, score, start, submit, text};
use crate::support::school::{self, ADMIN, CURATOR, MULTIPLE, OPEN, SINGLE, STRANGER, STUDENT, TEST};
use crate::support::{Client, TestApp};
use lectern::shared::i18n::{Locale, problem};
use serde_json::json;
use sqlx::PgPool;
use uuid::Uuid;

/// A hand-in whose open answer waits, with 3 of the machine's 3 points.
async fn hand_in(app: &TestApp) -> (Client, Uuid) {
    let mut student = school::sign_in(app, STUDENT).await;
    let id = start(&mut student, TEST).await;
    save(&mut student, id, &SINGLE, 1, choice(SINGLE.right)).await;
    save(&mut student, id, &MULTIPLE, 1, choice(MULTIPLE.right)).await;
    save(&mut student, id, &OPEN, 1, text("Окно слева <b>и</b> отражатель")).await;
    submit(&mut student, id).await;
    (student, id)
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn the_machines_part_is_known_while_the_rest_waits(pool: PgPool) {
    let app = school::open(&pool).await;
    let (mut student, id) = hand_in(&app).await;
    assert_eq!(one::<String>(&pool, "select state || ' ' || machine_points_numerator from test_attempts").await, "needs_review 3");
    let (name, page) = attempt(&mut student, id).await;
    assert_eq!(
        (name.as_str(), &page["machine_points"], &page["machine_max"], &page["points"]),
        ("Finished", &json!([3, 1]), &json!(3), &json!(null))
    );
    assert_eq!(page["promised"]["unix_ms"], json!((app.now() + chrono::Duration::hours(24)).timestamp_millis()), "with a due moment");
    let home = student.call("learning/home", json!({})).await.json();
    assert_eq!(home["in_review"][0]["attempt_id"], json!(id), "and the learner sees it waiting");
    assert!(student.get("/learn").await.text().contains(&format!("/learn/attempts/{id}")));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn the_queue_holds_ones_own_courses_by_due_moment(pool: PgPool) {
    let app = school::open(&pool).await;
    let (mut student, first) = hand_in(&app).await;
    app.pass(3600);
    let second = start(&mut student, TEST).await;
    save(&mut student, second, &OPEN, 1, text("Ещё раз")).await;
    submit(&mut student, second).await;
    app.pass(24 * 3600 - 1800);
    for (person, expected) in [(CURATOR, vec![json!(first), json!(second)]), (ADMIN, vec![json!(first), json!(second)]), (STRANGER, vec![])] {
        let mut staff = school::sign_in(&app, person).await;
        let queue = staff.call("review/queue", json!({ "filter": {} })).await.json()["lines"].clone();
        let ids: Vec<_> = queue.as_array().unwrap().iter().map(|line| line["waiting"]["Answers"][0].clone()).collect();
        assert_eq!(ids, expected, "{}", person.1);
        let page = staff.get("/curate").await;
        assert_eq!(page.status, 200);
        assert_eq!(page.text().contains(&format!("/curate/attempts/{first}")), !expected.is_empty(), "{}", person.1);
        if let Some(line) = queue.as_array().unwrap().first() {
            assert_eq!((&line["minutes_left"], &line["waiting"]["Answers"][1]), (&json!(-1_470 + 1440), &json!(1)), "overdue by half an hour");
        }
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_curator_reads_the_answer_with_the_model_answer(pool: PgPool) {
    let app = school::open(&pool).await;
    let (mut student, id) = hand_in(&app).await;
    let mut curator = school::sign_in(&app, CURATOR).await;
    let page = curator.get(&format!("/curate/attempts/{id}")).await;
    assert_eq!(page.status, 200);
    let html = page.text();
    assert!(html.contains("SECRET model answer") && html.contains("Анна Белова"));
    assert!(html.contains("Окно слева &lt;b&gt;и&lt;/b&gt;") && !html.contains("Окно слева <b>"), "a learner's text is text");
    let running = start(&mut student, TEST).await;
    assert_eq!(curator.get(&format!("/curate/attempts/{running}")).await.status, 404, "a running attempt is its learner's alone");
    assert_eq!(score(&mut curator, running, &OPEN, "1", "").await.status, 409);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn points_and_a_remark_grade_the_attempt(pool: PgPool) {
    let app = school::open(&pool).await;
    let (mut student, id) = hand_in(&app).await;
    let mut curator = school::sign_in(&app, CURATOR).await;
    student.post(&format!("{}/complete", school::lesson_path(school::LESSONS[1])), &[]).await;
    app.pass(60);
    let answer = score(&mut curator, id, &OPEN, "1,5", "Про <фон>\r\nхорошо").await;
    assert_eq!((answer.status, answer.location()), (303, "/curate"), "{}", answer.text());
    let row: String =
        one(&pool, "select state || ' ' || points_numerator || '/' || points_denominator || ' ' || is_passed || ' ' || (graded_at - finished_at)::text from test_attempts").await;
    assert_eq!(row, "graded 9/2 true 00:01:00");
    let scored: String =
        one(&pool, "select score_numerator || '/' || score_denominator || ' ' || scored_by from test_answers where remark <> ''").await;
    assert_eq!(scored, format!("1/2 {}", CURATOR.0), "who gave it is on record");
    assert_eq!(one::<String>(&pool, &format!("select state from lesson_progress where lesson_id = '{}'", school::LESSONS[1])).await, "completed");
    let html = student.get(&format!("/learn/attempts/{id}")).await.text();
    assert!(html.contains("Про &lt;фон&gt;") && html.contains("4,5"), "the learner reads remark and points");
    assert_eq!(
        list::<i64>(&pool, "select count(*) from outbox_events where kind in ('answer_scored', 'attempt_graded') group by kind").await,
        [1, 1]
    );
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn bad_points_are_refused_beside_their_field_with_what_was_typed(pool: PgPool) {
    let app = school::open(&pool).await;
    let (_, id) = hand_in(&app).await;
    let mut curator = school::sign_in(&app, CURATOR).await;
    let before = contents(&pool).await;
    let ru = Locale::Ru;
    for (points, remark, sentence) in [
        ("", "Заметка", problem::required(ru).to_owned()),
        ("4", "Заметка", problem::points_out_of_range(ru, 3)),
        ("3,5", "Заметка", problem::points_out_of_range(ru, 3)),
        ("-1", "Заметка", problem::points_out_of_range(ru, 3)),
        ("1,25", "Заметка", problem::points_out_of_range(ru, 3)),
        ("два", "Заметка", problem::points_out_of_range(ru, 3)),
        ("1e0", "Заметка", problem::points_out_of_range(ru, 3)),
        ("1", &"я".repeat(5001), problem::too_long(ru, 5000)),
    ] {
        let answer = score(&mut curator, id, &OPEN, points, remark).await;
        assert_eq!(answer.status, 422, "{points:?}");
        assert!(answer.says(&sentence), "{points:?} does not say: {sentence}");
        assert!(answer.text().contains(remark), "the remark stands again");
        assert!(points.is_empty() || answer.text().contains(&format!("value=\"{points}\"")), "the points {points:?} stand again");
    }
    assert_eq!(score(&mut curator, id, &OPEN, "1", "a\0b").await.status, 422);
    assert_eq!(contents(&pool).await, before, "nothing is written");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn the_second_verdict_is_late(pool: PgPool) {
    let app = school::open(&pool).await;
    let (mut student, id) = hand_in(&app).await;
    let (mut curator, mut admin) = (school::sign_in(&app, CURATOR).await, school::sign_in(&app, ADMIN).await);
    warm_up(&pool).await;
    let (one_answer, two_answer) = tokio::join!(score(&mut curator, id, &OPEN, "3", "первый"), score(&mut admin, id, &OPEN, "0", "второй"));
    let mut statuses = [one_answer.status, two_answer.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409], "two at once: one counts");
    let before = contents(&pool).await;
    let late = score(&mut curator, id, &OPEN, "1", "").await;
    assert_eq!(late.status, 409);
    assert!(late.says(lectern::shared::i18n::error::conflict_title(Locale::Ru)));
    assert_eq!(contents(&pool).await, before);
    assert_eq!(count(&pool, "outbox_events where kind = 'attempt_graded'").await, 1);
    assert_eq!(attempt(&mut student, id).await.1["state"], json!("graded"));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn another_courses_curator_finds_nothing_here(pool: PgPool) {
    let app = school::open(&pool).await;
    let (mut student, id) = hand_in(&app).await;
    let mut stranger = school::sign_in(&app, STRANGER).await;
    let before = contents(&pool).await;
    assert_eq!(stranger.get(&format!("/curate/attempts/{id}")).await.status, 404);
    assert_eq!(score(&mut stranger, id, &OPEN, "3", "").await.status, 404);
    assert_eq!(stranger.call("review/attempt", json!({ "attempt_id": id })).await.status, 404);
    for attempt in [id, Uuid::from_u128(7)] {
        assert_eq!(student.get(&format!("/curate/attempts/{attempt}")).await.status, 403, "a student learns nothing about ids");
        assert_eq!(score(&mut student, attempt, &OPEN, "3", "").await.status, 403);
    }
    assert_eq!(contents(&pool).await, before);
    let mut curator = school::sign_in(&app, CURATOR).await;
    change(&pool, &format!("delete from course_curators where user_id = '{}'", CURATOR.0)).await;
    assert_eq!(curator.get(&format!("/curate/attempts/{id}")).await.status, 404, "nor does a former one");
}
