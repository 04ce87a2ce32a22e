//! Every way in, walked by everybody: what each role gets from each page, each server function and each plain route. A way
//! that is not in these tables fails the test.

use crate::support::database::{contents, one};
use crate::support::quiz::{save, start, submit, text};
use crate::support::school::{self, ADMIN, CURATOR, LESSONS, LIGHT, OPEN, OTHER, STRANGER, STUDENT, TEST};
use crate::support::upload::patch;
use crate::support::{Answer, Client, TestApp};
use axum::http::Method;
use lectern::server::http::router::page_routes;
use leptos::server_fn::axum::server_fn_paths;
use serde_json::{Value, json};
use sqlx::PgPool;
use std::collections::BTreeSet;
use std::path::Path;
use uuid::Uuid;

/// Visitor, student of the course, student of another course, curator of another course, curator of the course, administrator.
const ROLES: [(&str, Option<(Uuid, &str)>); 6] = [
    ("visitor", None),
    ("student", Some(STUDENT)),
    ("other student", Some(OTHER)),
    ("other curator", Some(STRANGER)),
    ("curator", Some(CURATOR)),
    ("administrator", Some(ADMIN)),
];

type Expected = [&'static str; 6];
const EVERYBODY: Expected = ["200"; 6];
const SIGNED_IN: Expected = ["login", "200", "200", "200", "200", "200"];
const READERS: Expected = ["login", "200", "sales", "sales", "200", "200"];
const OWNER: Expected = ["login", "200", "404", "404", "404", "404"];
const STAFF: Expected = ["login", "403", "403", "200", "200", "200"];
const REVIEWERS: Expected = ["login", "403", "403", "404", "200", "200"];
const ADMINS: Expected = ["login", "403", "403", "403", "403", "200"];

/// The same with another word where it says 200: a form answers a permitted but empty request with 422, for instance.
fn instead_of_200(mut expected: Expected, word: &'static str) -> Expected {
    for cell in &mut expected {
        if *cell == "200" {
            *cell = word;
        }
    }
    expected
}

/// What somebody got, in a word: a status, or where they were sent.
fn outcome(answer: &Answer) -> String {
    match (answer.status, answer.location()) {
        (401, _) => "login".to_owned(),
        (303, "") if answer.text().contains("/courses/light") => "sales".to_owned(),
        (303, place) if place.starts_with("/login?next=") => "login".to_owned(),
        (303, "/courses/light") => "sales".to_owned(),
        (303, _) => "done".to_owned(),
        (status, _) => status.to_string(),
    }
}

/// The school with an attempt of the student's that waits for review, and a photograph of theirs.
async fn prepared(pool: &PgPool) -> (TestApp, Uuid, Uuid, Talk) {
    let app = school::open(pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    // Opened before, so that a form refused on its page does not remember a first visit.
    assert_eq!(student.get(&school::lesson_path(LESSONS[0])).await.status, 200);
    let attempt = start(&mut student, TEST).await;
    save(&mut student, attempt, &OPEN, 1, text("Окно слева")).await;
    submit(&mut student, attempt).await;
    let mut picture = std::io::Cursor::new(Vec::new());
    image::DynamicImage::new_rgb8(8, 8).write_to(&mut picture, image::ImageFormat::Png).unwrap();
    assert_eq!(student.upload("/account/photo", "photo", "image/png", &picture.into_inner()).await.status, 303);
    let photo = one(pool, "select photo_file_id from users where photo_file_id is not null").await;
    let asked = student.post(&format!("{}/questions", school::lesson_path(LESSONS[0])), &[("body", "Вопрос")]).await;
    let thread = Uuid::try_parse(asked.location().strip_prefix("/learn/threads/").unwrap()).unwrap();
    assert_eq!(student.post(&format!("/learn/threads/{thread}/reply"), &[("body", "И ещё")]).await.status, 303);
    let reply = one(pool, "select id from talk_posts where number = 2").await;
    let fields = [("course_id", school::LIGHT.to_string()), ("title", "Встреча".to_owned()), ("body", "В субботу".to_owned())];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    for staff in [CURATOR, ADMIN] {
        let mut client = school::sign_in(&app, staff).await;
        // Who looks has seen it, also when the page is shown because of a refused form.
        assert_eq!(client.get(&format!("/learn/threads/{thread}")).await.status, 200);
        if staff == ADMIN {
            assert_eq!(client.post("/admin/announcements", &fields).await.status, 303);
        }
    }
    let announcement = one(pool, "select id from announcements").await;
    (app, attempt, photo, Talk { thread, reply, announcement })
}

/// A discussion of the student's, and an announcement in the course.
struct Talk {
    thread: Uuid,
    reply: Uuid,
    announcement: Uuid,
}

/// A letter to the student.
async fn a_letter(pool: &PgPool) -> Uuid {
    let id = Uuid::from_u128(0x001e_77e4);
    sqlx::query(
        "insert into letters (id, user_id, to_address, to_name, template, locale, subject, args, is_essential, message_id, created_at)
         values ($1, $2, 'student@school.test', '', 'password_changed', 'ru', 'S', $3, true, '<a@b>', now())",
    )
    .bind(id)
    .bind(STUDENT.0)
    .bind(json!({ "letter": { "template": "password_changed", "name": "", "link": "https://a.example/" } }))
    .execute(pool)
    .await
    .unwrap();
    id
}

async fn sign_in(app: &TestApp, who: Option<(Uuid, &str)>) -> Client {
    match who {
        Some(person) => school::sign_in(app, person).await,
        None => app.visitor(),
    }
}

/// Collects what differs from the table; whoever is turned away must have written nothing.
async fn walk(pool: &PgPool, app: &TestApp, what: &str, expected: Expected, request: impl AsyncFn(&mut Client) -> Answer) -> Vec<String> {
    let mut wrong = Vec::new();
    for ((role, who), expected) in ROLES.into_iter().zip(expected) {
        let mut client = sign_in(app, who).await;
        let before = contents(pool).await;
        let answer = request(&mut client).await;
        let got = outcome(&answer);
        if got != expected {
            wrong.push(format!("{what} as {role}: {got}, not {expected}"));
        }
        if !matches!(expected, "200" | "done") && contents(pool).await != before {
            wrong.push(format!("{what} as {role}: {got}, yet something was written"));
        }
    }
    wrong
}

fn assert_same(table: BTreeSet<String>, real: BTreeSet<String>) {
    assert_eq!(real.difference(&table).collect::<Vec<_>>(), Vec::<&String>::new(), "not in the table");
    assert_eq!(table.difference(&real).collect::<Vec<_>>(), Vec::<&String>::new(), "only in the table");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn every_page_opens_for_whom_it_should(pool: PgPool) {
    let (app, attempt, _, Talk { thread, announcement, .. }) = prepared(&pool).await;
    let readers: Expected = ["login", "200", "404", "404", "200", "200"];
    let letter = a_letter(&pool).await;
    let correct_key = format!("/admin/courses/{LIGHT}/tests/{TEST}/questions/{}/key", OPEN.id);
    let table: Vec<(&str, String, Expected)> = vec![
        ("/", "/".into(), EVERYBODY),
        ("/courses/{slug}", "/courses/light".into(), EVERYBODY),
        ("/courses/{slug}/lessons/{id}", format!("/courses/light/lessons/{}", LESSONS[0]), EVERYBODY),
        ("/legal/{kind}", "/legal/offer".into(), EVERYBODY),
        ("/login", "/login".into(), EVERYBODY),
        ("/register", "/register".into(), EVERYBODY),
        ("/password/forgot", "/password/forgot".into(), EVERYBODY),
        ("/password/reset", "/password/reset?token=none".into(), EVERYBODY),
        ("/account/confirm", "/account/confirm?token=none".into(), EVERYBODY),
        ("/account", "/account".into(), SIGNED_IN),
        ("/learn", "/learn".into(), SIGNED_IN),
        ("/learn/{slug}", "/learn/light".into(), READERS),
        ("/learn/{slug}/lessons/{id}", school::lesson_path(LESSONS[1]), READERS),
        ("/learn/tests/{id}", format!("/learn/tests/{TEST}"), READERS),
        ("/learn/attempts/{id}", format!("/learn/attempts/{attempt}"), OWNER),
        ("/learn/{slug}/lessons/{id}/questions", format!("{}/questions", school::lesson_path(LESSONS[0])), READERS),
        ("/learn/{slug}/notes", "/learn/light/notes".into(), READERS),
        ("/search", "/search?q=%D1%83%D1%80%D0%BE%D0%BA".into(), EVERYBODY),
        ("/learn/threads/{id}", format!("/learn/threads/{thread}"), READERS),
        ("/curate", "/curate".into(), STAFF),
        ("/learn/announcements/{id}", format!("/learn/announcements/{announcement}"), readers),
        ("/admin/announcements", "/admin/announcements".into(), STAFF),
        ("/curate/questions", "/curate/questions".into(), STAFF),
        ("/curate/attempts/{id}", format!("/curate/attempts/{attempt}"), REVIEWERS),
        ("/curate/tests", "/curate/tests".into(), STAFF),
        ("/curate/tests/{test}/questions/{question}", format!("/curate/tests/{TEST}/questions/{}", OPEN.id), REVIEWERS),
        ("/admin", "/admin".into(), ADMINS),
        ("/admin/users", "/admin/users".into(), ADMINS),
        ("/admin/users/{id}", format!("/admin/users/{}", STUDENT.0), ADMINS),
        ("/admin/courses", "/admin/courses".into(), ADMINS),
        ("/admin/courses/{id}", format!("/admin/courses/{LIGHT}"), ADMINS),
        ("/admin/courses/{id}/lessons/{lesson}", format!("/admin/courses/{LIGHT}/lessons/{}", LESSONS[0]), ADMINS),
        ("/admin/courses/{id}/tests/{test}", format!("/admin/courses/{LIGHT}/tests/{TEST}"), ADMINS),
        ("/admin/courses/{id}/tests/{test}/questions/{question}", format!("/admin/courses/{LIGHT}/tests/{TEST}/questions/{}", OPEN.id), ADMINS),
        ("/admin/courses/{id}/tests/{test}/statistics", format!("/admin/courses/{LIGHT}/tests/{TEST}/statistics"), ADMINS),
        ("/admin/courses/{id}/tests/{test}/questions/{question}/key", correct_key.clone(), ADMINS),
        ("/admin/courses/{id}/bank", format!("/admin/courses/{LIGHT}/bank"), ADMINS),
        ("/notifications", "/notifications".into(), SIGNED_IN),
        ("/notifications/settings", "/notifications/settings".into(), SIGNED_IN),
        ("/unsubscribe", "/unsubscribe?token=rubbish".into(), ["404"; 6]),
        ("/admin/activity", "/admin/activity".into(), ADMINS),
        ("/admin/queue", "/admin/queue".into(), ADMINS),
        ("/admin/mail", "/admin/mail".into(), ADMINS),
        ("/admin/mail/templates", "/admin/mail/templates".into(), ADMINS),
        ("/admin/mail/{id}", format!("/admin/mail/{letter}"), ADMINS),
        // The same pages, of things that do not exist.
        ("/learn/attempts/{id}", format!("/learn/attempts/{}", Uuid::nil()), ["login", "404", "404", "404", "404", "404"]),
        ("/admin/mail/{id}", format!("/admin/mail/{}", Uuid::nil()), instead_of_200(ADMINS, "404")),
        ("/curate/attempts/{id}", format!("/curate/attempts/{}", Uuid::nil()), ["login", "403", "403", "404", "404", "404"]),
    ];
    assert_same(table.iter().map(|row| row.0.to_owned()).collect(), page_routes().iter().map(|route| route.path().to_owned()).collect());
    let mut wrong = Vec::new();
    for (_, path, expected) in &table {
        wrong.extend(walk(&pool, &app, path, *expected, async |client| client.get(path).await).await);
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn every_server_function_answers_whom_it_should(pool: PgPool) {
    let (app, attempt, _, Talk { thread, announcement, .. }) = prepared(&pool).await;
    let readers: Expected = ["login", "200", "404", "404", "200", "200"];
    let lesson = json!({ "slug": "light", "lesson_id": LESSONS[1] });
    let text = json!({
        "name": "", "prompt": "", "explanation": "", "model_answer": "", "tags": "", "answers": "", "unit": "", "all_or_nothing": false,
        "has_bank": false, "distractors": ""
    });
    let no_proposal = json!({ "version": "", "act": "", "key": text });
    let quote = json!({ "text": "", "before": "", "after": "" });
    let empty_note = json!({ "id": Uuid::from_u128(7), "version": 0, "writer": Uuid::nil(), "step": 1, "quote": quote, "body": " " });
    let letter = a_letter(&pool).await;
    let table: Vec<(&str, Value, Expected)> = vec![
        ("catalogue/courses", json!({}), EVERYBODY),
        ("catalogue/course", json!({ "slug": "light" }), EVERYBODY),
        ("catalogue/preview", json!({ "slug": "light", "lesson_id": LESSONS[0] }), EVERYBODY),
        ("legal/text", json!({ "kind": "offer" }), EVERYBODY),
        ("accounts/mine", json!({}), SIGNED_IN),
        ("accounts/reset-link", json!({ "token": "none" }), EVERYBODY),
        ("learning/home", json!({}), SIGNED_IN),
        ("learning/outline", json!({ "slug": "light" }), READERS),
        ("learning/lesson", lesson.clone(), READERS),
        ("learning/peek", lesson.clone(), READERS),
        ("learning/visit", lesson, READERS),
        // There is no video in this lesson.
        (
            "learning/watched",
            json!({ "slug": "light", "lesson_id": LESSONS[0], "watched": { "position": 1, "stretches": [], "at_unix_ms": 0 } }),
            ["login", "404", "sales", "sales", "sales", "sales"],
        ),
        ("tests/front", json!({ "test_id": TEST }), READERS),
        ("tests/attempt", json!({ "attempt_id": attempt }), OWNER),
        ("tests/save", json!({ "attempt_id": attempt, "question_id": OPEN.id, "sequence": 9, "value": { "text": "a" } }), OWNER),
        ("talk/questions", json!({ "slug": "light", "lesson_id": LESSONS[0], "after": null }), READERS),
        ("notes/mine", json!({ "slug": "light", "after": null }), READERS),
        ("notes/save", json!({ "slug": "light", "lesson_id": LESSONS[0], "note": empty_note }), instead_of_200(READERS, "422")),
        ("search/find", json!({ "query": "урок", "kind": null, "after": null }), EVERYBODY),
        ("talk/thread", json!({ "thread_id": thread, "before": null }), READERS),
        ("announcements/mine", json!({ "announcement_id": announcement }), readers),
        ("announcements/sent", json!({}), STAFF),
        ("talk/waiting", json!({}), STAFF),
        ("review/queue", json!({}), STAFF),
        ("review/attempt", json!({ "attempt_id": attempt }), REVIEWERS),
        ("review/questions", json!({}), STAFF),
        ("review/question", json!({ "test_id": TEST, "question_id": OPEN.id, "attempt_id": attempt }), REVIEWERS),
        ("notifications/mine", json!({ "after": null }), SIGNED_IN),
        ("notifications/settings", json!({}), SIGNED_IN),
        ("notifications/unsubscribe", json!({ "token": "rubbish" }), ["404"; 6]),
        ("admin/activity", json!({ "action": "", "search": "", "after": null }), ADMINS),
        ("admin/queue", json!({ "state": "", "after": null }), ADMINS),
        ("admin/figures", json!({}), ADMINS),
        ("admin/users", json!({ "search": "", "role": "", "after": null }), ADMINS),
        ("admin/user", json!({ "user_id": STUDENT.0 }), ADMINS),
        ("authoring/courses", json!({}), ADMINS),
        ("authoring/course", json!({ "course_id": LIGHT }), ADMINS),
        ("authoring/lesson", json!({ "course_id": LIGHT, "lesson_id": LESSONS[0] }), ADMINS),
        ("tests/editor", json!({ "course_id": LIGHT, "test_id": TEST }), ADMINS),
        ("tests/question", json!({ "course_id": LIGHT, "test_id": TEST, "question_id": OPEN.id, "kind": "open" }), ADMINS),
        ("tests/statistics", json!({ "course_id": LIGHT, "test_id": TEST }), ADMINS),
        ("tests/key", json!({ "course_id": LIGHT, "test_id": TEST, "question_id": OPEN.id, "proposal": no_proposal }), ADMINS),
        ("tests/bank", json!({ "course_id": LIGHT, "tag": "", "words": "", "page": 0 }), ADMINS),
        ("authoring/preview", json!({ "content": "**a**" }), ADMINS),
        ("authoring/files", json!({ "course_id": LIGHT, "lesson_id": LESSONS[0] }), ADMINS),
        ("authoring/remove-file", json!({ "course_id": LIGHT, "lesson_id": LESSONS[0], "file_id": Uuid::nil() }), instead_of_200(ADMINS, "404")),
        (
            "authoring/describe-file",
            json!({ "course_id": LIGHT, "lesson_id": LESSONS[0], "file_id": Uuid::nil(), "words": { "title": "", "language": "", "chapters": "" } }),
            instead_of_200(ADMINS, "404"),
        ),
        ("mail/letters", json!({ "state": "", "after": null }), ADMINS),
        ("mail/letter", json!({ "letter_id": letter }), ADMINS),
        ("mail/templates", json!({}), ADMINS),
    ];
    assert_same(
        table.iter().map(|row| format!("POST /api/{}", row.0)).collect(),
        server_fn_paths().map(|(path, method)| format!("{method} {path}")).collect(),
    );
    let mut wrong = Vec::new();
    for (endpoint, arguments, expected) in &table {
        wrong.extend(walk(&pool, &app, endpoint, *expected, async |client| client.call(endpoint, arguments.clone()).await).await);
    }
    assert_eq!(wrong, Vec::<String>::new());
}

/// The plain routes as the slices' `http.rs` register them: `POST /login`.
fn plain_routes() -> BTreeSet<String> {
    let features = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/features");
    let mut found = BTreeSet::new();
    for slice in std::fs::read_dir(features).unwrap() {
        let Ok(source) = std::fs::read_to_string(slice.unwrap().path().join("server/http.rs")) else { continue };
        for route in source.split(".route(").skip(1) {
            let path = route.trim_start().strip_prefix('"').unwrap().split('"').next().unwrap();
            let method = route.split_once(',').unwrap().1.trim_start().split('(').next().unwrap();
            found.insert(format!("{} {path}", method.to_uppercase()));
        }
    }
    assert!(found.len() > 10, "the sources are where they were");
    found
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn every_plain_route_serves_whom_it_should(pool: PgPool) {
    let (app, attempt, photo, Talk { thread, reply, announcement }) = prepared(&pool).await;
    let own_form = instead_of_200(SIGNED_IN, "422");
    let own_act = instead_of_200(SIGNED_IN, "done");
    let learner: Expected = ["login", "done", "sales", "sales", "sales", "sales"];
    let nobody = Uuid::nil();
    let reader: Expected = ["login", "422", "sales", "sales", "422", "422"];
    let author: Expected = ["login", "422", "sales", "sales", "403", "403"];
    let moderator: Expected = ["login", "403", "sales", "sales", "done", "done"];
    let on_reply = |action: &str| format!("/learn/threads/{thread}/posts/{reply}/{action}");
    let letter = a_letter(&pool).await;
    let edit_test = format!("/admin/courses/{LIGHT}/tests/{TEST}");
    let edit_lesson = format!("/admin/courses/{LIGHT}/lessons/{}", LESSONS[0]);
    let table: Vec<(&str, String, Expected)> = vec![
        ("POST /register", "/register".into(), ["422"; 6]),
        ("POST /login", "/login".into(), ["422"; 6]),
        ("POST /logout", "/logout".into(), ["done"; 6]),
        ("POST /preferences", "/preferences".into(), ["done"; 6]),
        ("POST /account", "/account".into(), own_form),
        ("POST /account/password", "/account/password".into(), own_form),
        ("POST /account/photo", "/account/photo".into(), own_form),
        ("POST /account/sessions/end", "/account/sessions/end".into(), own_act),
        ("POST /account/confirm", "/account/confirm".into(), ["422"; 6]),
        ("POST /account/confirm/send", "/account/confirm/send".into(), own_act),
        ("POST /password/forgot", "/password/forgot".into(), ["422"; 6]),
        ("POST /password/reset", "/password/reset".into(), ["422"; 6]),
        ("POST /admin/mail/lift", "/admin/mail/lift".into(), instead_of_200(ADMINS, "404")),
        ("GET /admin/mail/{id}/html", format!("/admin/mail/{letter}/html"), ADMINS),
        ("GET /admin/mail/{id}/html", format!("/admin/mail/{nobody}/html"), instead_of_200(ADMINS, "404")),
        ("GET /admin/mail/templates/{template}/{locale}", "/admin/mail/templates/reset_password/ru".into(), ADMINS),
        ("GET /files/{id}", format!("/files/{photo}"), ["404", "200", "404", "200", "200", "200"]),
        ("GET /files/{id}", format!("/files/{nobody}"), ["404"; 6]),
        ("GET /files/{id}/{width}", format!("/files/{photo}/480"), ["404"; 6]),
        ("GET /files/{id}/poster", format!("/files/{photo}/poster"), ["404"; 6]),
        ("GET /files/{id}/stream", format!("/files/{photo}/stream"), ["404"; 6]),
        ("GET /files/{id}/stream/{height}", format!("/files/{photo}/stream/360"), ["404"; 6]),
        ("GET /files/{id}/film/{height}", format!("/files/{photo}/film/360"), ["404"; 6]),
        // Who speaks no tus is told so before anything else.
        ("POST /uploads", "/uploads".into(), ["412"; 6]),
        ("PATCH /uploads/{id}", format!("/uploads/{nobody}"), ["login", "404", "404", "404", "404", "404"]),
        ("POST /learn/{slug}/lessons/{id}/complete", format!("{}/complete", school::lesson_path(LESSONS[0])), learner),
        ("POST /learn/{slug}/version", "/learn/light/version".into(), ["login", "409", "sales", "sales", "sales", "sales"]),
        ("POST /learn/tests/{id}/start", format!("/learn/tests/{TEST}/start"), learner),
        ("POST /learn/attempts/{id}/answers", format!("/learn/attempts/{attempt}/answers"), instead_of_200(OWNER, "422")),
        ("POST /learn/attempts/{id}/submit", format!("/learn/attempts/{attempt}/submit"), instead_of_200(OWNER, "done")),
        ("POST /learn/attempts/{id}/signs", format!("/learn/attempts/{attempt}/signs"), instead_of_200(OWNER, "204")),
        ("POST /learn/{slug}/lessons/{id}/questions", format!("{}/questions", school::lesson_path(LESSONS[0])), reader),
        ("POST /learn/{slug}/lessons/{id}/notes", format!("{}/notes", school::lesson_path(LESSONS[0])), reader),
        ("POST /learn/{slug}/notes/delete", "/learn/light/notes/delete".into(), ["login", "404", "sales", "sales", "404", "404"]),
        ("POST /learn/{slug}/notes/restore", "/learn/light/notes/restore".into(), ["login", "404", "sales", "sales", "404", "404"]),
        ("POST /learn/threads/{id}/reply", format!("/learn/threads/{thread}/reply"), reader),
        ("POST /learn/threads/{id}/close", format!("/learn/threads/{thread}/close"), moderator),
        ("POST /learn/threads/{id}/open", format!("/learn/threads/{thread}/open"), moderator),
        ("POST /learn/threads/{id}/posts/{post}/edit", on_reply("edit"), author),
        ("POST /learn/threads/{id}/posts/{post}/hide", on_reply("hide"), ["login", "403", "sales", "sales", "422", "422"]),
        ("POST /learn/threads/{id}/posts/{post}/show", on_reply("show"), moderator),
        ("POST /learn/threads/{id}/posts/{post}/answer", on_reply("answer"), moderator),
        ("POST /learn/threads/{id}/posts/{post}/unanswer", on_reply("unanswer"), moderator),
        ("POST /learn/threads/{id}/posts/{post}/withdraw", on_reply("withdraw"), ["login", "done", "sales", "sales", "403", "403"]),
        ("POST /admin/announcements", "/admin/announcements".into(), instead_of_200(STAFF, "422")),
        ("POST /learn/announcements/{id}/withdraw", format!("/learn/announcements/{announcement}/withdraw"), instead_of_200(REVIEWERS, "done")),
        ("POST /curate/attempts/{id}/score", format!("/curate/attempts/{attempt}/score"), instead_of_200(REVIEWERS, "422")),
        (
            "POST /curate/attempts/{id}/questions/{question}/score",
            format!("/curate/attempts/{attempt}/questions/{}/score", OPEN.id),
            instead_of_200(REVIEWERS, "404"),
        ),
        (
            "POST /curate/tests/{test}/questions/{question}",
            format!("/curate/tests/{TEST}/questions/{}", OPEN.id),
            ["login", "403", "403", "404", "404", "404"],
        ),
        ("POST /curate/attempts/{id}/void", format!("/curate/attempts/{attempt}/void"), instead_of_200(REVIEWERS, "422")),
        ("POST /admin/courses/{id}/lessons/{lesson}/tests", format!("{edit_lesson}/tests"), instead_of_200(ADMINS, "422")),
        ("POST /admin/courses/{id}/tests/{test}", edit_test.clone(), instead_of_200(ADMINS, "422")),
        ("POST /admin/courses/{id}/tests/{test}/arrange", format!("{edit_test}/arrange"), instead_of_200(ADMINS, "404")),
        ("POST /admin/courses/{id}/tests/{test}/publish", format!("{edit_test}/publish"), instead_of_200(ADMINS, "done")),
        ("POST /admin/courses/{id}/tests/{test}/discard", format!("{edit_test}/discard"), instead_of_200(ADMINS, "done")),
        ("POST /admin/courses/{id}/tests/{test}/draws", format!("{edit_test}/draws"), instead_of_200(ADMINS, "422")),
        ("POST /admin/courses/{id}/tests/{test}/exceptions", format!("{edit_test}/exceptions"), instead_of_200(ADMINS, "422")),
        ("POST /admin/courses/{id}/tests/{test}/questions/{question}", format!("{edit_test}/questions/{}", OPEN.id), instead_of_200(ADMINS, "422")),
        (
            "POST /admin/courses/{id}/tests/{test}/questions/{question}/key",
            format!("{edit_test}/questions/{}/key", OPEN.id),
            instead_of_200(ADMINS, "422"),
        ),
        ("GET /admin/courses/{id}/tests/{test}/export", format!("{edit_test}/export"), ADMINS),
        ("POST /admin/courses/{id}/tests/{test}/files", format!("{edit_test}/files"), instead_of_200(ADMINS, "422")),
        ("POST /admin/courses/{id}/bank", format!("/admin/courses/{LIGHT}/bank"), instead_of_200(ADMINS, "404")),
        ("GET /admin/courses/{id}/bank/export", format!("/admin/courses/{LIGHT}/bank/export"), ADMINS),
        ("POST /admin/courses/{id}/bank/files", format!("/admin/courses/{LIGHT}/bank/files"), instead_of_200(ADMINS, "422")),
        ("POST /admin/courses/{id}/lessons/{lesson}", edit_lesson.clone(), instead_of_200(ADMINS, "422")),
        ("POST /admin/courses/{id}/lessons/{lesson}/publish", format!("{edit_lesson}/publish"), instead_of_200(ADMINS, "done")),
        ("POST /admin/courses/{id}/lessons/{lesson}/discard", format!("{edit_lesson}/discard"), instead_of_200(ADMINS, "done")),
        ("POST /admin/courses/{id}/lessons/{lesson}/plan", format!("{edit_lesson}/plan"), instead_of_200(ADMINS, "422")),
        ("POST /admin/courses/{id}/lessons/{lesson}/files", format!("{edit_lesson}/files"), instead_of_200(ADMINS, "422")),
        ("POST /admin/courses/{id}/lessons/{lesson}/files/{file}", format!("{edit_lesson}/files/{nobody}"), instead_of_200(ADMINS, "404")),
        (
            "POST /admin/courses/{id}/lessons/{lesson}/files/{file}/remove",
            format!("{edit_lesson}/files/{nobody}/remove"),
            instead_of_200(ADMINS, "404"),
        ),
        ("POST /admin/courses/{id}/modules/{module}", format!("/admin/courses/{LIGHT}/modules/{nobody}"), instead_of_200(ADMINS, "404")),
        ("POST /admin/courses/{id}/publish", format!("/admin/courses/{LIGHT}/publish"), instead_of_200(ADMINS, "done")),
        ("POST /admin/courses/{id}/discard", format!("/admin/courses/{LIGHT}/discard"), instead_of_200(ADMINS, "done")),
        ("POST /admin/courses/{id}/move", format!("/admin/courses/{LIGHT}/move"), instead_of_200(ADMINS, "done")),
        ("POST /admin/users/{id}/enroll", format!("/admin/users/{}/enroll", OTHER.0), instead_of_200(ADMINS, "422")),
        ("POST /admin/users/{id}/lessons", format!("/admin/users/{}/lessons", OTHER.0), instead_of_200(ADMINS, "422")),
        ("POST /admin/users/{id}/reset-lesson", format!("/admin/users/{}/reset-lesson", OTHER.0), instead_of_200(ADMINS, "422")),
        ("POST /admin/users/{id}/openings/{opening}/end", format!("/admin/users/{}/openings/{nobody}/end", OTHER.0), instead_of_200(ADMINS, "404")),
        ("POST /admin/users/{id}/role", format!("/admin/users/{}/role", OTHER.0), instead_of_200(ADMINS, "422")),
        ("POST /admin/users/{id}/disable", format!("/admin/users/{nobody}/disable"), instead_of_200(ADMINS, "404")),
        ("POST /admin/users/{id}/disable", format!("/admin/users/{}/disable", ADMIN.0), instead_of_200(ADMINS, "422")),
        ("POST /admin/users/{id}/enable", format!("/admin/users/{nobody}/enable"), instead_of_200(ADMINS, "404")),
        ("POST /notifications/{id}/open", format!("/notifications/{nobody}/open"), ["login", "404", "404", "404", "404", "404"]),
        ("POST /notifications/read", "/notifications/read".into(), own_act),
        ("POST /notifications/settings", "/notifications/settings".into(), own_form),
        // Without a bot there is nothing to connect.
        ("POST /notifications/telegram/connect", "/notifications/telegram/connect".into(), instead_of_200(SIGNED_IN, "404")),
        ("POST /notifications/telegram/disconnect", "/notifications/telegram/disconnect".into(), instead_of_200(SIGNED_IN, "404")),
        ("POST /unsubscribe", "/unsubscribe?token=rubbish".into(), ["404"; 6]),
        ("GET /events", "/events".into(), SIGNED_IN),
        ("POST /admin/queue/{id}/retry", format!("/admin/queue/{nobody}/retry"), instead_of_200(ADMINS, "404")),
        // After the file, for now the photograph goes.
        ("POST /account/photo/remove", "/account/photo/remove".into(), own_act),
        ("GET /robots.txt", "/robots.txt".into(), EVERYBODY),
        ("GET /sitemap.xml", "/sitemap.xml".into(), EVERYBODY),
        ("GET /courses", "/courses".into(), ["done"; 6]),
    ];
    assert_same(table.iter().map(|row| row.0.to_owned()).collect(), plain_routes());
    let mut wrong = Vec::new();
    for (route, path, expected) in &table {
        let request = async |client: &mut Client| match *route {
            "PATCH /uploads/{id}" => patch(client, path, 0, "a").await,
            "GET /events" => client.open_stream(path, None).await.answer,
            "POST /account/photo" => client.upload(path, "photo", "image/png", b"").await,
            route if route.starts_with("GET") => client.get(path).await,
            _ => client.post(path, &[]).await,
        };
        wrong.extend(walk(&pool, &app, route, *expected, request).await);
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_page_that_sends_to_sign_in_leads_back_to_itself(pool: PgPool) {
    let app = school::open(&pool).await;
    for path in ["/account", "/learn", "/learn/light", "/curate", "/admin", "/admin/users?q=a&role=student"] {
        let answer = app.visitor().get(path).await;
        let next = answer.location().strip_prefix("/login?next=").unwrap_or_else(|| panic!("{path} leads to {}", answer.location()));
        let next: String = form_urlencoded::parse(format!("n={next}").as_bytes()).next().unwrap().1.into_owned();
        assert_eq!(next, path);
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn menus_offer_what_the_policy_allows(pool: PgPool) {
    let app = school::open(&pool).await;
    for ((role, who), areas) in ROLES.into_iter().zip([
        &["/login"][..],
        &["/learn", "/account"],
        &["/learn", "/account"],
        &["/learn", "/curate", "/account"],
        &["/learn", "/curate", "/account"],
        &["/learn", "/curate", "/admin", "/account"],
    ]) {
        let mut client = sign_in(&app, who).await;
        let html = client.get("/").await.text();
        for area in ["/login", "/learn", "/curate", "/admin", "/account"] {
            let is_offered = html.contains(&format!("href=\"{area}\""));
            assert_eq!(is_offered, areas.contains(&area), "{area} to the {role}");
            if is_offered {
                assert_eq!(client.get(area).await.status, 200, "{area} for the {role}");
            }
        }
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn head_and_unknown_methods_find_no_other_way_in(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    for method in [Method::HEAD, Method::PUT, Method::DELETE, Method::PATCH, Method::TRACE, Method::OPTIONS] {
        let answer = student.send(method.clone(), "/admin/users", None, crate::support::client::sized("")).await;
        let expected = if method == Method::HEAD { 403 } else { 405 };
        assert_eq!(answer.status, expected, "{method}");
    }
    let before = contents(&pool).await;
    for path in [format!("/admin/users/{}/disable", OTHER.0), "/logout".to_owned(), format!("/learn/tests/{TEST}/start")] {
        let answer = student.get(&path).await;
        assert!(answer.status == 303 && path.starts_with(answer.location()), "a link cannot do {path}, it leads to the form's page");
    }
    for endpoint in ["accounts/mine", "admin/figures", "tests/save"] {
        assert!(matches!(student.get(&format!("/api/{endpoint}")).await.status, 404 | 405), "a call is no link: {endpoint}");
    }
    assert_eq!(contents(&pool).await, before);
}
