//! What people write to the bot. One of several servers asks Telegram for it, by long polling, so that the school needs no address
//! that Telegram can reach; a lease in the database says which. How far updates are handled is written down in the transaction of
//! what they do, so that each does it once.

use super::super::telegram_queries::{self as queries, BotRow, Lease};
use super::api::{Failure, LONG_POLL, Message, Telegram, Update};
use super::linking;
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError, is_outage};
use crate::server::limits;
use crate::server::state::AppState;
use crate::shared::i18n::{Locale, telegram as texts};
use chrono::{DateTime, TimeDelta, Utc};
use sqlx::{Acquire as _, PgConnection};
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Beyond a long poll, before its server counts as dead.
const LEASE_MARGIN: Duration = Duration::from_secs(35);
/// How often the others look whether the one that asks is gone.
const LOOK_EVERY: Duration = Duration::from_secs(10);
/// Between answers that brought nothing; a real one takes long by itself.
const PAUSE: Duration = Duration::from_secs(1);
/// The longest pause after failures, unless Telegram asks for a longer one.
const PAUSE_MAX: Duration = Duration::from_mins(1);
/// After a week without updates Telegram counts anew from anywhere. It keeps them for a day: after this time none is an old one.
const COUNTS_FOR: TimeDelta = TimeDelta::days(6);

/// How a round ended.
#[derive(Debug, PartialEq, Eq)]
pub enum Round {
    /// There is no bot, or another server asks.
    NotOurs,
    /// So many updates were handled.
    Handled(usize),
    /// Telegram gave no answer.
    Failed(Failure),
}

/// Asks until the token is cancelled. Errors are logged and tried again, after pauses that grow.
pub async fn run(state: AppState, stop: CancellationToken) {
    let ctx = Ctx::system(state);
    let Some(telegram) = &ctx.state.telegram else { return };
    let own_id = ctx.new_id();
    let mut failures = 0;
    loop {
        let pause = tokio::select! {
            () = stop.cancelled() => break,
            ended = round(&ctx, own_id) => pause_after(ended, &mut failures),
        };
        tokio::select! {
            () = stop.cancelled() => break,
            () = tokio::time::sleep(pause) => {}
        }
    }
    if let Err(error) = release(&ctx, telegram, own_id).await {
        error.into_app_error("telegram");
    }
}

fn pause_after(ended: Result<Round>, failures: &mut u32) -> Duration {
    match ended {
        Ok(Round::NotOurs) => return LOOK_EVERY,
        Ok(Round::Handled(count)) => {
            *failures = 0;
            return if count == 0 { PAUSE } else { Duration::ZERO };
        }
        Ok(Round::Failed(failure)) => {
            *failures += 1;
            tracing::warn!(%failure, failures, "Telegram gives no updates");
            if let Failure::Wait(seconds) = failure {
                return Duration::from_secs(seconds.into());
            }
        }
        Err(error) => {
            *failures += 1;
            error.into_app_error("telegram");
        }
    }
    Duration::from_secs(1 << (*failures).min(6)).min(PAUSE_MAX)
}

/// Asks once, as the server of this id, and handles what comes.
pub async fn round(ctx: &Ctx, own_id: Uuid) -> Result<Round> {
    let Some(telegram) = &ctx.state.telegram else { return Ok(Round::NotOurs) };
    let lease = Lease { bot_id: telegram.bot_id(), owner_id: own_id, until: ctx.now() + LONG_POLL + LEASE_MARGIN, now: ctx.now() };
    let Some(bot) = queries::lease_bot(&mut *ctx.connection().await?, lease).await? else { return Ok(Round::NotOurs) };
    let next = next_update_id(&bot, ctx.now());
    let updates = match telegram.updates(next).await {
        Ok(updates) => updates,
        Err(failure) => return Ok(Round::Failed(failure)),
    };
    let mut handled = 0;
    for update in updates.into_iter().filter(|update| next.is_none_or(|next| next <= update.update_id)) {
        handled += usize::from(handle(ctx, telegram, update).await?);
    }
    Ok(Round::Handled(handled))
}

/// The number from which on updates are new, unless Telegram may have begun to count anew.
fn next_update_id(bot: &BotRow, now: DateTime<Utc>) -> Option<i64> {
    bot.updated_at.filter(|at| now - *at < COUNTS_FOR).map(|_| bot.next_update_id)
}

