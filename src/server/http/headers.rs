//! Security headers of every answer, and the nonce that lets our own scripts run.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use rand::Rng as _;
use std::borrow::Cow;

/// The nonce of this response's scripts, as a request extension.
#[derive(Clone, Debug)]
pub struct CspNonce(pub String);

impl CspNonce {
    /// 128 random bits.
    pub fn random() -> Self {
        let mut bytes = [0_u8; 16];
        rand::rng().fill_bytes(&mut bytes);
        Self(bytes.iter().fold(String::new(), |mut text, byte| {
            use std::fmt::Write as _;
            let _ = write!(text, "{byte:02x}");
            text
        }))
    }
}

/// On pages whose address holds a letter's link: nothing of the address leaves for another site, and no cache keeps the page.
pub fn protect_link(headers: &mut HeaderMap, path: &str) {
    if path.starts_with("/password/") || path == "/account/confirm" || path.starts_with("/orders/") {
        headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
}

/// A path as it may stand in the log: without the secrets in the links of an order and of a calendar, which open them to whoever has
/// them.
pub fn without_secret(path: &str) -> Cow<'_, str> {
    if path.starts_with("/calendar/") {
        return Cow::Borrowed("/calendar/…");
    }
    match path.split_once("/open/") {
        Some((order, _)) if order.starts_with("/orders/") => Cow::Owned(format!("{order}/open/…")),
        _ => Cow::Borrowed(path),
    }
}

/// Where a lesson's videos are played once they are asked for (`markdown/video.rs`). On every page, for the browser keeps the policy of
/// the page that it loaded while it navigates.
const PLAYERS: &str = "https://www.youtube-nocookie.com https://player.vimeo.com https://vkvideo.ru https://rutube.ru";

/// Adds what is missing; a route that set a header itself keeps it.
pub fn add(headers: &mut HeaderMap, nonce: &str, is_https: bool, is_private: bool) {
    // `wasm-unsafe-eval` lets the browser compile our WASM; scripts run by nonce only.
    let watch = if cfg!(debug_assertions) { " ws://127.0.0.1:3001" } else { "" };
    let policy = format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; style-src 'self' 'nonce-{nonce}'; \
         img-src 'self' data:; media-src 'self'; font-src 'self'; connect-src 'self'{watch}; frame-src 'self' {PLAYERS}; manifest-src 'self'; form-action 'self'; \
         base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
    );
    let mut set = |name: HeaderName, value: &str| {
        if !headers.contains_key(&name)
            && let Ok(value) = HeaderValue::from_str(value)
        {
            headers.insert(name, value);
        }
    };
    set(header::CONTENT_SECURITY_POLICY, &policy);
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::REFERRER_POLICY, "strict-origin-when-cross-origin");
    set(header::X_FRAME_OPTIONS, "DENY");
    set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    set(HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=(), payment=(), usb=()");
    set(header::CACHE_CONTROL, if is_private { "no-store" } else { "no-cache" });
    if is_https {
        set(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_secret_of_a_link_stands_in_no_log() {
        assert_eq!(without_secret("/orders/0190a000/open/eyJ0eXAi.eyJhdWQi.c2ln"), "/orders/0190a000/open/…");
        assert_eq!(without_secret("/orders/0190a000/open/a/open/b"), "/orders/0190a000/open/…");
        assert_eq!(without_secret("/calendar/eyJ0eXAi.eyJhdWQi.c2ln.ics"), "/calendar/…");
        for path in ["/", "/orders/0190a000", "/orders/0190a000/open", "/learn/open/lessons/1"] {
            assert_eq!(without_secret(path), path);
        }
    }
}
