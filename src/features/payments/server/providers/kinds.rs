//! What callers and adapters tell each other.

use super::receipt::Receipt;
use crate::shared::i18n::Locale;
use crate::shared::money::{Currency, Money};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// An amount as a provider tells it; its currency may be one that the school does not sell in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Amount {
    /// Minor units.
    pub minor: i64,
    /// The alphabetic code, in upper case.
    pub currency: String,
}

impl Amount {
    /// Whether it is exactly this.
    pub fn is(&self, money: Money) -> bool {
        self.minor == money.minor && self.currency == money.currency.code()
    }

    /// In the school's terms, if it sells in this currency.
    pub fn money(&self) -> Option<Money> {
        Currency::from_code(&self.currency).map(|currency| Money { minor: self.minor, currency })
    }
}

impl From<Money> for Amount {
    fn from(money: Money) -> Self {
        Self { minor: money.minor, currency: money.currency.code().to_owned() }
    }
}

/// One try to change something at the provider; repeats of it have the same key.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// The stored key: 1 to 36 letters, digits and `-`.
    pub key: String,
    /// When the key was first sent. Providers forget keys; after that a repeat would be a second operation.
    pub first_sent: DateTime<Utc>,
    /// Now.
    pub now: DateTime<Utc>,
}

impl Attempt {
    /// Whether a provider that keeps keys for so long still knows this one, with a margin for the call itself and for clocks.
    pub(super) fn is_remembered(&self, life: TimeDelta) -> bool {
        self.now < self.first_sent + life - TimeDelta::minutes(10)
    }
}

/// Who pays.
#[derive(Clone, Debug)]
pub struct Payer {
    /// Our id.
    pub id: String,
    /// Where the receipt goes.
    pub email: Option<String>,
    /// Digits after a plus: `+79991234567`.
    pub phone: Option<String>,
}

/// A payment to be made.
#[derive(Clone, Debug)]
pub struct NewPayment {
    /// Key and moments.
    pub attempt: Attempt,
    /// Our number, unique per payment (not per order) for ever: 1 to 36 letters, digits and `-`.
    pub number: String,
    /// What is to be paid.
    pub amount: Money,
    /// What the payer reads; cut to what the provider takes.
    pub description: String,
    /// Where the payer comes back to.
    pub return_url: String,
    /// Where the payer comes back to without having paid, with providers that tell these apart.
    pub fail_url: String,
    /// Whether money is only held until it is captured.
    pub is_two_stage: bool,
    /// Who pays.
    pub payer: Payer,
    /// Language of the payment page.
    pub locale: Locale,
    /// The fiscal receipt, where the provider is to make it. Its lines come to exactly the amount.
    pub receipt: Option<Receipt>,
}

/// What came of [`NewPayment`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Created {
    /// The provider's id: `payments.provider_payment_id`.
    pub provider_id: String,
    /// The page to send the payer to; none if the payer is no longer needed, or the page's address is lost (see `create`).
    pub redirect_url: Option<String>,
}

/// Whatever is known of a payment.
#[derive(Clone, Debug)]
pub struct PaymentRef {
    /// Our number, given at creation.
    pub number: String,
    /// What `create` answered, if it did.
    pub provider_id: Option<String>,
    /// [`PaymentSeen::operation_id`] of the last time.
    pub operation_id: Option<String>,
    /// What was to be paid.
    pub amount: Money,
    /// When it was first sent; bounds the search of a payment whose id is not known.
    pub created_at: DateTime<Utc>,
}

/// How a payment stands at the provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentState {
    /// Not decided; also every state that is not known.
    Pending,
    /// Money is held.
    WaitingForCapture,
    /// Money is taken.
    Succeeded,
    /// Some of it went back.
    PartiallyRefunded,
    /// All of it went back.
    Refunded,
    /// Nobody was charged: expired, voided, the payer left.
    Canceled,
    /// Declined, and this object can't be paid any more.
    Failed,
}

/// What of a payment makes a person look, whatever its state: nothing may open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Strangeness {
    /// Made with test money in an installation for real money, or the reverse.
    OtherMode,
    /// It went to another shop than ours.
    OtherAddressee,
    /// It bears another number than the payment of ours that it was found for.
    OtherNumber,
}

