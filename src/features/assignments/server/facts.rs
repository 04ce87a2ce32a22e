//! What other slices may know about a work, to tell people of it.

use super::queries;
use crate::server::error::Result;
use sqlx::PgConnection;
use uuid::Uuid;

/// A work, its people and its place.
#[derive(Clone, Debug)]
pub struct WorkFacts {
    /// `assignments.id`.
    pub assignment_id: Uuid,
    /// The assignment's name.
    pub title: String,
    /// The learner.
    pub user_id: Uuid,
    /// Their name.
    pub learner: String,
    /// Who is to answer, if there is somebody.
    pub owner_id: Option<Uuid>,
}

/// A work's facts; `None` when there is none.
pub async fn of_work(connection: &mut PgConnection, id: Uuid) -> Result<Option<WorkFacts>> {
    let Some(row) = queries::work(connection, id, None).await? else { return Ok(None) };
    let Some(assignment) = queries::assignment(connection, row.assignment_id, Some(row.version_id)).await? else { return Ok(None) };
    Ok(Some(WorkFacts {
        assignment_id: row.assignment_id,
        title: assignment.title,
        user_id: row.user_id,
        learner: row.learner,
        owner_id: row.owner_id,
    }))
}
