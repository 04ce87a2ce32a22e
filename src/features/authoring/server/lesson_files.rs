//! Use cases of the files of a lesson: they come and go in its draft, and reach its readers when it is published.

use super::lessons::html_of;
use super::{file_queries as queries, queries as texts};
use crate::features::files::model::LessonFile;
use crate::features::files::rules::Role;
use crate::features::files::server as files;
use crate::server::authz::{self, Administer};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::server::events::{self, Event, FileEvent};
use crate::shared::error::Problem;
use sqlx::PgConnection;
use uuid::Uuid;

const TITLE_MAX: u32 = 200;

/// A file for a lesson's draft.
#[derive(Clone, Copy, Debug)]
pub struct NewLessonFile {
    /// `files.id`.
    pub file_id: Uuid,
    /// What it is there for.
    pub role: Role,
}

/// Whether the asking person may put files into a lesson's draft.
///
/// # Errors
/// The refusal, or not found when the course has no such lesson.
pub async fn may_add(connection: &mut PgConnection, ctx: &Ctx, course_id: Uuid, lesson_id: Uuid) -> Result<()> {
    let _permit = authz::permit(&ctx.actor, Administer)?;
    if queries::has_lesson(connection, course_id, lesson_id).await? { Ok(()) } else { Err(ServiceError::NotFound) }
}

/// Puts a file into a lesson's draft, which begins with it if there is none.
pub async fn add(connection: &mut PgConnection, ctx: &Ctx, lesson_id: Uuid, file: NewLessonFile) -> Result<()> {
    let _permit = authz::permit(&ctx.actor, Administer)?;
    let version_id = draft(connection, ctx, lesson_id).await?;
    queries::insert(connection, version_id, file.file_id, file.role.code()).await?;
    if file.role == Role::Video {
        let seconds = files::video::seconds(connection, file.file_id).await?;
        queries::set_video_seconds(connection, version_id, seconds).await?;
    }
    Ok(())
}

/// The versions that show a video learn its length.
pub async fn video_was_measured(connection: &mut PgConnection, file_id: Uuid, seconds: i32) -> Result<()> {
    for version_id in queries::lock_versions_with_video(connection, file_id).await? {
        queries::set_video_seconds(connection, version_id, Some(seconds)).await?;
    }
    Ok(())
}

/// The draft of a lesson that is held until the end of the transaction.
async fn draft(connection: &mut PgConnection, ctx: &Ctx, lesson_id: Uuid) -> Result<Uuid> {
    queries::lock_lesson_alone(connection, lesson_id).await?.ok_or(ServiceError::NotFound)?;
    texts::open_draft(connection, ctx.new_id(), lesson_id, ctx.actor.id(), ctx.now()).await?;
    queries::newest_version(connection, lesson_id).await?.ok_or(ServiceError::NotFound)
}

/// The files that are edited: of the draft, else of what learners see.
pub async fn of_editor(connection: &mut PgConnection, lesson_id: Uuid) -> Result<Vec<LessonFile>> {
    match queries::newest_version(connection, lesson_id).await? {
        Some(version_id) => files::service::of_version(connection, version_id, None).await,
        None => Ok(Vec::new()),
    }
}

/// The same, for its author.
pub async fn files(ctx: &Ctx, course_id: Uuid, lesson_id: Uuid) -> Result<Vec<LessonFile>> {
    let mut connection = ctx.connection().await?;
    may_add(&mut connection, ctx, course_id, lesson_id).await?;
    of_editor(&mut connection, lesson_id).await
}

/// Takes a file out of a lesson's draft. Its readers keep it until the draft is published.
pub async fn remove(ctx: &Ctx, course_id: Uuid, lesson_id: Uuid, file_id: Uuid) -> Result<()> {
    let mut tx = ctx.begin().await?;
    may_add(&mut tx, ctx, course_id, lesson_id).await?;
    let version_id = draft(&mut tx, ctx, lesson_id).await?;
    if !queries::delete(&mut tx, version_id, file_id).await? {
        return Err(ServiceError::NotFound);
    }
    if !queries::has_video(&mut tx, version_id).await? {
        queries::set_video_seconds(&mut tx, version_id, None).await?;
    }
    events::record(&mut tx, ctx, Event::File(FileEvent::Removed { file_id, lesson_id })).await?;
    Ok(tx.commit().await?)
}

/// Gives a file another title in a lesson's draft; without one its name is shown.
pub async fn retitle(ctx: &Ctx, course_id: Uuid, lesson_id: Uuid, file_id: Uuid, title: &str) -> Result<()> {
    let field = format!("title_{file_id}");
    let title = title.trim();
    let mut tx = ctx.begin().await?;
    may_add(&mut tx, ctx, course_id, lesson_id).await?;
    if title.chars().any(char::is_control) {
        return Err(ServiceError::field(&field, Problem::BadCharacters));
    }
    if title.chars().count() > TITLE_MAX as usize {
        return Err(ServiceError::field(&field, Problem::TooLong(TITLE_MAX)));
    }
    let version_id = draft(&mut tx, ctx, lesson_id).await?;
    if !queries::retitle(&mut tx, version_id, file_id, title).await? {
        return Err(ServiceError::NotFound);
    }
    events::record(&mut tx, ctx, Event::File(FileEvent::Retitled { file_id, lesson_id })).await?;
    Ok(tx.commit().await?)
}

/// Renders the texts that show a picture again, when its sizes are there.
pub async fn render_again(connection: &mut PgConnection, file_id: Uuid) -> Result<()> {
    for row in queries::lock_texts_with(connection, file_id).await? {
        let html = html_of(connection, &row.content_md).await?;
        queries::update_html(connection, row.id, &html).await?;
    }
    Ok(())
}
