//! Use cases of a course's staff: hide and show posts, mark answers, close threads. Doing one twice changes nothing.

use super::post_queries::{self as posts, LockedPost};
use super::{queries, service};
use crate::server::authz::{self, ModerateTalk};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::server::events::{self, Event};
use crate::server::reason;
use sqlx::PgConnection;
use uuid::Uuid;

/// Who moderates, in which course.
struct Moderator {
    user_id: Uuid,
    course_id: Uuid,
    is_closed: bool,
}

async fn moderator(connection: &mut PgConnection, ctx: &Ctx, thread_id: Uuid) -> Result<Moderator> {
    let (_, course, _permit) = service::permitted(connection, ctx, thread_id).await?;
    let (course_id, user_id) = (course.id, ctx.actor.signed_in()?);
    let _permit = authz::permit(&ctx.actor, ModerateTalk(course.facts))?;
    let is_closed = queries::lock_thread(connection, thread_id).await?.ok_or(ServiceError::NotFound)?;
    Ok(Moderator { user_id, course_id, is_closed })
}

async fn post_of(connection: &mut PgConnection, thread_id: Uuid, post_id: Uuid) -> Result<LockedPost> {
    posts::lock_post(connection, thread_id, post_id).await?.ok_or(ServiceError::NotFound)
}

/// Hides a post from all but its author and staff; its author sees the reason.
pub async fn hide(ctx: &Ctx, thread_id: Uuid, post_id: Uuid, field: &str, reason: &str) -> Result<()> {
    let mut tx = ctx.begin().await?;
    let Moderator { user_id, course_id, .. } = moderator(&mut tx, ctx, thread_id).await?;
    let post = post_of(&mut tx, thread_id, post_id).await?;
    let reason = reason::read(field, reason)?;
    if post.is_withdrawn {
        return Err(ServiceError::Conflict);
    }
    if !post.is_hidden {
        posts::update_hidden(&mut tx, post_id, Some((user_id, &reason, ctx.now()))).await?;
        queries::refresh_waiting(&mut tx, thread_id).await?;
        events::record(&mut tx, ctx, Event::PostHidden { thread_id, post_id, author_id: post.author_id, course_id }).await?;
    }
    Ok(tx.commit().await?)
}

/// Shows a hidden post again.
pub async fn show(ctx: &Ctx, thread_id: Uuid, post_id: Uuid) -> Result<()> {
    let mut tx = ctx.begin().await?;
    let Moderator { course_id, .. } = moderator(&mut tx, ctx, thread_id).await?;
    let post = post_of(&mut tx, thread_id, post_id).await?;
    if post.is_hidden {
        posts::update_hidden(&mut tx, post_id, None).await?;
        queries::refresh_waiting(&mut tx, thread_id).await?;
        events::record(&mut tx, ctx, Event::PostShown { thread_id, post_id, author_id: post.author_id, course_id }).await?;
    }
    Ok(tx.commit().await?)
}

/// Marks a reply as the answer, or takes the mark away.
pub async fn mark_answer(ctx: &Ctx, thread_id: Uuid, post_id: Uuid, is_answer: bool) -> Result<()> {
    let mut tx = ctx.begin().await?;
    moderator(&mut tx, ctx, thread_id).await?;
    let post = post_of(&mut tx, thread_id, post_id).await?;
    if post.number == 1 || post.is_withdrawn || post.is_hidden {
        return Err(ServiceError::Conflict);
    }
    if post.is_answer != is_answer {
        posts::update_answer(&mut tx, post_id, is_answer).await?;
        queries::refresh_waiting(&mut tx, thread_id).await?;
        events::record(&mut tx, ctx, Event::AnswerMarked { thread_id, post_id, author_id: post.author_id, is_answer }).await?;
    }
    Ok(tx.commit().await?)
}

/// Closes a thread for new replies, or opens it again.
pub async fn set_closed(ctx: &Ctx, thread_id: Uuid, is_closed: bool) -> Result<()> {
    let mut tx = ctx.begin().await?;
    let Moderator { user_id, course_id, is_closed: was_closed } = moderator(&mut tx, ctx, thread_id).await?;
    if was_closed != is_closed {
        queries::update_closed(&mut tx, thread_id, is_closed.then_some((user_id, ctx.now()))).await?;
        queries::refresh_waiting(&mut tx, thread_id).await?;
        events::record(&mut tx, ctx, Event::ThreadClosed { thread_id, course_id, is_closed }).await?;
    }
    Ok(tx.commit().await?)
}
