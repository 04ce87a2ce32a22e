//! Server functions of the catalogue.

use super::model::{CourseCard, CoursePage, PreviewLesson};
use crate::shared::error::AppError;
use crate::shared::wire::Json;
use leptos::prelude::*;
use uuid::Uuid;

/// The courses on sale.
#[server(endpoint = "catalogue/courses", input = Json, output = Json)]
pub async fn list_courses() -> Result<Vec<CourseCard>, AppError> {
    crate::server::ctx::answer(|ctx| async move { super::server::service::courses(&ctx).await }).await
}

/// A course's sales page.
#[server(endpoint = "catalogue/course", input = Json, output = Json)]
pub async fn get_course(slug: String) -> Result<CoursePage, AppError> {
    crate::server::ctx::answer(|ctx| async move { super::server::service::course(&ctx, &slug).await }).await
}

/// A free lesson.
#[server(endpoint = "catalogue/preview", input = Json, output = Json)]
pub async fn get_preview_lesson(slug: String, lesson_id: Uuid) -> Result<PreviewLesson, AppError> {
    crate::server::ctx::answer(|ctx| async move { super::server::service::preview_lesson(&ctx, &slug, lesson_id).await }).await
}
