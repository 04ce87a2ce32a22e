//! Writing to an upload: what comes is cut into parts of one size; each counts once it is stored and its row says so.

use super::keeping::{self, FOLDER};
use super::upload_queries::{self as queries, Progress, UploadRow};
use super::uploads::{Checksum, LEASE, LIFE, PART, Refused};
use crate::server::ctx::Ctx;
use crate::server::storage::StorageError;
use anyhow::Context as _;
use axum::body::Bytes;
use futures_util::{Stream, StreamExt as _};
use sha2::digest::common::hazmat::SerializableState as _;
use sha2::{Digest as _, Sha256};
use std::time::Duration;
use uuid::Uuid;

/// A line may be silent for so long.
const SILENCE: Duration = Duration::from_secs(45);

/// The state of a hash as its row keeps it.
pub(super) fn hash_of(row: &UploadRow) -> anyhow::Result<Sha256> {
    let state = row.hash_state.as_slice().try_into().ok().context("uploads.hash_state has another length")?;
    Sha256::deserialize(&state).ok().context("uploads.hash_state can't be read")
}

/// Who has the lease of an upload and writes to it.
pub(super) struct Writer<'c> {
    ctx: &'c Ctx,
    row: UploadRow,
    lease_id: Uuid,
    hash: Sha256,
    /// Bytes of the part that is not full, with what it held before.
    tail: Vec<u8>,
    /// Received in all, with what is not stored yet.
    received: u64,
    /// Parts written since the row was.
    fresh: Vec<String>,
    /// The part that was not full, which a longer one takes the place of.
    replaced: Vec<String>,
}

impl<'c> Writer<'c> {
    pub(super) fn new(ctx: &'c Ctx, row: UploadRow, lease_id: Uuid) -> Result<Self, Refused> {
        let hash = hash_of(&row)?;
        let received = u64::try_from(row.received_bytes).unwrap_or(0);
        Ok(Self { ctx, row, lease_id, hash, tail: Vec::new(), received, fresh: Vec::new(), replaced: Vec::new() })
    }

    pub(super) async fn receive<B>(mut self, checksum: Option<Checksum>, body: B) -> Result<UploadRow, Refused>
    where
        B: Stream<Item = Result<Bytes, axum::Error>> + Send + Unpin,
    {
        match self.take(checksum, body).await {
            Ok(()) => Ok(self.row),
            Err(refused) => {
                // What was counted stays; what was not is as if it never came.
                keeping::let_go(self.ctx, &self.fresh).await;
                Err(refused)
            }
        }
    }

    async fn take<B>(&mut self, checksum: Option<Checksum>, mut body: B) -> Result<(), Refused>
    where
        B: Stream<Item = Result<Bytes, axum::Error>> + Send + Unpin,
    {
        let held = self.received % PART;
        if held > 0 {
            let last = self.row.parts.pop().context("uploads.parts is too short")?;
            self.tail = self.ctx.state.storage.read(&last, 0..held).await?.to_vec();
            self.replaced.push(last);
        }
        let mut check = Check::new(checksum);
        let size = u64::try_from(self.row.size_bytes).unwrap_or(0);
        let interrupted = loop {
            let chunk = match tokio::time::timeout(SILENCE, body.next()).await {
                Ok(None) => break false,
                Ok(Some(Ok(chunk))) => chunk,
                Ok(Some(Err(_))) | Err(_) => break true,
            };
            check.update(&chunk);
            let mut rest = &chunk[..];
            if self.received + rest.len() as u64 > size {
                return Err(Refused::TooMuch);
            }
            while !rest.is_empty() {
                let room = usize::try_from(PART - self.tail.len() as u64).unwrap_or(0);
                // As much as will come, at once: growing by doubling takes twice the memory of a part.
                self.tail.reserve_exact(room.min(usize::try_from(size - self.received).unwrap_or(0)));
                let (now, later) = rest.split_at(room.min(rest.len()));
                self.tail.extend_from_slice(now);
                self.hash.update(now);
                self.received += now.len() as u64;
                rest = later;
                if self.tail.len() as u64 == PART {
                    self.store_tail().await?;
                    if check.is_none() {
                        self.commit().await?;
                    } else {
                        self.keep_lease().await?;
                    }
                }
            }
        };
        if interrupted && !check.is_none() {
            return Err(Refused::Interrupted);
        }
        if !check.fits() {
            return Err(Refused::WrongChecksum);
        }
        self.store_tail().await?;
        self.commit().await?;
        if interrupted { Err(Refused::Interrupted) } else { Ok(()) }
    }

    /// Writes the part that is in memory.
    async fn store_tail(&mut self) -> Result<(), StorageError> {
        if self.tail.is_empty() {
            return Ok(());
        }
        let key = format!("{FOLDER}/{}/{}-{}", self.row.id, self.row.parts.len(), self.lease_id.simple());
        let bytes = std::mem::take(&mut self.tail);
        self.ctx.state.storage.put(&key, bytes).await?;
        self.row.parts.push(key.clone());
        self.fresh.push(key);
        Ok(())
    }

    /// Counts what is stored.
    async fn commit(&mut self) -> Result<(), Refused> {
        let now = self.ctx.now();
        self.row.received_bytes = i64::try_from(self.received).unwrap_or(i64::MAX);
        self.row.expires_at = now + LIFE;
        let progress = Progress {
            id: self.row.id,
            lease_id: self.lease_id,
            received_bytes: self.row.received_bytes,
            hash_state: &self.hash.serialize(),
            parts: &self.row.parts,
            leased_until: now + LEASE,
            expires_at: self.row.expires_at,
        };
        if !queries::advance(&mut *self.ctx.connection().await?, progress).await? {
            return Err(Refused::Busy);
        }
        self.fresh.clear();
        let replaced: Vec<String> = self.replaced.drain(..).filter(|key| !self.row.parts.contains(key)).collect();
        keeping::let_go(self.ctx, &replaced).await;
        Ok(())
    }

    async fn keep_lease(&self) -> Result<(), Refused> {
        let is_ours = queries::extend(&mut *self.ctx.connection().await?, self.row.id, self.lease_id, self.ctx.now() + LEASE).await?;
        if is_ours { Ok(()) } else { Err(Refused::Busy) }
    }
}

/// The checksum of one request's bytes.
enum Check {
    None,
    Sha1(sha1::Sha1, Vec<u8>),
    Sha256(Sha256, Vec<u8>),
}

impl Check {
    fn new(checksum: Option<Checksum>) -> Self {
        match checksum {
            None => Self::None,
            Some(Checksum::Sha1(expected)) => Self::Sha1(sha1::Sha1::new(), expected),
            Some(Checksum::Sha256(expected)) => Self::Sha256(Sha256::new(), expected),
        }
    }

    const fn is_none(&self) -> bool {
        matches!(self, Self::None)
    }

    fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::None => {}
            Self::Sha1(hash, _) => hash.update(bytes),
            Self::Sha256(hash, _) => hash.update(bytes),
        }
    }

    fn fits(self) -> bool {
        match self {
            Self::None => true,
            Self::Sha1(hash, expected) => hash.finalize()[..] == expected[..],
            Self::Sha256(hash, expected) => hash.finalize()[..] == expected[..],
        }
    }
}
