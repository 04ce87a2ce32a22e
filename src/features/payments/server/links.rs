//! The secret link of an order: who bought with just an address has no session to show. It is signed, opens this one order and
//! nothing else, and ends in a cookie, so that it stands in no page's address.

use crate::server::ctx::Ctx;
use crate::server::error::Result;
use crate::server::state::AppState;
use anyhow::Context as _;
use chrono::Duration;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Not the audience of sessions: neither token serves as the other.
const AUDIENCE: &str = "lectern-order";
/// So long a link opens its order; whoever bought has signed in by then, or writes to the school.
const LASTS: Duration = Duration::days(365);
/// A browser keeps the links of so many orders.
const KEPT: usize = 4;

#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    aud: String,
    sub: Uuid,
}

/// The token that opens an order.
pub fn token(state: &AppState, order_id: Uuid) -> Result<String> {
    let claims = Claims { aud: AUDIENCE.to_owned(), sub: order_id };
    Ok(encode(&Header::new(Algorithm::HS256), &claims, &EncodingKey::from_secret(&state.secret)).context("a link to an order")?)
}

/// The address that a letter carries and that a payer comes back to.
pub fn address(ctx: &Ctx, order_id: Uuid) -> Result<String> {
    Ok(format!("{}/orders/{order_id}/open/{}", ctx.state.config.base_url, token(&ctx.state, order_id)?))
}

/// Whether a token opens an order.
pub fn opens(state: &AppState, token: &str, order_id: Uuid) -> bool {
    let mut validation = Validation::new(Algorithm::HS256);
    validation.set_audience(&[AUDIENCE]);
    validation.set_required_spec_claims(&["aud", "sub"]);
    validation.validate_exp = false;
    decode::<Claims>(token, &DecodingKey::from_secret(&state.secret), &validation)
        .is_ok_and(|data| data.claims.sub == order_id && holds(state, order_id))
}

/// Whether an order's link holds still. When the order was made stands in its id and not in the token, so that its link is always the
/// same text: a provider that is asked again must not be told another way back.
fn holds(state: &AppState, order_id: Uuid) -> bool {
    let made = order_id.get_timestamp().and_then(|made| i64::try_from(made.to_unix().0).ok());
    made.is_some_and(|made| made > (state.clock.now() - LASTS).timestamp())
}

/// Whether one of the links in a browser's cookie opens an order.
pub fn cookie_opens(ctx: &Ctx, order_id: Uuid) -> bool {
    ctx.order_links.split('~').take(KEPT).any(|token| opens(&ctx.state, token, order_id))
}

/// The cookie's value with one more link, the newest first.
pub fn with_link(ctx: &Ctx, token: &str) -> String {
    let older = ctx.order_links.split('~').filter(|kept| !kept.is_empty() && *kept != token).take(KEPT - 1);
    std::iter::once(token).chain(older).collect::<Vec<_>>().join("~")
}
