//! The middleware around everything that people see: request id, origin check, who is signed in, language, theme, headers.

use super::headers::{self, CspNonce};
use super::plain_page::plain_page;
use super::{calls, cookies, csrf};
use crate::features::accounts::server::sessions::{self, SignedIn};
use crate::features::{legal, quizzes};
use crate::server::authz::Actor;
use crate::server::cache::{Found, Key, Page, Reading};
use crate::server::clock;
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError, is_outage};
use crate::server::state::AppState;
use crate::shared::error::{AppError, ErrorKind};
use crate::shared::i18n::Locale;
use crate::shared::viewer::{Theme, Viewer};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse as _, Response};
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;
use uuid::Uuid;

/// A page or a call may take this long; a belt against renderings that never end.
const TIMEOUT: Duration = Duration::from_secs(20);

/// A slow line may take this long for one part of an upload. What it brought until then is kept.
const UPLOAD_TIMEOUT: Duration = Duration::from_hours(2);

/// The type of a page, as both axum and Leptos write it.
const HTML: &str = "text/html; charset=utf-8";

/// Makes the request's [`Ctx`] and finishes its response.
pub async fn middleware(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let started = tokio::time::Instant::now();
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let shown_path = headers::without_secret(&path).into_owned();
    let CspNonce(nonce) = CspNonce::random();
    let address = client_address(&state, &request);
    let mut ctx = blank_ctx(&state, request.headers(), address, nonce.clone());
    let shown_flash = cookies::read_flash(request.headers());
    let is_call = path.starts_with("/api/");

    let resolved = if !csrf::is_same_origin(&method, &path, request.headers(), &state.config.base_url) {
        Err(None)
    } else if is_call && !method.is_safe() && !calls::is_json(request.headers()) {
        Err(Some(StatusCode::UNSUPPORTED_MEDIA_TYPE))
    } else {
        let key = if shown_flash.is_none() { Key::of(&method, request.uri(), ctx.locale(), ctx.viewer.theme) } else { None };
        fill(&mut ctx, request.headers(), is_call, key).await
    };
    let (mut signed_in, mut reading) = (None, None);
    let mut response = match resolved {
        Ok(Reader { found: Found::Page(page), .. }) => Html(page.html(&nonce, ctx.request_id())).into_response(),
        Ok(reader) => {
            signed_in = reader.signed_in;
            if let Found::Nothing(begun) = reader.found {
                reading = Some(begun);
            }
            ctx.viewer.flash = shown_flash;
            if is_call {
                // Data, whatever the caller would like: to a browser's own `Accept` the framework answers with a redirect to the Referer.
                request.headers_mut().insert(header::ACCEPT, HeaderValue::from_static("application/json"));
            }
            request.extensions_mut().insert(CspNonce(nonce.clone()));
            request.extensions_mut().insert(ctx.clone());
            let time = if is_upload(&path) { UPLOAD_TIMEOUT } else { TIMEOUT };
            tokio::time::timeout(time, next.run(request)).await.unwrap_or_else(|_| {
                tracing::error!(request_id = ctx.request_id(), path = shown_path, "a request took too long");
                plain_page(StatusCode::GATEWAY_TIMEOUT, ctx.locale(), ctx.request_id(), &nonce)
            })
        }
        Err(status) if is_call => call_error(&ctx, status.unwrap_or(StatusCode::FORBIDDEN)),
        Err(None) => {
            tracing::warn!(request_id = ctx.request_id(), address = ctx.address, path = shown_path, "a change from a foreign page is refused");
            plain_page(StatusCode::FORBIDDEN, ctx.locale(), ctx.request_id(), &nonce)
        }
        Err(Some(status)) => plain_page(status, ctx.locale(), ctx.request_id(), &nonce),
    };
    if is_call {
        response = calls::finish(response, ctx.request_id()).await;
    } else if needs_page(&response) {
        response = plain_page(response.status(), ctx.locale(), ctx.request_id(), &nonce);
    }
    if let Some(reading) = reading {
        response = keep(response, reading, &ctx).await;
    }
    let headers = response.headers_mut();
    if let Some(tokens) = signed_in.as_ref().and_then(|signed_in| signed_in.renewed.as_ref())
        && !headers.get_all(header::SET_COOKIE).iter().any(|cookie| cookie.as_bytes().starts_with(cookies::refresh_name(&state).as_bytes()))
    {
        cookies::sign_in(headers, &state, tokens);
    }
    let is_page = headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if shown_flash.is_some() && is_page {
        cookies::clear_flash(headers, &state);
    }
    headers::protect_link(headers, &path);
    headers::add(headers, &nonce, state.config.secure_cookies(), signed_in.is_some());
    if let Ok(id) = ctx.request_id().parse() {
        headers.insert("x-request-id", id);
    }
    tracing::info!(
        request_id = ctx.request_id(), %method, path = shown_path, status = response.status().as_u16(),
        ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX), user = ctx.actor.id().map(tracing::field::display), "request"
    );
    response
}

