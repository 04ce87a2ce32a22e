//! SQL about the texts of courses as such: rendering them again, handing them to the search.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

type Result<T> = std::result::Result<T, sqlx::Error>;

/// Markdown with the row that it stands in.
pub(super) struct StaleRow {
    pub id: Uuid,
    pub markdown: String,
}

/// Some lessons' texts that an older renderer made.
pub(super) async fn lock_stale_lessons(connection: &mut PgConnection, version: i32) -> Result<Vec<StaleRow>> {
    sqlx::query_as!(
        StaleRow,
        "select id, content_md as markdown from lesson_versions where renderer_version < $1 order by id limit 50 for update skip locked",
        version
    )
    .fetch_all(connection)
    .await
}

pub(super) async fn update_lesson_html(connection: &mut PgConnection, id: Uuid, html: &str, version: i32) -> Result<()> {
    sqlx::query!("update lesson_versions set content_html = $2, renderer_version = $3 where id = $1", id, html, version).execute(connection).await?;
    Ok(())
}

/// The same of courses' descriptions.
pub(super) async fn lock_stale_courses(connection: &mut PgConnection, version: i32) -> Result<Vec<StaleRow>> {
    sqlx::query_as!(
        StaleRow,
        "select id, description_md as markdown from course_versions where renderer_version < $1 order by id limit 50 for update skip locked",
        version
    )
    .fetch_all(connection)
    .await
}

pub(super) async fn update_course_html(connection: &mut PgConnection, id: Uuid, html: &str, version: i32) -> Result<()> {
    sqlx::query!("update course_versions set description_html = $2, renderer_version = $3 where id = $1", id, html, version)
        .execute(connection)
        .await?;
    Ok(())
}

/// The same of assignments.
pub(super) async fn lock_stale_assignments(connection: &mut PgConnection, version: i32) -> Result<Vec<StaleRow>> {
    sqlx::query_as!(
        StaleRow,
        "select id, task_md as markdown from assignment_versions where renderer_version < $1 order by id limit 50 for update skip locked",
        version
    )
    .fetch_all(connection)
    .await
}

pub(super) async fn update_assignment_html(connection: &mut PgConnection, id: Uuid, html: &str, version: i32) -> Result<()> {
    sqlx::query!("update assignment_versions set task_html = $2, renderer_version = $3 where id = $1", id, html, version).execute(connection).await?;
    Ok(())
}

pub(super) struct LessonTextRow {
    pub course_id: Uuid,
    pub version_id: Uuid,
    pub title: String,
    pub summary: String,
    pub content_md: String,
}

/// A lesson's published text, of a course that is published or archived.
pub(super) async fn published_lesson(connection: &mut PgConnection, lesson_id: Uuid) -> Result<Option<LessonTextRow>> {
    sqlx::query_as!(
        LessonTextRow,
        "select m.course_id, v.id as version_id, v.title, v.summary, v.content_md
         from lessons l
         join lesson_versions v on v.id = l.published_version_id
         join modules m on m.id = l.module_id
         join courses c on c.id = m.course_id
         where l.id = $1 and c.status <> 'draft'",
        lesson_id
    )
    .fetch_optional(connection)
    .await
}

pub(super) struct CourseTextRow {
    pub version_id: Uuid,
    pub title: String,
    pub summary: String,
    pub audience: String,
    pub outcomes: Vec<String>,
    pub description_md: String,
}

/// The published text of a course's sales page.
pub(super) async fn published_course(connection: &mut PgConnection, course_id: Uuid) -> Result<Option<CourseTextRow>> {
    sqlx::query_as!(
        CourseTextRow,
        "select v.id as version_id, v.title, v.summary, v.audience, v.outcomes, v.description_md
         from courses c join course_versions v on v.id = c.published_version_id
         where c.id = $1 and c.status <> 'draft'",
        course_id
    )
    .fetch_optional(connection)
    .await
}

pub(super) struct PublishedRow {
    pub id: Uuid,
    pub version_id: Uuid,
}

