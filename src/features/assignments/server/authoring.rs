//! Use cases of authors: an assignment is changed in a draft and published whole. Rounds that were begun keep what they were asked.

use super::author_queries::{self as queries, SettingsRow, WorkingRow};
use crate::features::assignments::model::{AssignmentEditor, AssignmentSettings};
use crate::features::assignments::rules::rubric::{self, TypedCriterion};
use crate::features::learning::server::versions;
use crate::server::authz::{self, Administer};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::server::events::{self, AuthoringEvent, Event};
use crate::server::markdown::{RENDERER_VERSION, to_html};
use crate::shared::error::{FieldProblem, Problem};
use sqlx::types::Json;
use sqlx::{Postgres, Transaction};
use uuid::Uuid;

const TITLE_MAX: u32 = 150;
const TASK_MAX: u32 = 20_000;

/// An assignment to be changed.
pub async fn assignment(ctx: &Ctx, course_id: Uuid, id: Uuid) -> Result<AssignmentEditor> {
    let _permit = authz::permit(&ctx.actor, Administer)?;
    let mut connection = ctx.connection().await?;
    let version = queries::working_version(&mut connection, course_id, id).await?.ok_or(ServiceError::NotFound)?;
    let row = queries::settings(&mut connection, version.id).await?;
    let number = |number: Option<i32>| number.map(|number| number.to_string()).unwrap_or_default();
    Ok(AssignmentEditor {
        course_id,
        course_title: version.course_title,
        lesson_id: version.lesson_id,
        id,
        is_draft: version.is_draft,
        settings: AssignmentSettings {
            title: row.title,
            task: row.task_md,
            takes_text: row.takes_text,
            takes_photos: row.takes_photos,
            takes_files: row.takes_files,
            takes_links: row.takes_links,
            days: number(row.days),
            rounds: number(row.rounds),
            mark: row.mark,
            max_points: number(Some(row.max_points)),
            late_days: number(Some(row.late_days)),
            late_percent: number(Some(row.late_percent)),
            late_floor: number(Some(row.late_floor)),
            rubric: typed(row.rubric.0),
        },
    })
}

/// A rubric as its author would type it.
fn typed(rubric: Vec<rubric::Criterion>) -> Vec<TypedCriterion> {
    let levels = |criterion: rubric::Criterion| criterion.levels.into_iter().map(|level| (level.title, level.points.to_string())).collect();
    rubric.into_iter().map(|criterion| TypedCriterion { title: criterion.title.clone(), levels: levels(criterion) }).collect()
}

/// A title as it may be kept.
fn read_title(typed: &str) -> std::result::Result<String, Problem> {
    let title = typed.trim();
    match title.chars().count() {
        0 => Err(Problem::Required),
        count if count > TITLE_MAX as usize => Err(Problem::TooLong(TITLE_MAX)),
        _ if title.contains('\0') => Err(Problem::BadCharacters),
        _ => Ok(title.to_owned()),
    }
}

/// As it may be kept.
fn read(typed: &AssignmentSettings) -> Result<SettingsRow> {
    let mut problems = Vec::new();
    let title = read_title(&typed.title).unwrap_or_else(|problem| {
        problems.push(FieldProblem::new("title", problem));
        String::new()
    });
    let task_md = typed.task.replace("\r\n", "\n");
    if task_md.contains('\0') {
        problems.push(FieldProblem::new("task", Problem::BadCharacters));
    } else if task_md.chars().count() > TASK_MAX as usize {
        problems.push(FieldProblem::new("task", Problem::TooLong(TASK_MAX)));
    }
    let mut number = |field: &str, text: &str, least: i32, most: i32| match text.trim() {
        "" => None,
        text => {
            let number = text.parse::<i32>().ok().filter(|number| (least..=most).contains(number));
            if number.is_none() {
                problems.push(FieldProblem::new(field, Problem::TooMany(i64::from(most))));
            }
            number
        }
    };
    let days = number("days", &typed.days, 1, 365);
    let rounds = number("rounds", &typed.rounds, 1, 20);
    let max_points = number("max_points", &typed.max_points, 1, 1000).unwrap_or(10);
    let late_days = number("late_days", &typed.late_days, 0, 365).unwrap_or(0);
    let late_percent = number("late_percent", &typed.late_percent, 0, 100).unwrap_or(0);
    let late_floor = number("late_floor", &typed.late_floor, 0, 100).unwrap_or(0);
    if !["none", "pass", "points"].contains(&typed.mark.as_str()) {
        problems.push(FieldProblem::new("mark", Problem::UnknownChoice));
    }
    if !(typed.takes_text || typed.takes_photos || typed.takes_files || typed.takes_links) {
        problems.push(FieldProblem::new("takes", Problem::TooFew(1)));
    }
    let rubric = rubric::read(&typed.rubric).unwrap_or_else(|wrong| {
        problems.extend(wrong);
        Vec::new()
    });
    if !problems.is_empty() {
        return Err(ServiceError::Invalid(problems));
    }
    // A rubric makes the mark, whatever else was chosen.
    let (mark, max_points) = if rubric.is_empty() { (typed.mark.clone(), max_points) } else { ("points".to_owned(), rubric::most(&rubric)) };
    Ok(SettingsRow {
        title,
        task_md,
        takes_text: typed.takes_text,
        takes_photos: typed.takes_photos,
        takes_files: typed.takes_files,
        takes_links: typed.takes_links,
        days,
        rounds,
        mark,
        max_points,
        late_days,
        late_percent,
        late_floor,
        rubric: Json(rubric),
    })
}

