//! Resumable uploads as a client of the protocol sees them.

use crate::support::client::sized;
use crate::support::database::{contents, count, one};
use crate::support::school::{self, ADMIN, LESSONS, LIGHT, STUDENT};
use crate::support::upload::{begin, edit_path, encoded, metadata, noise, offset, patch, patch_checked, png, publish, stored, tus, upload};
use axum::body::{Body, Bytes};
use axum::http::Method;
use futures_util::stream;
use sha2::{Digest as _, Sha256};
use sqlx::PgPool;
use std::time::Duration;
use uuid::Uuid;

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_file_in_pieces_reaches_its_readers_when_the_lesson_is_published(pool: PgPool) {
    let app = school::open(&pool).await;
    let admin = school::sign_in(&app, ADMIN).await;
    // More than a part, so that pieces and parts lie across each other.
    let bytes = noise(9 * 1024 * 1024 + 17);
    let begun = begin(&admin, &metadata(0, "attachment", "Разбор света.bin"), bytes.len()).await;
    assert_eq!(begun.status, 201);
    let place = begun.location().to_owned();
    assert!(begun.header("upload-expires").ends_with(" GMT"));
    assert_eq!(offset(&admin, &place).await, "0");
    let cuts = [0, 5, 3 * 1024 * 1024, 8 * 1024 * 1024, 9 * 1024 * 1024, bytes.len()];
    for pair in cuts.windows(2) {
        let done = patch(&admin, &place, pair[0], bytes[pair[0]..pair[1]].to_vec()).await;
        assert_eq!((done.status, done.header("upload-offset")), (204, pair[1].to_string().as_str()), "{}", done.text());
        assert_eq!(offset(&admin, &place).await, pair[1].to_string());
    }
    assert_eq!(stored(&app).await, 2, "parts that were replaced are gone");
    let sha: Vec<u8> = one(&pool, "select sha256 from files where kind = 'attachment'").await;
    assert_eq!(sha, Sha256::digest(&bytes).to_vec());
    let id: Uuid = one(&pool, "select id from files where kind = 'attachment'").await;
    let path = format!("/files/{id}");
    let mut student = school::sign_in(&app, STUDENT).await;
    assert_eq!(student.get(&path).await.status, 404, "in a draft nobody has it");
    publish(&app, 0).await;
    let got = student.get(&path).await;
    assert_eq!(got.status, 200);
    assert!(got.body == bytes, "the same bytes come back");
    assert_eq!(count(&pool, "outbox_events where kind = 'file_uploaded'").await, 1);
    // Who lost the last answer asks again, and sends nothing twice.
    assert_eq!(offset(&admin, &place).await, bytes.len().to_string());
    assert_eq!(patch(&admin, &place, bytes.len(), "").await.status, 204);
    assert_eq!(count(&pool, "files").await, 1);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn of_two_clients_one_waits(pool: PgPool) {
    let app = school::open(&pool).await;
    let admin = school::sign_in(&app, ADMIN).await;
    let begun = begin(&admin, &metadata(0, "attachment", "a.bin"), 10).await;
    let place = begun.location().to_owned();
    let (send, receive) = tokio::sync::oneshot::channel::<()>();
    let slow = stream::unfold(Some(receive), |state| async move {
        state?.await.ok();
        Some((Ok::<_, std::io::Error>(Bytes::from_static(b"01234")), None))
    });
    let first = {
        let (admin, place) = (admin.clone(), place.clone());
        tokio::spawn(async move { patch(&admin, &place, 0, Body::from_stream(slow)).await.status })
    };
    for _ in 0..200 {
        if count(&pool, "uploads where lease_id is not null").await == 1 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(patch(&admin, &place, 0, "01234").await.status, 423, "while the first writes");
    assert_eq!(tus(&admin).send(Method::DELETE, &place, None, sized("")).await.status, 423);
    send.send(()).unwrap();
    assert_eq!(first.await.unwrap(), 204);
    assert_eq!(patch(&admin, &place, 0, "01234").await.status, 409, "it stands elsewhere now");
    assert_eq!(offset(&admin, &place).await, "5");
    // Both at once, many times: nothing is written twice.
    for at in 5..9 {
        let tries = (0..4).map(|_| patch(&admin, &place, at, "x"));
        let statuses: Vec<u16> = futures_util::future::join_all(tries).await.into_iter().map(|answer| answer.status).collect();
        assert_eq!(statuses.iter().filter(|status| **status == 204).count(), 1, "{statuses:?}");
        assert!(statuses.iter().all(|status| [204, 409, 423].contains(status)), "{statuses:?}");
    }
    assert_eq!(offset(&admin, &place).await, "9");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_wrong_checksum_undoes_its_piece(pool: PgPool) {
    let app = school::open(&pool).await;
    let admin = school::sign_in(&app, ADMIN).await;
    let bytes = noise(9 * 1024 * 1024);
    let begun = begin(&admin, &metadata(0, "attachment", "a.bin"), bytes.len()).await;
    let place = begun.location().to_owned();
    let sha256 = |bytes: &[u8]| format!("sha256 {}", encoded(Sha256::digest(bytes)));
    let sha1 = |bytes: &[u8]| format!("sha1 {}", encoded(sha1::Sha1::digest(bytes)));
    let (head, tail) = bytes.split_at(100);
    assert_eq!(patch_checked(&admin, &place, 0, &sha1(b"other"), head).await.status, 460);
    assert_eq!(offset(&admin, &place).await, "0");
    assert_eq!(patch_checked(&admin, &place, 0, &sha1(head), head).await.status, 204);
    assert_eq!(patch_checked(&admin, &place, 100, &sha256(head), tail).await.status, 460, "also over several parts");
    assert_eq!((offset(&admin, &place).await.as_str(), stored(&app).await), ("100", 1), "nothing of it is left");
    for bad in ["md5 AAAA", "sha256 AAAA", "sha1", "sha1 !"] {
        assert_eq!(patch_checked(&admin, &place, 100, bad, tail).await.status, 400, "{bad}");
    }
    assert_eq!(patch_checked(&admin, &place, 100, &sha256(tail), tail).await.status, 204);
    let sha: Vec<u8> = one(&pool, "select sha256 from files").await;
    assert_eq!(sha, Sha256::digest(&bytes).to_vec());
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_broken_line_loses_nothing_that_arrived(pool: PgPool) {
    let app = school::open(&pool).await;
    let admin = school::sign_in(&app, ADMIN).await;
    let bytes = noise(200_000);
    let begun = begin(&admin, &metadata(0, "attachment", "a.bin"), bytes.len()).await;
    let place = begun.location().to_owned();
    let mut at = 0;
    for step in [1, 60_000, 70_000] {
        let pieces = vec![Ok(Bytes::copy_from_slice(&bytes[at..at + step])), Err(std::io::Error::from(std::io::ErrorKind::ConnectionReset))];
        assert_eq!(patch(&admin, &place, at, Body::from_stream(stream::iter(pieces))).await.status, 408);
        at += step;
        assert_eq!(offset(&admin, &place).await, at.to_string());
    }
    // With a checksum a broken piece can't be known to be right.
    let pieces = vec![Ok(Bytes::copy_from_slice(&bytes[at..at + 9])), Err(std::io::Error::from(std::io::ErrorKind::ConnectionReset))];
    let checked = admin.clone().with_header("upload-checksum", &format!("sha1 {}", encoded(sha1::Sha1::digest(b"x"))));
    assert_eq!(patch(&checked, &place, at, Body::from_stream(stream::iter(pieces))).await.status, 408);
    assert_eq!(offset(&admin, &place).await, at.to_string());
    assert_eq!(patch(&admin, &place, at, bytes[at..].to_vec()).await.status, 204);
    let sha: Vec<u8> = one(&pool, "select sha256 from files").await;
    assert_eq!(sha, Sha256::digest(&bytes).to_vec());
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn what_may_not_be_uploaded_is_refused_and_nothing_is_kept(pool: PgPool) {
    let app = school::open(&pool).await;
    let (admin, student) = (school::sign_in(&app, ADMIN).await, school::sign_in(&app, STUDENT).await);
    let before = contents(&pool).await;
    let good = metadata(0, "attachment", "a.bin");
    let elsewhere = good.replace(&encoded(LIGHT.to_string()), &encoded(school::PRINT.to_string()));
    for (who, metadata, length, status) in [
        (&app.visitor(), good.as_str(), 10, 401),
        (&student, &good, 10, 403),
        (&admin, "", 10, 400),
        (&admin, "filename !!!,course x,lesson", 10, 400),
        (&admin, &metadata(0, "avatar", "a.bin"), 10, 400),
        (&admin, &elsewhere, 10, 404),
        (&admin, &good, 0, 422),
        (&admin, &good, 10 * 1024 * 1024 * 1024, 413),
        (&admin, &metadata(0, "video", "a.mp4"), 10 * 1024 * 1024 * 1024, 413),
        (&admin, &metadata(0, "picture", "a.png"), 31 * 1024 * 1024, 413),
    ] {
        let answer = begin(who, metadata, length).await;
        assert_eq!(answer.status, status, "{metadata} {length}: {}", answer.text());
        assert_eq!(answer.header("content-type"), "application/json");
    }
    for bad in ["0.2.2", ""] {
        let mut client = admin.clone().with_header("tus-resumable", bad).with_header("upload-length", "5");
        let answer = client.send(Method::POST, "/uploads", None, sized("")).await;
        assert_eq!((answer.status, answer.header("tus-version")), (412, "1.0.0"));
    }
    let foreign = tus(&admin).with_header("tus-resumable", "").with_header("origin", "https://evil.example");
    assert_eq!(begin(&foreign.with_header("tus-resumable", ""), &good, 1).await.status, 201, "the header is the proof");
    sqlx::query("delete from uploads").execute(&pool).await.unwrap();
    let answer = app.visitor().send(Method::OPTIONS, "/uploads", None, sized("")).await;
    assert_eq!(answer.status, 204);
    assert!(answer.header("tus-extension").contains("checksum") && answer.header("tus-version") == "1.0.0");
    assert_eq!(answer.header("access-control-allow-origin"), "", "no other site is let in");
    assert_eq!(contents(&pool).await, before);

    // What turns out to be something else when it is whole.
    for (role, name, bytes) in [
        ("picture", "a.jpg", &b"<!DOCTYPE html><script>alert(1)</script>"[..]),
        ("picture", "a.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ("attachment", "a.pdf", b"MZ\x90 not a document"),
        ("video", "a.mp4", b"not a film"),
        ("captions", "a.vtt", b"\xff\xfe no words"),
    ] {
        let begun = begin(&admin, &metadata(0, role, name), bytes.len()).await;
        let answer = patch(&admin, begun.location(), 0, bytes.to_vec()).await;
        assert_eq!(answer.status, 415, "{role} {name}");
        assert_eq!(offset(&admin, begun.location()).await, "404");
    }
    assert_eq!((contents(&pool).await, stored(&app).await), (before, 0));

    let begun = begin(&admin, &good, 5).await;
    let place = begun.location();
    assert_eq!(offset(&student, place).await, "404", "nobody else's");
    assert_eq!(patch(&student, place, 0, "01234").await.status, 404);
    assert_eq!(patch(&admin, place, 0, "0123456789").await.status, 413, "more than was announced");
    assert_eq!(offset(&admin, place).await, "0");
    let mut plain = tus(&admin).with_header("upload-offset", "0");
    assert_eq!(plain.send(Method::PATCH, place, Some("text/plain"), sized("01234")).await.status, 415);
    let mut unsaid = tus(&admin);
    assert_eq!(unsaid.send(Method::PATCH, place, Some("application/offset+octet-stream"), sized("01234")).await.status, 400);
    for path in ["/uploads/x", &format!("/uploads/{}", Uuid::nil())] {
        assert_eq!(patch(&admin, path, 0, "01234").await.status, 404);
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn the_same_bytes_lie_in_storage_once(pool: PgPool) {
    let app = school::open(&pool).await;
    let admin = school::sign_in(&app, ADMIN).await;
    let bytes = noise(5_000);
    let first = upload(&admin, 0, "attachment", "a.bin", &bytes).await;
    let second = upload(&admin, 1, "attachment", "б.bin", &bytes).await;
    assert_ne!(first, second);
    assert_eq!((count(&pool, "file_blobs").await, stored(&app).await), (1, 1));
    for id in [first, second] {
        assert!(admin.clone().get(&format!("/files/{id}")).await.body == bytes);
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_piece_may_come_with_the_beginning(pool: PgPool) {
    let app = school::open(&pool).await;
    let admin = school::sign_in(&app, ADMIN).await;
    let mut client = tus(&admin).with_header("upload-metadata", &metadata(0, "attachment", "a.bin")).with_header("upload-length", "5");
    let answer = client.send(Method::POST, "/uploads", Some("application/offset+octet-stream"), sized("01")).await;
    assert_eq!((answer.status, answer.header("upload-offset")), (201, "2"));
    assert_eq!(patch(&admin, answer.location(), 2, "234").await.status, 204);
    assert_eq!(count(&pool, "files").await, 1);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_form_without_scripts_uploads_too(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut admin = school::sign_in(&app, ADMIN).await;
    let path = format!("{}/files", edit_path(0));
    let answer = admin.upload(&path, "file", "image/png", b"words").await;
    assert_eq!((answer.status, answer.location()), (303, edit_path(0).as_str()), "{}", answer.text());
    let name: String = one(&pool, "select file_name from files").await;
    assert_eq!(name, "a");
    let empty = admin.upload(&path, "file", "image/png", b"").await;
    assert_eq!(empty.status, 422);
    assert!(empty.says(lectern::shared::i18n::problem::empty_file(lectern::shared::i18n::Locale::Ru)));
    assert_eq!((count(&pool, "files").await, count(&pool, "uploads where finished_at is null").await), (1, 0));
    let mut student = school::sign_in(&app, STUDENT).await;
    assert_eq!(student.upload(&path, "file", "image/png", b"words").await.status, 403);
    let foreign = admin.clone().with_header("sec-fetch-site", "cross-site").upload(&path, "file", "image/png", b"words").await;
    assert_eq!(foreign.status, 403);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_draft_keeps_its_files_apart_from_what_readers_see(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut admin = school::sign_in(&app, ADMIN).await;
    let id = upload(&admin, 0, "picture", "окно.png", &png(20, 10)).await;
    // Who opened the page before the file came may save the text still.
    let fields = [("title", "Новое имя"), ("summary", ""), ("minutes", "5"), ("content", "Текст"), ("revision", "0")];
    assert_eq!(admin.post(&edit_path(0), &fields).await.status, 303);
    assert_eq!(admin.post(&format!("{}/publish", edit_path(0)), &[("revision", "1")]).await.status, 303);
    let of_version = |state: &str| {
        format!(
            "lesson_version_files f join lesson_versions v on v.id = f.lesson_version_id where v.lesson_id = '{}' and v.published_at {state}",
            LESSONS[0]
        )
    };
    assert_eq!(count(&pool, &of_version("is not null")).await, 1);
    let act = format!("{}/files/{id}", edit_path(0));
    assert_eq!(admin.post(&act, &[(&format!("title_{id}"), " Окно в классе ")]).await.status, 303);
    assert_eq!(
        one::<String>(
            &pool,
            "select f.title from lesson_version_files f join lesson_versions v on v.id = f.lesson_version_id where v.published_at is null"
        )
        .await,
        "Окно в классе"
    );
    // What only a video or captions have is not kept of a picture.
    let words = [(format!("language_{id}"), "ru".to_owned()), (format!("chapters_{id}"), "0:00 Начало".to_owned())];
    let words: Vec<(&str, &str)> = words.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(admin.post(&act, &words).await.status, 303);
    assert_eq!(count(&pool, "lesson_version_files where language <> '' or chapters <> '[]'").await, 0);
    let long = "ы".repeat(201);
    assert_eq!(admin.post(&act, &[(&format!("title_{id}"), &long)]).await.status, 422);
    assert_eq!(admin.post(&format!("{act}/remove"), &[]).await.status, 303);
    assert_eq!(admin.post(&format!("{act}/remove"), &[]).await.status, 404);
    assert_eq!((count(&pool, &of_version("is null")).await, count(&pool, &of_version("is not null")).await), (0, 1));
    let mut student = school::sign_in(&app, STUDENT).await;
    lectern::server::jobs::run_due(&app.ctx()).await.unwrap();
    assert_eq!(student.get(&format!("/files/{id}")).await.status, 200, "readers have it until the draft is published");
    admin.post(&format!("{}/publish", edit_path(0)), &[("revision", "0")]).await;
    assert_eq!(student.get(&format!("/files/{id}")).await.status, 404);
}
