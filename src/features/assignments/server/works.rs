//! What every use case of works needs: a work with its assignment, the guards' facts, moves with their events, the access policy.

use super::desk_queries;
use super::queries::{self, AssignmentRow, WorkRow};
use crate::features::assignments::model::Task;
use crate::features::assignments::rules::{self, Act, Facts, Refused, Takes, WorkState};
use crate::server::authz::{self, ReviewAttempt, SeeReviewQueue};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::server::events::{self, Event, WorkEvent};
use crate::shared::error::Problem;
use anyhow::Context as _;
use chrono::{DateTime, Days, NaiveDate, TimeDelta, TimeZone as _, Utc};
use serde_json::{Value, json};
use sqlx::PgConnection;
use uuid::Uuid;

/// A work, and its assignment as its round was given it.
#[derive(Debug)]
pub(super) struct Work {
    pub row: WorkRow,
    pub assignment: AssignmentRow,
    pub state: WorkState,
}

impl Work {
    /// The last moment at which its learner may hand in.
    pub fn closes(&self) -> Option<DateTime<Utc>> {
        let late = TimeDelta::days(i64::from(self.assignment.late_days));
        self.row.learner_due_at.map(|due| due + late)
    }

    /// Who holds it now.
    pub fn holder(&self, now: DateTime<Utc>) -> Option<Uuid> {
        self.row.holder_id.filter(|_| self.row.held_until.is_some_and(|until| until > now))
    }

    /// A further round is possible.
    pub fn rounds_left(&self) -> bool {
        self.assignment.rounds.is_none_or(|rounds| self.row.round < rounds)
    }

    /// The facts that can be told of the row alone.
    pub fn facts(&self, ctx: &Ctx) -> Facts {
        let now = ctx.now();
        Facts {
            is_late: self.closes().is_some_and(|closes| closes < now),
            may_extend: self.row.extended_at.is_none() && self.row.learner_due_at.is_some() && self.row.days.is_some(),
            is_held_by_other: self.holder(now).is_some_and(|holder| ctx.actor.id() != Some(holder)),
            rounds_left: self.rounds_left(),
            is_admin: authz::permit(&ctx.actor, authz::Administer).is_ok(),
            is_settled: self.row.verdict_at.is_some_and(|at| at + TimeDelta::days(rules::REOPEN_DAYS) < now),
            ..Facts::default()
        }
    }
}

/// A work by its id.
pub(super) async fn of_id(connection: &mut PgConnection, ctx: &Ctx, id: Uuid) -> Result<Option<Work>> {
    let Some(row) = queries::work(connection, id, ctx.actor.id()).await? else { return Ok(None) };
    let assignment = queries::assignment(connection, row.assignment_id, Some(row.version_id)).await?.context("a work has an assignment")?;
    let state = WorkState::from_code(&row.state).with_context(|| format!("assignment_submissions.state is `{}`", row.state))?;
    Ok(Some(Work { row, assignment, state }))
}

/// The same, held until the end of the transaction.
pub(super) async fn locked(connection: &mut PgConnection, ctx: &Ctx, id: Uuid) -> Result<Work> {
    queries::lock(connection, id).await?;
    of_id(connection, ctx, id).await?.ok_or(ServiceError::NotFound)
}

/// Whether the asking person may review the work: staff of its course, and never their own. A round that was not handed in is its
/// learner's alone.
pub(super) fn may_review(ctx: &Ctx, work: Option<Work>) -> Result<Work> {
    // The area's answer comes before the work's: a student learns nothing about ids here.
    let _area = authz::permit(&ctx.actor, SeeReviewQueue)?;
    let work = work.ok_or(ServiceError::NotFound)?;
    let _permit = authz::permit(&ctx.actor, ReviewAttempt { is_curator: work.row.is_curator, learner_id: work.row.user_id })?;
    Ok(work)
}

/// A work to be changed by who reviews it, held until the end of the transaction.
pub(super) async fn reviewed(connection: &mut PgConnection, ctx: &Ctx, id: Uuid) -> Result<Work> {
    queries::lock(connection, id).await?;
    let work = of_id(connection, ctx, id).await?;
    may_review(ctx, work)
}

/// Whether the asking person may have a file because of the work that it is in: its learner; staff of the course once it was handed in.
pub async fn reads_file(connection: &mut PgConnection, ctx: &Ctx, file_id: Uuid) -> Result<bool> {
    let places = desk_queries::works_with_file(connection, file_id, ctx.actor.id()).await?;
    Ok(places.into_iter().any(|place| {
        let reviews = || authz::permit(&ctx.actor, ReviewAttempt { is_curator: place.is_curator, learner_id: place.user_id }).is_ok();
        ctx.actor.id() == Some(place.user_id) || (place.was_submitted && reviews())
    }))
}

