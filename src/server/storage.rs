//! Bytes of uploaded files, under keys that the server makes: a local folder, or S3 by configuration. Nothing here knows whose they are.

use super::config::StoragePlace;
use anyhow::Context as _;
use axum::body::Bytes;
use futures_util::stream::{self, BoxStream};
use futures_util::{StreamExt as _, TryStreamExt as _};
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::path::Path as Key;
use object_store::prefix::PrefixStore;
use object_store::{GetOptions, ObjectStore, ObjectStoreExt as _, PutPayload};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

/// Why storage did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// No room is left (507).
    #[error("storage is full: {0}")]
    Full(object_store::Error),
    /// It can't be reached, or is broken (503).
    #[error("storage failed: {0}")]
    Away(object_store::Error),
}

impl From<object_store::Error> for StorageError {
    fn from(error: object_store::Error) -> Self {
        let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(&error);
        while let Some(inner) = cause {
            if let Some(io) = inner.downcast_ref::<std::io::Error>()
                && matches!(io.kind(), std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded)
            {
                return Self::Full(error);
            }
            cause = inner.source();
        }
        Self::Away(error)
    }
}

/// What storage answers.
pub type Result<T> = std::result::Result<T, StorageError>;

/// A place for bytes. The interface is `object_store`'s, so that S3 is a matter of configuration.
#[derive(Clone, Debug)]
pub struct Storage(Arc<dyn ObjectStore>);

impl Storage {
    /// What the configuration names.
    pub fn open(place: &StoragePlace) -> anyhow::Result<Self> {
        match place {
            StoragePlace::Folder(folder) => Self::folder(folder),
            // Keys, region and endpoint are the usual variables of S3's own tools.
            StoragePlace::S3 { bucket, prefix } => {
                let store = AmazonS3Builder::from_env().with_bucket_name(bucket).build().context("STORAGE_URL")?;
                Ok(Self(Arc::new(PrefixStore::new(store, prefix.as_str()))))
            }
        }
    }

    /// A folder, made if need be.
    pub fn folder(folder: &Path) -> anyhow::Result<Self> {
        std::fs::create_dir_all(folder).map_err(|error| anyhow::anyhow!("STORAGE_URL: the folder {} can't be made: {error}", folder.display()))?;
        // What is shown as saved outlives a failure of power.
        Ok(Self(Arc::new(LocalFileSystem::new_with_prefix(folder)?.with_fsync(true))))
    }

    /// Any store.
    pub fn over(store: Arc<dyn ObjectStore>) -> Self {
        Self(store)
    }

    /// Writes all bytes under a key: whole or not at all.
    pub async fn put(&self, key: &str, bytes: Vec<u8>) -> Result<()> {
        self.0.put(&Key::from(key), PutPayload::from(bytes)).await?;
        Ok(())
    }

    /// Reads some bytes of a key into memory.
    pub async fn read(&self, key: &str, range: Range<u64>) -> Result<Bytes> {
        if range.is_empty() {
            return Ok(Bytes::new());
        }
        Ok(self.0.get_range(&Key::from(key), range).await?)
    }

    /// Streams a range of what lies in parts of one size (the last may be smaller). One part is open at a time.
    pub fn stream(&self, parts: Vec<String>, part_bytes: u64, range: Range<u64>) -> BoxStream<'static, Result<Bytes>> {
        let pieces = pieces(parts, part_bytes, range);
        let store = self.0.clone();
        stream::iter(pieces)
            .then(move |(key, range)| {
                let store = store.clone();
                async move {
                    let options = GetOptions { range: Some(range.into()), ..GetOptions::default() };
                    Ok::<_, StorageError>(store.get_opts(&Key::from(key), options).await?.into_stream().map_err(StorageError::from))
                }
            })
            .try_flatten()
            .boxed()
    }

    /// Removes keys; their absence is fine.
    pub async fn delete(&self, keys: &[String]) -> Result<()> {
        for key in keys {
            match self.0.delete(&Key::from(key.as_str())).await {
                Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// Keys below a folder whose bytes are older than a moment.
    pub fn older(&self, folder: &str, before: chrono::DateTime<chrono::Utc>) -> BoxStream<'static, Result<String>> {
        let is_old = move |found: object_store::ObjectMeta| async move { Ok((found.last_modified < before).then(|| found.location.to_string())) };
        self.0.list(Some(&Key::from(folder))).map_err(StorageError::from).try_filter_map(is_old).boxed()
    }
}

/// Which bytes of which parts a range consists of.
fn pieces(parts: Vec<String>, part_bytes: u64, range: Range<u64>) -> Vec<(String, Range<u64>)> {
    let mut start = 0_u64;
    let mut pieces = Vec::new();
    for key in parts {
        let (from, to) = (range.start.max(start), range.end.min(start + part_bytes));
        if from < to {
            pieces.push((key, from - start..to - start));
        }
        start += part_bytes;
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_full_disk_is_known_by_its_cause() {
        let generic = |kind| object_store::Error::Generic { store: "test", source: Box::new(std::io::Error::from(kind)) };
        assert!(matches!(generic(std::io::ErrorKind::StorageFull).into(), StorageError::Full(_)));
        assert!(matches!(generic(std::io::ErrorKind::PermissionDenied).into(), StorageError::Away(_)));
    }

    proptest! {
        #[test]
        fn a_range_of_parts_is_that_range_of_the_whole(total in 0_usize..60, part in 1_usize..9, a in 0_usize..60, b in 0_usize..60) {
            let whole: Vec<u8> = (0..total).map(|n| u8::try_from(n).unwrap()).collect();
            let parts: Vec<Vec<u8>> = whole.chunks(part).map(<[u8]>::to_vec).collect();
            let (from, to) = (a.min(b).min(total), a.max(b).min(total));
            let keys = (0..parts.len()).map(|n| n.to_string()).collect();
            let got: Vec<u8> = pieces(keys, part as u64, from as u64..to as u64)
                .into_iter()
                .flat_map(|(key, range)| {
                    let part: &Vec<u8> = &parts[key.parse::<usize>().unwrap()];
                    part[usize::try_from(range.start).unwrap()..usize::try_from(range.end).unwrap().min(part.len())].to_vec()
                })
                .collect();
            prop_assert_eq!(got, whole[from..to].to_vec());
        }
    }
}
