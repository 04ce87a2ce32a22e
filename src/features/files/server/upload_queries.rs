//! SQL about uploads that go on.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

type Result<T> = std::result::Result<T, sqlx::Error>;

pub(super) struct NewUpload<'a> {
    pub id: Uuid,
    pub owner_id: Uuid,
    pub kind: &'a str,
    pub lesson_id: Option<Uuid>,
    pub submission_id: Option<Uuid>,
    /// Attempt and question.
    pub answer: Option<(Uuid, Uuid)>,
    pub file_name: &'a str,
    pub size_bytes: i64,
    pub hash_state: &'a [u8],
    pub now: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}

pub(super) async fn insert(connection: &mut PgConnection, upload: NewUpload<'_>) -> Result<()> {
    sqlx::query!(
        "insert into uploads (id, owner_id, kind, lesson_id, submission_id, attempt_id, question_id, file_name, size_bytes, hash_state, created_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        upload.id,
        upload.owner_id,
        upload.kind,
        upload.lesson_id,
        upload.submission_id,
        upload.answer.map(|(attempt_id, _)| attempt_id),
        upload.answer.map(|(_, question_id)| question_id),
        upload.file_name,
        upload.size_bytes,
        upload.hash_state,
        upload.now,
        upload.expires_at
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// How many uploads of a person are begun and not finished.
pub(super) async fn count_open(connection: &mut PgConnection, owner_id: Uuid, now: DateTime<Utc>) -> Result<i64> {
    sqlx::query_scalar!(r#"select count(*) as "count!" from uploads where owner_id = $1 and finished_at is null and expires_at > $2"#, owner_id, now)
        .fetch_one(connection)
        .await
}

#[derive(Clone, Debug)]
pub(super) struct UploadRow {
    pub id: Uuid,
    pub owner_id: Uuid,
    pub kind: String,
    pub lesson_id: Option<Uuid>,
    pub submission_id: Option<Uuid>,
    pub attempt_id: Option<Uuid>,
    pub question_id: Option<Uuid>,
    pub file_name: String,
    pub size_bytes: i64,
    pub received_bytes: i64,
    pub hash_state: Vec<u8>,
    pub parts: Vec<String>,
    pub leased_until: Option<DateTime<Utc>>,
    pub file_id: Option<Uuid>,
    pub finished_at: Option<DateTime<Utc>>,
    pub expires_at: DateTime<Utc>,
}

pub(super) async fn lock(connection: &mut PgConnection, id: Uuid) -> Result<Option<UploadRow>> {
    sqlx::query_as!(
        UploadRow,
        "select id, owner_id, kind, lesson_id, submission_id, attempt_id, question_id, file_name, size_bytes, received_bytes, hash_state, parts,
                leased_until, file_id, finished_at, expires_at
         from uploads where id = $1 for update",
        id
    )
    .fetch_optional(connection)
    .await
}

/// Lets one writer in until a moment.
pub(super) async fn lease(connection: &mut PgConnection, id: Uuid, lease_id: Uuid, until: DateTime<Utc>) -> Result<()> {
    sqlx::query!("update uploads set lease_id = $2, leased_until = $3 where id = $1", id, lease_id, until).execute(connection).await?;
    Ok(())
}

/// Keeps a lease that is still one's own; false when it is not.
pub(super) async fn extend(connection: &mut PgConnection, id: Uuid, lease_id: Uuid, until: DateTime<Utc>) -> Result<bool> {
    let done = sqlx::query!("update uploads set leased_until = $3 where id = $1 and lease_id = $2", id, lease_id, until).execute(connection).await?;
    Ok(done.rows_affected() > 0)
}

/// What has been received, with the lease it was written under.
pub(super) struct Progress<'a> {
    pub id: Uuid,
    pub lease_id: Uuid,
    pub received_bytes: i64,
    pub hash_state: &'a [u8],
    pub parts: &'a [String],
    pub leased_until: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}

/// Notes what has been received; false when the lease is another's by now.
pub(super) async fn advance(connection: &mut PgConnection, progress: Progress<'_>) -> Result<bool> {
    let done = sqlx::query!(
        "update uploads set received_bytes = $3, hash_state = $4, parts = $5, leased_until = $6, expires_at = $7 where id = $1 and lease_id = $2",
        progress.id,
        progress.lease_id,
        progress.received_bytes,
        progress.hash_state,
        progress.parts,
        progress.leased_until,
        progress.expires_at
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// What was received is all.
pub(super) async fn settle(connection: &mut PgConnection, id: Uuid) -> Result<()> {
    sqlx::query!("update uploads set size_bytes = received_bytes where id = $1", id).execute(connection).await?;
    Ok(())
}

/// Lets the next writer in.
pub(super) async fn release(connection: &mut PgConnection, id: Uuid, lease_id: Uuid) -> Result<()> {
    sqlx::query!("update uploads set lease_id = null, leased_until = null where id = $1 and lease_id = $2", id, lease_id).execute(connection).await?;
    Ok(())
}

/// The upload is a file now, whose bytes are the blob's.
pub(super) async fn finish(connection: &mut PgConnection, id: Uuid, file_id: Uuid, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!("update uploads set file_id = $2, finished_at = $3, parts = '{}' where id = $1", id, file_id, now).execute(connection).await?;
    Ok(())
}

pub(super) async fn delete(connection: &mut PgConnection, id: Uuid) -> Result<()> {
    sqlx::query!("delete from uploads where id = $1", id).execute(connection).await?;
    Ok(())
}

/// Deletes some uploads that expired before a moment; gives the keys of their parts.
pub(super) async fn delete_expired(connection: &mut PgConnection, before: DateTime<Utc>) -> Result<Option<Vec<String>>> {
    let rows = sqlx::query_scalar!(
        "delete from uploads where id in (select id from uploads where expires_at < $1 order by id limit 200 for update skip locked) returning parts",
        before
    )
    .fetch_all(connection)
    .await?;
    Ok((!rows.is_empty()).then(|| rows.into_iter().flatten().collect()))
}
