//! Plain routes of messages: letters as documents of their own, and the form of paused addresses.

use super::service;
use crate::server::ctx::Ctx;
use crate::server::error::Result;
use crate::server::http::forms::{self, Fields};
use crate::server::http::session::path_id;
use crate::server::state::AppState;
use crate::shared::viewer::Flash;
use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{Html, IntoResponse as _, Response};
use axum::routing::{get, post};

/// Letters carry their styles inline, which is allowed here alone; nothing else is, and only our own pages may frame them.
const LETTER_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; sandbox; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

/// Routes of the mail log.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/admin/mail/lift", post(lift))
        .route("/admin/mail/{id}/html", get(letter))
        .route("/admin/mail/templates/{template}/{locale}", get(template))
}

async fn lift(ctx: Ctx, fields: Fields) -> Response {
    let result = service::lift_pause(&ctx, fields.get("address")).await;
    forms::finish(ctx, "lift", &fields, "/admin/mail", result, |ctx, ()| forms::see_other_with(ctx, "/admin/mail", Flash::PauseLifted)).await
}

async fn letter(ctx: Ctx, Path(id): Path<String>) -> Response {
    let html = match path_id(&id) {
        Ok(id) => service::letter_html(&ctx, id).await,
        Err(error) => Err(error),
    };
    document(ctx, html).await
}

async fn template(ctx: Ctx, Path((template, locale)): Path<(String, String)>) -> Response {
    let html = service::template_html(&ctx, &template, &locale).await;
    document(ctx, html).await
}

async fn document(ctx: Ctx, html: Result<String>) -> Response {
    match html {
        Ok(html) => {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(LETTER_POLICY));
            headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN"));
            (headers, Html(html)).into_response()
        }
        Err(error) => forms::refuse(ctx, "letter", &Fields::default(), "/admin/mail", error).await,
    }
}
