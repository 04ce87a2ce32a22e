//! Server functions of learning.

use super::model::curated::LearnersPage;
use super::model::{Home, LessonPage, Outline, WatchState, Watched};
use crate::shared::error::AppError;
use crate::shared::wire::Json;
use leptos::prelude::*;
use uuid::Uuid;

/// My courses and the next step.
#[server(endpoint = "learning/home", input = Json, output = Json)]
pub async fn get_home() -> Result<Home, AppError> {
    crate::server::ctx::answer(|ctx| async move { super::server::service::home(&ctx).await }).await
}

/// A course's outline with my progress.
#[server(endpoint = "learning/outline", input = Json, output = Json)]
pub async fn get_outline(slug: String) -> Result<Outline, AppError> {
    crate::server::ctx::answer(|ctx| async move { super::server::service::outline(&ctx, &slug).await }).await
}

/// A lesson; opening it is remembered.
#[server(endpoint = "learning/lesson", input = Json, output = Json)]
pub async fn get_lesson(slug: String, lesson_id: Uuid) -> Result<LessonPage, AppError> {
    crate::server::ctx::answer(|ctx| async move { super::server::service::lesson(&ctx, &slug, lesson_id, true).await }).await
}

/// A lesson that is fetched ahead; nothing is remembered.
#[server(endpoint = "learning/peek", input = Json, output = Json)]
pub async fn peek_lesson(slug: String, lesson_id: Uuid) -> Result<LessonPage, AppError> {
    crate::server::ctx::answer(|ctx| async move { super::server::service::lesson(&ctx, &slug, lesson_id, false).await }).await
}

/// Remembers that a lesson was opened which had been fetched ahead.
#[server(endpoint = "learning/visit", input = Json, output = Json)]
pub async fn visit_lesson(slug: String, lesson_id: Uuid) -> Result<(), AppError> {
    crate::server::ctx::answer(|ctx| async move { super::server::service::visit(&ctx, &slug, lesson_id).await }).await
}

/// Keeps what was watched of a lesson's video.
#[server(endpoint = "learning/watched", input = Json, output = Json)]
pub async fn save_watched(slug: String, lesson_id: Uuid, watched: Watched) -> Result<WatchState, AppError> {
    crate::server::ctx::answer(|ctx| async move { super::server::watching::save(&ctx, &slug, lesson_id, watched).await }).await
}

/// Learners whom I look after, by name.
#[server(endpoint = "learning/learners", input = Json, output = Json)]
pub async fn list_learners(course: Option<Uuid>, after: Option<Uuid>) -> Result<LearnersPage, AppError> {
    crate::server::ctx::answer(|ctx| async move { super::server::curated::learners(&ctx, course, after).await }).await
}
