//! Pages of visitors that are kept: the same to everybody, never of yesterday, nobody's own.

use crate::support::database::{change, list, one, tables, until_blocked};
use crate::support::school::{self, CURATOR, LESSONS, STUDENT};
use crate::support::{Answer, TestApp};
use axum::http::{Method, Uri};
use lectern::server::cache::{Found, Key};
use lectern::server::wake;
use lectern::shared::i18n::Locale;
use sqlx::PgPool;
use std::time::{Duration, Instant};
use tokio_util::sync::{CancellationToken, DropGuard};

/// What publishing may take to be seen.
const FRESH_WITHIN: Duration = Duration::from_secs(1);

/// Listens to the database as a running server does.
async fn listen(app: &TestApp) -> DropGuard {
    let stop = CancellationToken::new();
    tokio::spawn(wake::run(app.state.clone(), stop.clone()));
    within(Duration::from_secs(5), || !matches!(look(app, "/"), Found::Off)).await.expect("the database calls");
    stop.drop_guard()
}

/// What the cache has for a Russian visitor with no theme.
fn look(app: &TestApp, path: &str) -> Found {
    app.state.cache.find(Key::of(&Method::GET, &path.parse::<Uri>().unwrap(), Locale::Ru, None).unwrap())
}

fn is_kept(app: &TestApp, path: &str) -> bool {
    matches!(look(app, path), Found::Page(_))
}

