//! All routes, with the layers around them.

use super::{health, render, session};
use crate::app::{App, shell};
use crate::features::{
    accounts, admin, announcements, assignments, authoring, calendar, catalogue, files, learning, legal, messages, notes, notifications, payments,
    quizzes, talk,
};
use crate::server::state::AppState;
use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{Extensions, HeaderMap, HeaderValue, Request, StatusCode, Version, header};
use axum::middleware;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use leptos_axum::{AxumRouteListing, LeptosRoutes as _, generate_route_list};
use std::any::Any;
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate as _, SizeAbove};
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::services::ServeDir;
use tower_http::set_header::SetResponseHeaderLayer;

/// The largest body of an ordinary form or call, in bytes. Uploads have limits of their own.
pub const BODY_LIMIT: usize = 256 * 1024;

/// The pages that the application knows, as the router lists them.
pub fn page_routes() -> Vec<AxumRouteListing> {
    generate_route_list(App)
}

/// The whole site.
pub fn router(state: AppState) -> Router {
    let options = state.leptos.clone();
    let pages = Router::new()
        .leptos_routes_with_context(&state, page_routes(), render::provide_request_context, move || shell(options.clone()))
        .merge(accounts::server::http::routes())
        .merge(learning::server::http::routes())
        .merge(quizzes::server::http::routes())
        .merge(admin::server::http::routes())
        .merge(calendar::server::http::routes())
        .merge(messages::server::http::routes())
        .merge(catalogue::server::http::routes())
        .merge(legal::server::http::routes())
        .merge(notifications::server::http::routes())
        .merge(talk::server::http::routes())
        .merge(notes::server::http::routes())
        .merge(announcements::server::http::routes())
        .merge(authoring::server::http::routes())
        .merge(assignments::server::http::routes())
        .merge(files::server::http::routes())
        .merge(payments::server::http::routes())
        .fallback(page_not_found)
        .method_not_allowed_fallback(wrong_method)
        .layer(RequestBodyLimitLayer::new(BODY_LIMIT))
        .merge(accounts::server::http::upload_routes())
        .merge(files::server::http::upload_routes())
        .merge(authoring::server::http::upload_routes())
        .merge(assignments::server::http::upload_routes())
        .merge(quizzes::server::http::upload_routes())
        .layer(DefaultBodyLimit::disable())
        .layer(CatchPanicLayer::custom(|panic: Box<dyn Any + Send>| panicked(panic.as_ref())))
        .layer(middleware::from_fn_with_state(state.clone(), session::middleware))
        .layer(
            CompressionLayer::new().compress_when(
                // Uploaded files have ranges, which are of the bytes as they are.
                SizeAbove::new(512)
                    .and(NotForContentType::IMAGES)
                    .and(NotForContentType::const_new("font/"))
                    .and(NotForContentType::SSE)
                    .and(|_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions| !headers.contains_key(header::ACCEPT_RANGES)),
            ),
        );
    Router::new()
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .merge(payments::server::http::webhook_routes())
        .merge(assets(&state))
        .merge(pages)
        .with_state(state)
}

/// Files of the built site: hashed ones for ever, the others for a day; precompressed.
fn assets(state: &AppState) -> Router<AppState> {
    let root = state.leptos.site_root.to_string();
    let folder = |name: &str| ServeDir::new(format!("{root}/{name}")).precompressed_br().precompressed_gzip().append_index_html_on_directories(false);
    let cached = |value: &'static str| {
        ServiceBuilder::new()
            .layer(SetResponseHeaderLayer::overriding(header::CACHE_CONTROL, move |response: &Response<_>| {
                Some(HeaderValue::from_static(if response.status().is_success() { value } else { "no-store" }))
            }))
            .layer(SetResponseHeaderLayer::overriding(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")))
    };
    let (year, day) = (cached("public, max-age=31536000, immutable"), cached("public, max-age=86400"));
    let mut router = Router::new()
        .nest_service("/pkg", year.clone().service(folder("pkg")))
        .nest_service("/fonts", year.service(folder("fonts")))
        .nest_service("/img", day.clone().service(folder("img")));
    for file in ["favicon.svg", "favicon.ico", "apple-touch-icon.png"] {
        let service = tower_http::services::ServeFile::new(format!("{root}/{file}"));
        router = router.route_service(&format!("/{file}"), day.clone().service(service));
    }
    router.layer(middleware::from_fn(known_length))
}

/// A name that no file system takes is no file's; asked for it would be an error of ours.
async fn known_length(request: Request<Body>, next: middleware::Next) -> Response {
    if request.uri().path().split('/').any(|name| name.len() > 255) { StatusCode::NOT_FOUND.into_response() } else { next.run(request).await }
}

async fn page_not_found(State(state): State<AppState>, mut request: Request<Body>) -> Response {
    // The address may be anything; only its path matters to the page that says so.
    if request.uri().path_and_query().is_none() {
        return StatusCode::BAD_REQUEST.into_response();
    }
    *request.method_mut() = axum::http::Method::GET;
    let options = state.leptos.clone();
    leptos_axum::render_app_async_with_context(render::provide_request_context, move || shell(options.clone()))(request).await
}

/// A form's address opened as a page (a reload after a refused form) leads to the form's page.
async fn wrong_method(request: Request<Body>) -> Response {
    let path = request.uri().path();
    if request.method() != axum::http::Method::GET || path.starts_with("/api/") {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let page = match path.split_once("/posts/") {
        _ if path.starts_with("/account/") => "/account",
        // What is done with one post of a discussion shows the discussion.
        Some((thread, _)) => thread,
        None => path.rsplit_once('/').map_or("/", |(page, _)| page),
    };
    super::forms::see_other(if page.is_empty() { "/" } else { page })
}

/// The answer after a panic: logged, with nothing of it shown. The session middleware turns it into a page.
fn panicked(panic: &(dyn Any + Send)) -> Response {
    let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no message");
    tracing::error!(panic = text, "a request panicked");
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}
