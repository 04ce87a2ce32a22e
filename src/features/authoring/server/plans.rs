//! Use cases of a course's plan: when modules and lessons open, what completes a lesson. They are changed in the course's draft and
//! reach learners when it is published (progress.md P4).

use super::plan_queries::{self as queries, NeedRow, OpeningRow, PlanRow};
use crate::features::authoring::model::{Behind, LessonPlan, Opening, Pending, PlannedAssignment, PlannedTest};
use crate::features::learning::rules::sequence::Rule;
use crate::features::learning::server::versions;
use crate::features::search::server::index;
use crate::server::authz::{self, Administer};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::server::events::{self, AuthoringEvent, Event};
use crate::shared::error::{FieldProblem, Problem};
use chrono::{DateTime, NaiveDateTime, TimeZone as _, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

/// As browsers type moments.
const MOMENT: &str = "%Y-%m-%dT%H:%M";
const DAYS_MAX: i32 = 3_650;

/// An opening as its form shows it.
pub(super) fn opening_of(ctx: &Ctx, rule: String, at: Option<DateTime<Utc>>, days: Option<i32>) -> Opening {
    Opening {
        rule,
        at: at.map(|at| at.with_timezone(&ctx.zone).format(MOMENT).to_string()).unwrap_or_default(),
        days: days.map(|days| days.to_string()).unwrap_or_default(),
    }
}

/// A lesson's place in the version that is edited.
pub(super) async fn plan_of(connection: &mut PgConnection, ctx: &Ctx, course_id: Uuid, lesson_id: Uuid) -> Result<LessonPlan> {
    let version_id = queries::working_version(connection, course_id).await?.ok_or(ServiceError::NotFound)?;
    let row = queries::plan(connection, version_id, lesson_id).await?.ok_or(ServiceError::NotFound)?;
    let tests = queries::tests(connection, version_id, lesson_id).await?;
    let assignments = queries::assignments(connection, version_id, lesson_id).await?;
    Ok(LessonPlan {
        opening: opening_of(ctx, row.opens, row.opens_at, row.opens_after_days),
        is_required: row.is_required,
        is_preview: row.is_preview,
        video_share: row.has_video.then_some(row.video_share),
        tests: tests.into_iter().map(|row| PlannedTest { id: row.id, title: row.title, must_pass: row.needs == "passed" }).collect(),
        assignments: assignments.into_iter().map(|row| PlannedAssignment { id: row.id, title: row.title, requires: row.needs }).collect(),
    })
}

/// What a form says of an opening, or the problems beside its fields.
fn read_opening(ctx: &Ctx, typed: &Opening, problems: &mut Vec<FieldProblem>) -> OpeningRow {
    let mut row = OpeningRow { opens: typed.rule.clone(), opens_at: None, opens_after_days: None };
    match typed.rule.as_str() {
        "on_date" => {
            let local = NaiveDateTime::parse_from_str(typed.at.trim(), MOMENT).ok();
            // An hour that the clocks skip begins after it.
            row.opens_at = local.and_then(|local| ctx.zone.from_local_datetime(&local).earliest()).map(|at| at.with_timezone(&Utc));
            if row.opens_at.is_none() {
                problems.push(FieldProblem::new("opens_at", Problem::NotAMoment));
            }
        }
        "after_days" => {
            row.opens_after_days = typed.days.trim().parse().ok().filter(|days| (0..=DAYS_MAX).contains(days));
            if row.opens_after_days.is_none() {
                problems.push(FieldProblem::new("opens_after_days", Problem::NotDays(DAYS_MAX)));
            }
        }
        code if Rule::new(code, None, None).is_some() => {}
        _ => problems.push(FieldProblem::new("opens", Problem::UnknownChoice)),
    }
    row
}

/// What the form of a lesson's place holds.
#[derive(Clone, Debug)]
pub struct SavePlan<'a> {
    /// When it opens.
    pub opening: Opening,
    /// Whether the course needs it.
    pub is_required: bool,
    /// Visitors may read it.
    pub is_preview: bool,
    /// Per cent of its video, as typed; empty without a video.
    pub video_share: &'a str,
}

