//! All SQL about the queue.

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

type Result<T> = std::result::Result<T, sqlx::Error>;

pub(super) struct NewJob<'a> {
    pub id: Uuid,
    pub kind: &'a str,
    pub payload: &'a Value,
    pub priority: i16,
    pub unique_key: Option<&'a str>,
    pub run_at: DateTime<Utc>,
    pub max_attempts: i32,
    pub now: DateTime<Utc>,
}

/// Inserts a job, unless one with its key waits.
pub(super) async fn insert_job(connection: &mut PgConnection, job: NewJob<'_>) -> Result<()> {
    sqlx::query!(
        "insert into jobs (id, kind, payload, priority, unique_key, run_at, max_attempts, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (kind, unique_key) where state = 'waiting' do nothing",
        job.id,
        job.kind,
        job.payload,
        job.priority,
        job.unique_key,
        job.run_at,
        job.max_attempts,
        job.now
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) struct JobRow {
    pub id: Uuid,
    pub payload: Value,
    pub attempts: i32,
    pub max_attempts: i32,
}

/// Claims a due job that is of none of the given kinds; the lease is set by [`lease_job`] once its time-out is known.
pub(super) async fn claim_job(connection: &mut PgConnection, now: DateTime<Utc>, busy: &[String]) -> Result<Option<JobRow>> {
    sqlx::query_as!(
        JobRow,
        "select id, payload, attempts, max_attempts from jobs
         where state = 'waiting' and run_at <= $1 and kind <> all ($2) order by priority, run_at, id limit 1 for update skip locked",
        now,
        busy
    )
    .fetch_optional(connection)
    .await
}

/// Marks a claimed job as running until the end of its lease.
pub(super) async fn lease_job(connection: &mut PgConnection, id: Uuid, lease_id: Uuid, until: DateTime<Utc>) -> Result<()> {
    sqlx::query!("update jobs set state = 'running', attempts = attempts + 1, lease_id = $2, leased_until = $3 where id = $1", id, lease_id, until)
        .execute(connection)
        .await?;
    Ok(())
}

/// Ends a job well. Returns false when the lease is another's by now.
pub(super) async fn finish_job(connection: &mut PgConnection, id: Uuid, lease_id: Uuid, now: DateTime<Utc>) -> Result<bool> {
    let done = sqlx::query!(
        "update jobs set state = 'done', lease_id = null, leased_until = null, finished_at = $3, last_error = ''
         where id = $1 and lease_id = $2",
        id,
        lease_id,
        now
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Puts a job back for another try. One with the same key that began to wait meanwhile takes its place.
pub(super) async fn delay_job(connection: &mut PgConnection, id: Uuid, lease_id: Uuid, error: &str, run_at: DateTime<Utc>) -> Result<()> {
    sqlx::query!(
        "with successor as (
             select 1 from jobs j join jobs w on w.kind = j.kind and w.unique_key = j.unique_key and w.state = 'waiting' where j.id = $1
         )
         update jobs set state = case when exists (select from successor) then 'done' else 'waiting' end,
                lease_id = null, leased_until = null, last_error = $3, run_at = $4
         where id = $1 and lease_id = $2",
        id,
        lease_id,
        error,
        run_at
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Gives a job up. Returns false when the lease is another's by now.
pub(super) async fn bury_job(connection: &mut PgConnection, id: Uuid, lease_id: Uuid, error: &str, now: DateTime<Utc>) -> Result<bool> {
    let done = sqlx::query!(
        "update jobs set state = 'dead', lease_id = null, leased_until = null, last_error = $3, finished_at = $4
         where id = $1 and lease_id = $2",
        id,
        lease_id,
        error,
        now
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Takes the try back of a job that was not finished because the server stops.
pub(super) async fn release_job(connection: &mut PgConnection, id: Uuid, lease_id: Uuid, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!("update jobs set attempts = greatest(attempts - 1, 0) where id = $1 and lease_id = $2", id, lease_id)
        .execute(&mut *connection)
        .await?;
    delay_job(connection, id, lease_id, "", now).await
}

pub(super) struct LostRow {
    pub id: Uuid,
    pub payload: Value,
    pub lease_id: Uuid,
    pub kind: String,
    pub attempts: i32,
    pub max_attempts: i32,
}

/// Locks the jobs of workers that died.
pub(super) async fn lock_lost_jobs(connection: &mut PgConnection, now: DateTime<Utc>) -> Result<Vec<LostRow>> {
    sqlx::query_as!(
        LostRow,
        r#"select id, payload, lease_id as "lease_id!", kind, attempts, max_attempts from jobs
           where state = 'running' and leased_until < $1 order by leased_until limit 100 for update skip locked"#,
        now
    )
    .fetch_all(connection)
    .await
}

/// Lets a job that was given up wait again, unless its like waits already.
pub(super) async fn revive_job(connection: &mut PgConnection, id: Uuid, now: DateTime<Utc>) -> Result<bool> {
    let done = sqlx::query!(
        "update jobs j set state = 'waiting', attempts = 0, run_at = $2, finished_at = null
         where j.id = $1 and j.state = 'dead'
           and not exists (select from jobs w where w.kind = j.kind and w.unique_key = j.unique_key and w.state = 'waiting')",
        id,
        now
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!("select pg_notify('lectern_work', '')").execute(connection).await?;
    Ok(done.rows_affected() == 1)
}

/// Deletes jobs that were done, or given up, before these moments.
pub(super) async fn delete_ended_jobs(connection: &mut PgConnection, done_before: DateTime<Utc>, dead_before: DateTime<Utc>) -> Result<()> {
    sqlx::query!(
        "delete from jobs where state = 'done' and coalesce(finished_at, run_at) < $1 or state = 'dead' and finished_at < $2",
        done_before,
        dead_before
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The moment of the next job that waits for its time and is of none of the given kinds.
pub(super) async fn next_run_at(connection: &mut PgConnection, busy: &[String]) -> Result<Option<DateTime<Utc>>> {
    sqlx::query_scalar!("select min(run_at) from jobs where state = 'waiting' and kind <> all ($1)", busy).fetch_one(connection).await
}

/// Makes a schedule known, with its first moment.
pub(super) async fn insert_schedule(connection: &mut PgConnection, name: &str, next_run_at: DateTime<Utc>) -> Result<()> {
    sqlx::query!("insert into job_schedules (name, next_run_at) values ($1, $2) on conflict (name) do nothing", name, next_run_at)
        .execute(connection)
        .await?;
    Ok(())
}

/// Locks a schedule that is due, unless another server has it.
pub(super) async fn claim_schedule(connection: &mut PgConnection, name: &str, now: DateTime<Utc>) -> Result<bool> {
    let found = sqlx::query_scalar!("select name from job_schedules where name = $1 and next_run_at <= $2 for update skip locked", name, now)
        .fetch_optional(connection)
        .await?;
    Ok(found.is_some())
}

pub(super) async fn move_schedule(connection: &mut PgConnection, name: &str, now: DateTime<Utc>, next_run_at: DateTime<Utc>) -> Result<()> {
    sqlx::query!("update job_schedules set last_run_at = $2, next_run_at = $3 where name = $1", name, now, next_run_at).execute(connection).await?;
    Ok(())
}

/// A job as an administrator sees it.
#[derive(Debug)]
pub struct ListedJob {
    /// `jobs.id`.
    pub id: Uuid,
    /// Its kind.
    pub kind: String,
    /// `waiting`, `running`, `done`, `dead`.
    pub state: String,
    /// Tries so far.
    pub attempts: i32,
    /// Tries there are.
    pub max_attempts: i32,
    /// When it is due.
    pub run_at: DateTime<Utc>,
    /// When it ended.
    pub finished_at: Option<DateTime<Utc>>,
    /// Why the last try failed.
    pub last_error: String,
}

/// The newest jobs of a state, or of all with none, after one of them.
pub(super) async fn list_jobs(connection: &mut PgConnection, state: Option<&str>, after: Option<Uuid>, limit: i64) -> Result<Vec<ListedJob>> {
    sqlx::query_as!(
        ListedJob,
        "select id, kind, state, attempts, max_attempts, run_at, finished_at, last_error from jobs
         where ($1::text is null or state = $1) and ($2::uuid is null or id < $2) order by id desc limit $3",
        state,
        after,
        limit
    )
    .fetch_all(connection)
    .await
}

/// How many jobs there are in each state.
pub(super) async fn count_jobs(connection: &mut PgConnection) -> Result<Vec<(String, i64)>> {
    let rows = sqlx::query!(r#"select state, count(*) as "count!" from jobs group by state"#).fetch_all(connection).await?;
    Ok(rows.into_iter().map(|row| (row.state, row.count)).collect())
}
