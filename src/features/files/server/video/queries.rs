//! SQL about videos and their sizes.

use super::ffmpeg::{Measured, Size};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

type Result<T> = std::result::Result<T, sqlx::Error>;

pub(super) struct VideoRow {
    pub seconds: Option<i32>,
    pub width: Option<i32>,
    pub height: Option<i32>,
    pub has_poster: bool,
    pub has_sizes: bool,
}

pub(super) async fn video(connection: &mut PgConnection, file_id: Uuid) -> Result<Option<VideoRow>> {
    sqlx::query_as!(
        VideoRow,
        r#"select seconds, width, height, poster_sha256 is not null as "has_poster!",
                  exists (select from file_video_sizes s where s.file_id = v.file_id) as "has_sizes!"
           from file_videos v where file_id = $1"#,
        file_id
    )
    .fetch_optional(connection)
    .await
}

pub(super) struct StateRow {
    pub state: String,
    pub progress: i32,
}

pub(super) async fn state(connection: &mut PgConnection, file_id: Uuid) -> Result<Option<StateRow>> {
    sqlx::query_as!(StateRow, "select state, progress from file_videos where file_id = $1", file_id).fetch_optional(connection).await
}

pub(super) async fn insert(connection: &mut PgConnection, file_id: Uuid, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!("insert into file_videos (file_id, state, updated_at) values ($1, 'waiting', $2)", file_id, now).execute(connection).await?;
    Ok(())
}

/// What is known of a video, and how far the work is; what is not known now stays.
pub(super) async fn settle(connection: &mut PgConnection, file_id: Uuid, state: &str, measured: Option<&Measured>, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!(
        "update file_videos set state = $2, seconds = coalesce($3, seconds), width = coalesce($4, width), height = coalesce($5, height),
                                progress = case when $2 = 'ready' then 100 else progress end, updated_at = $6
         where file_id = $1",
        file_id,
        state,
        measured.and_then(|measured| measured.seconds),
        measured.map(|measured| measured.width),
        measured.map(|measured| measured.height),
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn set_progress(connection: &mut PgConnection, file_id: Uuid, progress: i32) -> Result<()> {
    sqlx::query!("update file_videos set progress = $2 where file_id = $1", file_id, progress).execute(connection).await?;
    Ok(())
}

pub(super) async fn set_poster(connection: &mut PgConnection, file_id: Uuid, sha256: &[u8]) -> Result<()> {
    sqlx::query!("update file_videos set poster_sha256 = $2 where file_id = $1", file_id, sha256).execute(connection).await?;
    Ok(())
}

/// The sizes that are there, by height.
pub(super) async fn heights(connection: &mut PgConnection, file_id: Uuid) -> Result<Vec<i32>> {
    sqlx::query_scalar!("select height from file_video_sizes where file_id = $1", file_id).fetch_all(connection).await
}

pub(super) async fn insert_size(
    connection: &mut PgConnection,
    file_id: Uuid,
    size: &Size,
    codecs: &str,
    playlist: &str,
    sha256: &[u8],
) -> Result<()> {
    sqlx::query!(
        "insert into file_video_sizes (file_id, height, width, bandwidth, codecs, playlist, sha256)
         select file_id, $2, $3, $4, $5, $6, $7 from file_videos where file_id = $1
         on conflict on constraint file_video_sizes_pkey do nothing",
        file_id,
        size.height,
        size.width,
        size.bandwidth,
        codecs,
        playlist,
        sha256
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) struct SizeRow {
    pub height: i32,
    pub width: i32,
    pub bandwidth: i64,
    pub codecs: String,
}

/// The sizes of a video. The first of a playlist is what players begin with: the middle of a ladder that is not the largest.
pub(super) async fn sizes(connection: &mut PgConnection, file_id: Uuid) -> Result<Vec<SizeRow>> {
    sqlx::query_as!(
        SizeRow,
        "select height, width, bandwidth, codecs from file_video_sizes where file_id = $1 order by (height between 500 and 600) desc, height",
        file_id
    )
    .fetch_all(connection)
    .await
}

pub(super) async fn playlist(connection: &mut PgConnection, file_id: Uuid, height: i32) -> Result<Option<String>> {
    sqlx::query_scalar!("select playlist from file_video_sizes where file_id = $1 and height = $2", file_id, height).fetch_optional(connection).await
}

pub(super) struct BytesRow {
    pub sha256: Vec<u8>,
    pub size_bytes: i64,
    pub parts: Vec<String>,
    pub part_bytes: i64,
}

/// The bytes of a size, or of the poster without a height.
pub(super) async fn bytes(connection: &mut PgConnection, file_id: Uuid, height: Option<i32>) -> Result<Option<BytesRow>> {
    sqlx::query_as!(
        BytesRow,
        "select b.sha256, b.size_bytes, b.parts, b.part_bytes from file_videos v
         left join file_video_sizes s on s.file_id = v.file_id and s.height = $2
         join file_blobs b on b.sha256 = case when $2::int is null then v.poster_sha256 else s.sha256 end
         where v.file_id = $1",
        file_id,
        height
    )
    .fetch_optional(connection)
    .await
}
