//! What other slices may know about a course, to tell people of it.

use super::queries;
use crate::server::error::Result;
use sqlx::PgConnection;
use uuid::Uuid;

/// A course's name and address.
#[derive(Clone, Debug)]
pub struct CourseFacts {
    /// `courses.slug`.
    pub slug: String,
    /// `courses.title`.
    pub title: String,
}

/// A course's facts; `None` when there is none.
pub async fn of_course(connection: &mut PgConnection, course_id: Uuid) -> Result<Option<CourseFacts>> {
    let row = queries::course_name(connection, course_id).await?;
    Ok(row.map(|row| CourseFacts { slug: row.slug, title: row.title }))
}

/// The ids and names of lessons; those that are gone are left out.
pub async fn lesson_titles(connection: &mut PgConnection, lessons: &[Uuid]) -> Result<Vec<(Uuid, String)>> {
    Ok(queries::lesson_titles(connection, lessons).await?.into_iter().map(|row| (row.id, row.title)).collect())
}
