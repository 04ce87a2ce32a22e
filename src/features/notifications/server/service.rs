//! Use cases of one's own notifications.

use super::notice::Notice;
use super::queries::{self, NotificationRow};
use super::{delivery_queries, telegram};
use crate::features::accounts::server::readers;
use crate::features::notifications::model::{Chat, Choice, Inbox, Line, News, Settings};
use crate::features::notifications::rules::{Channel, Mode, Topic, clock, parse_clock};
use crate::server::authz::{self, UseOwnAccount};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::server::events::{self, Event};
use crate::shared::error::{FieldProblem, Problem};
use crate::shared::page::Page;
use crate::shared::role::Role;
use anyhow::Context as _;
use chrono::{DateTime, Duration, Utc};
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

const PAGE_SIZE: i64 = 30;
/// An open page is told of so many pieces of news at once; more are in the inbox.
const HEARD_AT_ONCE: i64 = 10;
const READ_KEPT: Duration = Duration::days(90);
const UNREAD_KEPT: Duration = Duration::days(365);

fn own(ctx: &Ctx) -> Result<Uuid> {
    let _permit = authz::permit(&ctx.actor, UseOwnAccount)?;
    Ok(ctx.actor.signed_in()?)
}

/// What a notification tells.
pub(super) fn notice_of(row: &NotificationRow) -> Result<Notice> {
    Ok(serde_json::from_value(row.payload.clone()).with_context(|| format!("notifications.payload of {}", row.id))?)
}

fn line(ctx: &Ctx, row: &NotificationRow) -> Result<Line> {
    let notice = notice_of(row)?;
    Ok(Line {
        id: row.id,
        topic: notice.topic(),
        title: notice.title(ctx.locale()).to_owned(),
        text: notice.text(ctx.locale()),
        at: ctx.local(row.created_at),
        is_read: row.read_at.is_some(),
    })
}

/// One page of notifications, the newest first.
pub async fn inbox(ctx: &Ctx, after: Option<Uuid>) -> Result<Inbox> {
    let user_id = own(ctx)?;
    let mut connection = ctx.connection().await?;
    let rows = queries::list_notifications(&mut connection, user_id, after, PAGE_SIZE + 1).await?;
    let Page { items: rows, next } = Page::cut(rows, PAGE_SIZE, |row| row.id);
    let readable = |row| line(ctx, row).inspect_err(|error| tracing::error!(%error, "a notification can't be read")).ok();
    let items = rows.iter().filter_map(readable).collect();
    Ok(Inbox { page: Page { items, next }, unread: queries::count_unread(&mut connection, user_id).await? })
}

/// What an open page knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// It was just opened and shows what there is.
    All,
    /// Everything up to this notification; with none, that there is none.
    UpTo(Option<Uuid>),
}

/// What to tell an open page: how many are unread, and the newest that it does not know. Gives the newest notification's id too.
pub async fn news(ctx: &Ctx, known: Known) -> Result<(News, Option<Uuid>)> {
    let user_id = own(ctx)?;
    let mut connection = ctx.connection().await?;
    let since = match known {
        Known::All => Vec::new(),
        Known::UpTo(last) => queries::list_since(&mut connection, user_id, last, HEARD_AT_ONCE).await?,
    };
    let last = queries::list_notifications(&mut connection, user_id, None, 1).await?.first().map(|row| row.id);
    let paths = since.iter().filter_map(|row| notice_of(row).ok()).map(|notice| notice.path()).collect();
    let newest = since.first().and_then(|row| line(ctx, row).ok()).map(|line| (line.title, line.text));
    Ok((News { unread: queries::count_unread(&mut connection, user_id).await?, newest, paths }, last))
}

/// Who reads a thread needs no more news of it.
pub async fn saw_thread(connection: &mut PgConnection, ctx: &Ctx, user_id: Uuid, thread_id: Uuid) -> Result<()> {
    Ok(queries::mark_thread_read(connection, user_id, thread_id, ctx.now()).await?)
}

