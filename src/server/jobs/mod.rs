//! Work that follows from a change: enqueued in the transaction of the change, run later by whichever server is free, tried
//! again with growing pauses, and kept for a person to look at when it fails for good.

mod job;
mod queries;
mod runner;
mod schedule;

pub use job::Job;
pub use queries::ListedJob;
pub use runner::{run, run_due};

use super::ctx::Ctx;
use super::error::Result;
use super::events;
use crate::features::accounts::server::{links, sessions};
use crate::features::learning::server::openings;
use crate::features::messages::server::mail;
use crate::features::notifications::rules::Outside;
use crate::features::notifications::server::{delivery, reactions, service as notifications, telegram};
use crate::features::quizzes::server::curators::reminders;
use crate::features::{announcements, assignments, files, learning, notes, payments, quizzes, search};
use anyhow::Context as _;
use chrono::{DateTime, Utc};
use queries::NewJob;
use sqlx::PgConnection;
use uuid::Uuid;

/// A finished job is kept this long, to be looked at.
const KEPT: chrono::Duration = chrono::Duration::days(3);
/// One that was given up is kept this long for somebody to try it again.
const DEAD_KEPT: chrono::Duration = chrono::Duration::days(90);

/// Does the work of a job. It may be done twice when a server dies in the middle: each arm is written for that.
async fn perform(ctx: &Ctx, job: Job) -> Result<()> {
    match job {
        Job::React { event } => reactions::react_alone(ctx, &event).await,
        Job::TellOfAnnouncement { event, after } => reactions::tell_of_announcement(ctx, event, after).await,
        Job::MailNotification { notification_id } => delivery::deliver(ctx, notification_id, Outside::Email).await,
        Job::StartDigests => delivery::start_digests(ctx).await,
        Job::MailDigest { user_id } => delivery::deliver_digest(ctx, user_id, Outside::Email).await,
        Job::TelegramNotification { notification_id } => delivery::deliver(ctx, notification_id, Outside::Telegram).await,
        Job::TelegramDigest { user_id } => delivery::deliver_digest(ctx, user_id, Outside::Telegram).await,
        Job::TellInTelegram { user_id, text, notification_ids } => telegram::tell(ctx, user_id, &text, &notification_ids).await,
        Job::AnswerInTelegram { chat_id, text } => telegram::answer(ctx, chat_id, &text).await,
        Job::RemindOfReviews => reminders::remind(ctx).await,
        Job::TendWorks => assignments::server::upkeep::tend(ctx).await,
        Job::TellOfOpenedLessons => openings::tell_of_opened(ctx).await,
        Job::OpenPayment { payment_id } => payments::server::opening::open(ctx, payment_id).await.map(|_| ()),
        Job::CheckPayment { payment_id } => payments::server::asking::check(ctx, payment_id).await,
        Job::ClosePayment { payment_id } => payments::server::closing::close(ctx, payment_id).await,
        Job::HandleCallback { callback_id, .. } => payments::server::callbacks::handle(ctx, callback_id).await,
        Job::SendRefund { refund_id } => payments::server::refunds::send(ctx, refund_id).await,
        Job::PollPayments => payments::server::reconciling::poll(ctx).await,
        Job::ReconcilePayments => payments::server::reconciling::nightly(ctx).await,
        Job::SandboxNotice { number, event } => payments::server::sandbox::notify(ctx, &number, &event).await,
        Job::RenderAgain => render_again(ctx).await,
        Job::RefreshSearch => search::server::index::refresh(ctx, false).await.map(|_| ()),
        Job::PreparePicture { file_id } => files::server::pictures::prepare(ctx, file_id).await,
        Job::PrepareVideo { file_id } => files::server::video::prepare(ctx, file_id).await,
        Job::CollectFiles => files::server::collect(ctx).await,
        Job::Purge => purge(ctx).await,
        Job::SendLetter { letter_id, .. } => mail::send(ctx, letter_id).await,
        Job::StartPasswordReset { user_id, locale } => links::start_reset(ctx, user_id, locale).await,
    }
}

/// What else changes when a job is given up, in the transaction that does so.
async fn given_up(connection: &mut PgConnection, ctx: &Ctx, job: &Job, reason: &str) -> Result<()> {
    match job {
        Job::SendLetter { letter_id, .. } => mail::give_up(connection, *letter_id, reason).await,
        Job::TellInTelegram { notification_ids, .. } => telegram::give_up(connection, ctx, notification_ids, reason).await,
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
        || quizzes::server::authors::texts::render_again(ctx).await?
        || announcements::server::service::render_again(ctx).await?
    {}
    Ok(())
}

async fn purge(ctx: &Ctx) -> Result<()> {
    let mut tx = ctx.begin().await?;
    queries::delete_ended_jobs(&mut tx, ctx.now() - KEPT, ctx.now() - DEAD_KEPT).await?;
    events::purge(&mut tx, ctx.now() - KEPT).await?;
    mail::purge(&mut tx, ctx.now()).await?;
    links::purge(&mut tx, ctx.now()).await?;
    sessions::purge(&mut tx, ctx.now()).await?;
    notifications::purge(&mut tx, ctx.now()).await?;
    telegram::purge(&mut tx, ctx.now()).await?;
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