/// A transaction that holds the assignment.
async fn begin(ctx: &Ctx, course_id: Uuid, id: Uuid) -> Result<(Transaction<'static, Postgres>, WorkingRow)> {
    let _permit = authz::permit(&ctx.actor, Administer)?;
    let mut tx = ctx.begin().await?;
    if !queries::lock(&mut tx, course_id, id).await? {
        return Err(ServiceError::NotFound);
    }
    let version = queries::working_version(&mut tx, course_id, id).await?.ok_or(ServiceError::NotFound)?;
    Ok((tx, version))
}

/// Saves what is set of an assignment, in its draft.
pub async fn save(ctx: &Ctx, course_id: Uuid, id: Uuid, typed: &AssignmentSettings) -> Result<()> {
    let (mut tx, version) = begin(ctx, course_id, id).await?;
    let row = read(typed)?;
    if queries::settings(&mut tx, version.id).await? == row {
        return Ok(());
    }
    let draft_id = if version.is_draft { version.id } else { ctx.new_id() };
    if !version.is_draft {
        queries::insert_draft(&mut tx, id, version.id, draft_id, ctx.now()).await?;
    }
    queries::update(&mut tx, draft_id, &row, &to_html(&row.task_md), RENDERER_VERSION).await?;
    events::record(&mut tx, ctx, Event::Authoring(AuthoringEvent::AssignmentEdited { assignment_id: id, course_id })).await?;
    Ok(tx.commit().await?)
}

/// Makes an assignment of a lesson: its id. It has a place in the course's draft, and nothing is asked yet.
pub async fn create(ctx: &Ctx, course_id: Uuid, lesson_id: Uuid, title: &str) -> Result<Uuid> {
    let _permit = authz::permit(&ctx.actor, Administer)?;
    let title = read_title(title).map_err(|problem| ServiceError::field("assignment_title", problem))?;
    let mut tx = ctx.begin().await?;
    let course_version_id = versions::draft_of(&mut tx, ctx, course_id).await?;
    let (id, version_id) = (ctx.new_id(), ctx.new_id());
    if !queries::insert(&mut tx, (course_id, course_version_id, lesson_id), (id, version_id), &title, ctx.now()).await? {
        return Err(ServiceError::NotFound);
    }
    events::record(&mut tx, ctx, Event::Authoring(AuthoringEvent::AssignmentEdited { assignment_id: id, course_id })).await?;
    tx.commit().await?;
    Ok(id)
}

/// Makes an assignment's draft what learners get from now on.
pub async fn publish(ctx: &Ctx, course_id: Uuid, id: Uuid) -> Result<()> {
    let (mut tx, version) = begin(ctx, course_id, id).await?;
    if !version.is_draft {
        return Ok(());
    }
    if queries::settings(&mut tx, version.id).await?.task_md.trim().is_empty() {
        return Err(ServiceError::field("task", Problem::Required));
    }
    queries::publish(&mut tx, id, version.id, ctx.now()).await?;
    let event = AuthoringEvent::AssignmentPublished { assignment_id: id, course_id, version_id: version.id };
    events::record(&mut tx, ctx, Event::Authoring(event)).await?;
    Ok(tx.commit().await?)
}

/// Throws an assignment's draft away. One that was never published stays a draft: it has a place in a lesson.
pub async fn discard(ctx: &Ctx, course_id: Uuid, id: Uuid) -> Result<()> {
    let (mut tx, version) = begin(ctx, course_id, id).await?;
    if version.is_draft {
        queries::discard(&mut tx, version.id).await?;
        if queries::working_version(&mut tx, course_id, id).await?.is_none() {
            return Err(ServiceError::field("", Problem::NeverPublished));
        }
        events::record(&mut tx, ctx, Event::Authoring(AuthoringEvent::AssignmentDraftDiscarded { assignment_id: id, course_id })).await?;
    }
    Ok(tx.commit().await?)
}
