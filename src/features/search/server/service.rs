//! Finding. What a person may open decides what is looked through: nothing else is read, counted or shown.

use super::queries::{self, After, HitRow, TextRow};
use crate::features::learning::server::texts::{self, OpenLesson};
use crate::features::search::model::{Asked, Found, Group, Hit, Kind};
use crate::features::search::rules::{self, fold};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::server::limits;
use crate::shared::href;
use sqlx::PgConnection;
use std::collections::HashMap;
use uuid::Uuid;

/// Hits of each kind where all are shown.
const FEW: i64 = 5;
/// Hits of a page of one kind.
const PAGE: i64 = 20;

/// Finds words in what the asking person may open: of one kind a page, of all kinds the first few of each.
pub async fn find(ctx: &Ctx, query: &str, kind: Option<Kind>, after: Option<&str>) -> Result<Found> {
    let query = match rules::read(query) {
        Ok(query) => query,
        Err(asked) => return Ok(Found { asked, groups: Vec::new() }),
    };
    let key = ctx.actor.id().map_or_else(|| ctx.address.clone(), |id| id.to_string());
    let wait = ctx.state.limits.take(limits::SEARCH, &key).await;
    if wait > 0 {
        return Err(ServiceError::TooManyRequests(wait));
    }
    let mut connection = ctx.connection().await?;
    let beginning = query.beginning.as_ref().map(|(head, last)| (head.as_str(), last.as_str()));
    let read = queries::read_query(&mut connection, &query.all, beginning).await?;
    if read.tree.is_empty() || read.tree == "T" {
        return Ok(Found { asked: Asked::NothingToFind, groups: Vec::new() });
    }
    let limit = if kind.is_some() { PAGE } else { FEW };
    let search = Search { query: &read.query, after: kind.and(after).and_then(cursor), limit };
    let kinds = kind.map_or_else(|| Kind::ALL.to_vec(), |kind| vec![kind]);
    let mut groups = Vec::new();
    let lessons = if kinds == [Kind::Course] { Vec::new() } else { texts::open_lessons(&mut connection, ctx).await? };
    for kind in kinds {
        let group = match kind {
            Kind::Course => courses(&mut connection, ctx, search).await?,
            Kind::Lesson => in_lessons(&mut connection, &lessons, search).await?,
            Kind::Note => notes(&mut connection, ctx, &lessons, search).await?,
        };
        groups.extend(group.filter(|group| !group.hits.is_empty()));
    }
    Ok(Found { asked: Asked::Words, groups })
}

#[derive(Clone, Copy)]
struct Search<'a> {
    query: &'a str,
    after: After,
    limit: i64,
}

/// `<bits of the rank>-<subject>`; anything else begins at the beginning.
fn cursor(text: &str) -> After {
    let (rank, id) = text.split_once('-')?;
    let rank = f32::from_bits(rank.parse().ok()?);
    Some((rank, Uuid::try_parse(id).ok()?)).filter(|_| rank.is_finite())
}

/// The rows of a page and where the next one begins, of rows of which one more was asked for.
fn cut(mut rows: Vec<HitRow>, limit: i64) -> (Vec<Uuid>, Option<String>) {
    let size = usize::try_from(limit).unwrap_or(usize::MAX);
    let has_more = rows.len() > size;
    rows.truncate(size);
    let next = rows.last().filter(|_| has_more).map(|row| format!("{}-{}", row.rank.to_bits(), row.subject_id));
    (rows.into_iter().map(|row| row.subject_id).collect(), next)
}

/// A hit's texts, with the words marked.
struct Shown {
    row: TextRow,
    hit: Hit,
}

