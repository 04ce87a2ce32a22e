//! The catalogue: what visitors and search engines see.

use crate::support::database::change;
use crate::support::school::{self, LESSONS, STUDENT};
use serde_json::json;
use sqlx::PgPool;

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn visitors_see_published_courses_with_prices(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut visitor = app.visitor();
    let front = visitor.get("/").await;
    assert_eq!(front.status, 200);
    for part in ["/courses/light", "/courses/print", "Свет", "19\u{a0}900", "49\u{a0}900"] {
        assert!(front.text().contains(part), "{part} is missing");
    }
    let sales = visitor.get("/courses/light").await;
    assert_eq!(sales.status, 200);
    for part in ["О свете", "Первый урок", "Второй урок", "Третий урок", "Павел Градов", "19\u{a0}900"]
    {
        assert!(sales.text().contains(part), "{part} is missing");
    }
    assert!(sales.text().contains(&format!("/courses/light/lessons/{}", LESSONS[0])), "the free lesson is linked");
    assert!(!sales.text().contains(&format!("/courses/light/lessons/{}", LESSONS[1])), "the others are not");
    let cards = visitor.call("catalogue/courses", json!({})).await.json();
    assert_eq!(cards[0]["price"]["minor"], json!(1_990_000));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn only_the_free_lesson_is_free(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut visitor = app.visitor();
    let path = |lesson: usize| format!("/courses/light/lessons/{}", LESSONS[lesson]);
    let free = visitor.get(&path(0)).await;
    assert_eq!(free.status, 200);
    assert!(free.text().contains("Текст: Первый урок"));
    for lesson in [1, 2, 3] {
        let answer = visitor.get(&path(lesson)).await;
        assert_eq!(answer.status, 404);
        assert!(!answer.text().contains("Текст:"));
    }
    assert_eq!(visitor.get(&format!("/courses/print/lessons/{}", LESSONS[0])).await.status, 404, "not through another course");
    change(&pool, "update courses set status = 'archived' where slug = 'light'").await;
    assert_eq!(visitor.get(&path(0)).await.status, 404, "nor of a course that is gone");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn the_sales_page_leads_the_enrolled_on(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    assert!(student.get("/courses/light").await.text().contains("href=\"/learn/light\""));
    assert!(!student.get("/courses/print").await.text().contains("href=\"/learn/print\""));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn visitors_pages_name_themselves_to_search_and_share(pool: PgPool) {
    let app = school::open(&pool).await;
    let html = app.visitor().get("/courses/light").await.text();
    let base = "http://127.0.0.1:3000/courses/light";
    let canonical = html.split('<').find(|tag| tag.contains("rel=\"canonical\"")).expect("a canonical address");
    assert!(canonical.starts_with("link") && canonical.contains(&format!("href=\"{base}\"")), "{canonical}");
    for part in [&format!("property=\"og:url\" content=\"{base}\""), "name=\"description\"", "og:image"] {
        assert!(html.contains(part), "{part} is missing");
    }
    let robots = app.visitor().get("/robots.txt").await;
    assert!(robots.header("content-type").starts_with("text/plain"));
    assert!(robots.text().contains("Disallow: /admin") && robots.text().contains("Sitemap: http://127.0.0.1:3000/sitemap.xml"));
    change(&pool, "update courses set status = 'draft' where slug = 'print'").await;
    let map = app.visitor().get("/sitemap.xml").await;
    assert!(map.header("content-type").starts_with("application/xml"));
    assert!(map.text().contains(&format!("<loc>{base}</loc>")) && map.text().contains("/legal/privacy</loc>"));
    let free = LESSONS.map(|lesson| map.text().contains(&format!("{base}/lessons/{lesson}</loc>")));
    assert_eq!(free, [true, false, false, false], "the free lesson is found, the others not");
    assert!(!map.text().contains("print") && !map.text().contains("/learn"), "neither drafts nor what is private");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn legal_texts_are_in_the_readers_language_with_the_schools_facts(pool: PgPool) {
    let app = school::open(&pool).await;
    change(&pool, "update school_settings set name = 'Школа <Свет>', email = 'pochta@school.test'").await;
    for kind in ["offer", "privacy", "refunds"] {
        let russian = app.visitor().get(&format!("/legal/{kind}")).await;
        let english = app.visitor().with_header("accept-language", "en").get(&format!("/legal/{kind}")).await;
        assert_eq!((russian.status, english.status), (200, 200), "{kind}");
        assert!(russian.text().contains("<html lang=\"ru\"") && english.text().contains("<html lang=\"en\""));
        for mark in ["{school}", "{legal_name}", "{inn}", "{ogrn}", "{address}", "{email}", "{phone}", "<Свет>"] {
            for page in [&russian, &english] {
                assert!(!page.text().contains(mark), "{kind} holds {}", crate::support::around(&page.text(), mark));
            }
        }
    }
    assert_eq!(app.visitor().get("/legal/terms").await.status, 404);
    let courses = app.visitor().get("/courses").await;
    assert_eq!((courses.status, courses.location()), (303, "/"));
}