/// Deletes what was read long ago, and what nobody opened for longer.
pub async fn purge(connection: &mut PgConnection, now: DateTime<Utc>) -> Result<()> {
    Ok(queries::delete_old_notifications(connection, now - READ_KEPT, now - UNREAD_KEPT).await?)
}

/// Marks a notification as read and says where it leads.
pub async fn open(ctx: &Ctx, id: Uuid) -> Result<String> {
    let user_id = own(ctx)?;
    let mut tx = ctx.begin().await?;
    let row = queries::notification_by_id(&mut tx, id).await?.filter(|row| row.user_id == user_id).ok_or(ServiceError::NotFound)?;
    let path = notice_of(&row)?.path();
    queries::mark_read(&mut tx, user_id, Some(id), ctx.now()).await?;
    tx.commit().await?;
    Ok(path)
}

/// Marks all as read.
pub async fn mark_all_read(ctx: &Ctx) -> Result<()> {
    let user_id = own(ctx)?;
    Ok(queries::mark_read(&mut *ctx.connection().await?, user_id, None, ctx.now()).await?)
}

/// The person's chat in Telegram; `None` where there is no bot.
async fn chat(connection: &mut PgConnection, ctx: &Ctx, user_id: Uuid) -> Result<Option<Chat>> {
    if ctx.state.telegram.is_none() {
        return Ok(None);
    }
    Ok(Some(match telegram::state(connection, user_id).await? {
        None => Chat::Absent,
        Some((true, since)) => Chat::Connected(ctx.local(since)),
        Some((false, since)) => Chat::Blocked(ctx.local(since)),
    }))
}

/// The channels that reach the person, or may.
fn channels_of(chat: Option<Chat>) -> Vec<Channel> {
    Channel::ALL.into_iter().filter(|channel| *channel != Channel::Telegram || matches!(chat, Some(Chat::Connected(_)))).collect()
}

/// What the person may choose of: the topics that concern them, by channels; what can't be switched off is not asked.
fn choices_of(ctx: &Ctx, channels: &[Channel]) -> Vec<(Topic, Channel)> {
    let role = ctx.viewer.person.as_ref().map_or(Role::Student, |person| person.role);
    let is_for_role = |topic: &Topic| match topic {
        Topic::System => role == Role::Admin,
        topic => !topic.is_for_staff() || role.is_staff(),
    };
    let of_topic = |topic: Topic| channels.iter().filter(move |channel| topic.is_chosen(**channel)).map(move |channel| (topic, *channel));
    Topic::ALL.into_iter().filter(is_for_role).flat_map(of_topic).collect()
}

/// What the person chose, or what holds without a choice.
pub async fn settings(ctx: &Ctx) -> Result<Settings> {
    let user_id = own(ctx)?;
    let mut connection = ctx.connection().await?;
    let chosen = queries::preferences(&mut connection, user_id, None).await?;
    let mode = |topic: Topic, channel: Channel| {
        let own = chosen.iter().find(|row| row.topic == topic.code() && row.channel == channel.code());
        own.and_then(|row| Mode::from_code(&row.mode)).unwrap_or(topic.default_mode(channel))
    };
    let chat = chat(&mut connection, ctx, user_id).await?;
    let channels = channels_of(chat);
    let choices = choices_of(ctx, &channels).into_iter().map(|(topic, channel)| Choice { topic, channel, mode: mode(topic, channel) }).collect();
    let quiet = queries::quiet_hours(&mut connection, user_id).await?;
    let show = |minute: Option<i16>| minute.and_then(|minute| u16::try_from(minute).ok()).map(clock).unwrap_or_default();
    Ok(Settings {
        choices,
        channels,
        chat,
        quiet_from: show(quiet.as_ref().map(|quiet| quiet.from_minute)),
        quiet_to: show(quiet.as_ref().map(|quiet| quiet.to_minute)),
        time_zone: ctx.zone.name().to_owned(),
    })
}

