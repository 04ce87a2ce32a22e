//! CloudPayments' objects, and what they mean.

use crate::features::payments::server::providers::decimal::Number;
use crate::features::payments::server::providers::{
    Amount, Dispute, NewPayment, PaymentSeen, PaymentState, Receipt, RefundSeen, RefundState, Strangeness, TaxSystem, Vat,
};
use crate::server::config::payments::CloudpaymentsSettings;
use crate::shared::i18n::{Locale, fiscal as texts};
use crate::shared::money::Money;
use chrono::{DateTime, NaiveDateTime, Utc};
use serde::{Deserialize, Serialize};

const DESCRIPTION_MAX: usize = 250;
const LABEL_MAX: usize = 128;

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

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Kassa {
    customer_receipt: CustomerReceipt,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct CustomerReceipt {
    #[serde(rename = "Items")]
    items: Vec<Item>,
    #[serde(skip_serializing_if = "Option::is_none")]
    taxation_system: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone: Option<String>,
    amounts: Electronic,
}

#[derive(Debug, Serialize)]
struct Electronic {
    electronic: Number,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Item {
    label: String,
    price: Number,
    quantity: u32,
    amount: Number,
    vat: Option<u8>,
    method: u8,
    object: u8,
    measurement_unit: String,
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

/// A receipt in the form of CloudKassir.
pub(super) fn kassa(receipt: &Receipt) -> Kassa {
    let items = receipt.lines.iter().map(|line| Item {
        label: line.name.chars().take(LABEL_MAX).collect(),
        price: Number(line.price_minor),
        quantity: line.quantity,
        amount: Number(line.total_minor().unwrap_or_default()),
        vat: vat(line.vat),
        method: 4,
        object: 4,
        // Fiscal documents are Russian, whatever the payer reads.
        measurement_unit: texts::piece(Locale::Ru).to_owned(),
    });
    Kassa {
        customer_receipt: CustomerReceipt {
            items: items.collect(),
            taxation_system: receipt.tax_system.map(taxation_system),
            email: receipt.email.clone(),
            phone: receipt.phone.clone(),
            amounts: Electronic { electronic: Number(receipt.total_minor().unwrap_or_default()) },
        },
    }
}

const fn vat(vat: Vat) -> Option<u8> {
    match vat {
        Vat::None => None,
        Vat::Rate0 => Some(0),
        Vat::Rate5 => Some(5),
        Vat::Rate7 => Some(7),
        Vat::Rate10 => Some(10),
        Vat::Rate20 => Some(20),
        Vat::Rate22 => Some(22),
        Vat::Part5 => Some(105),
        Vat::Part7 => Some(107),
        Vat::Part10 => Some(110),
        Vat::Part20 => Some(120),
        Vat::Part22 => Some(122),
    }
}

const fn taxation_system(system: TaxSystem) -> u8 {
    match system {
        TaxSystem::General => 0,
        TaxSystem::SimplifiedIncome => 1,
        TaxSystem::SimplifiedProfit => 2,
        TaxSystem::Agricultural => 4,
        TaxSystem::Patent => 5,
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
