//! Use cases of curators' duty (A6): a queue is handed over in one action, with leave or without; one is back. A leave ends by itself.

use super::duty_queries::{self as queries, CuratorRow};
use super::queries::{owner, set_owner};
use super::works::{self, Work};
use crate::features::assignments::model::duty::Duty;
use crate::features::assignments::rules::{Act, WorkState};
use crate::features::quizzes::server::curators::duty as answers;
use crate::server::authz::{self, Administer, SeeReviewQueue};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::server::events::{self, DutyEvent, Event, WorkMoved};
use crate::shared::error::{FieldProblem, Problem};
use chrono::{DateTime, Utc};
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

/// Whose queue it is about: one's own, or that of somebody else, whom only administrators may name.
fn permitted(ctx: &Ctx, curator: Option<Uuid>) -> Result<Uuid> {
    if let Some(id) = curator {
        let _permit = authz::permit(&ctx.actor, Administer)?;
        return Ok(id);
    }
    let _permit = authz::permit(&ctx.actor, SeeReviewQueue)?;
    Ok(ctx.actor.signed_in()?)
}

/// The curator, held until the end of the transaction.
async fn locked(connection: &mut PgConnection, curator_id: Uuid) -> Result<()> {
    if queries::lock_curator(connection, curator_id).await? { Ok(()) } else { Err(ServiceError::NotFound) }
}

/// How a curator stands, and to whom their queue may go.
pub async fn of_curator(ctx: &Ctx, curator: Option<Uuid>) -> Result<Duty> {
    let curator_id = permitted(ctx, curator)?;
    let mut connection = ctx.connection().await?;
    let row = queries::standing(&mut connection, curator_id).await?.ok_or(ServiceError::NotFound)?;
    let colleagues = queries::colleagues(&mut connection, curator_id, ctx.now()).await?;
    Ok(Duty {
        reviews: row.reviews,
        away_until: row.on_leave_until.filter(|until| *until > ctx.now()).map(|until| ctx.local(until)),
        colleagues: colleagues.into_iter().map(|row| (row.id, row.name)).collect(),
    })
}

/// Who takes over and until when, as typed. Nobody in particular takes over only from who goes on leave.
fn read(ctx: &Ctx, colleagues: &[CuratorRow], to: &str, until: &str) -> Result<(Option<Uuid>, Option<DateTime<Utc>>)> {
    let mut problems = Vec::new();
    let end = works::end_of_day(ctx, until);
    let has_day = !until.trim().is_empty();
    if end.is_none() && has_day {
        problems.push(FieldProblem::new("until", Problem::NotADay));
    }
    let chosen = Uuid::try_parse(to).ok().filter(|id| colleagues.iter().any(|row| row.id == *id));
    if chosen.is_none() && !(to.is_empty() && has_day) {
        problems.push(FieldProblem::new("to", Problem::UnknownChoice));
    }
    if problems.is_empty() { Ok((chosen, end)) } else { Err(ServiceError::Invalid(problems)) }
}

/// Hands all that waits for a curator over to another one, as far as that one may review it; the log keeps both. With a day the curator is
/// on leave to its end: the rest goes to others too, and nothing new comes.
pub async fn hand_over(ctx: &Ctx, curator: Option<Uuid>, to: &str, until: &str) -> Result<()> {
    let curator_id = permitted(ctx, curator)?;
    let mut tx = ctx.begin().await?;
    locked(&mut tx, curator_id).await?;
    let colleagues = queries::colleagues(&mut tx, curator_id, ctx.now()).await?;
    let (to, until) = read(ctx, &colleagues, to, until)?;
    if until.is_some() {
        queries::set_leave(&mut tx, curator_id, until, ctx.now()).await?;
    }
    let (mut moved, mut attempts) = (0, 0);
    if let Some(to) = to {
        for id in queries::lock_owned(&mut tx, curator_id, Some(to)).await? {
            let work = works::locked(&mut tx, ctx, id).await?;
            move_to(&mut tx, ctx, &work, Some(to)).await?;
            moved += 1;
        }
        attempts = answers::hand_over(&mut tx, ctx, curator_id, to).await?;
    }
    if until.is_some() {
        // As if it were new; open answers are everybody's of the course meanwhile.
        for id in queries::lock_owned(&mut tx, curator_id, None).await? {
            let work = works::locked(&mut tx, ctx, id).await?;
            let other = owner(&mut tx, work.row.enrollment_id, None, ctx.now()).await?;
            move_to(&mut tx, ctx, &work, other).await?;
            moved += 1;
        }
    } else if moved + attempts == 0 {
        return Err(ServiceError::field("to", Problem::UnknownChoice));
    }
    let event = DutyEvent::QueueHandedOver { curator_id, to, until, works: moved, attempts };
    events::record(&mut tx, ctx, Event::Duty(event)).await?;
    Ok(tx.commit().await?)
}

/// A curator is back before their leave ends. Said twice, or after it, it changes nothing.
pub async fn come_back(ctx: &Ctx, curator: Option<Uuid>) -> Result<()> {
    let curator_id = permitted(ctx, curator)?;
    let mut tx = ctx.begin().await?;
    locked(&mut tx, curator_id).await?;
    let row = queries::standing(&mut tx, curator_id).await?.ok_or(ServiceError::NotFound)?;
    if let Some(until) = row.on_leave_until.filter(|until| *until > ctx.now()) {
        queries::set_leave(&mut tx, curator_id, None, ctx.now()).await?;
        events::record(&mut tx, ctx, Event::Duty(DutyEvent::CameBack { curator_id, until })).await?;
    }
    Ok(tx.commit().await?)
}

/// Makes somebody else answer a work. Who holds it and is not the new owner lets go.
pub(super) async fn move_to(connection: &mut PgConnection, ctx: &Ctx, work: &Work, to: Option<Uuid>) -> Result<()> {
    let (id, before) = (work.row.id, work.row.owner_id);
    if work.state == WorkState::InReview && work.row.holder_id == before {
        works::step(connection, ctx, work, Act::GiveBack, work.facts(ctx), json!({ "curator_id": work.row.holder_id })).await?;
        super::desk_queries::let_go(connection, id).await?;
    }
    set_owner(connection, id, to).await?;
    events::record(connection, ctx, Event::WorkMoved(WorkMoved { submission_id: id, before, after: to })).await
}
