//! Use cases of looking at courses as their author.

use super::{plan_queries, plans, queries};
use crate::features::authoring::model::{CourseLine, CoursePage, CourseStatus, LessonLine, ModuleLine};
use crate::server::authz::{self, Administer};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use uuid::Uuid;

/// All courses of the school.
pub async fn courses(ctx: &Ctx) -> Result<Vec<CourseLine>> {
    let _permit = authz::permit(&ctx.actor, Administer)?;
    let rows = queries::courses(&mut *ctx.connection().await?).await?;
    Ok(rows
        .into_iter()
        .map(|row| CourseLine {
            id: row.id,
            title: row.title,
            slug: row.slug,
            status: CourseStatus::from_code(&row.status),
            lessons: row.lessons,
            drafts: row.drafts,
            learners: row.learners,
        })
        .collect())
}

/// A course with its lessons.
pub async fn course(ctx: &Ctx, id: Uuid) -> Result<CoursePage> {
    let _permit = authz::permit(&ctx.actor, Administer)?;
    let mut connection = ctx.connection().await?;
    let head = queries::course_by_id(&mut connection, id).await?.ok_or(ServiceError::NotFound)?;
    let mut modules: Vec<ModuleLine> = Vec::new();
    let rows = match plan_queries::working_version(&mut connection, id).await? {
        Some(version_id) => queries::lessons_of_version(&mut connection, version_id).await?,
        None => Vec::new(),
    };
    for row in rows {
        if modules.last().is_none_or(|module| module.id != row.module_id) {
            modules.push(ModuleLine {
                id: row.module_id,
                title: row.module_title,
                opening: plans::opening_of(ctx, row.opens, row.opens_at, row.opens_after_days),
                lessons: Vec::new(),
            });
        }
        if let Some(module) = modules.last_mut() {
            module.lessons.push(LessonLine {
                id: row.lesson_id,
                title: row.title,
                minutes: row.minutes,
                is_required: row.is_required,
                is_preview: row.is_preview,
                draft: row.draft_at.map(|at| ctx.local(at)),
            });
        }
    }
    Ok(CoursePage {
        id,
        title: head.title,
        slug: head.slug,
        status: CourseStatus::from_code(&head.status),
        modules,
        pending: plans::pending(&mut connection, ctx, id).await?,
        behind: plans::behind(&mut connection, ctx, id).await?,
        time_zone: ctx.zone.name().to_owned(),
    })
}
