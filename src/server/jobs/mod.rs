//! Work that follows from a change: enqueued in the transaction of the change, run later by whichever server is free, tried
//! again with growing pauses, and kept for a person to look at when it fails for good.

mod queries;
mod runner;
mod schedule;

pub use queries::ListedJob;
pub use runner::{run, run_due};

use super::ctx::Ctx;
use super::error::Result;
use super::events;
use crate::features::accounts::server::links;
use crate::features::messages::server::mail;
use crate::features::notifications::server::{delivery, reactions};
use crate::features::quizzes::server::reminders;
use crate::features::{announcements, learning, notes, quizzes, search};
use crate::shared::i18n::Locale;
use anyhow::Context as _;
use chrono::{DateTime, Utc};
use queries::NewJob;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use std::time::Duration;
use uuid::Uuid;

/// A finished job is kept this long, to be looked at.
const KEPT: chrono::Duration = chrono::Duration::days(3);

/// Everything that is done later. Its name and fields are what the queue keeps: a change of them needs the old form to be readable
/// until the queue is empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Job {
    /// Makes what people are told of an event, where it failed at first.
    React { event: events::Moved },
    /// Writes the letter of a notification.
    MailNotification { notification_id: Uuid },
    /// Looks whose gathered news is to go out.
    StartDigests,
    /// Writes a letter of all the news gathered for a person.
    MailDigest { user_id: Uuid },
    /// Looks which promises of review came near.
    RemindOfReviews,
    /// Renders texts of the school again that an older renderer made.
    RenderAgain,
    /// Brings what is searched in line with what is published.
    RefreshSearch,
    /// Deletes what is kept for a while only: moved events, finished jobs, ended sessions.
    Purge,
    /// Hands a letter to the mail server.
    SendLetter {
        /// `letters.id`.
        letter_id: Uuid,
    },
    /// Writes the letter that lets a person choose a new password. Without a person it is the same work for nobody, so that the
    /// request that enqueues it takes the same time for addresses that are known and that are not.
    StartPasswordReset {
        /// `users.id`.
        user_id: Option<Uuid>,
        /// The request's language.
        locale: Locale,
    },
}

/// How a kind of job is run.
#[derive(Clone, Copy, Debug)]
struct Policy {
    /// Tries before it is given up.
    max_attempts: i32,
    /// A try that takes longer has failed.
    timeout: Duration,
    /// Smaller is sooner.
    priority: i16,
}

impl Job {
    /// The kind's name, as in the queue.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::React { .. } => "react",
            Self::MailNotification { .. } => "mail_notification",
            Self::StartDigests => "start_digests",
            Self::MailDigest { .. } => "mail_digest",
            Self::RemindOfReviews => "remind_of_reviews",
            Self::RenderAgain => "render_again",
            Self::RefreshSearch => "refresh_search",
            Self::Purge => "purge",
            Self::SendLetter { .. } => "send_letter",
            Self::StartPasswordReset { .. } => "start_password_reset",
        }
    }

    /// Whether failed jobs of this kind are better not told of by letter.
    pub fn is_about_letters(kind: &str) -> bool {
        ["send_letter", "mail_notification", "mail_digest", "start_digests", "react"].contains(&kind)
    }

    const fn policy(&self) -> Policy {
        match self {
            Self::React { .. } => Policy { max_attempts: 8, timeout: Duration::from_secs(30), priority: 1 },
            Self::MailNotification { .. } => Policy { max_attempts: 8, timeout: Duration::from_secs(30), priority: 3 },
            Self::MailDigest { .. } => Policy { max_attempts: 8, timeout: Duration::from_mins(1), priority: 6 },
            Self::StartDigests => Policy { max_attempts: 3, timeout: Duration::from_mins(1), priority: 6 },
            Self::RemindOfReviews => Policy { max_attempts: 3, timeout: Duration::from_mins(1), priority: 5 },
            Self::RenderAgain => Policy { max_attempts: 5, timeout: Duration::from_mins(10), priority: 9 },
            Self::RefreshSearch => Policy { max_attempts: 5, timeout: Duration::from_mins(10), priority: 8 },
            Self::Purge => Policy { max_attempts: 5, timeout: Duration::from_mins(5), priority: 9 },
            // The pauses add up to a day: a mail server may be away that long. A try is limited by the mailer itself.
            Self::SendLetter { .. } => Policy { max_attempts: 32, timeout: Duration::from_secs(75), priority: 3 },
            Self::StartPasswordReset { .. } => Policy { max_attempts: 8, timeout: Duration::from_secs(30), priority: 2 },
        }
    }

    /// Of several waiting jobs of a kind with one key only one is kept.
    fn unique_key(&self) -> Option<String> {
        match self {
            Self::React { event } => Some(event.id.to_string()),
            Self::MailNotification { notification_id } => Some(notification_id.to_string()),
            Self::MailDigest { user_id } => Some(user_id.to_string()),
            Self::RemindOfReviews | Self::StartDigests | Self::RenderAgain | Self::RefreshSearch | Self::Purge => Some(String::new()),
            Self::SendLetter { letter_id } => Some(letter_id.to_string()),
            Self::StartPasswordReset { .. } => None,
        }
    }
}

