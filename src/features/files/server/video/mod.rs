//! Videos: kept as they were uploaded; where `ffmpeg` is installed, a job measures them and makes sizes for slow lines.

mod ffmpeg;
pub(super) mod playing;
mod queries;

use super::keeping;
use super::queries::file_by_id;
use super::workplace::Workplace;
use crate::features::authoring::server::lesson_files;
use crate::features::files::model::VideoWork;
use crate::server::ctx::Ctx;
use crate::server::error::Result;
use crate::server::jobs::{self, Job};
use anyhow::Context as _;
use ffmpeg::{Measured, Probe, Size};
use futures_util::TryStreamExt as _;
use sqlx::PgConnection;
use std::path::Path;
use tokio::io::AsyncWriteExt as _;
use uuid::Uuid;

pub use playing::film;

/// Has a video measured and made in sizes.
pub(super) async fn enqueue(connection: &mut PgConnection, ctx: &Ctx, file_id: Uuid) -> Result<()> {
    queries::insert(connection, file_id, ctx.now()).await?;
    jobs::enqueue(connection, ctx, &Job::PrepareVideo { file_id }).await
}

/// How long a video is, in whole seconds; `None` while nobody measured it.
pub async fn seconds(connection: &mut PgConnection, file_id: Uuid) -> Result<Option<i32>> {
    Ok(queries::video(connection, file_id).await?.and_then(|row| row.seconds))
}

/// The work on a video, for its author; nothing when it is done.
pub async fn work(connection: &mut PgConnection, file_id: Uuid) -> Result<Option<VideoWork>> {
    let row = queries::state(connection, file_id).await?;
    Ok(row.and_then(|row| match row.state.as_str() {
        "waiting" | "running" => Some(VideoWork::Going(row.progress)),
        "failed" => Some(VideoWork::Failed),
        _ => None,
    }))
}

/// Measures a video and makes its sizes, the smallest first. A size that is there is not made again, so that a long film goes on where a
/// stopped server left it.
pub async fn prepare(ctx: &Ctx, file_id: Uuid) -> Result<()> {
    let row = file_by_id(&mut *ctx.connection().await?, file_id).await?;
    let Some(row) = row else { return Ok(()) };
    let place = Workplace::new(ctx, "video", file_id)?;
    let original = place.path().join("original");
    let (size, part) = (u64::try_from(row.size_bytes).unwrap_or(0), u64::try_from(row.part_bytes).unwrap_or(1));
    let mut file = tokio::fs::File::create(&original).await.context("a video's copy")?;
    let mut stream = ctx.state.storage.stream(row.parts, part, 0..size);
    while let Some(chunk) = stream.try_next().await? {
        file.write_all(&chunk).await.context("a video's copy")?;
    }
    file.flush().await.context("a video's copy")?;
    drop(file);
    let measured = match ffmpeg::probe(&original, &row.content_type).await? {
        Probe::NoTool => return settle(ctx, file_id, "plain", None).await,
        Probe::Broken => return settle(ctx, file_id, "failed", None).await,
        Probe::Video(measured) => measured,
    };
    settle(ctx, file_id, "running", Some(&measured)).await?;
    let made = make(ctx, file_id, &original, &row.content_type, &measured, place.path()).await?;
    settle(ctx, file_id, if made { "ready" } else { "failed" }, Some(&measured)).await
}

/// Keeps what is known of a video; the versions of lessons that show it learn its length.
async fn settle(ctx: &Ctx, file_id: Uuid, state: &str, measured: Option<&Measured>) -> Result<()> {
    let mut tx = ctx.begin().await?;
    queries::settle(&mut tx, file_id, state, measured, ctx.now()).await?;
    if let Some(seconds) = measured.and_then(|measured| measured.seconds) {
        lesson_files::video_was_measured(&mut tx, file_id, seconds).await?;
    }
    Ok(tx.commit().await?)
}

async fn make(ctx: &Ctx, file_id: Uuid, original: &Path, content_type: &str, measured: &Measured, place: &Path) -> Result<bool> {
    if let Some(poster) = ffmpeg::poster(original, content_type, measured, place).await? {
        let bytes = tokio::fs::read(&poster).await.context("a video's poster")?;
        let kept = keeping::put(ctx, bytes).await?;
        let mut tx = ctx.begin().await?;
        let unneeded = keeping::insert_blob(&mut tx, ctx, &kept).await?;
        queries::set_poster(&mut tx, file_id, &kept.sha256).await?;
        tx.commit().await?;
        keeping::let_go(ctx, &unneeded).await;
    }
    let sizes = ffmpeg::sizes(measured);
    let done = queries::heights(&mut *ctx.connection().await?, file_id).await?;
    for (index, size) in sizes.iter().enumerate() {
        if done.contains(&size.height) {
            continue;
        }
        let report = |percent: usize| {
            let all = (index * 100 + percent) / sizes.len();
            async move { queries::set_progress(&mut *ctx.connection().await?, file_id, i32::try_from(all).unwrap_or(0)).await.map_err(Into::into) }
        };
        let Some(playlist) = ffmpeg::shrink(original, content_type, measured, size, place, report).await? else { return Ok(false) };
        keep(ctx, file_id, measured, size, place, &playlist).await?;
    }
    Ok(true)
}

async fn keep(ctx: &Ctx, file_id: Uuid, measured: &Measured, size: &Size, place: &Path, playlist: &str) -> Result<()> {
    let path = place.join(ffmpeg::FILM);
    let kept = keeping::put_file(ctx, &path).await?;
    tokio::fs::remove_file(&path).await.context("a video's size")?;
    let mut tx = ctx.begin().await?;
    let unneeded = keeping::insert_blob(&mut tx, ctx, &kept).await?;
    queries::insert_size(&mut tx, file_id, size, measured.codecs(), playlist, &kept.sha256).await?;
    tx.commit().await?;
    keeping::let_go(ctx, &unneeded).await;
    Ok(())
}
