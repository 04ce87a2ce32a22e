//! All SQL of administration.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

type Result<T> = std::result::Result<T, sqlx::Error>;

pub(super) struct FiguresRow {
    pub students: i64,
    pub staff: i64,
    pub enrollments: i64,
    pub active_learners: i64,
    pub waiting: i64,
    pub overdue: i64,
}

pub(super) async fn figures(connection: &mut PgConnection, now: DateTime<Utc>) -> Result<FiguresRow> {
    sqlx::query_as!(
        FiguresRow,
        r#"select
               (select count(*) from users where role = 'student' and is_active) as "students!",
               (select count(*) from users where role <> 'student' and is_active) as "staff!",
               (select count(*) from course_enrollments where state in ('active', 'completed') and (expires_at is null or expires_at > $1)) as "enrollments!",
               (select count(distinct user_id) from lesson_progress where last_visited_at > $1::timestamptz - interval '7 days') as "active_learners!",
               (select count(*) from test_attempts where state = 'needs_review')
                   + (select count(*) from assignment_submissions where state in ('submitted', 'in_review')) as "waiting!",
               (select count(*) from test_attempts where state = 'needs_review' and review_due_at < $1)
                   + (select count(*) from assignment_submissions where state in ('submitted', 'in_review') and due_at < $1) as "overdue!""#,
        now
    )
    .fetch_one(connection)
    .await
}

pub(super) struct CourseFiguresRow {
    pub slug: String,
    pub title: String,
    pub learners: i64,
    pub progress: i32,
}

pub(super) async fn course_figures(connection: &mut PgConnection, now: DateTime<Utc>) -> Result<Vec<CourseFiguresRow>> {
    sqlx::query_as!(
        CourseFiguresRow,
        r#"select c.slug, c.title, count(e.id) as "learners!", coalesce(avg(p.progress_percentage) * 100, 0)::int as "progress!"
           from courses c
           left join course_enrollments e on e.course_id = c.id and e.state in ('active', 'completed') and (e.expires_at is null or e.expires_at > $1)
           left join course_progress p on p.enrollment_id = e.id
           group by c.id order by c.position, c.id limit 100"#,
        now
    )
    .fetch_all(connection)
    .await
}

pub(super) struct UserRow {
    pub id: Uuid,
    pub full_name: String,
    pub email: String,
    pub role: String,
    pub is_active: bool,
    pub photo_file_id: Option<Uuid>,
    pub enrollments: i64,
    pub created_at: DateTime<Utc>,
}

/// A page of people, the newest accounts first. `pattern` is for `ilike`, empty for all; the collation makes it find Russian
/// names in any case whatever the database's own locale is.
pub(super) async fn list_users(
    connection: &mut PgConnection,
    pattern: &str,
    role: Option<&str>,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<UserRow>> {
    sqlx::query_as!(
        UserRow,
        r#"select u.id, u.full_name, u.email, u.role, u.is_active, u.photo_file_id, u.created_at,
                  (select count(*) from course_enrollments e where e.user_id = u.id and e.state in ('active', 'completed')) as "enrollments!"
           from users u
           where ($1 = '' or u.full_name collate "und-x-icu" ilike $1 or u.email ilike $1) and ($2::text is null or u.role = $2) and ($3::uuid is null or u.id < $3)
           order by u.id desc limit $4"#,
        pattern, role, after, limit
    )
    .fetch_all(connection)
    .await
}

pub(super) async fn count_users(connection: &mut PgConnection, pattern: &str, role: Option<&str>) -> Result<i64> {
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from users u where ($1 = '' or u.full_name collate "und-x-icu" ilike $1 or u.email ilike $1) and ($2::text is null or u.role = $2)"#,
        pattern, role
    )
    .fetch_one(connection)
    .await
}

pub(super) async fn user_by_id(connection: &mut PgConnection, id: Uuid) -> Result<Option<UserRow>> {
    sqlx::query_as!(
        UserRow,
        r#"select u.id, u.full_name, u.email, u.role, u.is_active, u.photo_file_id, u.created_at,
                  (select count(*) from course_enrollments e where e.user_id = u.id and e.state in ('active', 'completed')) as "enrollments!"
           from users u where u.id = $1"#,
        id
    )
    .fetch_optional(connection)
    .await
}

