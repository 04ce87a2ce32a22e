//! Bytes by content: what is uploaded or made is kept once, under keys of ours. Bytes are written before the row that names them and
//! removed after it, so that no row names bytes that are not there.

use super::queries;
use crate::server::ctx::Ctx;
use crate::server::error::Result;
use anyhow::Context as _;
use sha2::{Digest as _, Sha256};
use sqlx::PgConnection;
use std::path::Path;
use tokio::io::AsyncReadExt as _;
use uuid::Uuid;

/// The folder of all keys in storage.
pub(super) const FOLDER: &str = "files";

/// Bytes that lie in storage, with no row yet.
#[derive(Clone, Debug)]
pub struct Kept {
    /// Of all bytes.
    pub sha256: Vec<u8>,
    /// Bytes.
    pub size: i64,
    /// Keys in storage.
    pub parts: Vec<String>,
    /// The size of each part but the last.
    pub part_bytes: i64,
}

/// A file's row to be.
#[derive(Clone, Copy, Debug)]
pub struct NewFile<'a> {
    /// Its id.
    pub id: Uuid,
    /// Whose it is.
    pub owner_id: Uuid,
    /// `files.kind`.
    pub kind: &'a str,
    /// Cleaned.
    pub name: &'a str,
    /// Detected.
    pub content_type: &'a str,
}

/// Stores bytes that this program made, such as a photograph.
pub async fn put(ctx: &Ctx, bytes: Vec<u8>) -> Result<Kept> {
    let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    let kept = Kept { sha256: Sha256::digest(&bytes).to_vec(), size, parts: vec![format!("{FOLDER}/{}/0", ctx.new_id())], part_bytes: size.max(1) };
    for key in &kept.parts {
        ctx.state.storage.put(key, bytes.clone()).await?;
    }
    Ok(kept)
}

/// Bytes of a part of what is stored from a file of ours.
const PART: usize = 8 * 1024 * 1024;

/// Stores a file that this program made, such as a film, without holding all of it.
pub async fn put_file(ctx: &Ctx, path: &Path) -> Result<Kept> {
    let mut file = tokio::fs::File::open(path).await.context("a file to be stored")?;
    let (folder, mut hash) = (format!("{FOLDER}/{}", ctx.new_id()), Sha256::new());
    let mut kept = Kept { sha256: Vec::new(), size: 0, parts: Vec::new(), part_bytes: i64::try_from(PART).unwrap_or(i64::MAX) };
    loop {
        let mut part = Vec::with_capacity(PART);
        (&mut file).take(PART as u64).read_to_end(&mut part).await.context("a file to be stored")?;
        if part.is_empty() {
            kept.sha256 = hash.finalize().to_vec();
            return Ok(kept);
        }
        hash.update(&part);
        kept.size += i64::try_from(part.len()).unwrap_or(0);
        let key = format!("{folder}/{}", kept.parts.len());
        ctx.state.storage.put(&key, part).await?;
        kept.parts.push(key);
    }
}

/// Makes a file of stored bytes, in the caller's transaction. Gives the keys that are not needed, because the same bytes were there
/// already: to be let go of with [`let_go`] after the commit.
pub async fn insert(connection: &mut PgConnection, ctx: &Ctx, file: NewFile<'_>, kept: &Kept) -> Result<Vec<String>> {
    let unneeded = insert_blob(connection, ctx, kept).await?;
    queries::insert_file(connection, file, &kept.sha256, ctx.now()).await?;
    Ok(unneeded)
}

pub(super) async fn insert_blob(connection: &mut PgConnection, ctx: &Ctx, kept: &Kept) -> Result<Vec<String>> {
    let parts = queries::upsert_blob(connection, kept, ctx.now()).await?;
    Ok(if parts == kept.parts { Vec::new() } else { kept.parts.clone() })
}

/// Takes a file's row away, in the caller's transaction. Its bytes go within a day, when nothing else has them.
pub async fn remove(connection: &mut PgConnection, id: Uuid) -> Result<()> {
    Ok(queries::delete_file(connection, id).await?)
}

/// Removes bytes that no row names. What can't be removed now is found again by the upkeep.
pub async fn let_go(ctx: &Ctx, keys: &[String]) {
    if let Err(error) = ctx.state.storage.delete(keys).await {
        tracing::warn!(request_id = ctx.request_id(), %error, "bytes that are not needed stay for now");
    }
}
