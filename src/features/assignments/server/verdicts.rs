//! Verdicts: accepted, returned, refused, opened again. Each is one transaction with what follows from it.

use super::desk_queries;
use super::queries;
use super::remark_queries;
use super::round_queries::{self as rounds, NewVerdict};
use super::works::{self, Work};
use crate::features::assignments::model::GivenVerdict;
use crate::features::assignments::rules::{self, Act, Facts, REMARK_MAX, WorkState, rubric};
use crate::features::learning::server::progress;
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError, is_outage};
use crate::shared::error::Problem;
use crate::shared::fraction::Fraction;
use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

fn reason(given: &GivenVerdict) -> Result<String> {
    let reason = given.reason.replace("\r\n", "\n").trim().to_owned();
    if reason.contains('\0') {
        return Err(ServiceError::field("reason", Problem::BadCharacters));
    }
    if reason.chars().count() > REMARK_MAX as usize {
        return Err(ServiceError::field("reason", Problem::TooLong(REMARK_MAX)));
    }
    Ok(reason)
}

/// The mark of a verdict, and what of it is lost for coming late.
fn mark(work: &Work, given: &GivenVerdict, act: Act) -> Result<Option<(Fraction, Fraction)>> {
    let row = &work.assignment;
    let mark = match (row.mark.as_str(), act) {
        ("points", Act::Accept) if !row.rubric.is_empty() => {
            let missing = |number: usize| ServiceError::field(&format!("rubric_{number}"), Problem::Required);
            rubric::mark(&row.rubric, &given.levels).map_err(missing)?
        }
        ("points", Act::Accept) => {
            let most = i64::from(row.max_points);
            let problem = if given.points.trim().is_empty() { Problem::Required } else { Problem::NotPoints(most) };
            let points = Fraction::parse_decimal(&given.points).filter(|points| *points <= Fraction::whole(most));
            points.ok_or_else(|| ServiceError::field("points", problem))?
        }
        ("points" | "pass", Act::Reject) => Fraction::ZERO,
        ("pass", Act::Accept) => Fraction::ONE,
        _ => return Ok(None),
    };
    let late = work.row.round_due_at.zip(work.row.submitted_at);
    let late = late.map_or(0, |(due, at)| rules::days_begun(due.timestamp_millis(), at.timestamp_millis()));
    let lost = if row.mark == "points" { rules::deduction(mark, late, row.late_percent, row.late_floor) } else { Fraction::ZERO };
    Ok(Some((mark, lost)))
}

/// The date of the next round.
fn next_date(ctx: &Ctx, given: &GivenVerdict) -> Result<DateTime<Utc>> {
    works::end_of_day(ctx, &given.day).ok_or_else(|| ServiceError::field("day", Problem::NotADay))
}

/// How many days a date gives, at least one.
fn days_to(ctx: &Ctx, due: DateTime<Utc>) -> Option<i32> {
    i32::try_from((due - ctx.now()).num_days().max(1)).ok()
}

/// Gives a verdict. The second one on the same round is late, whoever sends it; access opens in this transaction.
pub async fn give(ctx: &Ctx, id: Uuid, given: &GivenVerdict) -> Result<()> {
    let act = match given.act.as_str() {
        "accept" => Some(Act::Accept),
        "return" => Some(Act::Return),
        "reject" => Some(Act::Reject),
        "reopen" => Some(Act::Reopen),
        _ => None,
    };
    let mut tx = ctx.begin().await?;
    let work = works::reviewed(&mut tx, ctx, id).await?;
    let act = act.ok_or_else(|| ServiceError::field("", Problem::UnknownChoice))?;
    if given.round != work.row.round {
        return Err(ServiceError::Conflict);
    }
    let reason = reason(given)?;
    if act == Act::Reopen {
        return reopen(tx, ctx, &work, given, &reason).await;
    }
    let must_fix = remark_queries::must_fix(&mut tx, id, work.row.round_id).await?;
    let facts = Facts {
        has_reason: !reason.is_empty(),
        has_must_fix: must_fix.new > 0,
        has_open_must_fix: must_fix.new + must_fix.open > 0,
        is_confirmed: given.is_confirmed,
        ..work.facts(ctx)
    };
    // What the rules refuse is said before what is wrong in the fields.
    rules::next(work.state, act, facts).map_err(works::refusal)?;
    let mark = mark(&work, given, act)?;
    let due = if act == Act::Return { Some(next_date(ctx, given)?) } else { None };
    let work = works::take(&mut tx, ctx, work).await?;
    let more = json!({ "reason": reason, "mark": mark.map(|(mark, _)| mark), "deduction": mark.map(|(_, lost)| lost), "due_at": due });
    let after = works::step(&mut tx, ctx, &work, act, Facts { is_held_by_other: false, ..facts }, more).await?;
    let verdict = NewVerdict {
        round_id: work.row.round_id,
        submission_id: id,
        verdict: after.code(),
        reviewer_id: ctx.actor.id(),
        reason: &reason,
        mark: mark.map(|(mark, _)| mark.into()),
        levels: (act == Act::Accept && !work.assignment.rubric.is_empty()).then(|| given.levels.get(..work.assignment.rubric.len())).flatten(),
        deduction: mark.map(|(_, lost)| lost.into()),
        learner_due_at: due,
        days: due.and_then(|due| days_to(ctx, due)),
        now: ctx.now(),
    };
    rounds::judge(&mut tx, verdict).await?;
    desk_queries::let_go(&mut tx, id).await?;
    if after == WorkState::Accepted {
        progress::refresh_lesson(&mut tx, ctx, work.row.enrollment_id, work.assignment.lesson_id, "assignment").await?;
    }
    Ok(tx.commit().await?)
}

