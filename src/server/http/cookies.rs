//! Cookies: sign-in tokens, language, theme, and the message after a redirect.

use crate::features::accounts::server::sessions::Tokens;
use crate::server::state::AppState;
use crate::shared::viewer::Flash;
use axum::http::{HeaderMap, HeaderValue, header};
use axum_extra::extract::cookie::{Cookie, SameSite};

/// Language, kept for a year.
pub const LANGUAGE: &str = "language";
/// Theme, kept for a year.
pub const THEME: &str = "theme";
/// Secret links of orders, kept for a month.
pub const ORDERS: &str = "orders";
/// Message of the action before.
pub const FLASH: &str = "flash";
const YEAR: i64 = 365 * 24 * 3600;

/// The name of the access cookie; `__Host-` ties it to this host and to https.
pub fn access_name(state: &AppState) -> &'static str {
    if state.config.secure_cookies() { "__Host-lectern_access" } else { "lectern_access" }
}

/// The name of the refresh cookie.
pub fn refresh_name(state: &AppState) -> &'static str {
    if state.config.secure_cookies() { "__Host-lectern_refresh" } else { "lectern_refresh" }
}

/// The first cookie of a name in the request.
pub fn read(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value.to_owned())
}

fn add(headers: &mut HeaderMap, state: &AppState, name: &'static str, value: String, seconds: i64) {
    let cookie =
        Cookie::build((name, value)).path("/").http_only(true).secure(state.config.secure_cookies()).same_site(SameSite::Lax).build().to_string();
    if let Ok(value) = HeaderValue::from_str(&format!("{cookie}; Max-Age={seconds}")) {
        headers.append(header::SET_COOKIE, value);
    }
}

/// Sets both tokens.
pub fn sign_in(headers: &mut HeaderMap, state: &AppState, tokens: &Tokens) {
    add(headers, state, access_name(state), tokens.access.clone(), 15 * 60);
    add(headers, state, refresh_name(state), tokens.refresh.clone(), 30 * 24 * 3600);
}

/// Keeps the secret links of orders.
pub fn orders(headers: &mut HeaderMap, state: &AppState, links: &str) {
    add(headers, state, ORDERS, links.to_owned(), 30 * 24 * 3600);
}

/// Takes both tokens away, and the links of orders with them.
pub fn sign_out(headers: &mut HeaderMap, state: &AppState) {
    add(headers, state, access_name(state), String::new(), 0);
    add(headers, state, refresh_name(state), String::new(), 0);
    add(headers, state, ORDERS, String::new(), 0);
}

/// Remembers the language.
pub fn language(headers: &mut HeaderMap, state: &AppState, code: &str) {
    add(headers, state, LANGUAGE, code.to_owned(), YEAR);
}

/// Remembers the theme; `None` follows the system again.
pub fn theme(headers: &mut HeaderMap, state: &AppState, code: Option<&str>) {
    add(headers, state, THEME, code.unwrap_or_default().to_owned(), if code.is_some() { YEAR } else { 0 });
}

/// A message for the next page.
pub fn flash(headers: &mut HeaderMap, state: &AppState, flash: Flash) {
    let text = serde_json::to_string(&flash).unwrap_or_default();
    add(headers, state, FLASH, text.trim_matches('"').to_owned(), 30);
}

/// The message of the action before.
pub fn read_flash(headers: &HeaderMap) -> Option<Flash> {
    read(headers, FLASH).and_then(|text| serde_json::from_str(&format!("\"{text}\"")).ok())
}

/// Takes the message away once it is shown.
pub fn clear_flash(headers: &mut HeaderMap, state: &AppState) {
    add(headers, state, FLASH, String::new(), 0);
}