/// A refusal of the rules as a form shows it.
pub(super) fn refusal(why: Refused) -> ServiceError {
    let problem = match why {
        Refused::State => return ServiceError::Conflict,
        Refused::Empty => Problem::NothingHandedIn,
        Refused::Uploading => Problem::StillUploading,
        Refused::Late => Problem::DateOver,
        Refused::Extended => Problem::ExtendedAlready,
        Refused::Held => Problem::HeldByOther,
        Refused::Reason => return ServiceError::field("reason", Problem::ReasonNeeded),
        Refused::OpenMustFix => return ServiceError::field("confirmed", Problem::MustFixOpen),
        Refused::NoRounds => Problem::NoRoundsLeft,
        Refused::RoundsLeft => Problem::RoundsLeft,
        Refused::Settled => Problem::TooLateToEdit,
    };
    ServiceError::field("", problem)
}

/// Moves a work as an act does, or says why not; with the event that tells of it. The work is held.
pub(super) async fn step(connection: &mut PgConnection, ctx: &Ctx, work: &Work, act: Act, facts: Facts, more: Value) -> Result<WorkState> {
    let after = rules::next(work.state, act, facts).map_err(refusal)?;
    if after != work.state {
        queries::set_state(connection, work.row.id, after, ctx.now()).await?;
    }
    record(connection, ctx, work, act, after, more).await?;
    Ok(after)
}

/// Tells of an act. Saving a round again tells of nothing, nor does prolonging a hold.
pub(super) async fn record(connection: &mut PgConnection, ctx: &Ctx, work: &Work, act: Act, after: WorkState, more: Value) -> Result<()> {
    if after == work.state && act != Act::Extend {
        return Ok(());
    }
    tell(connection, ctx, work, (act, Some(work.state), after), more).await
}

/// Tells that a work begins.
pub(super) async fn begun(connection: &mut PgConnection, ctx: &Ctx, work: &Work) -> Result<()> {
    tell(connection, ctx, work, (Act::Save, None, work.state), Value::Null).await
}

async fn tell(
    connection: &mut PgConnection,
    ctx: &Ctx,
    work: &Work,
    (act, before, after): (Act, Option<WorkState>, WorkState),
    more: Value,
) -> Result<()> {
    let row = &work.row;
    let event =
        WorkEvent { submission_id: row.id, assignment_id: row.assignment_id, user_id: row.user_id, round: row.round, act, before, after, more };
    events::record(connection, ctx, Event::Work(event)).await
}

/// Makes a curator the holder of a work, which takes it: by a remark, a verdict, or by itself. What another one held too long is taken
/// out of their hands.
pub(super) async fn take(connection: &mut PgConnection, ctx: &Ctx, work: Work) -> Result<Work> {
    let curator_id = ctx.actor.signed_in()?;
    let (now, mut work) = (ctx.now(), work);
    if work.state == WorkState::InReview && work.row.holder_id != Some(curator_id) && work.holder(now).is_none() {
        work.state = step(connection, ctx, &work, Act::GiveBack, work.facts(ctx), json!({ "curator_id": work.row.holder_id })).await?;
    }
    work.state = step(connection, ctx, &work, Act::Take, work.facts(ctx), json!({ "curator_id": curator_id })).await?;
    if !desk_queries::hold(connection, work.row.id, curator_id, now, now + TimeDelta::minutes(rules::HOLD_MINUTES)).await? {
        return Err(refusal(Refused::Held));
    }
    desk_queries::first_taken(connection, work.row.round_id, now).await?;
    work.row.holder_id = Some(curator_id);
    work.row.held_until = Some(now + TimeDelta::minutes(rules::HOLD_MINUTES));
    Ok(work)
}

/// The end of a day, as a curator typed it, in their zone; today at the earliest, and within a year.
pub(super) fn end_of_day(ctx: &Ctx, typed: &str) -> Option<DateTime<Utc>> {
    let day = NaiveDate::parse_from_str(typed.trim(), "%Y-%m-%d").ok()?;
    let today = ctx.now().with_timezone(&ctx.zone).date_naive();
    if day < today || day > today.checked_add_days(Days::new(366))? {
        return None;
    }
    let local = day.and_hms_opt(23, 59, 0)?;
    ctx.zone.from_local_datetime(&local).latest().map(|at| at.with_timezone(&Utc))
}

pub(super) const fn takes(row: &AssignmentRow) -> Takes {
    Takes { text: row.takes_text, photos: row.takes_photos, files: row.takes_files, links: row.takes_links }
}

/// As pages show it.
pub(super) fn task(row: AssignmentRow) -> Task {
    Task {
        takes: takes(&row),
        title: row.title,
        task_html: row.task_html,
        days: row.days,
        rounds: row.rounds,
        max_points: (row.mark == "points").then_some(row.max_points),
    }
}
