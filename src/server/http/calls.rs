//! Calls of server functions: whatever goes wrong around one, the browser learns it as an [`AppError`], which says whether
//! trying again is worth it. (A page instead would be taken for a refusal, and an answer that waits would be given up.)

use crate::shared::error::{AppError, ErrorKind};
use axum::body::to_bytes;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};

/// No error of ours is longer.
const ERROR_LIMIT: usize = 64 * 1024;

/// Whether the body says that it is JSON. Forms of other sites can't say so.
pub fn is_json(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json"))
}

/// Gives an error the wire's form and its own status; the framework answers 500 to a call that it can't read.
pub async fn finish(response: Response, request_id: &str) -> Response {
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return response;
    }
    let (parts, body) = response.into_parts();
    let mut known = to_bytes(body, ERROR_LIMIT).await.ok().and_then(|bytes| serde_json::from_slice::<AppError>(&bytes).ok());
    // What the framework can't decode is "offline" in the browser; here it is a call that can't be read.
    if let Some(error) = known.as_mut().filter(|error| error.kind == ErrorKind::Offline) {
        error.kind = ErrorKind::Invalid;
    }
    let status = match &known {
        Some(error) if status == StatusCode::INTERNAL_SERVER_ERROR => StatusCode::from_u16(error.status()).unwrap_or(status),
        _ => status,
    };
    let mut error = known.unwrap_or_else(|| AppError::new(kind_of(status)));
    if error.request_id.is_empty() {
        request_id.clone_into(&mut error.request_id);
    }
    let mut response = (status, serde_json::to_vec(&error).unwrap_or_default()).into_response();
    let headers = response.headers_mut();
    headers.extend(parts.headers);
    headers.remove(header::CONTENT_LENGTH);
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

fn kind_of(status: StatusCode) -> ErrorKind {
    match status {
        StatusCode::FORBIDDEN => ErrorKind::Forbidden,
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => ErrorKind::NotFound,
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::REQUEST_TIMEOUT | StatusCode::GATEWAY_TIMEOUT => ErrorKind::Unavailable,
        _ if status.is_client_error() => ErrorKind::Invalid,
        _ => ErrorKind::Internal,
    }
}
