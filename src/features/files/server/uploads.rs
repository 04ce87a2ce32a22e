//! Uploads that can be resumed. Bytes are written in parts of one size; each counts once it is stored and its row says so, so that a
//! failure anywhere loses at most the part that was being written. Nothing is held but one part.

use super::keeping;
use super::upload_queries::{self as queries, NewUpload, UploadRow};
use super::whole::finish;
use super::writer::Writer;
use crate::features::assignments::server::drafts;
use crate::features::authoring::server::lesson_files;
use crate::features::files::rules::{self, Role, UploadPlace};
use crate::features::quizzes::server::learners::answer_files;
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::server::limits;
use crate::shared::error::Problem;
use anyhow::Context as _;
use axum::body::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::Stream;
use sha2::digest::common::hazmat::SerializableState as _;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// The size of a part. One is held in memory for each request that uploads.
pub(super) const PART: u64 = 8 * 1024 * 1024;
/// An upload that gets nothing for so long is given up.
pub(super) const LIFE: TimeDelta = TimeDelta::hours(48);
/// A writer that shows no sign of life for so long is dead. Longer than a silent line is listened to.
pub(super) const LEASE: TimeDelta = TimeDelta::seconds(90);
/// Uploads of one person at once.
const OPEN_MAX: u32 = 30;

/// Why an upload does not go on.
#[derive(Debug)]
pub enum Refused {
    /// As anywhere.
    Service(ServiceError),
    /// It expired.
    Gone,
    /// It stands elsewhere.
    WrongOffset,
    /// Somebody else writes.
    Busy,
    /// The bytes are not those that were sent.
    WrongChecksum,
    /// More bytes than were announced.
    TooMuch,
    /// The line broke, or was silent for too long.
    Interrupted,
}

impl<E: Into<ServiceError>> From<E> for Refused {
    fn from(error: E) -> Self {
        Self::Service(error.into())
    }
}

/// What an upload is to become.
#[derive(Clone, Debug)]
pub struct NewUploadInput {
    /// For what.
    pub role: Role,
    /// Into what.
    pub place: UploadPlace,
    /// As the sender says.
    pub name: String,
    /// Bytes.
    pub size: i64,
}

/// How far an upload is.
#[derive(Clone, Copy, Debug)]
pub struct Standing {
    /// `uploads.id`.
    pub id: Uuid,
    /// Bytes that are kept.
    pub received: i64,
    /// All bytes.
    pub size: i64,
    /// When it is given up.
    pub expires_at: DateTime<Utc>,
    /// What it became.
    pub file_id: Option<Uuid>,
}

/// What the sender says of the bytes of one request.
#[derive(Clone, Debug)]
pub enum Checksum {
    /// 20 bytes.
    Sha1(Vec<u8>),
    /// 32 bytes.
    Sha256(Vec<u8>),
}

/// Begins an upload for a lesson's draft, one's own work, or one's own answer.
pub async fn create(ctx: &Ctx, input: NewUploadInput) -> Result<Standing> {
    let owner_id = ctx.actor.signed_in()?;
    let mut tx = ctx.begin().await?;
    let (mut lesson, mut work, mut answer) = (None, None, None);
    match input.place {
        UploadPlace::Lesson { course_id, lesson_id } => {
            lesson_files::may_add(&mut tx, ctx, course_id, lesson_id).await?;
            lesson = Some(lesson_id);
        }
        UploadPlace::Work { assignment_id } => work = Some(drafts::may_upload(&mut tx, ctx, assignment_id, input.role).await?),
        UploadPlace::Answer { attempt_id, question_id } => {
            answer_files::may_add(&mut tx, ctx, (attempt_id, question_id), input.role).await?;
            answer = Some((attempt_id, question_id));
        }
    }
    if input.size > input.place.max_bytes(input.role) {
        return Err(ServiceError::field("file", Problem::FileTooLarge(input.place.max_megabytes(input.role))));
    }
    if input.size == 0 {
        return Err(ServiceError::field("file", Problem::EmptyFile));
    }
    let wait = ctx.state.limits.take(limits::BEGIN_UPLOAD, &owner_id.to_string()).await;
    if wait > 0 {
        return Err(ServiceError::TooManyRequests(wait));
    }
    if queries::count_open(&mut tx, owner_id, ctx.now()).await? >= i64::from(OPEN_MAX) {
        return Err(ServiceError::field("file", Problem::TooManyUploads(OPEN_MAX)));
    }
    let name = rules::file_name(&input.name);
    let upload = NewUpload {
        id: ctx.new_id(),
        owner_id,
        kind: input.role.code(),
        lesson_id: lesson,
        submission_id: work,
        answer,
        file_name: &name,
        size_bytes: input.size,
        hash_state: &Sha256::new().serialize(),
        now: ctx.now(),
        expires_at: ctx.now() + LIFE,
    };
    let standing = Standing { id: upload.id, received: 0, size: input.size, expires_at: upload.expires_at, file_id: None };
    queries::insert(&mut tx, upload).await?;
    tx.commit().await?;
    Ok(standing)
}