/// Changes a lesson's place in the course's draft, which begins with the first change. `need` gives what the form says of a test or an
/// assignment. What is as it was begins no draft.
pub async fn save_plan(ctx: &Ctx, course_id: Uuid, lesson_id: Uuid, input: SavePlan<'_>, need: impl Fn(Uuid) -> String) -> Result<()> {
    let _permit = authz::permit(&ctx.actor, Administer)?;
    let mut tx = ctx.begin().await?;
    let before = queries::working_version(&mut tx, course_id).await?.ok_or(ServiceError::NotFound)?;
    let stands = queries::plan(&mut tx, before, lesson_id).await?.ok_or(ServiceError::NotFound)?;
    let mut problems = Vec::new();
    let opening = read_opening(ctx, &input.opening, &mut problems);
    let video_share = match input.video_share.trim() {
        "" => stands.video_share,
        typed => typed.parse().ok().filter(|share| (0..=100).contains(share)).unwrap_or_else(|| {
            problems.push(FieldProblem::new("video_share", Problem::NotAShare));
            0
        }),
    };
    let wanted = PlanRow {
        opens: opening.opens,
        opens_at: opening.opens_at,
        opens_after_days: opening.opens_after_days,
        is_required: input.is_required,
        is_preview: input.is_preview,
        video_share,
        has_video: stands.has_video,
    };
    let mut tests = queries::tests(&mut tx, before, lesson_id).await?;
    let mut assignments = queries::assignments(&mut tx, before, lesson_id).await?;
    let mut changed_tests = wants(&mut tests, &["passed", "nothing"], &need, &mut problems);
    let mut changed_assignments = wants(&mut assignments, &["sent", "accepted", "nothing"], &need, &mut problems);
    if !problems.is_empty() {
        return Err(ServiceError::Invalid(problems));
    }
    if wanted == stands && changed_tests.is_empty() && changed_assignments.is_empty() {
        return Ok(());
    }
    let draft = versions::draft_of(&mut tx, ctx, course_id).await?;
    queries::update_plan(&mut tx, draft, lesson_id, &wanted).await?;
    for row in changed_tests.drain(..) {
        queries::update_test(&mut tx, draft, row.id, row.needs == "passed").await?;
    }
    for row in changed_assignments.drain(..) {
        queries::update_assignment(&mut tx, draft, row.id, &row.needs).await?;
    }
    events::record(&mut tx, ctx, Event::Authoring(AuthoringEvent::LessonPlanned { lesson_id, course_id })).await?;
    Ok(tx.commit().await?)
}

/// The rows that the form changes, as it wants them. What the form does not name stays.
fn wants(rows: &mut Vec<NeedRow>, known: &[&str], need: &impl Fn(Uuid) -> String, problems: &mut Vec<FieldProblem>) -> Vec<NeedRow> {
    let mut changed = Vec::new();
    for mut row in rows.drain(..) {
        let typed = need(row.id);
        if !typed.is_empty() && !known.contains(&typed.as_str()) {
            problems.push(FieldProblem::new(&format!("need_{}", row.id), Problem::UnknownChoice));
        } else if !typed.is_empty() && typed != row.needs {
            row.needs = typed;
            changed.push(row);
        }
    }
    changed
}

/// Changes when a module opens, in the course's draft.
pub async fn save_module(ctx: &Ctx, course_id: Uuid, module_id: Uuid, typed: Opening) -> Result<()> {
    let _permit = authz::permit(&ctx.actor, Administer)?;
    let mut tx = ctx.begin().await?;
    let before = queries::working_version(&mut tx, course_id).await?.ok_or(ServiceError::NotFound)?;
    let stands = queries::module_opening(&mut tx, before, module_id).await?.ok_or(ServiceError::NotFound)?;
    let mut problems = Vec::new();
    let wanted = read_opening(ctx, &typed, &mut problems);
    if !problems.is_empty() {
        // Each module has its form on the page.
        let own = problems.into_iter().map(|problem| FieldProblem::new(&format!("{}_{module_id}", problem.field), problem.problem)).collect();
        return Err(ServiceError::Invalid(own));
    }
    if wanted != stands {
        let draft = versions::draft_of(&mut tx, ctx, course_id).await?;
        queries::update_module(&mut tx, draft, module_id, &wanted).await?;
        events::record(&mut tx, ctx, Event::Authoring(AuthoringEvent::ModulePlanned { module_id, course_id })).await?;
    }
    Ok(tx.commit().await?)
}

/// What publishing the draft would change.
pub(super) async fn pending(connection: &mut PgConnection, ctx: &Ctx, course_id: Uuid) -> Result<Option<Pending>> {
    let changes = versions::pending(connection, ctx, course_id).await?;
    Ok(changes.map(|changes| Pending {
        required: changes.required,
        removed: changes.removed,
        stricter: changes.stricter,
        needs_consent: changes.need_consent(),
    }))
}

/// Learners who follow an older version.
pub(super) async fn behind(connection: &mut PgConnection, ctx: &Ctx, course_id: Uuid) -> Result<Vec<Behind>> {
    let touched = versions::touched(connection, ctx, course_id, None).await?;
    Ok(touched.into_iter().map(|one| Behind { full_name: one.full_name, progress: one.progress, progress_after: one.progress_after }).collect())
}

/// Publishes the course's draft. Without one there is nothing to do.
pub async fn publish(ctx: &Ctx, course_id: Uuid) -> Result<()> {
    let _permit = authz::permit(&ctx.actor, Administer)?;
    let mut tx = ctx.begin().await?;
    if versions::pending(&mut tx, ctx, course_id).await?.is_some() {
        versions::publish(&mut tx, ctx, course_id).await?;
        index::course(&mut tx, course_id).await?;
    }
    Ok(tx.commit().await?)
}

/// Throws the course's draft away.
pub async fn discard(ctx: &Ctx, course_id: Uuid) -> Result<()> {
    let _permit = authz::permit(&ctx.actor, Administer)?;
    let mut tx = ctx.begin().await?;
    if queries::delete_draft(&mut tx, course_id).await? {
        events::record(&mut tx, ctx, Event::Authoring(AuthoringEvent::CourseDraftDiscarded { course_id })).await?;
    }
    Ok(tx.commit().await?)
}

/// Moves every learner of the course to the published version.
pub async fn move_learners(ctx: &Ctx, course_id: Uuid) -> Result<()> {
    let mut tx = ctx.begin().await?;
    versions::move_learners(&mut tx, ctx, course_id, None).await?;
    Ok(tx.commit().await?)
}
