//! Orders as administrators see them, and what they do by hand.

use super::admin_queries::{self as queries, Filter, TaskRow};
use super::disputes;
use super::history::{self, Line};
use super::opening::{money, state_of};
use super::payment_queries::{self, NewPaymentRow};
use super::{completing, granting, orders, queries as order_queries, refund_queries, settling};
use crate::features::payments::model::{AdminOrder, CallbackLine, OrderList, OrderRowLine, StoryLine, TaskLine};
use crate::features::payments::rules::{OrderState, PaymentState, discount};
use crate::server::authz::{self, Administer, Permit};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::server::events::{self, Event, PaymentEvent};
use crate::server::jobs::{self, Job};
use crate::server::reason;
use crate::shared::error::Problem;
use crate::shared::page::Page;
use anyhow::Context as _;
use chrono::Duration;
use uuid::Uuid;

const PAGE_SIZE: i64 = 50;
const SEARCH_MAX: usize = 200;

fn administer(ctx: &Ctx) -> Result<Permit<Administer>> {
    Ok(authz::permit(&ctx.actor, Administer)?)
}

fn task_line(ctx: &Ctx, row: TaskRow) -> TaskLine {
    TaskLine {
        id: row.id,
        kind: row.kind,
        provider: row.provider,
        order: row.order_id.zip(row.number),
        about: row.about,
        note: row.note,
        at: ctx.local(row.created_at),
    }
}

/// Which orders an administrator looks for.
pub(super) struct Wanted {
    pattern: String,
    number: Option<i64>,
    code: String,
    state: Option<&'static str>,
}

impl Wanted {
    /// By what was typed, taken literally, and by a state.
    pub(super) fn of(search: &str, state: &str) -> Self {
        let search: String = search.trim().replace('\0', "").chars().take(SEARCH_MAX).collect();
        let number = search.trim_start_matches(['№', '#', ' ']).parse().ok();
        let code = discount::normal(&search);
        let escaped = search.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        let pattern = if search.is_empty() { search } else { format!("%{escaped}%") };
        Self { pattern, number, code, state: OrderState::from_code(state).map(OrderState::code) }
    }

    pub(super) fn filter(&self) -> Filter<'_> {
        Filter { pattern: &self.pattern, number: self.number, code: &self.code, state: self.state }
    }
}

/// Orders by buyer, number or discount and by state, with what they come to.
pub async fn list(ctx: &Ctx, search: &str, state: &str, after: Option<Uuid>) -> Result<OrderList> {
    let _permit = administer(ctx)?;
    let wanted = Wanted::of(search, state);
    let filter = wanted.filter();
    let mut connection = ctx.connection().await?;
    let rows = queries::list(&mut connection, filter, after, PAGE_SIZE + 1).await?;
    let total = queries::count(&mut connection, filter).await?;
    let sums = queries::sums(&mut connection, filter).await?;
    let stuck = queries::stuck(&mut connection, ctx.now() - Duration::seconds(60)).await?;
    let tasks = queries::tasks(&mut connection, None).await?;
    let Page { items, next } = Page::cut(rows, PAGE_SIZE, |row| row.id);
    let items = items
        .into_iter()
        .map(|row| {
            Ok(OrderRowLine {
                id: row.id,
                number: row.number,
                buyer: row.buyer,
                email: row.email,
                courses: row.courses,
                total: money(row.total_minor, &row.currency)?,
                state: OrderState::from_code(&row.state).with_context(|| format!("orders.state of {} is `{}`", row.id, row.state))?,
                created: ctx.local(row.created_at),
            })
        })
        .collect::<Result<Vec<_>>>()?;
    Ok(OrderList {
        page: Page { items, next },
        total,
        paid: sums.iter().map(|row| money(row.paid, &row.currency)).collect::<Result<_>>()?,
        refunded: sums.iter().filter(|row| row.refunded > 0).map(|row| money(row.refunded, &row.currency)).collect::<Result<_>>()?,
        stuck,
        tasks: tasks.into_iter().map(|row| task_line(ctx, row)).collect(),
    })
}

/// One order with its whole story.
pub async fn order(ctx: &Ctx, order_id: Uuid) -> Result<AdminOrder> {
    let _permit = administer(ctx)?;
    let page = orders::order(ctx, order_id).await?;
    let mut connection = ctx.connection().await?;
    let row = order_queries::order(&mut connection, order_id).await?.ok_or(ServiceError::NotFound)?;
    let buyer = order_queries::buyer(&mut connection, row.buyer_id).await?;
    let story = queries::story(&mut connection, order_id).await?;
    let callbacks = queries::callbacks(&mut connection, order_id).await?;
    let tasks = queries::tasks(&mut connection, Some(order_id)).await?;
    Ok(AdminOrder {
        order: page,
        buyer_id: row.buyer_id,
        buyer: buyer.full_name,
        consents: queries::consents(&mut connection, order_id).await?,
        story: story
            .into_iter()
            .map(|row| StoryLine { at: ctx.local(row.at), kind: row.kind, before: row.before, after: row.after, note: row.note, actor: row.actor })
            .collect(),
        callbacks: callbacks
            .into_iter()
            .map(|row| CallbackLine {
                at: ctx.local(row.received_at),
                provider: row.provider,
                event: row.event,
                times: row.times,
                is_handled: row.is_handled,
            })
            .collect(),
        tasks: tasks.into_iter().map(|row| task_line(ctx, row)).collect(),
    })
}

