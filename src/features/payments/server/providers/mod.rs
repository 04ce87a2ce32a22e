//! Payment providers: one trait, neutral types, an adapter for each. An adapter holds settings and an HTTP client, and no state:
//! what was sent and what came of it is kept by its caller. Amounts are minor units; what a provider writes otherwise is converted in
//! its adapter. Nothing in here touches the database, so that no call can run inside a transaction.

pub mod callback;
pub mod cloudpayments;
mod decimal;
pub mod kinds;
mod line;
mod open;
pub mod receipt;
pub mod sberbank;
mod search;
mod signature;
pub mod stripe;
pub mod yookassa;

pub use callback::{About, Callback, Delivery, Question, Refused, Reply, Trust, Verdict};
pub use kinds::{
    Amount, Attempt, Created, Dispute, Listed, ListedDisputes, ListedRefund, NewPayment, NewRefund, Payer, PaymentRef, PaymentSeen, PaymentState,
    ReceiptState, RefundRef, RefundSeen, RefundState, Stage, Strangeness,
};
pub use open::open;
pub use receipt::{Receipt, ReceiptLine, TaxSystem, Vat};

use crate::shared::money::Money;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use std::time::Duration;

/// Why a call gave nothing. Nothing in it is secret: it may be logged and shown to administrators.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProviderError {
    /// The outcome is unknown, or the provider asks for patience: repeat with the same key, not before this pause where one is given.
    /// Never a reason to call a payment failed.
    #[error("{reason}")]
    Again {
        /// In words.
        reason: String,
        /// The pause that the provider asks for.
        after: Option<Duration>,
    },
    /// The key is forgotten by the provider, so that a repeat would be a second operation. Query by number; if nothing is there, the
    /// attempt has failed. A refund is looked for with [`Provider::find_refund`], and needs a person where that can't tell.
    #[error("the provider no longer knows the key of this attempt")]
    KeyForgotten,
    /// The provider refuses our credentials or rights: nothing happened; an operator has to act. The same key may be tried later.
    #[error("{0}")]
    Settings(String),
    /// The provider knows no such object.
    #[error("the provider knows no such object")]
    NotFound,
    /// Refused for good: nothing happened, and the same request will be refused again. A new attempt needs a new key.
    #[error("{code}: {reason}")]
    Final {
        /// The provider's code, or ours.
        code: String,
        /// In the provider's words.
        reason: String,
    },
    /// This provider has no such call.
    #[error("this provider has no such call")]
    Unsupported,
}

/// A provider of payments.
#[async_trait]
pub trait Provider: Send + Sync {
    /// As it is written in `payments.provider` and in addresses: `yookassa`.
    fn name(&self) -> &'static str;

    /// Makes the payment's object and the address of its page. Repeated with the same key it makes no second one; the answer may then
    /// have no page: keep the one that is known, or let the attempt expire.
    async fn create(&self, payment: &NewPayment) -> Result<Created, ProviderError>;

    /// How the payment stands, by whatever of the reference the provider can find it with. What is not known means pending.
    async fn query(&self, payment: &PaymentRef) -> Result<PaymentSeen, ProviderError>;

    /// Takes what is held, whole. The answer is how the payment stands then.
    async fn capture(&self, attempt: &Attempt, payment: &PaymentRef, amount: Money) -> Result<PaymentSeen, ProviderError>;

    /// Lets what is held go, or closes the page of what is not paid yet. `Unsupported` where unpaid pages can't be closed: they
    /// expire. Query afterwards: the payer may have been faster.
    async fn cancel(&self, attempt: &Attempt, payment: &PaymentRef, stage: Stage) -> Result<(), ProviderError>;

    /// Our number of a payment, by [`PaymentSeen::operation_id`] alone, where the provider's callbacks may name nothing else.
    async fn number(&self, _operation_id: &str) -> Result<Option<String>, ProviderError> {
        Ok(None)
    }

    /// Gives money back.
    async fn refund(&self, refund: &NewRefund) -> Result<RefundSeen, ProviderError>;

    /// The refund with our number, which was sent with a key that is forgotten by now; none where it never came to be. `Unsupported`
    /// where nobody can tell.
    async fn find_refund(&self, _refund: &NewRefund) -> Result<Option<RefundSeen>, ProviderError> {
        Err(ProviderError::Unsupported)
    }

    /// How a refund stands. `Unsupported` where refunds are known by their payment's total only: there the answer to
    /// [`Provider::refund`] is the last word, and an unknown outcome is settled by the same call with the same key.
    async fn query_refund(&self, refund: &RefundRef) -> Result<RefundSeen, ProviderError>;

    /// The payments made between two moments, a page at a time. `Unsupported` where there is no such list: reconcile by asking for
    /// each payment of our own.
    async fn list(&self, from: DateTime<Utc>, until: DateTime<Utc>, page: Option<&str>) -> Result<Listed, ProviderError>;

    /// What payers' banks asked for between two moments, a page at a time. `Unsupported` where the payment itself tells, or nobody.
    async fn disputes(&self, _from: DateTime<Utc>, _until: DateTime<Utc>, _page: Option<&str>) -> Result<ListedDisputes, ProviderError> {
        Err(ProviderError::Unsupported)
    }

    /// Authenticates what came to the provider's address and says what it is about. Nothing of it is proof: ask with
    /// [`Provider::query`] before anything moves.
    fn callback(&self, delivery: &Delivery<'_>) -> Result<Callback, Refused>;

    /// The answer that the provider's protocol wants after a callback was taken, or was not.
    fn reply(&self, callback: &Callback, verdict: Verdict) -> Reply;
}

/// A receipt whose lines don't come to the amount would be refused after the money is taken, so it is refused before.
fn check_receipt(receipt: Option<&Receipt>, amount: Money) -> Result<(), ProviderError> {
    let refuse = |reason: &str| Err(ProviderError::Final { code: "receipt".to_owned(), reason: reason.to_owned() });
    match receipt {
        Some(receipt) if receipt.total_minor() != Some(amount.minor) => refuse("the lines of the receipt don't come to the amount"),
        Some(receipt) if receipt.email.is_none() && receipt.phone.is_none() => refuse("the receipt has nobody to go to"),
        _ => Ok(()),
    }
}
