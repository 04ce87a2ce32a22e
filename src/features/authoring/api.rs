//! Server functions of authoring.

use super::model::{CourseLine, CoursePage, EditedFile, FileWords, LessonEditor};
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

/// The files of a lesson's draft, else of what its readers see.
#[server(endpoint = "authoring/files", input = Json, output = Json)]
pub async fn get_lesson_files(course_id: Uuid, lesson_id: Uuid) -> Result<Vec<EditedFile>, AppError> {
    crate::server::ctx::answer(|ctx| async move { super::server::lesson_files::files(&ctx, course_id, lesson_id).await }).await
}

/// Takes a file out of a lesson's draft.
#[server(endpoint = "authoring/remove-file", input = Json, output = Json)]
pub async fn remove_lesson_file(course_id: Uuid, lesson_id: Uuid, file_id: Uuid) -> Result<(), AppError> {
    crate::server::ctx::answer(|ctx| async move { super::server::lesson_files::remove(&ctx, course_id, lesson_id, file_id).await }).await
}

/// Writes what is said of a file in a lesson's draft.
#[server(endpoint = "authoring/describe-file", input = Json, output = Json)]
pub async fn describe_lesson_file(course_id: Uuid, lesson_id: Uuid, file_id: Uuid, words: FileWords) -> Result<(), AppError> {
    crate::server::ctx::answer(|ctx| async move { super::server::lesson_files::describe(&ctx, course_id, lesson_id, file_id, &words).await }).await
}
