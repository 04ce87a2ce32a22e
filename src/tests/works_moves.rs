//! Works that go back and forth: expired and opened again, taken back, marked round by round.

use crate::support::Client;
use crate::support::course::{progress_of, rule};
use crate::support::database::{change, contents, list, one};
use crate::support::school::{self, CURATOR, ENROLLMENT, LESSONS, OTHER, STUDENT};
use crate::support::works::{self, WORK, hand_in, judge, page, send, standing};
use lectern::features::assignments::server::upkeep;
use lectern::shared::i18n::{Locale, problem};
use serde_json::json;
use sqlx::PgPool;
use uuid::Uuid;

/// What the page itself would send to open a work again.
async fn reopened_from_its_page(client: &mut Client, id: Uuid, round: &str) -> u16 {
    let path = format!("/curate/submissions/{id}");
    let html = client.get(&path).await.text();
    assert!(html.contains("value=\"reopen\"") && html.contains(&format!("name=\"round\" value=\"{round}\"")), "{html}");
    let fields = [("verdict", "reopen"), ("round", round), ("reason", "Болела"), ("day", "2026-03-30")];
    client.post(&format!("{path}/verdict"), &fields).await.status
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_work_that_expired_before_it_was_ever_handed_in_is_opened_again_from_its_page(pool: PgPool) {
    let app = school::open(&pool).await;
    works::set(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    assert_eq!(send(&mut student, "Начало", "save").await.status, 303);
    app.pass(8 * 86_400);
    upkeep::tend(&app.ctx()).await.unwrap();
    assert_eq!(standing(&pool).await, "expired -");
    let id: Uuid = one(&pool, "select id from assignment_submissions").await;
    let mut curator = school::sign_in(&app, CURATOR).await;
    assert!(!curator.get(&format!("/curate/submissions/{id}")).await.text().contains("Начало"), "what was not handed in is its learner's");
    assert_eq!(reopened_from_its_page(&mut curator, id, "1").await, 303);
    assert_eq!(standing(&pool).await, "returned -");
    let mut student = school::sign_in(&app, STUDENT).await;
    let mine = page(&mut student).await;
    assert_eq!((&mine["draft"]["number"], &mine["draft"]["text"]), (&json!(1), &json!("Начало")), "it goes on where it was");
    hand_in(&mut student, &pool, "Начало и конец").await;
    assert_eq!(list::<i32>(&pool, "select number from assignment_rounds order by number").await, [1]);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_second_round_that_expired_unsent_is_opened_again_from_its_page(pool: PgPool) {
    let app = school::open(&pool).await;
    works::set(&pool).await;
    let (mut student, mut curator) = (school::sign_in(&app, STUDENT).await, school::sign_in(&app, CURATOR).await);
    let id = hand_in(&mut student, &pool, "Первый").await;
    assert_eq!(judge(&mut curator, id, "return", &[("reason", "Ещё"), ("day", "2026-03-09")]).await.status, 303);
    assert_eq!(send(&mut student, "Второй", "save").await.status, 303);
    app.pass(9 * 86_400);
    upkeep::tend(&app.ctx()).await.unwrap();
    assert_eq!(standing(&pool).await, "expired curator@school.test");
    let mut curator = school::sign_in(&app, CURATOR).await;
    assert_eq!(reopened_from_its_page(&mut curator, id, "2").await, 303);
    let mut student = school::sign_in(&app, STUDENT).await;
    assert_eq!(page(&mut student).await["draft"]["text"], json!("Второй"));
    assert_eq!(send(&mut student, "Второй, сдан", "submit").await.status, 303);
    assert_eq!(list::<i32>(&pool, "select number from assignment_rounds where submitted_at is not null order by number").await, [1, 2]);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn what_was_sent_once_stays_sent(pool: PgPool) {
    let app = school::open(&pool).await;
    works::set(&pool).await;
    change(&pool, "update course_version_assignments set requires = 'sent'").await;
    rule(&pool, 1, "opens = 'after_sent'").await;
    let (mut student, mut curator) = (school::sign_in(&app, STUDENT).await, school::sign_in(&app, CURATOR).await);
    assert_eq!(send(&mut student, "Первый", "save").await.status, 303);
    assert_eq!(student.get(&school::lesson_path(LESSONS[1])).await.status, 403, "a draft is not sent");
    let id = hand_in(&mut student, &pool, "Первый").await;
    assert_eq!(judge(&mut curator, id, "return", &[("reason", "Ещё"), ("day", "2026-03-09")]).await.status, 303);
    assert_eq!(send(&mut student, "Второй", "save").await.status, 303);
    assert_eq!(standing(&pool).await, "draft curator@school.test");
    assert_eq!(student.get(&school::lesson_path(LESSONS[1])).await.status, 200, "the second round is a draft, the work is sent");
    change(&pool, "update lesson_progress set opened_at = null").await;
    app.pass(9 * 86_400);
    upkeep::tend(&app.ctx()).await.unwrap();
    assert_eq!(standing(&pool).await, "expired curator@school.test");
    let mut student = school::sign_in(&app, STUDENT).await;
    assert_eq!(student.get(&school::lesson_path(LESSONS[1])).await.status, 200, "nor does its date take that away");
    assert_eq!(student.post(&format!("{}/complete", school::lesson_path(LESSONS[0])), &[]).await.status, 303);
    assert_eq!(progress_of(&pool, STUDENT.0).await, "33.33 1/3");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_work_is_taken_back_only_while_it_could_be_handed_in_again(pool: PgPool) {
    let app = school::open(&pool).await;
    works::set(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    hand_in(&mut student, &pool, "В срок").await;
    let (here, back) = (format!("/learn/assignments/{WORK}"), format!("/learn/assignments/{WORK}/withdraw"));
    assert_eq!(page(&mut student).await["work"]["may_withdraw"], json!(true));
    assert!(student.get(&here).await.text().contains(&back));
    change(&pool, &format!("update course_enrollments set state = 'revoked' where id = '{ENROLLMENT}'")).await;
    let before = contents(&pool).await;
    assert_eq!(page(&mut student).await["work"]["may_withdraw"], json!(false), "access ended");
    assert_eq!(student.post(&back, &[]).await.status, 403);
    assert_eq!(contents(&pool).await, before);
    change(&pool, &format!("update course_enrollments set state = 'active' where id = '{ENROLLMENT}'")).await;
    app.pass(8 * 86_400);
    let mut student = school::sign_in(&app, STUDENT).await;
    assert!(!student.get(&here).await.text().contains(&back), "nor after the date");
    let late = student.post(&back, &[]).await;
    assert!(late.status == 422 && late.says(problem::date_over(Locale::Ru)), "{}", late.status);
    upkeep::tend(&app.ctx()).await.unwrap();
    assert_eq!(standing(&pool).await, "submitted curator@school.test");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_work_that_cannot_be_tended_to_holds_up_no_other(pool: PgPool) {
    let app = school::open(&pool).await;
    works::set(&pool).await;
    let (mut student, mut curator) = (school::sign_in(&app, STUDENT).await, school::sign_in(&app, CURATOR).await);
    let id = hand_in(&mut student, &pool, "Круг").await;
    assert_eq!(curator.post(&format!("/curate/submissions/{id}/hold"), &[]).await.status, 303);
    // One without its round, whose hold ran out before.
    let (broken, other) = (Uuid::from_u128(0xb0), OTHER.0);
    for sql in [
        format!(
            "insert into assignment_submissions (id, assignment_id, assignment_version_id, user_id, enrollment_id, state, submitted_at, due_at, created_at,
                                                 updated_at)
             select '{broken}', '{WORK}', '{WORK}', user_id, id, 'in_review', '2026-03-01Z', '2026-03-03Z', '2026-03-01Z', '2026-03-01Z'
             from course_enrollments where user_id = '{other}'"
        ),
        format!("insert into assignment_holds values ('{broken}', '{}', '2026-03-01Z', '2026-03-02Z')", CURATOR.0),
    ] {
        change(&pool, &sql).await;
    }
    app.pass(21 * 60);
    upkeep::tend(&app.ctx()).await.unwrap();
    assert_eq!(list::<Uuid>(&pool, "select submission_id from assignment_holds").await, [broken]);
    assert_eq!(one::<String>(&pool, &format!("select state from assignment_submissions where id = '{id}'")).await, "submitted");
}
