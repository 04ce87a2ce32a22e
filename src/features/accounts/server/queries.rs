//! All SQL about accounts and sessions.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

type Result<T> = std::result::Result<T, sqlx::Error>;

pub(super) struct SignInRow {
    pub id: Uuid,
    pub password_hash: Option<String>,
    pub is_active: bool,
    pub role: String,
}

pub(super) async fn sign_in_by_email(connection: &mut PgConnection, email: &str) -> Result<Option<SignInRow>> {
    sqlx::query_as!(SignInRow, "select id, password_hash, is_active, role from users where email = $1", email).fetch_optional(connection).await
}

pub(super) struct SharedUserRow {
    pub password_hash: Option<String>,
    pub is_active: bool,
}

/// Password and state as they stand, held until the transaction ends.
pub(super) async fn share_user(connection: &mut PgConnection, id: Uuid) -> Result<SharedUserRow> {
    sqlx::query_as!(SharedUserRow, "select password_hash, is_active from users where id = $1 for share", id).fetch_one(connection).await
}

pub(super) struct NewUser<'a> {
    pub id: Uuid,
    pub email: &'a str,
    pub password_hash: &'a str,
    pub full_name: &'a str,
    pub role: &'a str,
    pub locale: Option<&'a str>,
    pub is_demo: bool,
    pub is_confirmed: bool,
    pub now: DateTime<Utc>,
}

/// Inserts a user unless the address is taken; returns whether it did.
pub(super) async fn insert_user(connection: &mut PgConnection, user: NewUser<'_>) -> Result<bool> {
    let done = sqlx::query!(
        "insert into users (id, email, password_hash, full_name, role, locale, is_demo, created_at, updated_at, email_confirmed_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $8, case when $9 then $8::timestamptz end) on conflict on constraint users_email_unique do nothing",
        user.id,
        user.email,
        user.password_hash,
        user.full_name,
        user.role,
        user.locale,
        user.is_demo,
        user.now,
        user.is_confirmed
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Records consent to the newest version of each legal text.
pub(super) async fn insert_consents(connection: &mut PgConnection, user_id: Uuid, address: &str, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!(
        "insert into legal_consents (user_id, kind, version, given_at, address)
         select $1, kind, max(version), $2, $3 from legal_documents where kind in ('offer', 'privacy') group by kind",
        user_id,
        now,
        address
    )
    .execute(connection)
    .await?;
    Ok(())
}

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
}

/// A session that runs, with its active owner.
pub(super) async fn running_session(connection: &mut PgConnection, id: Uuid, now: DateTime<Utc>) -> Result<Option<SessionRow>> {
    sqlx::query_as!(
        SessionRow,
        r#"select s.id, s.user_id, s.generation, s.rotated_at, s.expires_at,
                u.full_name, u.role, u.locale, u.theme,
                coalesce(u.time_zone, (select time_zone from school_settings)) as "time_zone!", u.photo_file_id
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

pub(super) struct AccountRow {
    pub email: String,
    pub full_name: String,
    pub password_hash: Option<String>,
    pub locale: Option<String>,
    pub theme: Option<String>,
    pub time_zone: Option<String>,
    pub photo_file_id: Option<Uuid>,
    pub email_confirmed_at: Option<DateTime<Utc>>,
}

pub(super) async fn account_by_id(connection: &mut PgConnection, id: Uuid) -> Result<AccountRow> {
    sqlx::query_as!(
        AccountRow,
        "select email, full_name, password_hash, locale, theme, time_zone, photo_file_id, email_confirmed_at from users where id = $1",
        id
    )
    .fetch_one(connection)
    .await
}

pub(super) async fn update_profile(connection: &mut PgConnection, id: Uuid, full_name: &str, time_zone: &str, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!("update users set full_name = $2, time_zone = $3, updated_at = $4 where id = $1", id, full_name, time_zone, now)
        .execute(connection)
        .await?;
    Ok(())
}

pub(super) async fn update_preferences(
    connection: &mut PgConnection,
    id: Uuid,
    locale: Option<&str>,
    theme: Option<&str>,
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query!("update users set locale = $2, theme = $3, updated_at = $4 where id = $1", id, locale, theme, now).execute(connection).await?;
    Ok(())
}

pub(super) async fn update_password(connection: &mut PgConnection, id: Uuid, hash: &str, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!("update users set password_hash = $2, updated_at = $3 where id = $1", id, hash, now).execute(connection).await?;
    Ok(())
}

pub(super) async fn update_photo(connection: &mut PgConnection, id: Uuid, file_id: Option<Uuid>, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!("update users set photo_file_id = $2, updated_at = $3 where id = $1", id, file_id, now).execute(connection).await?;
    Ok(())
}

pub(super) struct NewFile<'a> {
    pub id: Uuid,
    pub owner_id: Uuid,
    pub storage_key: &'a str,
    pub size_bytes: i64,
    pub sha256: &'a [u8],
    pub now: DateTime<Utc>,
}

pub(super) async fn insert_avatar(connection: &mut PgConnection, file: NewFile<'_>) -> Result<()> {
    sqlx::query!(
        "insert into files (id, owner_id, kind, storage_key, content_type, file_name, size_bytes, sha256, created_at)
         values ($1, $2, 'avatar', $3, 'image/jpeg', 'photo.jpg', $4, $5, $6)",
        file.id,
        file.owner_id,
        file.storage_key,
        file.size_bytes,
        file.sha256,
        file.now
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Takes a file's row away; returns the key of its bytes.
pub(super) async fn delete_file(connection: &mut PgConnection, id: Uuid) -> Result<Option<String>> {
    sqlx::query_scalar!("delete from files where id = $1 returning storage_key", id).fetch_optional(connection).await
}

pub(super) struct FileRow {
    pub owner_id: Uuid,
    pub storage_key: String,
    pub content_type: String,
}

pub(super) async fn file_by_id(connection: &mut PgConnection, id: Uuid) -> Result<Option<FileRow>> {
    sqlx::query_as!(FileRow, "select owner_id, storage_key, content_type from files where id = $1", id).fetch_optional(connection).await
}

pub(super) async fn school_name(connection: &mut PgConnection) -> Result<String> {
    sqlx::query_scalar!("select name from school_settings").fetch_one(connection).await
}

/// Addresses of active demo accounts with their hashes, for the check at the start of production.
pub(super) async fn demo_accounts(connection: &mut PgConnection) -> Result<Vec<(String, Option<String>)>> {
    let rows = sqlx::query!("select email, password_hash from users where is_demo and is_active").fetch_all(connection).await?;
    Ok(rows.into_iter().map(|row| (row.email, row.password_hash)).collect())
}

pub(super) struct ReaderRow {
    pub email: String,
    pub is_confirmed: bool,
    pub full_name: String,
    pub locale: Option<String>,
    pub time_zone: String,
}

pub(super) async fn reader_by_id(connection: &mut PgConnection, id: Uuid) -> Result<Option<ReaderRow>> {
    sqlx::query_as!(
        ReaderRow,
        r#"select email, email_confirmed_at is not null as "is_confirmed!", full_name, locale, coalesce(time_zone, (select time_zone from school_settings)) as "time_zone!"
           from users where id = $1 and is_active and anonymised_at is null"#,
        id
    )
    .fetch_optional(connection)
    .await
}

pub(super) async fn active_admins(connection: &mut PgConnection) -> Result<Vec<Uuid>> {
    sqlx::query_scalar!("select id from users where role = 'admin' and is_active order by id").fetch_all(connection).await
}
