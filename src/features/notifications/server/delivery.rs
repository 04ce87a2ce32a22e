//! News that leaves the application: at once but not in quiet hours, or gathered once a day.

use super::queries;
use super::service::notice_of;
use super::unsubscribe;
use crate::features::accounts::server::readers::{self, Reader};
use crate::features::messages::server::mail::{self, Letter, Link, NewLetter};
use crate::features::notifications::rules::{Channel, Mode, Topic, minutes_of_quiet};
use crate::server::ctx::Ctx;
use crate::server::error::Result;
use crate::server::jobs::{self, Job};
use crate::shared::i18n::notice as texts;
use chrono::{DateTime, Duration, Timelike as _, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

const EMAIL: &str = Channel::Email.code();
/// From this hour of the reader's day on their gathered news goes out.
const DIGEST_HOUR: u32 = 9;
/// A letter lists so many; the rest is in the application.
const DIGEST_LINES: usize = 20;

/// What a person chose about a topic and a channel, or what holds without a choice.
pub(super) async fn mode(connection: &mut PgConnection, user_id: Uuid, topic: Topic, channel: Channel) -> Result<Mode> {
    let default = topic.default_mode(channel);
    if topic.is_essential() {
        return Ok(default);
    }
    let chosen = queries::preferences(connection, user_id, Some(topic.code())).await?;
    let own = chosen.iter().find(|row| row.channel == channel.code()).and_then(|row| Mode::from_code(&row.mode));
    Ok(own.unwrap_or(default))
}

/// Decides when a notification goes out by mail, in the transaction that made it.
pub(super) async fn plan(connection: &mut PgConnection, ctx: &Ctx, notification_id: Uuid, reader: &Reader, mode: Mode) -> Result<()> {
    match mode {
        // Somebody else's address must not be filled by whoever registered it.
        _ if !reader.is_confirmed => Ok(()),
        Mode::Never => Ok(()),
        Mode::Daily => Ok(queries::insert_delivery(connection, notification_id, EMAIL, "digest").await?),
        Mode::Now => {
            queries::insert_delivery(connection, notification_id, EMAIL, "waiting").await?;
            let at = after_quiet(connection, ctx.now(), reader).await?;
            jobs::enqueue_at(connection, ctx, &Job::MailNotification { notification_id }, at).await
        }
    }
}

/// The first moment from now on that is not in the reader's quiet hours.
async fn after_quiet(connection: &mut PgConnection, now: DateTime<Utc>, reader: &Reader) -> Result<DateTime<Utc>> {
    let Some(hours) = queries::quiet_hours(connection, reader.user_id).await? else { return Ok(now) };
    let local = now.with_timezone(&reader.zone);
    let minute = u16::try_from(local.hour() * 60 + local.minute()).unwrap_or(0);
    let bound = |minute: i16| u16::try_from(minute).unwrap_or(0);
    Ok(now + Duration::minutes(i64::from(minutes_of_quiet(bound(hours.from_minute), bound(hours.to_minute), minute))))
}

/// Writes the letter of a notification, unless it was read meanwhile or its reader is gone.
pub async fn mail_notification(ctx: &Ctx, notification_id: Uuid) -> Result<()> {
    let mut tx = ctx.begin().await?;
    if queries::lock_waiting_delivery(&mut tx, notification_id, EMAIL).await?.is_none() {
        return Ok(());
    }
    let row = queries::notification_by_id(&mut tx, notification_id).await?.filter(|row| row.read_at.is_none());
    let reader = match &row {
        Some(row) => readers::reader(&mut tx, row.user_id).await?,
        None => None,
    };
    let mut state = "skipped";
    if let (Some(row), Some(reader)) = (row, reader) {
        let notice = notice_of(&row)?;
        // Chosen meanwhile, or tried again into the night.
        if mode(&mut tx, reader.user_id, notice.topic(), Channel::Email).await? != Mode::Never {
            let at = after_quiet(&mut tx, ctx.now(), &reader).await?;
            if at > ctx.now() {
                jobs::enqueue_at(&mut tx, ctx, &Job::MailNotification { notification_id }, at).await?;
                return Ok(tx.commit().await?);
            }
            let link = Link { url: address(ctx, &notice.path()), label: texts::open(reader.locale).to_owned() };
            let (title, text) = (notice.title(reader.locale).to_owned(), notice.text(reader.locale));
            write(&mut tx, ctx, &reader, title, vec![text], link, Some((notice.topic(), row.id))).await?;
            state = "handed_over";
        }
    }
    queries::end_delivery(&mut tx, notification_id, EMAIL, state, ctx.now()).await?;
    Ok(tx.commit().await?)
}

fn address(ctx: &Ctx, path: &str) -> String {
    format!("{}{path}", ctx.state.config.base_url)
}

/// Writes a letter; `about` is the topic that a click unsubscribes from, and the notification. Gathered news has its settings.
async fn write(
    connection: &mut PgConnection,
    ctx: &Ctx,
    reader: &Reader,
    title: String,
    lines: Vec<String>,
    link: Link,
    about: Option<(Topic, Uuid)>,
) -> Result<()> {
    let unsubscribe_url = unsubscribe::address(ctx, reader.user_id, about.map(|(topic, _)| topic))?;
    let letter = NewLetter {
        user_id: Some(reader.user_id),
        to: &reader.email,
        to_name: &reader.full_name,
        locale: reader.locale,
        letter: Letter::Notification { name: reader.full_name.clone(), title, lines, link: Some(link) },
        is_essential: false,
        notification_id: about.map(|(_, id)| id),
        unsubscribe_url: Some(unsubscribe_url),
        useful_until: None,
    };
    mail::write(connection, ctx, letter).await?;
    Ok(())
}

/// Enqueues the letter of everybody whose morning has come and who had none today.
pub async fn start_digests(ctx: &Ctx) -> Result<()> {
    let mut tx = ctx.begin().await?;
    for row in queries::digest_readers(&mut tx).await? {
        let Some(reader) = readers::reader(&mut tx, row.user_id).await? else { continue };
        let local = ctx.now().with_timezone(&reader.zone);
        let is_quiet = after_quiet(&mut tx, ctx.now(), &reader).await? > ctx.now();
        if local.hour() >= DIGEST_HOUR && !is_quiet && row.sent_on.is_none_or(|day| day < local.date_naive()) {
            jobs::enqueue(&mut tx, ctx, &Job::MailDigest { user_id: row.user_id }).await?;
        }
    }
    Ok(tx.commit().await?)
}

/// Writes one letter of all the news gathered for a person. What was read meanwhile is left out.
pub async fn mail_digest(ctx: &Ctx, user_id: Uuid) -> Result<()> {
    let mut tx = ctx.begin().await?;
    let rows = queries::lock_digest(&mut tx, user_id).await?;
    let reader = readers::reader(&mut tx, user_id).await?;
    let mut news = Vec::new();
    for row in &rows {
        // What can't be read, was read or is not wanted any more is left out.
        let notice = notice_of(row).inspect_err(|error| tracing::error!(notification_id = %row.id, %error, "a notification can't be read")).ok();
        let mut state = "skipped";
        if let (Some(notice), Some(_), None) = (notice, &reader, row.read_at)
            && mode(&mut tx, user_id, notice.topic(), Channel::Email).await? != Mode::Never
        {
            news.push(notice);
            state = "handed_over";
        }
        queries::end_delivery(&mut tx, row.id, EMAIL, state, ctx.now()).await?;
    }
    if let Some(reader) = reader.filter(|_| !news.is_empty()) {
        let mut lines: Vec<String> = news
            .iter()
            .take(DIGEST_LINES)
            .map(|notice| texts::digest_line(reader.locale, notice.title(reader.locale), notice.text(reader.locale)))
            .collect();
        if let Some(more) = news.len().checked_sub(DIGEST_LINES).filter(|more| *more > 0) {
            lines.push(texts::digest_more(reader.locale, i64::try_from(more).unwrap_or(i64::MAX)));
        }
        let count = i64::try_from(news.len()).unwrap_or(i64::MAX);
        let link = Link { url: address(ctx, "/notifications"), label: texts::open_all(reader.locale).to_owned() };
        write(&mut tx, ctx, &reader, texts::digest_title(reader.locale, count), lines, link, None).await?;
        queries::upsert_digest(&mut tx, user_id, ctx.now().with_timezone(&reader.zone).date_naive()).await?;
    }
    Ok(tx.commit().await?)
}
