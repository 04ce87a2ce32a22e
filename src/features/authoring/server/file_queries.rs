//! SQL about the files of a lesson's draft.

use crate::features::files::rules::chapters::Chapter;
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

type Result<T> = std::result::Result<T, sqlx::Error>;

/// Whether a course has a lesson.
pub(super) async fn has_lesson(connection: &mut PgConnection, course_id: Uuid, lesson_id: Uuid) -> Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from lessons l join modules m on m.id = l.module_id where m.course_id = $1 and l.id = $2) as "has!""#,
        course_id,
        lesson_id
    )
    .fetch_one(connection)
    .await
}

/// The course of a lesson, which is held: its draft has one writer at a time.
pub(super) async fn lock_lesson_alone(connection: &mut PgConnection, lesson_id: Uuid) -> Result<Option<Uuid>> {
    sqlx::query_scalar!("select m.course_id from lessons l join modules m on m.id = l.module_id where l.id = $1 for update of l", lesson_id)
        .fetch_optional(connection)
        .await
}

/// The version that is edited: the draft, else what is published.
pub(super) async fn newest_version(connection: &mut PgConnection, lesson_id: Uuid) -> Result<Option<Uuid>> {
    sqlx::query_scalar!(
        "select v.id from lessons l join lesson_versions v on v.lesson_id = l.id and (v.published_at is null or v.id = l.published_version_id)
         where l.id = $1 order by v.published_at is null desc limit 1",
        lesson_id
    )
    .fetch_optional(connection)
    .await
}

/// Puts a file after the others of a version. A lesson has one video: another takes its place.
pub(super) async fn insert(connection: &mut PgConnection, version_id: Uuid, file_id: Uuid, role: &str) -> Result<()> {
    sqlx::query!("delete from lesson_version_files where lesson_version_id = $1 and role = 'video' and $2 = 'video'", version_id, role)
        .execute(&mut *connection)
        .await?;
    sqlx::query!(
        "insert into lesson_version_files (lesson_version_id, file_id, role, position)
         values ($1, $2, $3, (select coalesce(max(position), 0) + 1 from lesson_version_files where lesson_version_id = $1))",
        version_id,
        file_id,
        role
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Takes a file out of a version; whether it was there.
pub(super) async fn delete(connection: &mut PgConnection, version_id: Uuid, file_id: Uuid) -> Result<bool> {
    let done = sqlx::query!("delete from lesson_version_files where lesson_version_id = $1 and file_id = $2", version_id, file_id)
        .execute(connection)
        .await?;
    Ok(done.rows_affected() > 0)
}

/// The versions that show a video, held.
pub(super) async fn lock_versions_with_video(connection: &mut PgConnection, file_id: Uuid) -> Result<Vec<Uuid>> {
    sqlx::query_scalar!(
        "select v.id from lesson_versions v
         where v.id in (select lesson_version_id from lesson_version_files where file_id = $1 and role = 'video') order by v.id for update",
        file_id
    )
    .fetch_all(connection)
    .await
}

pub(super) async fn has_video(connection: &mut PgConnection, version_id: Uuid) -> Result<bool> {
    sqlx::query_scalar!(r#"select exists (select from lesson_version_files where lesson_version_id = $1 and role = 'video') as "has!""#, version_id)
        .fetch_one(connection)
        .await
}

/// How long the video of a version is; `None` while that is not known, or it has none.
pub(super) async fn set_video_seconds(connection: &mut PgConnection, version_id: Uuid, seconds: Option<i32>) -> Result<()> {
    sqlx::query!("update lesson_versions set video_seconds = $2 where id = $1 and video_seconds is distinct from $2", version_id, seconds)
        .execute(connection)
        .await?;
    Ok(())
}

/// What a file of a version is there for; `None` when it is not there.
pub(super) async fn role(connection: &mut PgConnection, version_id: Uuid, file_id: Uuid) -> Result<Option<String>> {
    sqlx::query_scalar!("select role from lesson_version_files where lesson_version_id = $1 and file_id = $2", version_id, file_id)
        .fetch_optional(connection)
        .await
}

/// Writes what is said of a file of a version.
pub(super) async fn describe(
    connection: &mut PgConnection,
    version_id: Uuid,
    file_id: Uuid,
    title: &str,
    language: &str,
    chapters: &[Chapter],
) -> Result<()> {
    sqlx::query!(
        "update lesson_version_files set title = $3, language = $4, chapters = $5 where lesson_version_id = $1 and file_id = $2",
        version_id,
        file_id,
        title,
        language,
        Json(chapters) as _
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) struct TextRow {
    pub id: Uuid,
    pub content_md: String,
}

/// The texts that show a picture now, or will: held, to be rendered again.
pub(super) async fn lock_texts_with(connection: &mut PgConnection, file_id: Uuid) -> Result<Vec<TextRow>> {
    sqlx::query_as!(
        TextRow,
        "select v.id, v.content_md from lesson_version_files f join lesson_versions v on v.id = f.lesson_version_id
         join lessons l on l.id = v.lesson_id
         where f.file_id = $1 and f.role = 'picture' and (v.published_at is null or v.id = l.published_version_id)
         order by v.id for update of v",
        file_id
    )
    .fetch_all(connection)
    .await
}

pub(super) async fn update_html(connection: &mut PgConnection, version_id: Uuid, html: &str) -> Result<()> {
    sqlx::query!("update lesson_versions set content_html = $2 where id = $1", version_id, html).execute(connection).await?;
    Ok(())
}
