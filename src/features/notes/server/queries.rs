//! SQL about notes. Every query names their owner.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

type Result<T> = std::result::Result<T, sqlx::Error>;

pub(super) struct NoteRow {
    pub id: Uuid,
    pub quote: String,
    pub quote_before: String,
    pub quote_after: String,
    pub body: String,
    pub version: i32,
    pub updated_at: DateTime<Utc>,
    pub is_copy: bool,
    pub is_deleted: bool,
}

/// A person's newest notes in a lesson, in the order in which they were begun; with those deleted since a moment.
pub(super) async fn notes_of_lesson(
    connection: &mut PgConnection,
    user_id: Uuid,
    lesson_id: Uuid,
    deleted_since: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<NoteRow>> {
    sqlx::query_as!(
        NoteRow,
        r#"select * from (
               select id, quote, quote_before, quote_after, body, version, updated_at, copy_of is not null as "is_copy!",
                      deleted_at is not null as "is_deleted!"
               from lesson_notes where user_id = $1 and lesson_id = $2 and (deleted_at is null or deleted_at > $3)
               order by id desc limit $4
           ) newest order by id"#,
        user_id,
        lesson_id,
        deleted_since,
        limit
    )
    .fetch_all(connection)
    .await
}

pub(super) async fn count_in_lesson(connection: &mut PgConnection, user_id: Uuid, lesson_id: Uuid) -> Result<i64> {
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from lesson_notes where user_id = $1 and lesson_id = $2 and deleted_at is null"#,
        user_id,
        lesson_id
    )
    .fetch_one(connection)
    .await
}

pub(super) struct LineRow {
    pub id: Uuid,
    pub lesson_id: Uuid,
    pub lesson_title: String,
    pub quote: String,
    pub body: String,
    pub version: i32,
    pub updated_at: DateTime<Utc>,
    pub is_copy: bool,
    pub is_deleted: bool,
}

/// A person's notes in a course, the newest first.
pub(super) async fn notes_of_course(
    connection: &mut PgConnection,
    user_id: Uuid,
    course_id: Uuid,
    deleted_since: DateTime<Utc>,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<LineRow>> {
    sqlx::query_as!(
        LineRow,
        r#"select n.id, n.lesson_id, l.title as lesson_title, n.quote, n.body, n.version, n.updated_at, n.copy_of is not null as "is_copy!",
                  n.deleted_at is not null as "is_deleted!"
           from lesson_notes n join lessons l on l.id = n.lesson_id
           where n.user_id = $1 and n.course_id = $2 and (n.deleted_at is null or n.deleted_at > $3) and ($4::uuid is null or n.id < $4)
           order by n.id desc limit $5"#,
        user_id,
        course_id,
        deleted_since,
        after,
        limit
    )
    .fetch_all(connection)
    .await
}

pub(super) async fn count_in_course(connection: &mut PgConnection, user_id: Uuid, course_id: Uuid) -> Result<i64> {
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from lesson_notes where user_id = $1 and course_id = $2 and deleted_at is null"#,
        user_id,
        course_id
    )
    .fetch_one(connection)
    .await
}

pub(super) struct LockedNote {
    pub course_id: Uuid,
    pub lesson_id: Uuid,
    pub quote: String,
    pub quote_before: String,
    pub quote_after: String,
    pub body: String,
    pub version: i32,
    pub writer: Uuid,
    pub step: i32,
    pub is_copy: bool,
    pub is_deleted: bool,
    pub updated_at: DateTime<Utc>,
}

/// A note of this person, held until the transaction ends.
pub(super) async fn lock_note(connection: &mut PgConnection, user_id: Uuid, id: Uuid) -> Result<Option<LockedNote>> {
    sqlx::query_as!(
        LockedNote,
        r#"select course_id, lesson_id, quote, quote_before, quote_after, body, version, writer, step, copy_of is not null as "is_copy!",
                  deleted_at is not null as "is_deleted!", updated_at
           from lesson_notes where id = $1 and user_id = $2 for update"#,
        id,
        user_id
    )
    .fetch_optional(connection)
    .await
}

/// The note that keeps these words beside another one.
pub(super) async fn copy_of(connection: &mut PgConnection, user_id: Uuid, id: Uuid, body: &str) -> Result<Option<Uuid>> {
    sqlx::query_scalar!("select id from lesson_notes where user_id = $1 and copy_of = $2 and body = $3 order by id limit 1", user_id, id, body)
        .fetch_optional(connection)
        .await
}

pub(super) struct NewNote<'a> {
    pub id: Uuid,
    pub user_id: Uuid,
    pub course_id: Uuid,
    pub lesson_id: Uuid,
    /// Quote, before, after.
    pub quote: [&'a str; 3],
    pub body: &'a str,
    pub writer: Uuid,
    pub step: i32,
    pub copy_of: Option<Uuid>,
    pub now: DateTime<Utc>,
}

/// Inserts a note unless its id is there; whether it did.
pub(super) async fn insert_note(connection: &mut PgConnection, row: NewNote<'_>) -> Result<bool> {
    let done = sqlx::query!(
        "insert into lesson_notes (id, user_id, course_id, lesson_id, quote, quote_before, quote_after, body, version, writer, step, copy_of, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9, $10, $11, $12, $12) on conflict on constraint lesson_notes_pkey do nothing",
        row.id,
        row.user_id,
        row.course_id,
        row.lesson_id,
        row.quote[0],
        row.quote[1],
        row.quote[2],
        row.body,
        row.writer,
        row.step,
        row.copy_of,
        row.now
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// New words for a note; one that was deleted meanwhile is there again.
pub(super) async fn update_note(connection: &mut PgConnection, id: Uuid, body: &str, writer: Uuid, step: i32, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!(
        "update lesson_notes set body = $2, writer = $3, step = $4, version = version + 1, updated_at = $5, deleted_at = null where id = $1",
        id,
        body,
        writer,
        step,
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn update_deleted(connection: &mut PgConnection, id: Uuid, deleted_at: Option<DateTime<Utc>>) -> Result<()> {
    sqlx::query!("update lesson_notes set deleted_at = $2 where id = $1", id, deleted_at).execute(connection).await?;
    Ok(())
}

pub(super) async fn purge(connection: &mut PgConnection, before: DateTime<Utc>) -> Result<()> {
    sqlx::query!("delete from lesson_notes where deleted_at < $1", before).execute(connection).await?;
    Ok(())
}
