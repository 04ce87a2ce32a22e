//! A small school with people of every role, in fixed rows (`school.sql`), so that a test names what it means.

use super::{Client, TestApp};
use lectern::features::legal::server::service::publish_first_texts;
use sqlx::PgPool;
use uuid::Uuid;

/// Everybody's password.
pub const PASSWORD: &str = "three quiet windows";

const fn id(number: u128) -> Uuid {
    Uuid::from_u128(0x0190_a000_0000_7000_8000_0000_0000_0000 + number)
}

/// Runs the school.
pub const ADMIN: (Uuid, &str) = (id(0xa1), "admin@school.test");
/// Reviews the course `light`.
pub const CURATOR: (Uuid, &str) = (id(0xc1), "curator@school.test");
/// Reviews the course `print`.
pub const STRANGER: (Uuid, &str) = (id(0xc2), "stranger@school.test");
/// Learns in the course `light`.
pub const STUDENT: (Uuid, &str) = (id(0x51), "student@school.test");
/// Learns in the course `print`.
pub const OTHER: (Uuid, &str) = (id(0x52), "other@school.test");

/// A published course with four lessons; the last is optional.
pub const LIGHT: Uuid = id(0xc001);
/// A published course with one lesson.
pub const PRINT: Uuid = id(0xc002);
/// Lessons of `light`: the first is free, the second needs [`TEST`] passed, the third has [`TIMED`], the fourth is optional.
pub const LESSONS: [Uuid; 4] = [id(0xe001), id(0xe002), id(0xe003), id(0xe004)];
/// The lesson of `print`.
pub const PRINT_LESSON: Uuid = id(0xe005);
/// Of the second lesson: [`SINGLE`], [`MULTIPLE`] and [`OPEN`], 6 points, 60 % to pass, two attempts.
pub const TEST: Uuid = id(0x7001);
/// Of the third lesson: [`TIMED_SINGLE`], ten minutes, any number of attempts, not required.
pub const TIMED: Uuid = id(0x7002);
/// Of the course `print`: [`PRINT_SINGLE`].
pub const PRINT_TEST: Uuid = id(0x7003);

/// A question and its options.
pub struct Question {
    pub id: Uuid,
    pub right: &'static [Uuid],
    pub wrong: &'static [Uuid],
}

/// 1 point.
pub const SINGLE: Question = Question { id: id(0x9001), right: &[id(0xb011)], wrong: &[id(0xb012), id(0xb013)] };
/// 2 points.
pub const MULTIPLE: Question = Question { id: id(0x9002), right: &[id(0xb021), id(0xb022)], wrong: &[id(0xb023), id(0xb024)] };
/// 3 points, by a curator.
pub const OPEN: Question = Question { id: id(0x9003), right: &[], wrong: &[] };
/// 1 point.
pub const TIMED_SINGLE: Question = Question { id: id(0x9004), right: &[id(0xb041)], wrong: &[id(0xb042)] };
/// 1 point.
pub const PRINT_SINGLE: Question = Question { id: id(0x9005), right: &[id(0xb051)], wrong: &[id(0xb052)] };
/// The enrolment of [`STUDENT`] into `light`.
pub const ENROLLMENT: Uuid = id(0xf001);

/// Stands in every text that only a curator or a finished learner may see.
pub const SECRET_MARK: &str = "SECRET";

/// The application with the school in it.
pub async fn open(pool: &PgPool) -> TestApp {
    open_with(pool, &[]).await
}

/// The same with settings of the environment.
pub async fn open_with(pool: &PgPool, settings: &[(&str, &str)]) -> TestApp {
    let app = TestApp::with_settings(pool, settings);
    let mut tx = pool.begin().await.unwrap();
    publish_first_texts(&mut tx, &app.ctx()).await.unwrap();
    sqlx::raw_sql(include_str!("school.sql")).execute(&mut *tx).await.unwrap();
    let hash = bcrypt::hash(PASSWORD, 4).unwrap();
    sqlx::query("update users set password_hash = $1").bind(hash).execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
    app
}

/// The application with other settings, on a database whose school may be there already.
pub async fn open_with_again(pool: &PgPool, settings: &[(&str, &str)]) -> TestApp {
    let exists: bool = sqlx::query_scalar("select exists (select from users)").fetch_one(pool).await.unwrap();
    if exists { TestApp::with_settings(pool, settings) } else { open_with(pool, settings).await }
}

/// A browser whose person has signed in.
pub async fn sign_in(app: &TestApp, person: (Uuid, &str)) -> Client {
    app.sign_in(person.1, PASSWORD).await
}

/// The path of a lesson of `light`.
pub fn lesson_path(lesson: Uuid) -> String {
    format!("/learn/light/lessons/{lesson}")
}
