//! What nobody needs any more goes: uploads that were left, files that stand nowhere, bytes that no row names.

use super::keeping::FOLDER;
use super::{queries, upload_queries};
use crate::server::ctx::Ctx;
use crate::server::error::Result;
use chrono::TimeDelta;
use futures_util::StreamExt as _;

/// An upload or a file that is needed nowhere is kept this long: an author may be about to put it somewhere, or to come back.
const KEPT: TimeDelta = TimeDelta::hours(24);
/// Keys looked up at once.
const KEYS: usize = 500;

/// Deletes what is not needed. Rows first: bytes that are left after a failure are found by the last step, next time.
pub async fn collect(ctx: &Ctx) -> Result<()> {
    let before = ctx.now() - KEPT;
    loop {
        let mut tx = ctx.begin().await?;
        let keys = upload_queries::delete_expired(&mut tx, before).await?;
        tx.commit().await?;
        let Some(keys) = keys else { break };
        ctx.state.storage.delete(&keys).await?;
    }
    loop {
        let mut tx = ctx.begin().await?;
        let count = queries::delete_unused_files(&mut tx, before).await?;
        tx.commit().await?;
        if count == 0 {
            break;
        }
    }
    loop {
        let mut tx = ctx.begin().await?;
        let keys = queries::delete_unused_blobs(&mut tx, before).await?;
        tx.commit().await?;
        if keys.is_empty() {
            break;
        }
        ctx.state.storage.delete(&keys).await?;
    }
    let mut old = ctx.state.storage.older(FOLDER, before).chunks(KEYS);
    while let Some(keys) = old.next().await {
        let keys = keys.into_iter().collect::<Result<Vec<_>, _>>()?;
        let unknown = queries::unknown_keys(&mut *ctx.connection().await?, &keys).await?;
        ctx.state.storage.delete(&unknown).await?;
    }
    Ok(())
}
