//! Photographs of works: what the camera wrote, tones, tiles, and who gets them.

use crate::support::Client;
use crate::support::database::{change, count, one};
use crate::support::school::{self, ADMIN, CURATOR, STRANGER, STUDENT};
use crate::support::upload::stored;
use crate::support::works::{self, hand_in, judge, page, upload};
use image::{DynamicImage, RgbImage};
use lectern::features::files::server::{collect, pictures};
use serde_json::json;
use sqlx::PgPool;
use std::io::Cursor;

/// A JPEG whose camera wrote its name, the sensitivity, and where it stood; held upright where that is said.
fn shot(width: u32, height: u32, is_upright: bool) -> Vec<u8> {
    let mut bytes = Vec::new();
    let picture = DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, |x, _| image::Rgb([if x < width / 2 { 255 } else { 0 }; 3])));
    picture.write_to(&mut Cursor::new(&mut bytes), image::ImageFormat::Jpeg).unwrap();
    let field = |tag: u16, kind: u16, count: u32, value: [u8; 4]| {
        [tag.to_be_bytes().to_vec(), kind.to_be_bytes().to_vec(), count.to_be_bytes().to_vec(), value.to_vec()].concat()
    };
    // Model in the first directory, the sensitivity in the second, a latitude in the third.
    let (exif_at, gps_at) = (8 + 2 + 4 * 12 + 4, 8 + 2 + 4 * 12 + 4 + 2 + 12 + 4);
    let mut notes = b"Exif\0\0MM\0\x2a\0\0\0\x08".to_vec();
    notes.extend(4_u16.to_be_bytes());
    notes.extend(field(0x0110, 2, 4, *b"Z 8\0"));
    notes.extend(field(0x0112, 3, 1, [0, if is_upright { 6 } else { 1 }, 0, 0]));
    notes.extend(field(0x8769, 4, 1, u32::to_be_bytes(exif_at)));
    notes.extend(field(0x8825, 4, 1, u32::to_be_bytes(gps_at)));
    notes.extend([0; 4]);
    notes.extend(1_u16.to_be_bytes());
    notes.extend(field(0x8827, 3, 1, [2, 128, 0, 0]));
    notes.extend([0; 4]);
    notes.extend(1_u16.to_be_bytes());
    notes.extend(field(0x001d, 2, 4, *b"GPS\0"));
    notes.extend([0; 4]);
    let mut segment = vec![0xff, 0xe1];
    segment.extend(u16::try_from(notes.len() + 2).unwrap().to_be_bytes());
    segment.extend(notes);
    bytes.splice(2..2, segment);
    bytes
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_photograph_tells_of_its_camera_and_its_tones_and_not_where_it_was_taken(pool: PgPool) {
    let app = school::open(&pool).await;
    works::set(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    let photo = upload(&student, "picture", "кадр.jpg", &shot(80, 60, false)).await;
    let first = page(&mut student).await["draft"]["photos"][0].clone();
    assert_eq!((&first["widths"], &first["reading"]), (&json!([]), &json!(null)), "it is being prepared");
    let waiting = student.get(&format!("/learn/assignments/{}", works::WORK)).await;
    assert!(waiting.says(&lectern::shared::i18n::works::preparing(lectern::shared::i18n::Locale::Ru, "кадр.jpg")));
    pictures::prepare(&app.ctx(), photo).await.unwrap();
    let seen = page(&mut student).await["draft"]["photos"][0].clone();
    let facts = &seen["reading"]["facts"];
    assert_eq!((&facts["camera"], &facts["iso"], &facts["lens"]), (&json!("Z 8"), &json!(640), &json!("")), "{seen}");
    let tones = &seen["reading"]["histogram"];
    assert_eq!((&tones["shadows"], &tones["highlights"]), (&json!(5000), &json!(5000)));
    assert_eq!(seen["reading"]["levels"], json!(0));
    let kept: String = one(&pool, "select p::text from file_photos p").await;
    assert!(!kept.contains("GPS") && !seen.to_string().contains("GPS"));
    let work = hand_in(&mut student, &pool, "Круг").await;
    let mut curator = school::sign_in(&app, CURATOR).await;
    let desk = curator.get(&format!("/curate/submissions/{work}")).await;
    assert!(desk.text().contains("640") && desk.text().contains("class=\"tone blue\""), "{}", desk.text());
    assert!(student.get(&format!("/learn/assignments/{}", works::WORK)).await.text().contains("class=\"tone red\""));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn broken_notes_cost_nobody_the_photograph(pool: PgPool) {
    let app = school::open(&pool).await;
    works::set(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    let mut broken = shot(80, 60, false);
    broken[20..60].fill(0xee);
    let photo = upload(&student, "picture", "кадр.jpg", &broken).await;
    pictures::prepare(&app.ctx(), photo).await.unwrap();
    let seen = page(&mut student).await["draft"]["photos"][0].clone();
    assert_eq!((&seen["widths"], &seen["reading"]["facts"]["camera"]), (&json!([80]), &json!("")));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_large_photograph_comes_in_tiles_to_who_may_have_it(pool: PgPool) {
    let app = school::open(&pool).await;
    works::set(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    let photo = upload(&student, "picture", "кадр.jpg", &shot(5_200, 3_900, true)).await;
    pictures::prepare(&app.ctx(), photo).await.unwrap();
    let seen = page(&mut student).await["draft"]["photos"][0].clone();
    assert_eq!((&seen["size"], &seen["reading"]["levels"]), (&json!([3900, 5200]), &json!(1)), "turned as it was held");
    let tile = |level: i32, x: i32, y: i32| format!("/files/{photo}/tiles/{level}/{x}_{y}");
    let mut curator = school::sign_in(&app, CURATOR).await;
    assert_eq!(curator.get(&tile(0, 0, 0)).await.status, 404, "a draft is its learner's");
    hand_in(&mut student, &pool, "Круг").await;
    let (mut stranger, mut admin) = (school::sign_in(&app, STRANGER).await, school::sign_in(&app, ADMIN).await);
    for (client, status) in [(&mut student, 200), (&mut curator, 200), (&mut admin, 200), (&mut stranger, 404)] {
        assert_eq!(client.get(&tile(0, 0, 0)).await.status, status);
    }
    assert_eq!(app.visitor().get(&tile(0, 0, 0)).await.status, 404);
    let corner = student.get(&tile(0, 7, 10)).await;
    assert_eq!((corner.header("content-type"), corner.header("cache-control")), ("image/jpeg", "private, max-age=86400, immutable"));
    let corner = image::load_from_memory(&corner.body).unwrap().into_rgb8();
    assert_eq!((corner.width(), corner.height()), (3900 - 7 * 512, 5200 - 10 * 512));
    // Turned to the right, what was on the left is above.
    assert!(corner.get_pixel(100, 40).0[0] < 20, "below it is black");
    let above = image::load_from_memory(&student.get(&tile(0, 0, 0)).await.body).unwrap().into_rgb8();
    assert!(above.get_pixel(5, 5).0[0] > 235, "above it is white");
    for path in
        [tile(1, 0, 0), tile(-1, 0, 0), tile(0, 8, 0), tile(0, 0, 11), format!("/files/{photo}/tiles/0/0-0"), format!("/files/{photo}/tiles/x/0_0")]
    {
        assert_eq!(student.get(&path).await.status, 404, "{path}");
    }
    // Done twice it is the same; nothing of it is collected, and everything once nobody has it.
    pictures::prepare(&app.ctx(), photo).await.unwrap();
    app.pass(3 * 86_400);
    collect(&app.ctx()).await.unwrap();
    let mut student = school::sign_in(&app, STUDENT).await;
    assert_eq!(student.get(&tile(0, 1, 1)).await.status, 200);
    for sql in [
        "alter table assignment_rounds disable trigger user",
        "alter table assignment_round_files disable trigger user",
        "delete from assignment_submissions",
        "delete from uploads",
    ] {
        change(&pool, sql).await;
    }
    collect(&app.ctx()).await.unwrap();
    collect(&app.ctx()).await.unwrap();
    assert_eq!((count(&pool, "file_pyramids").await, count(&pool, "file_photos").await, stored(&app).await), (0, 0, 0));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn any_two_rounds_are_compared_on_the_desk(pool: PgPool) {
    let app = school::open(&pool).await;
    works::set(&pool).await;
    let (mut student, mut curator) = (school::sign_in(&app, STUDENT).await, school::sign_in(&app, CURATOR).await);
    let mut photos = Vec::new();
    let mut work = uuid::Uuid::nil();
    for (text, width) in [("Первый", 80), ("Второй", 90), ("Третий", 100)] {
        if !photos.is_empty() {
            assert_eq!(judge(&mut curator, work, "return", &[("reason", "Ещё"), ("day", "2026-03-09")]).await.status, 303);
        }
        photos.push(upload(&student, "picture", "кадр.jpg", &shot(width, 60, false)).await);
        work = hand_in(&mut student, &pool, text).await;
        if photos.len() == 1 {
            let desk = curator.get(&format!("/curate/submissions/{work}?compare=1")).await.text();
            assert!(!desk.contains("id=\"comparing\""), "there is nothing to compare with");
        }
    }
    let compared = async |curator: &mut Client, query: &str| {
        let desk = curator.get(&format!("/curate/submissions/{work}{query}")).await;
        assert_eq!(desk.status, 200, "{query}");
        let text = desk.text();
        let below = text.split("class=\"compare\"").nth(1).map(|rest| rest.split("</svg>").next().unwrap_or_default().to_owned());
        below.map(|svg| photos.iter().map(|photo| svg.contains(&photo.to_string())).collect::<Vec<_>>())
    };
    for (query, expected) in [
        ("?compare=1", Some(vec![true, false, true])),
        ("?compare=2", Some(vec![false, true, true])),
        ("?compare=1&with=2", Some(vec![true, true, false])),
        ("?compare=2&with=1&whose=mine", Some(vec![true, true, false])),
        ("", None),
        ("?compare=3", None),
        ("?compare=rubbish&with=1", None),
        ("?compare=9&with=-1", None),
    ] {
        assert_eq!(compared(&mut curator, query).await, expected, "{query}");
    }
    let desk = curator.get(&format!("/curate/submissions/{work}?whose=mine")).await.text().replace("&amp;", "&");
    assert!(desk.contains(&format!("/curate/submissions/{work}?whose=mine&compare=1&with=3\"")), "the choice keeps the queue");
}
