//! Disputes that a provider tells of by letter only: an administrator marks them, and how they ended.

use super::opening::state_of;
use super::{payment_queries, queries as order_queries, settling};
use crate::features::payments::rules::{self, PaymentState};
use crate::server::authz::{self, Administer};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::server::events::{self, Event, PaymentEvent};
use crate::server::reason;
use crate::shared::error::Problem;
use uuid::Uuid;

/// Marks a payment as disputed (`open`), or its dispute as `won` or `lost`.
pub async fn change(ctx: &Ctx, order_id: Uuid, payment_id: Uuid, what: &str, reason: &str) -> Result<()> {
    let _permit = authz::permit(&ctx.actor, Administer)?;
    let reason = reason::read("dispute_reason", reason)?;
    let mut tx = ctx.begin().await?;
    let order = order_queries::lock_order(&mut tx, order_id).await?.ok_or(ServiceError::NotFound)?;
    let row = payment_queries::payment(&mut tx, payment_id).await?.filter(|row| row.order_id == order_id).ok_or(ServiceError::NotFound)?;
    let now = state_of(&row)?;
    let after = match (what, now) {
        ("open", PaymentState::Succeeded | PaymentState::PartiallyRefunded) => PaymentState::Disputed,
        ("won", PaymentState::Disputed) => row.state_before_dispute.as_deref().and_then(PaymentState::from_code).unwrap_or(PaymentState::Succeeded),
        ("lost", PaymentState::Disputed) => PaymentState::Succeeded,
        ("open" | "won" | "lost", _) => return Err(ServiceError::Conflict),
        _ => return Err(ServiceError::field("dispute", Problem::UnknownChoice)),
    };
    settling::move_to(&mut tx, ctx, &row, after, &reason).await?;
    if what == "lost" {
        // The bank took what was left: it counts as given back, and closes.
        let left = row.amount_minor - rules::committed(&settling::refund_sums(&mut tx, row.id).await?);
        if left > 0 {
            settling::record_refund(&mut tx, ctx, &row, left, ("a lost dispute", true), None).await?;
        }
    }
    let event = PaymentEvent::Resolved { payment_id, order_id, after: after.code(), reason };
    events::record(&mut tx, ctx, Event::Payment(event)).await?;
    settling::settle(&mut tx, ctx, &order, payment_id).await?;
    Ok(tx.commit().await?)
}