/// A person's choices and quiet hours, for the log.
async fn chosen(connection: &mut PgConnection, user_id: Uuid) -> Result<Value> {
    let rows = queries::preferences(connection, user_id, None).await?;
    let mut chosen: serde_json::Map<String, Value> =
        rows.into_iter().map(|row| (format!("{}_{}", row.topic, row.channel), row.mode.into())).collect();
    if let Some(quiet) = queries::quiet_hours(connection, user_id).await? {
        chosen.insert("quiet".to_owned(), vec![quiet.from_minute, quiet.to_minute].into());
    }
    Ok(Value::Object(chosen))
}

/// Keeps choices (by field `topic_channel`) and quiet hours. Nothing is kept when something is wrong.
pub async fn change_settings(ctx: &Ctx, choice: impl Fn(&str) -> String, quiet_from: &str, quiet_to: &str) -> Result<()> {
    let user_id = own(ctx)?;
    let mut problems = Vec::new();
    let mut choices = Vec::new();
    let chat = chat(&mut *ctx.connection().await?, ctx, user_id).await?;
    for (topic, channel) in choices_of(ctx, &channels_of(chat)) {
        let field = format!("{}_{}", topic.code(), channel.code());
        let chosen = choice(&field);
        match Mode::from_code(&chosen).filter(|mode| channel.modes().contains(mode)) {
            Some(mode) => choices.push((topic, channel, mode)),
            // The page was opened before the chat was connected, and asked nothing about it.
            None if chosen.is_empty() && channel == Channel::Telegram => {}
            None => problems.push(FieldProblem::new(&field, Problem::UnknownChoice)),
        }
    }
    let quiet = quiet_of(quiet_from, quiet_to, &mut problems);
    if !problems.is_empty() {
        return Err(ServiceError::Invalid(problems));
    }
    let mut tx = ctx.begin().await?;
    let before = chosen(&mut tx, user_id).await?;
    for (topic, channel, mode) in choices {
        queries::upsert_preference(&mut tx, user_id, topic.code(), channel.code(), mode.code()).await?;
    }
    queries::replace_quiet_hours(&mut tx, user_id, quiet).await?;
    let after = chosen(&mut tx, user_id).await?;
    if before != after {
        events::record(&mut tx, ctx, Event::NotificationSettingsChanged { user_id, before, after }).await?;
    }
    Ok(tx.commit().await?)
}

/// Both ends, or neither.
fn quiet_of(from: &str, to: &str, problems: &mut Vec<FieldProblem>) -> Option<(i16, i16)> {
    if from.trim().is_empty() && to.trim().is_empty() {
        return None;
    }
    let mut end = |field: &str, text: &str| {
        let minutes = parse_clock(text).and_then(|minutes| i16::try_from(minutes).ok());
        if minutes.is_none() {
            problems.push(FieldProblem::new(field, if text.trim().is_empty() { Problem::Required } else { Problem::NotAClock }));
        }
        minutes
    };
    let (from, to) = (end("quiet_from", from), end("quiet_to", to));
    from.zip(to)
}

/// A message that did not reach its reader, for administrators.
#[derive(Debug)]
pub struct Undelivered {
    /// Whose it was.
    pub user_id: Uuid,
    /// Their name, while they have an active account.
    pub name: Option<String>,
    /// Refused for good; else given up.
    pub is_refused: bool,
    /// In Telegram's words, or ours.
    pub reason: String,
    /// When it ended.
    pub at: DateTime<Utc>,
}

/// The latest messages that Telegram refused or that were given up. Letters have a log of their own. Whoever asks may administer.
pub async fn undelivered(connection: &mut PgConnection, limit: i64) -> Result<Vec<Undelivered>> {
    let mut all = Vec::new();
    for row in delivery_queries::list_undelivered(connection, limit).await? {
        let name = readers::reader(connection, row.user_id).await?.map(|reader| reader.full_name);
        all.push(Undelivered { user_id: row.user_id, name, is_refused: row.state == "refused", reason: row.reason, at: row.at });
    }
    Ok(all)
}
