//! SQL about files, their bytes and where they stand.

use super::keeping::{Kept, NewFile};
use crate::features::files::model::SentFile;
use crate::features::files::rules::chapters::Chapter;
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

type Result<T> = std::result::Result<T, sqlx::Error>;

/// Keeps a blob, or makes a known one young again, so that the upkeep lets it be; gives its parts.
pub(super) async fn upsert_blob(connection: &mut PgConnection, kept: &Kept, now: DateTime<Utc>) -> Result<Vec<String>> {
    sqlx::query_scalar!(
        "insert into file_blobs (sha256, size_bytes, parts, part_bytes, created_at) values ($1, $2, $3, $4, $5)
         on conflict (sha256) do update set created_at = excluded.created_at returning parts",
        kept.sha256,
        kept.size,
        &kept.parts,
        kept.part_bytes,
        now
    )
    .fetch_one(connection)
    .await
}

pub(super) async fn insert_file(connection: &mut PgConnection, file: NewFile<'_>, sha256: &[u8], now: DateTime<Utc>) -> Result<()> {
    sqlx::query!(
        "insert into files (id, owner_id, kind, content_type, file_name, sha256, created_at) values ($1, $2, $3, $4, $5, $6, $7)",
        file.id,
        file.owner_id,
        file.kind,
        file.content_type,
        file.name,
        sha256,
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn delete_file(connection: &mut PgConnection, id: Uuid) -> Result<()> {
    sqlx::query!("delete from files where id = $1", id).execute(connection).await?;
    Ok(())
}

pub(super) struct FileRow {
    pub owner_id: Uuid,
    pub kind: String,
    pub file_name: String,
    pub content_type: String,
    pub sha256: Vec<u8>,
    pub size_bytes: i64,
    pub parts: Vec<String>,
    pub part_bytes: i64,
}

pub(super) async fn file_by_id(connection: &mut PgConnection, id: Uuid) -> Result<Option<FileRow>> {
    sqlx::query_as!(
        FileRow,
        "select f.owner_id, f.kind, f.file_name, f.content_type, f.sha256, b.size_bytes, b.parts, b.part_bytes
         from files f join file_blobs b on b.sha256 = f.sha256 where f.id = $1",
        id
    )
    .fetch_optional(connection)
    .await
}

pub(super) struct SizeRow {
    pub content_type: String,
    pub sha256: Vec<u8>,
    pub size_bytes: i64,
    pub parts: Vec<String>,
    pub part_bytes: i64,
}

/// A size of a picture; without a width its largest.
pub(super) async fn picture_size(connection: &mut PgConnection, file_id: Uuid, width: Option<i32>) -> Result<Option<SizeRow>> {
    sqlx::query_as!(
        SizeRow,
        "select p.content_type, p.sha256, b.size_bytes, b.parts, b.part_bytes
         from file_pictures p join file_blobs b on b.sha256 = p.sha256
         where p.file_id = $1 and ($2::int is null or p.width = $2) order by p.width desc limit 1",
        file_id,
        width
    )
    .fetch_optional(connection)
    .await
}

pub(super) struct PlaceRow {
    pub lesson_id: Uuid,
    pub course_id: Uuid,
}

/// The lessons whose readers see a file now.
pub(super) async fn places(connection: &mut PgConnection, file_id: Uuid) -> Result<Vec<PlaceRow>> {
    sqlx::query_as!(
        PlaceRow,
        "select distinct l.id as lesson_id, m.course_id from lesson_version_files f
         join lessons l on l.published_version_id = f.lesson_version_id join modules m on m.id = l.module_id where f.file_id = $1",
        file_id
    )
    .fetch_all(connection)
    .await
}

pub(super) struct VersionFileRow {
    pub file_id: Uuid,
    pub role: String,
    pub title: String,
    pub language: String,
    pub chapters: Json<Vec<Chapter>>,
    pub file_name: String,
    pub content_type: String,
    pub size_bytes: i64,
}

/// The files of a lesson version, in order; with a role only those.
pub(super) async fn of_version(connection: &mut PgConnection, version_id: Uuid, role: Option<&str>) -> Result<Vec<VersionFileRow>> {
    sqlx::query_as!(
        VersionFileRow,
        r#"select f.file_id, f.role, f.title, f.language, f.chapters as "chapters: Json<Vec<Chapter>>", x.file_name, x.content_type, b.size_bytes
         from lesson_version_files f join files x on x.id = f.file_id join file_blobs b on b.sha256 = x.sha256
         where f.lesson_version_id = $1 and ($2::text is null or f.role = $2) order by f.position, f.file_id"#,
        version_id,
        role
    )
    .fetch_all(connection)
    .await
}

/// The version of a lesson that its readers see.
pub(super) async fn published_version(connection: &mut PgConnection, lesson_id: Uuid) -> Result<Option<Uuid>> {
    sqlx::query_scalar!(r#"select published_version_id as "id!" from lessons where id = $1 and published_version_id is not null"#, lesson_id)
        .fetch_optional(connection)
        .await
}

#[derive(Debug)]
pub(super) struct PictureRow {
    pub file_id: Uuid,
    pub width: i32,
    pub height: i32,
    pub placeholder: String,
    pub widths: Vec<i32>,
}

/// Pictures that have their sizes, of these files.
pub(super) async fn pictures(connection: &mut PgConnection, files: &[Uuid]) -> Result<Vec<PictureRow>> {
    sqlx::query_as!(
        PictureRow,
        r#"select f.id as file_id, f.width as "width!", f.height as "height!", f.placeholder,
                  array(select p.width from file_pictures p where p.file_id = f.id order by p.width) as "widths!"
           from files f where f.id = any($1) and f.width is not null and exists (select from file_pictures p where p.file_id = f.id)"#,
        files
    )
    .fetch_all(connection)
    .await
}

/// What is shown of files that were sent, the oldest first.
pub(super) async fn sent(connection: &mut PgConnection, files: &[Uuid]) -> Result<Vec<SentFile>> {
    sqlx::query_as!(
        SentFile,
        r#"select f.id as file_id, f.file_name as name, b.size_bytes as size,
                  array(select p.width from file_pictures p where p.file_id = f.id order by p.width) as "widths!"
           from files f join file_blobs b on b.sha256 = f.sha256 where f.id = any($1) order by f.id"#,
        files
    )
    .fetch_all(connection)
    .await
}

pub(super) async fn insert_size(connection: &mut PgConnection, file_id: Uuid, size: (i32, i32), content_type: &str, sha256: &[u8]) -> Result<()> {
    sqlx::query!(
        "insert into file_pictures (file_id, width, height, content_type, sha256) values ($1, $2, $3, $4, $5) on conflict do nothing",
        file_id,
        size.0,
        size.1,
        content_type,
        sha256
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Notes a picture's measures; whether there still is such a file.
pub(super) async fn measure(connection: &mut PgConnection, file_id: Uuid, size: (i32, i32), placeholder: &str) -> Result<bool> {
    let done = sqlx::query!("update files set width = $2, height = $3, placeholder = $4 where id = $1", file_id, size.0, size.1, placeholder)
        .execute(connection)
        .await?;
    Ok(done.rows_affected() > 0)
}

/// Deletes some files that stand nowhere and are older than a moment.
pub(super) async fn delete_unused_files(connection: &mut PgConnection, before: DateTime<Utc>) -> Result<u64> {
    let done = sqlx::query!(
        "delete from files where id in (
             select f.id from files f where f.created_at < $1
               and not exists (select from users u where u.photo_file_id = f.id)
               and not exists (select from lesson_version_files l where l.file_id = f.id)
               and not exists (select from assignment_round_files r where r.file_id = f.id)
               and not exists (select from test_answer_files a where a.file_id = f.id)
             order by f.id limit 500 for update skip locked)",
        before
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected())
}

/// Deletes some blobs that no file and no picture has; gives the keys of their parts.
pub(super) async fn delete_unused_blobs(connection: &mut PgConnection, before: DateTime<Utc>) -> Result<Vec<String>> {
    let rows = sqlx::query_scalar!(
        "delete from file_blobs where sha256 in (
             select b.sha256 from file_blobs b where b.created_at < $1
               and not exists (select from files f where f.sha256 = b.sha256)
               and not exists (select from file_pictures p where p.sha256 = b.sha256)
               and not exists (select from file_pyramids p where p.sha256 = b.sha256)
               and not exists (select from file_videos v where v.poster_sha256 = b.sha256)
               and not exists (select from file_video_sizes v where v.sha256 = b.sha256)
             order by b.sha256 limit 200 for update skip locked)
         returning parts",
        before
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().flatten().collect())
}

/// Those of the keys that no row names.
pub(super) async fn unknown_keys(connection: &mut PgConnection, keys: &[String]) -> Result<Vec<String>> {
    sqlx::query_scalar!(
        r#"select k as "key!" from unnest($1::text[]) k
           where not exists (select from file_blobs b where b.parts @> array[k]) and not exists (select from uploads u where u.parts @> array[k])"#,
        keys
    )
    .fetch_all(connection)
    .await
}
