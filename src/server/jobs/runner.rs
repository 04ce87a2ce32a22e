//! Takes jobs from the queue and runs them, several at once, until the server stops.

use super::{Job, given_up, pause_after, perform, queries, schedule};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::server::events::{self, Event};
use crate::server::state::AppState;
use queries::JobRow;
use sqlx::Acquire as _;
use std::collections::HashMap;
use std::time::Duration;
use tokio::task::{JoinError, JoinSet};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Jobs at once in one server: most of them wait for somebody far away. Each kind has a bound of its own.
const AT_ONCE: usize = 30;
/// Nobody needs to ask for work, since commits wake us; this is for what a lost connection kept from us.
const LOOK_EVERY: Duration = Duration::from_secs(10);
const PAUSE_AFTER_ERROR: Duration = Duration::from_secs(5);
/// Beyond a job's time-out, before its worker counts as dead.
const LEASE_MARGIN: Duration = Duration::from_secs(30);
/// Running jobs get this long when the server stops.
const GRACE: Duration = Duration::from_secs(6);

/// A job in hand.
struct Claimed {
    row: JobRow,
    lease_id: Uuid,
    job: Job,
}

/// The jobs of one server.
#[derive(Default)]
struct Running {
    /// Each ends with its kind.
    tasks: JoinSet<&'static str>,
    counts: HashMap<&'static str, usize>,
    /// Kinds of which no more may run now.
    busy: Vec<String>,
}

impl Running {
    fn start(&mut self, job: &Job, work: impl Future<Output = ()> + Send + 'static) {
        let kind = job.kind();
        let count = self.counts.entry(kind).or_default();
        *count += 1;
        if *count >= job.policy().at_once {
            self.busy.push(kind.to_owned());
        }
        self.tasks.spawn(async move {
            work.await;
            kind
        });
    }

    /// Whatever has ended makes room.
    fn ended(&mut self, outcome: &std::result::Result<&'static str, JoinError>) {
        // Work catches the panics of jobs; one of its own would only keep a place of its kind taken.
        if let Ok(kind) = outcome {
            self.counts.entry(kind).and_modify(|count| *count -= 1);
            self.busy.retain(|busy| busy != kind);
        }
    }
}

/// Runs jobs until the token is cancelled; then lets running ones finish, and puts back what takes too long.
pub async fn run(state: AppState, stop: CancellationToken) {
    let ctx = Ctx::system(state);
    let mut running = Running::default();
    let mut is_prepared = false;
    while !stop.is_cancelled() {
        while let Some(outcome) = running.tasks.try_join_next() {
            running.ended(&outcome);
        }
        let pause = match round(&ctx, &mut running, &mut is_prepared, &stop).await {
            Ok(pause) => pause,
            Err(error) => {
                error.into_app_error("jobs");
                PAUSE_AFTER_ERROR
            }
        };
        tokio::select! {
            () = stop.cancelled() => {}
            () = ctx.state.wake.jobs.notified() => {}
            Some(outcome) = running.tasks.join_next() => running.ended(&outcome),
            () = tokio::time::sleep(pause) => {}
        }
    }
    while running.tasks.join_next().await.is_some() {}
}

/// Starts as many jobs as there is room for; returns how long there is nothing to do.
async fn round(ctx: &Ctx, running: &mut Running, is_prepared: &mut bool, stop: &CancellationToken) -> Result<Duration> {
    if !*is_prepared {
        schedule::prepare(ctx).await?;
        *is_prepared = true;
    }
    schedule::enqueue_due(ctx).await?;
    bury_or_return_lost(ctx).await?;
    while running.tasks.len() < AT_ONCE {
        let Some(claimed) = claim(ctx, &running.busy).await? else {
            let next = queries::next_run_at(&mut *ctx.connection().await?, &running.busy).await?;
            let wait = next.and_then(|at| (at - ctx.now()).to_std().ok()).unwrap_or(LOOK_EVERY);
            return Ok(wait.clamp(Duration::from_millis(10), LOOK_EVERY));
        };
        let (ctx, stop) = (ctx.clone(), stop.clone());
        let job = claimed.job.clone();
        running.start(&job, async move { work(&ctx, claimed, &stop).await });
    }
    Ok(LOOK_EVERY)
}

/// Runs everything that is due, one after another, in the caller's task. Returns how many jobs there were.
pub async fn run_due(ctx: &Ctx) -> Result<u32> {
    schedule::prepare(ctx).await?;
    schedule::enqueue_due(ctx).await?;
    bury_or_return_lost(ctx).await?;
    let mut count = 0;
    while let Some(claimed) = claim(ctx, &[]).await? {
        work(ctx, claimed, &CancellationToken::new()).await;
        count += 1;
    }
    Ok(count)
}

/// Takes the next due job of a kind that is not busy, under a lease. One that no longer can be read is given up at once.
async fn claim(ctx: &Ctx, busy: &[String]) -> Result<Option<Claimed>> {
    loop {
        let mut tx = ctx.begin().await?;
        let Some(row) = queries::claim_job(&mut tx, ctx.now(), busy).await? else { return Ok(None) };
        let lease_id = ctx.new_id();
        let job = serde_json::from_value::<Job>(row.payload.clone());
        let timeout = job.as_ref().map_or(Duration::ZERO, |job| job.policy().timeout);
        queries::lease_job(&mut tx, row.id, lease_id, ctx.now() + timeout + LEASE_MARGIN).await?;
        match job {
            Ok(job) => {
                tx.commit().await?;
                return Ok(Some(Claimed { row, lease_id, job }));
            }
            Err(error) => {
                let error = format!("this program does not know such a job: {error}");
                // A newer server beside this one may know it.
                if row.attempts + 1 >= row.max_attempts {
                    bury(&mut tx, ctx, row.id, lease_id, Buried { kind: "unknown", job: None, error: &error }).await?;
                } else {
                    queries::delay_job(&mut tx, row.id, lease_id, &error, ctx.now() + pause_after(row.attempts + 1, row.id)).await?;
                }
                tx.commit().await?;
            }
        }
    }
}

