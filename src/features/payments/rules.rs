//! Pure rules of money: what may follow what, what an order comes to, what may be given back. Whatever comes how often and in which
//! order, they end in the same place.

use serde::{Deserialize, Serialize};

pub mod discount;
pub mod invoice;
pub mod table;
#[cfg(test)]
mod tests;

/// How a payment stands: `payments.state`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentState {
    /// The row is there; the provider was not asked yet, or its answer is not known.
    Created,
    /// The provider has it; the payer is at work.
    Pending,
    /// Money is held.
    WaitingForCapture,
    /// Money is taken.
    Succeeded,
    /// Some of it went back.
    PartiallyRefunded,
    /// All of it went back.
    Refunded,
    /// Nobody was charged.
    Canceled,
    /// Declined for good.
    Failed,
    /// Money and order don't agree; nothing opens until a person decides.
    NeedsReview,
    /// The payer's bank asks for the money.
    Disputed,
}

/// How an order stands: `orders.state`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderState {
    /// Nothing was paid yet.
    AwaitingPayment,
    /// Paid.
    Paid,
    /// Some of it went back.
    PartiallyRefunded,
    /// All of it went back.
    Refunded,
    /// Given up.
    Cancelled,
    /// A person has to look.
    NeedsReview,
}

/// How a refund stands: `refunds.state`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefundState {
    /// Not sent yet, or the answer is not known.
    Created,
    /// The provider is at it.
    Pending,
    /// The money went back.
    Succeeded,
    /// It did not.
    Failed,
}

/// What the provider says of a payment, asked just now. Refunds are counted from their own records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Seen {
    /// Not decided.
    Pending,
    /// Money is held.
    Held,
    /// Money was taken, whatever went back since.
    Paid,
    /// Nobody was charged.
    Canceled,
    /// Declined for good.
    Failed,
}

macro_rules! codes {
    ($name:ident { $($variant:ident => $code:literal),+ $(,)? }) => {
        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// As in the database.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// The state of a code.
            pub fn from_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|state| state.code() == code)
            }
        }
    };
}

codes!(PaymentState {
    Created => "created",
    Pending => "pending",
    WaitingForCapture => "waiting_for_capture",
    Succeeded => "succeeded",
    PartiallyRefunded => "partially_refunded",
    Refunded => "refunded",
    Canceled => "canceled",
    Failed => "failed",
    NeedsReview => "needs_review",
    Disputed => "disputed",
});
codes!(OrderState {
    AwaitingPayment => "awaiting_payment",
    Paid => "paid",
    PartiallyRefunded => "partially_refunded",
    Refunded => "refunded",
    Cancelled => "cancelled",
    NeedsReview => "needs_review",
});
codes!(RefundState { Created => "created", Pending => "pending", Succeeded => "succeeded", Failed => "failed" });

impl OrderState {
    /// Whether money that came another way may be entered for it.
    pub const fn takes_money(self) -> bool {
        matches!(self, Self::AwaitingPayment | Self::Cancelled)
    }
}

impl PaymentState {
    /// How far it is. Only a refund that failed afterwards leads back.
    pub const fn rank(self) -> u8 {
        match self {
            Self::Created => 0,
            Self::Pending | Self::Canceled | Self::Failed => 1,
            Self::WaitingForCapture | Self::NeedsReview => 2,
            Self::Succeeded | Self::Disputed => 3,
            Self::PartiallyRefunded => 4,
            Self::Refunded => 5,
        }
    }

    /// Whether the payer may still be at it.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Created | Self::Pending | Self::WaitingForCapture)
    }

    /// Whether money was taken for the order.
    pub const fn is_paid(self) -> bool {
        matches!(self, Self::Succeeded | Self::PartiallyRefunded | Self::Refunded | Self::Disputed)
    }
}

