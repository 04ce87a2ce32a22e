//! Conversation: who sees and writes what, what is unread and who waits.

use crate::support::database::{change, contents, count, one};
use crate::support::school::{self, ADMIN, CURATOR, ENROLLMENT, LESSONS, OTHER, STRANGER, STUDENT, lesson_path};
use crate::support::talk::{act, ask, enroll_other, list, post_id, questions_path, reply, thread, waiting};
use lectern::features::talk::server::service::audience;
use serde_json::{Value, json};
use sqlx::PgPool;
use std::collections::BTreeSet;
use uuid::Uuid;

const KEY: &str = "0190a000-0000-7000-8000-0000000fffff";

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_question_is_asked_answered_and_read(pool: PgPool) {
    let app = school::open(&pool).await;
    let (mut student, mut curator) = (school::sign_in(&app, STUDENT).await, school::sign_in(&app, CURATOR).await);
    let id = ask(&mut student, "Как **закрыть** второе окно?", false).await;
    let lesson = student.get(&lesson_path(LESSONS[0])).await;
    assert!(lesson.says("Как закрыть второе окно?") && lesson.says("Вопросы (1)"), "{}", lesson.text());
    assert!(student.get(&format!("/learn/threads/{id}")).await.text().contains("<strong>закрыть</strong>"));

    app.pass(7_200);
    let board = waiting(&mut curator).await;
    assert_eq!((board.len(), &board[0]["learner"], &board[0]["minutes"]), (1, &json!("Анна Белова"), &json!(120)));
    assert!(curator.get("/curate/questions").await.says("Как закрыть второе окно?"));
    let answer = reply(&mut curator, id, "Белой тканью").await;
    assert_eq!((answer.status, answer.location()), (303, format!("/learn/threads/{id}#post-2").as_str()));
    assert_eq!(waiting(&mut curator).await.len(), 0, "a reply of staff is the answer");

    assert_eq!(student.call("learning/home", json!({})).await.json()["unread"][0]["unread"], json!(1));
    let seen = list(&mut student).await;
    assert_eq!((&seen["page"]["items"][0]["unread"], &seen["page"]["items"][0]["is_answered"]), (&json!(1), &json!(true)));
    let opened = thread(&mut student, id).await.json();
    assert_eq!((&opened["replies"][0]["is_new"], &opened["replies"][0]["is_answer"]), (&json!(true), &json!(true)));
    assert_eq!(student.call("learning/home", json!({})).await.json()["unread"], json!([]), "opening the thread reads it");
    assert_eq!(thread(&mut student, id).await.json()["replies"][0]["is_new"], json!(false));

    assert_eq!(reply(&mut student, id, "А если ткани нет?").await.status, 303);
    assert_eq!(waiting(&mut curator).await[0]["excerpt"], json!("А если ткани нет?"), "who asks on waits again");
    let second = post_id(&pool, id, 3).await;
    assert_eq!(act(&mut curator, id, second, "answer", "", "").await.status, 303);
    assert_eq!(waiting(&mut curator).await.len(), 0, "staff may mark any reply");
    assert_eq!(act(&mut curator, id, second, "unanswer", "", "").await.status, 303);
    assert_eq!(waiting(&mut curator).await.len(), 1);
    for (kind, times) in [("question_asked", 1), ("reply_posted", 2), ("answer_marked", 1), ("answer_unmarked", 1)] {
        assert_eq!(count(&pool, &format!("outbox_events where kind = '{kind}'")).await, times, "{kind}");
    }
    assert_eq!(
        one::<String>(&pool, "select after->>'is_by_staff' from outbox_events where kind = 'reply_posted' and actor_id in (select id from users where role = 'curator')").await,
        "true"
    );
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_former_curator_hears_no_more_of_private_threads(pool: PgPool) {
    let app = school::open(&pool).await;
    let (mut student, mut curator) = (school::sign_in(&app, STUDENT).await, school::sign_in(&app, CURATOR).await);
    let id = ask(&mut student, "Тихий вопрос", true).await;
    assert_eq!(reply(&mut curator, id, "Ответ").await.status, 303);
    change(
        &pool,
        &format!(
            "insert into course_enrollments (id, user_id, course_id, course_version_id, state, starts_at, created_at, updated_at)
             select gen_random_uuid(), '{}', course_id, course_version_id, 'active', starts_at, created_at, updated_at
             from course_enrollments where user_id = '{}'",
            CURATOR.0, STUDENT.0
        ),
    )
    .await;
    change(&pool, &format!("update users set role = 'student' where id = '{}'", CURATOR.0)).await;
    assert_eq!(reply(&mut student, id, "Ещё тише").await.status, 303);
    let mut former = school::sign_in(&app, CURATOR).await;
    assert_eq!(former.get(&format!("/learn/threads/{id}")).await.status, 404);
    assert!(!former.get("/learn").await.text().contains("Тихий"), "nor in the list of new replies");
    let mut connection = pool.acquire().await.unwrap();
    let told = lectern::features::talk::server::service::audience(&mut connection, id).await.unwrap();
    assert!(!told.contains(&CURATOR.0) && told.contains(&STUDENT.0), "nor is he told");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_private_thread_is_nobody_elses(pool: PgPool) {
    let app = school::open(&pool).await;
    enroll_other(&app).await;
    let (mut student, mut other) = (school::sign_in(&app, STUDENT).await, school::sign_in(&app, OTHER).await);
    let id = ask(&mut student, "Тихий вопрос", true).await;
    let path = format!("/learn/threads/{id}");
    let before = contents(&pool).await;
    for who in [OTHER, STRANGER] {
        let mut client = school::sign_in(&app, who).await;
        assert_eq!(client.get(&path).await.status, 404, "{who:?}");
        assert_eq!(thread(&mut client, id).await.status, 404);
        assert_eq!(reply(&mut client, id, "a").await.status, 404);
    }
    assert_eq!(list(&mut other).await["total"], json!(0));
    let pages = [other.get(&questions_path()).await, other.get(&lesson_path(LESSONS[0])).await];
    assert!(pages.iter().all(|page| page.status == 200 && !page.text().contains("Тихий") && !page.text().contains(&id.to_string())));
    let talk = |lines: Vec<String>| lines.into_iter().filter(|line| line.starts_with("talk")).collect::<Vec<_>>();
    assert_eq!(talk(contents(&pool).await), talk(before), "nothing was written");
    for who in [CURATOR, ADMIN] {
        let mut staff = school::sign_in(&app, who).await;
        assert_eq!(staff.get(&path).await.status, 200);
        assert_eq!(list(&mut staff).await["total"], json!(1));
    }
    assert_eq!(waiting(&mut school::sign_in(&app, CURATOR).await).await.len(), 1);
    assert_eq!(waiting(&mut school::sign_in(&app, STRANGER).await).await.len(), 0, "the board has one's own courses");
    let mut curator = school::sign_in(&app, CURATOR).await;
    let refused = curator.post(&questions_path(), &[("body", "Кому?"), ("is_private", "yes")]).await;
    assert_eq!(refused.status, 422, "staff have nobody to ask in private");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn without_access_nobody_reads_or_writes(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    let id = ask(&mut student, "Вопрос", false).await;
    let post = post_id(&pool, id, 1).await;
    let outsider = school::sign_in(&app, OTHER).await.get(&format!("/learn/threads/{id}")).await;
    assert_eq!((outsider.status, outsider.location()), (303, "/courses/light"));
    for state in ["expired", "revoked", "paused"] {
        change(&pool, &format!("update course_enrollments set state = '{state}' where id = '{ENROLLMENT}'")).await;
        let before = contents(&pool).await;
        assert_eq!(student.post(&questions_path(), &[("body", "Ещё вопрос")]).await.status, 403, "{state}");
        assert_eq!(reply(&mut student, id, "Ещё").await.status, 403, "{state}");
        assert_eq!(act(&mut student, id, post, "edit", "body", "Иначе").await.status, 403, "{state}");
        assert_eq!(act(&mut student, id, post, "withdraw", "", "").await.status, 403, "{state}");
        assert_eq!(thread(&mut student, id).await.status, 403, "{state}");
        assert_eq!(contents(&pool).await, before);
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_double_press_writes_once_and_nothing_typed_is_lost(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    let fields = [("body", "Один вопрос"), ("key", KEY)];
    let first = student.post(&questions_path(), &fields).await;
    let presses: Vec<_> = (0..4)
        .map(|_| {
            let mut tab = student.clone();
            tokio::spawn(async move { tab.post(&questions_path(), &fields).await.location().to_owned() })
        })
        .collect();
    for press in presses {
        assert_eq!(press.await.unwrap(), first.location());
    }
    assert_eq!((count(&pool, "talk_threads").await, count(&pool, "talk_posts").await), (1, 1));
    let other = student.post(&questions_path(), &[("body", "Другой вопрос"), ("key", KEY)]).await;
    assert!(other.status == 303 && other.location() != first.location(), "another text of a form that came back is not lost");

    let id = Uuid::try_parse(first.location().strip_prefix("/learn/threads/").unwrap()).unwrap();
    for long in ["", " \n ", "![](https://evil.example/x.png)", &"ы".repeat(5_001), "a\0b"] {
        let refused = reply(&mut student, id, long).await;
        assert_eq!(refused.status, 422, "{long:.20}");
    }
    assert!(student.post(&questions_path(), &[("body", &"ы".repeat(5_001))]).await.says(&"ы".repeat(5_001)), "typed text stands again");
    assert_eq!(reply(&mut student, id, &"ы".repeat(5_000)).await.status, 303);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn lists_come_in_pages(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    let mut asked = Vec::new();
    for number in 0..23 {
        asked.push(ask(&mut student, &format!("Вопрос {number}"), number % 2 == 0).await.to_string());
        app.pass(30);
    }
    asked.reverse();
    let lesson = student.call("learning/lesson", json!({ "slug": "light", "lesson_id": LESSONS[0] })).await.json();
    assert_eq!((&lesson["questions"]["total"], lesson["questions"]["threads"].as_array().unwrap().len()), (&json!(23), 3));
    let (mut found, mut after) = (Vec::new(), json!(null));
    loop {
        let page = student.call("talk/questions", json!({ "slug": "light", "lesson_id": LESSONS[0], "after": after })).await.json();
        found.extend(page["page"]["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()));
        after = page["page"]["next"].clone();
        if after.is_null() {
            break;
        }
        assert_eq!(found.len(), 20);
    }
    assert_eq!(found, asked, "the newest first, each once");

    let id = Uuid::try_parse(&asked[0]).unwrap();
    for number in 2..=54 {
        assert_eq!(reply(&mut student, id, &format!("Ответ {number}")).await.status, 303);
        app.pass(30);
    }
    let numbers = |page: &Value| page["replies"].as_array().unwrap().iter().map(|post| post["number"].as_i64().unwrap()).collect::<Vec<_>>();
    let latest = thread(&mut student, id).await.json();
    assert_eq!((numbers(&latest), &latest["earlier"]), ((5..=54).collect(), &json!(5)));
    let earlier = student.call("talk/thread", json!({ "thread_id": id, "before": 5 })).await.json();
    assert_eq!((numbers(&earlier), &earlier["earlier"]), ((2..=4).collect(), &json!(null)));
    assert!(student.get(&format!("/learn/threads/{id}?before=5")).await.says("Ответ 2"));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_thread_concerns_who_wrote_in_it_and_the_curators(pool: PgPool) {
    let app = school::open(&pool).await;
    enroll_other(&app).await;
    let (mut student, mut other) = (school::sign_in(&app, STUDENT).await, school::sign_in(&app, OTHER).await);
    let id = ask(&mut student, "Вопрос", false).await;
    let mut connection = pool.acquire().await.unwrap();
    let found = async |connection: &mut sqlx::PgConnection| audience(connection, id).await.unwrap().into_iter().collect::<BTreeSet<_>>();
    assert_eq!(found(&mut connection).await, BTreeSet::from([STUDENT.0, CURATOR.0]));
    reply(&mut other, id, "И у меня").await;
    assert_eq!(found(&mut connection).await, BTreeSet::from([STUDENT.0, OTHER.0, CURATOR.0]));
    change(&pool, &format!("update course_enrollments set state = 'revoked' where user_id = '{}'", OTHER.0)).await;
    change(&pool, &format!("update users set is_active = false where id = '{}'", CURATOR.0)).await;
    assert_eq!(found(&mut connection).await, BTreeSet::from([STUDENT.0]));
}
