//! All SQL about the links of letters and confirmed addresses.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

type Result<T> = std::result::Result<T, sqlx::Error>;

pub(super) struct OwnerRow {
    pub id: Uuid,
    pub email: String,
    pub full_name: String,
    pub locale: Option<String>,
    pub is_active: bool,
    pub email_confirmed_at: Option<DateTime<Utc>>,
}

pub(super) async fn owner_by_email(connection: &mut PgConnection, email: &str) -> Result<Option<OwnerRow>> {
    sqlx::query_as!(OwnerRow, "select id, email, full_name, locale, is_active, email_confirmed_at from users where email = $1", email)
        .fetch_optional(connection)
        .await
}

pub(super) async fn lock_owner(connection: &mut PgConnection, id: Uuid) -> Result<Option<OwnerRow>> {
    sqlx::query_as!(OwnerRow, "select id, email, full_name, locale, is_active, email_confirmed_at from users where id = $1 for no key update", id)
        .fetch_optional(connection)
        .await
}

pub(super) struct NewToken<'a> {
    pub id: Uuid,
    pub user_id: Uuid,
    pub purpose: &'a str,
    pub email: &'a str,
    pub sha256: &'a [u8],
    pub now: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}

pub(super) async fn insert_token(connection: &mut PgConnection, token: NewToken<'_>) -> Result<()> {
    sqlx::query!(
        "insert into account_tokens (id, user_id, purpose, email, sha256, created_at, expires_at) values ($1, $2, $3, $4, $5, $6, $7)",
        token.id,
        token.user_id,
        token.purpose,
        token.email,
        token.sha256,
        token.now,
        token.expires_at
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The owner of a link that still serves: unused, in time, sent to the address that the account has, which is active.
pub(super) async fn owner_of_token(connection: &mut PgConnection, purpose: &str, sha256: &[u8], now: DateTime<Utc>) -> Result<Option<Uuid>> {
    sqlx::query_scalar!(
        "select u.id from account_tokens t join users u on u.id = t.user_id and u.email = t.email and u.is_active
         where t.purpose = $1 and t.sha256 = $2 and t.used_at is null and t.expires_at > $3",
        purpose,
        sha256,
        now
    )
    .fetch_optional(connection)
    .await
}

/// Uses up all links of a person for a purpose.
pub(super) async fn use_tokens(connection: &mut PgConnection, user_id: Uuid, purpose: &str, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!("update account_tokens set used_at = $3 where user_id = $1 and purpose = $2 and used_at is null", user_id, purpose, now)
        .execute(connection)
        .await?;
    Ok(())
}

/// Marks the address as confirmed; one that is keeps its moment.
pub(super) async fn confirm_email(connection: &mut PgConnection, user_id: Uuid, now: DateTime<Utc>) -> Result<bool> {
    let done = sqlx::query!("update users set email_confirmed_at = $2 where id = $1 and email_confirmed_at is null", user_id, now)
        .execute(connection)
        .await?;
    Ok(done.rows_affected() == 1)
}

pub(super) async fn delete_old_tokens(connection: &mut PgConnection, before: DateTime<Utc>) -> Result<()> {
    sqlx::query!("delete from account_tokens where expires_at < $1", before).execute(connection).await?;
    Ok(())
}
