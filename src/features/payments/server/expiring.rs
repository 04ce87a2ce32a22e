//! Orders that nobody pays: after a while they are given up. What they held (a use of a discount) is free again. Money that comes all
//! the same is settled as ever.

use super::history::{self, Line};
use super::{invoice, payment_queries, queries};
use crate::features::payments::rules::OrderState;
use crate::server::ctx::Ctx;
use crate::server::error::Result;
use crate::server::events::{self, Event, PaymentEvent};
use chrono::Duration;
use sqlx::PgConnection;
use uuid::Uuid;

/// An order waits so long.
pub(super) const WAITS: Duration = Duration::days(3);
/// One that holds a use of a discount waits shorter.
pub(super) const WAITS_WITH_DISCOUNT: Duration = Duration::days(1);
/// A transfer of an invoice's last day is so long under way, and the school's office as long behind.
const TRANSFER: Duration = Duration::days(7);
/// Given up in one round.
const AT_ONCE: i64 = 200;

/// Gives up what was not paid for too long and is being paid by nobody.
pub(super) async fn expire(ctx: &Ctx) -> Result<()> {
    let orders = queries::orders_to_expire(
        &mut *ctx.connection().await?,
        ctx.now() - WAITS,
        ctx.now() - WAITS_WITH_DISCOUNT,
        ctx.now() - invoice::VALID - TRANSFER,
        AT_ONCE,
    )
    .await?;
    for order_id in orders {
        let mut tx = ctx.begin().await?;
        give_up(&mut tx, ctx, order_id).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Gives up one order in the caller's transaction, unless something happened to it meanwhile.
pub(super) async fn give_up(connection: &mut PgConnection, ctx: &Ctx, order_id: Uuid) -> Result<()> {
    let Some(order) = queries::lock_order(connection, order_id).await? else { return Ok(()) };
    let payments = payment_queries::payments_of(connection, order_id).await?;
    let (before, after) = (OrderState::AwaitingPayment.code(), OrderState::Cancelled.code());
    if order.state != before || payments.iter().any(|row| super::opening::state_of(row).is_ok_and(|state| state.is_open() || state.is_paid())) {
        return Ok(());
    }
    queries::update_order(connection, order_id, after, None, ctx.now()).await?;
    history::write(connection, ctx, order_id, Line { kind: "order", before: Some(before), after: Some(after), ..Line::default() }).await?;
    events::record(connection, ctx, Event::Payment(PaymentEvent::OrderChanged { order_id, before, after })).await
}
