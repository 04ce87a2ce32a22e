//! A course's bank of questions: files into it and out of it with a report in words, tags, the way into a test.

use crate::support::database::{change, contents, count, list, one};
use crate::support::school::{self, ADMIN, CURATOR, LIGHT, PRINT, PRINT_SINGLE, STUDENT, TEST, TIMED};
use crate::support::{Answer, Client};
use lectern::shared::i18n::{Locale, exchange as texts, problem};
use sqlx::PgPool;
use uuid::Uuid;

const FILE: &str = "
$CATEGORY: $course$/Свет

::Окно:: Что мягче? { =окно ~вспышка }

::Диафрагма:: Сколько? { #5,6 }

Прочитайте сначала <b>урок</b>.

::Порядок:: Чего не хватает { =конца
";

/// Sends a file with its form, as a browser does.
async fn import(client: &mut Client, path: &str, name: &str, bytes: &[u8]) -> Answer {
    let mut body = format!("--b\r\ncontent-disposition: form-data; name=\"format\"\r\n\r\n\r\n--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\ncontent-type: text/plain\r\n\r\n").into_bytes();
    body.extend_from_slice(bytes);
    body.extend_from_slice(b"\r\n--b--\r\n");
    client.send_unsized(path, "multipart/form-data; boundary=b", body).await
}

fn bank(course: Uuid) -> String {
    format!("/admin/courses/{course}/bank")
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_file_fills_the_bank_and_says_what_became_of_each_question(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut admin = school::sign_in(&app, ADMIN).await;
    let before = count(&pool, "questions").await;
    let answer = import(&mut admin, &format!("{}/files", bank(LIGHT)), "a.txt", FILE.as_bytes()).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(count(&pool, "questions").await, before + 2);
    assert!(answer.says(&texts::taken(Locale::Ru, 2)));
    assert!(answer.says(&texts::not_taken(Locale::Ru, texts::description(Locale::Ru))), "{}", answer.text());
    assert!(answer.says(&texts::not_taken(Locale::Ru, texts::unclosed_brace(Locale::Ru))));
    assert!(answer.text().contains(">8<"), "the line of the text without an answer");
    assert_eq!(list::<String>(&pool, "select tags[1] from questions where number > 5 order by number").await, ["Свет", "Свет"]);
    assert_eq!(one::<i64>(&pool, "select (after ->> 'count')::bigint from outbox_events where kind = 'question_bank_changed'").await, 2);

    let page = admin.get(&format!("{}?tag=%D0%A1%D0%B2%D0%B5%D1%82", bank(LIGHT))).await;
    assert!(page.says("Диафрагма") && page.says(&texts::found(Locale::Ru, 2)), "{}", page.text());
    let page = admin.get(&format!("{}?q=%D0%94%D0%98%D0%90%D0%A4", bank(LIGHT))).await;
    assert!(page.says("Диафрагма") && page.says(&texts::found(Locale::Ru, 1)), "in small and capital letters");
    assert!(admin.get(&bank(PRINT)).await.says(&texts::found(Locale::Ru, 1)), "another course has its own");

    let file = admin.get(&format!("{}/export?format=moodle_xml", bank(LIGHT))).await;
    assert_eq!((file.status, file.header("content-disposition")), (200, "attachment; filename=\"questions.xml\""));
    let back = import(&mut admin, &format!("{}/files", bank(PRINT)), "q.XML", &file.body).await;
    assert_eq!(back.status, 200, "{}", back.text());
    let of = |course: Uuid| format!("questions where course_id = '{course}'");
    assert_eq!(count(&pool, &of(PRINT)).await, 1 + count(&pool, &of(LIGHT)).await, "out and in again");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_bad_file_is_refused_in_words_and_nothing_is_written(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut admin = school::sign_in(&app, ADMIN).await;
    let path = format!("{}/files", bank(LIGHT));
    let bomb = b"<?xml version=\"1.0\"?>\n<!DOCTYPE a [<!ENTITY b \"bbb\">]>\n<quiz>&b;</quiz>";
    let cases: [(&str, &[u8], String); 3] = [
        ("a.xml", bomb, texts::doctype(Locale::Ru, 2)),
        ("a.txt", b"a\nb\n\xc3\x28", texts::not_utf8(Locale::Ru, 3)),
        ("a.xml", b"<quiz><question>", texts::not_well_formed(Locale::Ru, 1)),
    ];
    for (name, bytes, why) in cases {
        let answer = import(&mut admin, &path, name, bytes).await;
        assert_eq!(answer.status, 422, "{name}");
        assert!(answer.says(&texts::refused_file(Locale::Ru, why)), "{}", answer.text());
    }
    assert_eq!(import(&mut admin, &path, "a.txt", b"").await.status, 422, "none chosen");
    let huge = import(&mut admin, &path, "a.txt", &vec![b'a'; 51 * 1024 * 1024]).await;
    assert_eq!(huge.status, 413);
    assert!(huge.says(&problem::file_too_large(Locale::Ru, 50)), "{}", huge.text());
    for person in [CURATOR, STUDENT] {
        let mut client = school::sign_in(&app, person).await;
        let mine = contents(&pool).await;
        assert_eq!(import(&mut client, &path, "a.txt", FILE.as_bytes()).await.status, 403);
        assert_eq!(client.get(&format!("{}/export", bank(LIGHT))).await.status, 403);
        assert_eq!(contents(&pool).await, mine);
    }
    assert_eq!(import(&mut admin, &format!("{}/files", bank(Uuid::nil())), "a.txt", FILE.as_bytes()).await.status, 404);
    assert_eq!(count(&pool, "questions").await, 5, "those of the school");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn chosen_questions_are_tagged_archived_and_put_into_a_test(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut admin = school::sign_in(&app, ADMIN).await;
    let answer = import(&mut admin, &format!("{}/files", bank(LIGHT)), "a.gift", FILE.as_bytes()).await;
    assert_eq!(answer.status, 200);
    let ids: Vec<Uuid> = list(&pool, "select id from questions where tags <> '{}' order by number").await;
    let (first, second) = (ids[0].to_string(), ids[1].to_string());
    let act = async |admin: &mut Client, fields: &[(&str, &str)]| admin.post(&bank(LIGHT), fields).await;
    let both = [("question", first.as_str()), ("question", second.as_str())];
    for _ in 0..2 {
        assert_eq!(act(&mut admin, &[both[0], both[1], ("deed", "tag"), ("tag", " трудные ")]).await.status, 303);
    }
    let tags = format!("select array_to_string(tags, ',') from questions where id = '{first}'");
    assert_eq!(one::<String>(&pool, &tags).await, "Свет,трудные", "twice is once");
    assert_eq!(act(&mut admin, &[both[0], ("deed", "untag"), ("tag", "Свет")]).await.status, 303);
    assert_eq!(one::<String>(&pool, &tags).await, "трудные");

    let test = TEST.to_string();
    let into_test = [both[0], both[1], ("deed", "into_test"), ("test", test.as_str())];
    let published = "test_version_questions q join tests t on t.published_version_id = q.test_version_id";
    let learners_see = count(&pool, published).await;
    for _ in 0..2 {
        assert_eq!(act(&mut admin, &into_test).await.status, 303);
    }
    let draft =
        format!("test_version_questions q join test_versions v on v.id = q.test_version_id where v.published_at is null and v.test_id = '{TEST}'");
    assert_eq!(count(&pool, &draft).await, 3 + 2);
    assert_eq!(count(&pool, published).await, learners_see, "learners get the draft when it is published");

    assert_eq!(act(&mut admin, &[both[1], ("deed", "archive")]).await.status, 303);
    assert!(!admin.get(&bank(LIGHT)).await.says("Диафрагма"));
    assert_eq!(count(&pool, &draft).await, 3 + 2, "tests keep it");

    let before = contents(&pool).await;
    let foreign = PRINT_SINGLE.id.to_string();
    for (fields, status) in [
        (vec![("deed", "archive")], 422),
        (vec![both[0], ("deed", "tag"), ("tag", "  ")], 422),
        (vec![both[0], ("deed", "tag"), ("tag", "a,b")], 422),
        (vec![both[0], ("deed", "rubbish")], 404),
        (vec![("question", foreign.as_str()), ("deed", "archive")], 404),
    ] {
        assert_eq!(act(&mut admin, &fields).await.status, status, "{fields:?}");
    }
    assert_eq!(contents(&pool).await, before);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_draft_that_is_thrown_away_takes_nothing_from_another_tests_draft(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut admin = school::sign_in(&app, ADMIN).await;
    assert_eq!(import(&mut admin, &format!("{}/files", bank(LIGHT)), "a.gift", FILE.as_bytes()).await.status, 200);
    let id: Uuid = one(&pool, "select id from questions where tags <> '{}' order by number limit 1").await;
    for test in [TEST, TIMED] {
        let fields = [("question", id.to_string()), ("deed", "into_test".to_owned()), ("test", test.to_string())];
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        assert_eq!(admin.post(&bank(LIGHT), &fields).await.status, 303);
    }
    let edit = format!(
        "insert into question_versions (id, question_id, number, prompt_md, prompt_html, is_draft, created_at) values (gen_random_uuid(), '{id}', 2, 'a', 'a', true, now())"
    );
    assert_eq!(change(&pool, &edit).await, 1);
    let drafts = format!("question_versions where question_id = '{id}' and is_draft");
    for (test, left) in [(TIMED, 1), (TEST, 0)] {
        assert_eq!(admin.post(&format!("/admin/courses/{LIGHT}/tests/{test}/discard"), &[]).await.status, 303);
        assert_eq!(count(&pool, &drafts).await, left);
    }
    assert_eq!(count(&pool, &format!("questions where id = '{id}'")).await, 1, "it stays in the bank");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_question_is_written_and_changed_in_the_bank(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut admin = school::sign_in(&app, ADMIN).await;
    let new = format!("{}/questions/new", bank(LIGHT));
    assert!(admin.get(&bank(LIGHT)).await.says("questions/new"));
    assert_eq!(admin.get(&format!("{new}?kind=number")).await.status, 200);
    let refused = admin.post(&new, &[("kind", "number"), ("prompt", "Сколько весит стакан света?"), ("answers", "много")]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.says("Сколько весит стакан света?"), "nothing typed is lost");
    let typed = [("kind", "number"), ("prompt", "Сколько весит стакан света?"), ("answers", "0"), ("tags", "шутки, свет")];
    let saved = admin.post(&new, &typed).await;
    assert_eq!(saved.status, 303, "{}", saved.text());
    let page = saved.header("location").to_owned();
    let id: Uuid = one(&pool, "select id from questions order by number desc limit 1").await;
    assert_eq!(page, format!("{}/questions/{id}", bank(LIGHT)));
    let version = || async { one::<Uuid>(&pool, &format!("select published_version_id from questions where id = '{id}'")).await };
    let first = version().await.to_string();
    assert!(admin.get(&page).await.says(&first), "the version that the author sees");

    let changed = |version: &str| {
        [("version", version), ("prompt", "Сколько весит свет?"), ("answers", "0"), ("tags", "свет")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
    };
    let post = async |admin: &mut Client, fields: [(String, String); 4]| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        admin.post(&page, &fields).await
    };
    assert_eq!(post(&mut admin, changed(&first)).await.status, 303);
    assert_ne!(version().await.to_string(), first, "what was asked stays as it was asked");
    assert_eq!(one::<i64>(&pool, &format!("select count(*) from question_versions where question_id = '{id}' and not is_draft")).await, 2);
    assert_eq!(one::<String>(&pool, &format!("select array_to_string(tags, ',') from questions where id = '{id}'")).await, "свет");
    let mut other = changed(&first);
    other[1].1 = "Сколько весит тень?".to_owned();
    let stale = post(&mut admin, other.clone()).await;
    assert_eq!(stale.status, 422, "who saw the version before");
    assert!(stale.says("Сколько весит тень?"));

    // Its draft in a test stands in the way.
    let (test, question) = (TEST.to_string(), id.to_string());
    let into_test = [("question", question.as_str()), ("deed", "into_test"), ("test", test.as_str())];
    assert_eq!(admin.post(&bank(LIGHT), &into_test).await.status, 303);
    let second = version().await.to_string();
    let in_test = [("version", second.as_str()), ("prompt", "Сколько?"), ("answers", "0"), ("weight", "1")];
    assert_eq!(admin.post(&format!("/admin/courses/{LIGHT}/tests/{TEST}/questions/{id}"), &in_test).await.status, 303);
    other[0].1 = second;
    let blocked = post(&mut admin, other).await;
    assert_eq!(blocked.status, 422);
    assert!(blocked.says(problem::draft_in_the_way(Locale::Ru)), "{}", blocked.text());
    assert_eq!(admin.get(&format!("{}/questions/{}", bank(PRINT), id)).await.status, 404, "of another course");
}
