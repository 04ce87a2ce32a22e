//! Corrections of keys that can't be, and those that meet others.

use crate::support::corrections::{Seen, TURNED, apply, correct, hidden, look, mark, page, take};
use crate::support::database::{contents, count, one, warm_up};
use crate::support::quiz::{choice, save, start, submit, try_save};
use crate::support::school::{self, ADMIN, CURATOR, LIGHT, OTHER, STUDENT, TEST, TIMED, TIMED_SINGLE};
use crate::support::talk::enroll_other;
use lectern::shared::i18n::{Locale, problem};
use sqlx::PgPool;
use uuid::Uuid;

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_correction_that_cannot_be_is_refused_with_what_was_typed(pool: PgPool) {
    let app = school::open(&pool).await;
    let (mut anna, mut admin, mut curator) =
        (school::sign_in(&app, STUDENT).await, school::sign_in(&app, ADMIN).await, school::sign_in(&app, CURATOR).await);
    let here = page(TIMED, TIMED_SINGLE.id);
    assert_eq!(admin.get(&here).await.status, 404, "nobody was asked");
    let first = take(&mut anna, TIMED_SINGLE.right).await;
    assert_eq!(curator.get(&here).await.status, 403);
    assert_eq!(admin.get(&page(TEST, TIMED_SINGLE.id)).await.status, 404, "not of that test");
    let before = contents(&pool).await;
    let ru = Locale::Ru;
    for (act, answers, sentence) in [
        ("worse", TURNED, problem::unknown_choice(ru)),
        ("new_key", "- Вариант b041\n+ Вариант другой", problem::other_items(ru)),
        ("new_key", "+ Вариант b042\n- Вариант b041", problem::other_items(ru)),
        ("new_key", "+ Вариант b041 // SECRET remark\n- Вариант b042 // SECRET remark", problem::same_key(ru)),
        ("both_keys", "- Вариант b041\n- Вариант b042", problem::nothing_right(ru)),
        ("dropped", "", problem::last_question(ru)),
    ] {
        let answer = admin.post(&here, &[("step", "preview"), ("act", act), ("answers", answers)]).await;
        assert_eq!(answer.status, 422, "{act} {answers}");
        assert!(answer.says(sentence), "{act} {answers}: {sentence}");
        assert!(answer.says(answers), "what was typed stands again");
    }
    let seen = look(&mut admin, &here, "new_key", TURNED).await;
    let without_reason = [("step", "apply"), ("act", "new_key"), ("answers", TURNED), ("id", &seen.id), ("token", &seen.token), ("reason", " ")];
    let answer = admin.post(&here, &without_reason).await;
    assert_eq!(answer.status, 422);
    assert!(answer.says(problem::required(ru)));
    assert_eq!(contents(&pool).await, before, "nothing is written");
    // Somebody hands in between look and act: the table is another one.
    let second = take(&mut anna, TIMED_SINGLE.wrong).await;
    let answer = apply(&mut admin, &here, "new_key", TURNED, &seen).await;
    assert_eq!(answer.status, 422);
    assert!(answer.says(problem::marks_moved(ru)) && answer.text().contains(&second.to_string()), "with a fresh table");
    assert_eq!(mark(&pool, first).await, "1/1 of 1 true");
    let fresh = Seen { id: hidden(&answer.text(), "id"), token: hidden(&answer.text(), "token"), text: String::new() };
    assert_eq!(apply(&mut admin, &here, "new_key", TURNED, &fresh).await.status, 303);
    assert_eq!(mark(&pool, first).await, "0/1 of 1 false");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_draft_would_bring_the_old_key_back(pool: PgPool) {
    let app = school::open(&pool).await;
    let (mut anna, mut admin) = (school::sign_in(&app, STUDENT).await, school::sign_in(&app, ADMIN).await);
    take(&mut anna, TIMED_SINGLE.right).await;
    let question = format!("/admin/courses/{LIGHT}/tests/{TIMED}/questions/{}", TIMED_SINGLE.id);
    let version: Uuid = one(&pool, &format!("select published_version_id from questions where id = '{}'", TIMED_SINGLE.id)).await;
    let fields = [("version", version.to_string()), ("prompt", "Другие слова".into()), ("weight", "1".into()), ("answers", "+ а\n- б".into())];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value): &(&str, String)| (*name, value.as_str())).collect();
    assert_eq!(admin.post(&question, &fields).await.status, 303);
    let answer = admin.post(&page(TIMED, TIMED_SINGLE.id), &[("step", "preview"), ("act", "new_key"), ("answers", TURNED)]).await;
    assert_eq!(answer.status, 422);
    assert!(answer.says(problem::draft_in_the_way(Locale::Ru)));
    correct(&mut admin, &page(TIMED, TIMED_SINGLE.id), "full_marks", "").await;
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn hand_ins_and_corrections_at_once_end_by_the_same_key(pool: PgPool) {
    let app = school::open(&pool).await;
    enroll_other(&app).await;
    let (mut anna, mut igor, mut admin) =
        (school::sign_in(&app, STUDENT).await, school::sign_in(&app, OTHER).await, school::sign_in(&app, ADMIN).await);
    let done = take(&mut anna, TIMED_SINGLE.wrong).await;
    let here = page(TIMED, TIMED_SINGLE.id);
    let seen = look(&mut admin, &here, "new_key", TURNED).await;
    let (one_running, two_running) = (start(&mut anna, TIMED).await, start(&mut igor, TIMED).await);
    for (client, id) in [(&mut anna, one_running), (&mut igor, two_running)] {
        save(client, id, &TIMED_SINGLE, 1, choice(TIMED_SINGLE.wrong)).await;
    }
    let (mut second, mut tab, mut other_tab) = (admin.clone(), igor.clone(), igor.clone());
    warm_up(&pool).await;
    let (first_answer, second_answer, (), (), saved) = tokio::join!(
        apply(&mut admin, &here, "new_key", TURNED, &seen),
        apply(&mut second, &here, "new_key", TURNED, &seen),
        submit(&mut anna, one_running),
        submit(&mut tab, two_running),
        try_save(&mut other_tab, two_running, TIMED_SINGLE.id, 2, choice(TIMED_SINGLE.wrong)),
    );
    assert_eq!(saved.status, 200);
    let statuses = [first_answer.status, second_answer.status];
    if statuses.contains(&422) {
        // A hand-in came first, so that the table was another one: look and act again.
        assert_eq!(count(&pool, "key_corrections").await, 0);
        correct(&mut admin, &here, "new_key", TURNED).await;
    } else {
        assert_eq!(statuses, [303, 303]);
    }
    assert_eq!(count(&pool, "key_corrections").await, 1);
    for id in [done, one_running, two_running] {
        assert_eq!(mark(&pool, id).await, "1/1 of 1 true");
    }
}
