//! SQL about photographs of works: what their cameras wrote, their tones, their tiles.

use crate::features::files::model::{CameraFacts, Histogram};
use chrono::{DateTime, NaiveDateTime};
use sqlx::PgConnection;
use uuid::Uuid;

type Result<T> = std::result::Result<T, sqlx::Error>;

/// Keeps what is known of a photograph; what was known before stays.
pub(super) async fn insert(connection: &mut PgConnection, file_id: Uuid, facts: &CameraFacts, histogram: &Histogram) -> Result<()> {
    let shutter = facts.shutter.unzip();
    let taken: Option<NaiveDateTime> = facts.taken.and_then(|at| DateTime::from_timestamp_millis(at.unix_ms)).map(|at| at.naive_utc());
    sqlx::query!(
        "insert into file_photos (file_id, camera, lens, shutter_numerator, shutter_denominator, aperture, iso, focal_length, taken_at, histogram,
                                  shadows, highlights)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict on constraint file_photos_pkey do nothing",
        file_id,
        facts.camera,
        facts.lens,
        shutter.0,
        shutter.1,
        facts.aperture,
        facts.iso,
        facts.focal_length,
        taken,
        histogram.bars,
        histogram.shadows,
        histogram.highlights
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Keeps where a photograph's tiles lie; made again they may lie elsewhere.
pub(super) async fn insert_pyramid(
    connection: &mut PgConnection,
    file_id: Uuid,
    sha256: &[u8],
    content_type: &str,
    levels: i32,
    offsets: &[i64],
) -> Result<()> {
    sqlx::query!(
        "insert into file_pyramids (file_id, sha256, content_type, levels, offsets) values ($1, $2, $3, $4, $5)
         on conflict on constraint file_pyramids_pkey do update set sha256 = excluded.sha256, content_type = excluded.content_type,
             levels = excluded.levels, offsets = excluded.offsets",
        file_id,
        sha256,
        content_type,
        levels,
        offsets
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) struct PhotoRow {
    pub file_id: Uuid,
    pub camera: String,
    pub lens: String,
    pub shutter_numerator: Option<i64>,
    pub shutter_denominator: Option<i64>,
    pub aperture: Option<i32>,
    pub iso: Option<i32>,
    pub focal_length: Option<i32>,
    pub taken_at: Option<NaiveDateTime>,
    pub histogram: String,
    pub shadows: i32,
    pub highlights: i32,
    pub levels: Option<i32>,
}

/// What is known of these photographs.
pub(super) async fn photos(connection: &mut PgConnection, files: &[Uuid]) -> Result<Vec<PhotoRow>> {
    sqlx::query_as!(
        PhotoRow,
        "select p.file_id, p.camera, p.lens, p.shutter_numerator, p.shutter_denominator, p.aperture, p.iso, p.focal_length, p.taken_at,
                p.histogram, p.shadows, p.highlights, (select t.levels from file_pyramids t where t.file_id = p.file_id) as levels
         from file_photos p where p.file_id = any($1)",
        files
    )
    .fetch_all(connection)
    .await
}

/// Where a tile lies.
pub(super) struct TileRow {
    pub content_type: String,
    pub sha256: Vec<u8>,
    pub parts: Vec<String>,
    pub part_bytes: i64,
    pub width: Option<i32>,
    pub height: Option<i32>,
    pub offsets: Vec<i64>,
}

pub(super) async fn pyramid(connection: &mut PgConnection, file_id: Uuid) -> Result<Option<TileRow>> {
    sqlx::query_as!(
        TileRow,
        "select t.content_type, t.sha256, b.parts, b.part_bytes, f.width, f.height, t.offsets
         from file_pyramids t join file_blobs b on b.sha256 = t.sha256 join files f on f.id = t.file_id where t.file_id = $1",
        file_id
    )
    .fetch_optional(connection)
    .await
}