/// The page's hits in order, as yet without address and place. Only these few are read and marked.
async fn show(connection: &mut PgConnection, kind: Kind, query: &str, subjects: &[Uuid]) -> Result<Vec<Shown>> {
    let mut by_id: HashMap<Uuid, TextRow> =
        queries::texts(connection, kind.code(), subjects).await?.into_iter().map(|row| (row.subject_id, row)).collect();
    let rows: Vec<TextRow> = subjects.iter().filter_map(|id| by_id.remove(id)).collect();
    let (titles, bodies): (Vec<String>, Vec<String>) = rows.iter().map(|row| (fold(&row.title), fold(&row.body))).unzip();
    let marked = queries::marked(connection, query, &titles, &bodies).await?;
    let shown = rows.into_iter().zip(marked).zip(bodies).map(|((row, marked), folded)| {
        let hit = Hit {
            href: String::new(),
            title: rules::whole(&row.title, &marked.title),
            place: String::new(),
            snippet: rules::snippet(&row.body, &folded, &marked.body),
        };
        Shown { row, hit }
    });
    Ok(shown.collect())
}

async fn courses(connection: &mut PgConnection, ctx: &Ctx, search: Search<'_>) -> Result<Option<Group>> {
    let slugs: HashMap<Uuid, String> = texts::open_courses(connection, ctx).await?.into_iter().collect();
    let ids: Vec<Uuid> = slugs.keys().copied().collect();
    let rows = queries::find_among(connection, Kind::Course.code(), search.query, &ids, search.after, search.limit + 1).await?;
    let (subjects, next) = cut(rows, search.limit);
    let shown = show(connection, Kind::Course, search.query, &subjects).await?;
    let hits = shown.into_iter().filter_map(|shown| Some(Hit { href: href::course(slugs.get(&shown.row.subject_id)?), ..shown.hit }));
    Ok(Some(Group { kind: Kind::Course, hits: hits.collect(), next }))
}

async fn in_lessons(connection: &mut PgConnection, open: &[OpenLesson], search: Search<'_>) -> Result<Option<Group>> {
    let ids: Vec<Uuid> = open.iter().map(|lesson| lesson.lesson_id).collect();
    let rows = queries::find_among(connection, Kind::Lesson.code(), search.query, &ids, search.after, search.limit + 1).await?;
    let (subjects, next) = cut(rows, search.limit);
    let shown = show(connection, Kind::Lesson, search.query, &subjects).await?;
    let hits = shown.into_iter().filter_map(|shown| {
        let lesson = open.iter().find(|lesson| lesson.lesson_id == shown.row.subject_id)?;
        Some(Hit { href: lesson_href(lesson), place: lesson.course_title.clone(), ..shown.hit })
    });
    Ok(Some(Group { kind: Kind::Lesson, hits: hits.collect(), next }))
}

fn lesson_href(lesson: &OpenLesson) -> String {
    if lesson.is_preview { href::preview_lesson(&lesson.slug, lesson.lesson_id) } else { href::lesson(&lesson.slug, lesson.lesson_id) }
}

/// One's own notes, also where access to their lessons is closed: then they stand in the course's list.
async fn notes(connection: &mut PgConnection, ctx: &Ctx, open: &[OpenLesson], search: Search<'_>) -> Result<Option<Group>> {
    let Some(owner_id) = ctx.actor.id() else { return Ok(None) };
    let rows = queries::find_notes(connection, search.query, owner_id, search.after, search.limit + 1).await?;
    let (subjects, next) = cut(rows, search.limit);
    let shown = show(connection, Kind::Note, search.query, &subjects).await?;
    let lessons: Vec<Uuid> = shown.iter().filter_map(|shown| shown.row.lesson_id).collect();
    let names: HashMap<Uuid, texts::LessonName> =
        texts::lesson_names(connection, &lessons).await?.into_iter().map(|name| (name.lesson_id, name)).collect();
    let hits = shown.into_iter().filter_map(|shown| {
        let name = names.get(&shown.row.lesson_id?)?;
        let is_open = open.iter().any(|lesson| Some(lesson.lesson_id) == shown.row.lesson_id && !lesson.is_preview);
        let page = if is_open { href::lesson(&name.slug, name.lesson_id) } else { href::notes(&name.slug) };
        let title = vec![crate::features::search::model::Piece { text: name.title.clone(), is_hit: false }];
        Some(Hit { href: format!("{page}#note-{}", shown.row.subject_id), title, place: name.course_title.clone(), ..shown.hit })
    });
    Ok(Some(Group { kind: Kind::Note, hits: hits.collect(), next }))
}
