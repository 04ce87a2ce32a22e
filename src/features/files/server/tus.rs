//! The words of tus 1.0 (<https://tus.io/protocols/resumable-upload>): headers of requests read, headers of answers written.

use super::uploads::{Checksum, Refused, Standing};
use crate::features::files::rules::Role;
use crate::server::ctx::Ctx;
use crate::server::error::ServiceError;
use crate::shared::error::{AppError, ErrorKind};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::collections::HashMap;

const VERSION: HeaderValue = HeaderValue::from_static("1.0.0");
pub(super) const RESUMABLE: HeaderName = HeaderName::from_static("tus-resumable");
const OFFSET: HeaderName = HeaderName::from_static("upload-offset");
const LENGTH: HeaderName = HeaderName::from_static("upload-length");
const METADATA: HeaderName = HeaderName::from_static("upload-metadata");
const CHECKSUM: HeaderName = HeaderName::from_static("upload-checksum");
const EXPIRES: HeaderName = HeaderName::from_static("upload-expires");
/// The kind of body that a part of an upload has.
pub(super) const BODY_TYPE: &str = "application/offset+octet-stream";

fn text<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn number(headers: &HeaderMap, name: &HeaderName) -> Option<i64> {
    text(headers, name).filter(|text| text.bytes().all(|digit| digit.is_ascii_digit())).and_then(|text| text.parse().ok())
}

/// Whether the request speaks our version.
pub(super) fn speaks(headers: &HeaderMap) -> bool {
    headers.get(RESUMABLE).is_some_and(|version| version == VERSION)
}

pub(super) fn length(headers: &HeaderMap) -> Option<i64> {
    number(headers, &LENGTH)
}

pub(super) fn offset(headers: &HeaderMap) -> Option<i64> {
    number(headers, &OFFSET)
}

/// Whether the body is a part of an upload.
pub(super) fn has_part(headers: &HeaderMap) -> bool {
    text(headers, &header::CONTENT_TYPE).is_some_and(|kind| kind.eq_ignore_ascii_case(BODY_TYPE))
}

/// `Upload-Metadata`: names with values in Base64. What can't be read is left out.
pub(super) fn metadata(headers: &HeaderMap) -> HashMap<String, String> {
    let pairs = text(headers, &METADATA).unwrap_or_default().split(',');
    pairs
        .filter_map(|pair| {
            let (name, value) = pair.trim().split_once(' ').unwrap_or((pair.trim(), ""));
            let value = STANDARD.decode(value.trim()).ok().and_then(|bytes| String::from_utf8(bytes).ok())?;
            Some((name.to_owned(), value))
        })
        .collect()
}

/// What a file is uploaded for; without a word, to download.
pub(super) fn role(metadata: &HashMap<String, String>) -> Option<Role> {
    metadata.get("role").map_or(Some(Role::Attachment), |code| Role::from_code(code))
}

/// `Upload-Checksum`: none, or one that we can count; an error otherwise.
pub(super) fn checksum(headers: &HeaderMap) -> Result<Option<Checksum>, ()> {
    let Some(value) = headers.get(CHECKSUM) else { return Ok(None) };
    let (algorithm, digest) = value.to_str().ok().and_then(|text| text.split_once(' ')).ok_or(())?;
    let digest = STANDARD.decode(digest.trim()).map_err(|_| ())?;
    match (algorithm, digest.len()) {
        ("sha1", 20) => Ok(Some(Checksum::Sha1(digest))),
        ("sha256", 32) => Ok(Some(Checksum::Sha256(digest))),
        _ => Err(()),
    }
}

fn answer(status: StatusCode) -> Response {
    let mut response = status.into_response();
    response.headers_mut().insert(RESUMABLE, VERSION);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// What this server can do.
pub(super) fn abilities(max: i64) -> Response {
    let mut response = answer(StatusCode::NO_CONTENT);
    let headers = response.headers_mut();
    headers.insert("tus-version", VERSION);
    headers.insert("tus-max-size", max.into());
    headers.insert("tus-extension", HeaderValue::from_static("creation,creation-with-upload,checksum,expiration,termination"));
    headers.insert("tus-checksum-algorithm", HeaderValue::from_static("sha1,sha256"));
    response
}

/// Where an upload stands.
pub(super) fn stands(status: StatusCode, standing: &Standing) -> Response {
    let mut response = answer(status);
    let headers = response.headers_mut();
    headers.insert(OFFSET, standing.received.into());
    headers.insert(LENGTH, standing.size.into());
    if status == StatusCode::CREATED
        && let Ok(place) = HeaderValue::try_from(format!("/uploads/{}", standing.id))
    {
        headers.insert(header::LOCATION, place);
    }
    if let Ok(expires) = HeaderValue::try_from(standing.expires_at.format("%a, %d %b %Y %H:%M:%S GMT").to_string()) {
        headers.insert(EXPIRES, expires);
    }
    if let Some(id) = standing.file_id.and_then(|id| HeaderValue::try_from(id.to_string()).ok()) {
        headers.insert("upload-file", id);
    }
    response
}

/// The upload is no more.
pub(super) fn gone() -> Response {
    answer(StatusCode::NO_CONTENT)
}

/// An answer of the protocol's own; the body says it as data, for the browser's program.
pub(super) fn refuse(ctx: &Ctx, status: StatusCode, error: AppError) -> Response {
    let error = AppError { request_id: ctx.request_id().to_owned(), ..error };
    let mut response = (status, axum::Json(&error)).into_response();
    response.headers_mut().extend(answer(status).into_parts().0.headers);
    if status == StatusCode::PRECONDITION_FAILED {
        response.headers_mut().insert("tus-version", VERSION);
    }
    if let ErrorKind::TooManyRequests(seconds) = error.kind {
        response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    response
}

/// A request that can't be read.
pub(super) fn bad(ctx: &Ctx, status: StatusCode) -> Response {
    refuse(ctx, status, AppError::new(ErrorKind::Invalid))
}

/// Why an upload does not go on, as its status.
pub(super) fn refused(ctx: &Ctx, refused: Refused) -> Response {
    let status = match refused {
        Refused::Service(error) => return service_error(ctx, error),
        Refused::Gone => StatusCode::GONE,
        Refused::WrongOffset => StatusCode::CONFLICT,
        Refused::Busy => StatusCode::LOCKED,
        Refused::WrongChecksum => StatusCode::from_u16(460).unwrap_or(StatusCode::BAD_REQUEST),
        Refused::TooMuch => StatusCode::PAYLOAD_TOO_LARGE,
        Refused::Interrupted => StatusCode::REQUEST_TIMEOUT,
    };
    let kind = match status {
        StatusCode::GONE => ErrorKind::NotFound,
        StatusCode::CONFLICT | StatusCode::LOCKED => ErrorKind::Conflict,
        _ => ErrorKind::Invalid,
    };
    refuse(ctx, status, AppError::new(kind))
}

/// Any other error.
pub(super) fn service_error(ctx: &Ctx, error: ServiceError) -> Response {
    let error = error.into_app_error(ctx.request_id());
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    refuse(ctx, status, error)
}
