//! SQL about who is to score an attempt.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

type Result<T> = std::result::Result<T, sqlx::Error>;

/// Who is to review an attempt: the one whose it is, else the course's curators, as far as they still are staff and not on leave; nobody
/// reviews their own.
pub(in crate::features::quizzes::server) async fn reviewers(
    connection: &mut PgConnection,
    attempt_id: Uuid,
    now: DateTime<Utc>,
) -> Result<Vec<Uuid>> {
    sqlx::query_scalar!(
        r#"select u.id as "id!" from test_attempts a
           join course_enrollments e on e.id = a.enrollment_id
           left join attempt_owners o on o.attempt_id = a.id and coalesce(o.on_leave_until <= $2, true)
           join users u on u.is_active and u.role <> 'student' and u.id <> a.user_id and coalesce(u.on_leave_until <= $2, true)
                and case when o.user_id is null
                         then exists (select from course_curators cc where cc.course_id = e.course_id and cc.user_id = u.id)
                         else u.id = o.user_id end
           where a.id = $1 order by u.id"#,
        attempt_id,
        now
    )
    .fetch_all(connection)
    .await
}

/// The waiting attempts of a curator that another one may review, held until the end of the transaction.
pub(super) async fn lock_owned(connection: &mut PgConnection, owner_id: Uuid, other_id: Uuid) -> Result<Vec<Uuid>> {
    sqlx::query_scalar!(
        "select a.id from test_attempts a join course_enrollments e on e.id = a.enrollment_id
         where a.state = 'needs_review' and coalesce(a.owner_id, e.curator_id) = $1 and a.user_id <> $2
           and exists (select from course_curators cc where cc.course_id = e.course_id and cc.user_id = $2)
         order by a.id for update of a",
        owner_id,
        other_id
    )
    .fetch_all(connection)
    .await
}

pub(super) async fn set_owner(connection: &mut PgConnection, id: Uuid, owner_id: Uuid) -> Result<()> {
    sqlx::query!("update test_attempts set owner_id = $2 where id = $1", id, owner_id).execute(connection).await?;
    Ok(())
}
