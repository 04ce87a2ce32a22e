//! What follows from what a provider says of a payment: one transaction for its state, the order's, the access, the letters and the
//! events. It may run as often as it likes, in any order, beside itself.

use super::history::{self, Line, Trouble};
use super::opening::{provider_of, reference, state_of};
use super::payment_queries::{self as queries, Learned, PaymentRow};
use super::providers::{Attempt, PaymentSeen, PaymentState as SeenState, ProviderError, ReceiptState};
use super::queries::OrderRow;
use super::refund_queries::{self, RefundRow};
use super::{asking, completing, disputes, granting, history_queries, queries as order_queries};
use crate::features::payments::rules::{self, Counted, OrderState, PaymentState, RefundState, Seen};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::server::events::{self, Event, PaymentEvent};
use crate::server::jobs::{self, Job};
use anyhow::{Context as _, anyhow};
use sqlx::PgConnection;
use uuid::Uuid;

/// Why a refund was made that nobody asked for here.
pub(super) const AT_THE_PROVIDER: &str = "made at the provider";

/// Asks the provider how a payment stands, and draws the consequences. What is held is taken.
pub async fn check(ctx: &Ctx, payment_id: Uuid) -> Result<()> {
    check_operation(ctx, payment_id, None).await
}

/// The same, about the movement of money that a callback named: several may be tried for one payment.
pub(super) async fn check_operation(ctx: &Ctx, payment_id: Uuid, operation_id: Option<String>) -> Result<()> {
    let row = queries::payment(&mut *ctx.connection().await?, payment_id).await?.ok_or(ServiceError::NotFound)?;
    // What came another way has nobody to ask.
    if row.provider == "manual" || row.first_sent_at.is_none() {
        return Ok(());
    }
    let provider = match provider_of(ctx, &row.provider) {
        Ok(provider) => provider,
        Err(error) => {
            note_check(ctx, &row, &error.to_string()).await?;
            return Err(error);
        }
    };
    let mut payment = reference(&row)?;
    payment.operation_id = operation_id.or(payment.operation_id);
    let seen = match asking::ask(provider.as_ref(), &payment).await {
        Ok(seen) => seen,
        // Not there yet, or never: its opening decides.
        Err(ProviderError::NotFound) => return note_check(ctx, &row, "not found").await,
        Err(error) => {
            note_check(ctx, &row, &error.to_string()).await?;
            return Err(anyhow!("{}: {error}", row.provider).into());
        }
    };
    if apply(ctx, payment_id, &seen).await? != PaymentState::WaitingForCapture {
        return Ok(());
    }
    let attempt = Attempt { key: format!("{}-c", row.id.simple()), first_sent: ctx.now(), now: ctx.now() };
    let taken = provider.capture(&attempt, &payment, payment.amount).await.map_err(|error| anyhow!("{}: {error}", row.provider))?;
    apply(ctx, payment_id, &taken).await?;
    Ok(())
}

pub(super) async fn note_check(ctx: &Ctx, row: &PaymentRow, error: &str) -> Result<()> {
    let learned =
        Learned { id: row.id, provider_id: None, operation_id: None, redirect_url: None, receipt: None, error, is_check: true, now: ctx.now() };
    Ok(queries::learn(&mut *ctx.connection().await?, learned).await?)
}

