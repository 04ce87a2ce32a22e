//! Every way in, walked by everybody: what each role gets from each page, each server function and each plain route. A way
//! that is not in these tables fails the test.

mod functions;
mod pages;
mod plain_routes;

use crate::support::database::{change, contents, one};
use crate::support::payments::buy;
use crate::support::quiz::{save, start, submit, text};
use crate::support::school::{self, ADMIN, CURATOR, LESSONS, OPEN, OTHER, STRANGER, STUDENT, TEST};
use crate::support::works;
use crate::support::{Answer, Client, TestApp};
use axum::http::Method;
use serde_json::json;
use sqlx::PgPool;
use std::collections::BTreeSet;
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
    works::set(pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    works::hand_in(&mut student, pool, "Круг").await;
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

/// An order of the student's, and the sandbox's page of its payment.
async fn an_order(app: &TestApp, pool: &PgPool) -> (Uuid, String) {
    let mut student = school::sign_in(app, STUDENT).await;
    let page = buy(&mut student, "sandbox", "", 1).await.location().to_owned();
    // Its page asks for the payment once in a while, which is a job.
    change(pool, "update payments set checked_at = '2100-01-01Z'").await;
    (one(pool, "select id from orders").await, page)
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
        if matches!(expected, "200" | "done") {
            continue;
        }
        let after = contents(pool).await;
        if after != before {
            let written: Vec<&String> = after.iter().filter(|table| !before.contains(table)).collect();
            wrong.push(format!("{what} as {role}: {got}, yet something was written: {written:?}"));
        }
    }
    wrong
}

fn assert_same(table: BTreeSet<String>, real: BTreeSet<String>) {
    assert_eq!(real.difference(&table).collect::<Vec<_>>(), Vec::<&String>::new(), "not in the table");
    assert_eq!(table.difference(&real).collect::<Vec<_>>(), Vec::<&String>::new(), "only in the table");
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
