//! What authors do to the course `light`: rules in its published version, drafts, publishing.

use super::TestApp;
use super::database::{change, one};
use super::school::{ADMIN, LESSONS, LIGHT};
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