/// Does the work of a job. It may be done twice when a server dies in the middle: each arm is written for that.
async fn perform(ctx: &Ctx, job: Job) -> Result<()> {
    match job {
        Job::React { event } => reactions::react_alone(ctx, &event).await,
        Job::MailNotification { notification_id } => delivery::mail_notification(ctx, notification_id).await,
        Job::StartDigests => delivery::start_digests(ctx).await,
        Job::MailDigest { user_id } => delivery::mail_digest(ctx, user_id).await,
        Job::RemindOfReviews => reminders::remind(ctx).await,
        Job::RenderAgain => render_again(ctx).await,
        Job::RefreshSearch => search::server::index::refresh(ctx, false).await.map(|_| ()),
        Job::Purge => purge(ctx).await,
        Job::SendLetter { letter_id } => mail::send(ctx, letter_id).await,
        Job::StartPasswordReset { user_id, locale } => links::start_reset(ctx, user_id, locale).await,
    }
}

/// What else changes when a job is given up, in the transaction that does so.
async fn given_up(connection: &mut PgConnection, job: &Job, reason: &str) -> Result<()> {
    match job {
        Job::SendLetter { letter_id } => mail::give_up(connection, *letter_id, reason).await,
        _ => Ok(()),
    }
}

/// Enqueues a job in the caller's transaction, to run at once.
pub async fn enqueue(connection: &mut PgConnection, ctx: &Ctx, job: &Job) -> Result<()> {
    enqueue_at(connection, ctx, job, ctx.now()).await
}

/// Enqueues a job in the caller's transaction, to run at a moment or soon after.
pub async fn enqueue_at(connection: &mut PgConnection, ctx: &Ctx, job: &Job, run_at: DateTime<Utc>) -> Result<()> {
    let payload = serde_json::to_value(job).context("a job as JSON")?;
    let (policy, unique_key) = (job.policy(), job.unique_key());
    let row = NewJob {
        id: ctx.new_id(),
        kind: job.kind(),
        payload: &payload,
        priority: policy.priority,
        unique_key: unique_key.as_deref(),
        run_at,
        max_attempts: policy.max_attempts,
        now: ctx.now(),
    };
    Ok(queries::insert_job(connection, row).await?)
}

/// The pause before the next try: 15 seconds, doubled each time, at most an hour, and up to a quarter more so that what failed
/// together does not come back together.
fn pause_after(attempts: i32, job_id: Uuid) -> chrono::Duration {
    let doublings = u32::try_from(attempts - 1).unwrap_or(0).min(8);
    let seconds = (15_i64 << doublings).min(3_600);
    let quarter = i64::from(job_id.as_bytes()[15]) * seconds / (4 * 255);
    chrono::Duration::seconds(seconds + quarter)
}

/// Gives a job that was given up another round of tries. Returns false when it was not given up, or its like waits already.
pub async fn retry(connection: &mut PgConnection, ctx: &Ctx, job_id: Uuid) -> Result<bool> {
    Ok(queries::revive_job(connection, job_id, ctx.now()).await?)
}

/// The newest jobs of a state, or of all with none, after one of them.
pub async fn list(connection: &mut PgConnection, state: Option<&str>, after: Option<Uuid>, limit: i64) -> Result<Vec<ListedJob>> {
    Ok(queries::list_jobs(connection, state, after, limit).await?)
}

/// How many jobs there are in each state.
pub async fn counts(connection: &mut PgConnection) -> Result<Vec<(String, i64)>> {
    Ok(queries::count_jobs(connection).await?)
}

/// What a new version of the program may have to do once; where nothing is to be done the jobs end at once.
pub async fn enqueue_after_start(ctx: &Ctx) -> Result<()> {
    let mut tx = ctx.begin().await?;
    enqueue(&mut tx, ctx, &Job::RenderAgain).await?;
    enqueue(&mut tx, ctx, &Job::RefreshSearch).await?;
    Ok(tx.commit().await?)
}

/// Legal texts stay as they were agreed to.
async fn render_again(ctx: &Ctx) -> Result<()> {
    while learning::server::texts::render_again(ctx).await?
        || quizzes::server::texts::render_again(ctx).await?
        || announcements::server::service::render_again(ctx).await?
    {}
    Ok(())
}

async fn purge(ctx: &Ctx) -> Result<()> {
    let mut tx = ctx.begin().await?;
    queries::delete_finished_jobs(&mut tx, ctx.now() - KEPT).await?;
    events::purge(&mut tx, ctx.now() - KEPT).await?;
    mail::purge(&mut tx, ctx.now()).await?;
    links::purge(&mut tx, ctx.now()).await?;
    notes::server::service::purge(&mut tx, ctx.now()).await?;
    Ok(tx.commit().await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_last_over_an_hour_without_a_server() {
        let id = Uuid::from_u128(0x80);
        let pauses: Vec<i64> = (1..=12).map(|attempts| pause_after(attempts, id).num_seconds()).collect();
        assert!(pauses.windows(2).all(|pair| pair[0] <= pair[1]), "{pauses:?}");
        assert!(pauses[0] >= 15 && pauses[0] < 20, "the first try again is soon");
        assert!(pauses[11] <= 4_500, "and none is further off than 75 minutes");
        assert_ne!(pause_after(5, Uuid::from_u128(1)), pause_after(5, Uuid::from_u128(0xff)), "not all at the same moment");
    }
}
