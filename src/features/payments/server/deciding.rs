//! What a person decides of a refund that hangs: its provider can't tell any more what became of it.

use super::history::{self, Line};
use super::{payment_queries, queries as order_queries, refund_queries, settling};
use crate::features::payments::rules::RefundState;
use crate::server::authz::{self, Administer};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::server::events::{self, Event, PaymentEvent};
use crate::server::reason;
use crate::shared::error::Problem;
use anyhow::Context as _;
use uuid::Uuid;

/// Ends a refund that waits for a person: the money went back, or it did not.
pub async fn decide(ctx: &Ctx, order_id: Uuid, refund_id: Uuid, outcome: &str, reason: &str) -> Result<()> {
    let _permit = authz::permit(&ctx.actor, Administer)?;
    let reason = reason::read("refund_reason", reason)?;
    let after = match outcome {
        "succeeded" => RefundState::Succeeded,
        "failed" => RefundState::Failed,
        _ => return Err(ServiceError::field("outcome", Problem::UnknownChoice)),
    };
    let mut tx = ctx.begin().await?;
    let order = order_queries::lock_order(&mut tx, order_id).await?.ok_or(ServiceError::NotFound)?;
    let refund = refund_queries::refunds(&mut tx, None, Some(refund_id)).await?.pop().ok_or(ServiceError::NotFound)?;
    let row = payment_queries::payment(&mut tx, refund.payment_id).await?.filter(|row| row.order_id == order_id).ok_or(ServiceError::NotFound)?;
    let before = RefundState::from_code(&refund.state).with_context(|| format!("refunds.state of {refund_id} is `{}`", refund.state))?;
    let task = refund_queries::settle_stuck(&mut tx, &refund_id.to_string(), ctx.actor.id(), ctx.now()).await?;
    let Some(task_id) = task else { return Err(ServiceError::Conflict) };
    if !refund_queries::decide_refund(&mut tx, refund_id, after.code(), ctx.now()).await? {
        return Err(ServiceError::Conflict);
    }
    let line = Line { payment_id: Some(row.id), kind: "refund", before: Some(before.code()), after: Some(after.code()), note: &reason };
    history::write(&mut tx, ctx, order_id, line).await?;
    let event = PaymentEvent::RefundChanged { refund_id, order_id, before: before.code(), after: after.code() };
    events::record(&mut tx, ctx, Event::Payment(event)).await?;
    events::record(&mut tx, ctx, Event::Payment(PaymentEvent::TaskSettled { task_id, kind: "refund_stuck".to_owned() })).await?;
    settling::settle(&mut tx, ctx, &order, row.id).await?;
    Ok(tx.commit().await?)
}