/// Handles an update, unless that was done. One that can't be acted upon is passed over: those behind it do not wait.
async fn handle(ctx: &Ctx, telegram: &Telegram, update: Update) -> Result<bool> {
    let message = match update.message {
        Some(message) if ctx.state.limits.take(limits::TELEGRAM_CHAT, &message.chat.id.to_string()).await == 0 => Some(message),
        _ => None,
    };
    let mut tx = ctx.begin().await?;
    let bot = queries::lock_bot(&mut tx, telegram.bot_id()).await?;
    if next_update_id(&bot, ctx.now()).is_some_and(|next| update.update_id < next) {
        return Ok(false);
    }
    if let Some(message) = message {
        let mut savepoint = tx.begin().await?;
        match act(&mut savepoint, ctx, &message).await {
            Ok(()) => savepoint.commit().await?,
            Err(ServiceError::Database(error)) if is_outage(&error) => return Err(ServiceError::Database(error)),
            Err(error) => {
                savepoint.rollback().await?;
                tracing::error!(update_id = update.update_id, %error, "an update of Telegram's could not be acted upon");
            }
        }
    }
    queries::advance_bot(&mut tx, telegram.bot_id(), update.update_id.saturating_add(1), ctx.now()).await?;
    tx.commit().await?;
    Ok(true)
}

async fn release(ctx: &Ctx, telegram: &Telegram, own_id: Uuid) -> Result<()> {
    Ok(queries::release_bot(&mut *ctx.connection().await?, telegram.bot_id(), own_id, ctx.now()).await?)
}

/// What somebody wants of the bot.
#[derive(Debug, PartialEq, Eq)]
enum Command<'a> {
    /// With the code of a link, or empty.
    Start(&'a str),
    Stop,
    Other,
}

fn command(text: &str) -> Command<'_> {
    let mut words = text.split_whitespace();
    let first = words.next().unwrap_or_default();
    // In groups a command names its bot.
    match first.split('@').next() {
        Some("/start") => Command::Start(words.next().unwrap_or_default()),
        Some("/stop") => Command::Stop,
        _ => Command::Other,
    }
}

async fn act(connection: &mut PgConnection, ctx: &Ctx, message: &Message) -> Result<()> {
    let chat_id = message.chat.id;
    let is_private = message.chat.kind == "private";
    let known = if is_private { linking::locale_of_chat(connection, chat_id).await? } else { None };
    let said = message.from.as_ref().and_then(|author| author.language_code.as_deref()).and_then(Locale::from_code);
    let locale = known.or(said).unwrap_or_default();
    match command(&message.text) {
        Command::Start(code) if !is_private => {
            // Everybody in the group has seen the code.
            linking::burn(connection, ctx, code).await?;
            linking::say(connection, ctx, chat_id, &texts::no_groups(locale, linking::settings(ctx))).await
        }
        _ if !is_private => Ok(()),
        Command::Start("") if known.is_none() => linking::say(connection, ctx, chat_id, &texts::not_connected(locale, linking::settings(ctx))).await,
        Command::Start("") | Command::Other => linking::say(connection, ctx, chat_id, &texts::help(locale, linking::settings(ctx))).await,
        Command::Start(code) => linking::link(connection, ctx, chat_id, code, locale).await,
        Command::Stop => linking::unlink(connection, ctx, chat_id, locale).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_read_with_and_without_the_bots_name() {
        assert_eq!(command("/start abc"), Command::Start("abc"));
        assert_eq!(command("/start@school_bot  abc more"), Command::Start("abc"));
        assert_eq!(command("/start"), Command::Start(""));
        assert_eq!(command(" /stop now"), Command::Stop);
        for text in ["", "hello /start abc", "/started abc", "start abc"] {
            assert_eq!(command(text), Command::Other, "{text}");
        }
    }

    #[test]
    fn pauses_grow_to_a_minute_and_end_with_an_answer() {
        let mut failures = 0;
        let away = || Ok(Round::Failed(Failure::Away("away".to_owned())));
        let pauses: Vec<u64> = (0..8).map(|_| pause_after(away(), &mut failures).as_secs()).collect();
        assert_eq!(pauses, [2, 4, 8, 16, 32, 60, 60, 60]);
        assert_eq!(pause_after(Ok(Round::Failed(Failure::Wait(90))), &mut failures).as_secs(), 90, "as Telegram says");
        assert_eq!(pause_after(Ok(Round::Handled(0)), &mut failures), PAUSE);
        assert_eq!((failures, pause_after(Ok(Round::Handled(1)), &mut failures)), (0, Duration::ZERO));
    }
}
