//! All SQL about courses on sale.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

type Result<T> = std::result::Result<T, sqlx::Error>;

pub(super) struct CourseRow {
    pub slug: String,
    pub title: String,
    pub summary: String,
    pub audience: String,
    pub cover: String,
    pub outcomes: Vec<String>,
    pub price_minor: i64,
    pub currency: String,
    pub modules: i64,
    pub lessons: i64,
    pub with_review: bool,
}

/// Published courses; with an id only that one, whatever its state.
pub(super) async fn list_courses(connection: &mut PgConnection, only: Option<Uuid>) -> Result<Vec<CourseRow>> {
    sqlx::query_as!(
        CourseRow,
        r#"select c.slug, v.title, v.summary, v.audience, v.cover, v.outcomes,
                  (c.price * 100)::bigint as "price_minor!", c.currency as "currency!",
                  (select count(*) from course_version_modules m where m.course_version_id = v.id) as "modules!",
                  (select count(*) from course_version_lessons l where l.course_version_id = v.id) as "lessons!",
                  exists (select from offer_items i join offers o on o.id = i.offer_id
                          where i.course_id = c.id and o.state = 'active' and o.with_review) as "with_review!"
           from courses c join course_versions v on v.id = c.published_version_id
           where ($1::uuid is null and c.status = 'published') or c.id = $1
           order by c.position, c.id limit 200"#,
        only
    )
    .fetch_all(connection)
    .await
}

pub(super) struct CourseTextRow {
    pub description_html: String,
    pub curator_note: String,
    pub faq: serde_json::Value,
    pub review_hours: i32,
    pub curators: Vec<String>,
}

pub(super) async fn course_texts(connection: &mut PgConnection, course_id: Uuid) -> Result<CourseTextRow> {
    sqlx::query_as!(
        CourseTextRow,
        r#"select v.description_html, v.curator_note, v.faq, c.review_hours,
                  array(select u.full_name from course_curators cc join users u on u.id = cc.user_id
                        where cc.course_id = c.id and u.is_active and u.role <> 'student' order by u.full_name) as "curators!"
           from courses c join course_versions v on v.id = c.published_version_id where c.id = $1"#,
        course_id
    )
    .fetch_one(connection)
    .await
}

pub(super) struct ProgrammeRow {
    pub module_id: Uuid,
    pub module_title: String,
    pub lesson_id: Uuid,
    pub lesson_title: String,
    pub summary: String,
    pub minutes: i32,
    pub is_preview: bool,
    pub tests: i64,
    pub assignments: i64,
}

/// The programme of a course's published version, in order.
pub(super) async fn programme(connection: &mut PgConnection, course_id: Uuid) -> Result<Vec<ProgrammeRow>> {
    sqlx::query_as!(
        ProgrammeRow,
        r#"select m.module_id, m.title as module_title, l.lesson_id, lv.title as lesson_title, lv.summary, lv.minutes, l.is_preview,
                  (select count(*) from course_version_tests vt join tests t on t.id = vt.test_id
                   where vt.course_version_id = c.published_version_id and t.lesson_id = l.lesson_id) as "tests!",
                  (select count(*) from course_version_assignments va join assignments a on a.id = va.assignment_id
                   where va.course_version_id = c.published_version_id and a.lesson_id = l.lesson_id) as "assignments!"
           from courses c
           join course_version_modules m on m.course_version_id = c.published_version_id
           join course_version_lessons l on l.course_version_id = c.published_version_id and l.module_id = m.module_id
           join lessons i on i.id = l.lesson_id
           join lesson_versions lv on lv.id = i.published_version_id
           where c.id = $1 order by m.position, l.position"#,
        course_id
    )
    .fetch_all(connection)
    .await
}

pub(super) struct OfferRow {
    pub id: Uuid,
    pub name: String,
    pub price_minor: i64,
    pub currency: String,
    pub access_days: Option<i32>,
    pub access_until: Option<DateTime<Utc>>,
    pub with_review: bool,
    pub review_rounds: Option<i32>,
}

pub(super) async fn offers_of_course(connection: &mut PgConnection, course_id: Uuid) -> Result<Vec<OfferRow>> {
    sqlx::query_as!(
        OfferRow,
        r#"select o.id, o.name, o.price_minor, o.currency as "currency!", o.access_days, o.access_until, o.with_review, o.review_rounds
           from offers o
           where o.state = 'active' and (o.access_until is null or o.access_until > now())
             and exists (select from offer_items i where i.offer_id = o.id and i.course_id = $1 and i.module_id is null)
           order by o.position, o.id"#,
        course_id
    )
    .fetch_all(connection)
    .await
}

pub(super) struct PreviewRow {
    pub version_id: Uuid,
    pub title: String,
    pub minutes: i32,
    pub content_html: String,
}

/// A lesson that the published version of the course gives away.
pub(super) async fn preview_lesson(connection: &mut PgConnection, course_id: Uuid, lesson_id: Uuid) -> Result<Option<PreviewRow>> {
    sqlx::query_as!(
        PreviewRow,
        "select lv.id as version_id, lv.title, lv.minutes, lv.content_html
         from courses c
         join course_version_lessons l on l.course_version_id = c.published_version_id
         join lessons i on i.id = l.lesson_id
         join lesson_versions lv on lv.id = i.published_version_id
         where c.id = $1 and l.lesson_id = $2 and l.is_preview",
        course_id,
        lesson_id
    )
    .fetch_optional(connection)
    .await
}
