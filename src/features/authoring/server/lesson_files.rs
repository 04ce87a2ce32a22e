//! Use cases of the files of a lesson: they come and go in its draft, and reach its readers when it is published.

use super::lessons::html_of;
use super::{file_queries as queries, queries as texts};
use crate::features::authoring::model::{EditedFile, FileWords};
use crate::features::files::rules::chapters::{self, Chapter};
use crate::features::files::rules::{LANGUAGES, Role};
use crate::features::files::server as files;
use crate::server::authz::{self, Administer};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::server::events::{self, Event, FileEvent};
use crate::shared::error::{FieldProblem, Problem};
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
pub async fn of_editor(connection: &mut PgConnection, lesson_id: Uuid) -> Result<Vec<EditedFile>> {
    let Some(version_id) = queries::newest_version(connection, lesson_id).await? else { return Ok(Vec::new()) };
    let mut edited = Vec::new();
    for row in files::service::of_version(connection, version_id, None).await? {
        let work = if row.file.role == Role::Video { files::video::work(connection, row.file.file_id).await? } else { None };
        edited.push(EditedFile { file: row.file, language: row.language, chapters: chapters::write(&row.chapters), work });
    }
    Ok(edited)
}

/// The same, for its author.
pub async fn files(ctx: &Ctx, course_id: Uuid, lesson_id: Uuid) -> Result<Vec<EditedFile>> {
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

/// Writes what is said of a file in a lesson's draft: its title (without one its name is shown), the language of captions, the chapters of
/// a video.
pub async fn describe(ctx: &Ctx, course_id: Uuid, lesson_id: Uuid, file_id: Uuid, words: &FileWords) -> Result<()> {
    let mut tx = ctx.begin().await?;
    may_add(&mut tx, ctx, course_id, lesson_id).await?;
    let (title, chapters) = checked(file_id, words)?;
    let version_id = draft(&mut tx, ctx, lesson_id).await?;
    let role = queries::role(&mut tx, version_id, file_id).await?.ok_or(ServiceError::NotFound)?;
    let language = if role == Role::Captions.code() { words.language.as_str() } else { "" };
    let chapters = if role == Role::Video.code() { chapters } else { Vec::new() };
    queries::describe(&mut tx, version_id, file_id, title, language, &chapters).await?;
    events::record(&mut tx, ctx, Event::File(FileEvent::Described { file_id, lesson_id })).await?;
    Ok(tx.commit().await?)
}

/// A title and chapters as they may be kept. Fields are named with the file's id: a page has many files.
fn checked(file_id: Uuid, words: &FileWords) -> Result<(&str, Vec<Chapter>)> {
    let title = words.title.trim();
    let mut problems = Vec::new();
    let mut add = |field: &str, problem| problems.push(FieldProblem::new(&format!("{field}_{file_id}"), problem));
    if title.chars().any(char::is_control) {
        add("title", Problem::BadCharacters);
    } else if title.chars().count() > TITLE_MAX as usize {
        add("title", Problem::TooLong(TITLE_MAX));
    }
    if !words.language.is_empty() && !LANGUAGES.contains(&words.language.as_str()) {
        add("language", Problem::UnknownChoice);
    }
    let chapters = chapters::read(&words.chapters).unwrap_or_else(|line| {
        add("chapters", Problem::BadLine(line));
        Vec::new()
    });
    if problems.is_empty() { Ok((title, chapters)) } else { Err(ServiceError::Invalid(problems)) }
}

/// Renders the texts that show a picture again, when its sizes are there.
pub async fn render_again(connection: &mut PgConnection, file_id: Uuid) -> Result<()> {
    for row in queries::lock_texts_with(connection, file_id).await? {
        let html = html_of(connection, &row.content_md).await?;
        queries::update_html(connection, row.id, &html).await?;
    }
    Ok(())
}
