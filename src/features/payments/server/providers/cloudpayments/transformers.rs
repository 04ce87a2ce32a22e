//! CloudPayments' objects, and what they mean.

mod receipt;

pub(super) use receipt::kassa;

use crate::features::payments::server::providers::decimal::Number;
use crate::features::payments::server::providers::{Amount, Dispute, NewPayment, PaymentSeen, PaymentState, RefundSeen, RefundState, Strangeness};
use crate::server::config::payments::CloudpaymentsSettings;
use crate::shared::i18n::Locale;
use crate::shared::money::Money;
use chrono::{DateTime, NaiveDateTime, Utc};
use receipt::Kassa;
use serde::{Deserialize, Serialize};

const DESCRIPTION_MAX: usize = 250;

/// The envelope of every answer.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Envelope<T> {
    pub success: bool,
    pub message: Option<String>,
    pub model: Option<T>,
}

/// `/orders/create`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct CreateOrder {
    amount: Number,
    currency: &'static str,
    description: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    require_confirmation: bool,
    send_email: bool,
    invoice_id: String,
    account_id: String,
    culture_name: &'static str,
    success_redirect_url: String,
    fail_redirect_url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    json_data: Option<OwnData>,
}

/// What goes along with an operation: the receipt, and our number of a refund.
#[derive(Debug, Default, Serialize)]
pub(super) struct OwnData {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refund_number: Option<String>,
    #[serde(rename = "cloudPayments", skip_serializing_if = "Option::is_none")]
    pub kassa: Option<Kassa>,
}

/// A capture or a refund.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Movement {
    transaction_id: u64,
    amount: Number,
    #[serde(skip_serializing_if = "Option::is_none")]
    json_data: Option<OwnData>,
}

impl Movement {
    /// So much of this transaction.
    pub fn new(transaction_id: u64, amount: Money, json_data: Option<OwnData>) -> Self {
        Self { transaction_id, amount: Number(amount.minor), json_data }
    }
}

/// The made order: a link.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Order {
    pub id: String,
    pub url: String,
}

/// A transaction: one try to pay, or one refund.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Transaction {
    pub transaction_id: u64,
    amount: Number,
    currency: Option<String>,
    pub invoice_id: Option<String>,
    #[serde(default)]
    status: String,
    reason: Option<String>,
    reason_code: Option<i64>,
    test_mode: Option<bool>,
    public_id: Option<String>,
    /// Of a refund: the payment's.
    pub original_transaction_id: Option<u64>,
    json_data: Option<String>,
    created_date_iso: Option<String>,
}

/// What a refund is answered with.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Refunded {
    pub transaction_id: u64,
}

/// What a payer's bank did with a transaction.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Chargeback {
    transaction_id: u64,
    operation: String,
    #[serde(rename = "Type")]
    kind: String,
}

impl Chargeback {
    /// The transaction, and how its dispute stands. Money that was taken back may be fought for; a lost fight is told by nobody.
    pub fn dispute(self) -> Option<(String, Dispute)> {
        let dispute = match self.operation.as_str() {
            "Representment" => Dispute::Won,
            _ => Dispute::Open,
        };
        (self.kind == "Chargeback").then(|| (self.transaction_id.to_string(), dispute))
    }
}

impl CreateOrder {
    pub fn new(payment: &NewPayment) -> Self {
        Self {
            amount: Number(payment.amount.minor),
            currency: payment.amount.currency.code(),
            description: payment.description.chars().take(DESCRIPTION_MAX).collect(),
            email: payment.payer.email.clone(),
            require_confirmation: payment.is_two_stage,
            send_email: false,
            invoice_id: payment.number.clone(),
            account_id: payment.payer.id.clone(),
            culture_name: match payment.locale {
                Locale::Ru => "ru-RU",
                Locale::En => "en-US",
            },
            success_redirect_url: payment.return_url.clone(),
            fail_redirect_url: payment.fail_url.clone(),
            json_data: payment.receipt.as_ref().map(|receipt| OwnData { kassa: Some(kassa(receipt)), ..OwnData::default() }),
        }
    }
}

impl Transaction {
    /// Whether it is a refund.
    pub fn is_refund(&self) -> bool {
        self.original_transaction_id.is_some()
    }

    /// Whether our refund with this number made it.
    pub fn is_refund_of(&self, number: &str) -> bool {
        let data = self.json_data.as_deref().unwrap_or_default();
        let told: Option<serde_json::Value> = serde_json::from_str(data).ok();
        self.is_refund() && told.is_some_and(|told| told["refund_number"] == number)
    }

    /// When it was made.
    pub fn created_at(&self) -> Option<DateTime<Utc>> {
        let text = self.created_date_iso.as_deref()?;
        NaiveDateTime::parse_from_str(text.trim_end_matches('Z'), "%Y-%m-%dT%H:%M:%S%.f").ok().map(|moment| moment.and_utc())
    }

    fn amount(&self) -> Amount {
        let currency = self.currency.as_deref().unwrap_or("RUB");
        Amount { minor: self.amount.0, currency: currency.to_ascii_uppercase() }
    }

    fn why(&self) -> Option<String> {
        let code = self.reason_code.filter(|code| *code != 0).map(|code| code.to_string());
        self.reason.clone().filter(|reason| reason != "Approved").or(code)
    }

    /// What a payment's transaction means to a shop.
    pub fn seen(self, settings: &CloudpaymentsSettings) -> PaymentSeen {
        let state = match self.status.as_str() {
            "Completed" => PaymentState::Succeeded,
            "Authorized" => PaymentState::WaitingForCapture,
            "Cancelled" => PaymentState::Canceled,
            // One try was declined; the link takes others.
            _ => PaymentState::Pending,
        };
        let strangeness = match (&self.public_id, self.test_mode) {
            (Some(id), _) if *id != settings.public_id => Some(Strangeness::OtherAddressee),
            (_, Some(is_test)) if is_test == settings.is_live => Some(Strangeness::OtherMode),
            _ => None,
        };
        PaymentSeen {
            provider_id: None,
            // A declined try moves nothing: its number must not take the place of the one that does.
            operation_id: (state != PaymentState::Pending).then(|| self.transaction_id.to_string()),
            state,
            amount: self.amount(),
            refunded_minor: None,
            strangeness,
            dispute: None,
            receipt: None,
            reason: self.why(),
            created_at: self.created_at(),
            number: self.invoice_id,
        }
    }

    /// What a refund's transaction means.
    pub fn refund(self) -> RefundSeen {
        RefundSeen {
            provider_id: self.transaction_id.to_string(),
            state: match self.status.as_str() {
                "Completed" => RefundState::Succeeded,
                "Declined" | "Cancelled" => RefundState::Failed,
                _ => RefundState::Pending,
            },
            amount: Some(self.amount()),
            reason: self.why(),
        }
    }
}

#[cfg(test)]
mod tests;
