//! What providers bring to our address, and what they are answered.

use super::kinds::Amount;
use axum::http::{HeaderMap, Method, StatusCode};
use chrono::{DateTime, Utc};
use ipnet::IpNet;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;

/// No longer body is read from anybody.
pub const BODY_MAX: usize = 256 * 1024;

/// A request to `/webhooks/{provider}` or `/webhooks/{provider}/{kind}`, as received.
#[derive(Clone, Copy, Debug)]
pub struct Delivery<'a> {
    /// POST; GET for Sberbank's old gateway.
    pub method: &'a Method,
    /// The last part of the address, for CloudPayments: `check`, `pay`, `fail`, `confirm`, `refund`, `cancel`, `receipt`, `recurrent`.
    pub kind: Option<&'a str>,
    /// What stands after the question mark, undecoded.
    pub query: &'a str,
    /// The headers.
    pub headers: &'a HeaderMap,
    /// The body's bytes, untouched, at most [`BODY_MAX`].
    pub body: &'a [u8],
    /// Who sent it, behind trusted proxies.
    pub peer: IpAddr,
    /// Now.
    pub now: DateTime<Utc>,
}

impl Delivery<'_> {
    /// Refuses other methods, and senders from elsewhere where addresses are fixed.
    pub(super) fn expect(&self, method: &Method, networks: &[IpNet]) -> Result<(), Refused> {
        if self.method != method {
            return Err(Refused::with(StatusCode::METHOD_NOT_ALLOWED, "another method"));
        }
        self.expect_from(networks)
    }

    /// Refuses senders from elsewhere where addresses are fixed, and bodies that are too long.
    pub(super) fn expect_from(&self, networks: &[IpNet]) -> Result<(), Refused> {
        if self.body.len() > BODY_MAX {
            return Err(Refused::with(StatusCode::PAYLOAD_TOO_LARGE, "the body is too long"));
        }
        let peer = self.peer.to_canonical();
        if networks.is_empty() || networks.iter().any(|network| network.contains(&peer)) {
            return Ok(());
        }
        Err(Refused::with(StatusCode::FORBIDDEN, "another address than the provider's"))
    }
}

/// How far the sender is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trust {
    /// The provider signed it. About something unknown: keep it as an orphan and say so.
    Signed,
    /// Anybody may have sent it: it is a reason to look and nothing else. Keep it only for a payment that we know, answer the same
    /// whether we do, and let a repeat wake the job again while the payment is not final: a forger who was first must not silence
    /// the provider.
    Hint,
}

/// What a callback is about: ids to look our payment up with and to ask the provider for. Each matches
/// `^[A-Za-z0-9_-]{1,100}$` (ids of Stripe's sessions have 66 characters).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// Our number.
    pub number: Option<String>,
    /// [`super::Created::provider_id`].
    pub provider_id: Option<String>,
    /// [`super::PaymentSeen::operation_id`].
    pub operation_id: Option<String>,
    /// The provider's id of a refund, to ask for with [`super::Provider::query_refund`].
    pub refund_id: Option<String>,
}

/// A callback that may be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Callback {
    /// Unique per provider: the same again is the same event. At most 250 bytes.
    pub event_key: String,
    /// What happened, in the provider's words: `payment.succeeded`.
    pub event: String,
    /// How far the sender is known.
    pub trust: Trust,
    /// What to look at; `None` for what is of no concern here: answer [`Verdict::Taken`] and forget it.
    pub about: Option<About>,
    /// The provider asks before it charges, and waits for our word (CloudPayments' Check): decide at once from our own rows.
    pub question: Option<Question>,
}

/// What a provider asks before it charges.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// What is about to be charged.
    pub amount: Amount,
    /// Whom for, as [`super::Payer::id`] was told, if the provider repeats it.
    pub payer: Option<String>,
}

/// What became of a callback, or what is answered to a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Kept (or known already, or put aside): don't send it again. To a question: go on.
    Taken,
    /// Not kept; send it again.
    Later,
    /// To a question: there is no such payment.
    UnknownNumber,
    /// To a question: not this amount or currency.
    OtherAmount,
    /// To a question: not this payer.
    OtherPayer,
    /// To a question: already paid, closed, or in no state to be paid.
    NotPayable,
    /// To a question: too late.
    Expired,
}

/// An answer to a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// HTTP status.
    pub status: StatusCode,
    /// `Content-Type`.
    pub content_type: &'static str,
    /// Body.
    pub body: &'static str,
}

/// A callback that is not taken. Keep nothing of it but a line in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// What to answer.
    pub reply: Reply,
    /// Why, for the log; holds nothing of the request.
    pub reason: &'static str,
}

impl Reply {
    /// A plain answer.
    pub(super) const fn plain(status: StatusCode, body: &'static str) -> Self {
        Self { status, content_type: "text/plain; charset=utf-8", body }
    }

    /// What a provider is answered that looks at nothing but the status.
    pub(super) fn by_status(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Later => Self::plain(StatusCode::SERVICE_UNAVAILABLE, "later"),
            _ => Self::plain(StatusCode::OK, "ok"),
        }
    }
}

impl Refused {
    /// Refused with this status.
    pub(super) const fn with(status: StatusCode, reason: &'static str) -> Self {
        Self { reply: Reply::plain(status, "refused"), reason }
    }
}

/// An id that may be looked up and put into an address.
pub(super) fn is_id(text: &str) -> bool {
    (1..=100).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}
