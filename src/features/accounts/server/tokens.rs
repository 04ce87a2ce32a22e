//! The two tokens of a session: a short access token and a rotating refresh token. HS256 alone is accepted, and the token's
//! purpose is checked, so that neither serves as the other.

use crate::server::state::AppState;
use chrono::{DateTime, Duration, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How long an access token serves.
pub const ACCESS_MINUTES: i64 = 15;
const AUDIENCE: &str = "lectern";

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Purpose {
    Access,
    Refresh,
}

#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    aud: String,
    typ: Purpose,
    sid: Uuid,
    /// Of the refresh token; 0 in access tokens.
    #[serde(rename = "gen")]
    generation: i32,
    iat: i64,
    exp: i64,
}

/// A refresh token that is ours and has not run out.
#[derive(Debug, PartialEq, Eq)]
pub struct Refresh {
    /// `sessions.id`.
    pub session_id: Uuid,
    /// Which of the session's refresh tokens it is.
    pub generation: i32,
}

/// An access token for a session.
pub fn access(state: &AppState, session_id: Uuid, now: DateTime<Utc>) -> anyhow::Result<String> {
    sign(state, Purpose::Access, session_id, 0, now, now + Duration::minutes(ACCESS_MINUTES))
}

/// The refresh token of a generation. The same arguments give the same token, so that two tabs get one successor.
pub fn refresh(state: &AppState, session_id: Uuid, generation: i32, rotated_at: DateTime<Utc>, ends: DateTime<Utc>) -> anyhow::Result<String> {
    sign(state, Purpose::Refresh, session_id, generation, rotated_at, ends)
}

/// The session of an access token that is ours and has not run out.
pub fn read_access(state: &AppState, token: &str) -> Option<Uuid> {
    read(state, token, Purpose::Access).map(|claims| claims.sid)
}

/// What a refresh token says, if it is ours and has not run out.
pub fn read_refresh(state: &AppState, token: &str) -> Option<Refresh> {
    read(state, token, Purpose::Refresh).map(|claims| Refresh { session_id: claims.sid, generation: claims.generation })
}

fn sign(state: &AppState, typ: Purpose, sid: Uuid, generation: i32, from: DateTime<Utc>, until: DateTime<Utc>) -> anyhow::Result<String> {
    let claims = Claims { aud: AUDIENCE.to_owned(), typ, sid, generation, iat: from.timestamp(), exp: until.timestamp() };
    Ok(encode(&Header::new(Algorithm::HS256), &claims, &EncodingKey::from_secret(&state.secret))?)
}

fn read(state: &AppState, token: &str, purpose: Purpose) -> Option<Claims> {
    let mut validation = Validation::new(Algorithm::HS256);
    validation.set_audience(&[AUDIENCE]);
    validation.set_required_spec_claims(&["exp", "aud"]);
    // Compared with the injected clock below.
    validation.validate_exp = false;
    let claims = decode::<Claims>(token, &DecodingKey::from_secret(&state.secret), &validation).ok()?.claims;
    let now = state.clock.now().timestamp();
    (claims.typ == purpose && claims.exp > now && claims.iat <= now + 60).then_some(claims)
}
