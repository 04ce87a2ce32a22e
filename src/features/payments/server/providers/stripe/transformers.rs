//! Stripe's objects, and what they mean. All currencies the school sells in have two decimals, as Stripe's minor units have.

mod event;

pub(super) use event::Event;

use crate::features::payments::server::providers::{Amount, Dispute, NewPayment, PaymentSeen, PaymentState, RefundSeen, RefundState, Strangeness};
use crate::shared::i18n::Locale;
use chrono::DateTime;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Names of products are cut by Stripe's page.
const DESCRIPTION_MAX: usize = 250;

/// Parameters of a call.
pub(super) type Pairs = Vec<(String, String)>;

/// Our number among the metadata.
pub(super) const NUMBER: &str = "number";

/// A hosted page for one payment.
#[derive(Debug, Deserialize)]
pub(super) struct Session {
    pub id: String,
    pub url: Option<String>,
    status: Option<String>,
    payment_status: Option<String>,
    pub payment_intent: Option<String>,
    amount_total: Option<i64>,
    currency: Option<String>,
    client_reference_id: Option<String>,
    livemode: bool,
    created: Option<i64>,
}

/// The movement of the money.
#[derive(Debug, Deserialize)]
pub(super) struct Intent {
    id: String,
    status: String,
    amount: i64,
    amount_received: Option<i64>,
    currency: String,
    latest_charge: Option<Charge>,
    last_payment_error: Option<LastError>,
    cancellation_reason: Option<String>,
    #[serde(default)]
    metadata: BTreeMap<String, String>,
    livemode: bool,
    created: Option<i64>,
}

#[derive(Debug, Deserialize)]
struct Charge {
    #[serde(default)]
    amount_captured: i64,
    #[serde(default)]
    amount_refunded: i64,
    #[serde(default)]
    disputed: bool,
}

#[derive(Debug, Deserialize)]
struct LastError {
    code: Option<String>,
    decline_code: Option<String>,
}

/// A page of a list.
#[derive(Debug, Deserialize)]
pub(super) struct List<T> {
    pub data: Vec<T>,
    #[serde(default)]
    pub has_more: bool,
}

/// A payer's dispute.
#[derive(Debug, Deserialize)]
pub(super) struct WireDispute {
    status: String,
}

/// A refund.
#[derive(Debug, Deserialize)]
pub(super) struct Refund {
    id: String,
    amount: i64,
    currency: String,
    pub payment_intent: Option<String>,
    status: Option<String>,
    failure_reason: Option<String>,
    #[serde(default)]
    metadata: BTreeMap<String, String>,
}

/// An error's envelope.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Trouble {
    #[serde(default)]
    pub error: Told,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Told {
    #[serde(default, rename = "type")]
    kind: String,
    code: Option<String>,
    decline_code: Option<String>,
    message: Option<String>,
}

impl Told {
    /// The most telling of its codes.
    pub fn code(&self) -> &str {
        [&self.decline_code, &self.code].into_iter().flatten().map(String::as_str).find(|code| !code.is_empty()).unwrap_or(&self.kind)
    }

    pub fn message(&self) -> &str {
        self.message.as_deref().unwrap_or_default()
    }
}

/// `POST /v1/checkout/sessions`.
pub(super) fn creation(payment: &NewPayment) -> Pairs {
    let minor = payment.amount.minor.to_string();
    let currency = payment.amount.currency.code().to_lowercase();
    let name: String = payment.description.chars().take(DESCRIPTION_MAX).collect();
    let language = match payment.locale {
        Locale::Ru => "ru",
        Locale::En => "en",
    };
    let mut pairs = vec![
        ("mode", "payment"),
        ("line_items[0][quantity]", "1"),
        ("line_items[0][price_data][currency]", currency.as_str()),
        ("line_items[0][price_data][unit_amount]", minor.as_str()),
        ("line_items[0][price_data][product_data][name]", name.as_str()),
        ("client_reference_id", payment.number.as_str()),
        ("metadata[number]", payment.number.as_str()),
        // The session's metadata is not copied to the payment intent.
        ("payment_intent_data[metadata][number]", payment.number.as_str()),
        ("success_url", payment.return_url.as_str()),
        ("cancel_url", payment.fail_url.as_str()),
        ("locale", language),
    ];
    if payment.is_two_stage {
        pairs.push(("payment_intent_data[capture_method]", "manual"));
    }
    if let Some(email) = &payment.payer.email {
        pairs.push(("customer_email", email));
    }
    owned(&pairs)
}

