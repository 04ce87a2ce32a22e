//! All SQL about accounts.

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
    /// None: the owner sets one by a letter's link.
    pub password_hash: Option<&'a str>,
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

pub(super) async fn user_id_by_email(connection: &mut PgConnection, email: &str) -> Result<Uuid> {
    sqlx::query_scalar!("select id from users where email = $1", email).fetch_one(connection).await
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
    pub role: String,
}

pub(super) async fn reader_by_id(connection: &mut PgConnection, id: Uuid) -> Result<Option<ReaderRow>> {
    sqlx::query_as!(
        ReaderRow,
        r#"select email, email_confirmed_at is not null as "is_confirmed!", full_name, locale, coalesce(time_zone, (select time_zone from school_settings)) as "time_zone!",
                  role
           from users where id = $1 and is_active and anonymised_at is null"#,
        id
    )
    .fetch_optional(connection)
    .await
}

pub(super) async fn active_admins(connection: &mut PgConnection) -> Result<Vec<Uuid>> {
    sqlx::query_scalar!("select id from users where role = 'admin' and is_active order by id").fetch_all(connection).await
}