async fn reopen(mut tx: sqlx::Transaction<'static, sqlx::Postgres>, ctx: &Ctx, work: &Work, given: &GivenVerdict, reason: &str) -> Result<()> {
    let facts = Facts { has_reason: !reason.is_empty(), ..work.facts(ctx) };
    rules::next(work.state, Act::Reopen, facts).map_err(works::refusal)?;
    let due = next_date(ctx, given)?;
    works::step(&mut tx, ctx, work, Act::Reopen, facts, json!({ "reason": reason, "due_at": due })).await?;
    rounds::reopen(&mut tx, work.row.id, reason, due, days_to(ctx, due)).await?;
    Ok(tx.commit().await?)
}

/// A work that can't be tended to is logged, and holds nobody else's up; while the database is away none can.
fn go_on(id: Uuid, outcome: Result<()>) -> Result<()> {
    match outcome {
        Err(ServiceError::Database(cause)) if is_outage(&cause) => Err(cause.into()),
        Err(error) => {
            tracing::error!(submission_id = %id, cause = format!("{error:#}"), "a work can't be tended to");
            Ok(())
        }
        Ok(()) => Ok(()),
    }
}

/// Ends works whose last date passed.
pub(super) async fn expire(ctx: &Ctx) -> Result<()> {
    let overdue = desk_queries::overdue(&mut *ctx.connection().await?, ctx.now()).await?;
    for id in overdue {
        go_on(id, expire_one(ctx, id).await)?;
    }
    Ok(())
}

async fn expire_one(ctx: &Ctx, id: Uuid) -> Result<()> {
    let mut tx = ctx.begin().await?;
    let work = works::locked(&mut tx, ctx, id).await?;
    // It may have been handed in, or given more time, meanwhile.
    if rules::next(work.state, Act::Expire, work.facts(ctx)).is_ok() {
        works::step(&mut tx, ctx, &work, Act::Expire, work.facts(ctx), json!({ "due_at": work.closes() })).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Ends holds that ran out.
pub(super) async fn end_holds(ctx: &Ctx) -> Result<()> {
    let ended = desk_queries::ended_holds(&mut *ctx.connection().await?, ctx.now()).await?;
    for id in ended {
        go_on(id, end_hold(ctx, id).await)?;
    }
    Ok(())
}

async fn end_hold(ctx: &Ctx, id: Uuid) -> Result<()> {
    let mut tx = ctx.begin().await?;
    let work = works::locked(&mut tx, ctx, id).await?;
    // It may have been prolonged meanwhile; one whose holder left is ended all the same.
    let is_still = desk_queries::ended_holds(&mut tx, ctx.now()).await?.contains(&id);
    if is_still {
        if work.state == WorkState::InReview {
            let more = json!({ "curator_id": work.row.holder_id });
            works::step(&mut tx, ctx, &work, Act::GiveBack, work.facts(ctx), more).await?;
        }
        desk_queries::let_go(&mut tx, id).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// The works of those who can't answer any more, or are on leave, find others.
pub(super) async fn rehome(ctx: &Ctx) -> Result<()> {
    let orphans = desk_queries::orphans(&mut *ctx.connection().await?, ctx.now()).await?;
    for id in orphans {
        go_on(id, rehome_one(ctx, id).await)?;
    }
    Ok(())
}

async fn rehome_one(ctx: &Ctx, id: Uuid) -> Result<()> {
    let mut tx = ctx.begin().await?;
    let work = works::locked(&mut tx, ctx, id).await?;
    let owner = queries::owner(&mut tx, work.row.enrollment_id, None, ctx.now()).await?;
    if work.state.waits() && owner != work.row.owner_id {
        super::duty::move_to(&mut tx, ctx, &work, owner).await?;
        tx.commit().await?;
    }
    Ok(())
}
