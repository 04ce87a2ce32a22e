//! Use cases of a lesson's text: it is written in a draft, looked at, and published whole. Changes of wording reach every enrolment
//! at once (progress.md P4).

use super::queries::{self, Draft};
use super::{lesson_files, plans};
use crate::features::authoring::model::{DraftFacts, LessonEditor, LessonText};
use crate::features::files::server::service as files;
use crate::features::search::server::index;
use crate::server::authz::{self, Administer};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::server::events::{self, AuthoringEvent, Event};
use crate::server::markdown::{RENDERER_VERSION, page_html};
use crate::shared::error::{FieldProblem, Problem};
use sqlx::PgConnection;
use uuid::Uuid;

const TITLE_MAX: u32 = 150;
const SUMMARY_MAX: u32 = 300;
/// In characters; a body of that size, percent-encoded, fits into a form.
const CONTENT_MAX: u32 = 40_000;
const MINUTES_MAX: i32 = 600;

/// A lesson's text to be changed.
pub async fn editor(ctx: &Ctx, course_id: Uuid, lesson_id: Uuid) -> Result<LessonEditor> {
    let _permit = authz::permit(&ctx.actor, Administer)?;
    let mut connection = ctx.connection().await?;
    let row = queries::newest_text(&mut connection, course_id, lesson_id).await?.ok_or(ServiceError::NotFound)?;
    let files = lesson_files::of_editor(&mut connection, lesson_id).await?;
    let plan = plans::plan_of(&mut connection, ctx, course_id, lesson_id).await?;
    Ok(LessonEditor {
        course_id,
        course_title: row.course_title,
        course_slug: row.course_slug,
        id: lesson_id,
        text: LessonText { title: row.title, summary: row.summary, minutes: row.minutes, content: row.content_md },
        revision: if row.is_draft { row.revision } else { 0 },
        draft: row.edited_at.filter(|_| row.is_draft).map(|at| DraftFacts { author: row.editor.unwrap_or_default(), saved: ctx.local(at) }),
        html: row.content_html,
        plan,
        files,
        time_zone: ctx.zone.name().to_owned(),
    })
}

/// A text as its readers will see it.
pub async fn preview(ctx: &Ctx, content: &str) -> Result<String> {
    let _permit = authz::permit(&ctx.actor, Administer)?;
    if content.chars().count() > CONTENT_MAX as usize {
        return Err(ServiceError::field("content", Problem::TooLong(CONTENT_MAX)));
    }
    html_of(&mut *ctx.connection().await?, content).await
}

/// A lesson's text as it is shown, with its pictures in their sizes.
pub(super) async fn html_of(connection: &mut PgConnection, content: &str) -> Result<String> {
    let pictures = files::pictures_of(connection, content).await?;
    Ok(page_html(content, &|address| pictures.find(address)))
}

/// What the form of a lesson holds.
#[derive(Clone, Copy, Debug)]
pub struct SaveLesson<'a> {
    /// Name.
    pub title: &'a str,
    /// In a sentence.
    pub summary: &'a str,
    /// To read, in minutes, as typed.
    pub minutes: &'a str,
    /// Markdown.
    pub content: &'a str,
    /// The revision that the author saw; 0 for none.
    pub revision: i32,
}

