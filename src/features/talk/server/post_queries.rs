//! SQL about posts.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

type Result<T> = std::result::Result<T, sqlx::Error>;

/// What one person writes is written one after the other, so that a double press finds the first.
pub(super) async fn lock_author(connection: &mut PgConnection, author_id: Uuid) -> Result<()> {
    sqlx::query!("select pg_advisory_xact_lock(hashtextextended('talk' || $1::text, 0))", author_id.to_string()).execute(connection).await?;
    Ok(())
}

pub(super) struct SentRow {
    pub thread_id: Uuid,
    pub number: i32,
    pub body_md: String,
}

/// What was written with a form before.
pub(super) async fn post_by_form_key(connection: &mut PgConnection, author_id: Uuid, form_key: Uuid) -> Result<Option<SentRow>> {
    sqlx::query_as!(SentRow, "select thread_id, number, body_md from talk_posts where author_id = $1 and form_key = $2", author_id, form_key)
        .fetch_optional(connection)
        .await
}

pub(super) struct NewThread {
    pub id: Uuid,
    pub course_id: Uuid,
    pub lesson_id: Uuid,
    pub author_id: Uuid,
    pub is_private: bool,
    pub now: DateTime<Utc>,
}

/// A thread under a lesson.
pub(super) async fn insert_thread(connection: &mut PgConnection, row: NewThread) -> Result<()> {
    sqlx::query!(
        "insert into talk_threads (id, course_id, subject_type, lesson_id, author_id, is_private, created_at) values ($1, $2, 'lesson', $3, $4, $5, $6)",
        row.id,
        row.course_id,
        row.lesson_id,
        row.author_id,
        row.is_private,
        row.now
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// A post's text in its three forms.
pub(super) struct Body<'a> {
    pub md: &'a str,
    pub html: &'a str,
    pub excerpt: &'a str,
    pub renderer_version: i32,
}

pub(super) struct NewPost<'a> {
    pub id: Uuid,
    pub thread_id: Uuid,
    pub author_id: Uuid,
    pub is_by_staff: bool,
    pub is_answer: bool,
    pub body: Body<'a>,
    pub form_key: Uuid,
    pub now: DateTime<Utc>,
}

/// A post at the end of its thread, which is locked; gives its number.
pub(super) async fn insert_post(connection: &mut PgConnection, row: NewPost<'_>) -> Result<i32> {
    sqlx::query_scalar!(
        "insert into talk_posts (id, thread_id, number, author_id, is_by_staff, is_answer, body_md, body_html, excerpt, renderer_version, form_key, created_at)
         select $1, $2, coalesce(max(number), 0) + 1, $3, $4, $5, $6, $7, $8, $9, $10, $11 from talk_posts where thread_id = $2
         returning number",
        row.id,
        row.thread_id,
        row.author_id,
        row.is_by_staff,
        row.is_answer,
        row.body.md,
        row.body.html,
        row.body.excerpt,
        row.body.renderer_version,
        row.form_key,
        row.now
    )
    .fetch_one(connection)
    .await
}

pub(super) struct PostRow {
    pub id: Uuid,
    pub number: i32,
    pub author_id: Uuid,
    pub author: String,
    pub author_photo: Option<Uuid>,
    pub is_by_staff: bool,
    pub is_answer: bool,
    pub body_md: String,
    pub body_html: String,
    pub created_at: DateTime<Utc>,
    pub is_edited: bool,
    pub is_withdrawn: bool,
    pub hidden_reason: Option<String>,
}

/// The question, and up to `limit` replies with numbers below `before`; the latest first, the question last.
pub(super) async fn posts_of_thread(connection: &mut PgConnection, thread_id: Uuid, before: i32, limit: i64) -> Result<Vec<PostRow>> {
    sqlx::query_as!(
        PostRow,
        r#"select p.id, p.number, p.author_id, u.full_name as author, u.photo_file_id as author_photo, p.is_by_staff, p.is_answer, p.body_md, p.body_html,
                  p.created_at, p.edited_at is not null as "is_edited!", p.withdrawn_at is not null as "is_withdrawn!", p.hidden_reason
           from talk_posts p join users u on u.id = p.author_id
           where p.thread_id = $1 and (p.number = 1 or p.number in (
               select number from talk_posts where thread_id = $1 and number > 1 and number < $2 order by number desc limit $3))
           order by p.number desc"#,
        thread_id,
        before,
        limit
    )
    .fetch_all(connection)
    .await
}

pub(super) struct LockedPost {
    pub number: i32,
    pub author_id: Uuid,
    pub is_answer: bool,
    pub is_hidden: bool,
    pub is_withdrawn: bool,
    pub body_md: String,
    pub created_at: DateTime<Utc>,
}

pub(super) async fn lock_post(connection: &mut PgConnection, thread_id: Uuid, id: Uuid) -> Result<Option<LockedPost>> {
    sqlx::query_as!(
        LockedPost,
        r#"select number, author_id, is_answer, hidden_at is not null as "is_hidden!", withdrawn_at is not null as "is_withdrawn!", body_md, created_at
           from talk_posts where thread_id = $1 and id = $2 for update"#,
        thread_id,
        id
    )
    .fetch_optional(connection)
    .await
}

pub(super) async fn update_body(connection: &mut PgConnection, id: Uuid, body: Body<'_>, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!(
        "update talk_posts set body_md = $2, body_html = $3, excerpt = $4, renderer_version = $5, edited_at = $6 where id = $1",
        id,
        body.md,
        body.html,
        body.excerpt,
        body.renderer_version,
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Takes a post's words away for good.
pub(super) async fn withdraw_post(connection: &mut PgConnection, id: Uuid, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!("update talk_posts set body_md = '', body_html = '', excerpt = '', is_answer = false, withdrawn_at = $2 where id = $1", id, now)
        .execute(connection)
        .await?;
    Ok(())
}

/// Hides a post (by whom, why, when), or shows it again.
pub(super) async fn update_hidden(connection: &mut PgConnection, id: Uuid, hidden: Option<(Uuid, &str, DateTime<Utc>)>) -> Result<()> {
    sqlx::query!(
        "update talk_posts set hidden_by = $2, hidden_reason = $3, hidden_at = $4 where id = $1",
        id,
        hidden.map(|(by, ..)| by),
        hidden.map(|(_, reason, _)| reason),
        hidden.map(|(.., at)| at)
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn update_answer(connection: &mut PgConnection, id: Uuid, is_answer: bool) -> Result<()> {
    sqlx::query!("update talk_posts set is_answer = $2 where id = $1", id, is_answer).execute(connection).await?;
    Ok(())
}
