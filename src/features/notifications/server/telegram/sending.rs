//! Messages on their way to Telegram, each a job. What Telegram took is not sent again, however often its job runs; only a line that
//! is lost between its "ok" and the commit lets a message come twice.

use super::super::delivery;
use super::super::delivery_queries::{self, End};
use super::super::telegram_queries as queries;
use super::api::Failure;
use super::{linking, words};
use crate::features::accounts::server::readers;
use crate::features::notifications::rules::Outside;
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::server::jobs::{self, Job};
use anyhow::anyhow;
use sqlx::PgConnection;
use uuid::Uuid;

const CHANNEL: &str = Outside::Telegram.code();

/// Enqueues a message of notifications: title, lines, and the address where it goes on.
pub(in super::super) async fn write(
    connection: &mut PgConnection,
    ctx: &Ctx,
    user_id: Uuid,
    (title, lines, url): (&str, &[String], &str),
    notification_ids: Vec<Uuid>,
) -> Result<()> {
    jobs::enqueue(connection, ctx, &Job::TellInTelegram { user_id, text: words::message(title, lines, url), notification_ids }).await
}

/// The job of a message about notifications, unless they were read, or there is no chat any more. An error is one to try again after.
pub async fn tell(ctx: &Ctx, user_id: Uuid, text: &str, notification_ids: &[Uuid]) -> Result<()> {
    let mut tx = ctx.begin().await?;
    let is_wanted = delivery_queries::is_any_unsent(&mut tx, notification_ids, CHANNEL).await?;
    let reader = readers::reader(&mut tx, user_id).await?;
    let chat_id = queries::link_of(&mut tx, user_id).await?.and_then(|link| link.chat_id);
    let (true, Some(reader), Some(chat_id), Some(telegram)) = (is_wanted, reader, chat_id, &ctx.state.telegram) else {
        end(&mut tx, ctx, notification_ids, "skipped", "").await?;
        return Ok(tx.commit().await?);
    };
    // Tried again into the night.
    let at = delivery::after_quiet(&mut tx, ctx.now(), &reader).await?;
    if at > ctx.now() {
        let job = Job::TellInTelegram { user_id, text: text.to_owned(), notification_ids: notification_ids.to_vec() };
        jobs::enqueue_at(&mut tx, ctx, &job, at).await?;
        return Ok(tx.commit().await?);
    }
    tx.commit().await?;
    let outcome = telegram.send(chat_id, text).await;
    let mut tx = ctx.begin().await?;
    match outcome {
        Ok(()) => end(&mut tx, ctx, notification_ids, "handed_over", "").await?,
        Err(Failure::Refused(reason)) => end(&mut tx, ctx, notification_ids, "refused", &reason).await?,
        Err(Failure::Closed(reason)) => {
            linking::close(&mut tx, ctx, chat_id).await?;
            end(&mut tx, ctx, notification_ids, "refused", &reason).await?;
        }
        Err(failure) => return Err(later(failure)),
    }
    Ok(tx.commit().await?)
}

/// The job of an answer of the bot's.
pub async fn answer(ctx: &Ctx, chat_id: i64, text: &str) -> Result<()> {
    let Some(telegram) = &ctx.state.telegram else { return Ok(()) };
    match telegram.send(chat_id, text).await {
        Ok(()) | Err(Failure::Refused(_)) => Ok(()),
        Err(Failure::Closed(_)) => {
            let mut tx = ctx.begin().await?;
            linking::close(&mut tx, ctx, chat_id).await?;
            Ok(tx.commit().await?)
        }
        Err(failure) => Err(later(failure)),
    }
}

/// Writes down that the job of a message was given up, in the transaction that does so.
pub async fn give_up(connection: &mut PgConnection, ctx: &Ctx, notification_ids: &[Uuid], reason: &str) -> Result<()> {
    end(connection, ctx, notification_ids, "failed", reason).await
}

async fn end(connection: &mut PgConnection, ctx: &Ctx, notification_ids: &[Uuid], state: &str, reason: &str) -> Result<()> {
    let end = End { channel: CHANNEL, state, reason, now: ctx.now() };
    Ok(delivery_queries::end_deliveries(connection, notification_ids, end).await?)
}

fn later(failure: Failure) -> ServiceError {
    match failure {
        Failure::Wait(seconds) => ServiceError::TooManyRequests(seconds),
        failure => anyhow!("{failure}").into(),
    }
}
