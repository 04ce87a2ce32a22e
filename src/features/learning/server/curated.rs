//! Learners as those see them who look after them: progress, last visit, works, where they are stuck.

use super::curated_queries as queries;
use crate::features::assignments::server::queue as works;
use crate::features::learning::model::curated::{LearnerLine, LearnersPage};
use crate::features::quizzes::server::curators::review::queue_owner;
use crate::server::authz::{self, SeeReviewQueue};
use crate::server::ctx::Ctx;
use crate::server::error::Result;
use crate::shared::page::Page;
use uuid::Uuid;

const PAGE_SIZE: i64 = 50;

/// A page of the learners whom the asking person looks after; administrators see all.
pub async fn learners(ctx: &Ctx, course: Option<Uuid>, after: Option<Uuid>) -> Result<LearnersPage> {
    let _permit = authz::permit(&ctx.actor, SeeReviewQueue)?;
    let curator_id = queue_owner(ctx);
    let mut connection = ctx.connection().await?;
    let rows = queries::learners(&mut connection, curator_id, course, after, ctx.now(), PAGE_SIZE + 1).await?;
    let Page { items: rows, next } = Page::cut(rows, PAGE_SIZE, |row| row.enrollment_id);
    let ids: Vec<Uuid> = rows.iter().map(|row| row.enrollment_id).collect();
    let mut all = works::of_enrollments(&mut connection, &ids).await?;
    let items = rows
        .into_iter()
        .map(|row| {
            let own = all.extract_if(.., |(id, _)| *id == row.enrollment_id).map(|(_, work)| work).collect();
            LearnerLine {
                user_id: row.user_id,
                name: row.full_name,
                photo: row.photo_file_id,
                course_title: row.course_title,
                progress: row.progress,
                last_visit: row.last_visited_at.map(|at| ctx.local(at)),
                days_away: row.last_visited_at.map(|at| (ctx.now() - at).num_days()),
                stuck: row.stuck_lesson,
                works: own,
            }
        })
        .collect();
    Ok(LearnersPage {
        page: Page { items, next },
        courses: works::courses(&mut connection, curator_id).await?,
        is_admin: authz::permit(&ctx.actor, authz::Administer).is_ok(),
    })
}
