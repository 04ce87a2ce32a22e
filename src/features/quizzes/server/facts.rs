//! What other slices may know about an attempt, to tell people of it.

use super::service::fraction;
use super::{attempt_queries as attempts, queries};
use crate::features::quizzes::model::Showing;
use crate::server::error::Result;
use crate::shared::fraction::Fraction;
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
    /// Who is to review it: the enrolment's own curator, else every curator of the course.
    pub curators: Vec<Uuid>,
}

/// An attempt's facts; `None` when there is none.
pub async fn of_attempt(connection: &mut PgConnection, attempt_id: Uuid) -> Result<Option<AttemptFacts>> {
    let Some(row) = attempts::attempt_by_id(connection, attempt_id, None).await? else { return Ok(None) };
    let points = fraction(row.points_numerator, row.points_denominator).filter(|_| row.show_score == Showing::AtOnce.code());
    Ok(Some(AttemptFacts {
        curators: queries::curators_of_enrollment(connection, row.enrollment_id).await?,
        user_id: row.user_id,
        learner: row.learner,
        test: row.title,
        points,
        max_points: row.max_points,
    }))
}
