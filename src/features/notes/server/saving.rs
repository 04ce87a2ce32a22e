//! Saving notes. "Saved" is said only after the commit; who changes a note that was changed elsewhere meanwhile overwrites nothing: both
//! texts are kept.

use super::queries::{self, LockedNote, NewNote};
use crate::features::learning::server::access;
use crate::features::notes::model::{Note, NoteInput, Quote, SavedNote};
use crate::features::notes::rules::{BODY_MAX, CONTEXT, NOTES_MAX, QUOTE_MAX};
use crate::features::search::server::index::{self, NotePlace, NoteText};
use crate::server::authz::{self, KeepNotes, ReadLesson};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::server::limits;
use crate::shared::error::Problem;
use sqlx::PgConnection;
use uuid::Uuid;

/// Saves a note of mine in a lesson, new or changed.
pub async fn save(ctx: &Ctx, slug: &str, lesson_id: Uuid, input: NoteInput) -> Result<SavedNote> {
    let user_id = ctx.actor.signed_in()?;
    let wait = ctx.state.limits.take(limits::WRITE_NOTE, &user_id.to_string()).await;
    if wait > 0 {
        return Err(ServiceError::field("note_body", Problem::Throttled(wait)));
    }
    let mut tx = ctx.begin().await?;
    let course = access::course_by_slug(&mut tx, ctx, slug).await?;
    let lesson = access::lesson(&mut tx, ctx, &course, lesson_id).await?;
    let _lesson_permit = authz::permit(&ctx.actor, ReadLesson(lesson.facts))?;
    let _permit = authz::permit(&ctx.actor, KeepNotes(course.facts))?;
    let place = Place { user_id, course_id: course.id, lesson_id };
    let id = write(&mut tx, ctx, place, &input).await?;
    let row = queries::lock_note(&mut tx, user_id, id).await?.ok_or(ServiceError::NotFound)?;
    let place = NotePlace { id, owner_id: user_id, course_id: course.id, lesson_id };
    index::note(&mut tx, place, NoteText { quote: &row.quote, body: &row.body }).await?;
    tx.commit().await?;
    Ok(SavedNote { note: note_of(ctx, id, row), next_id: ctx.new_id() })
}

fn note_of(ctx: &Ctx, id: Uuid, row: LockedNote) -> Note {
    Note {
        id,
        quote: Quote { text: row.quote, before: row.quote_before, after: row.quote_after },
        body: row.body,
        version: row.version,
        updated: ctx.local(row.updated_at),
        is_copy: row.is_copy,
        is_deleted: row.is_deleted,
    }
}

#[derive(Clone, Copy)]
struct Place {
    user_id: Uuid,
    course_id: Uuid,
    lesson_id: Uuid,
}

/// What may be stored, or what is wrong with it.
fn check(body: &str, quote: &Quote) -> Result<()> {
    let is_longer = |text: &str, most: usize| text.chars().count() > most;
    let problem = if [body, &quote.text, &quote.before, &quote.after].iter().any(|text| text.contains('\0')) {
        Problem::BadCharacters
    } else if is_longer(body, BODY_MAX as usize) {
        Problem::TooLong(BODY_MAX)
    } else if is_longer(&quote.text, QUOTE_MAX as usize) || is_longer(&quote.before, CONTEXT) || is_longer(&quote.after, CONTEXT) {
        Problem::TooLong(QUOTE_MAX)
    } else if body.trim().is_empty() && quote.text.trim().is_empty() {
        Problem::Required
    } else {
        return Ok(());
    };
    Err(ServiceError::field("note_body", problem))
}

/// Writes the note; gives the id under which it now is.
async fn write(connection: &mut PgConnection, ctx: &Ctx, place: Place, input: &NoteInput) -> Result<Uuid> {
    let Some(row) = queries::lock_note(connection, place.user_id, input.id).await? else {
        check(&input.body, &input.quote)?;
        let quote = [&input.quote.text, &input.quote.before, &input.quote.after].map(String::as_str);
        if insert(connection, ctx, place, input, quote, None).await? {
            return Ok(input.id);
        }
        // Sent twice at once, the second comes here; somebody else's note stays unknown.
        let row = queries::lock_note(connection, place.user_id, input.id).await?.ok_or(ServiceError::NotFound)?;
        return change(connection, ctx, place, input, &row).await;
    };
    change(connection, ctx, place, input, &row).await
}

async fn change(connection: &mut PgConnection, ctx: &Ctx, place: Place, input: &NoteInput, row: &LockedNote) -> Result<Uuid> {
    if row.lesson_id != place.lesson_id {
        return Err(ServiceError::NotFound);
    }
    let quote = Quote { text: row.quote.clone(), ..Quote::default() };
    check(&input.body, &quote)?;
    if row.body == input.body && !row.is_deleted {
        return Ok(input.id);
    }
    let is_known = row.version == input.version || (row.writer == input.writer && row.step < input.step);
    if is_known {
        queries::update_note(connection, input.id, &input.body, input.writer, input.step, ctx.now()).await?;
        return Ok(input.id);
    }
    // Sent again after an answer that was lost, it is there already.
    if let Some(copy) = queries::copy_of(connection, place.user_id, input.id, &input.body).await? {
        return Ok(copy);
    }
    let copy = NoteInput { id: ctx.new_id(), ..input.clone() };
    let quote = [&row.quote, &row.quote_before, &row.quote_after].map(String::as_str);
    insert(connection, ctx, place, &copy, quote, Some(input.id)).await?;
    Ok(copy.id)
}

async fn insert(connection: &mut PgConnection, ctx: &Ctx, place: Place, input: &NoteInput, quote: [&str; 3], copy_of: Option<Uuid>) -> Result<bool> {
    if queries::count_in_lesson(connection, place.user_id, place.lesson_id).await? >= NOTES_MAX {
        return Err(ServiceError::field("note_body", Problem::TooMany(NOTES_MAX)));
    }
    let row = NewNote {
        id: input.id,
        user_id: place.user_id,
        course_id: place.course_id,
        lesson_id: place.lesson_id,
        quote,
        body: &input.body,
        writer: input.writer,
        step: input.step,
        copy_of,
        now: ctx.now(),
    };
    Ok(queries::insert_note(connection, row).await?)
}
