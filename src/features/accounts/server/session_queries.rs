//! All SQL about sessions.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

type Result<T> = std::result::Result<T, sqlx::Error>;

pub(super) struct SessionRow {
    pub id: Uuid,
    pub user_id: Uuid,
    pub generation: i32,
    pub rotated_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    pub full_name: String,
    pub role: String,
    pub locale: Option<String>,
    pub theme: Option<String>,
    pub time_zone: String,
    pub photo_file_id: Option<Uuid>,
    pub unread: i64,
}

/// A session that runs, with its active owner and what their bell counts.
pub(super) async fn running_session(connection: &mut PgConnection, id: Uuid, now: DateTime<Utc>) -> Result<Option<SessionRow>> {
    sqlx::query_as!(
        SessionRow,
        r#"select s.id, s.user_id, s.generation, s.rotated_at, s.expires_at,
                u.full_name, u.role, u.locale, u.theme,
                coalesce(u.time_zone, (select time_zone from school_settings)) as "time_zone!", u.photo_file_id,
                unread_notifications(u.id) as "unread!"
         from sessions s join users u on u.id = s.user_id
         where s.id = $1 and s.revoked_at is null and s.expires_at > $2 and u.is_active"#,
        id,
        now
    )
    .fetch_optional(connection)
    .await
}

pub(super) async fn lock_session(connection: &mut PgConnection, id: Uuid) -> Result<bool> {
    let found = sqlx::query_scalar!("select id from sessions where id = $1 and revoked_at is null for update", id).fetch_optional(connection).await?;
    Ok(found.is_some())
}

pub(super) async fn insert_session(
    connection: &mut PgConnection,
    id: Uuid,
    user_id: Uuid,
    user_agent: &str,
    address: &str,
    now: DateTime<Utc>,
    expires_at: DateTime<Utc>,
) -> Result<()> {
    sqlx::query!(
        "insert into sessions (id, user_id, rotated_at, user_agent, address, created_at, last_seen_at, expires_at)
         values ($1, $2, $3, $4, $5, $3, $3, $6)",
        id,
        user_id,
        now,
        user_agent,
        address,
        expires_at
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn rotate_session(connection: &mut PgConnection, id: Uuid, generation: i32, address: &str, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!("update sessions set generation = $2, rotated_at = $3, last_seen_at = $3, address = $4 where id = $1", id, generation, now, address)
        .execute(connection)
        .await?;
    Ok(())
}

/// Ends one session, if it runs and, where an owner is given, is theirs.
pub(super) async fn revoke_session(connection: &mut PgConnection, id: Uuid, owner: Option<Uuid>, reason: &str, now: DateTime<Utc>) -> Result<bool> {
    let done = sqlx::query!(
        "update sessions set revoked_at = $3, revoked_reason = $4
         where id = $1 and ($2::uuid is null or user_id = $2) and revoked_at is null",
        id,
        owner,
        now,
        reason
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Ends all sessions of a person but the one named; returns how many.
pub(super) async fn revoke_sessions_of(
    connection: &mut PgConnection,
    user_id: Uuid,
    except: Option<Uuid>,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<i64> {
    let done = sqlx::query!(
        "update sessions set revoked_at = $3, revoked_reason = $4
         where user_id = $1 and ($2::uuid is null or id <> $2) and revoked_at is null",
        user_id,
        except,
        now,
        reason
    )
    .execute(connection)
    .await?;
    Ok(i64::try_from(done.rows_affected()).unwrap_or(i64::MAX))
}

pub(super) struct RunningSession {
    pub id: Uuid,
    pub user_agent: String,
    pub address: String,
    pub last_seen_at: DateTime<Utc>,
}

pub(super) async fn list_sessions(connection: &mut PgConnection, user_id: Uuid, now: DateTime<Utc>) -> Result<Vec<RunningSession>> {
    sqlx::query_as!(
        RunningSession,
        "select id, user_agent, address, last_seen_at from sessions
         where user_id = $1 and revoked_at is null and expires_at > $2 order by last_seen_at desc limit 50",
        user_id,
        now
    )
    .fetch_all(connection)
    .await
}

/// Deletes sessions that ended or expired before a moment.
pub(super) async fn delete_ended_sessions(connection: &mut PgConnection, before: DateTime<Utc>) -> Result<()> {
    sqlx::query!("delete from sessions where coalesce(revoked_at, expires_at) < $1", before).execute(connection).await?;
    Ok(())
}
