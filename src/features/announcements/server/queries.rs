//! SQL about announcements and who has read them.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

type Result<T> = std::result::Result<T, sqlx::Error>;

pub(super) struct TargetRow {
    pub course_id: Uuid,
    pub course_title: String,
    pub group_id: Option<Uuid>,
    pub group_name: Option<String>,
    pub learners: i64,
}

/// Courses and their groups, of a curator or all, with how many learn there now.
pub(super) async fn targets(connection: &mut PgConnection, curator_id: Option<Uuid>, now: DateTime<Utc>) -> Result<Vec<TargetRow>> {
    sqlx::query_as!(
        TargetRow,
        r#"select c.id as course_id, c.title as course_title, g.id as "group_id?", g.name as "group_name?",
                  (select count(*) from course_enrollments e where e.course_id = c.id and (g.id is null or e.group_id = g.id)
                   and e.state in ('active', 'completed') and e.starts_at <= $2 and (e.expires_at is null or e.expires_at > $2)) as "learners!"
           from courses c
           join lateral (select id, name from course_groups where course_id = c.id union all select null, null) g on true
           where c.status <> 'draft' and ($1::uuid is null or exists (select from course_curators cc where cc.course_id = c.id and cc.user_id = $1))
           order by c.position, c.id, g.name nulls first"#,
        curator_id,
        now
    )
    .fetch_all(connection)
    .await
}

pub(super) async fn is_group_of(connection: &mut PgConnection, group_id: Uuid, course_id: Uuid) -> Result<bool> {
    let found = sqlx::query_scalar!("select 1 as one from course_groups where id = $1 and course_id = $2", group_id, course_id)
        .fetch_optional(connection)
        .await?;
    Ok(found.is_some())
}

pub(super) struct SentBeforeRow {
    pub title: String,
    pub body_md: String,
}

/// What was published with a form before.
pub(super) async fn announcement_by_form_key(connection: &mut PgConnection, author_id: Uuid, form_key: Uuid) -> Result<Option<SentBeforeRow>> {
    sqlx::query_as!(SentBeforeRow, "select title, body_md from announcements where author_id = $1 and form_key = $2", author_id, form_key)
        .fetch_optional(connection)
        .await
}

pub(super) struct NewAnnouncement<'a> {
    pub id: Uuid,
    pub course_id: Uuid,
    pub group_id: Option<Uuid>,
    pub author_id: Uuid,
    pub title: &'a str,
    pub body_md: &'a str,
    pub body_html: &'a str,
    pub renderer_version: i32,
    pub form_key: Uuid,
    pub now: DateTime<Utc>,
}

