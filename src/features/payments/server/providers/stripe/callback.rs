//! Signed events of Stripe.

use super::transformers::Event;
use crate::features::payments::server::providers::callback::is_id;
use crate::features::payments::server::providers::{Callback, Delivery, Refused, Trust, signature};
use crate::server::config::payments::StripeSettings;
use axum::http::{Method, StatusCode};

/// How far the signature's time may be from ours, either way.
const TOLERANCE_SECONDS: u64 = 300;
/// So many signatures are looked at; there are two while a secret is changed.
const SIGNATURES: usize = 8;

/// Reads and authenticates an event: the signature over the bytes as received, then its time, then the rest.
pub(super) fn read(delivery: &Delivery<'_>, settings: &StripeSettings) -> Result<Callback, Refused> {
    delivery.expect(&Method::POST, &[])?;
    let refuse = |reason| Refused::with(StatusCode::BAD_REQUEST, reason);
    let mut given = delivery.headers.get_all("stripe-signature").iter();
    let (Some(header), None) = (given.next(), given.next()) else { return Err(refuse("no signature, or several")) };
    let header = header.to_str().map_err(|_| refuse("the signature can't be read"))?;
    let moment = authenticate(header, delivery.body, settings).ok_or(refuse("the signature is wrong"))?;
    if moment.abs_diff(delivery.now.timestamp()) > TOLERANCE_SECONDS {
        return Err(refuse("the signature is of another time"));
    }
    let event: Event = serde_json::from_slice(delivery.body).map_err(|_| refuse("the body is no event"))?;
    if event.object != "event" || !is_id(&event.id) || event.kind.len() > 100 {
        return Err(refuse("the body is no event"));
    }
    if event.livemode != settings.is_live {
        return Err(refuse("another kind of money"));
    }
    Ok(Callback { about: event.about(), event_key: event.id, event: event.kind, trust: Trust::Signed, question: None })
}

/// The time that was signed, if any `v1` of the header is right by any secret. The secret is the text as it is, `whsec_` and all.
fn authenticate(header: &str, body: &[u8], settings: &StripeSettings) -> Option<i64> {
    let pairs: Vec<(&str, &str)> = header.split(',').filter_map(|part| part.trim().split_once('=')).collect();
    let mut times = pairs.iter().filter(|(name, _)| *name == "t").map(|(_, value)| *value);
    let (Some(time), None) = (times.next(), times.next()) else { return None };
    let moment: i64 = time.parse().ok()?;
    let signatures = pairs.iter().filter(|(name, _)| *name == "v1").take(SIGNATURES).filter_map(|(_, value)| hex::decode(value).ok());
    let is_right = |given: Vec<u8>| settings.webhook_secrets.iter().any(|secret| signature::is_hmac(secret, &[time.as_bytes(), b".", body], &given));
    signatures.into_iter().any(is_right).then_some(moment)
}
