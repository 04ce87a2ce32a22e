//! All SQL about letters and refused addresses.

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

type Result<T> = std::result::Result<T, sqlx::Error>;

pub(super) struct NewRow<'a> {
    pub id: Uuid,
    pub user_id: Option<Uuid>,
    pub to_address: &'a str,
    pub to_name: &'a str,
    pub template: &'a str,
    pub locale: &'a str,
    pub subject: &'a str,
    pub args: &'a Value,
    pub is_essential: bool,
    pub notification_id: Option<Uuid>,
    pub message_id: &'a str,
    pub useful_until: Option<DateTime<Utc>>,
    pub now: DateTime<Utc>,
}

pub(super) async fn insert_letter(connection: &mut PgConnection, row: NewRow<'_>) -> Result<()> {
    sqlx::query!(
        "insert into letters (id, user_id, to_address, to_name, template, locale, subject, args, is_essential, notification_id, message_id,
                              useful_until, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        row.id,
        row.user_id,
        row.to_address,
        row.to_name,
        row.template,
        row.locale,
        row.subject,
        row.args,
        row.is_essential,
        row.notification_id,
        row.message_id,
        row.useful_until,
        row.now
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) struct LetterRow {
    pub id: Uuid,
    pub to_address: String,
    pub to_name: String,
    pub locale: String,
    pub args: Value,
    pub state: String,
    pub is_essential: bool,
    pub message_id: String,
    pub answer: String,
    pub created_at: DateTime<Utc>,
    pub sending_at: Option<DateTime<Utc>>,
    pub useful_until: Option<DateTime<Utc>>,
}

pub(super) async fn lock_letter(connection: &mut PgConnection, id: Uuid) -> Result<Option<LetterRow>> {
    sqlx::query_as!(
        LetterRow,
        "select id, to_address, to_name, locale, args, state, is_essential, message_id, answer, created_at, sending_at, useful_until
         from letters where id = $1 for update",
        id
    )
    .fetch_optional(connection)
    .await
}

/// Marks that a try begins.
pub(super) async fn start_letter(connection: &mut PgConnection, id: Uuid, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!("update letters set state = 'sending', sending_at = $2, attempts = attempts + 1 where id = $1", id, now).execute(connection).await?;
    Ok(())
}

/// Puts a letter back for another try, with what the server said.
pub(super) async fn delay_letter(connection: &mut PgConnection, id: Uuid, answer: &str) -> Result<()> {
    sqlx::query!("update letters set state = 'waiting', sending_at = null, answer = $2 where id = $1", id, answer).execute(connection).await?;
    Ok(())
}

/// Writes down a letter's fate.
pub(super) async fn end_letter(
    connection: &mut PgConnection,
    id: Uuid,
    state: &str,
    answer: &str,
    args: &Value,
    sent_at: Option<DateTime<Utc>>,
) -> Result<()> {
    sqlx::query!(
        "update letters set state = $2, sending_at = null, answer = $3, args = $4, sent_at = $5 where id = $1",
        id,
        state,
        answer,
        args,
        sent_at
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Why nothing is sent to an address, if that is so.
pub(super) async fn pause_of(connection: &mut PgConnection, address: &str) -> Result<Option<String>> {
    sqlx::query_scalar!("select answer from mail_pauses where address = $1", address).fetch_optional(connection).await
}

pub(super) async fn insert_pause(connection: &mut PgConnection, address: &str, answer: &str, letter_id: Uuid, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!(
        "insert into mail_pauses (address, answer, letter_id, at) values ($1, $2, $3, $4)
         on conflict (address) do update set answer = excluded.answer, letter_id = excluded.letter_id, at = excluded.at",
        address,
        answer,
        letter_id,
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Lifts a pause; returns whether there was one.
pub(super) async fn delete_pause(connection: &mut PgConnection, address: &str) -> Result<Option<Option<Uuid>>> {
    sqlx::query_scalar!("delete from mail_pauses where address = $1 returning letter_id", address).fetch_optional(connection).await
}

pub(super) struct PauseRow {
    pub address: String,
    pub answer: String,
    pub at: DateTime<Utc>,
}

/// The latest paused addresses.
pub(super) async fn list_pauses(connection: &mut PgConnection) -> Result<Vec<PauseRow>> {
    sqlx::query_as!(PauseRow, "select address, answer, at from mail_pauses order by at desc, address limit 100").fetch_all(connection).await
}

pub(super) struct LineRow {
    pub id: Uuid,
    pub to_address: String,
    pub template: String,
    pub subject: String,
    pub state: String,
    pub answer: String,
    pub created_at: DateTime<Utc>,
}

/// A page of the mail log, the newest first.
pub(super) async fn list_letters(connection: &mut PgConnection, state: Option<&str>, after: Option<Uuid>, limit: i64) -> Result<Vec<LineRow>> {
    sqlx::query_as!(
        LineRow,
        "select id, to_address, template, subject, state, answer, created_at from letters
         where ($1::text is null or state = $1) and ($2::uuid is null or id < $2) order by id desc limit $3",
        state,
        after,
        limit
    )
    .fetch_all(connection)
    .await
}

pub(super) struct WholeRow {
    pub id: Uuid,
    pub to_address: String,
    pub to_name: String,
    pub template: String,
    pub locale: String,
    pub subject: String,
    pub args: Value,
    pub state: String,
    pub answer: String,
    pub message_id: String,
    pub attempts: i32,
    pub created_at: DateTime<Utc>,
    pub sent_at: Option<DateTime<Utc>>,
}

pub(super) async fn letter_by_id(connection: &mut PgConnection, id: Uuid) -> Result<Option<WholeRow>> {
    sqlx::query_as!(
        WholeRow,
        "select id, to_address, to_name, template, locale, subject, args, state, answer, message_id, attempts, created_at, sent_at
         from letters where id = $1",
        id
    )
    .fetch_optional(connection)
    .await
}

pub(super) async fn delete_old_letters(connection: &mut PgConnection, before: DateTime<Utc>) -> Result<()> {
    sqlx::query!("delete from letters where created_at < $1 and state not in ('waiting', 'sending')", before).execute(connection).await?;
    Ok(())
}
