//! Server functions of messages.

use super::model::{LetterView, MailLog, TemplateView};
use crate::shared::error::AppError;
use crate::shared::wire::Json;
use leptos::prelude::*;
use uuid::Uuid;

/// The mail log, by state.
#[server(endpoint = "mail/letters", input = Json, output = Json)]
pub async fn list_letters(state: String, after: Option<Uuid>) -> Result<MailLog, AppError> {
    crate::server::ctx::answer(|ctx| async move { super::server::service::letters(&ctx, &state, after).await }).await
}

/// A letter.
#[server(endpoint = "mail/letter", input = Json, output = Json)]
pub async fn get_letter(letter_id: Uuid) -> Result<LetterView, AppError> {
    crate::server::ctx::answer(|ctx| async move { super::server::service::letter(&ctx, letter_id).await }).await
}

/// Every template in both languages.
#[server(endpoint = "mail/templates", input = Json, output = Json)]
pub async fn list_templates() -> Result<Vec<TemplateView>, AppError> {
    crate::server::ctx::answer(|ctx| async move { super::server::service::templates(&ctx).await }).await
}
