//! Videos of lessons, from the upload to the player; made and measured by the real ffmpeg.

use crate::support::TestApp;
use crate::support::database::{change, count, one};
use crate::support::school::{self, ADMIN, LESSONS, LIGHT, STRANGER, STUDENT};
use crate::support::upload::{noise, publish, upload};
use lectern::server::ctx::Ctx;
use lectern::server::jobs::run_due;
use serde_json::{Value, json};
use sqlx::PgPool;
use std::process::Command;
use uuid::Uuid;

/// A film of some seconds with a tone, as a camera would make it.
fn film(app: &TestApp, seconds: u32, size: &str) -> Vec<u8> {
    let folder = std::env::temp_dir().join(format!("lectern-film-{}", app.state.clock.new_id()));
    std::fs::create_dir(&folder).unwrap();
    let path = folder.join("film.mp4");
    let made = Command::new("ffmpeg")
        .args(["-v", "error", "-y", "-f", "lavfi", "-i", &format!("testsrc=size={size}:rate=10:duration={seconds}")])
        .args(["-f", "lavfi", "-i", &format!("sine=duration={seconds}"), "-pix_fmt", "yuv420p", "-c:v", "libx264", "-preset", "ultrafast"])
        .args(["-c:a", "aac", "-movflags", "+faststart"])
        .arg(&path)
        .status()
        .expect("ffmpeg, which scripts/setup.sh test installs");
    assert!(made.success());
    let bytes = std::fs::read(&path).unwrap();
    std::fs::remove_dir_all(folder).unwrap();
    bytes
}

