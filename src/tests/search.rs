//! Searching: words in their forms, in sentences, and only what the person may open.

use crate::support::database::{change, count, one};
use crate::support::school::{self, ADMIN, CURATOR, LESSONS, OTHER, STRANGER, STUDENT, lesson_path};
use crate::support::{Client, TestApp};
use lectern::features::learning::server::access;
use lectern::features::learning::server::texts::open_lessons;
use lectern::features::search::server::index;
use lectern::server::authz::{self, Actor, ReadCourse};
use lectern::server::ctx::Ctx;
use lectern::shared::role::Role;
use serde_json::{Value, json};
use sqlx::PgPool;
use std::collections::BTreeSet;
use uuid::Uuid;

/// The school with these texts in the lessons of `light`, found.
async fn with_texts(pool: &PgPool, texts: &[&str]) -> TestApp {
    let app = school::open(pool).await;
    for (lesson, text) in LESSONS.iter().zip(texts) {
        let sql =
            format!("update lesson_versions set content_md = $${text}$$ where id = (select published_version_id from lessons where id = '{lesson}')");
        assert_eq!(change(pool, &sql).await, 1);
    }
    index::refresh(&app.ctx(), true).await.unwrap();
    app
}

async fn find(client: &mut Client, query: &str) -> Value {
    let answer = client.call("search/find", json!({ "query": query, "kind": null, "after": null })).await;
    assert_eq!(answer.status, 200, "{query}: {}", answer.text());
    answer.json()
}

/// Addresses of what is found of a kind.
fn hrefs(found: &Value, kind: &str) -> Vec<String> {
    let group = found["groups"].as_array().unwrap().iter().find(|group| group["kind"] == kind);
    group.map_or_else(Vec::new, |group| group["hits"].as_array().unwrap().iter().map(|hit| hit["href"].as_str().unwrap().to_owned()).collect())
}

