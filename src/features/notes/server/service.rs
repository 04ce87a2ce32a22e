//! Reading, deleting and bringing back one's own notes.

use super::queries;
use crate::features::learning::server::access::{self, CourseAccess};
use crate::features::notes::model::{CourseNotes, LessonNotes, Note, NoteLine, Quote};
use crate::features::search::server::index;
use crate::server::authz::{self, KeepNotes, ReadCourse, ReadOwnNotes};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::shared::page::Page;
use chrono::{DateTime, Duration, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

/// Notes shown under a lesson; all of them are in the course's list.
const SHOWN: i64 = 100;
/// Notes of a page of the list.
const PAGE: i64 = 50;
/// A deleted note stands in its place for so long, to be brought back.
const CAN_RETURN: Duration = Duration::hours(1);
/// And is gone after that.
const KEPT: Duration = Duration::days(1);

/// My notes in a lesson, for its page.
pub async fn of_lesson(
    connection: &mut PgConnection,
    ctx: &Ctx,
    course: &CourseAccess,
    lesson_id: Uuid,
    _permit: &authz::Permit<ReadCourse>,
) -> Result<LessonNotes> {
    let _permit = authz::permit(&ctx.actor, KeepNotes(course.facts.clone()))?;
    let user_id = ctx.actor.signed_in()?;
    let rows = queries::notes_of_lesson(connection, user_id, lesson_id, ctx.now() - CAN_RETURN, SHOWN).await?;
    // All of them are here, unless the list was cut.
    let total = match i64::try_from(rows.len()) {
        Ok(read) if read < SHOWN => i64::try_from(rows.iter().filter(|row| !row.is_deleted).count()).unwrap_or(read),
        _ => queries::count_in_lesson(connection, user_id, lesson_id).await?,
    };
    let notes = rows
        .into_iter()
        .map(|row| Note {
            id: row.id,
            quote: unless(row.is_deleted, Quote { text: row.quote, before: row.quote_before, after: row.quote_after }),
            body: unless(row.is_deleted, row.body),
            version: row.version,
            updated: ctx.local(row.updated_at),
            is_copy: row.is_copy,
            is_deleted: row.is_deleted,
        })
        .collect();
    Ok(LessonNotes { notes, total, form_id: ctx.new_id(), mark_id: ctx.new_id(), writer: ctx.new_id() })
}

/// The words of a deleted note stay on the server.
fn unless<T: Default>(is_deleted: bool, words: T) -> T {
    if is_deleted { T::default() } else { words }
}

/// My notes in a course, also when access has ended: they are the learner's own.
pub async fn of_course(ctx: &Ctx, slug: &str, after: Option<Uuid>) -> Result<CourseNotes> {
    let mut connection = ctx.connection().await?;
    let course = access::course_by_slug(&mut connection, ctx, slug).await?;
    let is_open = authz::permit(&ctx.actor, ReadCourse(course.facts.clone())).is_ok();
    let permit = authz::permit(&ctx.actor, ReadOwnNotes(course.facts.clone()))?;
    let user_id = ctx.actor.signed_in()?;
    let rows = queries::notes_of_course(&mut connection, user_id, course.id, ctx.now() - CAN_RETURN, after, PAGE + 1).await?;
    let lines = rows
        .into_iter()
        .map(|row| NoteLine {
            note: Note {
                id: row.id,
                quote: unless(row.is_deleted, Quote { text: row.quote, ..Quote::default() }),
                body: unless(row.is_deleted, row.body),
                version: row.version,
                updated: ctx.local(row.updated_at),
                is_copy: row.is_copy,
                is_deleted: row.is_deleted,
            },
            lesson_id: row.lesson_id,
            lesson_title: row.lesson_title,
        })
        .collect();
    Ok(CourseNotes {
        course_title: course.title,
        total: queries::count_in_course(&mut connection, user_id, course.id).await?,
        course_slug: permit.action().0.slug.clone(),
        is_open,
        page: Page::cut(lines, PAGE, |line: &NoteLine| line.note.id),
    })
}

/// Deletes a note of mine; it can be brought back for an hour.
pub async fn delete(ctx: &Ctx, slug: &str, note_id: Uuid) -> Result<()> {
    set_deleted(ctx, slug, note_id, true).await
}

/// Brings a deleted note back.
pub async fn restore(ctx: &Ctx, slug: &str, note_id: Uuid) -> Result<()> {
    set_deleted(ctx, slug, note_id, false).await
}

async fn set_deleted(ctx: &Ctx, slug: &str, note_id: Uuid, is_deleted: bool) -> Result<()> {
    let mut tx = ctx.begin().await?;
    let course = access::course_by_slug(&mut tx, ctx, slug).await?;
    let _permit = authz::permit(&ctx.actor, ReadOwnNotes(course.facts))?;
    let user_id = ctx.actor.signed_in()?;
    let note = queries::lock_note(&mut tx, user_id, note_id).await?.filter(|note| note.course_id == course.id).ok_or(ServiceError::NotFound)?;
    if note.is_deleted != is_deleted {
        queries::update_deleted(&mut tx, note_id, is_deleted.then(|| ctx.now())).await?;
        if is_deleted {
            index::forget_note(&mut tx, note_id).await?;
        } else {
            let text = index::NoteText { quote: &note.quote, body: &note.body };
            index::note(&mut tx, index::NotePlace { id: note_id, owner_id: user_id, course_id: course.id, lesson_id: note.lesson_id }, text).await?;
        }
    }
    Ok(tx.commit().await?)
}

/// Deletes for good what nobody brought back.
pub async fn purge(connection: &mut PgConnection, now: DateTime<Utc>) -> Result<()> {
    Ok(queries::purge(connection, now - KEPT).await?)
}
