//! Notifications of CloudPayments. Their bodies don't name their kind, so each kind has an address of its own.

use crate::features::payments::server::providers::callback::is_id;
use crate::features::payments::server::providers::{About, Amount, Callback, Delivery, Question, Refused, Reply, Trust, Verdict, decimal, signature};
use crate::server::config::payments::CloudpaymentsSettings;
use axum::http::header::CONTENT_TYPE;
use axum::http::{Method, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

const KINDS: [&str; 8] = ["check", "pay", "fail", "confirm", "refund", "cancel", "receipt", "recurrent"];

/// Reads and authenticates a notification.
pub(super) fn read(delivery: &Delivery<'_>, settings: &CloudpaymentsSettings) -> Result<Callback, Refused> {
    let kind = delivery.kind.and_then(|kind| KINDS.into_iter().find(|known| *known == kind));
    let kind = kind.ok_or(Refused::with(StatusCode::NOT_FOUND, "no such notification"))?;
    delivery.expect(&Method::POST, &settings.networks)?;
    authenticate(delivery, settings)?;
    let fields = fields(delivery).ok_or(Refused::with(StatusCode::BAD_REQUEST, "the fields can't be read"))?;
    let id = |name: &str| fields.get(name).filter(|id| is_id(id)).cloned();
    let own_id = id("TransactionId").or_else(|| id("Id")).ok_or(Refused::with(StatusCode::BAD_REQUEST, "it has no number"))?;
    let number = id("InvoiceId");
    let question = if kind == "check" { Some(asked(&fields, settings)?) } else { None };
    let about = match kind {
        // The charge is not made yet: there is nothing to ask for.
        "check" => Some(About { number, ..About::default() }),
        "refund" => Some(About { number, operation_id: id("PaymentTransactionId"), refund_id: Some(own_id.clone()), ..About::default() }),
        "pay" | "fail" | "confirm" | "cancel" => Some(About { number, operation_id: Some(own_id.clone()), ..About::default() }),
        _ => None,
    };
    Ok(Callback { event_key: format!("{kind}:{own_id}"), event: kind.to_owned(), trust: Trust::Signed, about, question })
}

/// `Content-HMAC` over the bytes as received. The header over the decoded text (`X-Content-HMAC`) does not count: decoded, a text that
/// was signed for one list of parameters fits another.
fn authenticate(delivery: &Delivery<'_>, settings: &CloudpaymentsSettings) -> Result<(), Refused> {
    let refuse = |reason| Refused::with(StatusCode::UNAUTHORIZED, reason);
    let mut given = delivery.headers.get_all("content-hmac").iter();
    let (Some(header), None) = (given.next(), given.next()) else { return Err(refuse("no signature, or several")) };
    let signature = STANDARD.decode(header.as_bytes()).map_err(|_| refuse("the signature can't be read"))?;
    let mut secrets = settings.older_secrets.iter().chain([&settings.api_secret]);
    if secrets.any(|secret| signature::is_hmac(secret, &[delivery.body], &signature)) { Ok(()) } else { Err(refuse("the signature is wrong")) }
}

/// The fields of a form or of a JSON object, none of them twice.
fn fields(delivery: &Delivery<'_>) -> Option<BTreeMap<String, String>> {
    let kind = delivery.headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json")) {
        let object: BTreeMap<String, Box<RawValue>> = serde_json::from_slice(delivery.body).ok()?;
        // Numbers stay as they are written.
        let text = |raw: Box<RawValue>| serde_json::from_str::<String>(raw.get()).unwrap_or_else(|_| raw.get().to_owned());
        return Some(object.into_iter().map(|(name, raw)| (name, text(raw))).collect());
    }
    let mut fields = BTreeMap::new();
    for (name, value) in form_urlencoded::parse(delivery.body) {
        if fields.insert(name.into_owned(), value.into_owned()).is_some() {
            return None;
        }
    }
    Some(fields)
}

/// What is about to be charged, if it is of the right kind of money.
fn asked(fields: &BTreeMap<String, String>, settings: &CloudpaymentsSettings) -> Result<Question, Refused> {
    let decline = |verdict, reason| Refused { reply: reply(true, verdict), reason };
    let is_test = fields.get("TestMode").is_some_and(|mode| matches!(mode.as_str(), "1" | "true" | "True"));
    if is_test == settings.is_live {
        return Err(decline(Verdict::NotPayable, "another kind of money"));
    }
    let minor = fields.get("Amount").and_then(|amount| decimal::parse(amount)).ok_or(decline(Verdict::OtherAmount, "no amount"))?;
    let currency = fields.get("Currency").ok_or(decline(Verdict::OtherAmount, "no currency"))?.to_ascii_uppercase();
    Ok(Question { amount: Amount { minor, currency }, payer: fields.get("AccountId").filter(|payer| !payer.is_empty()).cloned() })
}

/// The answer's code; to all but questions 0 is the only one.
pub(super) fn reply(is_question: bool, verdict: Verdict) -> Reply {
    let json = |status, body| Reply { status, content_type: "application/json", body };
    match verdict {
        Verdict::Later => json(StatusCode::SERVICE_UNAVAILABLE, "{}"),
        Verdict::UnknownNumber if is_question => json(StatusCode::OK, r#"{"code":10}"#),
        Verdict::OtherPayer if is_question => json(StatusCode::OK, r#"{"code":11}"#),
        Verdict::OtherAmount if is_question => json(StatusCode::OK, r#"{"code":12}"#),
        Verdict::NotPayable if is_question => json(StatusCode::OK, r#"{"code":13}"#),
        Verdict::Expired if is_question => json(StatusCode::OK, r#"{"code":20}"#),
        _ => json(StatusCode::OK, r#"{"code":0}"#),
    }
}
