//! SQL about notifications and what people chose; deliveries and chats have files of their own.

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

type Result<T> = std::result::Result<T, sqlx::Error>;

pub(super) struct NewNotification<'a> {
    pub id: Uuid,
    pub user_id: Uuid,
    pub kind: &'a str,
    pub payload: &'a Value,
    pub event_id: Uuid,
    pub is_shown: bool,
    pub created_at: DateTime<Utc>,
}

/// Inserts a notification; of one event a person is told once. Returns whether it is new.
pub(super) async fn insert_notification(connection: &mut PgConnection, row: NewNotification<'_>) -> Result<bool> {
    let done = sqlx::query!(
        "insert into notifications (id, user_id, kind, payload, event_id, is_shown, created_at) values ($1, $2, $3, $4, $5, $6, $7)
         on conflict on constraint notifications_event_user_unique do nothing",
        row.id,
        row.user_id,
        row.kind,
        row.payload,
        row.event_id,
        row.is_shown,
        row.created_at
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub(super) struct NotificationRow {
    pub id: Uuid,
    pub user_id: Uuid,
    pub payload: Value,
    pub created_at: DateTime<Utc>,
    pub read_at: Option<DateTime<Utc>>,
}

/// A person's notifications, the newest first, after one of them.
pub(super) async fn list_notifications(
    connection: &mut PgConnection,
    user_id: Uuid,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<NotificationRow>> {
    sqlx::query_as!(
        NotificationRow,
        "select id, user_id, payload, created_at, read_at from notifications
         where user_id = $1 and is_shown
           and ($2::uuid is null or (created_at, id) < (select n.created_at, n.id from notifications n where n.id = $2 and n.user_id = $1))
         order by created_at desc, id desc limit $3",
        user_id,
        after,
        limit
    )
    .fetch_all(connection)
    .await
}

pub(super) async fn notification_by_id(connection: &mut PgConnection, id: Uuid) -> Result<Option<NotificationRow>> {
    sqlx::query_as!(NotificationRow, "select id, user_id, payload, created_at, read_at from notifications where id = $1", id)
        .fetch_optional(connection)
        .await
}

/// What a person was told since a notification of theirs, or at all, the newest first; nothing when that one is not known any more.
pub(super) async fn list_since(connection: &mut PgConnection, user_id: Uuid, since: Option<Uuid>, limit: i64) -> Result<Vec<NotificationRow>> {
    sqlx::query_as!(
        NotificationRow,
        "select id, user_id, payload, created_at, read_at from notifications
         where user_id = $1 and is_shown and read_at is null
           and ($2::uuid is null or (created_at, id) > (select n.created_at, n.id from notifications n where n.id = $2 and n.user_id = $1))
         order by created_at desc, id desc limit $3",
        user_id,
        since,
        limit
    )
    .fetch_all(connection)
    .await
}

pub(super) async fn count_unread(connection: &mut PgConnection, user_id: Uuid) -> Result<i64> {
    sqlx::query_scalar!(r#"select count(*) as "count!" from notifications where user_id = $1 and read_at is null and is_shown"#, user_id)
        .fetch_one(connection)
        .await
}

/// Marks a notification as read, or all with no id.
pub(super) async fn mark_read(connection: &mut PgConnection, user_id: Uuid, id: Option<Uuid>, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!(
        "update notifications set read_at = $3 where user_id = $1 and read_at is null and (id = $2 or $2::uuid is null and is_shown)",
        user_id,
        id,
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) struct PreferenceRow {
    pub topic: String,
    pub channel: String,
    pub mode: String,
}

/// What a person chose, about one topic or all.
pub(super) async fn preferences(connection: &mut PgConnection, user_id: Uuid, topic: Option<&str>) -> Result<Vec<PreferenceRow>> {
    sqlx::query_as!(
        PreferenceRow,
        "select topic, channel, mode from notification_preferences where user_id = $1 and ($2::text is null or topic = $2)",
        user_id,
        topic
    )
    .fetch_all(connection)
    .await
}

pub(super) async fn upsert_preference(connection: &mut PgConnection, user_id: Uuid, topic: &str, channel: &str, mode: &str) -> Result<()> {
    sqlx::query!(
        "insert into notification_preferences (user_id, topic, channel, mode) values ($1, $2, $3, $4)
         on conflict on constraint notification_preferences_pkey do update set mode = excluded.mode",
        user_id,
        topic,
        channel,
        mode
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) struct QuietRow {
    pub from_minute: i16,
    pub to_minute: i16,
}

pub(super) async fn quiet_hours(connection: &mut PgConnection, user_id: Uuid) -> Result<Option<QuietRow>> {
    sqlx::query_as!(QuietRow, "select from_minute, to_minute from notification_quiet_hours where user_id = $1", user_id)
        .fetch_optional(connection)
        .await
}

/// Sets a person's quiet hours, or takes them away.
pub(super) async fn replace_quiet_hours(connection: &mut PgConnection, user_id: Uuid, hours: Option<(i16, i16)>) -> Result<()> {
    sqlx::query!("delete from notification_quiet_hours where user_id = $1", user_id).execute(&mut *connection).await?;
    if let Some((from, to)) = hours {
        sqlx::query!("insert into notification_quiet_hours (user_id, from_minute, to_minute) values ($1, $2, $3)", user_id, from, to)
            .execute(connection)
            .await?;
    }
    Ok(())
}

/// Whether a person was told since then that a job of this kind failed.
pub(super) async fn was_told_of_job(connection: &mut PgConnection, user_id: Uuid, job: &str, since: DateTime<Utc>) -> Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from notifications where user_id = $1 and created_at > $3 and kind = 'job_failed' and payload ->> 'job' = $2)
           as "was_told!""#,
        user_id,
        job,
        since
    )
    .fetch_one(connection)
    .await
}

/// Takes back what was told of an announcement.
pub(super) async fn delete_announced(connection: &mut PgConnection, announcement_id: Option<Uuid>) -> Result<()> {
    sqlx::query!("delete from notifications where kind = 'announced' and payload ->> 'announcement_id' = $1::uuid::text", announcement_id)
        .execute(connection)
        .await?;
    Ok(())
}

/// Deletes what was read, and what nobody read, before these moments.
pub(super) async fn delete_old_notifications(connection: &mut PgConnection, read_before: DateTime<Utc>, told_before: DateTime<Utc>) -> Result<()> {
    sqlx::query!("delete from notifications where read_at < $1 or created_at < $2", read_before, told_before).execute(connection).await?;
    Ok(())
}

/// Marks what was told of a thread as read.
pub(super) async fn mark_thread_read(connection: &mut PgConnection, user_id: Uuid, thread_id: Uuid, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!(
        "update notifications set read_at = $3 where user_id = $1 and read_at is null and is_shown and payload ->> 'thread_id' = $2::uuid::text",
        user_id,
        thread_id,
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}
