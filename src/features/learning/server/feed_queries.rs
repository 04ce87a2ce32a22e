//! SQL about the feeds of deadlines.

use sqlx::PgConnection;
use uuid::Uuid;

type Result<T> = std::result::Result<T, sqlx::Error>;

/// How often a person made a new address of their feed.
pub(super) async fn generation(connection: &mut PgConnection, user_id: Uuid) -> Result<i32> {
    let found = sqlx::query_scalar!("select generation from calendar_feeds where user_id = $1", user_id).fetch_optional(connection).await?;
    Ok(found.unwrap_or(0))
}

pub(super) async fn next_generation(connection: &mut PgConnection, user_id: Uuid) -> Result<()> {
    sqlx::query!(
        "insert into calendar_feeds (user_id, generation) values ($1, 1)
         on conflict on constraint calendar_feeds_pkey do update set generation = calendar_feeds.generation + 1",
        user_id
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The courses of a person's enrolments that are not over, the oldest first. Whether they may be read is the policy's matter.
pub(super) async fn enrolled_courses(connection: &mut PgConnection, user_id: Uuid) -> Result<Vec<Uuid>> {
    sqlx::query_scalar!(
        "select course_id from course_enrollments where user_id = $1 and state in ('active', 'paused', 'completed')
         order by created_at, id limit 100",
        user_id
    )
    .fetch_all(connection)
    .await
}