/// Where the body is a file. Silence on the line ends it sooner.
fn is_upload(path: &str) -> bool {
    path.starts_with("/uploads") || (path.starts_with("/admin/") && path.ends_with("/files"))
}

/// An error that a layer below answered in plain text, to be shown as a page.
fn needs_page(response: &Response) -> bool {
    let status = response.status();
    let kind = response.headers().get(header::CONTENT_TYPE);
    (status.is_client_error() || status.is_server_error()) && kind.is_none_or(|kind| kind.as_bytes().starts_with(b"text/plain"))
}

/// A call of the browser's program gets its error as data, not as a page.
fn call_error(ctx: &Ctx, status: StatusCode) -> Response {
    let kind = match status {
        StatusCode::FORBIDDEN => ErrorKind::Forbidden,
        StatusCode::SERVICE_UNAVAILABLE => ErrorKind::Unavailable,
        _ => ErrorKind::Internal,
    };
    let error = AppError { request_id: ctx.request_id().to_owned(), ..AppError::new(kind) };
    (status, axum::Json(error)).into_response()
}

fn blank_ctx(state: &AppState, headers: &HeaderMap, address: IpAddr, nonce: String) -> Ctx {
    let text = |name| headers.get(name).and_then(|value: &header::HeaderValue| value.to_str().ok()).unwrap_or_default();
    let locale = cookies::read(headers, cookies::LANGUAGE)
        .and_then(|code| Locale::from_code(&code))
        .or_else(|| Locale::from_accept_language(text(header::ACCEPT_LANGUAGE)))
        .unwrap_or_default();
    Ctx {
        state: state.clone(),
        actor: Actor::Visitor,
        session_id: None,
        zone: clock::zone("Europe/Moscow"),
        address: address.to_string(),
        user_agent: text(header::USER_AGENT).chars().filter(|c| !c.is_control()).take(200).collect(),
        order_links: cookies::read(headers, cookies::ORDERS).unwrap_or_default(),
        nonce,
        viewer: Viewer {
            locale,
            theme: cookies::read(headers, cookies::THEME).and_then(|code| Theme::from_code(&code)),
            base_url: state.config.base_url.clone(),
            request_id: state.clock.new_id().simple().to_string(),
            ..Viewer::default()
        },
    }
}

/// Who asks, and what the cache has for them.
struct Reader {
    signed_in: Option<SignedIn>,
    found: Found,
}

/// Who is signed in, and what every page shows. The error is the status to answer with; a database that is away is 503.
async fn fill(ctx: &mut Ctx, headers: &HeaderMap, is_call: bool, key: Option<Key>) -> std::result::Result<Reader, Option<StatusCode>> {
    match try_fill(ctx, headers, is_call, key).await {
        Ok(reader) => Ok(reader),
        Err(error) => {
            let is_away = matches!(&error, ServiceError::Database(cause) if is_outage(cause));
            error.into_app_error(ctx.request_id());
            Err(Some(if is_away { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::INTERNAL_SERVER_ERROR }))
        }
    }
}