/// Ids of all lessons whose text is published, with its version.
pub(super) async fn published_lessons(connection: &mut PgConnection) -> Result<Vec<PublishedRow>> {
    sqlx::query_as!(
        PublishedRow,
        r#"select l.id, l.published_version_id as "version_id!"
           from lessons l join modules m on m.id = l.module_id join courses c on c.id = m.course_id
           where l.published_version_id is not null and c.status <> 'draft'"#
    )
    .fetch_all(connection)
    .await
}

/// The same of courses.
pub(super) async fn published_courses(connection: &mut PgConnection) -> Result<Vec<PublishedRow>> {
    sqlx::query_as!(
        PublishedRow,
        r#"select id, published_version_id as "version_id!" from courses where published_version_id is not null and status <> 'draft'"#
    )
    .fetch_all(connection)
    .await
}

/// Who looks for what they may open.
#[derive(Clone, Copy)]
pub(super) struct Reader {
    pub user_id: Option<Uuid>,
    pub is_admin: bool,
    /// Curators: which courses, the query knows.
    pub is_staff: bool,
}

pub(super) struct OpenRow {
    pub lesson_id: Uuid,
    pub slug: String,
    pub course_title: String,
    pub is_preview: bool,
}

/// The lessons that a person may open now: of the versions that their running enrolments follow, of the courses that they look after, and
/// free ones of published courses. The same rule as `ReadCourse` has for one course.
pub(super) async fn open_lessons(connection: &mut PgConnection, reader: Reader, now: DateTime<Utc>) -> Result<Vec<OpenRow>> {
    sqlx::query_as!(
        OpenRow,
        r#"select distinct on (l.lesson_id) l.lesson_id, c.slug, c.title as course_title, o.is_preview as "is_preview!"
           from (
               select e.course_id, e.course_version_id as version_id, false as is_preview from course_enrollments e
               where e.user_id = $1 and e.state in ('active', 'completed') and e.starts_at <= $4 and (e.expires_at is null or e.expires_at > $4)
               union all
               select c.id, c.published_version_id, false from courses c
               where $2 or ($3 and exists (select from course_curators cc where cc.course_id = c.id and cc.user_id = $1))
               union all
               select c.id, c.published_version_id, true from courses c where c.status = 'published'
           ) o
           join courses c on c.id = o.course_id and c.status <> 'draft'
           join course_version_lessons l on l.course_version_id = o.version_id and (l.is_preview or not o.is_preview)
           order by l.lesson_id, o.is_preview"#,
        reader.user_id,
        reader.is_admin,
        reader.is_staff,
        now
    )
    .fetch_all(connection)
    .await
}

pub(super) struct OpenCourseRow {
    pub id: Uuid,
    pub slug: String,
}

/// The courses whose sales pages a person may see, as `SeeCourse` has it; drafts are not found.
pub(super) async fn open_courses(connection: &mut PgConnection, reader: Reader) -> Result<Vec<OpenCourseRow>> {
    sqlx::query_as!(
        OpenCourseRow,
        "select c.id, c.slug from courses c
         where c.status = 'published'
            or (c.status = 'archived' and (
                $2 or exists (select from course_enrollments e where e.course_id = c.id and e.user_id = $1)
                or ($3 and exists (select from course_curators cc where cc.course_id = c.id and cc.user_id = $1))))",
        reader.user_id,
        reader.is_admin,
        reader.is_staff
    )
    .fetch_all(connection)
    .await
}

pub(super) struct LessonNameRow {
    pub lesson_id: Uuid,
    pub title: String,
    pub slug: String,
    pub course_title: String,
}

/// Names of lessons and their courses.
pub(super) async fn lesson_names(connection: &mut PgConnection, lessons: &[Uuid]) -> Result<Vec<LessonNameRow>> {
    sqlx::query_as!(
        LessonNameRow,
        "select l.id as lesson_id, l.title, c.slug, c.title as course_title
         from lessons l join modules m on m.id = l.module_id join courses c on c.id = m.course_id where l.id = any($1)",
        lessons
    )
    .fetch_all(connection)
    .await
}
