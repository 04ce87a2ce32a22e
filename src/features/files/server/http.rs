//! Plain routes of files: resumable uploads, and downloads.

use super::ranges::{self, Wanted};
use super::service::{self, Download, Link};
use super::uploads::{self, NewUploadInput};
use super::video::playing;
use super::{detect, photos, tus};
use crate::features::files::rules::{Role, UploadPlace};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::server::http::forms::{self, Fields};
use crate::server::http::session::path_id;
use crate::server::state::AppState;
use crate::shared::href::percent_encode;
use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Query};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, patch, post};
use serde::Deserialize;
use uuid::Uuid;

/// Downloads.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/files/{id}", get(file))
        .route("/files/{id}/{width}", get(picture))
        .route("/files/{id}/tiles/{level}/{at}", get(tile))
        .route("/files/{id}/poster", get(poster))
        .route("/files/{id}/stream", get(streams))
        .route("/files/{id}/stream/{height}", get(stream))
        .route("/files/{id}/film/{height}", get(film))
}

/// Uploads: bodies without a limit of the router's; each is told its own.
pub fn upload_routes() -> Router<AppState> {
    Router::new()
        .route("/uploads", post(create).options(abilities))
        .route("/uploads/{id}", patch(append).head(look).delete(terminate).options(abilities))
}

async fn abilities() -> Response {
    tus::abilities(Role::Video.max_bytes())
}

async fn create(ctx: Ctx, headers: HeaderMap, body: Body) -> Response {
    if !tus::speaks(&headers) {
        return tus::bad(&ctx, StatusCode::PRECONDITION_FAILED);
    }
    if let Err(refusal) = ctx.actor.signed_in() {
        return tus::service_error(&ctx, refusal.into());
    }
    let metadata = tus::metadata(&headers);
    let id = |name: &str| metadata.get(name).and_then(|id| Uuid::try_parse(id).ok());
    let place = match (id("course").zip(id("lesson")), id("assignment")) {
        (Some((course_id, lesson_id)), _) => Some(UploadPlace::Lesson { course_id, lesson_id }),
        (None, assignment) => assignment.map(|assignment_id| UploadPlace::Work { assignment_id }),
    };
    let (Some(size), Some(role), Some(place)) = (tus::length(&headers), tus::role(&metadata), place) else {
        return tus::bad(&ctx, StatusCode::BAD_REQUEST);
    };
    let name = metadata.get("filename").or_else(|| metadata.get("name")).cloned().unwrap_or_default();
    let standing = match uploads::create(&ctx, NewUploadInput { role, place, name, size }).await {
        Ok(standing) => standing,
        Err(error) => return tus::service_error(&ctx, error),
    };
    if !tus::has_part(&headers) {
        return tus::stands(StatusCode::CREATED, &standing);
    }
    let Ok(checksum) = tus::checksum(&headers) else { return tus::bad(&ctx, StatusCode::BAD_REQUEST) };
    match uploads::append(&ctx, standing.id, 0, checksum, body.into_data_stream()).await {
        Ok(standing) => tus::stands(StatusCode::CREATED, &standing),
        Err(refused) => tus::refused(&ctx, refused),
    }
}

async fn look(ctx: Ctx, Path(id): Path<String>, headers: HeaderMap) -> Response {
    if !tus::speaks(&headers) {
        return tus::bad(&ctx, StatusCode::PRECONDITION_FAILED);
    }
    let found = match path_id(&id) {
        Ok(id) => uploads::look(&ctx, id).await,
        Err(error) => Err(error.into()),
    };
    match found {
        Ok(standing) => tus::stands(StatusCode::OK, &standing),
        Err(refused) => tus::refused(&ctx, refused),
    }
}

