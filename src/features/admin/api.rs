//! Server functions of administration.

use super::model::{Activity, Figures, Queue, UserList, UserPage};
use crate::shared::error::AppError;
use crate::shared::wire::Json;
use leptos::prelude::*;
use uuid::Uuid;

/// The school's figures.
#[server(endpoint = "admin/figures", input = Json, output = Json)]
pub async fn get_figures() -> Result<Figures, AppError> {
    crate::server::ctx::answer(|ctx| async move { super::server::service::figures(&ctx).await }).await
}

/// People by name, address and role.
#[server(endpoint = "admin/users", input = Json, output = Json)]
pub async fn list_users(search: String, role: String, after: Option<Uuid>) -> Result<UserList, AppError> {
    crate::server::ctx::answer(|ctx| async move { super::server::service::users(&ctx, &search, &role, after).await }).await
}

/// A person.
#[server(endpoint = "admin/user", input = Json, output = Json)]
pub async fn get_user(user_id: Uuid) -> Result<UserPage, AppError> {
    crate::server::ctx::answer(|ctx| async move { super::server::service::user(&ctx, user_id).await }).await
}

/// The activity log by kind of event and by person.
#[server(endpoint = "admin/activity", input = Json, output = Json)]
pub async fn list_activity(action: String, search: String, after: Option<Uuid>) -> Result<Activity, AppError> {
    crate::server::ctx::answer(|ctx| async move { super::server::operations::activity(&ctx, &action, &search, after).await }).await
}

/// The queue of jobs by state.
#[server(endpoint = "admin/queue", input = Json, output = Json)]
pub async fn list_jobs(state: String, after: Option<Uuid>) -> Result<Queue, AppError> {
    crate::server::ctx::answer(|ctx| async move { super::server::operations::queue(&ctx, &state, after).await }).await
}
