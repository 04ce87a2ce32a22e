//! SQL about lessons that staff opened for one person, and about telling that the moment came for which lessons waited.

use super::openings::Opening;
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

type Result<T> = std::result::Result<T, sqlx::Error>;

pub(super) struct RunningRow {
    pub enrollment_id: Uuid,
    pub user_id: Uuid,
    pub course_id: Uuid,
    pub course_title: String,
    pub course_version_id: Uuid,
    pub starts_at: DateTime<Utc>,
    pub time_zone: String,
}

/// The enrolments of a person that are within their term.
pub(super) async fn running_of(connection: &mut PgConnection, user_id: Uuid, now: DateTime<Utc>) -> Result<Vec<RunningRow>> {
    sqlx::query_as!(
        RunningRow,
        "select e.id as enrollment_id, e.user_id, e.course_id, c.title as course_title, e.course_version_id, e.starts_at, s.time_zone
         from course_enrollments e join courses c on c.id = e.course_id cross join school_settings s
         where e.user_id = $1 and e.state in ('active', 'paused', 'completed') and (e.expires_at is null or e.expires_at > $2)
         order by c.position, c.id limit 100",
        user_id,
        now
    )
    .fetch_all(connection)
    .await
}

pub(super) async fn running(connection: &mut PgConnection, enrollment_id: Uuid) -> Result<RunningRow> {
    sqlx::query_as!(
        RunningRow,
        "select e.id as enrollment_id, e.user_id, e.course_id, c.title as course_title, e.course_version_id, e.starts_at, s.time_zone
         from course_enrollments e join courses c on c.id = e.course_id cross join school_settings s where e.id = $1",
        enrollment_id
    )
    .fetch_one(connection)
    .await
}

pub(super) async fn openings_of(connection: &mut PgConnection, user_id: Uuid) -> Result<Vec<Opening>> {
    sqlx::query_as!(
        Opening,
        r#"select o.id, l.title, c.title as course_title, u.full_name as "opened_by?", o.reason, o.created_at as at
           from lesson_openings o
           join course_enrollments e on e.id = o.enrollment_id
           join courses c on c.id = e.course_id
           join lessons l on l.id = o.lesson_id
           left join users u on u.id = o.opened_by
           where e.user_id = $1 and e.state in ('active', 'paused', 'completed') order by o.created_at desc, o.id limit 200"#,
        user_id
    )
    .fetch_all(connection)
    .await
}

pub(super) struct NewOpening<'a> {
    pub id: Uuid,
    pub enrollment_id: Uuid,
    pub lesson_id: Uuid,
    pub opened_by: Option<Uuid>,
    pub reason: &'a str,
    pub now: DateTime<Utc>,
}

pub(super) async fn insert_opening(connection: &mut PgConnection, row: NewOpening<'_>) -> Result<()> {
    sqlx::query!(
        "insert into lesson_openings (id, enrollment_id, lesson_id, opened_by, reason, created_at) values ($1, $2, $3, $4, $5, $6)",
        row.id,
        row.enrollment_id,
        row.lesson_id,
        row.opened_by,
        row.reason,
        row.now
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) struct OpeningRow {
    pub course_id: Uuid,
    pub lesson_id: Uuid,
}

/// Deletes an opening of a person; `None` when they have none of this id.
pub(super) async fn delete_opening(connection: &mut PgConnection, user_id: Uuid, id: Uuid) -> Result<Option<OpeningRow>> {
    sqlx::query_as!(
        OpeningRow,
        "delete from lesson_openings o using course_enrollments e where o.id = $2 and e.id = o.enrollment_id and e.user_id = $1
         returning e.course_id, o.lesson_id",
        user_id,
        id
    )
    .fetch_optional(connection)
    .await
}

/// Enrolments within their term with a lesson for which a moment is set that may have come and is not settled, locked; those that
/// somebody else works on are left to a later time. Whether the moment has come is decided elsewhere: a day more or less is too
/// many here, not too few.
pub(super) async fn lock_expecting(connection: &mut PgConnection, after: Uuid, now: DateTime<Utc>, limit: i64) -> Result<Vec<RunningRow>> {
    sqlx::query_as!(
        RunningRow,
        "select e.id as enrollment_id, e.user_id, e.course_id, c.title as course_title, e.course_version_id, e.starts_at, s.time_zone
         from course_enrollments e join courses c on c.id = e.course_id cross join school_settings s
         where e.id > $1 and e.state in ('active', 'completed') and e.starts_at <= $2 and (e.expires_at is null or e.expires_at > $2)
           and c.status <> 'draft' and exists (
               select from course_version_lessons l
               join course_version_modules m on m.course_version_id = l.course_version_id and m.module_id = l.module_id
               where l.course_version_id = e.course_version_id
                 and (l.opens in ('on_date', 'after_days') or m.opens in ('on_date', 'after_days'))
                 and coalesce(l.opens_at <= $2, true) and coalesce(m.opens_at <= $2, true)
                 and coalesce(e.starts_at + make_interval(days => l.opens_after_days - 1) <= $2, true)
                 and coalesce(e.starts_at + make_interval(days => m.opens_after_days - 1) <= $2, true)
                 and not exists (select from lesson_opening_news n where n.enrollment_id = e.id and n.lesson_id = l.lesson_id)
           )
         order by e.id limit $3 for update of e skip locked",
        after,
        now,
        limit
    )
    .fetch_all(connection)
    .await
}

/// The lessons of an enrolment's version for which a moment is set and not settled.
pub(super) async fn unsettled(connection: &mut PgConnection, enrollment_id: Uuid) -> Result<Vec<Uuid>> {
    sqlx::query_scalar!(
        "select l.lesson_id from course_enrollments e
         join course_version_lessons l on l.course_version_id = e.course_version_id
         join course_version_modules m on m.course_version_id = l.course_version_id and m.module_id = l.module_id
         where e.id = $1 and (l.opens in ('on_date', 'after_days') or m.opens in ('on_date', 'after_days'))
           and not exists (select from lesson_opening_news n where n.enrollment_id = e.id and n.lesson_id = l.lesson_id)",
        enrollment_id
    )
    .fetch_all(connection)
    .await
}

pub(super) async fn settle(connection: &mut PgConnection, enrollment_id: Uuid, lessons: &[Uuid], now: DateTime<Utc>) -> Result<()> {
    sqlx::query!(
        "insert into lesson_opening_news (enrollment_id, lesson_id, settled_at) select $1::uuid, id, $3::timestamptz from unnest($2::uuid[]) as id
         on conflict on constraint lesson_opening_news_pkey do nothing",
        enrollment_id,
        lessons,
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}
