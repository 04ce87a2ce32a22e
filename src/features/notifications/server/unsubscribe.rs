//! One click ends letters about a topic (RFC 8058): the link names reader and topic, and is signed, so that it needs no sign-in.
//! It serves for as long as the letter lies in a mailbox, and can do nothing else.

use super::queries;
use crate::features::notifications::rules::{Channel, Mode, Topic};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::server::state::AppState;
use anyhow::Context as _;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Not the audience of sessions: neither token serves as the other.
const AUDIENCE: &str = "lectern-unsubscribe";

#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    aud: String,
    sub: Uuid,
    /// Without one, all topics that are gathered once a day.
    topic: Option<Topic>,
}

/// The address that a letter carries.
pub(super) fn address(ctx: &Ctx, user_id: Uuid, topic: Option<Topic>) -> Result<String> {
    let claims = Claims { aud: AUDIENCE.to_owned(), sub: user_id, topic };
    let token = encode(&Header::new(Algorithm::HS256), &claims, &EncodingKey::from_secret(&ctx.state.secret)).context("a link to unsubscribe")?;
    Ok(format!("{}/unsubscribe?token={token}", ctx.state.config.base_url))
}

fn read(state: &AppState, token: &str) -> Result<Claims> {
    let mut validation = Validation::new(Algorithm::HS256);
    validation.set_audience(&[AUDIENCE]);
    validation.set_required_spec_claims(&["aud", "sub"]);
    validation.validate_exp = false;
    let claims = decode::<Claims>(token, &DecodingKey::from_secret(&state.secret), &validation).map_err(|_| ServiceError::NotFound)?.claims;
    if claims.topic.is_some_and(Topic::is_essential) { Err(ServiceError::NotFound) } else { Ok(claims) }
}

/// The topic of a link, `None` for what is gathered once a day.
pub fn topic(ctx: &Ctx, token: &str) -> Result<Option<Topic>> {
    Ok(read(&ctx.state, token)?.topic)
}

/// Ends letters of the link's topic. Clicked twice it is done once.
pub async fn unsubscribe(ctx: &Ctx, token: &str) -> Result<()> {
    let claims = read(&ctx.state, token)?;
    let mut tx = ctx.begin().await?;
    let channel = Channel::Email;
    let chosen = queries::preferences(&mut tx, claims.sub, None).await?;
    for topic in Topic::ALL.into_iter().filter(|topic| !topic.is_essential()) {
        let mode = chosen.iter().find(|row| row.topic == topic.code() && row.channel == channel.code()).and_then(|row| Mode::from_code(&row.mode));
        let is_meant = match claims.topic {
            Some(meant) => meant == topic,
            None => mode.unwrap_or(topic.default_mode(channel)) == Mode::Daily,
        };
        if is_meant {
            queries::upsert_preference(&mut tx, claims.sub, topic.code(), channel.code(), Mode::Never.code()).await?;
        }
    }
    Ok(tx.commit().await?)
}
