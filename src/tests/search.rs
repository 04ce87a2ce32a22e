//! Searching: words in their forms, hits in their sentences, pages, a clear answer to every query.

use crate::support::Client;
use crate::support::database::{change, one};
use crate::support::school::{self, LESSONS, STUDENT, lesson_path};
use crate::support::search::{find, hrefs, snippet, with_texts};
use lectern::features::search::server::index;
use serde_json::{Value, json};
use sqlx::PgPool;
use std::collections::BTreeSet;

async fn finds_first_lesson(client: &mut Client, query: &str) -> bool {
    hrefs(&find(client, query).await, "lesson") == [lesson_path(LESSONS[0])]
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn words_are_found_in_all_their_forms(pool: PgPool) {
    let app = with_texts(
        &pool,
        &[
            "Школьные фотографии снимают у окна. Ёлка зажжена, съёмка началась.\n\nThe photographers are shooting portraits of children.",
            "Ничего такого.",
        ],
    )
    .await;
    let mut student = school::sign_in(&app, STUDENT).await;
    for query in [
        "фотография",
        "фотографии",
        "ФОТОГРАФИЙ",
        "Фотографию окно",
        "елка",
        "ёлка",
        "ЁЛКИ",
        "съемки",
        "съёмка",
        "photographer",
        "Portrait child",
        "shoot",
        "\"у окна\"",
        "«школьные фотографии»",
        "фотография -бумага",
        "фотография or бумага",
        "фотогр",
        "школьные фотог",
    ] {
        assert!(finds_first_lesson(&mut student, query).await, "{query}");
    }
    for query in ["\"окна у фотографии\"", "фотография -окно", "диафрагма", "\"фотографии школьные\"", "<script>фотография</script> нет"]
    {
        assert_eq!(find(&mut student, query).await["groups"], json!([]), "{query}");
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_hit_stands_in_its_sentence_and_is_text_only(pool: PgPool) {
    let app = with_texts(&pool, &["Первая фраза. Ёлка стоит у окна, <b>свет</b> мягкий & ровный. Третья фраза."]).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    let found = find(&mut student, "елки").await;
    assert_eq!(snippet(&found, "lesson"), "[Ёлка] стоит у окна, свет мягкий & ровный.");
    let page = student.get("/search?q=%D1%91%D0%BB%D0%BA%D0%B8").await;
    assert!(page.text().replace("<!>", "").contains("<mark>Ёлка</mark> стоит у окна, свет"), "{}", crate::support::around(&page.text(), "<mark>"));
    let attack = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>";
    change(&pool, &format!("update lesson_versions set title = $$Ёлка {attack}$$, content_md = $$Ёлка \\{attack} `{attack}`$$")).await;
    change(&pool, "update courses set title = '<i>Свет</i>'").await;
    index::refresh(&app.ctx(), true).await.unwrap();
    let query = form_urlencoded::Serializer::new(String::new()).append_pair("q", &format!("ёлка or {attack}")).finish();
    for path in [
        format!("/search?{query}"),
        format!("/search?{query}&in=lesson"),
        format!("/search?{query}&in={attack}&after={attack}").replace(['<', '>', '"', ' '], "%3C"),
    ] {
        let page = student.get(&path).await;
        assert_eq!(page.status, 200, "{path}");
        for live in ["<script>alert", "<img src=x", "<i>Свет"] {
            assert!(!page.text().contains(live), "{path}: {}", crate::support::around(&page.text(), live));
        }
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn every_query_gets_a_clear_answer(pool: PgPool) {
    let app = with_texts(&pool, &["Свет и тень, но не на окне"]).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    for (query, says) in [
        ("", "Ищем в уроках"),
        ("я", "хотя бы одно слово из двух букв"),
        ("& | ! :* ( ) \" - '", "хотя бы одно слово из двух букв"),
        ("и не на", "искать нечего"),
        ("-свет", "искать нечего"),
        ("the", "искать нечего"),
        ("абракадабра", "Ничего не нашлось"),
        (&"свет ".repeat(2_000), "не длиннее 200 знаков"),
        ("свет\0", "Первый урок"),
        ("%' or 1=1; -- свет", "Поиск"),
        ("свет & ! ) :* <-> '", "Первый урок"),
    ] {
        let path = format!("/search?{}", form_urlencoded::Serializer::new(String::new()).append_pair("q", query).finish());
        let page = student.get(&path).await;
        assert!(page.status == 200 && page.says(says), "{query:.40}: {} {}", page.status, crate::support::around(&page.text(), "<main"));
    }
    let mut answers = Vec::new();
    for _ in 0..45 {
        answers.push(student.call("search/find", json!({ "query": "свет", "kind": null, "after": null })).await.status);
    }
    assert_eq!(answers.last(), Some(&429), "nobody searches without end");
    assert_eq!(app.visitor().get("/search?q=%D1%81%D0%B2%D0%B5%D1%82").await.status, 200, "others go on");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn pages_of_results_hold_everything_once(pool: PgPool) {
    let app = with_texts(&pool, &[]).await;
    change(
        &pool,
        "insert into lessons (id, module_id, slug, title, position, created_at)
         select gen_random_uuid(), (select module_id from lessons where slug = 'one'), 'n' || n, 'Урок про вспышку', 10 + n, now() from generate_series(1, 47) n",
    )
    .await;
    change(&pool, "insert into lesson_versions (id, lesson_id, number, title, content_md, created_at, published_at) select gen_random_uuid(), id, 1, title, 'Текст номер ' || slug, now(), now() from lessons where slug ~ '^n'").await;
    change(&pool, "update lessons l set published_version_id = v.id from lesson_versions v where v.lesson_id = l.id and l.slug ~ '^n'").await;
    change(&pool, "insert into course_version_lessons (course_version_id, lesson_id, module_id, position) select (select published_version_id from courses where slug = 'light'), id, module_id, position from lessons where slug ~ '^n'").await;
    index::refresh(&app.ctx(), false).await.unwrap();
    let mut student = school::sign_in(&app, STUDENT).await;
    let first = find(&mut student, "вспышки").await;
    assert!(hrefs(&first, "lesson").len() == 5 && first["groups"][0]["next"].is_string(), "{first}");
    let (mut seen, mut after) = (BTreeSet::new(), Value::Null);
    let mut sizes = Vec::new();
    loop {
        let page = student.call("search/find", json!({ "query": "вспышки", "kind": "lesson", "after": after })).await.json();
        let found = hrefs(&page, "lesson");
        sizes.push(found.len());
        seen.extend(found);
        after = page["groups"][0]["next"].clone();
        if after.is_null() {
            break;
        }
    }
    assert_eq!((sizes, seen.len()), (vec![20, 20, 7], 47));
    let page = student.get("/search?q=%D0%B2%D1%81%D0%BF%D1%8B%D1%88%D0%BA%D0%B0&in=lesson").await;
    assert!(page.text().contains("rel=\"next\"") && page.text().contains("after="));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn the_title_counts_more_than_the_text(pool: PgPool) {
    let app = with_texts(&pool, &["Экспонометр и ещё слова, а потом экспонометр снова"]).await;
    change(&pool, &format!("update lesson_versions set title = 'Экспонометр' where lesson_id = '{}'", LESSONS[1])).await;
    index::refresh(&app.ctx(), true).await.unwrap();
    let mut student = school::sign_in(&app, STUDENT).await;
    assert_eq!(hrefs(&find(&mut student, "экспонометр").await, "lesson"), [lesson_path(LESSONS[1]), lesson_path(LESSONS[0])]);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_new_version_of_a_text_is_found_and_the_old_one_is_not(pool: PgPool) {
    let app = with_texts(&pool, &["Старинный способ"]).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    assert!(finds_first_lesson(&mut student, "старинный").await);
    assert_eq!(index::refresh(&app.ctx(), false).await.unwrap(), 0, "where all is well nothing is made");
    change(&pool, &format!("insert into lesson_versions (id, lesson_id, number, title, content_md, created_at, published_at) values (gen_random_uuid(), '{}', 2, 'Первый урок', 'Новейший способ', now(), now())", LESSONS[0])).await;
    assert!(!finds_first_lesson(&mut student, "новейший").await, "a draft is not found");
    change(
        &pool,
        &format!(
            "update lessons l set published_version_id = v.id from lesson_versions v where v.lesson_id = l.id and v.number = 2 and l.id = '{}'",
            LESSONS[0]
        ),
    )
    .await;
    let mut tx = pool.begin().await.unwrap();
    index::lesson(&mut tx, LESSONS[0]).await.unwrap();
    tx.commit().await.unwrap();
    assert!(finds_first_lesson(&mut student, "новейший").await);
    assert!(!finds_first_lesson(&mut student, "старинный").await);
    let huge = "слово".repeat(3) + &" разное".repeat(60_000);
    change(&pool, &format!("update lesson_versions set content_md = $${huge}$$")).await;
    let made = index::refresh(&app.ctx(), true).await.unwrap();
    assert_eq!(i64::try_from(made).unwrap(), one::<i64>(&pool, "select count(*) from search_documents").await);
}
