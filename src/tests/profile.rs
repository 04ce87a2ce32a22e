//! One's own account: name, language and theme, password, photograph.

use crate::support::database::{contents, count, one};
use crate::support::school::{self, ADMIN, CURATOR, OTHER, PASSWORD, STUDENT};
use lectern::shared::i18n::{Locale, problem};
use sqlx::PgPool;
use std::io::Cursor;
use uuid::Uuid;

const NEW_PASSWORD: &str = "другое тихое окно";

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_new_password_ends_the_other_sessions_and_keeps_this_one(pool: PgPool) {
    let app = school::open(&pool).await;
    let (mut here, mut there) = (school::sign_in(&app, STUDENT).await, school::sign_in(&app, STUDENT).await);
    let mut old_here = here.clone();
    let answer = here.post("/account/password", &[("current_password", PASSWORD), ("new_password", NEW_PASSWORD)]).await;
    assert_eq!((answer.status, answer.location()), (303, "/account"), "{}", answer.text());
    assert_eq!(here.get("/account").await.status, 200);
    assert_eq!(there.get("/account").await.status, 303);
    assert_eq!(old_here.get("/account").await.status, 303, "the old tokens of this browser died too");
    assert_eq!(app.visitor().post("/login", &[("email", STUDENT.1), ("password", PASSWORD)]).await.status, 422);
    app.sign_in(STUDENT.1, NEW_PASSWORD).await;
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_new_password_needs_the_old_one_and_some_strength(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    let before = contents(&pool).await;
    let ru = Locale::Ru;
    for (current, new, sentence) in [
        ("wrong", NEW_PASSWORD, problem::wrong_password(ru).to_owned()),
        (PASSWORD, "short7!", problem::too_short(ru, 8)),
        (PASSWORD, "student123", problem::common_password(ru).to_owned()),
        (PASSWORD, "", problem::required(ru).to_owned()),
    ] {
        let answer = student.post("/account/password", &[("current_password", current), ("new_password", new)]).await;
        assert_eq!(answer.status, 422, "{new:?}");
        assert!(answer.says(&sentence), "{new:?} does not say: {sentence}");
        assert!(new.is_empty() || !answer.text().contains(new), "a password is never sent back");
    }
    assert_eq!(contents(&pool).await, before);
    for _ in 0..7 {
        student.post("/account/password", &[("current_password", "wrong"), ("new_password", NEW_PASSWORD)]).await;
    }
    let answer = student.post("/account/password", &[("current_password", PASSWORD), ("new_password", NEW_PASSWORD)]).await;
    assert_eq!(answer.status, 429, "a stolen session can't guess on");
    assert!(answer.header("retry-after").parse::<u32>().unwrap() > 0);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn name_and_time_zone_are_kept_or_refused(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    let answer = student
        .post("/account", &[("full_name", "  Анна   Петровна "), ("time_zone", "Asia/Omsk"), ("role", "admin"), ("id", &ADMIN.0.to_string())])
        .await;
    assert_eq!(answer.status, 303);
    let row: String = one(&pool, &format!("select full_name || ', ' || time_zone || ', ' || role from users where id = '{}'", STUDENT.0)).await;
    assert_eq!(row, "Анна Петровна, Asia/Omsk, student", "what is not asked for is ignored");
    assert!(student.get("/account").await.says("Анна Петровна"));
    let before = contents(&pool).await;
    for (name, zone) in [("", "Asia/Omsk"), ("Анна\u{1b}[31m", "Asia/Omsk"), ("Анна", "Mars/Olympus"), ("Анна", "Etc/GMT+3\0")] {
        let answer = student.post("/account", &[("full_name", name), ("time_zone", zone)]).await;
        assert_eq!(answer.status, 422, "{name:?} {zone:?}");
    }
    assert_eq!(contents(&pool).await, before);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn language_and_theme_follow_the_person(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut visitor = app.visitor();
    assert!(visitor.get("/login").await.text().contains("<html lang=\"ru\""));
    let answer = visitor.post("/preferences", &[("language", "en"), ("theme", "dark"), ("back", "/login")]).await;
    assert_eq!((answer.status, answer.location()), (303, "/login"));
    let page = visitor.get("/login").await.text();
    assert!(page.contains("<html lang=\"en\"") && page.contains("data-theme=\"dark\""), "a visitor's cookies");
    assert_eq!(visitor.post("/preferences", &[("language", "en"), ("back", "//evil.example")]).await.location(), "/");

    let mut student = school::sign_in(&app, STUDENT).await;
    assert_eq!(student.post("/preferences", &[("language", "en"), ("theme", "light"), ("back", "/account")]).await.status, 303);
    let mut elsewhere = school::sign_in(&app, STUDENT).await;
    let page = elsewhere.get("/account").await.text();
    assert!(page.contains("<html lang=\"en\"") && page.contains("data-theme=\"light\""), "an account's choice is on every device");
    assert_eq!(student.post("/preferences", &[("theme", "system"), ("back", "/account")]).await.status, 303);
    let page = elsewhere.get("/account").await.text();
    assert!(page.contains("<html lang=\"en\"") && !page.contains("data-theme="), "the system decides again");
}

fn png(side: u32) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image::DynamicImage::new_rgb8(side, side).write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_photograph_is_seen_by_its_owner_and_by_staff(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    let answer = student.upload("/account/photo", "photo", "image/png", &png(50)).await;
    assert_eq!((answer.status, answer.location()), (303, "/account"), "{}", answer.text());
    let id: Uuid = one(&pool, &format!("select photo_file_id from users where id = '{}'", STUDENT.0)).await;
    let path = format!("/files/{id}");
    assert!(student.get("/account").await.text().contains(&path));
    let mut seen = Vec::new();
    for person in [STUDENT, ADMIN, CURATOR, OTHER] {
        seen.push(school::sign_in(&app, person).await.get(&path).await.status);
    }
    seen.push(app.visitor().get(&path).await.status);
    assert_eq!(seen, [200, 200, 200, 404, 404], "owner, administrator, curator, another student, visitor");

    let file = student.get(&path).await;
    assert_eq!((file.header("content-type"), file.header("x-content-type-options")), ("image/jpeg", "nosniff"));
    assert!(file.header("content-security-policy").contains("sandbox") && file.header("cache-control").contains("private"));
    assert_eq!(&file.body[..3], b"\xff\xd8\xff", "written anew as JPEG");

    assert_eq!(student.upload("/account/photo", "photo", "image/png", &png(60)).await.status, 303);
    assert_eq!(student.get(&path).await.status, 404, "the old one is gone");
    assert_eq!(student.post("/account/photo/remove", &[]).await.status, 303);
    assert_eq!(count(&pool, "files").await, 0);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn what_is_no_picture_is_refused(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    let before = contents(&pool).await;
    let broken = &png(50)[..60];
    for (kind, bytes) in [
        ("image/svg+xml", &b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"[..]),
        ("image/png", b"<!DOCTYPE html><script>alert(1)</script>"),
        ("image/gif", b"GIF89a\x01\x00\x01\x00\x00\x00\x00;"),
        ("image/png", broken),
    ] {
        let answer = student.upload("/account/photo", "photo", kind, bytes).await;
        assert_eq!(answer.status, 415, "{kind}");
        assert!(answer.says(problem::not_a_picture(Locale::Ru)), "{kind}");
    }
    assert_eq!(student.upload("/account/photo", "photo", "image/png", b"").await.status, 422, "nothing chosen");
    assert_eq!(student.upload("/account/photo", "another", "image/png", &png(50)).await.status, 422, "another field");
    assert_eq!(student.post("/account/photo", &[("photo", "text")]).await.status, 415, "not a form with a file");
    assert_eq!(contents(&pool).await, before);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn an_upload_that_is_too_large_or_cut_off_is_refused(pool: PgPool) {
    const MEGABYTE: usize = 1024 * 1024;
    let app = school::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    let before = contents(&pool).await;
    assert_eq!(student.upload("/account/photo", "photo", "image/png", &vec![0; 10 * MEGABYTE]).await.status, 415, "not too large, yet no picture");
    for size in [10 * MEGABYTE + 1, 11 * MEGABYTE] {
        let answer = student.upload("/account/photo", "photo", "image/png", &vec![0; size]).await;
        assert_eq!(answer.status, 413, "{size}");
        assert!(answer.says(&problem::file_too_large(Locale::Ru, 10)), "beside the field");
    }
    let mut body = b"--frontier\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"a\"\r\n\r\n".to_vec();
    let kind = "multipart/form-data; boundary=frontier";
    assert_eq!(student.send_unsized("/account/photo", kind, body.clone()).await.status, 400, "without its end");
    body.resize(11 * MEGABYTE, 0);
    assert_eq!(student.send_unsized("/account/photo", kind, body).await.status, 413, "a size that nobody told");
    assert_eq!(contents(&pool).await, before);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_picture_that_unfolds_too_large_is_refused(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    let mut bytes = Cursor::new(Vec::new());
    image::DynamicImage::new_luma8(13_000, 1).write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    assert_eq!(student.upload("/account/photo", "photo", "image/png", &bytes.into_inner()).await.status, 415);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn files_have_no_other_names(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut admin = school::sign_in(&app, ADMIN).await;
    for path in ["/files/00000000-0000-0000-0000-000000000000", "/files/rubbish", "/files/..%2f..%2fetc%2fpasswd", "/files/%00"] {
        assert_eq!(admin.get(path).await.status, 404, "{path}");
    }
}
