//! HTTP around everything: headers, foreign pages, languages, ids of requests.

use crate::support::client::sized;
use crate::support::database::contents;
use crate::support::school::{self, ADMIN, CURATOR, LESSONS, OTHER, PASSWORD, STUDENT, TEST};
use crate::support::{Answer, TestApp};
use axum::http::Method;
use lectern::shared::i18n::{Locale, error as texts, plain_page};
use serde_json::json;
use sqlx::PgPool;

fn nonce_of(answer: &Answer) -> String {
    answer.header("content-security-policy").split("'nonce-").nth(1).unwrap().split('\'').next().unwrap().to_owned()
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn every_answer_carries_the_security_headers(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    let answers = [
        app.visitor().get("/").await,
        app.visitor().get("/no/such/page").await,
        app.visitor().with_header("sec-fetch-site", "cross-site").post("/login", &[]).await,
        app.visitor().post("/login", &[]).await,
        app.visitor().get("/learn").await,
        app.visitor().get("/robots.txt").await,
        app.visitor().call("catalogue/courses", json!({})).await,
        student.get("/learn").await,
        student.call("accounts/mine", json!({})).await,
    ];
    for answer in &answers {
        let what = format!("{} {:.60}", answer.status, answer.text());
        let policy = answer.header("content-security-policy");
        for part in
            ["default-src 'none'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'", "'wasm-unsafe-eval'"]
        {
            assert!(policy.contains(part), "{what}: {part} is not in {policy}");
        }
        for bad in ["unsafe-inline", "'unsafe-eval'", "*", "http:", "https:"] {
            // Videos are shown by four hosts, and by no other part of the policy.
            let rest = policy.replace("ws://127.0.0.1:3001", "");
            let rest = rest.split(';').filter(|part| !part.trim().starts_with("frame-src 'self' https://www.youtube-nocookie.com "));
            assert!(!rest.collect::<String>().contains(bad), "{what}: {bad} is in {policy}");
        }
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "strict-origin-when-cross-origin"),
            ("x-frame-options", "DENY"),
            ("cross-origin-opener-policy", "same-origin"),
            ("strict-transport-security", ""),
        ] {
            assert_eq!(answer.header(name), value, "{what}: {name}");
        }
    }
    let https = TestApp::with_settings(&pool, &[("BASE_URL", "https://school.example")]);
    assert!(https.visitor().get("/").await.header("strict-transport-security").contains("max-age=31536000; includeSubDomains"));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn only_scripts_with_this_answers_nonce_run(pool: PgPool) {
    let app = school::open(&pool).await;
    let (mut student, mut curator, mut admin) =
        (school::sign_in(&app, STUDENT).await, school::sign_in(&app, CURATOR).await, school::sign_in(&app, ADMIN).await);
    let attempt = crate::support::quiz::start(&mut student, TEST).await;
    let mut seen = std::collections::BTreeSet::new();
    for path in ["/", "/courses/light", "/login", "/register", "/legal/offer", "/no/such/page"] {
        check_page(&app.visitor().get(path).await, path, &mut seen);
    }
    for path in [
        "/learn",
        "/learn/light",
        &school::lesson_path(LESSONS[1]),
        &format!("/learn/tests/{TEST}"),
        &format!("/learn/attempts/{attempt}"),
        "/account",
    ] {
        check_page(&student.get(path).await, path, &mut seen);
    }
    check_page(&curator.get("/curate").await, "/curate", &mut seen);
    for path in ["/admin", "/admin/users", &format!("/admin/users/{}", STUDENT.0)] {
        check_page(&admin.get(path).await, path, &mut seen);
    }
    check_page(&app.visitor().post("/login", &[]).await, "a refused form", &mut seen);
    check_page(&app.visitor().with_header("sec-fetch-site", "cross-site").post("/login", &[]).await, "a plain page", &mut seen);
    assert_eq!(seen.len(), 18, "each answer has its own nonce");
}

