//! SQL about threads: lists, what is unread, who waits, whom it concerns. Posts have their own file.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

type Result<T> = std::result::Result<T, sqlx::Error>;

pub(super) struct ThreadRow {
    pub course_id: Uuid,
    pub course_title: String,
    pub lesson_id: Uuid,
    pub lesson_title: String,
    pub author_id: Uuid,
    pub is_private: bool,
    pub is_closed: bool,
}

pub(super) async fn thread_by_id(connection: &mut PgConnection, id: Uuid) -> Result<Option<ThreadRow>> {
    sqlx::query_as!(
        ThreadRow,
        r#"select t.course_id, c.title as course_title, t.lesson_id, l.title as lesson_title, t.author_id, t.is_private,
                  t.closed_at is not null as "is_closed!"
           from talk_threads t join courses c on c.id = t.course_id join lessons l on l.id = t.lesson_id
           where t.id = $1"#,
        id
    )
    .fetch_optional(connection)
    .await
}

/// Of two changes of a thread at once the second waits; posts get their numbers under this lock.
pub(super) async fn lock_thread(connection: &mut PgConnection, id: Uuid) -> Result<Option<bool>> {
    sqlx::query_scalar!(r#"select closed_at is not null as "is_closed!" from talk_threads where id = $1 for update"#, id)
        .fetch_optional(connection)
        .await
}

/// Who reads a list: their id, and whether they see private threads of others.
#[derive(Clone, Copy)]
pub(super) struct Reader {
    pub user_id: Option<Uuid>,
    pub is_staff: bool,
}

pub(super) struct LineRow {
    pub id: Uuid,
    pub author_id: Uuid,
    pub author: String,
    pub excerpt: String,
    pub is_hidden: bool,
    pub is_withdrawn: bool,
    pub created_at: DateTime<Utc>,
    pub replies: i64,
    pub unread: i64,
    pub is_answered: bool,
    pub is_private: bool,
    /// From this one on, with it.
    pub total: i64,
}

/// Threads under a lesson that the reader may see, the newest first. A withdrawn question that nobody answered is gone.
pub(super) async fn list_threads(
    connection: &mut PgConnection,
    course_id: Uuid,
    lesson_id: Uuid,
    reader: Reader,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<LineRow>> {
    sqlx::query_as!(
        LineRow,
        r#"select t.id, t.author_id, u.full_name as author, q.excerpt, q.hidden_at is not null as "is_hidden!",
                  q.withdrawn_at is not null as "is_withdrawn!", t.created_at, t.is_private,
                  (select count(*) from talk_posts p where p.thread_id = t.id and p.number > 1
                   and p.hidden_at is null and p.withdrawn_at is null) as "replies!",
                  (select count(*) from talk_posts p where p.thread_id = t.id and p.number > coalesce(r.number, 0) and p.author_id <> $3
                   and p.hidden_at is null and p.withdrawn_at is null
                   and exists (select from talk_posts mine where mine.thread_id = t.id and mine.author_id = $3)) as "unread!",
                  exists (select from talk_posts p where p.thread_id = t.id and p.is_answer
                          and p.hidden_at is null and p.withdrawn_at is null) as "is_answered!",
                  count(*) over () as "total!"
           from talk_threads t
           join talk_posts q on q.thread_id = t.id and q.number = 1
           join users u on u.id = t.author_id
           left join talk_reads r on r.thread_id = t.id and r.user_id = $3
           where t.lesson_id = $2 and t.course_id = $1 and t.subject_type = 'lesson'
             and (not t.is_private or t.author_id = $3 or $4)
             and (q.withdrawn_at is null or exists (select from talk_posts p where p.thread_id = t.id and p.number > 1))
             and ($5::uuid is null or t.id < $5)
           order by t.id desc limit $6"#,
        course_id,
        lesson_id,
        reader.user_id,
        reader.is_staff,
        after,
        limit
    )
    .fetch_all(connection)
    .await
}

/// How many there are of them.
pub(super) async fn count_threads(connection: &mut PgConnection, course_id: Uuid, lesson_id: Uuid, reader: Reader) -> Result<i64> {
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from talk_threads t join talk_posts q on q.thread_id = t.id and q.number = 1
           where t.lesson_id = $2 and t.course_id = $1 and t.subject_type = 'lesson'
             and (not t.is_private or t.author_id = $3 or $4)
             and (q.withdrawn_at is null or exists (select from talk_posts p where p.thread_id = t.id and p.number > 1))"#,
        course_id,
        lesson_id,
        reader.user_id,
        reader.is_staff
    )
    .fetch_one(connection)
    .await
}

pub(super) struct UnreadRow {
    pub id: Uuid,
    pub author_id: Uuid,
    pub is_hidden: bool,
    pub is_withdrawn: bool,
    pub excerpt: String,
    pub course_title: String,
    pub lesson_title: String,
    pub unread: i64,
}

/// Threads in which a person wrote, with replies of others that they have not seen, where they have access now.
pub(super) async fn unread_threads(
    connection: &mut PgConnection,
    user_id: Uuid,
    sees_all: bool,
    now: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<UnreadRow>> {
    sqlx::query_as!(
        UnreadRow,
        r#"select t.id, t.author_id, q.hidden_at is not null as "is_hidden!", q.withdrawn_at is not null as "is_withdrawn!", q.excerpt,
                  c.title as course_title, l.title as lesson_title, count(*) as "unread!"
           from (select distinct thread_id from talk_posts where author_id = $1) mine
           join talk_threads t on t.id = mine.thread_id
           join talk_posts q on q.thread_id = t.id and q.number = 1
           left join talk_reads r on r.thread_id = t.id and r.user_id = $1
           join talk_posts p on p.thread_id = t.id and p.number > coalesce(r.number, 0) and p.author_id <> $1
                and p.hidden_at is null and p.withdrawn_at is null
           join courses c on c.id = t.course_id
           join lessons l on l.id = t.lesson_id
           where $2 or exists (select from course_curators cc join users u on u.id = cc.user_id
                               where cc.course_id = t.course_id and cc.user_id = $1 and u.role <> 'student')
              or (c.status <> 'draft' and (not t.is_private or t.author_id = $1) and exists (
                  select from course_enrollments e where e.course_id = t.course_id and e.user_id = $1 and e.state in ('active', 'completed')
                  and e.starts_at <= $3 and (e.expires_at is null or e.expires_at > $3)))
           group by t.id, q.id, c.id, l.id
           order by max(p.created_at) desc, t.id limit $4"#,
        user_id,
        sees_all,
        now,
        limit
    )
    .fetch_all(connection)
    .await
}

pub(super) struct WaitingRow {
    pub id: Uuid,
    pub learner: String,
    pub excerpt: String,
    pub course_title: String,
    pub lesson_title: String,
    pub is_private: bool,
    pub waiting_since: DateTime<Utc>,
    pub review_hours: i32,
}

/// Threads whose authors wait, of a curator's courses or of all, the longest waiting first; with the words they wait on.
pub(super) async fn waiting_threads(connection: &mut PgConnection, curator_id: Option<Uuid>) -> Result<Vec<WaitingRow>> {
    sqlx::query_as!(
        WaitingRow,
        r#"select t.id, u.full_name as learner, c.title as course_title, l.title as lesson_title, t.is_private,
                  t.waiting_since as "waiting_since!", c.review_hours,
                  coalesce((select p.excerpt from talk_posts p where p.thread_id = t.id and p.author_id = t.author_id and p.created_at >= t.waiting_since
                            and p.hidden_at is null and p.withdrawn_at is null order by p.number limit 1), '') as "excerpt!"
           from talk_threads t
           join users u on u.id = t.author_id
           join courses c on c.id = t.course_id
           join lessons l on l.id = t.lesson_id
           where t.waiting_since is not null
             and ($1::uuid is null or exists (select from course_curators cc where cc.course_id = t.course_id and cc.user_id = $1))
           order by t.waiting_since, t.id limit 200"#,
        curator_id
    )
    .fetch_all(connection)
    .await
}

/// Counts anew since when a thread's author waits: since their first post after the last answer, while the thread is open.
pub(super) async fn refresh_waiting(connection: &mut PgConnection, thread_id: Uuid) -> Result<()> {
    sqlx::query!(
        "update talk_threads t set waiting_since = (
             select p.created_at from talk_posts p
             where p.thread_id = t.id and t.closed_at is null and p.author_id = t.author_id and not p.is_by_staff and not p.is_answer
               and p.hidden_at is null and p.withdrawn_at is null
               and p.number > coalesce((select max(a.number) from talk_posts a where a.thread_id = t.id and a.is_answer
                                        and a.hidden_at is null and a.withdrawn_at is null), 0)
             order by p.number limit 1)
         where t.id = $1",
        thread_id
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Remembers up to which post a person has seen a thread; never backwards.
pub(super) async fn upsert_read(connection: &mut PgConnection, user_id: Uuid, thread_id: Uuid, number: i32, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!(
        "insert into talk_reads (user_id, thread_id, number, read_at) values ($1, $2, $3, $4)
         on conflict on constraint talk_reads_pkey do update set number = excluded.number, read_at = excluded.read_at
         where talk_reads.number < excluded.number",
        user_id,
        thread_id,
        number,
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn read_number(connection: &mut PgConnection, user_id: Uuid, thread_id: Uuid) -> Result<Option<i32>> {
    sqlx::query_scalar!("select number from talk_reads where user_id = $1 and thread_id = $2", user_id, thread_id).fetch_optional(connection).await
}

/// Who wrote in a thread and is still enrolled, and the course's curators: active accounts, each once.
pub(super) async fn audience(connection: &mut PgConnection, thread_id: Uuid) -> Result<Vec<Uuid>> {
    sqlx::query_scalar!(
        "select u.id from users u, talk_threads t
         where t.id = $1 and u.is_active and (
             exists (select from course_curators cc where cc.course_id = t.course_id and cc.user_id = u.id and u.role <> 'student')
             or (exists (select from talk_posts p where p.thread_id = t.id and p.author_id = u.id and p.withdrawn_at is null)
                 and (u.role = 'admin'
                      or ((not t.is_private or t.author_id = u.id)
                          and exists (select from courses c where c.id = t.course_id and c.status <> 'draft')
                          and exists (select from course_enrollments e where e.course_id = t.course_id and e.user_id = u.id
                                      and e.state in ('active', 'completed') and e.starts_at <= now() and (e.expires_at is null or e.expires_at > now()))))))
         order by u.id",
        thread_id
    )
    .fetch_all(connection)
    .await
}

pub(super) async fn update_closed(connection: &mut PgConnection, thread_id: Uuid, closed: Option<(Uuid, DateTime<Utc>)>) -> Result<()> {
    sqlx::query!(
        "update talk_threads set closed_by = $2, closed_at = $3 where id = $1",
        thread_id,
        closed.map(|(by, _)| by),
        closed.map(|(_, at)| at)
    )
    .execute(connection)
    .await?;
    Ok(())
}