/// Waits until something holds; `None` when it does not in time.
async fn within(time: Duration, mut holds: impl FnMut() -> bool) -> Option<()> {
    let start = Instant::now();
    while !holds() {
        if start.elapsed() > time {
            return None;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    Some(())
}

/// Changes the first course's name so that nobody is told.
async fn rename_secretly(pool: &PgPool, name: &str) {
    change(pool, "alter table course_versions disable trigger user").await;
    change(pool, &format!("update course_versions v set title = '{name}' from courses c where c.slug = 'light' and v.id = c.published_version_id"))
        .await;
    change(pool, "alter table course_versions enable trigger user").await;
}

/// A page with what belongs to this answer alone named by what it is.
fn plain(answer: &Answer) -> String {
    let nonce = answer.header("content-security-policy").split("'nonce-").nth(1).unwrap().split('\'').next().unwrap();
    answer.text().replace(nonce, "NONCE").replace(answer.header("x-request-id"), "REQUEST")
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_kept_page_is_the_same_but_for_nonce_and_request_id(pool: PgPool) {
    let app = school::open(&pool).await;
    let _listening = listen(&app).await;
    let lesson = format!("/courses/light/lessons/{}", LESSONS[0]);
    for path in ["/", "/courses/light", lesson.as_str(), "/legal/offer"] {
        assert!(!is_kept(&app, path), "{path}");
        let made = app.visitor().with_header("user-agent", "SECRET-BROWSER").with_cookie("session", "SECRET-COOKIE").get(path).await;
        assert!(is_kept(&app, path), "{path}");
        let kept = app.visitor().at([198, 51, 100, 7]).with_cookie("flash", "no such message").get(path).await;
        assert_eq!((made.status, kept.status), (200, 200));
        assert_eq!(plain(&made), plain(&kept), "{path}");
        assert!(plain(&kept).contains("nonce=\"NONCE\"") && plain(&kept).contains("REQUEST"), "{path}: both are put in");
        assert_ne!(made.header("x-request-id"), kept.header("x-request-id"));
        assert_ne!(made.header("content-security-policy"), kept.header("content-security-policy"));
        let headers = |answer: &Answer| {
            let mut names: Vec<(String, String)> = answer
                .headers
                .iter()
                .filter(|(name, _)| !["x-request-id", "content-security-policy", "content-length"].contains(&name.as_str()))
                .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
                .collect();
            names.sort();
            names
        };
        assert_eq!(headers(&made), headers(&kept), "{path}");
        assert_eq!((kept.header("cache-control"), kept.header("set-cookie")), ("no-cache", ""), "{path}");
        for personal in ["SECRET", "203.0.113.1", "198.51.100.7"] {
            assert!(!kept.text().contains(personal), "{path} holds {personal}");
        }
    }
    let packed = app.visitor().with_header("accept-encoding", "br").get("/").await;
    assert_eq!((packed.header("content-encoding"), packed.header("vary")), ("br", "accept-encoding"));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn each_language_and_theme_has_its_page_and_nobody_gets_anothers(pool: PgPool) {
    let app = school::open(&pool).await;
    let _listening = listen(&app).await;
    for _ in 0..2 {
        let russian = app.visitor().get("/").await.text();
        let english = app.visitor().with_header("accept-language", "en").get("/").await.text();
        let dark = app.visitor().with_cookie("theme", "dark").get("/").await.text();
        assert!(russian.contains("<html lang=\"ru\">") && english.contains("<html lang=\"en\">"));
        assert!(dark.contains("data-theme=\"dark\"") && !russian.contains("data-theme"));
    }
    let mut student = school::sign_in(&app, STUDENT).await;
    let own = student.get("/").await;
    assert!(own.text().contains("action=\"/logout\"") && own.header("cache-control") == "no-store");
    assert!(!app.visitor().get("/").await.text().contains("action=\"/logout\""));
    rename_secretly(&pool, "Тайная").await;
    assert!(student.get("/").await.text().contains("Тайная"), "who is signed in reads what is there now");
    assert!(!app.visitor().get("/").await.text().contains("Тайная"), "a visitor what was kept");
    assert!(app.visitor().get("/?from=letter").await.text().contains("Тайная"), "with a query nothing is kept");
    assert!(app.visitor().with_cookie("flash", "registered").get("/").await.text().contains("Тайная"), "nor with a message");
    app.pass(30);
    assert!(app.visitor().get("/").await.text().contains("Тайная"), "nothing is older than half a minute");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn what_is_no_page_for_all_is_not_kept(pool: PgPool) {
    let app = school::open(&pool).await;
    let _listening = listen(&app).await;
    let paid = format!("/courses/light/lessons/{}", LESSONS[1]);
    for path in ["/courses/none", paid.as_str(), "/legal/none"] {
        assert_eq!(app.visitor().get(path).await.status, 404);
        assert!(!is_kept(&app, path), "{path}");
    }
    let mut visitor = app.visitor();
    let head = visitor.send(Method::HEAD, "/legal/offer", None, crate::support::client::sized("")).await;
    assert_eq!((head.status, head.body.len()), (200, 0));
    assert!(!is_kept(&app, "/legal/offer"), "a page without its body");
    let mut curator = school::sign_in(&app, CURATOR).await;
    change(&pool, "update courses set status = 'draft' where slug = 'light'").await;
    assert_eq!(curator.get("/courses/light").await.status, 200, "who makes the course sees its draft");
    assert!(!is_kept(&app, "/courses/light"));
    assert_eq!(visitor.get("/courses/light").await.status, 404);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn every_change_is_seen_within_a_second(pool: PgPool) {
    let app = school::open(&pool).await;
    let _listening = listen(&app).await;
    let mut visitor = app.visitor();
    let lesson = format!("/courses/light/lessons/{}", LESSONS[0]);
    let changes = [
        ("/", "update school_settings set name = 'Новая школа'", "Новая школа"),
        ("/", "update course_versions set title = 'О тени' where title = 'О свете' or title like 'Свет%'", "О тени"),
        ("/", "update courses set price = 12345 where slug = 'light'", "12\u{a0}345"),
        ("/courses/light", "update courses set review_hours = 77 where slug = 'light'", "за 77 рабочих часов"),
        ("/courses/light", "update course_version_modules set title = 'Новый модуль'", "Новый модуль"),
        ("/courses/light", "update lesson_versions set title = 'Новый урок'", "Новый урок"),
        ("/courses/light", "update users set full_name = 'Павел Переименованный' where email = 'curator@school.test'", "Переименованный"),
        (&lesson, "update lesson_versions set content_html = '<p>Новый текст</p>'", "Новый текст"),
        ("/legal/offer", "update legal_documents set body_html = '<p>Новая оферта</p>'", "Новая оферта"),
    ];
    for (path, sql, text) in changes {
        assert!(!visitor.get(path).await.text().contains(text), "{sql}: {text} is there before");
        assert!(is_kept(&app, path), "{sql}");
        assert!(change(&pool, sql).await > 0, "{sql}");
        let start = Instant::now();
        while !visitor.get(path).await.text().contains(text) {
            assert!(start.elapsed() < FRESH_WITHIN, "{sql}: {text} is not seen");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
    visitor.get("/").await;
    for sql in [
        "update users set full_name = 'Другая Студентка' where email = 'student@school.test'",
        "update users set locale = 'en', theme = 'dark' where email = 'curator@school.test'",
        "update course_progress set updated_at = updated_at",
    ] {
        change(&pool, sql).await;
        assert!(within(Duration::from_millis(200), || !is_kept(&app, "/")).await.is_none(), "{sql}: is nothing to visitors");
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_page_that_was_read_before_a_change_is_not_kept_after_it(pool: PgPool) {
    let app = school::open(&pool).await;
    let _listening = listen(&app).await;
    // The page has read the school's name and waits for its text, while the name changes.
    let mut lock = pool.begin().await.unwrap();
    sqlx::query("lock table legal_documents in access exclusive mode").execute(&mut *lock).await.unwrap();
    let mut visitor = app.visitor();
    let reading = tokio::spawn(async move { visitor.get("/legal/offer").await });
    until_blocked(&pool).await;
    app.visitor().get("/").await;
    change(&pool, "update school_settings set name = 'Переименована'").await;
    within(FRESH_WITHIN, || !is_kept(&app, "/")).await.expect("the call has come");
    lock.rollback().await.unwrap();
    let early = reading.await.unwrap();
    assert!(early.status == 200 && !early.text().contains("<title>Переименована"), "what was read is what is answered");
    assert!(!is_kept(&app, "/legal/offer"), "and is not kept");
    assert!(app.visitor().get("/legal/offer").await.text().contains("Переименована"));
    assert!(is_kept(&app, "/legal/offer"));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn unheard_the_database_is_asked_every_time(pool: PgPool) {
    let app = school::open(&pool).await;
    app.visitor().get("/").await;
    rename_secretly(&pool, "Первая").await;
    assert!(app.visitor().get("/").await.text().contains("Первая"), "nothing is kept before the database is heard");

    let listening = listen(&app).await;
    app.visitor().get("/").await;
    rename_secretly(&pool, "Вторая").await;
    assert!(!app.visitor().get("/").await.text().contains("Вторая"));
    let ended: i64 = one(
        &pool,
        "select count(pg_terminate_backend(pid)) from pg_stat_activity
         where datname = current_database() and pid <> pg_backend_pid() and query like 'LISTEN%'",
    )
    .await;
    assert_eq!(ended, 1);
    within(FRESH_WITHIN, || !is_kept(&app, "/")).await.expect("a lost line is noticed");
    assert!(app.visitor().get("/").await.text().contains("Вторая"));
    within(Duration::from_secs(5), || !matches!(look(&app, "/"), Found::Off)).await.expect("it listens again");
    app.visitor().get("/").await;
    assert!(is_kept(&app, "/"));
    drop(listening);
    within(FRESH_WITHIN, || matches!(look(&app, "/"), Found::Off)).await.expect("a server that stops listens no more");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn every_table_that_visitors_pages_read_calls(pool: PgPool) {
    let known = tables(&pool).await;
    let calling: Vec<String> =
        list(&pool, "select tgrelid::regclass::text from pg_trigger where tgname = tgrelid::regclass::text || '_drop_caches'").await;
    let sql = [include_str!("../features/catalogue/server/queries.rs"), include_str!("../features/legal/server/queries.rs")].concat();
    let words: Vec<&str> = sql.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).filter(|word| !word.is_empty()).collect();
    let mut read: Vec<&str> = words.windows(2).filter(|pair| ["from", "join"].contains(&pair[0])).map(|pair| pair[1]).collect();
    read.sort_unstable();
    read.dedup();
    read.retain(|word| known.iter().any(|table| table == word));
    assert!(read.len() > 10, "{read:?}");
    for table in read {
        assert!(calling.iter().any(|name| name == table), "{table} needs a trigger as in migrations/0011_cache.up.sql");
    }
}
