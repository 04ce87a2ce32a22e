//! Who gets which bytes of a file, and how.

use crate::support::database::one;
use crate::support::school::{self, ADMIN, CURATOR, LESSONS, OTHER, STRANGER, STUDENT};
use crate::support::upload::{edit_path, noise, png, publish, upload};
use crate::support::{Client, course};
use axum::http::Method;
use lectern::features::files::server::service::player_link;
use lectern::server::authz::Actor;
use lectern::server::ctx::Ctx;
use lectern::server::jobs::run_due;
use lectern::shared::role::Role;
use sqlx::PgPool;
use uuid::Uuid;

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_file_is_for_those_who_may_read_its_lesson(pool: PgPool) {
    let app = school::open(&pool).await;
    let admin = school::sign_in(&app, ADMIN).await;
    let free = upload(&admin, 0, "attachment", "free.bin", &noise(10)).await;
    let paid = upload(&admin, 1, "attachment", "paid.bin", &noise(20)).await;
    let closed = upload(&admin, 2, "attachment", "closed.bin", &noise(30)).await;
    let draft = upload(&admin, 3, "attachment", "draft.bin", &noise(40)).await;
    for lesson in 0..3 {
        publish(&app, lesson).await;
    }
    course::rule(&pool, 2, "opens = 'after_previous'").await;
    let people = [None, Some(STUDENT), Some(OTHER), Some(STRANGER), Some(CURATOR), Some(ADMIN)];
    let table = [
        ("free", free, [200, 200, 200, 200, 200, 200]),
        ("paid", paid, [404, 200, 404, 404, 200, 200]),
        ("closed", closed, [404, 404, 404, 404, 200, 200]),
        ("draft", draft, [404, 404, 404, 404, 404, 200]),
    ];
    for (name, id, expected) in table {
        for (who, status) in people.into_iter().zip(expected) {
            let mut client = match who {
                Some(person) => school::sign_in(&app, person).await,
                None => app.visitor(),
            };
            assert_eq!(client.get(&format!("/files/{id}")).await.status, status, "{name} for {who:?}");
        }
    }
    // An ended enrolment ends access to files too.
    let mut student = school::sign_in(&app, STUDENT).await;
    crate::support::database::change(&pool, "update course_enrollments set state = 'revoked'").await;
    assert_eq!(student.get(&format!("/files/{paid}")).await.status, 404);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn ranges_tags_and_names_are_as_browsers_expect(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut admin = school::sign_in(&app, ADMIN).await;
    let bytes = noise(9 * 1024 * 1024);
    let name = "Разбор «света», 1/2 части;\"x\".bin";
    let id = upload(&admin, 0, "attachment", name, &bytes).await;
    let path = format!("/files/{id}");
    let whole = admin.get(&path).await;
    let tag = whole.header("etag").to_owned();
    assert_eq!((whole.status, whole.header("accept-ranges"), whole.header("x-content-type-options")), (200, "bytes", "nosniff"));
    assert_eq!(whole.header("content-security-policy"), "default-src 'none'; sandbox");
    assert_eq!(whole.header("content-type"), "application/octet-stream");
    assert!(whole.header("cache-control").starts_with("private"));
    let disposition = whole.header("content-disposition");
    assert!(disposition.starts_with("attachment; filename=\"2 ____"), "{disposition}");
    assert!(disposition.ends_with("filename*=UTF-8''2%20%D1%87%D0%B0%D1%81%D1%82%D0%B8%3B%22x%22.bin"), "{disposition}");
    let part = 8 * 1024 * 1024;
    let last = bytes.len() - 1;
    for (range, status, from, to) in [
        ("bytes=0-0".to_owned(), 206, 0, 1),
        (format!("bytes={}-{}", part - 2, part + 1), 206, part - 2, part + 2),
        ("bytes=-5".to_owned(), 206, last - 4, last + 1),
        (format!("bytes={last}-"), 206, last, last + 1),
        (format!("bytes={}-", last + 1), 416, 0, 0),
        ("bytes=0-1,4-5".to_owned(), 200, 0, last + 1),
        ("lines=1-2".to_owned(), 200, 0, last + 1),
    ] {
        let got = admin.clone().with_header("range", &range).get(&path).await;
        assert_eq!(got.status, status, "{range}");
        assert!(got.body == bytes[from..to], "{range}");
        let expected = match status {
            206 => format!("bytes {from}-{}/{}", to - 1, bytes.len()),
            416 => format!("bytes */{}", bytes.len()),
            _ => String::new(),
        };
        assert_eq!(got.header("content-range"), expected, "{range}");
    }
    let ranged = admin.clone().with_header("range", "bytes=0-4");
    assert_eq!(ranged.clone().with_header("if-range", &tag).get(&path).await.status, 206);
    assert_eq!(ranged.with_header("if-range", "\"other\"").get(&path).await.status, 200, "other bytes are sent whole");
    for known in [tag.clone(), format!("\"a\", W/{tag}"), "*".to_owned()] {
        let got = admin.clone().with_header("if-none-match", &known).get(&path).await;
        assert_eq!((got.status, got.body.len()), (304, 0), "{known}");
    }
    assert_eq!(admin.clone().with_header("if-none-match", "\"a\"").get(&path).await.status, 200);
    let packed = admin.clone().with_header("accept-encoding", "br, gzip").get(&path).await;
    assert_eq!((packed.header("content-encoding"), packed.body.len()), ("", bytes.len()), "ranges are of the bytes as they are");
    let text = upload(&admin, 0, "attachment", "a.txt", &[b'a'; 2_000]).await;
    let beyond = admin.clone().with_header("range", "bytes=2000-").get(&format!("/files/{text}")).await;
    assert_eq!((beyond.status, beyond.header("content-range"), beyond.body.len()), (416, "bytes */2000", 0));
    let head = admin.send(Method::HEAD, &path, None, crate::support::client::sized("")).await;
    assert_eq!((head.status, head.header("content-length"), head.body.len()), (200, bytes.len().to_string().as_str(), 0));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn files_never_run_as_pages(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut admin = school::sign_in(&app, ADMIN).await;
    for (name, bytes) in [
        ("a.html", &b"<!DOCTYPE html><script>alert(1)</script>"[..]),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ("a.xml", b"<?xml version='1.0'?><x/>"),
        ("a.js", b"alert(1)"),
        ("polyglot.gif", b"GIF89a/*<script>*/=1;alert(1)//</script>"),
    ] {
        let id = upload(&admin, 0, "attachment", name, bytes).await;
        let got = admin.get(&format!("/files/{id}")).await;
        assert_eq!((got.status, &got.body[..]), (200, bytes), "{name}");
        assert!(got.header("content-disposition").starts_with("attachment;"), "{name}");
        assert_eq!((got.header("x-content-type-options"), got.header("content-security-policy")), ("nosniff", "default-src 'none'; sandbox"));
        assert!(["application/octet-stream", "text/plain; charset=utf-8", "image/gif"].contains(&got.header("content-type")), "{name}");
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_picture_is_shown_in_sizes_and_never_as_it_was_taken(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut admin = school::sign_in(&app, ADMIN).await;
    let original = png(1_200, 600);
    let id = upload(&admin, 1, "picture", "окно.png", &original).await;
    let content = format!("![Окно](/files/{id} \"Свет слева\")");
    let fields = [("title", "Урок"), ("summary", ""), ("minutes", "5"), ("content", content.as_str()), ("revision", "0")];
    assert_eq!(admin.post(&edit_path(1), &fields).await.status, 303);
    assert_eq!(admin.post(&format!("{}/publish", edit_path(1)), &[("revision", "1")]).await.status, 303);
    let mut student = school::sign_in(&app, STUDENT).await;
    assert_eq!(student.get(&format!("/files/{id}")).await.status, 404, "not before its sizes are made");
    assert_eq!(admin.get(&format!("/files/{id}")).await.status, 200, "its author sees it at once");
    run_due(&app.ctx()).await.unwrap();
    let page = student.get(&school::lesson_path(LESSONS[1])).await.text();
    let expected = format!("srcset=\"/files/{id}/480 480w, /files/{id}/960 960w, /files/{id}/1200 1200w\"");
    assert!(page.contains(&expected), "{}", crate::support::around(&page, "srcset"));
    assert!(page.contains("width=\"1200\" height=\"600\""), "its place is kept while it loads");
    assert!(page.contains("<img class=\"blur\" src=\"data:image/webp;base64,"), "and is not empty");
    for (path, width) in [(format!("/files/{id}"), 1_200), (format!("/files/{id}/960"), 960), (format!("/files/{id}/480"), 480)] {
        let got = student.get(&path).await;
        assert_eq!(got.status, 200, "{path}");
        assert!(got.body != original);
        assert_eq!(image::load_from_memory(&got.body).unwrap().width(), width);
        assert!(got.header("content-disposition").starts_with("inline"));
    }
    for path in [format!("/files/{id}/481"), format!("/files/{id}/x"), format!("/files/{id}/-480")] {
        assert_eq!(student.get(&path).await.status, 404, "{path}");
    }
    assert!(student.get(&format!("/files/{id}?original=1")).await.body != original);
    assert!(admin.get(&format!("/files/{id}?original=1")).await.body == original, "the original is kept");
    let placeholder: String = one(&pool, &format!("select placeholder from files where id = '{id}'")).await;
    assert!(placeholder.starts_with("data:image/webp;base64,"));
}

fn as_person(app: &crate::support::TestApp, client: &Client, person: Uuid, session: Uuid) -> Ctx {
    assert!(!client.cookies.is_empty());
    Ctx { actor: Actor::Person { id: person, role: Role::Student }, session_id: Some(session), ..app.ctx() }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_players_link_serves_one_session_for_an_evening(pool: PgPool) {
    let app = school::open(&pool).await;
    let admin = school::sign_in(&app, ADMIN).await;
    let film = [b"\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41".as_slice(), &noise(5_000)].concat();
    let id = upload(&admin, 1, "video", "a.mp4", &film).await;
    let attachment = upload(&admin, 1, "attachment", "a.bin", &noise(50)).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    let session: Uuid = one(&pool, &format!("select id from sessions where user_id = '{}'", STUDENT.0)).await;
    let ctx = as_person(&app, &student, STUDENT.0, session);
    let link = player_link(&ctx, id).unwrap();
    let got = student.clone().with_header("range", "bytes=0-9").get(&link).await;
    assert_eq!((got.status, &got.body[..], got.header("content-type")), (206, &film[..10], "video/mp4"));
    let mut elsewhere = school::sign_in(&app, STUDENT).await;
    assert_eq!(elsewhere.get(&link).await.status, 404, "another session of the same person");
    assert_eq!(app.visitor().get(&link).await.status, 404);
    let (path, query) = link.split_once('?').unwrap();
    for bad in [
        format!("/files/{attachment}?{query}"),
        link.replace("until=1", "until=2"),
        link.replace("signature=", "signature=A"),
        format!("{path}?until=9999999999&signature="),
        player_link(&ctx, attachment).unwrap(),
    ] {
        assert_eq!(student.get(&bad).await.status, 404, "{bad}");
    }
    app.pass(6 * 3600 + 1);
    let mut student = student;
    assert_eq!(student.get(&link).await.status, 404, "it ended");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_files_name_is_found_by_those_who_may_read_its_lesson(pool: PgPool) {
    let app = school::open(&pool).await;
    let admin = school::sign_in(&app, ADMIN).await;
    upload(&admin, 1, "attachment", "чертёж софтбокса.bin", &noise(10)).await;
    let query = "/search?q=%D1%81%D0%BE%D1%84%D1%82%D0%B1%D0%BE%D0%BA%D1%81";
    let mut student = school::sign_in(&app, STUDENT).await;
    let hit = school::lesson_path(LESSONS[1]);
    assert!(!student.get(query).await.text().contains(&hit));
    publish(&app, 1).await;
    assert!(student.get(query).await.text().contains(&hit));
    assert!(!school::sign_in(&app, OTHER).await.get(query).await.text().contains(&hit));
}