/// What follows for a payment from what the provider says. `agrees`: amount, currency, addressee and ids are those of this payment.
pub const fn next(now: PaymentState, seen: Seen, agrees: bool) -> PaymentState {
    use PaymentState as State;
    match (now, seen) {
        // A person decides, or refunds do.
        (State::NeedsReview | State::Disputed | State::Succeeded | State::PartiallyRefunded | State::Refunded, _) => now,
        (_, Seen::Paid) if !agrees => State::NeedsReview,
        // Also after a cancellation: the payer was faster, and the money is here.
        (_, Seen::Paid) => State::Succeeded,
        // What is held after the end was not asked for any more, and is let go by itself.
        (State::Canceled | State::Failed, Seen::Held) => now,
        (_, Seen::Held) => {
            if agrees {
                State::WaitingForCapture
            } else {
                State::NeedsReview
            }
        }
        (State::Created, Seen::Pending) => State::Pending,
        (State::Created | State::Pending | State::WaitingForCapture, Seen::Canceled) => State::Canceled,
        (State::Created | State::Pending | State::WaitingForCapture, Seen::Failed) => State::Failed,
        (_, Seen::Pending | Seen::Canceled | Seen::Failed) => now,
    }
}

/// How a paid payment stands when so much of it went back.
pub const fn after_refunds(now: PaymentState, amount: i64, refunded: i64) -> PaymentState {
    match now {
        PaymentState::Succeeded | PaymentState::PartiallyRefunded | PaymentState::Refunded => {
            if refunded <= 0 {
                PaymentState::Succeeded
            } else if refunded < amount {
                PaymentState::PartiallyRefunded
            } else {
                PaymentState::Refunded
            }
        }
        _ => now,
    }
}

/// What follows for a refund. The provider may say of one that went through that it failed after all; nothing else leads back.
pub const fn next_refund(now: RefundState, seen: RefundState) -> RefundState {
    match (now, seen) {
        (RefundState::Failed, _) | (RefundState::Succeeded, RefundState::Created | RefundState::Pending) => now,
        (RefundState::Pending, RefundState::Created) => now,
        _ => seen,
    }
}

/// A payment of an order, for its sum.
#[derive(Clone, Copy, Debug)]
pub struct Counted {
    /// How it stands.
    pub state: PaymentState,
    /// Minor units.
    pub amount: i64,
    /// What of it went back.
    pub refunded: i64,
}

/// How an order of this total stands with these payments.
pub fn order_state(total: i64, payments: &[Counted], is_cancelled: bool) -> OrderState {
    let paid = || payments.iter().filter(|payment| payment.state.is_paid());
    if paid().next().is_none() {
        return if payments.iter().any(|payment| payment.state == PaymentState::NeedsReview) {
            OrderState::NeedsReview
        } else if is_cancelled {
            OrderState::Cancelled
        } else {
            OrderState::AwaitingPayment
        };
    }
    let kept: i64 = paid().map(|payment| payment.amount - payment.refunded).sum();
    if kept >= total {
        OrderState::Paid
    } else if kept <= 0 {
        OrderState::Refunded
    } else {
        OrderState::PartiallyRefunded
    }
}

/// What may still be given back of a payment: refunds that are under way count.
pub fn refundable(state: PaymentState, amount: i64, refunds: &[(RefundState, i64)]) -> i64 {
    if !matches!(state, PaymentState::Succeeded | PaymentState::PartiallyRefunded) {
        return 0;
    }
    (amount - sum(refunds, |state| state != RefundState::Failed)).max(0)
}

/// What went back of a payment.
pub fn refunded(refunds: &[(RefundState, i64)]) -> i64 {
    sum(refunds, |state| state == RefundState::Succeeded)
}

/// What went back or is under way.
pub fn committed(refunds: &[(RefundState, i64)]) -> i64 {
    sum(refunds, |state| state != RefundState::Failed)
}

fn sum(refunds: &[(RefundState, i64)], counts: impl Fn(RefundState) -> bool) -> i64 {
    refunds.iter().filter(|(state, _)| counts(*state)).map(|(_, amount)| amount).sum()
}

/// An amount as people type it: `1490`, `1 490,50`, `1490.5`, in minor units. `None` for anything else, also for more than two decimals.
pub fn amount(text: &str) -> Option<i64> {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let (major, minor) = text.split_once([',', '.']).unwrap_or((&text, ""));
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if major.is_empty() || major.len() > 12 || minor.len() > 2 || !are_digits(major) || !are_digits(minor) || text.ends_with([',', '.']) {
        return None;
    }
    let minor = format!("{minor:0<2}");
    major.parse::<i64>().ok()?.checked_mul(100)?.checked_add(minor.parse().ok()?)
}