fn check_page(answer: &Answer, path: &str, seen: &mut std::collections::BTreeSet<String>) {
    let (html, nonce) = (answer.text(), nonce_of(answer));
    for tag in html.split('<').filter(|tag| tag.starts_with("script") || tag.starts_with("style")) {
        let tag = tag.split('>').next().unwrap();
        assert!(tag.contains(&format!("nonce=\"{nonce}\"")) || tag.starts_with("style ") && tag.contains("nonce"), "{path}: <{tag}>");
    }
    assert!(path == "a plain page" || html.contains("<script"), "{path} has scripts");
    for tag in html.split('<').skip(1).map(|tag| tag.split('>').next().unwrap()) {
        let attributes = tag.split_once(' ').map_or("", |(_, attributes)| attributes);
        for attribute in attributes.split_whitespace() {
            let name = attribute.split('=').next().unwrap();
            assert!(name != "style" && !(name.starts_with("on") && attribute.contains('=')), "{path}: the policy forbids {name} in <{tag}>");
        }
    }
    assert!(seen.insert(nonce.clone()) && nonce.len() >= 22, "{path}");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn private_answers_are_not_stored(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    for path in ["/", "/learn", "/account", "/no/such/page"] {
        assert_eq!(student.get(path).await.header("cache-control"), "no-store", "{path}");
    }
    assert_eq!(student.call("accounts/mine", json!({})).await.header("cache-control"), "no-store");
    assert_eq!(app.visitor().get("/").await.header("cache-control"), "no-cache");
    assert_eq!(student.post("/logout", &[]).await.header("clear-site-data"), "\"storage\"");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn changes_from_foreign_pages_are_refused(pool: PgPool) {
    let app = school::open(&pool).await;
    let student = school::sign_in(&app, STUDENT).await;
    let before = contents(&pool).await;
    let lesson = format!("{}/complete", school::lesson_path(LESSONS[0]));
    for (site, origin) in [
        ("cross-site", "https://evil.example"),
        ("same-site", ""),
        ("none", ""),
        ("", "https://evil.example"),
        ("", "null"),
        ("", ""),
        ("cross-site", "http://127.0.0.1:3000"),
        ("", "http://127.0.0.1:3000.evil.example"),
        ("", "https://127.0.0.1:3000"),
    ] {
        let mut foreign = student.clone().with_header("sec-fetch-site", site).with_header("origin", origin);
        for path in ["/logout", &lesson, "/account", "/preferences", "/login", "/no/such/page"] {
            let answer =
                foreign.post(path, &[("email", STUDENT.1), ("password", PASSWORD), ("full_name", "Чужое имя"), ("time_zone", "Asia/Omsk")]).await;
            assert_eq!(answer.status, 403, "{site:?} {origin:?} {path}");
            assert!(answer.says(plain_page::foreign_title(Locale::Ru)));
        }
        assert_eq!(foreign.call("tests/save", json!({})).await.status, 403);
        assert_eq!(foreign.upload("/account/photo", "photo", "image/png", b"x").await.status, 403);
        assert_eq!(foreign.send(Method::POST, &lesson, Some("text/plain"), sized("a=b")).await.status, 403);
        assert_eq!(foreign.get("/learn").await.status, 200, "a link may lead here");
    }
    assert_eq!(contents(&pool).await, before);
    let mut old_browser = student.with_header("sec-fetch-site", "").with_header("origin", "http://127.0.0.1:3000");
    assert_eq!(old_browser.post(&lesson, &[]).await.status, 303, "a browser without Sec-Fetch-Site says its origin");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn unknown_paths_answer_in_the_readers_language(pool: PgPool) {
    let app = school::open(&pool).await;
    for (header, cookie, locale) in [
        ("en-GB,en;q=0.9,ru;q=0.5", "", Locale::En),
        ("de,ru;q=0.3,en;q=0.7", "", Locale::En),
        ("de", "", Locale::Ru),
        ("", "", Locale::Ru),
        ("en", "ru", Locale::Ru),
        ("ru", "en", Locale::En),
        ("ru", "xx", Locale::Ru),
        ("en;q=0,*;q=0.1", "", Locale::Ru),
    ] {
        let mut visitor = app.visitor().with_header("accept-language", header);
        if !cookie.is_empty() {
            visitor = visitor.with_cookie("language", cookie);
        }
        for path in ["/no/such/page", "/courses/none", "/legal/none", "/learn/a/b/c/d"] {
            let answer = visitor.get(path).await;
            assert_eq!(answer.status, 404, "{path}");
            assert!(answer.header("content-type").starts_with("text/html"), "{path}");
            assert!(
                answer.says(texts::not_found_title(locale)) && answer.text().contains(&format!("<html lang=\"{}\"", locale.code())),
                "{header} {cookie} {path}"
            );
        }
    }
    let mut student = school::sign_in(&app, STUDENT).await;
    student.post("/preferences", &[("language", "en")]).await;
    student.cookies.remove("language");
    assert!(student.get("/no/such/page").await.says(texts::not_found_title(Locale::En)), "an account's language comes first");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn error_pages_name_their_request_and_nothing_else(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut other = school::sign_in(&app, OTHER).await;
    let answers = [
        (404, other.get("/no/such/page").await),
        (403, other.get("/admin").await),
        (404, other.get(&format!("/learn/attempts/{TEST}")).await),
        (404, other.post("/account/sessions/end", &[("session_id", "x")]).await),
        (403, other.clone().with_header("sec-fetch-site", "cross-site").post("/logout", &[]).await),
        (415, other.send(Method::POST, "/account", Some("text/plain"), sized("full_name=x")).await),
        (413, other.post("/account", &[("full_name", &"x".repeat(300_000))]).await),
        (405, other.send(Method::PUT, "/", None, sized("")).await),
    ];
    let mut ids = std::collections::BTreeSet::new();
    for (status, answer) in &answers {
        assert_eq!(answer.status, *status, "{}", answer.text());
        let id = answer.header("x-request-id");
        assert!(id.len() >= 32 && answer.text().contains(id), "{status}: the page does not say {id}");
        assert!(answer.text().contains("<html lang=\"ru\"") && answer.text().contains("</html>"), "{status}: a whole page");
        for bad in ["panicked", "src/", ".rs:", "sqlx", "postgres", "RUST_BACKTRACE"] {
            assert!(!answer.text().contains(bad), "{status}: the page says {bad}");
        }
        ids.insert(id.to_owned());
    }
    assert_eq!(ids.len(), answers.len(), "each request has its own number");
    let mut browser = other.clone().with_header("accept", "text/html").with_header("referer", "https://evil.example/");
    let answer = browser.call("admin/figures", json!({})).await;
    assert_eq!((answer.status, answer.location()), (403, ""), "a call leads nowhere, whatever it says it accepts");
    let wire = other.call("admin/figures", json!({})).await;
    assert_eq!(wire.json(), json!({ "kind": "Forbidden", "problems": [], "request_id": wire.header("x-request-id") }));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_message_after_a_redirect_is_shown_once(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    let plain = student.get("/account").await.text();
    student.post("/account", &[("full_name", "Анна Белова"), ("time_zone", "Europe/Moscow")]).await;
    assert!(student.cookies.contains_key("flash"));
    let saved = lectern::shared::i18n::flash::saved(Locale::Ru);
    assert!(!plain.contains(saved));
    assert!(student.get("/account").await.says(saved));
    assert!(!student.get("/account").await.says(saved) && !student.cookies.contains_key("flash"));
    assert_eq!(student.clone().with_cookie("flash", "<script>").get("/account").await.status, 200);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn pages_are_compressed_for_those_who_can_read_it(pool: PgPool) {
    let app = school::open(&pool).await;
    for encoding in ["br", "gzip"] {
        let answer = app.visitor().with_header("accept-encoding", encoding).get("/").await;
        assert_eq!((answer.status, answer.header("content-encoding")), (200, encoding));
        assert!(answer.header("vary").to_lowercase().contains("accept-encoding"));
    }
    assert_eq!(app.visitor().get("/").await.header("content-encoding"), "");
    let long = app.visitor().get(&format!("/pkg/{}", "a".repeat(300))).await;
    assert_eq!(long.status, 404, "a name that no file can have");
    let missing = app.visitor().get("/pkg/none.js").await;
    assert_eq!((missing.status, missing.header("cache-control")), (404, "no-store"), "a missing file is not kept for a year");
}
