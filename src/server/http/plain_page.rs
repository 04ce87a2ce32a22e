//! A page with no database and no application behind it, for when those are away or the request is refused before them.

use crate::shared::i18n::{Locale, plain_page as texts};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};

/// The page of a status, in the reader's language.
pub fn plain_page(status: StatusCode, locale: Locale, request_id: &str, nonce: &str) -> Response {
    let (title, text) = match status {
        StatusCode::SERVICE_UNAVAILABLE => (texts::unavailable_title(locale), texts::unavailable_text(locale)),
        StatusCode::FORBIDDEN => (texts::foreign_title(locale), texts::foreign_text(locale)),
        StatusCode::PAYLOAD_TOO_LARGE => (texts::large_title(locale), texts::large_text(locale)),
        StatusCode::INTERNAL_SERVER_ERROR => (texts::internal_title(locale), texts::internal_text(locale)),
        StatusCode::REQUEST_TIMEOUT | StatusCode::GATEWAY_TIMEOUT => (texts::slow_title(locale), texts::slow_text(locale)),
        StatusCode::METHOD_NOT_ALLOWED | StatusCode::NOT_FOUND => (texts::missing_title(locale), texts::missing_text(locale)),
        _ => (texts::bad_title(locale), texts::bad_text(locale)),
    };
    let (code, lang, home) = (status.as_u16(), locale.code(), texts::home(locale));
    let number = texts::request(locale, request_id);
    let html = format!(
        "<!DOCTYPE html><html lang=\"{lang}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>{title}</title><style nonce=\"{nonce}\">:root{{color-scheme:light dark;background:light-dark(#fbfaf7,#111318);color:light-dark(#16181d,#eeede8)}}a{{color:inherit}}body{{font:17px/1.6 system-ui,sans-serif;max-width:34rem;\
         margin:18vh auto;padding:0 24px}}h1{{font-size:1.9rem;line-height:1.2}}p.id{{opacity:.7;font-size:.85rem}}</style></head>\
         <body><main><p>{code}</p><h1>{title}</h1><p>{text}</p><p><a href=\"/\">{home}</a></p><p class=\"id\">{number}</p></main></body></html>"
    );
    let mut response = (status, [(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"))], html).into_response();
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
    }
    response
}
