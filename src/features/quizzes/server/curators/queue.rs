//! The curators' queue: attempts and works together, by promised moment, with what one may choose by.

use super::review::queue_owner;
use crate::features::assignments::rules::WorkState;
use crate::features::assignments::server::queue::{self as works, Scope, WaitingWork};
use crate::features::quizzes::model::queue::AssignmentChoice;
use crate::features::quizzes::model::{QueueFilter, QueueLine, QueuePage, Waiting};
use crate::features::quizzes::rules::NEAR_MINUTES;
use crate::features::quizzes::server::queries::{self, QueueRow};
use crate::server::authz::{self, SeeReviewQueue};
use crate::server::ctx::Ctx;
use crate::server::error::Result;
use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

/// Lines of a page.
const PAGE_SIZE: usize = 50;

/// A place in a list: a moment in microseconds, and an id.
fn read_place(text: &str) -> Option<(DateTime<Utc>, Uuid)> {
    let (at, id) = text.split_once('_')?;
    Some((DateTime::from_timestamp_micros(at.parse().ok()?)?, Uuid::try_parse(id).ok()?))
}

fn place(at: DateTime<Utc>, id: Uuid) -> String {
    format!("{}_{id}", at.timestamp_micros())
}

/// What waits, or works in another state.
pub async fn page(ctx: &Ctx, filter: &QueueFilter) -> Result<QueuePage> {
    let _permit = authz::permit(&ctx.actor, SeeReviewQueue)?;
    let mut connection = ctx.connection().await?;
    let curator_id = queue_owner(ctx);
    let scope = Scope::of(ctx, curator_id, filter);
    let mut page = QueuePage {
        lines: Vec::new(),
        found: Vec::new(),
        waiting: 0,
        near: 0,
        overdue: 0,
        next: None,
        courses: works::courses(&mut connection, curator_id).await?,
        assignments: works::assignments(&mut connection, curator_id)
            .await?
            .into_iter()
            .map(|(id, title, course_title)| AssignmentChoice { id, title, course_title })
            .collect(),
    };
    match WorkState::from_code(&filter.state).filter(|state| !state.waits()) {
        Some(state) => find(&mut connection, ctx, scope, state, &filter.after, &mut page).await?,
        None => fill(&mut connection, ctx, scope, &filter.after, &mut page).await?,
    }
    Ok(page)
}

/// Works in a state that nobody waits in.
async fn find(connection: &mut PgConnection, ctx: &Ctx, scope: Scope, state: WorkState, after: &str, page: &mut QueuePage) -> Result<()> {
    let mut found = works::found(connection, ctx, scope, state, read_place(after), limit()).await?;
    let has_more = found.len() > PAGE_SIZE;
    found.truncate(PAGE_SIZE);
    page.next = found.last().filter(|_| has_more).map(|(work, at)| place(*at, work.submission_id));
    page.found = found.into_iter().map(|(work, _)| work).collect();
    Ok(())
}

/// One more than a page has, to know whether another one follows.
fn limit() -> i64 {
    i64::try_from(PAGE_SIZE).unwrap_or(50) + 1
}

/// What waits. Each source gives a page of its own; the earliest of both are the page.
async fn fill(connection: &mut PgConnection, ctx: &Ctx, scope: Scope, after: &str, page: &mut QueuePage) -> Result<()> {
    let (after, near) = (read_place(after), ctx.now() + TimeDelta::minutes(NEAR_MINUTES));
    let waiting = works::waiting(connection, ctx, scope, after, limit()).await?;
    let mut lines: Vec<(DateTime<Utc>, Uuid, QueueLine)> = waiting.into_iter().map(|work| work_line(ctx, work)).collect();
    (page.waiting, page.near, page.overdue) = works::counts(connection, scope, near).await?;
    // Attempts are no rounds of an assignment.
    if scope.assignment.is_none() && scope.round.is_none() {
        let attempts = queries::review_queue(connection, scope, after, limit()).await?;
        lines.extend(attempts.into_iter().map(|row| attempt_line(ctx, row)));
        let counts = queries::queue_counts(connection, scope, near).await?;
        page.waiting += counts.waiting;
        page.near += counts.near;
        page.overdue += counts.overdue;
    }
    lines.sort_by_key(|(at, id, _)| (*at, *id));
    let has_more = lines.len() > PAGE_SIZE;
    lines.truncate(PAGE_SIZE);
    page.next = lines.last().filter(|_| has_more).map(|(at, id, _)| place(*at, *id));
    page.lines = lines.into_iter().map(|(.., line)| line).collect();
    Ok(())
}

fn attempt_line(ctx: &Ctx, row: QueueRow) -> (DateTime<Utc>, Uuid, QueueLine) {
    let line = QueueLine {
        waiting: Waiting::Answers(row.attempt_id, row.waiting),
        learner: row.learner,
        course_title: row.course_title,
        title: row.test_title,
        pictures: Vec::new(),
        holder: None,
        owner: row.owner,
        submitted: ctx.local(row.finished_at),
        promised: ctx.local(row.review_due_at),
        minutes_left: (row.review_due_at - ctx.now()).num_minutes(),
    };
    (row.review_due_at, row.attempt_id, line)
}

fn work_line(ctx: &Ctx, work: WaitingWork) -> (DateTime<Utc>, Uuid, QueueLine) {
    let line = QueueLine {
        waiting: Waiting::Work(work.submission_id, work.round, work.photos),
        learner: work.learner,
        course_title: work.course_title,
        title: work.title,
        pictures: work.pictures,
        holder: work.holder,
        owner: work.owner,
        submitted: work.submitted,
        promised: ctx.local(work.due_at),
        minutes_left: (work.due_at - ctx.now()).num_minutes(),
    };
    (work.due_at, work.submission_id, line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_as_it_was_written() {
        let (at, id) = (DateTime::from_timestamp_micros(1_795_471_380_000_001).expect("a moment"), Uuid::from_u128(7));
        assert_eq!(read_place(&place(at, id)), Some((at, id)));
        for rubbish in ["", "_", "1", "x_y", "99999999999999999999_00000000-0000-0000-0000-000000000007", "1_7"] {
            assert_eq!(read_place(rubbish), None, "{rubbish:?}");
        }
    }
}
