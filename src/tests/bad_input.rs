//! Whatever arrives: the right status, nothing written, never a 500.

use crate::support::client::{Client, sized};
use crate::support::database::{change, contents, one};
use crate::support::quiz::{save, score, start, submit, text};
use crate::support::school::{self, ADMIN, CURATOR, LESSONS, OPEN, OTHER, PASSWORD, STUDENT, TEST};
use axum::http::Method;
use serde_json::{Value, json};
use sqlx::PgPool;

const FORM: &str = "application/x-www-form-urlencoded";

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn malformed_ids_and_paths_do_not_exist(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut admin = school::sign_in(&app, ADMIN).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    for id in
        ["rubbish", "%00", "0", "..%2f..%2fetc", "%F0%28%8C%28", "'%20or%201=1--", "0190a000-0000-7000-8000-00000000700z", "%D1%82%D0%B5%D1%81%D1%82"]
    {
        for path in [
            format!("/learn/tests/{id}"),
            format!("/learn/attempts/{id}"),
            format!("/learn/light/lessons/{id}"),
            format!("/learn/light/lessons/{id}/questions"),
            format!("/learn/{id}/notes"),
            format!("/learn/threads/{id}"),
            format!("/learn/announcements/{id}"),
            format!("/courses/light/lessons/{id}"),
            format!("/courses/{id}"),
            format!("/learn/{id}"),
            format!("/learn/{id}/lessons/{}", LESSONS[0]),
            format!("/legal/{id}"),
            format!("/files/{id}"),
        ] {
            let answer = student.get(&path).await;
            assert!(matches!(answer.status, 404 | 400), "{path}: {}", answer.status);
            assert!(answer.status == 404 || path.contains("%F0"), "{path}: {}", answer.status);
        }
        for path in [format!("/admin/users/{id}"), format!("/curate/attempts/{id}")] {
            assert!(matches!(admin.get(&path).await.status, 404 | 400), "{path}");
        }
        for path in [
            format!("/learn/tests/{id}/start"),
            format!("/learn/attempts/{id}/submit"),
            format!("/learn/light/lessons/{id}/questions"),
            format!("/learn/light/lessons/{id}/notes"),
            format!("/learn/{id}/notes/delete"),
            format!("/learn/threads/{id}/reply"),
            format!("/learn/threads/{id}/posts/{id}/edit"),
            format!("/learn/attempts/{id}/answers"),
            format!("/learn/light/lessons/{id}/complete"),
            format!("/learn/{id}/lessons/{}/complete", LESSONS[0]),
        ] {
            let status = student.post(&path, &[]).await.status;
            assert!(matches!(status, 404 | 400), "{path}: {status}");
        }
        for path in [
            format!("/curate/attempts/{id}/score"),
            format!("/admin/users/{id}/role"),
            format!("/admin/users/{id}/disable"),
            format!("/learn/announcements/{id}/withdraw"),
            format!("/learn/threads/{id}/posts/{id}/hide"),
        ] {
            let status = admin.post(&path, &[("role", "student")]).await.status;
            assert!(matches!(status, 404 | 400), "{path}: {status}");
        }
    }
    for path in [
        "//",
        "//evil.example",
        "/%2f%2fevil",
        "/learn/",
        "/LOGIN",
        "/.git/config",
        "/.env",
        "/metrics",
        "/pkg/../Cargo.toml",
        "/img/%2e%2e/%2e%2e/Cargo.toml",
    ] {
        let answer = app.visitor().get(path).await;
        assert!(matches!(answer.status, 404 | 303), "{path}: {}", answer.status);
        assert!(!answer.text().contains("[package]"));
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn forms_are_read_strictly(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    let before = contents(&pool).await;
    let body = "full_name=X&time_zone=Asia/Omsk";
    for kind in ["text/plain", "application/json", "multipart/form-data; boundary=a", "application/x-www-form-urlencodedx", ""] {
        let kind = if kind.is_empty() { None } else { Some(kind) };
        assert_eq!(student.send(Method::POST, "/account", kind, sized(body)).await.status, 415, "{kind:?}");
    }
    assert_eq!(student.send(Method::POST, "/account", Some(FORM), sized(&b"full_name=\xff\xfe&time_zone=Asia/Omsk"[..])).await.status, 400);
    let long = "x".repeat(300 * 1024);
    assert_eq!(student.post("/account", &[("full_name", &long), ("time_zone", "Asia/Omsk")]).await.status, 413);
    // The length is not believed: a body that does not say how long it is is measured.
    let answer = student.send_unsized("/account", FORM, vec![b'x'; 300 * 1024]).await;
    assert_eq!(answer.status, 413);
    assert!(answer.text().contains("<html"), "a page says so");
    assert_eq!(contents(&pool).await, before);
    let many = "f=1&".repeat(5_000) + body;
    assert_eq!(student.send(Method::POST, "/account", Some(FORM), sized(many)).await.status, 422, "what comes after 2000 fields is not read");
    assert_eq!(contents(&pool).await, before);
    assert_eq!(student.send(Method::POST, "/account", Some("Application/X-WWW-Form-Urlencoded; charset=UTF-8"), sized(body)).await.status, 303);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_repeated_field_slips_past_no_check(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut admin = school::sign_in(&app, ADMIN).await;
    let role = format!("/admin/users/{}/role", OTHER.0);
    assert_eq!(admin.post(&role, &[("role", "student"), ("role", "admin")]).await.status, 303);
    assert_eq!(one::<String>(&pool, &format!("select role from users where id = '{}'", OTHER.0)).await, "student", "the first counts, everywhere");
    assert_eq!(admin.post(&role, &[("role", "owner"), ("role", "admin")]).await.status, 422);
    let fields = [("full_name", "Вера"), ("email", "vera@example.com"), ("password", "тихое окно в классе"), ("consent", "no"), ("consent", "yes")];
    assert_eq!(app.visitor().post("/register", &fields).await.status, 422);
    let fields = [("email", STUDENT.1), ("email", ADMIN.1), ("password", "wrong"), ("password", PASSWORD)];
    assert_eq!(app.visitor().post("/login", &fields).await.status, 422);
    let twice = format!("role=student&role%5B%5D=admin&role.0=admin&ROLE=admin&id={}", ADMIN.0);
    assert_eq!(admin.send(Method::POST, &role, Some(FORM), sized(twice)).await.status, 303);
    assert_eq!(one::<String>(&pool, &format!("select role from users where id = '{}'", OTHER.0)).await, "student");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn nul_bytes_are_refused_everywhere(pool: PgPool) {
    let app = school::open(&pool).await;
    let (mut student, mut admin) = (school::sign_in(&app, STUDENT).await, school::sign_in(&app, ADMIN).await);
    let before = contents(&pool).await;
    for (path, fields) in [
        ("/account".to_owned(), vec![("full_name", "a\0"), ("time_zone", "Asia/Omsk")]),
        ("/account".to_owned(), vec![("full_name", "a"), ("time_zone", "Asia/Omsk\0")]),
        ("/account/password".to_owned(), vec![("current_password", PASSWORD), ("new_password", "тихое\0окно в классе")]),
        ("/account/password".to_owned(), vec![("current_password", "a\0"), ("new_password", "тихое окно в классе")]),
        ("/account/sessions/end".to_owned(), vec![("session_id", "\0")]),
        ("/learn/light%00/lessons/0190a000-0000-7000-8000-00000000e001/complete".to_owned(), vec![]),
    ] {
        let status = student.post(&path, &fields).await.status;
        assert!(matches!(status, 404 | 422), "{path} {fields:?}: {status}");
    }
    for (path, fields) in [
        (format!("/admin/users/{}/enroll", OTHER.0), vec![("course_id", "0190a000-0000-7000-8000-00000000c001"), ("reason", "a\0")]),
        (format!("/admin/users/{}/enroll", OTHER.0), vec![("course_id", "\0"), ("reason", "a")]),
        (format!("/admin/users/{}/role", OTHER.0), vec![("role", "admin\0")]),
    ] {
        assert_eq!(admin.post(&path, &fields).await.status, 422, "{path} {fields:?}");
    }
    for (endpoint, arguments) in [
        ("catalogue/course", json!({ "slug": "light\0" })),
        ("catalogue/preview", json!({ "slug": "\0", "lesson_id": LESSONS[0] })),
        ("learning/outline", json!({ "slug": "light\0" })),
        ("learning/lesson", json!({ "slug": "\0light", "lesson_id": LESSONS[0] })),
        ("legal/text", json!({ "kind": "offer\0" })),
    ] {
        assert_eq!(student.call(endpoint, arguments).await.status, 404, "{endpoint}");
    }
    assert_eq!(admin.call("admin/users", json!({ "search": "a\0", "role": "admin\0", "after": null })).await.status, 200);
    assert_eq!(contents(&pool).await, before);
    let mut visitor = app.visitor().with_cookie("language", "%00").with_cookie("theme", "%00").with_header("user-agent", "a%00");
    assert_eq!(visitor.get("/").await.status, 200);
    assert_eq!(visitor.post("/login", &[("email", "a\0@x.test"), ("password", "\0")]).await.status, 422);
    assert_eq!(visitor.post("/login", &[("email", STUDENT.1), ("password", &format!("{PASSWORD}\0"))]).await.status, 422);
    assert_eq!(visitor.post("/preferences", &[("language", "\0"), ("theme", "\0"), ("back", "/\0")]).await.location(), "/");
}

async fn call_raw(client: &mut Client, endpoint: &str, kind: Option<&str>, body: &str) -> (u16, Value) {
    let answer = client.send(Method::POST, &format!("/api/{endpoint}"), kind, sized(body.to_owned())).await;
    (answer.status, serde_json::from_slice(&answer.body).unwrap_or(Value::Null))
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn malformed_calls_are_refused_as_such(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    let before = contents(&pool).await;
    let json_kind = Some("application/json");
    for body in [
        "",
        "rubbish",
        "[]",
        "{}",
        "null",
        "{\"test_id\":7}",
        "{\"test_id\":\"rubbish\"}",
        "{\"test_id\":null}",
        "{\"test_id\":\"\\ud800\"}",
        &"[".repeat(5_000),
    ] {
        let (status, answer) = call_raw(&mut student, "tests/front", json_kind, body).await;
        assert_eq!((status, &answer["kind"]), (422, &json!("Invalid")), "{body:.40}");
    }
    for value in [json!({ "choice": "x" }), json!({ "number": 1 }), json!("text"), json!(null), json!({ "text": 5 })] {
        let body = json!({ "attempt_id": TEST, "question_id": TEST, "sequence": 1, "value": value }).to_string();
        assert_eq!(call_raw(&mut student, "tests/save", json_kind, &body).await.0, 422, "{value}");
    }
    for sequence in ["1.5", "9223372036854775808", "\"1\"", "1e400"] {
        let body = format!("{{\"attempt_id\":\"{TEST}\",\"question_id\":\"{TEST}\",\"sequence\":{sequence},\"value\":{{\"text\":\"a\"}}}}");
        assert_eq!(call_raw(&mut student, "tests/save", json_kind, &body).await.0, 422, "{sequence}");
    }
    let good = json!({ "test_id": TEST }).to_string();
    for kind in [None, Some("text/plain"), Some(FORM), Some("multipart/form-data; boundary=a")] {
        assert_eq!(call_raw(&mut student, "tests/front", kind, &good).await.0, 415, "{kind:?}");
    }
    assert_eq!(call_raw(&mut student, "tests/front", Some("application/json; charset=utf-8"), &good).await.0, 200);
    assert_eq!(call_raw(&mut student, "no/such", json_kind, "{}").await.0, 404);
    let large = student.send_unsized("/api/tests/front", "application/json", vec![b' '; 300 * 1024]).await;
    assert!(matches!(large.status, 413 | 422), "measured while it comes: {}", large.status);
    assert_eq!(contents(&pool).await, before);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn what_people_type_stays_text_on_every_page(pool: PgPool) {
    let app = school::open(&pool).await;
    let attack = "</title></textarea></script><script>alert(1)</script><img src=x onerror=alert(1)>\"'>";
    let mut student = school::sign_in(&app, STUDENT).await.with_header("user-agent", "<script>alert(1)</script>");
    assert_eq!(student.post("/account", &[("full_name", attack), ("time_zone", "Europe/Moscow")]).await.status, 303);
    change(&pool, &format!("update school_settings set name = $${attack}$$, tagline = $${attack}$$, address = $${attack}$$")).await;
    student.post("/login", &[("email", STUDENT.1), ("password", PASSWORD)]).await;
    let attempt = start(&mut student, TEST).await;
    save(&mut student, attempt, &OPEN, 1, text(attack)).await;
    let running = student.get(&format!("/learn/attempts/{attempt}")).await;
    let before_hand_in = student.get(&format!("/learn/attempts/{attempt}?review=1")).await;
    submit(&mut student, attempt).await;
    let (mut curator, mut admin) = (school::sign_in(&app, CURATOR).await, school::sign_in(&app, ADMIN).await);
    let unscored = curator.get(&format!("/curate/attempts/{attempt}")).await;
    let refused = score(&mut curator, attempt, &OPEN, attack, attack).await;
    let queue = curator.get("/curate").await;
    assert_eq!(score(&mut curator, attempt, &OPEN, "3", attack).await.status, 303);
    let enroll = admin.post(&format!("/admin/users/{}/enroll", STUDENT.0), &[("course_id", &school::PRINT.to_string()), ("reason", attack)]).await;
    assert_eq!(enroll.status, 303);
    let query = form_urlencoded::Serializer::new(String::new()).append_pair("q", attack).append_pair("next", attack).finish();
    let pages = [
        running,
        before_hand_in,
        unscored,
        refused,
        queue,
        student.get(&format!("/learn/attempts/{attempt}")).await,
        student.get("/account").await,
        student.get("/learn").await,
        curator.get(&format!("/curate/attempts/{attempt}")).await,
        admin.get("/admin/users").await,
        admin.get(&format!("/admin/users/{}", STUDENT.0)).await,
        admin.get(&format!("/admin/users?{query}")).await,
        admin.get("/admin").await,
        app.visitor().get("/").await,
        app.visitor().get(&format!("/login?{query}")).await,
        app.visitor().get("/legal/offer").await,
        app.visitor().post("/login", &[("email", attack), ("next", attack)]).await,
        app.visitor().post("/register", &[("full_name", attack), ("email", attack)]).await,
        app.visitor().get(&format!("/no/{query}")).await,
    ];
    for (index, page) in pages.iter().enumerate() {
        assert!(matches!(page.status, 200 | 404 | 422), "{index}: {}", page.status);
        for live in ["<script>alert", "<img src=x", "</title></textarea>"] {
            assert!(!page.text().contains(live), "page {index}: {}", crate::support::around(&page.text(), live));
        }
    }
    assert!(pages.iter().filter(|page| page.text().contains("&lt;script&gt;alert(1)")).count() > 10, "the texts do stand there");
}