/// Draws the consequences of what a provider says of a payment. Returns how it stands then.
pub async fn apply(ctx: &Ctx, payment_id: Uuid, seen: &PaymentSeen) -> Result<PaymentState> {
    let mut tx = ctx.begin().await?;
    let order_id = queries::payment(&mut tx, payment_id).await?.ok_or(ServiceError::NotFound)?.order_id;
    let order = order_queries::lock_order(&mut tx, order_id).await?.ok_or(ServiceError::NotFound)?;
    let row = queries::payment(&mut tx, payment_id).await?.ok_or(ServiceError::NotFound)?;
    let before = state_of(&row)?;
    let disagreement = disagreement(&row, seen)?;
    // Paid already by another movement of money.
    let is_second =
        before.is_paid() && row.provider_operation_id.as_ref().zip(seen.operation_id.as_ref()).is_some_and(|(ours, theirs)| ours != theirs);
    let learned = Learned {
        id: row.id,
        // Ids of what does not agree are not ours to keep.
        provider_id: seen.provider_id.as_deref().filter(|_| disagreement.is_none()),
        operation_id: seen.operation_id.as_deref().filter(|_| disagreement.is_none() && !is_second),
        redirect_url: None,
        receipt: seen.receipt.map(receipt_code),
        error: seen.reason.as_deref().unwrap_or_default(),
        is_check: true,
        now: ctx.now(),
    };
    queries::learn(&mut tx, learned).await?;
    let said = match seen.state {
        SeenState::Pending => Seen::Pending,
        SeenState::WaitingForCapture => Seen::Held,
        SeenState::Succeeded | SeenState::PartiallyRefunded | SeenState::Refunded => Seen::Paid,
        SeenState::Canceled => Seen::Canceled,
        SeenState::Failed => Seen::Failed,
    };
    // What a person has decided stays decided, until the provider says something that agrees.
    let is_decided = before == PaymentState::Canceled && disagreement.is_some() && history_queries::was_decided(&mut tx, row.id).await?;
    let mut after = if is_decided { before } else { rules::next(before, said, disagreement.is_none()) };
    if let Some(reason) = disagreement
        && said == Seen::Paid
        && !is_decided
    {
        // Also of a payment that is settled already: its story and somebody's desk have it.
        let (about, provider) = (row.id.to_string(), row.provider.as_str());
        history::trouble(&mut tx, ctx, Trouble { kind: "disagrees", provider, order_id: Some(order.id), about: &about, note: reason }).await?;
    }
    if is_second && said == Seen::Paid {
        let (about, provider) = (seen.operation_id.as_deref().unwrap_or_default(), row.provider.as_str());
        history::trouble(&mut tx, ctx, Trouble { kind: "paid_twice", provider, order_id: Some(order.id), about, note: "" }).await?;
    }
    if before != after {
        move_to(&mut tx, ctx, &row, after, disagreement.unwrap_or(seen.reason.as_deref().unwrap_or_default())).await?;
    }
    if let Some(dispute) = seen.dispute {
        let row = queries::payment(&mut tx, row.id).await?.ok_or(ServiceError::NotFound)?;
        after = disputes::apply(&mut tx, ctx, &row, dispute, "a dispute").await?;
    }
    if disagreement.is_none() && !is_second {
        made_elsewhere(&mut tx, ctx, &row, after, seen.refunded_minor).await?;
    }
    if seen.receipt == Some(ReceiptState::Failed) {
        let (about, provider) = (row.id.to_string(), row.provider.as_str());
        history::trouble(&mut tx, ctx, Trouble { kind: "receipt_failed", provider, order_id: Some(order.id), about: &about, note: "" }).await?;
    }
    let state = settle(&mut tx, ctx, &order, row.id).await?;
    tx.commit().await?;
    Ok(state)
}

/// Why what the provider says can't be this payment's.
fn disagreement(row: &PaymentRow, seen: &PaymentSeen) -> Result<Option<&'static str>> {
    let is_other = row.provider_payment_id.as_ref().zip(seen.provider_id.as_ref()).is_some_and(|(ours, theirs)| ours != theirs);
    let is_other_number = seen.number.as_ref().is_some_and(|number| *number != row.id.to_string());
    Ok(if is_other || is_other_number {
        Some("it is another payment")
    } else if seen.strangeness.is_some() {
        Some("test money, or another shop's")
    } else if !seen.amount.is(super::opening::money(row.amount_minor, &row.currency)?) {
        Some("the amount or the currency is another")
    } else {
        None
    })
}

const fn receipt_code(receipt: ReceiptState) -> &'static str {
    match receipt {
        ReceiptState::Pending => "pending",
        ReceiptState::Done => "done",
        ReceiptState::Failed => "failed",
    }
}

/// Writes a payment's new state, in the caller's transaction, under the order's lock.
pub(super) async fn move_to(connection: &mut PgConnection, ctx: &Ctx, row: &PaymentRow, after: PaymentState, note: &str) -> Result<()> {
    let before = state_of(row)?;
    let before_dispute = match (before, after) {
        (_, PaymentState::Disputed) => Some(before.code()),
        // The provider decided, and may begin again; what a person decided is remembered.
        (PaymentState::Disputed, _) if ctx.actor.id().is_none() => None,
        _ => row.state_before_dispute.as_deref(),
    };
    queries::update_state(connection, row.id, after.code(), before_dispute, ctx.now()).await?;
    let line = Line { payment_id: Some(row.id), kind: "payment", before: Some(before.code()), after: Some(after.code()), note };
    history::write(connection, ctx, row.order_id, line).await?;
    let event = PaymentEvent::Changed { payment_id: row.id, order_id: row.order_id, before: before.code(), after: after.code() };
    events::record(connection, ctx, Event::Payment(event)).await
}

/// Somebody gave money back at the provider's own desk: it becomes a record of ours.
async fn made_elsewhere(connection: &mut PgConnection, ctx: &Ctx, row: &PaymentRow, state: PaymentState, refunded: Option<i64>) -> Result<()> {
    let known = rules::committed(&refund_sums(connection, row.id).await?);
    let more = refunded.unwrap_or(0).min(row.amount_minor) - known;
    if more > 0 && state.is_paid() && state != PaymentState::Disputed {
        record_refund(connection, ctx, row, more, (AT_THE_PROVIDER, known + more >= row.amount_minor), None).await?;
    }
    Ok(())
}