fn links(page: &Value) -> (String, String, String) {
    let film = &page["video"]["film"];
    let link = |name: &str| film[name].as_str().unwrap_or_default().to_owned();
    (link("source"), link("stream"), link("poster"))
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_video_is_measured_made_small_and_played_by_who_may_read_its_lesson(pool: PgPool) {
    let app = school::open(&pool).await;
    let admin = school::sign_in(&app, ADMIN).await;
    let bytes = film(&app, 6, "640x400");
    let id = upload(&admin, 1, "video", "Урок.mp4", &bytes).await;
    upload(&admin, 1, "captions", "Русский.vtt", b"WEBVTT\n\n00:00.000 --> 00:02.000\nSvet\n").await;
    publish(&app, 1).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    let lesson = json!({ "slug": "light", "lesson_id": LESSONS[1] });
    let page = student.call("learning/lesson", lesson.clone()).await.json();
    let (source, stream, poster) = links(&page);
    assert_eq!((stream.as_str(), poster.as_str()), ("", ""), "as it was uploaded, until more is made");
    assert!(student.get(&source).await.body == bytes);
    assert_eq!(page["video"]["film"]["words"][0]["title"], json!("Русский"));
    let watched = json!({ "position": 3, "stretches": [[0, 3]], "at_unix_ms": 0 });
    let watched = json!({ "slug": "light", "lesson_id": LESSONS[1], "watched": watched });
    assert_eq!(student.call("learning/watched", watched.clone()).await.status, 200, "its place is kept before it is measured");

    run_due(&Ctx::system(app.state.clone())).await.unwrap();
    assert_eq!(one::<String>(&pool, "select state || ' ' || seconds || ' ' || width || ' ' || height from file_videos").await, "ready 6 640 400");
    assert_eq!(one::<i32>(&pool, "select video_seconds from lesson_versions where video_seconds is not null").await, 6);
    let page = student.call("learning/lesson", lesson.clone()).await.json();
    assert_eq!((&page["video"]["position"], &page["video"]["share"]), (&json!(3), &json!(50)));
    let (source, stream, poster) = links(&page);
    let all = student.get(&stream).await;
    assert_eq!((all.status, all.header("content-type")), (200, "application/vnd.apple.mpegurl"));
    assert!(all.text().contains("RESOLUTION=576x360"), "{}", all.text());
    let list_path = all.text().lines().find(|line| line.starts_with("/files/")).unwrap().to_owned();
    let list = student.get(&list_path).await.text();
    let film_path = list.lines().find(|line| line.starts_with("/files/")).unwrap().to_owned();
    assert!(list.contains(&format!("URI=\"{film_path}\"")) && list.contains("#EXT-X-BYTERANGE") && list.contains("#EXT-X-ENDLIST"), "{list}");
    let part = student.clone().with_header("range", "bytes=4-7").get(&film_path).await;
    assert_eq!((part.status, &part.body[..]), (206, &b"ftyp"[..]));
    let picture = student.get(&poster).await;
    assert!(picture.header("content-type") == "image/jpeg" && picture.body.starts_with(&[0xff, 0xd8]));

    // The links are this session's; nothing else of the video opens without one.
    let mut stranger = school::sign_in(&app, STRANGER).await;
    let bare = format!("/files/{id}/stream");
    for path in [&source, &stream, &list_path, &film_path, &poster, &bare] {
        assert_eq!(stranger.get(path).await.status, 404, "{path}");
        assert_eq!(app.visitor().get(path).await.status, 404, "{path}");
    }
    for path in [&bare, &stream.replace("until=1", "until=2"), &list_path.replace("/360", "/361"), &list_path.replace("/360", "/x")] {
        assert_eq!(student.get(path).await.status, 404, "{path}");
    }
    app.pass(6 * 3600);
    assert_eq!(student.get(&stream).await.status, 404, "an evening is over");

    // Another video takes its place in the draft, and reaches readers with it.
    upload(&admin, 1, "video", "other.mp4", &film(&app, 2, "64x48")).await;
    run_due(&Ctx::system(app.state.clone())).await.unwrap();
    assert_eq!(student.call("learning/lesson", lesson.clone()).await.json()["video"]["film"]["seconds"], json!(6));
    publish(&app, 1).await;
    let page = student.call("learning/lesson", lesson).await.json();
    assert_eq!(page["video"]["film"]["seconds"], json!(2));
    assert_eq!(page["video"]["film"]["size"], json!([64, 48]));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_broken_video_is_said_to_be_broken_and_its_bytes_go_with_it(pool: PgPool) {
    let app = school::open(&pool).await;
    let admin = school::sign_in(&app, ADMIN).await;
    let mut bytes = film(&app, 2, "64x48");
    let middle = bytes.len() / 8;
    bytes.truncate(middle);
    let cut = upload(&admin, 1, "video", "cut.mp4", &bytes).await;
    let mut lie = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom".to_vec();
    lie.extend(noise(5_000));
    upload(&admin, 2, "video", "noise.mp4", &lie).await;
    run_due(&Ctx::system(app.state.clone())).await.unwrap();
    assert_eq!(count(&pool, "file_videos where state = 'failed'").await, 2);
    assert_eq!(count(&pool, "jobs where state = 'dead'").await, 0);
    let left = std::fs::read_dir(app.state.config.data_dir.join("video")).unwrap();
    let names: Vec<String> = left.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    assert!(!names.iter().any(|name| name.starts_with(&cut.to_string())), "no copy is left: {names:?}");
    publish(&app, 2).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    assert_eq!(student.get(&school::lesson_path(LESSONS[2])).await.status, 200);
    // What stands nowhere any more is collected: the row, its sizes, its bytes.
    upload(&admin, 1, "video", "good.mp4", &film(&app, 2, "64x48")).await;
    run_due(&Ctx::system(app.state.clone())).await.unwrap();
    assert_eq!(count(&pool, "file_video_sizes").await, 1);
    change(&pool, "delete from lesson_version_files").await;
    app.pass(25 * 3600);
    lectern::features::files::server::collect(&Ctx::system(app.state.clone())).await.unwrap();
    for table in ["file_videos", "file_video_sizes", "file_blobs"] {
        assert_eq!(count(&pool, table).await, 0, "{table}");
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn its_author_follows_the_work_and_names_chapters_and_languages(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut admin = school::sign_in(&app, ADMIN).await;
    let video = upload(&admin, 1, "video", "урок.mp4", &film(&app, 2, "64x48")).await;
    let captions = upload(&admin, 1, "captions", "words.vtt", b"WEBVTT\n\n00:00.000 --> 00:02.000\nSvet\n").await;
    let place = json!({ "course_id": LIGHT, "lesson_id": LESSONS[1] });
    let describe = |file: Uuid, words: Value| json!({ "course_id": LIGHT, "lesson_id": LESSONS[1], "file_id": file, "words": words });
    let files = admin.call("authoring/files", place.clone()).await.json();
    assert_eq!((&files[0]["work"], &files[1]["work"]), (&json!({ "Going": 0 }), &Value::Null));
    run_due(&Ctx::system(app.state.clone())).await.unwrap();
    assert_eq!(admin.call("authoring/files", place.clone()).await.json()[0]["work"], Value::Null, "done");
    change(&pool, "update file_videos set state = 'failed'").await;
    assert_eq!(admin.call("authoring/files", place.clone()).await.json()[0]["work"], json!("Failed"));

    let wrong = admin.call("authoring/describe-file", describe(video, json!({ "title": "", "language": "", "chapters": "0:00 А\nБ" }))).await;
    assert_eq!(wrong.status, 422);
    assert_eq!(wrong.json()["problems"][0], json!({ "field": format!("chapters_{video}"), "problem": { "BadLine": 2 } }));
    let wrong = admin.call("authoring/describe-file", describe(captions, json!({ "title": "", "language": "xx", "chapters": "" }))).await;
    assert_eq!(wrong.status, 422);
    let right = describe(video, json!({ "title": "Окно", "language": "", "chapters": "0:00 Начало\n\n0:01 Конец" }));
    assert_eq!(admin.call("authoring/describe-file", right).await.status, 200);
    let right = describe(captions, json!({ "title": "", "language": "ru", "chapters": "" }));
    assert_eq!(admin.call("authoring/describe-file", right).await.status, 200);
    publish(&app, 1).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    let page = student.call("learning/lesson", json!({ "slug": "light", "lesson_id": LESSONS[1] })).await.json();
    let film = &page["video"]["film"];
    assert_eq!(film["chapters"], json!([{ "at": 0, "title": "Начало" }, { "at": 1, "title": "Конец" }]));
    assert_eq!((&film["words"][0]["title"], &film["words"][0]["language"]), (&json!("Русский"), &json!("ru")));
    assert!(student.clone().get(&school::lesson_path(LESSONS[1])).await.says("Конец"), "they stand in the page without scripts");

    // The next draft begins with them.
    upload(&admin, 1, "attachment", "sheet.txt", b"sheet").await;
    let files = admin.call("authoring/files", place).await.json();
    assert_eq!((&files[0]["chapters"], &files[1]["language"]), (&json!("0:00 Начало\n0:01 Конец"), &json!("ru")));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_free_lesson_shows_its_video_and_its_files_to_everybody(pool: PgPool) {
    let app = school::open(&pool).await;
    let admin = school::sign_in(&app, ADMIN).await;
    let bytes = film(&app, 2, "64x48");
    upload(&admin, 0, "video", "урок.mp4", &bytes).await;
    let sheet = upload(&admin, 0, "attachment", "лист.txt", "лист".as_bytes()).await;
    publish(&app, 0).await;
    run_due(&Ctx::system(app.state.clone())).await.unwrap();
    let page = format!("/courses/light/lessons/{}", LESSONS[0]);
    let mut visitor = app.visitor();
    let html = visitor.get(&page).await.text().replace("&amp;", "&");
    let link = |name: &str| {
        let from = html.find(&format!("{name}=\"/files/")).unwrap_or_else(|| panic!("no {name} in {html}")) + name.len() + 2;
        html[from..].split('"').next().unwrap_or_default().to_owned()
    };
    let poster = link("poster");
    assert_eq!(visitor.get(&poster).await.header("content-type"), "image/jpeg");
    let source = html.split("<source src=\"").nth(2).and_then(|rest| rest.split('"').next()).unwrap_or_default().to_owned();
    assert!(app.visitor().get(&source).await.body == bytes, "{source}");
    let sheet = format!("/files/{sheet}");
    assert!(html.contains(&sheet), "{html}");
    assert_eq!(visitor.get(&sheet).await.status, 200);
    change(&pool, "update course_version_lessons set is_preview = false").await;
    for path in [&page, &sheet] {
        assert_eq!(visitor.get(path).await.status, 404, "{path}");
    }
}
