//! YooKassa's objects (API v3), and what they mean.

mod receipt;

pub(super) use receipt::wire_receipt;

use crate::features::payments::server::providers::decimal::Text;
use crate::features::payments::server::providers::{
    About, Amount, NewPayment, PaymentSeen, PaymentState, ReceiptState, RefundSeen, RefundState, Strangeness, callback::is_id,
};
use crate::server::config::payments::YookassaSettings;
use crate::shared::i18n::Locale;
use crate::shared::money::Money;
use chrono::{DateTime, Utc};
use receipt::WireReceipt;
use serde::{Deserialize, Serialize};

/// The payer reads at most so much.
const DESCRIPTION_MAX: usize = 128;

/// An amount on the wire.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct WireAmount {
    pub value: Text,
    pub currency: String,
}

/// Our number and nothing else.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Metadata {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
}

/// `POST /payments`.
#[derive(Debug, Serialize)]
pub(super) struct CreatePayment {
    amount: WireAmount,
    capture: bool,
    confirmation: Redirect,
    description: String,
    metadata: Metadata,
    merchant_customer_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    receipt: Option<WireReceipt>,
}

#[derive(Debug, Serialize)]
struct Redirect {
    #[serde(rename = "type")]
    kind: &'static str,
    return_url: String,
    locale: &'static str,
}

/// `POST /refunds`.
#[derive(Debug, Serialize)]
pub(super) struct CreateRefund {
    pub payment_id: String,
    pub amount: WireAmount,
    pub description: String,
    pub metadata: Metadata,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receipt: Option<WireReceipt>,
}

/// A payment, as far as it is of interest.
#[derive(Debug, Deserialize)]
pub(super) struct Payment {
    pub id: String,
    status: String,
    amount: WireAmount,
    refunded_amount: Option<WireAmount>,
    #[serde(default)]
    confirmation: Option<Confirmation>,
    #[serde(default)]
    metadata: Metadata,
    recipient: Option<Recipient>,
    cancellation_details: Option<Cancellation>,
    receipt_registration: Option<String>,
    test: Option<bool>,
    created_at: Option<DateTime<Utc>>,
}

#[derive(Debug, Deserialize)]
struct Confirmation {
    confirmation_url: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Recipient {
    account_id: String,
}

#[derive(Debug, Deserialize)]
struct Cancellation {
    reason: String,
}

/// A page of payments.
#[derive(Debug, Deserialize)]
pub(super) struct Payments {
    pub items: Vec<Payment>,
    pub next_cursor: Option<String>,
}

/// A refund.
#[derive(Debug, Deserialize)]
pub(super) struct Refund {
    id: String,
    pub payment_id: String,
    status: String,
    amount: WireAmount,
    #[serde(default)]
    metadata: Metadata,
    cancellation_details: Option<Cancellation>,
}

/// A page of refunds.
#[derive(Debug, Deserialize)]
pub(super) struct Refunds {
    pub items: Vec<Refund>,
    pub next_cursor: Option<String>,
}

/// An error, or `processing` of older answers.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Trouble {
    #[serde(default, rename = "type")]
    pub kind: String,
    #[serde(default)]
    pub code: String,
    #[serde(default)]
    pub description: String,
    pub retry_after: Option<u64>,
}

/// A notification; of its object only the ids are of interest, because the rest is asked for.
#[derive(Debug, Deserialize)]
pub(super) struct Notification {
    #[serde(rename = "type")]
    pub kind: String,
    pub event: String,
    pub object: NotifiedObject,
}

#[derive(Debug, Deserialize)]
pub(super) struct NotifiedObject {
    pub id: String,
    pub payment_id: Option<String>,
    #[serde(default)]
    pub status: String,
    #[serde(default)]
    pub metadata: Metadata,
}

impl From<Money> for WireAmount {
    fn from(money: Money) -> Self {
        Self { value: Text(money.minor), currency: money.currency.code().to_owned() }
    }
}

impl From<WireAmount> for Amount {
    fn from(amount: WireAmount) -> Self {
        Self { minor: amount.value.0, currency: amount.currency.to_ascii_uppercase() }
    }
}

