//! Keeping the documents that are searched: whoever publishes a lesson or saves a note calls here, in the same transaction.

use super::queries::{self, Document};
use crate::features::files::server::service as files;
use crate::features::learning::server::texts;
use crate::features::search::model::Kind;
use crate::features::search::rules::fold;
use crate::server::ctx::Ctx;
use crate::server::error::Result;
use crate::server::markdown;
use sqlx::PgConnection;
use std::collections::HashMap;
use uuid::Uuid;

/// A change of what is indexed how raises it; then everything is indexed again.
const INDEX_VERSION: i32 = 2;
/// Characters of a text that are searched: a vector has at most a megabyte.
const BODY_MAX: usize = 100_000;
/// Lessons indexed in one transaction.
const AT_ONCE: usize = 50;

/// Indexes a lesson as it is published; one that is not is found no more.
pub async fn lesson(connection: &mut PgConnection, lesson_id: Uuid) -> Result<()> {
    let kind = Kind::Lesson.code();
    let Some(text) = texts::lesson(connection, lesson_id).await? else { return Ok(queries::delete(connection, kind, lesson_id).await?) };
    let mut body = format!("{}\n{}", text.summary, markdown::plain_text(&text.markdown));
    for file in files::attachments(connection, lesson_id).await? {
        body = format!("{body}\n{}", file.shown_name());
    }
    let place = Place { kind, subject_id: lesson_id, owner_id: None, course_id: text.course_id, lesson_id: Some(lesson_id) };
    put(connection, place, Some(text.version_id), &text.title, &body).await
}

/// Indexes a course's sales page as it is published; one that is not is found no more.
pub async fn course(connection: &mut PgConnection, course_id: Uuid) -> Result<()> {
    let kind = Kind::Course.code();
    let Some(text) = texts::course(connection, course_id).await? else { return Ok(queries::delete(connection, kind, course_id).await?) };
    let body = format!("{}\n{}\n{}\n{}", text.summary, text.audience, text.outcomes.join("\n"), markdown::plain_text(&text.markdown));
    let place = Place { kind, subject_id: course_id, owner_id: None, course_id, lesson_id: None };
    put(connection, place, Some(text.version_id), &text.title, &body).await
}

/// Whose note it is, and where.
#[derive(Clone, Copy, Debug)]
pub struct NotePlace {
    /// `lesson_notes.id`.
    pub id: Uuid,
    /// Who alone finds it.
    pub owner_id: Uuid,
    /// Where it was written.
    pub course_id: Uuid,
    /// Where it was written.
    pub lesson_id: Uuid,
}

/// The words of a note.
#[derive(Clone, Copy, Debug)]
pub struct NoteText<'a> {
    /// What is highlighted.
    pub quote: &'a str,
    /// What the learner wrote.
    pub body: &'a str,
}

/// Indexes a note.
pub async fn note(connection: &mut PgConnection, place: NotePlace, text: NoteText<'_>) -> Result<()> {
    let body = [text.quote, text.body].iter().filter(|text| !text.is_empty()).copied().collect::<Vec<_>>().join("\n");
    put(connection, note_place(place), None, "", &body).await
}

fn note_place(place: NotePlace) -> Place {
    Place {
        kind: Kind::Note.code(),
        subject_id: place.id,
        owner_id: Some(place.owner_id),
        course_id: place.course_id,
        lesson_id: Some(place.lesson_id),
    }
}

/// A deleted note is found no more.
pub async fn forget_note(connection: &mut PgConnection, note_id: Uuid) -> Result<()> {
    Ok(queries::delete(connection, Kind::Note.code(), note_id).await?)
}

struct Place {
    kind: &'static str,
    subject_id: Uuid,
    owner_id: Option<Uuid>,
    course_id: Uuid,
    lesson_id: Option<Uuid>,
}

async fn put(connection: &mut PgConnection, place: Place, source_id: Option<Uuid>, title: &str, body: &str) -> Result<()> {
    let body: String = body.trim().chars().take(BODY_MAX).collect();
    let folded = [fold(title), fold(&body)];
    let row = Document {
        kind: place.kind,
        subject_id: place.subject_id,
        owner_id: place.owner_id,
        course_id: place.course_id,
        lesson_id: place.lesson_id,
        source_id,
        title,
        body: &body,
        folded: [&folded[0], &folded[1]],
        index_version: INDEX_VERSION,
    };
    Ok(queries::upsert(connection, row).await?)
}

/// Brings the documents in line with what is published: for what was there before the index, and for a new version of it. Where all is
/// well it reads two lists of ids. With `is_whole` everything is made anew. Gives how many documents were made.
pub async fn refresh(ctx: &Ctx, is_whole: bool) -> Result<usize> {
    let mut made = 0;
    for kind in [Kind::Course, Kind::Lesson] {
        let mut connection = ctx.connection().await?;
        let published = match kind {
            Kind::Course => texts::published_courses(&mut connection).await?,
            _ => texts::published_lessons(&mut connection).await?,
        };
        let known: HashMap<Uuid, Option<Uuid>> = queries::sources(&mut connection, kind.code())
            .await?
            .into_iter()
            .map(|row| (row.subject_id, row.source_id.filter(|_| row.index_version == INDEX_VERSION && !is_whole)))
            .collect();
        let is_published: HashMap<Uuid, Uuid> = published.iter().copied().collect();
        let stale = published.iter().filter(|(id, version)| known.get(id).copied().flatten() != Some(*version)).map(|(id, _)| *id);
        let gone = known.keys().filter(|id| !is_published.contains_key(id)).copied();
        let all: Vec<Uuid> = stale.chain(gone).collect();
        drop(connection);
        for some in all.chunks(AT_ONCE) {
            let mut tx = ctx.begin().await?;
            for id in some {
                match kind {
                    Kind::Course => course(&mut tx, *id).await?,
                    _ => lesson(&mut tx, *id).await?,
                }
            }
            tx.commit().await?;
        }
        made += all.len();
    }
    while refresh_notes(ctx).await? {}
    Ok(made)
}

async fn refresh_notes(ctx: &Ctx) -> Result<bool> {
    let mut tx = ctx.begin().await?;
    let rows = queries::lock_old_notes(&mut tx, INDEX_VERSION).await?;
    for row in &rows {
        let place = NotePlace { id: row.subject_id, owner_id: row.owner_id, course_id: row.course_id, lesson_id: row.lesson_id };
        put(&mut tx, note_place(place), None, "", &row.body).await?;
    }
    tx.commit().await?;
    Ok(!rows.is_empty())
}