/// Enters a payment that came another way, such as a bank transfer: the order counts as paid.
pub async fn enter_by_hand(ctx: &Ctx, order_id: Uuid, reason: &str) -> Result<()> {
    let _permit = administer(ctx)?;
    let reason = reason::read("manual_reason", reason)?;
    let mut tx = ctx.begin().await?;
    let order = order_queries::lock_order(&mut tx, order_id).await?.ok_or(ServiceError::NotFound)?;
    // A transfer may come after the order was given up.
    if !orders::order_state(&order)?.takes_money() {
        return Err(ServiceError::field("manual_reason", Problem::NothingToPay));
    }
    let (id, key) = (ctx.new_id(), ctx.new_id().to_string());
    let row = NewPaymentRow {
        id,
        order_id,
        user_id: order.buyer_id,
        provider: "manual",
        key: &key,
        state: PaymentState::Succeeded.code(),
        amount_minor: order.total_minor,
        currency: &order.currency,
        note: &reason,
        description: "",
        payer_email: "",
        receipt: None,
        now: ctx.now(),
    };
    payment_queries::insert_payment(&mut tx, row).await?;
    let line = Line { payment_id: Some(id), kind: "payment", before: None, after: Some("succeeded"), note: &reason };
    history::write(&mut tx, ctx, order_id, line).await?;
    let event = PaymentEvent::EnteredByHand { payment_id: id, order_id, amount_minor: order.total_minor, reason };
    events::record(&mut tx, ctx, Event::Payment(event)).await?;
    settling::settle(&mut tx, ctx, &order, id).await?;
    Ok(tx.commit().await?)
}

/// Looks again at everything that hangs in an order: payments and refunds at their providers, access that did not open.
pub async fn look_again(ctx: &Ctx, order_id: Uuid) -> Result<()> {
    let _permit = administer(ctx)?;
    let mut tx = ctx.begin().await?;
    let order = order_queries::lock_order(&mut tx, order_id).await?.ok_or(ServiceError::NotFound)?;
    for row in payment_queries::payments_of(&mut tx, order_id).await? {
        if row.provider == "manual" {
            continue;
        }
        let job =
            if state_of(&row)? == PaymentState::Created { Job::OpenPayment { payment_id: row.id } } else { Job::CheckPayment { payment_id: row.id } };
        jobs::enqueue(&mut tx, ctx, &job).await?;
        for refund in refund_queries::refunds(&mut tx, Some(row.id), None).await? {
            if matches!(refund.state.as_str(), "created" | "pending") {
                jobs::enqueue(&mut tx, ctx, &Job::SendRefund { refund_id: refund.id }).await?;
            }
        }
    }
    let state = orders::order_state(&order)?;
    let is_due = matches!(state, OrderState::Paid | OrderState::PartiallyRefunded);
    let is_opened = is_due && granting::open(&mut tx, ctx, &order).await?.is_news;
    let is_reopened = state == OrderState::Paid && granting::reopen(&mut tx, ctx, &order).await?.is_news;
    if is_opened || is_reopened {
        // The letter about the payment promised to write again.
        completing::tell_open(&mut tx, ctx, &order).await?;
    }
    history::write(&mut tx, ctx, order_id, Line { kind: "looked_again", ..Line::default() }).await?;
    Ok(tx.commit().await?)
}

/// Decides about a payment whose money and order did not agree: it counts as paid, or as nothing.
pub async fn resolve(ctx: &Ctx, order_id: Uuid, payment_id: Uuid, outcome: &str, reason: &str) -> Result<()> {
    if let Some(dispute) = disputes::decision(outcome) {
        return disputes::decide(ctx, order_id, payment_id, dispute, reason).await;
    }
    let _permit = administer(ctx)?;
    let reason = reason::read("resolve_reason", reason)?;
    let after = match outcome {
        "succeeded" => PaymentState::Succeeded,
        "canceled" => PaymentState::Canceled,
        _ => return Err(ServiceError::field("outcome", Problem::UnknownChoice)),
    };
    let mut tx = ctx.begin().await?;
    let order = order_queries::lock_order(&mut tx, order_id).await?.ok_or(ServiceError::NotFound)?;
    let row = payment_queries::payment(&mut tx, payment_id).await?.filter(|row| row.order_id == order_id).ok_or(ServiceError::NotFound)?;
    if state_of(&row)? != PaymentState::NeedsReview {
        return Err(ServiceError::Conflict);
    }
    settling::move_to(&mut tx, ctx, &row, after, &reason).await?;
    let event = PaymentEvent::Resolved { payment_id, order_id, after: after.code(), reason };
    events::record(&mut tx, ctx, Event::Payment(event)).await?;
    settling::settle(&mut tx, ctx, &order, payment_id).await?;
    Ok(tx.commit().await?)
}

/// Somebody has looked: a task is done. What hangs still comes back by itself.
pub async fn settle_task(ctx: &Ctx, task_id: Uuid) -> Result<()> {
    let _permit = administer(ctx)?;
    let mut tx = ctx.begin().await?;
    let kind = queries::settle_task(&mut tx, task_id, ctx.actor.id(), ctx.now()).await?.ok_or(ServiceError::NotFound)?;
    events::record(&mut tx, ctx, Event::Payment(PaymentEvent::TaskSettled { task_id, kind })).await?;
    Ok(tx.commit().await?)
}