/// A dispute about a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dispute {
    /// Not decided.
    Open,
    /// The money stays.
    Won,
    /// The money is gone.
    Lost,
}

/// The fiscal receipt, as far as the payment's object tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReceiptState {
    /// On its way.
    Pending,
    /// Registered.
    Done,
    /// Refused.
    Failed,
}

/// A payment as the provider's API shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentSeen {
    /// The provider's id, the same as [`Created::provider_id`]; none where the answer does not tell it (CloudPayments' transactions).
    pub provider_id: Option<String>,
    /// The id of the money's movement, where that is another object (Stripe's payment intent, CloudPayments' transaction). Keep it:
    /// refunds need it, and callbacks may name nothing else.
    pub operation_id: Option<String>,
    /// Our number, as the provider repeats it. Not proof of anything.
    pub number: Option<String>,
    /// How it stands.
    pub state: PaymentState,
    /// What was to be paid or was paid; compare it with the payment of ours.
    pub amount: Amount,
    /// What went back, if the provider tells; else the sum over refunds is the truth.
    pub refunded_minor: Option<i64>,
    /// What makes a person look.
    pub strangeness: Option<Strangeness>,
    /// A dispute, where the provider tells.
    pub dispute: Option<Dispute>,
    /// The receipt, where the provider tells.
    pub receipt: Option<ReceiptState>,
    /// Why it was declined or cancelled: the provider's code, such as `insufficient_funds`. Also of an attempt that failed while the
    /// payment is still pending.
    pub reason: Option<String>,
    /// When the provider made it.
    pub created_at: Option<DateTime<Utc>>,
}

impl PaymentSeen {
    /// With a number that is not the one of the payment it was asked for, it is strange.
    pub(super) fn compared(mut self, payment: &PaymentRef) -> Self {
        let is_other = self.number.as_ref().is_some_and(|number| *number != payment.number);
        self.strangeness = self.strangeness.or(is_other.then_some(Strangeness::OtherNumber));
        self
    }
}

/// Money to be given back.
#[derive(Clone, Debug)]
pub struct NewRefund {
    /// Key and moments.
    pub attempt: Attempt,
    /// Our number, unique for ever: 1 to 36 letters, digits and `-`.
    pub number: String,
    /// Of which payment.
    pub payment: PaymentRef,
    /// How much.
    pub amount: Money,
    /// What of the payment went back before, as far as the school knows.
    pub went_back_minor: i64,
    /// Whether it is all that was paid: some providers then make the receipt themselves.
    pub is_whole: bool,
    /// What the payer may read.
    pub description: String,
    /// The returned lines, for a part in a shop with fiscal receipts.
    pub receipt: Option<Receipt>,
}

/// Whatever is known of a refund.
#[derive(Clone, Debug)]
pub struct RefundRef {
    /// The provider's id.
    pub provider_id: String,
    /// Of which payment.
    pub payment: PaymentRef,
}

/// How a refund stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefundState {
    /// Not decided; also every state that is not known.
    Pending,
    /// The money went back.
    Succeeded,
    /// It did not; the money is still ours. May follow `Succeeded` with Stripe.
    Failed,
}

/// A refund as the provider's API shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefundSeen {
    /// The provider's id; ours where the provider gives none (Sberbank).
    pub provider_id: String,
    /// How it stands.
    pub state: RefundState,
    /// How much, if the provider tells.
    pub amount: Option<Amount>,
    /// Why it failed.
    pub reason: Option<String>,
}

/// Whether a payment that is to be cancelled is held or unpaid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Nobody has paid.
    Unpaid,
    /// Money is held.
    Held,
}

/// A refund in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedRefund {
    /// [`PaymentSeen::operation_id`] of its payment.
    pub operation_id: String,
    /// The provider's id of the refund.
    pub refund_id: String,
}

/// A page of disputes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedDisputes {
    /// The payment's [`PaymentSeen::operation_id`], and what its payer's bank did; in the provider's order.
    pub disputes: Vec<(String, Dispute)>,
    /// What to ask the next page with.
    pub next: Option<String>,
}

/// A page of payments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// They, in the provider's order.
    pub payments: Vec<PaymentSeen>,
    /// Refunds that stand among them, where a payment does not tell what of it went back.
    pub refunds: Vec<ListedRefund>,
    /// What to ask the next page with.
    pub next: Option<String>,
}
