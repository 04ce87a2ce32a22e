//! A folder of ours for what is too large to be held in memory while it is made.

use crate::server::ctx::Ctx;
use crate::server::error::Result;
use anyhow::Context as _;
use std::path::{Path, PathBuf};
use uuid::Uuid;

/// A folder that goes away with what is in it.
pub(super) struct Workplace(PathBuf);

impl Workplace {
    /// A new folder for the work on a file, among those of its kind.
    pub(super) fn new(ctx: &Ctx, kind: &str, file_id: Uuid) -> Result<Self> {
        let folder = ctx.state.config.data_dir.join(kind).join(format!("{file_id}-{}", ctx.new_id()));
        std::fs::create_dir_all(&folder).with_context(|| format!("the folder {}", folder.display()))?;
        Ok(Self(std::path::absolute(&folder).with_context(|| format!("the folder {}", folder.display()))?))
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Workplace {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            tracing::warn!(%error, folder = %self.0.display(), "a folder of files in the making stays");
        }
    }
}
