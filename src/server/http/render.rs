//! Pages: the Leptos application rendered whole, with the request's context.

use crate::app::shell;
use crate::server::ctx::Ctx;
use crate::server::http::headers::CspNonce;
use crate::shared::error::AppError;
use axum::body::Body;
use axum::http::request::Parts;
use axum::http::{Request, StatusCode, header};
use axum::response::Response;
use leptos::nonce::Nonce;
use leptos::prelude::{provide_context, use_context};

/// What every rendered page and server function finds in its Leptos context besides the request's parts.
pub fn provide_request_context() {
    let Some(parts) = use_context::<Parts>() else { return };
    if let Some(CspNonce(nonce)) = parts.extensions.get::<CspNonce>() {
        provide_context(Nonce::from_value(nonce.clone()));
    }
    if let Some(ctx) = parts.extensions.get::<Ctx>() {
        provide_context(ctx.viewer.clone());
    }
    if let Some(error) = parts.extensions.get::<AppError>() {
        provide_context(error.clone());
    }
}

/// Renders the page of a path as a GET, for a form that shows its page again.
pub async fn page_with_status(mut ctx: Ctx, path: &str, status: StatusCode) -> Response {
    ctx.viewer.page = Some(path.to_owned());
    let mut response = render(ctx, path, None).await;
    if response.status() == StatusCode::OK {
        *response.status_mut() = status;
    }
    response
}

/// Renders an error's page in the school's frame, with its status.
pub async fn error(ctx: Ctx, error: AppError) -> Response {
    render(ctx, "/", Some(error)).await
}

async fn render(ctx: Ctx, path: &str, error: Option<AppError>) -> Response {
    let options = ctx.state.leptos.clone();
    let mut request = Request::new(Body::empty());
    if let Ok(uri) = path.parse() {
        *request.uri_mut() = uri;
    }
    request.headers_mut().insert(header::ACCEPT, header::HeaderValue::from_static("text/html"));
    request.extensions_mut().insert(CspNonce(ctx.nonce.clone()));
    if let Some(error) = error {
        request.extensions_mut().insert(error);
    }
    request.extensions_mut().insert(ctx);
    leptos_axum::render_app_async_with_context(provide_request_context, move || shell(options.clone()))(request).await
}
