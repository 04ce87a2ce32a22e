//! The curators' queue: what it is narrowed to, its pages, works in other states; the measures of review.

use crate::support::database::{change, list, one};
use crate::support::school::{self, ADMIN, CURATOR, ENROLLMENT, LIGHT, PRINT, STRANGER, STUDENT};
use crate::support::works::{self, WORK, hand_in, judge, remark};
use crate::support::{Answer, Client};
use serde_json::{Value, json};
use sqlx::PgPool;
use std::collections::BTreeSet;

async fn queue(staff: &mut Client, filter: Value) -> Value {
    let answer = staff.call("review/queue", json!({ "filter": filter })).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

fn count(page: &Value) -> (usize, usize, i64) {
    (page["lines"].as_array().unwrap().len(), page["found"].as_array().unwrap().len(), page["waiting"].as_i64().unwrap())
}

/// So many more learners of `light`, each with a work that waits since a minute of its own.
async fn crowd(pool: &PgPool, learners: i32) {
    for sql in [
        "create table crowd as select n, gen_random_uuid() as id, gen_random_uuid() as enrollment_id, gen_random_uuid() as work_id from generate_series(1, $) n",
        "insert into users (id, email, full_name, role, created_at, updated_at)
         select id, 'crowd' || n || '@school.test', 'Ученик ' || n, 'student', '2026-02-01Z', '2026-02-01Z' from crowd",
        "insert into course_enrollments (id, user_id, course_id, course_version_id, starts_at, created_at, updated_at)
         select c.enrollment_id, c.id, e.course_id, e.course_version_id, e.starts_at, e.created_at, e.updated_at from crowd c, course_enrollments e
         where e.id = 'ENROLLMENT'",
        "insert into assignment_submissions (id, assignment_id, assignment_version_id, user_id, enrollment_id, state, submitted_at, due_at, created_at, updated_at)
         select work_id, 'WORK', 'WORK', id, enrollment_id, 'submitted', '2026-03-01Z', timestamptz '2026-03-03Z' + n * interval '1 minute', '2026-03-01Z',
                '2026-03-01Z' from crowd",
        "insert into assignment_rounds (id, submission_id, number, assignment_version_id, created_at, saved_at, submitted_at, due_at)
         select gen_random_uuid(), work_id, 1, 'WORK', '2026-03-01Z', '2026-03-01Z', '2026-03-01Z', '2026-03-03Z' from crowd",
        "drop table crowd",
    ]
    .map(|sql| sql.replace('$', &learners.to_string()).replace("ENROLLMENT", &ENROLLMENT.to_string()).replace("WORK", &WORK.to_string()))
    {
        change(pool, &sql).await;
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn the_queue_is_narrowed_by_course_assignment_round_and_owner(pool: PgPool) {
    let app = school::open(&pool).await;
    works::set(&pool).await;
    let (mut student, mut curator) = (school::sign_in(&app, STUDENT).await, school::sign_in(&app, CURATOR).await);
    let id = hand_in(&mut student, &pool, "Круг").await;
    for (filter, expected) in [
        (json!({}), 1),
        (json!({ "course": LIGHT }), 1),
        (json!({ "course": PRINT }), 0),
        (json!({ "assignment": WORK }), 1),
        (json!({ "assignment": PRINT }), 0),
        (json!({ "round": 1 }), 1),
        (json!({ "round": 2 }), 0),
        (json!({ "is_mine": true }), 1),
        (json!({ "state": "no such state" }), 1),
        (json!({ "after": "rubbish" }), 1),
    ] {
        let page = queue(&mut curator, filter.clone()).await;
        assert_eq!(count(&page), (expected, 0, i64::try_from(expected).unwrap()), "{filter}");
        assert_eq!((page["courses"].as_array().unwrap().len(), page["assignments"].as_array().unwrap().len()), (1, 1), "of one's own courses");
    }
    let html = curator.get(&format!("/curate?course={PRINT}")).await;
    assert!(html.status == 200 && !html.text().contains(&id.to_string()));
    assert_eq!(curator.get("/curate?course=rubbish&round=-1&state=%00&after=1_2").await.status, 200);

    // Somebody else's until it is late; then everybody's.
    change(&pool, &format!("update assignment_submissions set owner_id = '{}'", ADMIN.0)).await;
    assert_eq!(count(&queue(&mut curator, json!({ "is_mine": true })).await).0, 0);
    app.pass(24 * 3600 + 60);
    let mut curator = school::sign_in(&app, CURATOR).await;
    let page = queue(&mut curator, json!({ "is_mine": true })).await;
    assert_eq!((count(&page).0, &page["overdue"]), (1, &json!(1)));

    // Nobody finds works of other courses, whatever they ask for.
    let mut stranger = school::sign_in(&app, STRANGER).await;
    for filter in
        [json!({}), json!({ "course": LIGHT }), json!({ "assignment": WORK }), json!({ "state": "submitted" }), json!({ "state": "accepted" })]
    {
        assert_eq!(count(&queue(&mut stranger, filter).await), (0, 0, 0));
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn works_that_do_not_wait_are_found_by_their_state(pool: PgPool) {
    let app = school::open(&pool).await;
    works::set(&pool).await;
    let (mut student, mut curator) = (school::sign_in(&app, STUDENT).await, school::sign_in(&app, CURATOR).await);
    assert_eq!(works::send(&mut student, "Начало", "save").await.status, 303);
    assert_eq!(count(&queue(&mut curator, json!({ "state": "draft" })).await).1, 0, "a first draft is its learner's alone");
    let id = hand_in(&mut student, &pool, "Круг").await;
    assert_eq!(judge(&mut curator, id, "return", &[("reason", "Ещё"), ("day", "2026-03-09")]).await.status, 303);
    let found = queue(&mut curator, json!({ "state": "returned" })).await;
    assert_eq!((count(&found), &found["found"][0]["submission_id"]), ((0, 1, 0), &json!(id)));
    assert!(curator.get("/curate?state=returned").await.text().contains(&format!("/curate/submissions/{id}")));
    assert_eq!(works::send(&mut student, "Второй", "save").await.status, 303);
    assert_eq!(count(&queue(&mut curator, json!({ "state": "draft" })).await).1, 1, "one that is written again has a past");
    assert_eq!(curator.get(&format!("/curate/submissions/{id}")).await.status, 200);
    assert_eq!(works::send(&mut student, "Второй", "submit").await.status, 303);
    assert_eq!(judge(&mut curator, id, "accept", &[("points", "8")]).await.status, 303);
    for (state, expected) in [("accepted", 1), ("returned", 0), ("rejected", 0), ("expired", 0)] {
        assert_eq!(count(&queue(&mut curator, json!({ "state": state })).await).1, expected, "{state}");
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_long_queue_comes_in_pages_and_is_counted_whole(pool: PgPool) {
    let app = school::open(&pool).await;
    works::set(&pool).await;
    crowd(&pool, 117).await;
    let mut curator = school::sign_in(&app, CURATOR).await;
    let (mut seen, mut last, mut after, mut pages) = (BTreeSet::new(), 0, Value::Null, Vec::new());
    loop {
        let page = queue(&mut curator, json!({ "after": after.as_str().unwrap_or_default() })).await;
        assert_eq!(page["waiting"], json!(117));
        for line in page["lines"].as_array().unwrap() {
            let promised = line["promised"]["unix_ms"].as_i64().unwrap();
            assert!(promised >= last, "by promised moment");
            last = promised;
            assert!(seen.insert(line["waiting"]["Work"][0].to_string()), "each once");
        }
        pages.push(page["lines"].as_array().unwrap().len());
        after = page["next"].clone();
        if after.is_null() {
            break;
        }
    }
    assert_eq!((seen.len(), pages), (117, vec![50, 50, 17]));
    let html = curator.get("/curate?whose=mine").await.text();
    assert!(html.contains("/curate?whose=mine&amp;after=") || html.contains("/curate?whose=mine&after="), "the way on keeps the choice");
    change(&pool, "update assignment_submissions set state = 'accepted'").await;
    let first = queue(&mut curator, json!({ "state": "accepted" })).await;
    let second = queue(&mut curator, json!({ "state": "accepted", "after": first["next"] })).await;
    let ids = |page: &Value| page["found"].as_array().unwrap().iter().map(|work| work["submission_id"].to_string()).collect::<BTreeSet<_>>();
    assert_eq!((ids(&first).len(), ids(&second).len()), (50, 50));
    assert!(ids(&first).is_disjoint(&ids(&second)), "the same moment, told apart by id");
}

async fn measures(admin: &mut Client) -> Answer {
    admin.call("works/measures", json!({ "days": 90 })).await
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn turnaround_is_that_computed_by_hand(pool: PgPool) {
    let app = school::open(&pool).await;
    works::set(&pool).await;
    let mut admin = school::sign_in(&app, ADMIN).await;
    assert_eq!(admin.get("/admin/reviews").await.status, 200, "with nothing to count");
    crowd(&pool, 5).await;
    // Three answers after 2, 6 and 60 hours, seen first after 1, 2 and 59; the last one late. Two wait since the beginning of the month.
    let works: Vec<uuid::Uuid> = list(&pool, "select id from assignment_submissions order by due_at").await;
    for (work, first, verdict, state) in [(works[0], 1, 2, "accepted"), (works[1], 2, 6, "returned"), (works[2], 59, 60, "accepted")] {
        change(&pool, &format!("update assignment_rounds set first_taken_at = submitted_at + interval '{first} hours', verdict = '{state}', reviewer_id = '{}', verdict_at = submitted_at + interval '{verdict} hours' where submission_id = '{work}'", CURATOR.0)).await;
        change(&pool, &format!("update assignment_submissions set state = '{state}' where id = '{work}'")).await;
    }
    change(&pool, &format!("update assignment_submissions set owner_id = '{}' where state = 'submitted'", CURATOR.0)).await;
    app.pass(3 * 86_400);
    let mut admin = school::sign_in(&app, ADMIN).await;
    let page = measures(&mut admin).await.json();
    let expected = json!({ "answered": 3, "in_time": 2, "first_look": 120, "verdict": 360, "rounds": 100 });
    assert_eq!(page["all"], expected);
    let line = &page["lines"][0];
    assert_eq!((&line["curator"], &line["turnaround"], &line["waiting"]), (&json!("Павел Градов"), &expected, &json!(2)));
    assert_eq!(page["lines"].as_array().unwrap().len(), 1);
    assert_eq!((&page["ages"], &page["overdue"]), (&json!([0, 0, 0, 2, 0]), &json!(2)), "four days and nine hours");
    assert_eq!(page["weeks"].as_array().unwrap().len(), 2, "Sunday the first of March belongs to the week before");
    let html = admin.get("/admin/reviews?days=30").await.text();
    assert!(html.contains("Павел Градов") && html.contains("67\u{a0}%"));
    // A year ago is out of sight, and back in it when asked for.
    app.pass(200 * 86_400);
    let mut admin = school::sign_in(&app, ADMIN).await;
    assert_eq!(measures(&mut admin).await.json()["all"]["answered"], json!(0));
    assert_eq!(admin.call("works/measures", json!({ "days": 365 })).await.json()["all"]["answered"], json!(3));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn the_first_look_is_kept_and_a_work_counts_in_the_header_and_the_figures(pool: PgPool) {
    let app = school::open(&pool).await;
    works::set(&pool).await;
    let (mut student, mut curator) = (school::sign_in(&app, STUDENT).await, school::sign_in(&app, CURATOR).await);
    let id = hand_in(&mut student, &pool, "Круг").await;
    let mut admin = school::sign_in(&app, ADMIN).await;
    assert_eq!(admin.call("admin/figures", json!({})).await.json()["waiting"], json!(1));
    app.pass(600);
    remark(&mut curator, id, "praise", "Раз").await;
    app.pass(600);
    remark(&mut curator, id, "praise", "Два").await;
    let minutes: i64 = one(&pool, "select (extract(epoch from first_taken_at - submitted_at) / 60)::bigint from assignment_rounds").await;
    assert_eq!(minutes, 10, "the first time");
    app.pass(2 * 86_400);
    let mut admin = school::sign_in(&app, ADMIN).await;
    assert_eq!(admin.call("admin/figures", json!({})).await.json()["overdue"], json!(1));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_curator_sees_whom_they_look_after(pool: PgPool) {
    let app = school::open(&pool).await;
    works::set(&pool).await;
    let (mut student, mut curator) = (school::sign_in(&app, STUDENT).await, school::sign_in(&app, CURATOR).await);
    let learners = async |staff: &mut Client, course: Value, after: Value| {
        let answer = staff.call("learning/learners", json!({ "course": course, "after": after })).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()
    };
    student.get(&school::lesson_path(school::LESSONS[0])).await;
    let id = hand_in(&mut student, &pool, "Круг").await;
    app.pass(8 * 86_400);
    let mut curator_again = school::sign_in(&app, CURATOR).await;
    let page = learners(&mut curator_again, Value::Null, Value::Null).await;
    let line = &page["page"]["items"][0];
    assert_eq!(page["page"]["items"].as_array().unwrap().len(), 1, "of their own courses");
    assert_eq!((&line["name"], &line["days_away"]), (&json!("Анна Белова"), &json!(8)));
    assert_eq!(line["works"], json!([{ "submission_id": id, "title": "Портрет у окна", "round": 1, "state": "submitted" }]));
    assert!(line["stuck"].is_string(), "the first lesson that is not complete");
    assert!(curator.get("/curate/learners").await.status != 500);
    assert!(curator_again.get("/curate/learners").await.text().contains(&format!("/curate/submissions/{id}")));
    let mut stranger = school::sign_in(&app, STRANGER).await;
    assert_eq!(learners(&mut stranger, json!(LIGHT), Value::Null).await["page"]["items"], json!([]), "no other course's learners");

    crowd(&pool, 60).await;
    let first = learners(&mut curator_again, json!(LIGHT), Value::Null).await;
    let second = learners(&mut curator_again, json!(LIGHT), first["page"]["next"].clone()).await;
    let names = |page: &Value| page["page"]["items"].as_array().unwrap().iter().map(|line| line["user_id"].to_string()).collect::<Vec<_>>();
    assert_eq!((names(&first).len(), names(&second).len()), (50, 11));
    let all: BTreeSet<String> = names(&first).into_iter().chain(names(&second)).collect();
    assert_eq!(all.len(), 61, "each once");
    // Who has a curator of their own is that one's.
    change(&pool, &format!("update course_enrollments set curator_id = '{}' where id = '{ENROLLMENT}'", ADMIN.0)).await;
    let page = learners(&mut curator_again, Value::Null, Value::Null).await;
    assert!(!page["page"]["items"].as_array().unwrap().iter().any(|line| line["name"] == json!("Анна Белова")));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_learner_sees_works_and_marks_in_the_outline(pool: PgPool) {
    let app = school::open(&pool).await;
    works::set(&pool).await;
    let (mut student, mut curator) = (school::sign_in(&app, STUDENT).await, school::sign_in(&app, CURATOR).await);
    let works = async |student: &mut Client| student.call("learning/outline", json!({ "slug": "light" })).await.json()["works"].clone();
    assert_eq!((&works(&mut student).await[0]["state"], works(&mut student).await[0]["title"].clone()), (&Value::Null, json!("Портрет у окна")));
    let id = hand_in(&mut student, &pool, "Круг").await;
    assert_eq!(works(&mut student).await[0]["state"], json!("submitted"));
    assert_eq!(judge(&mut curator, id, "accept", &[("points", "8,5")]).await.status, 303);
    let work = works(&mut student).await[0].clone();
    assert_eq!((&work["state"], &work["mark"]), (&json!("accepted"), &json!([[17, 2], [0, 1], 10])));
    let html = student.get("/learn/light").await.text();
    assert!(html.contains(&format!("/learn/assignments/{WORK}")) && html.contains("8,5"));
    assert_eq!(works(&mut curator).await[0]["state"], Value::Null, "a curator who looks sees nobody's");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn the_desk_leads_on_and_back_through_what_was_asked_for(pool: PgPool) {
    let app = school::open(&pool).await;
    works::set(&pool).await;
    crowd(&pool, 3).await;
    let mut curator = school::sign_in(&app, CURATOR).await;
    let ids: Vec<String> = list(&pool, "select id::text from assignment_submissions order by due_at").await;
    let around = async |client: &mut Client, place: usize, within: Value| {
        let desk = client.call("works/desk", json!({ "submission_id": ids[place], "within": within })).await.json();
        [&desk["previous"], &desk["next"]].map(|id| ids.iter().position(|known| id == known))
    };
    for (place, expected) in [(0, [Some(2), Some(1)]), (1, [Some(0), Some(2)]), (2, [Some(1), Some(0)])] {
        assert_eq!(around(&mut curator, place, json!({})).await, expected, "{place}");
    }
    // The middle one is another curator's now.
    change(&pool, &format!("update assignment_submissions set owner_id = '{}', due_at = '2026-06-01Z' where id = '{}'", ADMIN.0, ids[1])).await;
    assert_eq!(around(&mut curator, 0, json!({ "is_mine": true })).await, [Some(2), Some(2)]);
    assert_eq!(around(&mut curator, 0, json!({ "round": 2 })).await, [None, None]);
    let page = curator.get(&format!("/curate/submissions/{}?whose=mine&course={LIGHT}&state=rubbish", ids[0])).await.text();
    let link = format!("/curate/submissions/{}?course={LIGHT}&amp;whose=mine&amp;state=rubbish", ids[2]);
    assert!(page.contains(&link) && !page.contains(&ids[1]), "{page}");
    let within = format!("course={LIGHT}&whose=mine&");
    let fields = [("round", "1"), ("verdict", "accept"), ("points", "5"), ("within", within.as_str())];
    let answer = curator.post(&format!("/curate/submissions/{}/verdict", ids[0]), &fields).await;
    assert_eq!(answer.location(), format!("/curate/submissions/{}?course={LIGHT}&whose=mine", ids[2]));
}
