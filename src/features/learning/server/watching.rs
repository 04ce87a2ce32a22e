//! What a learner watched of a lesson's video, and where the player was.

use super::outline::state_of;
use super::{access, progress, progress_queries as queries};
use crate::features::files::server as files;
use crate::features::learning::model::{WatchState, Watched};
use crate::features::learning::rules::watched::{LONGEST, merge, share};
use crate::server::authz::{self, LearnInCourse, LearnLesson};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use chrono::DateTime;
use sqlx::types::Json;
use uuid::Uuid;

/// A player that is asked every few seconds says no more at once.
const STRETCHES: usize = 500;

/// Adds what was watched, completes the lesson when that was enough. Nothing shrinks; of two positions the later one by the
/// reader's clock holds, and a clock that runs ahead counts as ours.
pub async fn save(ctx: &Ctx, slug: &str, lesson_id: Uuid, watched: Watched) -> Result<WatchState> {
    let mut tx = ctx.begin().await?;
    let course = access::course_by_slug(&mut tx, ctx, slug).await?;
    let _permit = authz::permit(&ctx.actor, LearnInCourse(course.facts.clone()))?;
    let (Some(user_id), Some(enrollment_id)) = (ctx.actor.id(), course.enrollment_id) else { return Err(ServiceError::NotFound) };
    queries::lock_enrollment(&mut tx, enrollment_id).await?;
    let lesson = access::lesson(&mut tx, ctx, &course, lesson_id).await?;
    let _lesson_permit = authz::permit(&ctx.actor, LearnLesson(lesson.facts))?;
    let length = match queries::video_seconds(&mut tx, lesson_id).await? {
        Some(seconds) => seconds,
        // Nobody measured it: the place is kept all the same.
        None if files::service::shows_video(&mut tx, lesson_id).await? => LONGEST,
        None => return Err(ServiceError::NotFound),
    };
    let mut row = queries::lock_watched(&mut tx, user_id, lesson_id, ctx.now()).await?;
    let new = watched.stretches.get(..STRETCHES).unwrap_or(&watched.stretches);
    row.watched = Json(merge(&row.watched, new, length));
    let at = DateTime::from_timestamp_millis(watched.at_unix_ms).unwrap_or_else(|| ctx.now()).min(ctx.now());
    if row.position_at.is_none_or(|before| before <= at) {
        row.position = watched.position.clamp(0, length.min(LONGEST));
        row.position_at = Some(at);
    }
    queries::update_watched(&mut tx, user_id, lesson_id, &row).await?;
    progress::refresh_lesson(&mut tx, ctx, enrollment_id, lesson_id, "video").await?;
    let state = queries::lesson_state(&mut tx, user_id, lesson_id).await?;
    tx.commit().await?;
    Ok(WatchState { share: share(&row.watched, length), state: state_of(state.as_deref()) })
}
