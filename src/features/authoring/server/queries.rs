//! SQL about courses as their authors see them, and about drafts of lessons.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

type Result<T> = std::result::Result<T, sqlx::Error>;

pub(super) struct CourseRow {
    pub id: Uuid,
    pub title: String,
    pub slug: String,
    pub status: String,
    pub lessons: i64,
    pub drafts: i64,
    pub learners: i64,
}

/// All courses, in their order.
pub(super) async fn courses(connection: &mut PgConnection) -> Result<Vec<CourseRow>> {
    sqlx::query_as!(
        CourseRow,
        r#"select c.id, c.title, c.slug, c.status, count(l.lesson_id) as "lessons!",
                  count(l.lesson_id) filter (where exists (
                      select from lesson_versions v where v.lesson_id = l.lesson_id and v.published_at is null)) as "drafts!",
                  (select count(*) from course_enrollments e where e.course_id = c.id and e.state in ('active', 'completed')) as "learners!"
           from courses c left join course_version_lessons l on l.course_version_id = c.published_version_id
           group by c.id order by c.position, c.id"#
    )
    .fetch_all(connection)
    .await
}

pub(super) struct HeadRow {
    pub title: String,
    pub slug: String,
    pub status: String,
}

pub(super) async fn course_by_id(connection: &mut PgConnection, id: Uuid) -> Result<Option<HeadRow>> {
    sqlx::query_as!(HeadRow, "select title, slug, status from courses where id = $1", id).fetch_optional(connection).await
}

pub(super) struct LessonRow {
    pub module_id: Uuid,
    pub module_title: String,
    pub opens: String,
    pub opens_at: Option<DateTime<Utc>>,
    pub opens_after_days: Option<i32>,
    pub lesson_id: Uuid,
    pub title: String,
    pub minutes: i32,
    pub is_required: bool,
    pub is_preview: bool,
    pub draft_at: Option<DateTime<Utc>>,
}

/// The lessons of a course version with their modules, in order.
pub(super) async fn lessons_of_version(connection: &mut PgConnection, version_id: Uuid) -> Result<Vec<LessonRow>> {
    sqlx::query_as!(
        LessonRow,
        r#"select m.module_id, m.title as module_title, m.opens, m.opens_at, m.opens_after_days,
                  l.lesson_id, x.title, coalesce(v.minutes, 0) as "minutes!", l.is_required, l.is_preview,
                  (select coalesce(d.edited_at, d.created_at) from lesson_versions d
                   where d.lesson_id = l.lesson_id and d.published_at is null) as draft_at
           from course_version_lessons l
           join course_version_modules m on m.course_version_id = l.course_version_id and m.module_id = l.module_id
           join lessons x on x.id = l.lesson_id
           left join lesson_versions v on v.id = x.published_version_id
           where l.course_version_id = $1 order by m.position, l.position"#,
        version_id
    )
    .fetch_all(connection)
    .await
}

pub(super) struct TextRow {
    pub course_title: String,
    pub course_slug: String,
    pub title: String,
    pub summary: String,
    pub minutes: i32,
    pub content_md: String,
    pub content_html: String,
    pub revision: i32,
    pub is_draft: bool,
    pub edited_at: Option<DateTime<Utc>>,
    pub editor: Option<String>,
}

/// What is to be edited of a course's lesson: its draft, else its published text.
pub(super) async fn newest_text(connection: &mut PgConnection, course_id: Uuid, lesson_id: Uuid) -> Result<Option<TextRow>> {
    sqlx::query_as!(
        TextRow,
        r#"select c.title as course_title, c.slug as course_slug, v.title, v.summary, v.minutes, v.content_md, v.content_html, v.revision,
                  v.published_at is null as "is_draft!", v.edited_at, u.full_name as "editor?"
           from courses c join modules m on m.course_id = c.id join lessons l on l.module_id = m.id
           join lesson_versions v on v.lesson_id = l.id and (v.published_at is null or v.id = l.published_version_id)
           left join users u on u.id = v.edited_by
           where c.id = $1 and l.id = $2 order by v.published_at is null desc limit 1"#,
        course_id,
        lesson_id
    )
    .fetch_optional(connection)
    .await
}

