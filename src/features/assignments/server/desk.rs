//! Use cases of curators: a work on the desk, holding it, remarks. Whose it is: `duty.rs`.

use super::desk_queries as queries;
use super::queue_queries::{self, Scope};
use super::remark_queries::{self, NewRemarkRow};
use super::round_queries as rounds;
use super::view::{self, Reader};
use super::works;
use crate::features::assignments::model::{DeskPage, Hold, NewRemark, Remark};
use crate::features::assignments::rules::{self, Act, Place, REMARK_MAX, WorkState, passages};
use crate::features::quizzes::model::QueueFilter;
use crate::features::quizzes::server::curators::phrases::{self, Addressee};
use crate::features::quizzes::server::curators::review;
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::shared::error::Problem;
use crate::shared::time::LocalTime;
use chrono::TimeDelta;
use serde_json::json;
use uuid::Uuid;

/// A work on the desk, among what was asked for of the queue. Looking only reads.
pub async fn page(ctx: &Ctx, id: Uuid, within: &QueueFilter) -> Result<DeskPage> {
    let mut connection = ctx.connection().await?;
    let work = works::of_id(&mut connection, ctx, id).await?;
    let work = works::may_review(ctx, work)?;
    let (all, _) = view::rounds(&mut connection, ctx, &work, Reader::Staff).await?;
    // What was never handed in is its learner's alone, until it may be opened again.
    if all.is_empty() && work.state != WorkState::Expired {
        return Err(ServiceError::NotFound);
    }
    let now = ctx.now();
    let row = work.row.clone();
    let hold = work.holder(now).zip(row.held_until).map(|(holder, until)| Hold {
        curator: row.holder.clone().unwrap_or_default(),
        until: ctx.local(until),
        is_mine: ctx.actor.id() == Some(holder),
    });
    let facts = rules::Facts { has_reason: true, is_confirmed: true, is_held_by_other: false, ..work.facts(ctx) };
    let may = |act| rules::next(work.state, act, facts).is_ok();
    let next_day = now + TimeDelta::days(i64::from(work.assignment.days.unwrap_or(7)));
    let addressee = Addressee { learner: &row.learner, course_title: &work.assignment.course_title, title: &work.assignment.title };
    let phrases = phrases::known(&mut connection, ctx, addressee).await?;
    let neighbours = queue_queries::neighbours(&mut connection, Scope::of(ctx, review::queue_owner(ctx), within), id).await?;
    Ok(DeskPage {
        id,
        course_title: work.assignment.course_title.clone(),
        learner: row.learner,
        learner_photo: row.learner_photo,
        state: if work.state == WorkState::InReview && hold.is_none() { WorkState::Submitted } else { work.state },
        round: row.round,
        rounds: all,
        owner: row.owner,
        promised: row.due_at.filter(|_| work.state.waits()).map(|at| ctx.local(at)),
        minutes_left: row.due_at.map_or(0, |due| (due - now).num_minutes()),
        hold,
        rounds_left: may(Act::Return),
        may_reject: may(Act::Reject),
        may_reopen: may(Act::Reopen),
        next_day: next_day.with_timezone(&ctx.zone).format("%Y-%m-%d").to_string(),
        phrases,
        previous: neighbours.previous,
        next: neighbours.next,
        task: works::task(work.assignment),
    })
}

/// Takes a work, or holds it longer.
pub async fn take(ctx: &Ctx, id: Uuid) -> Result<()> {
    let mut tx = ctx.begin().await?;
    let work = works::reviewed(&mut tx, ctx, id).await?;
    works::take(&mut tx, ctx, work).await?;
    Ok(tx.commit().await?)
}

