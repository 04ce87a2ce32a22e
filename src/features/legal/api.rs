//! Server functions of legal texts.

use super::model::LegalText;
use crate::shared::error::AppError;
use crate::shared::wire::Json;
use leptos::prelude::*;

/// The newest version of a legal text in the reader's language.
#[server(endpoint = "legal/text", input = Json, output = Json)]
pub async fn get_legal_text(kind: String) -> Result<LegalText, AppError> {
    crate::server::ctx::answer(|ctx| async move { super::server::service::text(&ctx, &kind).await }).await
}