/// An announcement, unless its form was sent before. Gives whether it is new.
pub(super) async fn insert_announcement(connection: &mut PgConnection, row: NewAnnouncement<'_>) -> Result<bool> {
    let done = sqlx::query!(
        "insert into announcements (id, course_id, group_id, author_id, title, body_md, body_html, renderer_version, form_key, published_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict on constraint announcements_form_key_unique do nothing",
        row.id,
        row.course_id,
        row.group_id,
        row.author_id,
        row.title,
        row.body_md,
        row.body_html,
        row.renderer_version,
        row.form_key,
        row.now
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Whom it reaches: who learns in its course or group at this moment.
pub(super) async fn insert_recipients(connection: &mut PgConnection, id: Uuid, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!(
        "insert into announcement_recipients (announcement_id, user_id)
         select a.id, e.user_id from announcements a join course_enrollments e on e.course_id = a.course_id join users u on u.id = e.user_id
         where a.id = $1 and (a.group_id is null or e.group_id = a.group_id) and u.is_active
           and e.state in ('active', 'completed') and e.starts_at <= $2 and (e.expires_at is null or e.expires_at > $2)",
        id,
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) struct AnnouncementRow {
    pub course_id: Uuid,
    pub course_title: String,
    pub author: String,
    pub title: String,
    pub body_html: String,
    pub published_at: DateTime<Utc>,
    pub is_withdrawn: bool,
    pub is_curator: bool,
    pub is_recipient: bool,
}

/// An announcement with what it is to a person.
pub(super) async fn announcement_by_id(connection: &mut PgConnection, id: Uuid, user_id: Uuid) -> Result<Option<AnnouncementRow>> {
    sqlx::query_as!(
        AnnouncementRow,
        r#"select a.course_id, c.title as course_title, u.full_name as author, a.title, a.body_html, a.published_at,
                  a.withdrawn_at is not null as "is_withdrawn!",
                  exists (select from course_curators cc where cc.course_id = a.course_id and cc.user_id = $2) as "is_curator!",
                  exists (select from announcement_recipients r where r.announcement_id = a.id and r.user_id = $2) as "is_recipient!"
           from announcements a join courses c on c.id = a.course_id join users u on u.id = a.author_id
           where a.id = $1"#,
        id,
        user_id
    )
    .fetch_optional(connection)
    .await
}

pub(super) async fn is_curator(connection: &mut PgConnection, course_id: Uuid, user_id: Uuid) -> Result<bool> {
    let found = sqlx::query_scalar!("select 1 as one from course_curators where course_id = $1 and user_id = $2", course_id, user_id)
        .fetch_optional(connection)
        .await?;
    Ok(found.is_some())
}

/// Remembers the first opening.
pub(super) async fn mark_read(connection: &mut PgConnection, id: Uuid, user_id: Uuid, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!("update announcement_recipients set read_at = $3 where announcement_id = $1 and user_id = $2 and read_at is null", id, user_id, now)
        .execute(connection)
        .await?;
    Ok(())
}

/// Takes it back; gives whether it stood.
pub(super) async fn withdraw(connection: &mut PgConnection, id: Uuid, by: Uuid, now: DateTime<Utc>) -> Result<bool> {
    let done = sqlx::query!("update announcements set withdrawn_at = $3, withdrawn_by = $2 where id = $1 and withdrawn_at is null", id, by, now)
        .execute(connection)
        .await?;
    Ok(done.rows_affected() > 0)
}

pub(super) struct SentRow {
    pub id: Uuid,
    pub title: String,
    pub course_title: String,
    pub group_name: Option<String>,
    pub author: String,
    pub published_at: DateTime<Utc>,
    pub is_withdrawn: bool,
    pub recipients: i64,
    pub readers: i64,
}

/// The latest announcements of a curator's courses or of all, with their readers counted.
pub(super) async fn sent(connection: &mut PgConnection, curator_id: Option<Uuid>) -> Result<Vec<SentRow>> {
    sqlx::query_as!(
        SentRow,
        r#"select a.id, a.title, c.title as course_title, g.name as "group_name?", u.full_name as author, a.published_at,
                  a.withdrawn_at is not null as "is_withdrawn!",
                  (select count(*) from announcement_recipients r where r.announcement_id = a.id) as "recipients!",
                  (select count(*) from announcement_recipients r where r.announcement_id = a.id and r.read_at is not null) as "readers!"
           from announcements a join courses c on c.id = a.course_id join users u on u.id = a.author_id
           left join course_groups g on g.id = a.group_id
           where $1::uuid is null or exists (select from course_curators cc where cc.course_id = a.course_id and cc.user_id = $1)
           order by a.published_at desc, a.id desc limit 100"#,
        curator_id
    )
    .fetch_all(connection)
    .await
}

pub(super) struct MineRow {
    pub id: Uuid,
    pub title: String,
    pub course_title: String,
    pub published_at: DateTime<Utc>,
    pub is_read: bool,
}

/// What reached a person and stands, unread first, then the newest.
pub(super) async fn mine(connection: &mut PgConnection, user_id: Uuid, limit: i64) -> Result<Vec<MineRow>> {
    sqlx::query_as!(
        MineRow,
        r#"select a.id, a.title, c.title as course_title, a.published_at, r.read_at is not null as "is_read!"
           from announcement_recipients r join announcements a on a.id = r.announcement_id join courses c on c.id = a.course_id
           where r.user_id = $1 and a.withdrawn_at is null
           order by r.read_at is not null, a.published_at desc, a.id desc limit $2"#,
        user_id,
        limit
    )
    .fetch_all(connection)
    .await
}

pub(super) struct PublishedRow {
    pub title: String,
    pub course_title: String,
}

/// An announcement that was not withdrawn, held as it is until the transaction ends.
pub(super) async fn share_published(connection: &mut PgConnection, id: Uuid) -> Result<Option<PublishedRow>> {
    sqlx::query_as!(
        PublishedRow,
        "select a.title, c.title as course_title from announcements a join courses c on c.id = a.course_id
         where a.id = $1 and a.withdrawn_at is null for share of a",
        id
    )
    .fetch_optional(connection)
    .await
}

/// Readers after one of them, by id.
pub(super) async fn recipients(connection: &mut PgConnection, id: Uuid, after: Option<Uuid>, limit: i64) -> Result<Vec<Uuid>> {
    sqlx::query_scalar!(
        "select user_id from announcement_recipients where announcement_id = $1 and ($2::uuid is null or user_id > $2) order by user_id limit $3",
        id,
        after,
        limit
    )
    .fetch_all(connection)
    .await
}

pub(super) struct StaleRow {
    pub id: Uuid,
    pub body_md: String,
}

/// Some that an older renderer made.
pub(super) async fn lock_stale(connection: &mut PgConnection, version: i32) -> Result<Vec<StaleRow>> {
    sqlx::query_as!(
        StaleRow,
        "select id, body_md from announcements where renderer_version < $1 order by id limit 50 for update skip locked",
        version
    )
    .fetch_all(connection)
    .await
}

pub(super) async fn update_html(connection: &mut PgConnection, id: Uuid, html: &str, version: i32) -> Result<()> {
    sqlx::query!("update announcements set body_html = $2, renderer_version = $3 where id = $1", id, html, version).execute(connection).await?;
    Ok(())
}