impl From<&NewPayment> for CreatePayment {
    fn from(payment: &NewPayment) -> Self {
        Self {
            amount: payment.amount.into(),
            capture: !payment.is_two_stage,
            confirmation: Redirect {
                kind: "redirect",
                return_url: payment.return_url.clone(),
                locale: match payment.locale {
                    Locale::Ru => "ru_RU",
                    Locale::En => "en_US",
                },
            },
            description: payment.description.chars().take(DESCRIPTION_MAX).collect(),
            metadata: Metadata { number: Some(payment.number.clone()) },
            merchant_customer_id: payment.payer.id.clone(),
            receipt: payment.receipt.as_ref().map(|receipt| wire_receipt(receipt, payment.amount)),
        }
    }
}

impl Payment {
    /// The page to send the payer to, while that is awaited.
    pub fn page(&self) -> Option<&str> {
        self.confirmation.as_ref()?.confirmation_url.as_deref()
    }

    /// What it means to a shop.
    pub fn seen(self, settings: &YookassaSettings) -> PaymentSeen {
        let refunded = self.refunded_amount.map_or(0, |amount| amount.value.0);
        let reason = self.cancellation_details.map(|details| details.reason);
        let state = match self.status.as_str() {
            "waiting_for_capture" => PaymentState::WaitingForCapture,
            "succeeded" if refunded == 0 => PaymentState::Succeeded,
            "succeeded" if refunded < self.amount.value.0 => PaymentState::PartiallyRefunded,
            "succeeded" => PaymentState::Refunded,
            "canceled" if reason.as_deref().is_none_or(is_nobodys_fault) => PaymentState::Canceled,
            "canceled" => PaymentState::Failed,
            _ => PaymentState::Pending,
        };
        let strangeness = match (self.test, self.recipient) {
            (_, Some(recipient)) if recipient.account_id != settings.shop_id => Some(Strangeness::OtherAddressee),
            (Some(is_test), _) if is_test == settings.is_live => Some(Strangeness::OtherMode),
            _ => None,
        };
        PaymentSeen {
            provider_id: Some(self.id),
            operation_id: None,
            number: self.metadata.number,
            state,
            amount: self.amount.into(),
            refunded_minor: Some(refunded),
            strangeness,
            dispute: None,
            receipt: self.receipt_registration.as_deref().map(|state| match state {
                "succeeded" => ReceiptState::Done,
                "canceled" => ReceiptState::Failed,
                _ => ReceiptState::Pending,
            }),
            reason,
            created_at: self.created_at,
        }
    }
}

/// Why a payment may be cancelled without a decline.
fn is_nobodys_fault(reason: &str) -> bool {
    matches!(reason, "expired_on_confirmation" | "expired_on_capture" | "canceled_by_merchant" | "permission_revoked")
}

impl Refund {
    /// Our number of it, if it was asked for here.
    pub fn number(&self) -> Option<&str> {
        self.metadata.number.as_deref()
    }

    /// How much.
    pub const fn minor(&self) -> i64 {
        self.amount.value.0
    }
}

impl From<Refund> for RefundSeen {
    fn from(refund: Refund) -> Self {
        Self {
            provider_id: refund.id,
            state: match refund.status.as_str() {
                "succeeded" => RefundState::Succeeded,
                "canceled" => RefundState::Failed,
                _ => RefundState::Pending,
            },
            amount: Some(refund.amount.into()),
            reason: refund.cancellation_details.map(|details| details.reason),
        }
    }
}

impl Notification {
    /// What to look at; `None` for events about other things than payments, and for ids that are none.
    pub fn about(&self) -> Option<About> {
        let id = Some(self.object.id.clone()).filter(|id| is_id(id))?;
        let number = self.object.metadata.number.clone().filter(|number| is_id(number));
        match self.event.as_str() {
            "payment.waiting_for_capture" | "payment.succeeded" | "payment.canceled" => {
                Some(About { number, provider_id: Some(id), ..About::default() })
            }
            "refund.succeeded" => {
                let payment_id = self.object.payment_id.clone().filter(|id| is_id(id))?;
                Some(About { provider_id: Some(payment_id), refund_id: Some(id), ..About::default() })
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