async fn append(ctx: Ctx, Path(id): Path<String>, headers: HeaderMap, body: Body) -> Response {
    if !tus::speaks(&headers) {
        return tus::bad(&ctx, StatusCode::PRECONDITION_FAILED);
    }
    if !tus::has_part(&headers) {
        return tus::bad(&ctx, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    }
    let (Some(offset), Ok(checksum)) = (tus::offset(&headers), tus::checksum(&headers)) else { return tus::bad(&ctx, StatusCode::BAD_REQUEST) };
    let done = match path_id(&id) {
        Ok(id) => uploads::append(&ctx, id, offset, checksum, body.into_data_stream()).await,
        Err(error) => Err(error.into()),
    };
    match done {
        Ok(standing) => tus::stands(StatusCode::NO_CONTENT, &standing),
        Err(refused) => tus::refused(&ctx, refused),
    }
}

async fn terminate(ctx: Ctx, Path(id): Path<String>, headers: HeaderMap) -> Response {
    if !tus::speaks(&headers) {
        return tus::bad(&ctx, StatusCode::PRECONDITION_FAILED);
    }
    let done = match path_id(&id) {
        Ok(id) => uploads::terminate(&ctx, id).await,
        Err(error) => Err(error.into()),
    };
    match done {
        Ok(()) => tus::gone(),
        Err(refused) => tus::refused(&ctx, refused),
    }
}

/// What may stand in the address of a file.
#[derive(Debug, Deserialize)]
struct FileQuery {
    /// A player's link: seconds since 1970 until which it serves.
    until: Option<i64>,
    signature: Option<String>,
    /// A picture as it was uploaded, for its author.
    original: Option<String>,
}

async fn file(ctx: Ctx, Path(id): Path<String>, Query(query): Query<FileQuery>, method: Method, headers: HeaderMap) -> Response {
    let found = match (path_id(&id), query.until.zip(query.signature)) {
        (Ok(id), Some((until, signature))) => service::by_link(&ctx, id, &Link { until, signature }).await,
        (Ok(id), None) => service::download(&ctx, id, query.original.is_some()).await,
        (Err(error), _) => Err(error),
    };
    send(ctx, &method, &headers, found).await
}

async fn picture(ctx: Ctx, Path((id, width)): Path<(String, String)>, method: Method, headers: HeaderMap) -> Response {
    let found = match (path_id(&id), width.parse()) {
        (Ok(id), Ok(width)) => service::picture(&ctx, id, width).await,
        _ => Err(ServiceError::NotFound),
    };
    send(ctx, &method, &headers, found).await
}

async fn tile(ctx: Ctx, Path((id, level, at)): Path<(String, String, String)>, method: Method, headers: HeaderMap) -> Response {
    let at = at.split_once('_').and_then(|(x, y)| Some((x.parse().ok()?, y.parse().ok()?)));
    let found = match (path_id(&id), level.parse().ok().zip(at)) {
        (Ok(id), Some((level, at))) => photos::tile(&ctx, id, level, at).await,
        _ => Err(ServiceError::NotFound),
    };
    send(ctx, &method, &headers, found).await
}

/// The link of a player to something made of a video, and its height if the address has one.
fn linked(id: &str, height: Option<&str>, query: FileQuery) -> Result<(Uuid, Link, Option<i32>)> {
    let (until, signature) = query.until.zip(query.signature).ok_or(ServiceError::NotFound)?;
    let height = height.map(|height| height.parse().map_err(|_| ServiceError::NotFound)).transpose()?;
    Ok((path_id(id)?, Link { until, signature }, height))
}

async fn poster(ctx: Ctx, Path(id): Path<String>, Query(query): Query<FileQuery>, method: Method, headers: HeaderMap) -> Response {
    made(ctx, linked(&id, None, query), &method, &headers).await
}

async fn film(ctx: Ctx, Path((id, height)): Path<(String, String)>, Query(query): Query<FileQuery>, method: Method, headers: HeaderMap) -> Response {
    made(ctx, linked(&id, Some(&height), query), &method, &headers).await
}

async fn made(ctx: Ctx, linked: Result<(Uuid, Link, Option<i32>)>, method: &Method, headers: &HeaderMap) -> Response {
    let found = match linked {
        Ok((id, link, height)) => playing::bytes(&ctx, id, &link, height).await,
        Err(error) => Err(error),
    };
    send(ctx, method, headers, found).await
}

async fn streams(ctx: Ctx, Path(id): Path<String>, Query(query): Query<FileQuery>) -> Response {
    list(ctx, linked(&id, None, query)).await
}

async fn stream(ctx: Ctx, Path((id, height)): Path<(String, String)>, Query(query): Query<FileQuery>) -> Response {
    list(ctx, linked(&id, Some(&height), query)).await
}

async fn list(ctx: Ctx, linked: Result<(Uuid, Link, Option<i32>)>) -> Response {
    let found = match linked {
        Ok((id, link, height)) => playing::playlist(&ctx, id, &link, height).await,
        Err(error) => Err(error),
    };
    match found {
        Ok(list) => ([(header::CONTENT_TYPE, "application/vnd.apple.mpegurl"), (header::CACHE_CONTROL, "private, no-store")], list).into_response(),
        Err(error) => forms::refuse(ctx, "file", &Fields::default(), "/", error).await,
    }
}

async fn send(ctx: Ctx, method: &Method, asked: &HeaderMap, found: Result<Download>) -> Response {
    match found {
        Ok(download) => answer(&ctx, method, asked, download),
        Err(error) => forms::refuse(ctx, "file", &Fields::default(), "/", error).await,
    }
}

/// The file, a part of it, or that the reader has it already.
fn answer(ctx: &Ctx, method: &Method, asked: &HeaderMap, download: Download) -> Response {
    let asked = |name: header::HeaderName| asked.get(name).and_then(|value| value.to_str().ok());
    let tag = download.tag();
    let mut headers = HeaderMap::new();
    for (name, value) in [
        (header::ETAG, tag.as_str()),
        (header::CACHE_CONTROL, download.caching),
        (header::ACCEPT_RANGES, "bytes"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
        (header::CONTENT_TYPE, detect::served_type(&download.content_type)),
        (header::CONTENT_DISPOSITION, disposition(&download).as_str()),
    ] {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    }
    let is_known = |list: &str| list.split(',').any(|known| matches!(known.trim().trim_start_matches("W/"), known if known == "*" || known == tag));
    if asked(header::IF_NONE_MATCH).is_some_and(is_known) {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    // A part of other bytes than the reader has would spoil what they have.
    let range = asked(header::RANGE).filter(|_| asked(header::IF_RANGE).is_none_or(|known| known.trim() == tag));
    let size = download.size;
    let (status, range) = match ranges::wanted(range, size) {
        Wanted::Whole => (StatusCode::OK, 0..size),
        Wanted::Part(range) => {
            if let Ok(value) = HeaderValue::try_from(format!("bytes {}-{}/{size}", range.start, range.end - 1)) {
                headers.insert(header::CONTENT_RANGE, value);
            }
            (StatusCode::PARTIAL_CONTENT, range)
        }
        Wanted::Nothing => {
            if let Ok(value) = HeaderValue::try_from(format!("bytes */{size}")) {
                headers.insert(header::CONTENT_RANGE, value);
            }
            headers.insert(header::CONTENT_LENGTH, 0.into());
            // Nothing of the file is here, whatever its type.
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
            return (StatusCode::RANGE_NOT_SATISFIABLE, headers).into_response();
        }
    };
    headers.insert(header::CONTENT_LENGTH, (range.end - range.start).into());
    if *method == Method::HEAD {
        return (status, headers).into_response();
    }
    let body =
        Body::from_stream(ctx.state.storage.stream(download.parts, download.part_bytes, download.start + range.start..download.start + range.end));
    (status, headers, body).into_response()
}

/// How the file is called where it is kept (RFC 6266): a plain name for old programs, the real one for the others.
fn disposition(download: &Download) -> String {
    let way = if download.is_shown { "inline" } else { "attachment" };
    let plain: String = download.name.chars().map(|c| if c.is_ascii_alphanumeric() || ".-_ ()".contains(c) { c } else { '_' }).collect();
    // A slash, which may stand in a query, would be a path here.
    format!("{way}; filename=\"{plain}\"; filename*=UTF-8''{}", percent_encode(&download.name).replace('/', "%2F"))
}