/// Saves a lesson's draft. Where somebody saved another since, nothing is written, and the author is told.
pub async fn save(ctx: &Ctx, course_id: Uuid, lesson_id: Uuid, input: SaveLesson<'_>) -> Result<()> {
    let _permit = authz::permit(&ctx.actor, Administer)?;
    let text = checked(input)?;
    let mut tx = ctx.begin().await?;
    if !queries::lock_lesson(&mut tx, course_id, lesson_id).await? {
        return Err(ServiceError::NotFound);
    }
    let row = queries::newest_text(&mut tx, course_id, lesson_id).await?.ok_or(ServiceError::NotFound)?;
    let stands = LessonText { title: row.title, summary: row.summary, minutes: row.minutes, content: row.content_md };
    // A second press, or an answer that was lost: what is to be saved is saved.
    if stands == text {
        return Ok(());
    }
    if queries::draft_revision(&mut tx, lesson_id).await?.unwrap_or(0) != input.revision {
        return Err(ServiceError::field("", Problem::EditedElsewhere));
    }
    queries::open_draft(&mut tx, ctx.new_id(), lesson_id, ctx.actor.id(), ctx.now()).await?;
    let html = html_of(&mut tx, &text.content).await?;
    let draft = Draft {
        lesson_id,
        title: &text.title,
        summary: &text.summary,
        minutes: text.minutes,
        content_md: &text.content,
        content_html: &html,
        renderer_version: RENDERER_VERSION,
        edited_by: ctx.actor.id(),
        now: ctx.now(),
    };
    queries::write_draft(&mut tx, draft).await?;
    events::record(&mut tx, ctx, Event::Authoring(AuthoringEvent::LessonEdited { lesson_id, course_id })).await?;
    Ok(tx.commit().await?)
}

/// A lesson's text as it may be kept.
fn checked(input: SaveLesson<'_>) -> Result<LessonText> {
    let (title, summary) = (input.title.trim(), input.summary.trim());
    let mut problems = Vec::new();
    if title.is_empty() {
        problems.push(FieldProblem::new("title", Problem::Required));
    }
    for (field, text, most) in [("title", title, TITLE_MAX), ("summary", summary, SUMMARY_MAX), ("content", input.content, CONTENT_MAX)] {
        if text.contains('\0') {
            problems.push(FieldProblem::new(field, Problem::BadCharacters));
        } else if text.chars().count() > most as usize {
            problems.push(FieldProblem::new(field, Problem::TooLong(most)));
        }
    }
    let minutes = match input.minutes.trim() {
        "" => Some(0),
        typed => typed.parse().ok().filter(|minutes| (0..=MINUTES_MAX).contains(minutes)),
    };
    match minutes {
        Some(minutes) if problems.is_empty() => {
            Ok(LessonText { title: title.to_owned(), summary: summary.to_owned(), minutes, content: input.content.to_owned() })
        }
        Some(_) => Err(ServiceError::Invalid(problems)),
        None => {
            problems.push(FieldProblem::new("minutes", Problem::NotMinutes(MINUTES_MAX)));
            Err(ServiceError::Invalid(problems))
        }
    }
}

/// Makes a lesson's draft what its readers see. Without a draft there is nothing to do.
pub async fn publish(ctx: &Ctx, course_id: Uuid, lesson_id: Uuid, revision: i32) -> Result<()> {
    let mut tx = begin(ctx, course_id, lesson_id).await?;
    match queries::draft_revision(&mut tx, lesson_id).await? {
        None => return Ok(()),
        Some(current) if current != revision => return Err(ServiceError::field("", Problem::EditedElsewhere)),
        Some(_) => {}
    }
    if let Some(version_id) = queries::publish_draft(&mut tx, lesson_id, ctx.now()).await? {
        index::lesson(&mut tx, lesson_id).await?;
        events::record(&mut tx, ctx, Event::Authoring(AuthoringEvent::LessonPublished { lesson_id, course_id, version_id })).await?;
    }
    Ok(tx.commit().await?)
}

/// Throws a lesson's draft away.
pub async fn discard(ctx: &Ctx, course_id: Uuid, lesson_id: Uuid) -> Result<()> {
    let mut tx = begin(ctx, course_id, lesson_id).await?;
    if queries::delete_draft(&mut tx, lesson_id).await? {
        events::record(&mut tx, ctx, Event::Authoring(AuthoringEvent::LessonDraftDiscarded { lesson_id, course_id })).await?;
    }
    Ok(tx.commit().await?)
}

/// A transaction that holds the lesson.
async fn begin(ctx: &Ctx, course_id: Uuid, lesson_id: Uuid) -> Result<sqlx::Transaction<'static, sqlx::Postgres>> {
    let _permit = authz::permit(&ctx.actor, Administer)?;
    let mut tx = ctx.begin().await?;
    if queries::lock_lesson(&mut tx, course_id, lesson_id).await? { Ok(tx) } else { Err(ServiceError::NotFound) }
}