/// Holds a lesson of a course, so that its draft has one writer at a time; gives whether there is such a lesson.
pub(super) async fn lock_lesson(connection: &mut PgConnection, course_id: Uuid, lesson_id: Uuid) -> Result<bool> {
    let found = sqlx::query_scalar!(
        "select l.id from lessons l join modules m on m.id = l.module_id where m.course_id = $1 and l.id = $2 for update of l",
        course_id,
        lesson_id
    )
    .fetch_optional(connection)
    .await?;
    Ok(found.is_some())
}

pub(super) struct Draft<'a> {
    pub lesson_id: Uuid,
    pub title: &'a str,
    pub summary: &'a str,
    pub minutes: i32,
    pub content_md: &'a str,
    pub content_html: &'a str,
    pub renderer_version: i32,
    pub edited_by: Option<Uuid>,
    pub now: DateTime<Utc>,
}

/// The draft's revision; `None` without one.
pub(super) async fn draft_revision(connection: &mut PgConnection, lesson_id: Uuid) -> Result<Option<i32>> {
    sqlx::query_scalar!("select revision from lesson_versions where lesson_id = $1 and published_at is null", lesson_id)
        .fetch_optional(connection)
        .await
}

/// Begins a lesson's draft with what its readers see, files and all; nothing where there is one. Its revision is 0 until its text is
/// saved: who writes it has seen the text that it begins with.
pub(super) async fn open_draft(connection: &mut PgConnection, id: Uuid, lesson_id: Uuid, edited_by: Option<Uuid>, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!(
        "with draft as (
             insert into lesson_versions (id, lesson_id, number, title, summary, minutes, content_md, content_html, renderer_version,
                                          video_seconds, revision, created_at, edited_at, edited_by)
             select $1, l.id, (select max(number) + 1 from lesson_versions where lesson_id = l.id), v.title, v.summary, v.minutes,
                    v.content_md, v.content_html, v.renderer_version, v.video_seconds, 0, $4, $4, $3
             from lessons l join lesson_versions v on v.id = l.published_version_id where l.id = $2
             on conflict (lesson_id) where published_at is null do nothing
             returning id
         )
         insert into lesson_version_files (lesson_version_id, file_id, role, position, title, language, chapters)
         select d.id, f.file_id, f.role, f.position, f.title, f.language, f.chapters
         from draft d cross join lessons l join lesson_version_files f on f.lesson_version_id = l.published_version_id where l.id = $2",
        id,
        lesson_id,
        edited_by,
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Writes the text of a lesson's draft.
pub(super) async fn write_draft(connection: &mut PgConnection, draft: Draft<'_>) -> Result<()> {
    sqlx::query!(
        "update lesson_versions set title = $2, summary = $3, minutes = $4, content_md = $5, content_html = $6, renderer_version = $7,
                edited_at = $9, edited_by = $8, revision = revision + 1
         where lesson_id = $1 and published_at is null",
        draft.lesson_id,
        draft.title,
        draft.summary,
        draft.minutes,
        draft.content_md,
        draft.content_html,
        draft.renderer_version,
        draft.edited_by,
        draft.now
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Makes the draft of a lesson what its readers see; gives its id, or `None` without one.
pub(super) async fn publish_draft(connection: &mut PgConnection, lesson_id: Uuid, now: DateTime<Utc>) -> Result<Option<Uuid>> {
    let id = sqlx::query_scalar!(
        "update lesson_versions set published_at = $2 where lesson_id = $1 and published_at is null returning id",
        lesson_id,
        now
    )
    .fetch_optional(&mut *connection)
    .await?;
    sqlx::query!(
        "update lessons l set published_version_id = v.id, title = v.title from lesson_versions v where l.id = $1 and v.id = $2",
        lesson_id,
        id
    )
    .execute(connection)
    .await?;
    Ok(id)
}

/// Throws the draft of a lesson away; gives whether there was one.
pub(super) async fn delete_draft(connection: &mut PgConnection, lesson_id: Uuid) -> Result<bool> {
    let done = sqlx::query!("delete from lesson_versions where lesson_id = $1 and published_at is null", lesson_id).execute(connection).await?;
    Ok(done.rows_affected() > 0)
}