pub(super) struct SessionsRow {
    pub running: i64,
    pub last_seen_at: Option<DateTime<Utc>>,
}

pub(super) async fn sessions_of(connection: &mut PgConnection, user_id: Uuid, now: DateTime<Utc>) -> Result<SessionsRow> {
    sqlx::query_as!(
        SessionsRow,
        r#"select count(*) filter (where revoked_at is null and expires_at > $2) as "running!", max(last_seen_at) as last_seen_at
           from sessions where user_id = $1"#,
        user_id,
        now
    )
    .fetch_one(connection)
    .await
}

pub(super) struct EnrollmentRow {
    pub course_title: String,
    pub state: String,
    pub starts_at: DateTime<Utc>,
    pub expires_at: Option<DateTime<Utc>>,
    pub progress: i32,
    pub grant_reason: Option<String>,
}

pub(super) async fn enrollments_of(connection: &mut PgConnection, user_id: Uuid) -> Result<Vec<EnrollmentRow>> {
    sqlx::query_as!(
        EnrollmentRow,
        r#"select c.title as course_title, e.state, e.starts_at, e.expires_at, e.grant_reason,
                  coalesce((select (p.progress_percentage * 100)::int from course_progress p where p.enrollment_id = e.id), 0) as "progress!"
           from course_enrollments e join courses c on c.id = e.course_id
           where e.user_id = $1 order by e.created_at desc, e.id desc limit 100"#,
        user_id
    )
    .fetch_all(connection)
    .await
}

pub(super) struct ChoiceRow {
    pub id: Uuid,
    pub title: String,
}

pub(super) async fn courses_not_taken(connection: &mut PgConnection, user_id: Uuid, now: DateTime<Utc>) -> Result<Vec<ChoiceRow>> {
    sqlx::query_as!(
        ChoiceRow,
        "select c.id, c.title from courses c
         where c.status = 'published' and not exists (
             select from course_enrollments e where e.course_id = c.id and e.user_id = $1
               and e.state in ('active', 'paused', 'completed') and (e.expires_at is null or e.expires_at > $2))
         order by c.position, c.id",
        user_id,
        now
    )
    .fetch_all(connection)
    .await
}

pub(super) struct LogRow {
    pub occurred_at: DateTime<Utc>,
    pub action: String,
    pub actor: Option<String>,
}

/// The latest of what was done by or with an account.
pub(super) async fn log_of(connection: &mut PgConnection, user_id: Uuid) -> Result<Vec<LogRow>> {
    sqlx::query_as!(
        LogRow,
        r#"select l.occurred_at, l.action, u.full_name as "actor?"
           from activity_logs l left join users u on u.id = l.user_id
           where l.user_id = $1 or (l.subject_type = 'user' and l.subject_id = $1) or (l.action = 'enrolled' and l.after ->> 'user_id' = $2)
           order by l.occurred_at desc, l.id desc limit 20"#,
        user_id,
        user_id.to_string()
    )
    .fetch_all(connection)
    .await
}

pub(super) struct LockedUser {
    pub role: String,
    pub is_active: bool,
}

pub(super) async fn lock_user(connection: &mut PgConnection, id: Uuid) -> Result<Option<LockedUser>> {
    sqlx::query_as!(LockedUser, "select role, is_active from users where id = $1 for no key update", id).fetch_optional(connection).await
}

/// Active administrators, locked, so that two who are removed at once are not the last two.
pub(super) async fn lock_active_admins(connection: &mut PgConnection) -> Result<Vec<Uuid>> {
    sqlx::query_scalar!("select id from users where role = 'admin' and is_active order by id for no key update").fetch_all(connection).await
}

pub(super) async fn update_role(connection: &mut PgConnection, id: Uuid, role: &str, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!("update users set role = $2, updated_at = $3 where id = $1", id, role, now).execute(connection).await?;
    Ok(())
}

pub(super) async fn update_active(connection: &mut PgConnection, id: Uuid, is_active: bool, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!("update users set is_active = $2, updated_at = $3 where id = $1", id, is_active, now).execute(connection).await?;
    Ok(())
}
