//! The curators' desk: holds, remarks, verdicts, owners.

use crate::support::database::{change, contents, count, list, one, warm_up};
use crate::support::school::{self, ADMIN, CURATOR, STRANGER, STUDENT};
use crate::support::works::{self, WORK, hand_in, judge, page, remark, standing};
use crate::support::{Client, TestApp};
use lectern::features::assignments::server::upkeep;
use lectern::shared::i18n::{Locale, problem};
use serde_json::json;
use sqlx::PgPool;
use uuid::Uuid;

async fn waiting(pool: &PgPool) -> (TestApp, Client, Client, Uuid) {
    let app = school::open(pool).await;
    works::set(pool).await;
    let (mut student, curator) = (school::sign_in(&app, STUDENT).await, school::sign_in(&app, CURATOR).await);
    let id = hand_in(&mut student, pool, "Круг").await;
    (app, student, curator, id)
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn works_stand_in_the_queue_beside_open_answers(pool: PgPool) {
    let (app, _, mut curator, id) = waiting(&pool).await;
    let queue = curator.call("review/queue", json!({ "filter": {} })).await.json()["lines"].clone();
    assert_eq!((&queue[0]["waiting"], &queue[0]["owner"]), (&json!({ "Work": [id, 1, 0] }), &json!("Павел Градов")));
    assert!(curator.get("/curate").await.text().contains(&format!("/curate/submissions/{id}")));
    let mut stranger = school::sign_in(&app, STRANGER).await;
    assert_eq!(stranger.call("review/queue", json!({ "filter": {} })).await.json()["lines"], json!([]));
    assert_eq!(stranger.get(&format!("/curate/submissions/{id}")).await.status, 404);
    assert_eq!(judge(&mut stranger, id, "accept", &[("points", "1")]).await.status, 404);
    let before = contents(&pool).await;
    assert_eq!(curator.get(&format!("/curate/submissions/{id}")).await.status, 200);
    assert_eq!(contents(&pool).await, before, "looking only reads");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn two_who_take_one_work_at_once_are_one_and_who_sees_it(pool: PgPool) {
    let (app, _, mut curator, id) = waiting(&pool).await;
    let mut admin = school::sign_in(&app, ADMIN).await;
    warm_up(&pool).await;
    let path = format!("/curate/submissions/{id}/hold");
    let (one_answer, other_answer) = tokio::join!(curator.post(&path, &[]), admin.post(&path, &[]));
    let mut statuses = [one_answer.status, other_answer.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409]);
    assert_eq!(count(&pool, "assignment_holds").await, 1);
    let holder: Uuid = one(&pool, "select curator_id from assignment_holds").await;
    let looker = if holder == ADMIN.0 { &mut curator } else { &mut admin };
    let desk = looker.call("works/desk", json!({ "submission_id": id })).await.json();
    assert_eq!(desk["hold"]["is_mine"], json!(false), "the other one sees who does");
    let refused = judge(looker, id, "accept", &[("points", "5")]).await;
    assert_eq!(refused.status, 409);
    assert!(refused.says(problem::held_by_other(Locale::Ru)));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_hold_runs_out_while_a_remark_is_typed(pool: PgPool) {
    let (app, _, mut curator, id) = waiting(&pool).await;
    assert_eq!(remark(&mut curator, id, "suggestion", "Первое").await.status, 200);
    app.pass(21 * 60);
    upkeep::tend(&app.ctx()).await.unwrap();
    assert_eq!(standing(&pool).await, "submitted curator@school.test", "its place in the queue is kept");
    let mut curator = school::sign_in(&app, CURATOR).await;
    assert_eq!(remark(&mut curator, id, "praise", "Второе").await.status, 200, "nobody else has it: it is taken again");
    app.pass(21 * 60);
    let mut admin = school::sign_in(&app, ADMIN).await;
    assert_eq!(admin.post(&format!("/curate/submissions/{id}/hold"), &[]).await.status, 303, "a hold that ran out holds nothing");
    let mut curator = school::sign_in(&app, CURATOR).await;
    let late = remark(&mut curator, id, "praise", "Третье").await;
    assert_eq!(late.status, 409, "somebody else has it now");
    let desk = admin.call("works/desk", json!({ "submission_id": id })).await.json();
    let bodies: Vec<_> = desk["rounds"][0]["remarks"].as_array().unwrap().iter().map(|remark| remark["body"].clone()).collect();
    assert_eq!(bodies, [json!("Первое"), json!("Второе")], "the unfinished remarks are kept");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_hold_lasts_while_its_holder_writes_and_nobody_takes_a_work_so(pool: PgPool) {
    let (app, _, mut curator, id) = waiting(&pool).await;
    let prolong = async |client: &mut Client| client.call("works/hold", json!({ "submission_id": id })).await.json();
    let before = contents(&pool).await;
    assert_eq!(prolong(&mut curator).await, json!(null), "a work that nobody holds stays so");
    assert_eq!(contents(&pool).await, before);
    assert_eq!(curator.post(&format!("/curate/submissions/{id}/hold"), &[]).await.status, 303);
    let events = count(&pool, r"outbox_events where kind like 'work\_%'").await;
    for _ in 0..3 {
        app.pass(15 * 60);
        curator = school::sign_in(&app, CURATOR).await;
        assert!(prolong(&mut curator).await["unix_ms"].is_number());
        upkeep::tend(&app.ctx()).await.unwrap();
    }
    assert_eq!(standing(&pool).await, "in_review curator@school.test");
    assert_eq!(count(&pool, r"outbox_events where kind like 'work\_%'").await, events, "silently");
    let mut admin = school::sign_in(&app, ADMIN).await;
    assert_eq!(prolong(&mut admin).await, json!(null), "another's hold is not theirs");
    let page = admin.get(&format!("/curate/submissions/{id}")).await;
    assert!(!page.text().contains("desk-take\""), "nothing is offered that would be refused");
    assert!(curator.get(&format!("/curate/submissions/{id}")).await.text().contains("desk-take\""), "its holder may hold it longer");
    app.pass(21 * 60);
    curator = school::sign_in(&app, CURATOR).await;
    assert_eq!(prolong(&mut curator).await, json!(null), "a hold that ran out is over");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_learner_withdraws_at_the_moment_of_taking(pool: PgPool) {
    let (_app, mut student, mut curator, id) = waiting(&pool).await;
    warm_up(&pool).await;
    let (hold, withdraw) = (format!("/curate/submissions/{id}/hold"), format!("/learn/assignments/{WORK}/withdraw"));
    let (taken, withdrawn) = tokio::join!(curator.post(&hold, &[]), student.post(&withdraw, &[]));
    let state: String = one(&pool, "select state from assignment_submissions").await;
    match (taken.status, withdrawn.status) {
        (303, 409) => assert_eq!(state, "in_review"),
        (409, 303) => assert_eq!(state, "draft"),
        other => panic!("{other:?}, {state}"),
    }
    assert_eq!(count(&pool, "assignment_holds").await, i64::from(state == "in_review"));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_verdict_counts_once(pool: PgPool) {
    let (app, _, mut curator, id) = waiting(&pool).await;
    let mut again = school::sign_in(&app, CURATOR).await;
    warm_up(&pool).await;
    let fields = [("points", "7")];
    let (one_answer, other_answer) = tokio::join!(judge(&mut curator, id, "accept", &fields), judge(&mut again, id, "accept", &fields));
    let mut statuses = [one_answer.status, other_answer.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409]);
    let before = contents(&pool).await;
    assert_eq!(judge(&mut curator, id, "return", &[("reason", "Поздно"), ("day", "2026-03-09")]).await.status, 409);
    assert_eq!(contents(&pool).await, before);
    assert_eq!(count(&pool, "outbox_events where kind = 'work_accepted'").await, 1);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn what_a_verdict_needs_is_asked_for(pool: PgPool) {
    let (app, mut student, mut curator, id) = waiting(&pool).await;
    let ru = Locale::Ru;
    let day = ("day", "2026-03-09");
    let bare = judge(&mut curator, id, "return", &[day]).await;
    assert!(bare.status == 422 && bare.says(problem::reason_needed(ru)), "a reason or a remark");
    let yesterday = judge(&mut curator, id, "return", &[("reason", "Почти"), ("day", "2026-03-01")]).await;
    assert!(yesterday.status == 422 && yesterday.says(problem::not_a_day(ru)) && yesterday.text().contains("Почти"), "what was typed stands again");
    let reject = judge(&mut curator, id, "reject", &[("reason", "Нет")]).await;
    assert!(reject.status == 422 && reject.says(problem::rounds_left(ru)), "not while rounds are left");
    assert_eq!(remark(&mut curator, id, "must_fix", "Горизонт").await.status, 200);
    let open = judge(&mut curator, id, "accept", &[("points", "5")]).await;
    assert!(open.status == 422 && open.says(problem::must_fix_open(ru)));
    assert_eq!(judge(&mut curator, id, "return", &[day]).await.status, 303, "a remark \"must fix\" is reason enough");
    works::rule(&pool, "rounds = 2").await;
    hand_in(&mut student, &pool, "Второй").await;
    let last = judge(&mut curator, id, "return", &[("reason", "Ещё"), day]).await;
    assert!(last.status == 422 && last.says(problem::no_rounds_left(ru)));
    assert_eq!(judge(&mut curator, id, "accept", &[("points", "5"), ("confirmed", "yes")]).await.status, 303);
    assert_eq!(judge(&mut curator, id, "reopen", &[("reason", "Ошибся"), day]).await.status, 303, "within two weeks");
    assert_eq!(standing(&pool).await, "returned curator@school.test");
    hand_in(&mut student, &pool, "Третий").await;
    let mut admin = school::sign_in(&app, ADMIN).await;
    assert_eq!(judge(&mut admin, id, "accept", &[("points", "6"), ("confirmed", "yes")]).await.status, 303);
    app.pass(15 * 86_400);
    let mut curator = school::sign_in(&app, CURATOR).await;
    assert_eq!(judge(&mut curator, id, "reopen", &[("reason", "Поздно"), ("day", "2026-03-20")]).await.status, 422, "not after them");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn remarks_have_a_place_and_what_is_the_staffs_reaches_no_learner(pool: PgPool) {
    let app = school::open(&pool).await;
    works::set(&pool).await;
    let (mut student, mut curator) = (school::sign_in(&app, STUDENT).await, school::sign_in(&app, CURATOR).await);
    let photo = works::upload(&student, "picture", "a.png", &crate::support::upload::png(30, 20)).await;
    let id = hand_in(&mut student, &pool, "Круг").await;
    let draw = |kind: &str, place: &str, points: &[i32], file: Option<Uuid>| json!({ "submission_id": id, "remark": { "kind": kind, "place": place, "file_id": file, "points": points, "body": format!("SECRET {kind} {place}") } });
    for (place, points, file, status) in [
        ("point", &[5000, 5000][..], Some(photo), 200),
        ("box", &[100, 100, 200, 200], Some(photo), 200),
        ("line", &[0, 0, 10, 10, 20, 0], Some(photo), 200),
        ("file", &[], Some(photo), 200),
        ("text", &[], None, 200),
        ("point", &[5000], Some(photo), 422),
        ("point", &[5000, 10_001], Some(photo), 422),
        ("box", &[9000, 9000, 2000, 2000], Some(photo), 422),
        ("point", &[1, 1], None, 422),
        ("work", &[], Some(photo), 422),
        ("point", &[1, 1], Some(Uuid::from_u128(9)), 404),
    ] {
        let answer = curator.call("works/remark", draw("praise", place, points, file)).await;
        assert_eq!(answer.status, status, "{place} {points:?}: {}", answer.text());
    }
    assert_eq!(curator.call("works/remark", draw("staff_only", "work", &[], None)).await.status, 200);
    let everything = async |student: &mut Client| {
        let mut all = String::new();
        for path in ["/learn".to_owned(), format!("/learn/assignments/{WORK}"), school::lesson_path(school::LESSONS[0]), "/notifications".to_owned()]
        {
            all += &student.get(&path).await.text();
        }
        all + &student.call("works/mine", json!({ "assignment_id": WORK })).await.text()
    };
    assert!(!everything(&mut student).await.contains("SECRET"), "drafts are the curator's");
    assert_eq!(judge(&mut curator, id, "return", &[("reason", "Ещё"), ("day", "2026-03-09")]).await.status, 303);
    let seen = everything(&mut student).await;
    assert!(
        seen.contains("SECRET praise box") && !seen.contains("SECRET staff_only") && !seen.contains("staff_only"),
        "published but for the staff's"
    );
    let secret: Uuid = one(&pool, "select id from assignment_remarks where kind = 'staff_only'").await;
    let guess = student.post(&format!("/learn/assignments/{WORK}/remarks/{secret}"), &[("done", "yes")]).await;
    assert_eq!(guess.status, 404);
    assert_eq!(page(&mut student).await["work"]["rounds"][0]["remarks"].as_array().unwrap().len(), 5);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_curator_who_leaves_hands_their_works_over(pool: PgPool) {
    let (app, _, mut curator, id) = waiting(&pool).await;
    let mine = json!({ "curator": null });
    assert_eq!(curator.call("works/duty", mine.clone()).await.json(), json!({ "reviews": true, "away_until": null, "colleagues": [] }));
    change(
        &pool,
        &format!("insert into course_curators (course_id, user_id, created_at) values ('{}', '{}', '2026-01-11Z')", school::LIGHT, STRANGER.0),
    )
    .await;
    assert_eq!(curator.call("works/duty", mine).await.json()["colleagues"], json!([[STRANGER.0, "Нина Чужова"]]));
    assert_eq!(curator.post("/curate/hand-over", &[("to", &STUDENT.0.to_string())]).await.status, 422);
    assert_eq!(curator.post("/curate/hand-over", &[("to", &STRANGER.0.to_string())]).await.status, 303);
    assert_eq!(standing(&pool).await, "submitted stranger@school.test");
    let moved: Vec<String> =
        list(&pool, "select (before ->> 'owner_id') || ' ' || (after ->> 'owner_id') from outbox_events where kind = 'work_handed_over'").await;
    assert_eq!(moved, [format!("{} {}", CURATOR.0, STRANGER.0)], "the log keeps both");

    // One who is disabled with a work in hand is helped.
    let mut stranger = school::sign_in(&app, STRANGER).await;
    assert_eq!(remark(&mut stranger, id, "praise", "Начало").await.status, 200);
    change(&pool, &format!("update users set is_active = false where id = '{}'", STRANGER.0)).await;
    upkeep::tend(&app.ctx()).await.unwrap();
    assert_eq!(standing(&pool).await, "submitted curator@school.test");
    assert_eq!(count(&pool, "assignment_holds").await, 0);
    assert_eq!(count(&pool, "assignment_remarks").await, 1, "what they wrote is kept");
}
