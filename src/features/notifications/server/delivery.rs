//! News that leaves the application, by mail and by Telegram: at once but not in quiet hours, or gathered once a day.

use super::delivery_queries::{self, End};
use super::notice::Notice;
use super::queries;
use super::service::notice_of;
use super::{telegram, unsubscribe};
use crate::features::accounts::server::readers::{self, Reader};
use crate::features::messages::server::mail::{self, Letter, Link, NewLetter};
use crate::features::notifications::rules::{Channel, Mode, Outside, Topic, minutes_of_quiet};
use crate::server::ctx::Ctx;
use crate::server::error::Result;
use crate::server::jobs::{self, Job};
use crate::shared::i18n::notice as texts;
use chrono::{DateTime, Duration, Timelike as _, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

/// From this hour of the reader's day on their gathered news goes out.
const DIGEST_HOUR: u32 = 9;
/// A digest lists so many; the rest is in the application.
const DIGEST_LINES: usize = 20;

/// When a person is told by a channel: as it must be, as they chose, or what holds without a choice.
pub(super) async fn mode(connection: &mut PgConnection, user_id: Uuid, notice: &Notice, channel: Channel) -> Result<Mode> {
    if let Some(mode) = notice.fixed_mode(channel) {
        return Ok(mode);
    }
    let topic = notice.topic();
    let chosen = queries::preferences(connection, user_id, Some(topic.code())).await?;
    let own = chosen.iter().find(|row| row.channel == channel.code()).and_then(|row| Mode::from_code(&row.mode));
    Ok(own.unwrap_or(topic.default_mode(channel)))
}

/// Whether there is a way to a person by a channel.
async fn reaches(connection: &mut PgConnection, ctx: &Ctx, reader: &Reader, channel: Outside) -> Result<bool> {
    match channel {
        // Somebody else's address must not be filled by whoever registered it.
        Outside::Email => Ok(reader.is_confirmed),
        Outside::Telegram => telegram::is_linked(connection, ctx, reader.user_id).await,
    }
}

const fn delivering(channel: Outside, notification_id: Uuid) -> Job {
    match channel {
        Outside::Email => Job::MailNotification { notification_id },
        Outside::Telegram => Job::TelegramNotification { notification_id },
    }
}

/// Decides when a notification goes out by which channel, in the transaction that made it.
pub(super) async fn plan(connection: &mut PgConnection, ctx: &Ctx, notification_id: Uuid, reader: &Reader, notice: &Notice) -> Result<()> {
    for channel in Outside::ALL {
        if !reaches(connection, ctx, reader, channel).await? {
            continue;
        }
        match mode(connection, reader.user_id, notice, channel.channel()).await? {
            Mode::Never => {}
            Mode::Daily => delivery_queries::insert_delivery(connection, notification_id, channel.code(), "digest").await?,
            Mode::Now => {
                delivery_queries::insert_delivery(connection, notification_id, channel.code(), "waiting").await?;
                let at = after_quiet(connection, ctx.now(), reader).await?;
                jobs::enqueue_at(connection, ctx, &delivering(channel, notification_id), at).await?;
            }
        }
    }
    Ok(())
}

/// The first moment from now on that is not in the reader's quiet hours.
pub(super) async fn after_quiet(connection: &mut PgConnection, now: DateTime<Utc>, reader: &Reader) -> Result<DateTime<Utc>> {
    let Some(hours) = queries::quiet_hours(connection, reader.user_id).await? else { return Ok(now) };
    let local = now.with_timezone(&reader.zone);
    let minute = u16::try_from(local.hour() * 60 + local.minute()).unwrap_or(0);
    let bound = |minute: i16| u16::try_from(minute).unwrap_or(0);
    Ok(now + Duration::minutes(i64::from(minutes_of_quiet(bound(hours.from_minute), bound(hours.to_minute), minute))))
}

/// Hands a notification over to a channel, unless it was read meanwhile, is not wanted any more, or its reader is gone.
pub async fn deliver(ctx: &Ctx, notification_id: Uuid, channel: Outside) -> Result<()> {
    let mut tx = ctx.begin().await?;
    if delivery_queries::lock_waiting_delivery(&mut tx, notification_id, channel.code()).await?.is_none() {
        return Ok(());
    }
    let row = queries::notification_by_id(&mut tx, notification_id).await?.filter(|row| row.read_at.is_none());
    let reader = match &row {
        Some(row) => readers::reader(&mut tx, row.user_id).await?,
        None => None,
    };
    if let (Some(row), Some(reader)) = (row, reader) {
        let notice = notice_of(&row)?;
        let is_wanted = mode(&mut tx, reader.user_id, &notice, channel.channel()).await? != Mode::Never;
        if is_wanted && reaches(&mut tx, ctx, &reader, channel).await? {
            // Chosen meanwhile, or tried again into the night.
            let at = after_quiet(&mut tx, ctx.now(), &reader).await?;
            if at > ctx.now() {
                jobs::enqueue_at(&mut tx, ctx, &delivering(channel, notification_id), at).await?;
                return Ok(tx.commit().await?);
            }
            let news = News {
                title: notice.title(reader.locale).to_owned(),
                lines: vec![notice.text(reader.locale)],
                url: address(ctx, &notice.path()),
                label: texts::open(reader.locale),
                topic: Some(notice.topic()),
                notification_ids: vec![row.id],
            };
            hand_over(&mut tx, ctx, &reader, channel, news).await?;
            return Ok(tx.commit().await?);
        }
    }
    skip(&mut tx, ctx, &[notification_id], channel).await?;
    Ok(tx.commit().await?)
}

fn address(ctx: &Ctx, path: &str) -> String {
    format!("{}{path}", ctx.state.config.base_url)
}

async fn skip(connection: &mut PgConnection, ctx: &Ctx, notification_ids: &[Uuid], channel: Outside) -> Result<()> {
    let end = End { channel: channel.code(), state: "skipped", reason: "", now: ctx.now() };
    Ok(delivery_queries::end_deliveries(connection, notification_ids, end).await?)
}

/// What a channel is given to say.
struct News {
    title: String,
    lines: Vec<String>,
    url: String,
    label: &'static str,
    /// What one notification is about; `None` for what was gathered.
    topic: Option<Topic>,
    notification_ids: Vec<Uuid>,
}

/// Gives news to a channel. A letter is handed over when it is written; a message when Telegram has it.
async fn hand_over(connection: &mut PgConnection, ctx: &Ctx, reader: &Reader, channel: Outside, news: News) -> Result<()> {
    let state = match channel {
        Outside::Email => "handed_over",
        Outside::Telegram => "sending",
    };
    let end = End { channel: channel.code(), state, reason: "", now: ctx.now() };
    delivery_queries::end_deliveries(connection, &news.notification_ids, end).await?;
    match channel {
        Outside::Email => write_letter(connection, ctx, reader, news).await,
        Outside::Telegram => telegram::write(connection, ctx, reader.user_id, (&news.title, &news.lines, &news.url), news.notification_ids).await,
    }
}

/// Writes a letter. One click unsubscribes from its topic, or from what is gathered; never from what is essential.
async fn write_letter(connection: &mut PgConnection, ctx: &Ctx, reader: &Reader, news: News) -> Result<()> {
    let is_essential = news.topic.is_some_and(Topic::is_essential);
    let unsubscribe_url = if is_essential { None } else { Some(unsubscribe::address(ctx, reader.user_id, news.topic)?) };
    let link = Link { url: news.url, label: news.label.to_owned() };
    let letter = NewLetter {
        user_id: Some(reader.user_id),
        to: &reader.email,
        to_name: &reader.full_name,
        locale: reader.locale,
        letter: Letter::Notification { name: reader.full_name.clone(), title: news.title, lines: news.lines, link: Some(link) },
        is_essential,
        notification_id: news.topic.and(news.notification_ids.first().copied()),
        unsubscribe_url,
        useful_until: None,
    };
    mail::write(connection, ctx, letter).await?;
    Ok(())
}

/// Enqueues the digest of everybody whose morning has come and who had none today by that channel.
pub async fn start_digests(ctx: &Ctx) -> Result<()> {
    let mut tx = ctx.begin().await?;
    for row in delivery_queries::digest_readers(&mut tx).await? {
        let Some(reader) = readers::reader(&mut tx, row.user_id).await? else { continue };
        let local = ctx.now().with_timezone(&reader.zone);
        let is_quiet = after_quiet(&mut tx, ctx.now(), &reader).await? > ctx.now();
        if local.hour() >= DIGEST_HOUR && !is_quiet && row.sent_on.is_none_or(|day| day < local.date_naive()) {
            let user_id = row.user_id;
            let job = match Outside::from_code(&row.channel) {
                Some(Outside::Email) => Job::MailDigest { user_id },
                Some(Outside::Telegram) => Job::TelegramDigest { user_id },
                None => continue,
            };
            jobs::enqueue(&mut tx, ctx, &job).await?;
        }
    }
    Ok(tx.commit().await?)
}

/// Hands all the news that a channel gathered for a person over as one. What was read meanwhile is left out.
pub async fn deliver_digest(ctx: &Ctx, user_id: Uuid, channel: Outside) -> Result<()> {
    let mut tx = ctx.begin().await?;
    let rows = delivery_queries::lock_digest(&mut tx, user_id, channel.code()).await?;
    let reader = match readers::reader(&mut tx, user_id).await? {
        Some(reader) if reaches(&mut tx, ctx, &reader, channel).await? => Some(reader),
        _ => None,
    };
    let (mut news, mut left_out) = (Vec::new(), Vec::new());
    for row in &rows {
        // What can't be read, was read or is not wanted any more is left out.
        let notice = notice_of(row).inspect_err(|error| tracing::error!(notification_id = %row.id, %error, "a notification can't be read")).ok();
        match notice {
            Some(notice) if reader.is_some() && row.read_at.is_none() && mode(&mut tx, user_id, &notice, channel.channel()).await? != Mode::Never => {
                news.push((row.id, notice));
            }
            _ => left_out.push(row.id),
        }
    }
    skip(&mut tx, ctx, &left_out, channel).await?;
    if let Some(reader) = reader.filter(|_| !news.is_empty()) {
        let mut lines: Vec<String> = news
            .iter()
            .take(DIGEST_LINES)
            .map(|(_, notice)| texts::digest_line(reader.locale, notice.title(reader.locale), notice.text(reader.locale)))
            .collect();
        if let Some(more) = news.len().checked_sub(DIGEST_LINES).filter(|more| *more > 0) {
            lines.push(texts::digest_more(reader.locale, i64::try_from(more).unwrap_or(i64::MAX)));
        }
        let count = i64::try_from(news.len()).unwrap_or(i64::MAX);
        let news = News {
            title: texts::digest_title(reader.locale, count),
            lines,
            url: address(ctx, "/notifications"),
            label: texts::open_all(reader.locale),
            topic: None,
            notification_ids: news.into_iter().map(|(id, _)| id).collect(),
        };
        hand_over(&mut tx, ctx, &reader, channel, news).await?;
        delivery_queries::upsert_digest(&mut tx, user_id, channel.code(), ctx.now().with_timezone(&reader.zone).date_naive()).await?;
    }
    Ok(tx.commit().await?)
}
