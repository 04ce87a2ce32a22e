//! An order as its buyer sees it.

use super::opening::{money, state_of};
use super::payment_queries;
use super::queries::{self, LineRow, OrderRow};
use super::refund_queries;
use super::{invoice, links, receipts, settling};
use crate::features::payments::model::{OrderLine, OrderPage, PaymentLine, RefundLine};
use crate::features::payments::rules::{OrderState, PaymentState, RefundState};
use crate::server::authz::{self, Administer, SeeOrder};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::server::jobs::{self, Job};
use crate::shared::href;
use anyhow::Context as _;
use axum::http::{HeaderName, HeaderValue};
use chrono::Duration;
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use sqlx::PgConnection;
use uuid::Uuid;

/// A page that waits asks the provider no more often.
const ASK_EVERY: Duration = Duration::seconds(3);
/// A payment's page is waited for so long; then the buyer may try another provider, undisturbed.
const MADE_WITHIN: Duration = Duration::minutes(1);
/// A page refreshes itself for so long after the order.
const REFRESHES_FOR: Duration = Duration::hours(2);

/// The order, for who may see it: its buyer, whoever has its link, administrators. For everybody else it does not exist.
pub(super) async fn permitted(connection: &mut PgConnection, ctx: &Ctx, order_id: Uuid) -> Result<OrderRow> {
    let order = queries::order(connection, order_id).await?.ok_or(ServiceError::NotFound)?;
    authz::permit(&ctx.actor, SeeOrder { buyer_id: order.buyer_id, has_link: links::cookie_opens(ctx, order_id) })?;
    Ok(order)
}

pub(super) fn order_state(order: &OrderRow) -> Result<OrderState> {
    Ok(OrderState::from_code(&order.state).with_context(|| format!("orders.state of {} is `{}`", order.id, order.state))?)
}

/// What a discount took off of all lines, each of which may stand there with several courses.
fn order_off(lines: &[LineRow]) -> i64 {
    lines.chunk_by(|a, b| a.line_id == b.line_id).filter_map(|line| line.first()).map(|row| row.discount_minor).sum()
}

/// An order's page. While a payment is open it also asks how it stands: a callback may have been lost.
pub async fn order(ctx: &Ctx, order_id: Uuid) -> Result<OrderPage> {
    let mut connection = ctx.connection().await?;
    let order = permitted(&mut connection, ctx, order_id).await?;
    let state = order_state(&order)?;
    let (payments, refunds) = payments(&mut connection, ctx, order_id).await?;
    let rows = payment_queries::payments_of(&mut connection, order_id).await?;
    let lines = queries::lines(&mut connection, order_id).await?;
    let buyer = queries::buyer(&mut connection, order.buyer_id).await?;
    let invoice = invoice::number(&mut connection, order_id).await?;
    drop(connection);
    let open = rows.iter().rev().find(|row| state_of(row).is_ok_and(PaymentState::is_open));
    if let Some(row) = open
        && row.provider_payment_id.is_some()
        && row.checked_at.is_none_or(|at| at < ctx.now() - ASK_EVERY)
    {
        let mut tx = ctx.begin().await?;
        jobs::enqueue(&mut tx, ctx, &Job::CheckPayment { payment_id: row.id }).await?;
        tx.commit().await?;
    }
    let prices = receipts::prices(&lines);
    let off = order_off(&lines);
    let is_going = open.is_some_and(|row| row.redirect_url.is_some() || row.created_at > ctx.now() - MADE_WITHIN);
    let is_young = order.created_at > ctx.now() - REFRESHES_FOR;
    Ok(OrderPage {
        id: order.id,
        number: order.number,
        total: money(order.total_minor, &order.currency)?,
        off: money(off, &order.currency)?,
        invoice,
        created: ctx.local(order.created_at),
        paid: order.paid_at.map(|at| ctx.local(at)),
        email: buyer.email,
        lines: lines
            .into_iter()
            .zip(prices)
            .map(|(line, price)| {
                Ok(OrderLine {
                    is_open: matches!(line.enrollment_state.as_deref(), Some("active" | "completed"))
                        && line.expires_at.is_none_or(|end| end > ctx.now()),
                    course_slug: line.course_slug,
                    course_title: line.course_title,
                    offer_name: line.offer_name,
                    price: money(price, &order.currency)?,
                    expires: line.expires_at.map(|at| ctx.local(at)),
                })
            })
            .collect::<Result<_>>()?,
        payments,
        refunds,
        redirect_url: open.and_then(|row| row.redirect_url.clone()),
        waits: is_going && state == OrderState::AwaitingPayment,
        refreshes: is_going && is_young,
        providers: if state == OrderState::AwaitingPayment { ctx.state.payments.names() } else { Vec::new() },
        is_own: ctx.actor.id() == Some(order.buyer_id),
        is_first: order.is_first,
        state,
    })
}

/// The page of an order: it looks again by itself while it waits, or goes on to the payment's page. By a header, so that it works
/// without scripts.
pub async fn page(ctx: &Ctx, order_id: Uuid, goes_on: bool) -> Result<OrderPage> {
    let page = order(ctx, order_id).await?;
    let refresh = match &page.redirect_url {
        Some(url) if goes_on && page.waits && (url.starts_with("https://") || url.starts_with("http://")) => Some(format!("0; url={url}")),
        _ if page.refreshes => Some(format!("4; url={}", href::order(order_id))),
        _ => None,
    };
    if let (Some(options), Some(Ok(value))) = (use_context::<ResponseOptions>(), refresh.as_deref().map(HeaderValue::from_str)) {
        options.insert_header(HeaderName::from_static("refresh"), value);
    }
    Ok(page)
}

/// An order's payments and what went back of them, the oldest first.
pub(super) async fn payments(connection: &mut PgConnection, ctx: &Ctx, order_id: Uuid) -> Result<(Vec<PaymentLine>, Vec<RefundLine>)> {
    let (mut payments, mut refunds) = (Vec::new(), Vec::new());
    let is_admin = authz::permit(&ctx.actor, Administer).is_ok();
    for row in payment_queries::payments_of(connection, order_id).await? {
        let sums = settling::refund_sums(connection, row.id).await?;
        let state = state_of(&row)?;
        for refund in refund_queries::refunds(connection, Some(row.id), None).await? {
            refunds.push(RefundLine {
                amount: money(refund.amount_minor, &row.currency)?,
                state: RefundState::from_code(&refund.state).with_context(|| format!("refunds.state of {} is `{}`", refund.id, refund.state))?,
                at: ctx.local(refund.created_at),
                reason: if is_admin && !refund.last_error.is_empty() { format!("{} ({})", refund.reason, refund.last_error) } else { refund.reason },
            });
        }
        payments.push(PaymentLine {
            id: row.id,
            amount: money(row.amount_minor, &row.currency)?,
            refundable: money(crate::features::payments::rules::refundable(state, row.amount_minor, &sums), &row.currency)?,
            state,
            at: ctx.local(row.created_at),
            // What the provider said last is the buyer's business once the attempt is over, where it says so in words and not by a code.
            reason: match state {
                PaymentState::Failed | PaymentState::Canceled if is_admin || row.last_error.contains(' ') => row.last_error,
                _ if row.last_error.is_empty() || !is_admin => row.note,
                _ => row.last_error,
            },
            receipt: row.receipt_state,
            provider: row.provider,
        });
    }
    Ok((payments, refunds))
}