async fn try_fill(ctx: &mut Ctx, headers: &HeaderMap, is_call: bool, key: Option<Key>) -> Result<Reader> {
    let access = cookies::read(headers, cookies::access_name(&ctx.state));
    let refresh = cookies::read(headers, cookies::refresh_name(&ctx.state));
    let signed_in = sessions::resolve(ctx, access.as_deref(), refresh.as_deref()).await?;
    // Asked before anything of the page is read.
    let found = key.filter(|_| signed_in.is_none()).map_or(Found::Off, |key| ctx.state.cache.find(key));
    if matches!(found, Found::Page(_)) {
        return Ok(Reader { signed_in, found });
    }
    if let Some(found) = &signed_in {
        ctx.actor = found.actor();
        ctx.session_id = Some(found.session_id);
        ctx.viewer.person = Some(found.person.clone());
        ctx.viewer.locale = found.locale.unwrap_or(ctx.viewer.locale);
        ctx.viewer.theme = found.theme.or(ctx.viewer.theme);
        ctx.viewer.unread = found.unread;
    }
    // What calls answer shows the same times as the page around it.
    if let Some(found) = &signed_in {
        ctx.zone = clock::zone(&found.time_zone);
    }
    if !is_call || signed_in.is_none() {
        let (school, time_zone) = legal::server::service::school(ctx).await?;
        ctx.viewer.school = school;
        if signed_in.is_none() {
            ctx.zone = clock::zone(&time_zone);
        }
    }
    if !is_call {
        ctx.viewer.reviews_waiting = quizzes::server::curators::review::count_waiting(ctx).await?;
    }
    Ok(Reader { signed_in, found })
}

/// Keeps a page that is nothing but a page; the answer stays what it is.
async fn keep(response: Response, reading: Reading, ctx: &Ctx) -> Response {
    let (parts, body) = response.into_parts();
    let is_page = parts.status == StatusCode::OK && parts.headers.iter().all(|(name, value)| name == header::CONTENT_TYPE && value == HTML);
    if !is_page {
        return Response::from_parts(parts, body);
    }
    let Ok(bytes) = axum::body::to_bytes(body, usize::MAX).await else {
        return plain_page(StatusCode::INTERNAL_SERVER_ERROR, ctx.locale(), ctx.request_id(), &ctx.nonce);
    };
    if let Ok(html) = std::str::from_utf8(&bytes) {
        ctx.state.cache.keep(reading, Page::new(html, &ctx.nonce, ctx.request_id()));
    }
    Response::from_parts(parts, bytes.into())
}

/// The peer's address, or what a trusted proxy says it is: the last address in `X-Forwarded-For` that is not a proxy of ours.
pub(crate) fn client_address(state: &AppState, request: &Request) -> IpAddr {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map_or(IpAddr::from([127, 0, 0, 1]), |info| info.0.ip());
    let is_trusted = |address: &IpAddr| state.config.trusted_proxies.contains(address);
    if !is_trusted(&peer) {
        return peer;
    }
    let forwarded = request.headers().get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok()).collect::<Vec<_>>().join(",");
    forwarded.rsplit(',').map_while(|part| part.trim().parse().ok()).find(|address| !is_trusted(address)).unwrap_or(peer)
}

impl axum::extract::FromRequestParts<AppState> for Ctx {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut axum::http::request::Parts, _state: &AppState) -> std::result::Result<Self, StatusCode> {
        parts.extensions.get::<Self>().cloned().ok_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

/// An id in a path; what is not one does not exist.
pub fn path_id(text: &str) -> Result<Uuid> {
    Uuid::try_parse(text).map_err(|_| ServiceError::NotFound)
}