/// One's own upload, locked; not one that expired.
pub(super) async fn own(tx: &mut sqlx::PgConnection, ctx: &Ctx, id: Uuid) -> Result<UploadRow, Refused> {
    let owner_id = ctx.actor.signed_in()?;
    let row = queries::lock(tx, id).await?.filter(|row| row.owner_id == owner_id).ok_or(ServiceError::NotFound)?;
    if row.finished_at.is_none() && row.expires_at <= ctx.now() { Err(Refused::Gone) } else { Ok(row) }
}

/// How far an upload is, by its row.
pub(super) fn standing(row: &UploadRow) -> Standing {
    Standing { id: row.id, received: row.received_bytes, size: row.size_bytes, expires_at: row.expires_at, file_id: row.file_id }
}

/// How far an upload is. One that is whole becomes its file now, if that failed before.
pub async fn look(ctx: &Ctx, id: Uuid) -> Result<Standing, Refused> {
    let mut tx = ctx.begin().await?;
    let row = own(&mut tx, ctx, id).await?;
    tx.commit().await?;
    if row.received_bytes == row.size_bytes && row.finished_at.is_none() { finish(ctx, id).await } else { Ok(standing(&row)) }
}

/// Gives an upload up.
pub async fn terminate(ctx: &Ctx, id: Uuid) -> Result<(), Refused> {
    let mut tx = ctx.begin().await?;
    let row = own(&mut tx, ctx, id).await?;
    if row.leased_until.is_some_and(|until| until > ctx.now()) {
        return Err(Refused::Busy);
    }
    queries::delete(&mut tx, id).await?;
    tx.commit().await?;
    keeping::let_go(ctx, &row.parts).await;
    Ok(())
}

/// Takes the bytes of one request. The work goes on when the caller is dropped: what arrived is kept.
pub async fn append<B>(ctx: &Ctx, id: Uuid, offset: i64, checksum: Option<Checksum>, body: B) -> Result<Standing, Refused>
where
    B: Stream<Item = Result<Bytes, axum::Error>> + Send + Unpin + 'static,
{
    let mut tx = ctx.begin().await?;
    let row = own(&mut tx, ctx, id).await?;
    if row.leased_until.is_some_and(|until| until > ctx.now()) {
        return Err(Refused::Busy);
    }
    if row.received_bytes != offset {
        return Err(Refused::WrongOffset);
    }
    if row.finished_at.is_some() {
        return Ok(standing(&row));
    }
    let lease_id = ctx.new_id();
    queries::lease(&mut tx, id, lease_id, ctx.now() + LEASE).await?;
    tx.commit().await?;
    let ctx = ctx.clone();
    let work = tokio::spawn(async move {
        let writer = Writer::new(&ctx, row, lease_id);
        let outcome = match writer {
            Ok(writer) => writer.receive(checksum, body).await,
            Err(error) => Err(error),
        };
        queries::release(&mut *ctx.connection().await?, id, lease_id).await?;
        let received = outcome?;
        if received.received_bytes == received.size_bytes { finish(&ctx, id).await } else { Ok(standing(&received)) }
    });
    work.await.context("an upload's work was cut off")?
}

/// Takes a file that comes in one piece, whose size is known when it is over. Broken off it is nothing.
pub async fn receive<B>(ctx: &Ctx, input: NewUploadInput, body: B) -> Result<()>
where
    B: Stream<Item = Result<Bytes, axum::Error>> + Send + Unpin,
{
    let most = input.place.max_megabytes(input.role);
    let begun = create(ctx, input).await?;
    let mut tx = ctx.begin().await?;
    let row = own(&mut tx, ctx, begun.id).await.map_err(|refused| in_form(refused, most))?;
    let lease_id = ctx.new_id();
    queries::lease(&mut tx, begun.id, lease_id, ctx.now() + LEASE).await?;
    tx.commit().await?;
    let outcome = match Writer::new(ctx, row, lease_id) {
        Ok(writer) => writer.receive(None, body).await,
        Err(error) => Err(error),
    };
    queries::release(&mut *ctx.connection().await?, begun.id, lease_id).await?;
    let outcome = match outcome {
        Ok(row) if row.received_bytes == 0 => Err(Refused::Service(ServiceError::field("file", Problem::EmptyFile))),
        Ok(_) => {
            queries::settle(&mut *ctx.connection().await?, begun.id).await?;
            finish(ctx, begun.id).await.map(|_| ())
        }
        Err(refused) => Err(refused),
    };
    if outcome.is_err() {
        let ended = terminate(ctx, begun.id).await;
        tracing::debug!(?ended, "an upload that failed is taken away");
    }
    outcome.map_err(|refused| in_form(refused, most))
}

/// A refusal beside the form's field.
fn in_form(refused: Refused, most: u32) -> ServiceError {
    match refused {
        Refused::Service(error) => error,
        Refused::TooMuch => ServiceError::field("file", Problem::FileTooLarge(most)),
        _ => ServiceError::Conflict,
    }
}

/// Gives an upload of one's own up, for who asks by a form.
pub async fn give_up(ctx: &Ctx, id: Uuid) -> Result<()> {
    terminate(ctx, id).await.map_err(|refused| in_form(refused, 0))
}
