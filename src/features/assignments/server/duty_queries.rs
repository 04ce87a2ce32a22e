//! SQL of curators' duty: whose queue may go to whom, who is on leave.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

type Result<T> = std::result::Result<T, sqlx::Error>;

pub(super) struct StandingRow {
    pub on_leave_until: Option<DateTime<Utc>>,
    pub reviews: bool,
}

/// How somebody of the staff stands.
pub(super) async fn standing(connection: &mut PgConnection, user_id: Uuid) -> Result<Option<StandingRow>> {
    sqlx::query_as!(
        StandingRow,
        r#"select u.on_leave_until, exists (select from course_curators cc where cc.user_id = u.id)
                  or exists (select from course_enrollments e where e.curator_id = u.id) as "reviews!"
           from users u where u.id = $1 and u.role <> 'student'"#,
        user_id
    )
    .fetch_optional(connection)
    .await
}

/// Holds somebody of the staff until the end of the transaction; whether there is one.
pub(super) async fn lock_curator(connection: &mut PgConnection, user_id: Uuid) -> Result<bool> {
    let found =
        sqlx::query_scalar!("select id from users where id = $1 and role <> 'student' for no key update", user_id).fetch_optional(connection).await?;
    Ok(found.is_some())
}

/// Until when somebody is on leave; not any more without.
pub(super) async fn set_leave(connection: &mut PgConnection, user_id: Uuid, until: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!("update users set on_leave_until = $2, updated_at = $3 where id = $1", user_id, until, now).execute(connection).await?;
    Ok(())
}

/// A curator to hand a queue over to.
pub(super) struct CuratorRow {
    pub id: Uuid,
    pub name: String,
}

/// Who else reviews in the courses of a curator, and is there.
pub(super) async fn colleagues(connection: &mut PgConnection, curator_id: Uuid, now: DateTime<Utc>) -> Result<Vec<CuratorRow>> {
    sqlx::query_as!(
        CuratorRow,
        "select u.id, u.full_name as name from users u
         where u.id <> $1 and u.is_active and u.role <> 'student' and coalesce(u.on_leave_until <= $2, true)
           and exists (select from course_curators cc where cc.user_id = u.id
                       and (exists (select from course_curators own where own.course_id = cc.course_id and own.user_id = $1)
                            or exists (select from course_enrollments e where e.course_id = cc.course_id and e.curator_id = $1)))
         order by u.full_name, u.id limit 100",
        curator_id,
        now
    )
    .fetch_all(connection)
    .await
}

/// The waiting works of a curator, held until the end of the transaction: those that another one may review, or all.
pub(super) async fn lock_owned(connection: &mut PgConnection, owner_id: Uuid, other_id: Option<Uuid>) -> Result<Vec<Uuid>> {
    sqlx::query_scalar!(
        "select s.id from assignment_submissions s join course_enrollments e on e.id = s.enrollment_id
         where s.owner_id = $1 and s.state in ('submitted', 'in_review')
           and ($2::uuid is null or (s.user_id <> $2
                and exists (select from course_curators cc where cc.course_id = e.course_id and cc.user_id = $2)))
         order by s.id for update of s",
        owner_id,
        other_id
    )
    .fetch_all(connection)
    .await
}
