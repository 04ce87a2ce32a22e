//! Plain routes of curators' duty, for themselves and for administrators: handing a queue over, being back.

use super::duty;
use crate::server::ctx::Ctx;
use crate::server::error::Result;
use crate::server::http::forms::{self, Fields};
use crate::server::http::session::path_id;
use crate::shared::href;
use crate::shared::viewer::Flash;
use axum::extract::Path;
use axum::response::Response;
use uuid::Uuid;

/// `page` is where the form stands.
async fn finish(ctx: Ctx, fields: &Fields, page: &str, result: Result<()>) -> Response {
    forms::finish(ctx, "hand_over", fields, page, result, |ctx, ()| forms::see_other_with(ctx, page, Flash::Saved)).await
}

async fn finish_of(ctx: Ctx, fields: &Fields, id: &str, result: Result<()>) -> Response {
    let page = Uuid::try_parse(id).map_or_else(|_| "/admin/users".to_owned(), href::user);
    finish(ctx, fields, &page, result).await
}

/// Hands one's own queue over.
pub(super) async fn hand_over(ctx: Ctx, fields: Fields) -> Response {
    let result = duty::hand_over(&ctx, None, fields.get("to"), fields.get("until")).await;
    finish(ctx, &fields, "/curate", result).await
}

/// One is back oneself.
pub(super) async fn come_back(ctx: Ctx, fields: Fields) -> Response {
    let result = duty::come_back(&ctx, None).await;
    finish(ctx, &fields, "/curate", result).await
}

/// Hands somebody else's queue over.
pub(super) async fn hand_over_of(ctx: Ctx, Path(id): Path<String>, fields: Fields) -> Response {
    let result = match path_id(&id) {
        Ok(id) => duty::hand_over(&ctx, Some(id), fields.get("to"), fields.get("until")).await,
        Err(error) => Err(error),
    };
    finish_of(ctx, &fields, &id, result).await
}

/// Somebody else is back.
pub(super) async fn come_back_of(ctx: Ctx, Path(id): Path<String>, fields: Fields) -> Response {
    let result = match path_id(&id) {
        Ok(id) => duty::come_back(&ctx, Some(id)).await,
        Err(error) => Err(error),
    };
    finish_of(ctx, &fields, &id, result).await
}