/// A refund that was not asked for here.
pub(super) async fn record_refund(
    connection: &mut PgConnection,
    ctx: &Ctx,
    row: &PaymentRow,
    amount: i64,
    (reason, closes_access): (&str, bool),
    provider_refund_id: Option<String>,
) -> Result<()> {
    let id = ctx.new_id();
    let refund = RefundRow {
        id,
        payment_id: row.id,
        amount_minor: amount,
        state: RefundState::Succeeded.code().to_owned(),
        idempotency_key: id.to_string(),
        provider_refund_id,
        first_sent_at: None,
        last_error: String::new(),
        reason: reason.to_owned(),
        closes_access,
        asked_by: None,
        created_at: ctx.now(),
    };
    refund_queries::insert_refund(connection, &refund).await?;
    let line = Line { payment_id: Some(row.id), kind: "refund", before: None, after: Some("succeeded"), note: reason };
    history::write(connection, ctx, row.order_id, line).await
}

/// States and amounts of a payment's refunds.
pub(super) async fn refund_sums(connection: &mut PgConnection, payment_id: Uuid) -> Result<Vec<(RefundState, i64)>> {
    sums_of(&refund_queries::refunds(connection, Some(payment_id), None).await?)
}

fn sums_of(rows: &[RefundRow]) -> Result<Vec<(RefundState, i64)>> {
    rows.iter()
        .map(|row| {
            let state = RefundState::from_code(&row.state).with_context(|| format!("refunds.state of {} is `{}`", row.id, row.state))?;
            Ok((state, row.amount_minor))
        })
        .collect()
}

/// Brings a payment's state in line with its refunds, and the order with its payments; opens and closes access. In the caller's
/// transaction, under the order's lock. Returns how that payment stands.
pub(super) async fn settle(connection: &mut PgConnection, ctx: &Ctx, order: &OrderRow, payment_id: Uuid) -> Result<PaymentState> {
    let mut counted = Vec::new();
    let (mut paid, mut open, mut closing, mut state) = (Vec::new(), Vec::new(), Vec::new(), PaymentState::Created);
    for row in queries::payments_of(connection, order.id).await? {
        let refunds = refund_queries::refunds(connection, Some(row.id), None).await?;
        let refunded = rules::refunded(&sums_of(&refunds)?);
        let before = state_of(&row)?;
        let after = rules::after_refunds(before, row.amount_minor, refunded);
        if after != before {
            move_to(connection, ctx, &row, after, "").await?;
        }
        if row.id == payment_id {
            state = after;
        }
        if after.is_paid() {
            paid.push(row.clone());
        }
        if after.is_open() {
            open.push(row.id);
        }
        if refunds.iter().any(|refund| refund.closes_access && refund.state == "succeeded") {
            closing.push(after);
        }
        counted.push(Counted { state: after, amount: row.amount_minor, refunded });
    }
    let before = OrderState::from_code(&order.state).with_context(|| format!("orders.state of {} is `{}`", order.id, order.state))?;
    let after = rules::order_state(order.total_minor, &counted, before == OrderState::Cancelled);
    let is_first = order.paid_at.is_none() && !paid.is_empty();
    if after != before || is_first {
        order_queries::update_order(connection, order.id, after.code(), is_first.then(|| ctx.now()), ctx.now()).await?;
        let line = Line { payment_id: None, kind: "order", before: Some(before.code()), after: Some(after.code()), note: "" };
        history::write(connection, ctx, order.id, line).await?;
        let event = PaymentEvent::OrderChanged { order_id: order.id, before: before.code(), after: after.code() };
        events::record(connection, ctx, Event::Payment(event)).await?;
    }
    if is_first {
        completing::complete(connection, ctx, order).await?;
    }
    // What is paid is not to be paid again: its other pages close.
    if after == OrderState::Paid && before != OrderState::Paid {
        for payment_id in open {
            jobs::enqueue(connection, ctx, &Job::ClosePayment { payment_id }).await?;
        }
    }
    // Paid twice: whoever paid again gets it back from a person.
    let kept = |row: &PaymentRow| counted.iter().filter(|payment| payment.state.is_paid()).count() > 1 && row.id == payment_id;
    if let Some(row) = paid.iter().find(|row| kept(row))
        && counted.iter().filter(|payment| payment.state.is_paid()).map(|payment| payment.amount - payment.refunded).sum::<i64>() > order.total_minor
    {
        let (about, provider) = (row.id.to_string(), row.provider.as_str());
        history::trouble(connection, ctx, Trouble { kind: "paid_twice", provider, order_id: Some(order.id), about: &about, note: "" }).await?;
    }
    // Access goes with the money of the order, not of a payment that came twice, nor of one that went back whole while another stayed.
    let closes = closing.iter().any(|state| *state != PaymentState::Refunded || after == OrderState::Refunded);
    if closes && after != OrderState::Paid {
        granting::close(connection, ctx, order).await?;
    } else if order.paid_at.is_some() {
        // A refund that had closed it failed after all, or somebody paid anew.
        if granting::reopen(connection, ctx, order).await?.is_news {
            completing::tell_open(connection, ctx, order).await?;
        }
    }
    Ok(state)
}
