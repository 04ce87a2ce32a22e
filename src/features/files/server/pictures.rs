//! Pictures in the sizes of screens: decoded within limits, turned as the camera was held, written anew, so that nothing of the
//! camera's notes (place, owner) is left in what is shown. The original is kept. Of photographs of works what the camera wrote about
//! the shot, their tones, and tiles of the large ones.

mod camera;
mod making;
mod pyramid;
mod tones;

use super::keeping::{self, Kept};
use super::workplace::Workplace;
use super::{photo_queries, queries};
use crate::features::assignments::server as works;
use crate::features::authoring::server::lesson_files;
use crate::server::ctx::Ctx;
use crate::server::error::Result;
use crate::server::jobs::{self, Job};
use anyhow::Context as _;
use futures_util::TryStreamExt as _;
use making::{CONTENT_TYPE, Made};
use sqlx::PgConnection;
use uuid::Uuid;

/// Has a picture's sizes made.
pub(super) async fn enqueue(connection: &mut PgConnection, ctx: &Ctx, file_id: Uuid) -> Result<()> {
    jobs::enqueue(connection, ctx, &Job::PreparePicture { file_id }).await
}

/// Makes the sizes of a picture, and shows them in the texts where it stands. Done twice it makes the same.
pub async fn prepare(ctx: &Ctx, file_id: Uuid) -> Result<()> {
    let mut connection = ctx.connection().await?;
    let Some(row) = queries::file_by_id(&mut connection, file_id).await? else { return Ok(()) };
    let place = if works::has_file(&mut connection, file_id).await? { Some(Workplace::new(ctx, "pictures", file_id)?) } else { None };
    drop(connection);
    let (size, part) = (u64::try_from(row.size_bytes).unwrap_or(0), u64::try_from(row.part_bytes).unwrap_or(1));
    let mut original = Vec::with_capacity(usize::try_from(size).unwrap_or(0));
    let mut stream = ctx.state.storage.stream(row.parts, part, 0..size);
    while let Some(chunk) = stream.try_next().await? {
        original.extend_from_slice(&chunk);
    }
    let tiles = place.as_ref().map(|place| place.path().join("tiles"));
    let path = tiles.clone();
    // One at a time in a server (the job's policy): a large picture takes a quarter of a gigabyte while it is made small.
    let made = tokio::task::spawn_blocking(move || making::make(original, path.as_deref())).await.context("the picture's work was cut off")?;
    let Some(made) = made else {
        tracing::warn!(%file_id, "a picture can't be opened; it is not shown");
        return Ok(());
    };
    let mut kept: Vec<(Made, Kept)> = Vec::new();
    for mut size in made.sizes {
        let bytes = std::mem::take(&mut size.bytes);
        kept.push((size, keeping::put(ctx, bytes).await?));
    }
    let pack = match (&tiles, made.reading.as_ref().and_then(|reading| reading.tiles.as_ref())) {
        (Some(path), Some(_)) => Some(keeping::put_file(ctx, path).await?),
        _ => None,
    };
    let mut tx = ctx.begin().await?;
    let mut unneeded = Vec::new();
    if queries::measure(&mut tx, file_id, pixels(made.width, made.height), &made.placeholder).await? {
        for (size, kept) in &kept {
            unneeded.extend(keeping::insert_blob(&mut tx, ctx, kept).await?);
            queries::insert_size(&mut tx, file_id, pixels(size.width, size.height), CONTENT_TYPE, &kept.sha256).await?;
        }
        if let Some(reading) = made.reading {
            photo_queries::insert(&mut tx, file_id, &reading.facts, &reading.histogram).await?;
            if let Some((pack, (levels, offsets))) = pack.as_ref().zip(reading.tiles) {
                unneeded.extend(keeping::insert_blob(&mut tx, ctx, pack).await?);
                photo_queries::insert_pyramid(&mut tx, file_id, &pack.sha256, pyramid::CONTENT_TYPE, levels, &offsets).await?;
            }
        }
        lesson_files::render_again(&mut tx, file_id).await?;
        tx.commit().await?;
    } else {
        unneeded.extend(kept.into_iter().map(|(_, kept)| kept).chain(pack).flat_map(|kept| kept.parts));
    }
    keeping::let_go(ctx, &unneeded).await;
    Ok(())
}

fn pixels(width: u32, height: u32) -> (i32, i32) {
    (i32::try_from(width).unwrap_or(i32::MAX), i32::try_from(height).unwrap_or(i32::MAX))
}
