//! Server functions of accounts.

use super::model::Account;
use crate::shared::error::AppError;
use crate::shared::wire::Json;
use leptos::prelude::*;

/// My account with its sessions.
#[server(endpoint = "accounts/mine", input = Json, output = Json)]
pub async fn get_account() -> Result<Account, AppError> {
    crate::server::ctx::answer(|ctx| async move { super::server::service::account(&ctx).await }).await
}

/// Whether a link to a new password still serves.
#[server(endpoint = "accounts/reset-link", input = Json, output = Json)]
pub async fn is_reset_link_good(token: String) -> Result<bool, AppError> {
    crate::server::ctx::answer(|ctx| async move { super::server::links::is_reset_link_good(&ctx, &token).await }).await
}
