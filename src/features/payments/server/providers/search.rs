//! Finding a payment whose id was lost together with the answer, where the provider has no search by our number.

use super::{PaymentRef, PaymentSeen, PaymentState, Provider, ProviderError};
use chrono::TimeDelta;

/// So many pages are looked through; a school sells less in a day.
const PAGES: usize = 50;

/// The payment with our number among those made since it was first sent. Of several the one that matters most.
pub(super) async fn by_number(provider: &dyn Provider, payment: &PaymentRef) -> Result<PaymentSeen, ProviderError> {
    let (from, until) = (payment.created_at - TimeDelta::minutes(10), payment.created_at + TimeDelta::hours(25));
    let mut found: Option<PaymentSeen> = None;
    let mut page = None;
    for _ in 0..PAGES {
        let listed = provider.list(from, until, page.as_deref()).await?;
        for seen in listed.payments.into_iter().filter(|seen| seen.number.as_deref() == Some(payment.number.as_str())) {
            if found.as_ref().is_none_or(|found| weight(found.state) < weight(seen.state)) {
                found = Some(seen);
            }
        }
        page = listed.next;
        if page.is_none() {
            return found.ok_or(ProviderError::NotFound);
        }
    }
    // Not all was seen: that it is absent can't be said.
    found.ok_or_else(|| ProviderError::Again { reason: "too many payments to look through".to_owned(), after: None })
}

/// How much a state matters: money first, then what may still bring some.
pub(super) const fn weight(state: PaymentState) -> u8 {
    match state {
        PaymentState::Failed => 0,
        PaymentState::Canceled => 1,
        PaymentState::Pending => 2,
        PaymentState::WaitingForCapture => 3,
        PaymentState::Refunded => 4,
        PaymentState::PartiallyRefunded => 5,
        PaymentState::Succeeded => 6,
    }
}
