//! Server functions of conversation.

use super::model::{QuestionList, ThreadPage, WaitingQuestion};
use crate::shared::error::AppError;
use crate::shared::wire::Json;
use leptos::prelude::*;
use uuid::Uuid;

/// Questions under a lesson, one page.
#[server(endpoint = "talk/questions", input = Json, output = Json)]
pub async fn get_questions(slug: String, lesson_id: Uuid, after: Option<Uuid>) -> Result<QuestionList, AppError> {
    crate::server::ctx::answer(|ctx| async move { super::server::service::questions(&ctx, &slug, lesson_id, after).await }).await
}

/// A thread; its latest replies count as seen.
#[server(endpoint = "talk/thread", input = Json, output = Json)]
pub async fn get_thread(thread_id: Uuid, before: Option<i32>) -> Result<ThreadPage, AppError> {
    crate::server::ctx::answer(|ctx| async move { super::server::service::thread(&ctx, thread_id, before).await }).await
}

/// Questions of my courses whose authors wait.
#[server(endpoint = "talk/waiting", input = Json, output = Json)]
pub async fn get_waiting_questions() -> Result<Vec<WaitingQuestion>, AppError> {
    crate::server::ctx::answer(|ctx| async move { super::server::service::waiting(&ctx).await }).await
}