/// The first snippet of a kind, its hits in brackets.
fn snippet(found: &Value, kind: &str) -> String {
    let group = found["groups"].as_array().unwrap().iter().find(|group| group["kind"] == kind).unwrap_or_else(|| panic!("{found}"));
    let pieces = group["hits"][0]["snippet"].as_array().unwrap();
    pieces
        .iter()
        .map(
            |piece| {
                if piece["is_hit"] == true { format!("[{}]", piece["text"].as_str().unwrap()) } else { piece["text"].as_str().unwrap().to_owned() }
            },
        )
        .collect()
}

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
async fn nobody_finds_what_they_may_not_open(pool: PgPool) {
    let app = with_texts(&pool, &["Диафрагма открытая", "Диафрагма средняя", "Диафрагма закрытая"]).await;
    let lessons = |ids: &[Uuid]| ids.iter().map(|id| lesson_path(*id)).collect::<BTreeSet<_>>();
    let preview = BTreeSet::from([format!("/courses/light/lessons/{}", LESSONS[0])]);
    let set = async |client: &mut Client| hrefs(&find(client, "диафрагма").await, "lesson").into_iter().collect::<BTreeSet<_>>();
    let all = lessons(&LESSONS[..3]);
    assert_eq!(set(&mut app.visitor()).await, preview, "a visitor finds free lessons");
    assert_eq!(set(&mut school::sign_in(&app, OTHER).await).await, preview, "who is not enrolled too");
    assert_eq!(set(&mut school::sign_in(&app, STRANGER).await).await, preview, "another course's curator too");
    let mut student = school::sign_in(&app, STUDENT).await;
    assert_eq!(set(&mut student).await, all);
    assert_eq!(set(&mut school::sign_in(&app, CURATOR).await).await, all);
    assert_eq!(set(&mut school::sign_in(&app, ADMIN).await).await, all);

    let enrollment = format!("where user_id = '{}'", STUDENT.0);
    for ended in
        ["expires_at = '2026-03-01Z'", "expires_at = null, state = 'paused'", "state = 'revoked'", "state = 'active', starts_at = '2026-04-01Z'"]
    {
        change(&pool, &format!("update course_enrollments set {ended} {enrollment}")).await;
        assert_eq!(set(&mut student).await, preview, "{ended}");
    }
    change(&pool, &format!("update course_enrollments set state = 'active', starts_at = '2026-02-01Z' {enrollment}")).await;
    change(&pool, "update courses set status = 'archived' where slug = 'light'").await;
    assert_eq!(set(&mut student).await, all, "an archived course stays open to its learners");
    assert_eq!(set(&mut app.visitor()).await, BTreeSet::new());
    change(&pool, "update courses set status = 'draft' where slug = 'light'").await;
    for person in [STUDENT, CURATOR, ADMIN] {
        assert_eq!(set(&mut school::sign_in(&app, person).await).await, BTreeSet::new(), "drafts are found by nobody");
    }
    assert_eq!(find(&mut student, "печать").await["groups"][0]["hits"][0]["href"], "/courses/print", "sales pages are for all");
    index::refresh(&app.ctx(), false).await.unwrap();
    assert_eq!(count(&pool, "search_documents where body like '%иафрагма%'").await, 0, "and their documents go");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn what_is_searched_is_what_the_policy_opens(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut connection = pool.acquire().await.unwrap();
    let people = [
        Actor::Visitor,
        Actor::Person { id: STUDENT.0, role: Role::Student },
        Actor::Person { id: OTHER.0, role: Role::Student },
        Actor::Person { id: CURATOR.0, role: Role::Curator },
        // The assignment outlives a change of role.
        Actor::Person { id: CURATOR.0, role: Role::Student },
        Actor::Person { id: STRANGER.0, role: Role::Curator },
        Actor::Person { id: ADMIN.0, role: Role::Admin },
    ];
    for enrollment in [
        "state = 'active'",
        "state = 'completed'",
        "state = 'paused'",
        "state = 'expired'",
        "state = 'active', expires_at = '2026-03-02 09:00Z'",
        "expires_at = null, starts_at = '2026-03-02 09:00:01Z'",
    ] {
        change(&pool, &format!("update course_enrollments set {enrollment}")).await;
        for status in ["published", "archived"] {
            change(&pool, &format!("update courses set status = '{status}'")).await;
            for actor in &people {
                let ctx = Ctx { actor: actor.clone(), ..app.ctx() };
                let open: BTreeSet<String> = open_lessons(&mut connection, &ctx)
                    .await
                    .unwrap()
                    .into_iter()
                    .filter(|lesson| !lesson.is_preview)
                    .map(|lesson| lesson.slug)
                    .collect();
                for slug in ["light", "print"] {
                    let course = access::course_by_slug(&mut connection, &ctx, slug).await.unwrap();
                    let may_read = authz::permit(&ctx.actor, ReadCourse(course.facts)).is_ok();
                    assert_eq!(open.contains(slug), may_read, "{slug}, {status}, {enrollment}, {actor:?}");
                }
            }
        }
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn notes_are_found_by_their_owner_also_after_access_has_ended(pool: PgPool) {
    let app = with_texts(&pool, &[]).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    let id = Uuid::from_u128(0x0190_a000_0000_7000_8000_0000_0000_4a01);
    let quote = json!({ "text": "Свет из окна", "before": "", "after": "" });
    let note = json!({ "id": id, "version": 0, "writer": id, "step": 1, "quote": quote, "body": "Отражатель поставить слева" });
    assert_eq!(student.call("notes/save", json!({ "slug": "light", "lesson_id": LESSONS[1], "note": note })).await.status, 200);
    let found = find(&mut student, "отражателя").await;
    assert_eq!(hrefs(&found, "note"), [format!("{}#note-{id}", lesson_path(LESSONS[1]))]);
    assert_eq!(snippet(&found, "note"), "[Отражатель] поставить слева");
    assert_eq!(hrefs(&find(&mut student, "окно").await, "note").len(), 1, "the quote is found too");
    for person in [OTHER, CURATOR, ADMIN] {
        assert_eq!(hrefs(&find(&mut school::sign_in(&app, person).await, "отражателя").await, "note").len(), 0);
    }
    assert_eq!(hrefs(&find(&mut app.visitor(), "отражателя").await, "note").len(), 0);
    change(&pool, &format!("update course_enrollments set expires_at = '2026-03-01Z' where user_id = '{}'", STUDENT.0)).await;
    assert_eq!(hrefs(&find(&mut student, "отражателя").await, "note"), [format!("/learn/light/notes#note-{id}")]);
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
         select gen_random_uuid(), (select module_id from lessons where slug = 'one'), 'n' || n, 'Урок про штатив', 10 + n, now() from generate_series(1, 47) n",
    )
    .await;
    change(&pool, "insert into lesson_versions (id, lesson_id, number, title, content_md, created_at, published_at) select gen_random_uuid(), id, 1, title, 'Текст номер ' || slug, now(), now() from lessons where slug ~ '^n'").await;
    change(&pool, "update lessons l set published_version_id = v.id from lesson_versions v where v.lesson_id = l.id and l.slug ~ '^n'").await;
    change(&pool, "insert into course_version_lessons (course_version_id, lesson_id, module_id, position) select (select published_version_id from courses where slug = 'light'), id, module_id, position from lessons where slug ~ '^n'").await;
    index::refresh(&app.ctx(), false).await.unwrap();
    let mut student = school::sign_in(&app, STUDENT).await;
    let first = find(&mut student, "штативы").await;
    assert!(hrefs(&first, "lesson").len() == 5 && first["groups"][0]["next"].is_string(), "{first}");
    let (mut seen, mut after) = (BTreeSet::new(), Value::Null);
    let mut sizes = Vec::new();
    loop {
        let page = student.call("search/find", json!({ "query": "штативы", "kind": "lesson", "after": after })).await.json();
        let found = hrefs(&page, "lesson");
        sizes.push(found.len());
        seen.extend(found);
        after = page["groups"][0]["next"].clone();
        if after.is_null() {
            break;
        }
    }
    assert_eq!((sizes, seen.len()), (vec![20, 20, 7], 47));
    let page = student.get("/search?q=%D1%88%D1%82%D0%B0%D1%82%D0%B8%D0%B2&in=lesson").await;
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
