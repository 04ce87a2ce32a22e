//! What Sberbank brings: by the old gateway as parameters with a checksum, by the new one as JSON without.

use crate::features::payments::server::providers::callback::is_id;
use crate::features::payments::server::providers::{About, Callback, Delivery, Refused, Trust, signature};
use crate::server::config::payments::{Dialect, SberbankSettings};
use axum::http::header::CONTENT_TYPE;
use axum::http::{Method, StatusCode};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Parameters by name; in the order of the signed text.
type Parameters = BTreeMap<String, String>;

const NOT_SIGNED: [&str; 2] = ["checksum", "sign_alias"];

/// Reads and authenticates a callback.
pub(super) fn read(delivery: &Delivery<'_>, settings: &SberbankSettings) -> Result<Callback, Refused> {
    delivery.expect_from(&[])?;
    let bad = || Refused::with(StatusCode::BAD_REQUEST, "the parameters can't be read");
    let is_checked = !settings.callback_secrets.is_empty() || settings.callback_key.is_some();
    let (parameters, trust) = match (delivery.method, has_json(delivery)) {
        (&Method::POST, true) if settings.dialect == Dialect::Rbs && is_checked => {
            return Err(Refused::with(StatusCode::FORBIDDEN, "no checksum"));
        }
        (&Method::POST, true) => (from_json(delivery.body).ok_or_else(bad)?, Trust::Hint),
        (&Method::POST, false) => checked(delivery.body, settings)?,
        (&Method::GET, _) => checked(delivery.query.as_bytes(), settings)?,
        _ => return Err(Refused::with(StatusCode::METHOD_NOT_ALLOWED, "another method")),
    };
    let text = |name: &str| parameters.get(name).map(String::as_str).unwrap_or_default();
    let (operation, status, refund) = (text("operation"), text("status"), text("externalRefundId"));
    if operation.len() > 32 || !is_id(operation) || !matches!(status, "0" | "1") || !(refund.is_empty() || (refund.len() <= 36 && is_id(refund))) {
        return Err(bad());
    }
    let id = |name: &str| parameters.get(name).filter(|id| is_id(id)).cloned();
    let order_id = id("mdOrder").ok_or_else(bad)?;
    // Stored cards and the like are of no concern.
    let is_ours = matches!(operation, "created" | "approved" | "deposited" | "reversed" | "refunded" | "declinedByTimeout");
    // Each refund is news of its own; with anything else, where nobody signs, made-up numbers would be as many events.
    let refund = if trust == Trust::Signed || operation == "refunded" { refund } else { "" };
    Ok(Callback {
        event_key: format!("{order_id}:{operation}:{status}:{refund}"),
        event: format!("{operation}:{status}"),
        trust,
        about: is_ours.then(|| About { number: id("orderNumber"), provider_id: Some(order_id), ..About::default() }),
        question: None,
    })
}

fn has_json(delivery: &Delivery<'_>) -> bool {
    let kind = delivery.headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}

/// The texts and numbers of an object.
fn from_json(body: &[u8]) -> Option<Parameters> {
    let object: Map<String, Value> = serde_json::from_slice(body).ok()?;
    let scalar = |(name, value)| match value {
        Value::String(text) => Some((name, text)),
        Value::Number(number) => Some((name, number.to_string())),
        _ => None,
    };
    Some(object.into_iter().filter_map(scalar).collect())
}

/// The parameters of a form or a query, if its checksum is right, or if none is set up.
fn checked(encoded: &[u8], settings: &SberbankSettings) -> Result<(Parameters, Trust), Refused> {
    let mut parameters = Parameters::new();
    for (name, value) in form_urlencoded::parse(encoded) {
        if parameters.insert(name.into_owned(), value.into_owned()).is_some() {
            return Err(Refused::with(StatusCode::BAD_REQUEST, "a parameter is given twice"));
        }
    }
    let given = || {
        let checksum = parameters.get("checksum").ok_or(Refused::with(StatusCode::FORBIDDEN, "no checksum"))?;
        hex::decode(checksum).map_err(|_| Refused::with(StatusCode::FORBIDDEN, "the checksum can't be read"))
    };
    let is_right = match (settings.callback_secrets.as_slice(), &settings.callback_key) {
        (secrets @ [_, ..], _) => {
            let (text, given) = (signed_text(&parameters), given()?);
            secrets.iter().any(|secret| signature::is_hmac(secret, &[text.as_bytes()], &given))
        }
        ([], Some(key)) => signature::is_rsa(key, signed_text(&parameters).as_bytes(), &given()?),
        ([], None) => return Ok((parameters, Trust::Hint)),
    };
    if is_right { Ok((parameters, Trust::Signed)) } else { Err(Refused::with(StatusCode::FORBIDDEN, "the checksum is wrong")) }
}

/// `name;value;` of whatever came, by name.
fn signed_text(parameters: &Parameters) -> String {
    parameters
        .iter()
        .filter(|(name, _)| !NOT_SIGNED.contains(&name.as_str()))
        .flat_map(|(name, value)| [name.as_str(), ";", value.as_str(), ";"])
        .collect()
}
