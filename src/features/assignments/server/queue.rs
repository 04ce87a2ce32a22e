//! The works of the curators' queue, for the queue's page in `quizzes`. Callers have asked the policy.

use super::queue_queries as queries;
use crate::features::assignments::model::FoundWork;
use crate::features::assignments::model::measures::LearnerWork;
use crate::features::assignments::rules::WorkState;
use crate::server::ctx::Ctx;
use crate::server::error::Result;
use crate::shared::time::LocalTime;
use anyhow::Context as _;
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

pub use super::queue_queries::{After, Scope};

/// A work that waits.
#[derive(Clone, Debug)]
pub struct WaitingWork {
    /// `assignment_submissions.id`.
    pub submission_id: Uuid,
    /// Who handed in.
    pub learner: String,
    /// Course.
    pub course_title: String,
    /// Assignment.
    pub title: String,
    /// From 1.
    pub round: i32,
    /// Photographs of the round.
    pub photos: i64,
    /// Addresses of the first of them, small, as far as they are made.
    pub pictures: Vec<String>,
    /// When it was handed in.
    pub submitted: LocalTime,
    /// Until when the school promised to answer.
    pub due_at: DateTime<Utc>,
    /// Who holds it, until when.
    pub holder: Option<(String, LocalTime)>,
    /// Who is to answer.
    pub owner: Option<String>,
}

/// Works that wait, by promised moment.
pub async fn waiting(connection: &mut PgConnection, ctx: &Ctx, scope: Scope, after: After, limit: i64) -> Result<Vec<WaitingWork>> {
    let rows = queries::queue(connection, scope, after, limit).await?;
    Ok(rows
        .into_iter()
        .map(|row| WaitingWork {
            submission_id: row.submission_id,
            learner: row.learner,
            course_title: row.course_title,
            title: row.title,
            round: row.round,
            photos: row.photos,
            pictures: row.pictures.into_iter().map(|place| format!("/files/{place}")).collect(),
            submitted: ctx.local(row.submitted_at),
            due_at: row.due_at,
            holder: row.holder.zip(row.held_until.map(|until| ctx.local(until))),
            owner: row.owner,
        })
        .collect())
}

/// How many works wait, how many of them until a moment, how many are late.
pub async fn counts(connection: &mut PgConnection, scope: Scope, near: DateTime<Utc>) -> Result<(i64, i64, i64)> {
    let row = queries::counts(connection, scope, near).await?;
    Ok((row.waiting, row.near, row.overdue))
}

/// How many works wait for somebody.
pub async fn count(connection: &mut PgConnection, curator_id: Option<Uuid>, reader_id: Option<Uuid>) -> Result<i64> {
    Ok(queries::count(connection, curator_id, reader_id).await?)
}

/// Works in one state, the latest moved first, each with where the next page would begin after it.
pub async fn found(
    connection: &mut PgConnection,
    ctx: &Ctx,
    scope: Scope,
    state: WorkState,
    after: After,
    limit: i64,
) -> Result<Vec<(FoundWork, DateTime<Utc>)>> {
    let rows = queries::found(connection, scope, state.code(), after, limit).await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let work = FoundWork {
                submission_id: row.submission_id,
                learner: row.learner,
                course_title: row.course_title,
                title: row.title,
                round: row.round,
                state,
                moved: ctx.local(row.updated_at),
                owner: row.owner,
            };
            (work, row.updated_at)
        })
        .collect())
}

/// Courses to choose from: id and name.
pub async fn courses(connection: &mut PgConnection, curator_id: Option<Uuid>) -> Result<Vec<(Uuid, String)>> {
    Ok(queries::courses(connection, curator_id).await?.into_iter().map(|row| (row.id, row.title)).collect())
}

/// Assignments to choose from: id, name, course.
pub async fn assignments(connection: &mut PgConnection, curator_id: Option<Uuid>) -> Result<Vec<(Uuid, String, String)>> {
    Ok(queries::assignments(connection, curator_id).await?.into_iter().map(|row| (row.id, row.title, row.course_title)).collect())
}

/// Works of enrolments of which something was handed in, each with its enrolment.
pub async fn of_enrollments(connection: &mut PgConnection, enrollments: &[Uuid]) -> Result<Vec<(Uuid, LearnerWork)>> {
    let rows = queries::of_enrollments(connection, enrollments).await?;
    rows.into_iter()
        .map(|row| {
            let state = WorkState::from_code(&row.state).context("assignment_submissions.state")?;
            Ok((row.enrollment_id, LearnerWork { submission_id: row.submission_id, title: row.title, round: row.round, state }))
        })
        .collect()
}