async fn work(ctx: &Ctx, claimed: Claimed, stop: &CancellationToken) {
    let Claimed { row, lease_id, job } = claimed;
    let kind = job.kind();
    let mut own = ctx.clone();
    own.viewer.request_id = format!("job-{}", row.id.simple());
    let timeout = job.policy().timeout;
    let stopping = async {
        stop.cancelled().await;
        tokio::time::sleep(GRACE).await;
    };
    // A task of its own, so that a panic is a failure of this job alone.
    let mut task = tokio::spawn(async move { perform(&own, job).await });
    let outcome = tokio::select! {
        done = &mut task => match done {
            Ok(Ok(())) => Ok(true),
            Ok(Err(error)) => Err(Failure::of(error)),
            Err(_) => Err(Failure::at_once("it panicked; the log says where".to_owned())),
        },
        () = tokio::time::sleep(timeout) => Err(Failure::at_once(format!("not done within {} s", timeout.as_secs()))),
        () = stopping => Ok(false),
    };
    task.abort();
    let ended = match outcome {
        Ok(true) => finish(ctx, row.id, lease_id).await,
        Ok(false) => release(ctx, row.id, lease_id).await,
        Err(failure) => fail(ctx, &row, lease_id, kind, &failure).await,
    };
    if let Err(error) = ended {
        // The lease runs out, and the job is tried again.
        error.into_app_error("jobs");
    }
}

/// Why a try failed.
struct Failure {
    /// What an administrator reads. Services' own refusals are named; what is personal is in the log only.
    reason: String,
    /// No other try before this is over.
    wait: chrono::Duration,
}

impl Failure {
    const fn at_once(reason: String) -> Self {
        Self { reason, wait: chrono::Duration::zero() }
    }

    fn of(error: ServiceError) -> Self {
        match error {
            ServiceError::Internal(cause) => Self::at_once(format!("{cause:#}")),
            ServiceError::TooManyRequests(seconds) => {
                Self { reason: format!("asked to wait {seconds} s"), wait: chrono::Duration::seconds(seconds.into()) }
            }
            error => Self::at_once(error.to_string()),
        }
    }
}

async fn finish(ctx: &Ctx, id: Uuid, lease_id: Uuid) -> Result<()> {
    queries::finish_job(&mut *ctx.connection().await?, id, lease_id, ctx.now()).await?;
    Ok(())
}

async fn release(ctx: &Ctx, id: Uuid, lease_id: Uuid) -> Result<()> {
    let mut tx = ctx.begin().await?;
    queries::release_job(&mut tx, id, lease_id, ctx.now()).await?;
    Ok(tx.commit().await?)
}

async fn fail(ctx: &Ctx, row: &JobRow, lease_id: Uuid, kind: &str, failure: &Failure) -> Result<()> {
    let (attempts, error) = (row.attempts + 1, failure.reason.as_str());
    tracing::warn!(job_id = %row.id, kind, attempts, error, "a job failed");
    let mut tx = ctx.begin().await?;
    if attempts >= row.max_attempts {
        let job = serde_json::from_value(row.payload.clone()).ok();
        bury(&mut tx, ctx, row.id, lease_id, Buried { kind, job, error }).await?;
    } else {
        let pause = pause_after(attempts, row.id).max(failure.wait);
        queries::delay_job(&mut tx, row.id, lease_id, error, ctx.now() + pause).await?;
    }
    Ok(tx.commit().await?)
}

/// A job that is given up.
struct Buried<'a> {
    kind: &'a str,
    /// Unless it can't be read.
    job: Option<Job>,
    error: &'a str,
}

async fn bury(connection: &mut sqlx::PgConnection, ctx: &Ctx, id: Uuid, lease_id: Uuid, buried: Buried<'_>) -> Result<()> {
    let Buried { kind, job, error } = buried;
    if queries::bury_job(connection, id, lease_id, error, ctx.now()).await? {
        tracing::error!(job_id = %id, kind, error, "a job is given up");
        // News of failed jobs that can't be told must not become news again.
        if !matches!(&job, Some(Job::React { event }) if event.kind == "job_failed") {
            events::record(connection, ctx, Event::JobFailed { job_id: id, kind: kind.to_owned() }).await?;
        }
        if let Some(job) = &job {
            let mut savepoint = connection.begin().await?;
            match given_up(&mut savepoint, ctx, job, error).await {
                Ok(()) => savepoint.commit().await?,
                // Whatever is wrong with this one, the queue goes on.
                Err(error) => {
                    savepoint.rollback().await?;
                    tracing::error!(job_id = %id, kind, %error, "a job that is given up left something undone");
                }
            }
        }
    }
    Ok(())
}

/// Jobs whose worker died are tried again, as after a failure.
async fn bury_or_return_lost(ctx: &Ctx) -> Result<()> {
    const LOST: &str = "the worker that had it died";
    let mut tx = ctx.begin().await?;
    for row in queries::lock_lost_jobs(&mut tx, ctx.now()).await? {
        if row.attempts >= row.max_attempts {
            let job = serde_json::from_value(row.payload).ok();
            bury(&mut tx, ctx, row.id, row.lease_id, Buried { kind: &row.kind, job, error: LOST }).await?;
        } else {
            queries::delay_job(&mut tx, row.id, row.lease_id, LOST, ctx.now()).await?;
        }
    }
    Ok(tx.commit().await?)
}
