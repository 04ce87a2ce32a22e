//! What authors do to the course `light`: rules in its published version, drafts, publishing.

use super::database::{change, list, one};
use super::school::{self, ADMIN, LESSONS, LIGHT, STUDENT, lesson_path};
use super::{Client, TestApp};
use lectern::features::learning::server::progress;
use lectern::features::learning::server::versions::{self, Publication};
use lectern::server::authz::Actor;
use lectern::server::ctx::Ctx;
use lectern::server::error::ServiceError;
use lectern::shared::role::Role;
use sqlx::PgPool;
use uuid::Uuid;

/// A context in which the administrator asks.
pub fn as_admin(app: &TestApp) -> Ctx {
    Ctx { actor: Actor::Person { id: ADMIN.0, role: Role::Admin }, ..app.ctx() }
}

/// Sets columns of a lesson in the published version, behind the application's back.
pub async fn rule(pool: &PgPool, lesson: usize, columns: &str) {
    let version = "(select published_version_id from courses where slug = 'light')";
    let rows = change(
        pool,
        &format!("update course_version_lessons set {columns} where course_version_id = {version} and lesson_id = '{}'", LESSONS[lesson]),
    )
    .await;
    assert_eq!(rows, 1);
}

/// The draft of `light`, made if there is none.
pub async fn draft(app: &TestApp) -> Uuid {
    let mut tx = app.pool.begin().await.unwrap();
    let id = versions::draft_of(&mut tx, &as_admin(app), LIGHT).await.unwrap();
    tx.commit().await.unwrap();
    id
}

/// Edits the draft: each statement may name it as `$draft`.
pub async fn edit(app: &TestApp, statements: &[&str]) {
    let id = draft(app).await;
    for statement in statements {
        change(&app.pool, &statement.replace("$draft", &format!("'{id}'"))).await;
    }
}

/// Adds a lesson to the second module of the draft.
pub async fn add_lesson(app: &TestApp, number: u128, is_required: bool) -> Uuid {
    let (lesson, version) = (Uuid::from_u128(0xadd0_0000 + number), Uuid::from_u128(0xadd1_0000 + number));
    let module = "(select id from modules where title = 'Лампы')";
    edit(
        app,
        &[
            &format!(
                "insert into lessons (id, module_id, slug, title, position, created_at)
                 values ('{lesson}', {module}, 'new-{number}', 'Новый урок {number}', {number}, '2026-03-01Z')"
            ),
            &format!(
                "insert into lesson_versions (id, lesson_id, number, title, minutes, content_html, created_at, published_at)
                 values ('{version}', '{lesson}', 1, 'Новый урок {number}', 5, '<p>Новое</p>', '2026-03-01Z', '2026-03-01Z')"
            ),
            &format!("update lessons set published_version_id = '{version}' where id = '{lesson}'"),
            &format!(
                "insert into course_version_lessons (course_version_id, lesson_id, module_id, position, is_required)
                 values ($draft, '{lesson}', {module}, 100 + {number}, {is_required})"
            ),
        ],
    )
    .await;
    lesson
}

/// Publishes the draft, or says why not.
pub async fn try_publish(app: &TestApp) -> Result<Publication, ServiceError> {
    let mut tx = app.pool.begin().await.unwrap();
    let publication = versions::publish(&mut tx, &as_admin(app), LIGHT).await?;
    tx.commit().await.unwrap();
    Ok(publication)
}

/// Publishes the draft; gives how many followed it and how many kept their version.
pub async fn publish(app: &TestApp) -> (u32, u32) {
    let publication = try_publish(app).await.unwrap();
    (publication.followed, publication.kept)
}

/// The version that a person's enrolment in `light` follows, as its number.
pub async fn version_of(pool: &PgPool, person: Uuid) -> i32 {
    one(
        pool,
        &format!(
            "select v.number from course_enrollments e join course_versions v on v.id = e.course_version_id
             where e.user_id = '{person}' and e.course_id = '{LIGHT}' and e.state in ('active', 'paused', 'completed')"
        ),
    )
    .await
}

/// Marks a lesson as read.
pub async fn complete(client: &mut Client, lesson: Uuid) {
    let answer = client.post(&format!("{}/complete", lesson_path(lesson)), &[]).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
}

/// Progress in `light`, as `33.33 1/3`.
pub async fn progress_of(pool: &PgPool, person: Uuid) -> String {
    one(
        pool,
        &format!(
            "select progress_percentage || ' ' || completed_lessons || '/' || required_lessons from course_progress
             where user_id = '{person}' and course_id = '{LIGHT}'"
        ),
    )
    .await
}

/// The student at 0, 1 (a third), 2 or 3 (finished) required lessons of `light`; no test need be passed.
pub async fn student_at(app: &TestApp, done: usize) -> Client {
    let mut student = school::sign_in(app, STUDENT).await;
    bring_to(&app.pool, &mut student, done).await;
    student
}

/// The same for somebody who is signed in.
pub async fn bring_to(pool: &PgPool, student: &mut Client, done: usize) {
    change(pool, "update course_version_tests set must_pass = false").await;
    for lesson in &LESSONS[..done] {
        complete(student, *lesson).await;
    }
}

/// Counts progress anew; the same must come out.
pub async fn assert_recount(app: &TestApp) {
    let all = "select string_agg(p::text, ' ' order by user_id, course_id) from (select user_id, course_id, progress_percentage, completed_lessons,
               required_lessons, completed_at from course_progress) p";
    let before: String = one(&app.pool, all).await;
    let mut tx = app.pool.begin().await.unwrap();
    for id in list::<Uuid>(&app.pool, "select enrollment_id from course_progress").await {
        progress::recompute(&mut tx, &app.ctx(), id).await.unwrap();
    }
    tx.commit().await.unwrap();
    assert_eq!(one::<String>(&app.pool, all).await, before);
}

/// The course as it was in the beginning.
pub async fn restart(pool: &PgPool) {
    for sql in [
        "update courses set published_version_id = (select id from course_versions v where v.course_id = courses.id and number = 1)",
        "update course_enrollments set course_version_id = (select published_version_id from courses where id = course_id), state = 'active', declined_version_id = null",
        "delete from course_versions where number > 1",
        "delete from lesson_progress",
        "update course_progress set progress_percentage = 0, completed_lessons = 0, required_lessons = 3, completed_at = null, last_lesson_id = null where course_id = (select id from courses where slug = 'light')",
        "delete from lessons where slug like 'new-%'",
    ] {
        change(pool, sql).await;
    }
}