/// Parameters that a call owns.
pub(super) fn owned(pairs: &[(&str, &str)]) -> Pairs {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

impl Session {
    /// What it means to a shop, without its payment intent: of what is paid nothing is known to have gone back.
    pub fn seen(self, is_live: bool) -> PaymentSeen {
        let state = match (self.status.as_deref(), self.payment_status.as_deref()) {
            (Some("complete"), Some("paid")) => PaymentState::Succeeded,
            (Some("expired"), _) => PaymentState::Canceled,
            _ => PaymentState::Pending,
        };
        PaymentSeen {
            provider_id: Some(self.id),
            operation_id: self.payment_intent,
            number: self.client_reference_id,
            state,
            amount: Amount { minor: self.amount_total.unwrap_or_default(), currency: self.currency.unwrap_or_default().to_uppercase() },
            refunded_minor: None,
            strangeness: (self.livemode != is_live).then_some(Strangeness::OtherMode),
            dispute: None,
            receipt: None,
            reason: None,
            created_at: self.created.and_then(|seconds| DateTime::from_timestamp(seconds, 0)),
        }
    }

    /// Whether the payer has gone through the page.
    fn is_complete(&self) -> bool {
        self.status.as_deref() == Some("complete")
    }

    /// What it means together with its payment intent, which knows more.
    pub fn with(self, intent: Intent, is_live: bool) -> PaymentSeen {
        let is_complete = self.is_complete();
        let own = self.seen(is_live);
        let money = intent.seen(is_live);
        let state = match (own.state, money.state) {
            (PaymentState::Canceled, PaymentState::Pending) => PaymentState::Canceled,
            // A delayed method fell through; the page can't be used again.
            (_, PaymentState::Pending) if is_complete && money.reason.is_some() => PaymentState::Failed,
            (_, state) => state,
        };
        PaymentSeen {
            provider_id: own.provider_id,
            number: own.number.or(money.number),
            state,
            strangeness: own.strangeness.or(money.strangeness),
            created_at: own.created_at,
            ..money
        }
    }
}

impl Intent {
    /// Whether the payer disputes it, or did.
    pub fn is_disputed(&self) -> bool {
        self.latest_charge.as_ref().is_some_and(|charge| charge.disputed)
    }

    /// What it means to a shop.
    pub fn seen(self, is_live: bool) -> PaymentSeen {
        let refunded = self.latest_charge.as_ref().map_or(0, |charge| charge.amount_refunded);
        let taken = self.amount_received.filter(|minor| *minor > 0).unwrap_or(self.amount);
        let whole = self.latest_charge.as_ref().map(|charge| charge.amount_captured).filter(|minor| *minor > 0).unwrap_or(taken);
        let state = match self.status.as_str() {
            "requires_capture" => PaymentState::WaitingForCapture,
            "succeeded" if refunded == 0 => PaymentState::Succeeded,
            "succeeded" if refunded < whole => PaymentState::PartiallyRefunded,
            "succeeded" => PaymentState::Refunded,
            "canceled" => PaymentState::Canceled,
            _ => PaymentState::Pending,
        };
        let is_taken = self.status == "succeeded";
        // While another try is made, the last one's error is of the past.
        let is_stuck = self.status == "requires_payment_method";
        let error =
            self.last_payment_error.filter(|_| is_stuck).map(|error| error.decline_code.or(error.code).unwrap_or_else(|| "declined".to_owned()));
        PaymentSeen {
            provider_id: None,
            operation_id: Some(self.id),
            number: self.metadata.get(NUMBER).cloned(),
            state,
            amount: Amount { minor: if is_taken { taken } else { self.amount }, currency: self.currency.to_uppercase() },
            refunded_minor: Some(refunded),
            strangeness: (self.livemode != is_live).then_some(Strangeness::OtherMode),
            dispute: None,
            receipt: None,
            reason: error.or(self.cancellation_reason),
            created_at: self.created.and_then(|seconds| DateTime::from_timestamp(seconds, 0)),
        }
    }
}

/// How several disputes of a payment stand together.
pub(super) fn dispute(disputes: &[WireDispute]) -> Dispute {
    let states = disputes.iter().map(|dispute| match dispute.status.as_str() {
        "won" | "warning_closed" | "prevented" => Dispute::Won,
        "lost" => Dispute::Lost,
        _ => Dispute::Open,
    });
    // Undecided counts before lost, lost before won; that none is found though there is one is undecided.
    states
        .min_by_key(|state| match state {
            Dispute::Open => 0,
            Dispute::Lost => 1,
            Dispute::Won => 2,
        })
        .unwrap_or(Dispute::Open)
}

impl Refund {
    /// Our number of it, if it was asked for here.
    pub fn number(&self) -> Option<&str> {
        self.metadata.get("refund_number").map(String::as_str)
    }
}

impl From<Refund> for RefundSeen {
    fn from(refund: Refund) -> Self {
        Self {
            provider_id: refund.id,
            state: match refund.status.as_deref() {
                Some("succeeded") => RefundState::Succeeded,
                Some("failed" | "canceled") => RefundState::Failed,
                _ => RefundState::Pending,
            },
            amount: Some(Amount { minor: refund.amount, currency: refund.currency.to_uppercase() }),
            reason: refund.failure_reason,
        }
    }
}

#[cfg(test)]
mod tests;
