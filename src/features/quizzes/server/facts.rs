//! What other slices may know about an attempt, to tell people of it.

use super::stored::fraction;
use crate::features::quizzes::model::Showing;
use crate::features::quizzes::server::curators::duty_queries;
use crate::features::quizzes::server::learners::attempt_queries as attempts;
use crate::server::error::Result;
use crate::shared::fraction::Fraction;
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

/// An attempt, its people and its place.
#[derive(Clone, Debug)]
pub struct AttemptFacts {
    /// The learner.
    pub user_id: Uuid,
    /// Their name.
    pub learner: String,
    /// The test's title.
    pub test: String,
    /// What was reached, unless the test hides it.
    pub points: Option<Fraction>,
    /// What can be reached.
    pub max_points: i32,
}

/// An attempt's facts; `None` when there is none.
pub async fn of_attempt(connection: &mut PgConnection, attempt_id: Uuid) -> Result<Option<AttemptFacts>> {
    let Some(row) = attempts::attempt_by_id(connection, attempt_id, None).await? else { return Ok(None) };
    let points = fraction(row.points_numerator, row.points_denominator).filter(|_| row.show_score == Showing::AtOnce.code());
    Ok(Some(AttemptFacts { user_id: row.user_id, learner: row.learner, test: row.title, points, max_points: row.max_points }))
}

/// Who is to review an attempt: the one whose it is, else every curator of the course who is there.
pub async fn reviewers(connection: &mut PgConnection, attempt_id: Uuid, now: DateTime<Utc>) -> Result<Vec<Uuid>> {
    Ok(duty_queries::reviewers(connection, attempt_id, now).await?)
}
