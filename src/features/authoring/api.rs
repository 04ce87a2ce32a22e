//! Server functions of authoring.

use super::model::{CourseLine, CoursePage, LessonEditor};
use crate::shared::error::AppError;
use crate::shared::wire::Json;
use leptos::prelude::*;
use uuid::Uuid;

/// All courses.
#[server(endpoint = "authoring/courses", input = Json, output = Json)]
pub async fn list_courses() -> Result<Vec<CourseLine>, AppError> {
    crate::server::ctx::answer(|ctx| async move { super::server::service::courses(&ctx).await }).await
}

/// A course with its lessons.
#[server(endpoint = "authoring/course", input = Json, output = Json)]
pub async fn get_course(course_id: Uuid) -> Result<CoursePage, AppError> {
    crate::server::ctx::answer(|ctx| async move { super::server::service::course(&ctx, course_id).await }).await
}

/// A lesson's text to be changed.
#[server(endpoint = "authoring/lesson", input = Json, output = Json)]
pub async fn get_lesson_editor(course_id: Uuid, lesson_id: Uuid) -> Result<LessonEditor, AppError> {
    crate::server::ctx::answer(|ctx| async move { super::server::lessons::editor(&ctx, course_id, lesson_id).await }).await
}

/// A text as learners will see it: safe HTML.
#[server(endpoint = "authoring/preview", input = Json, output = Json)]
pub async fn preview(content: String) -> Result<String, AppError> {
    crate::server::ctx::answer(|ctx| async move { super::server::lessons::preview(&ctx, &content).await }).await
}