/// Holds a work longer that one holds already, for who writes at the desk is at work on it; until when. Nobody takes a work so.
pub async fn prolong(ctx: &Ctx, id: Uuid) -> Result<Option<LocalTime>> {
    let mut connection = ctx.connection().await?;
    let work = works::of_id(&mut connection, ctx, id).await?;
    works::may_review(ctx, work)?;
    let (now, curator_id) = (ctx.now(), ctx.actor.signed_in()?);
    let until = now + TimeDelta::minutes(rules::HOLD_MINUTES);
    let is_held = queries::prolong(&mut connection, id, curator_id, now, until).await?;
    Ok(is_held.then(|| ctx.local(until)))
}

/// Gives a work back: its place in the queue and the remarks are kept.
pub async fn give_back(ctx: &Ctx, id: Uuid) -> Result<()> {
    let mut tx = ctx.begin().await?;
    let work = works::reviewed(&mut tx, ctx, id).await?;
    if work.row.holder_id != ctx.actor.id() {
        return Err(ServiceError::Conflict);
    }
    works::step(&mut tx, ctx, &work, Act::GiveBack, work.facts(ctx), json!({ "curator_id": work.row.holder_id })).await?;
    queries::let_go(&mut tx, id).await?;
    Ok(tx.commit().await?)
}

/// Adds a remark to the round that waits. The work is taken by it.
pub async fn add_remark(ctx: &Ctx, id: Uuid, new: NewRemark) -> Result<Remark> {
    let mut tx = ctx.begin().await?;
    let work = works::reviewed(&mut tx, ctx, id).await?;
    let body = new.body.replace("\r\n", "\n").trim().to_owned();
    let problem = match body.chars().count() {
        0 => Some(Problem::Required),
        count if count > REMARK_MAX as usize => Some(Problem::TooLong(REMARK_MAX)),
        _ => body.contains('\0').then_some(Problem::BadCharacters),
    };
    if let Some(problem) = problem {
        return Err(ServiceError::field("remark", problem));
    }
    let is_misplaced = new.passage.is_some() && new.place != Place::Text;
    if is_misplaced || !new.place.takes(&new.points) || new.place.is_on_file() != new.file_id.is_some() {
        return Err(ServiceError::field("remark", Problem::UnknownChoice));
    }
    let work = works::take(&mut tx, ctx, work).await?;
    if let Some(file_id) = new.file_id
        && !rounds::files(&mut tx, id).await?.iter().any(|file| file.file_id == file_id && file.round_id == work.row.round_id)
    {
        return Err(ServiceError::NotFound);
    }
    if let Some(passage) = &new.passage
        && !passages::stands(&rounds::text_html(&mut tx, work.row.round_id).await?, passage)
    {
        return Err(ServiceError::field("remark", Problem::UnknownChoice));
    }
    let remark_id = ctx.new_id();
    let row = NewRemarkRow {
        id: remark_id,
        round_id: work.row.round_id,
        author_id: ctx.actor.signed_in()?,
        kind: new.kind.code(),
        place: new.place.code(),
        file_id: new.file_id,
        points: &new.points,
        passage: new.passage.as_ref(),
        body: &body,
        now: ctx.now(),
    };
    remark_queries::insert_remark(&mut tx, row).await?;
    tx.commit().await?;
    let NewRemark { kind, place, file_id, points, passage, .. } = new;
    Ok(Remark { id: remark_id, kind, place, file_id, points, passage, body, is_draft: true, done: None, done_note: String::new() })
}

/// Takes a remark away that the learner has not got yet.
pub async fn delete_remark(ctx: &Ctx, id: Uuid, remark_id: Uuid) -> Result<()> {
    let mut tx = ctx.begin().await?;
    let work = works::reviewed(&mut tx, ctx, id).await?;
    if !work.state.waits() {
        return Err(ServiceError::Conflict);
    }
    let work = works::take(&mut tx, ctx, work).await?;
    if !remark_queries::delete_remark(&mut tx, work.row.round_id, remark_id).await? {
        return Err(ServiceError::NotFound);
    }
    Ok(tx.commit().await?)
}
