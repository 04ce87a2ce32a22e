//! Use cases of photographs of works: what is known of them, and their tiles.

use super::photo_queries as queries;
use super::service::{Download, FOR_EVER};
use crate::features::assignments::server as works;
use crate::features::files::model::{CameraFacts, Histogram, PhotoReading};
use crate::features::files::rules::tiles;
use crate::server::authz::{self, Administer};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::shared::time::LocalTime;
use sqlx::PgConnection;
use std::collections::HashMap;
use uuid::Uuid;

/// What is known of these photographs. The caller has asked the policy.
pub async fn readings(connection: &mut PgConnection, files: &[Uuid]) -> Result<HashMap<Uuid, PhotoReading>> {
    let rows = queries::photos(connection, files).await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let facts = CameraFacts {
                camera: row.camera,
                lens: row.lens,
                shutter: row.shutter_numerator.zip(row.shutter_denominator),
                aperture: row.aperture,
                iso: row.iso,
                focal_length: row.focal_length,
                taken: row.taken_at.map(|at| LocalTime { unix_ms: at.and_utc().timestamp_millis(), offset_minutes: 0 }),
            };
            let histogram = Histogram { bars: row.histogram, shadows: row.shadows, highlights: row.highlights };
            (row.file_id, PhotoReading { facts, histogram, levels: row.levels.unwrap_or(0) })
        })
        .collect())
}

/// A tile of a photograph, for those who may have the original.
pub async fn tile(ctx: &Ctx, id: Uuid, level: i32, at: (i32, i32)) -> Result<Download> {
    let mut connection = ctx.connection().await?;
    if authz::permit(&ctx.actor, Administer).is_err() && !works::reads_file(&mut connection, ctx, id).await? {
        return Err(ServiceError::NotFound);
    }
    let row = queries::pyramid(&mut connection, id).await?.ok_or(ServiceError::NotFound)?;
    let place = row.width.zip(row.height).and_then(|size| tiles::place(size, level, at)).ok_or(ServiceError::NotFound)?;
    let (from, to) = row.offsets.get(place).zip(row.offsets.get(place + 1)).ok_or(ServiceError::NotFound)?;
    let start = u64::try_from(*from).unwrap_or(0);
    let name = format!("{level}-{}-{}.jpg", at.0, at.1);
    let pack = Download::made(&name, &row.content_type, row.sha256, to - from, row.parts, row.part_bytes);
    Ok(Download { start, caching: FOR_EVER, ..pack })
}
