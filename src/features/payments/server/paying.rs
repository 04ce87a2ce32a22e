//! Paying an order: from the order to a payment at its provider.

use super::history::{self, Line};
use super::payment_queries::{self, NewPaymentRow};
use super::queries::{self, OrderRow};
use super::{closing, completing, links, opening, receipts};
use crate::features::payments::rules::{OrderState, PaymentState};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::server::events::{self, Event, PaymentEvent};
use crate::server::jobs::{self, Job};
use crate::server::limits;
use crate::shared::error::Problem;
use crate::shared::i18n::{Locale, orders as texts};
use chrono::Duration;
use sqlx::PgConnection;
use uuid::Uuid;

/// The buyer waits this long for the provider; the job goes on.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(8);
/// When the job looks whether the payment was made.
const JOB_AFTER: Duration = Duration::seconds(20);

/// Where a buyer goes on.
#[derive(Debug)]
pub struct Begun {
    /// The order.
    pub order_id: Uuid,
    /// Opens it for who has no session.
    pub link: String,
    /// The page of the payment, if it is known by now.
    pub redirect_url: Option<String>,
}

/// Another try at an order that is not paid.
pub async fn pay_again(ctx: &Ctx, order_id: Uuid, provider: &str) -> Result<Begun> {
    super::orders::permitted(&mut *ctx.connection().await?, ctx, order_id).await?;
    if ctx.state.payments.get(provider).is_none() {
        return Err(ServiceError::field("provider", Problem::UnknownChoice));
    }
    let wait = ctx.state.limits.take(limits::BUY, &ctx.address).await;
    if wait > 0 {
        return Err(ServiceError::field("", Problem::Throttled(wait)));
    }
    // Whatever comes of it: without a page the order's own shows the choice again.
    if !matches!(tokio::time::timeout(PATIENCE, closing::close_lost(ctx, order_id, provider)).await, Ok(Ok(()))) {
        tracing::warn!(%order_id, provider, "a payment whose page is lost could not be closed yet");
    }
    let mut tx = ctx.begin().await?;
    let payment_id = begin_payment(&mut tx, ctx, order_id, provider).await?;
    tx.commit().await?;
    go_on(ctx, order_id, payment_id).await
}

/// The one open payment of an order at a provider, made if there is none. `None` when nothing is to be paid (any more).
pub(super) async fn begin_payment(connection: &mut PgConnection, ctx: &Ctx, order_id: Uuid, provider: &str) -> Result<Option<Uuid>> {
    let order = queries::lock_order(connection, order_id).await?.ok_or(ServiceError::NotFound)?;
    if order.state != OrderState::AwaitingPayment.code() {
        return Ok(None);
    }
    if order.total_minor == 0 {
        open_free(connection, ctx, &order).await?;
        return Ok(None);
    }
    for row in payment_queries::payments_of(connection, order_id).await? {
        if row.provider == provider && opening::state_of(&row)?.is_open() {
            return Ok(Some(row.id));
        }
    }
    let (id, key) = (ctx.new_id(), ctx.new_id().to_string());
    let lines = queries::lines(connection, order_id).await?;
    let courses = lines.iter().map(|line| line.course_title.as_str()).collect::<Vec<_>>().join(", ");
    let locale = Locale::from_code(&order.locale).unwrap_or_default();
    let description = texts::description(locale, courses, order.number);
    let payer_email = queries::buyer(connection, order.buyer_id).await?.email;
    let receipt = receipts::of_sale(connection, ctx, &payer_email, &lines).await?;
    let row = NewPaymentRow {
        id,
        order_id,
        user_id: order.buyer_id,
        provider,
        key: &key,
        state: PaymentState::Created.code(),
        amount_minor: order.total_minor,
        currency: &order.currency,
        note: "",
        description: &description,
        payer_email: &payer_email,
        receipt: receipt.as_ref(),
        now: ctx.now(),
    };
    payment_queries::insert_payment(connection, row).await?;
    history::write(
        connection,
        ctx,
        order_id,
        Line { payment_id: Some(id), kind: "payment", after: Some("created"), note: provider, ..Line::default() },
    )
    .await?;
    jobs::enqueue_at(connection, ctx, &Job::OpenPayment { payment_id: id }, ctx.now() + JOB_AFTER).await?;
    Ok(Some(id))
}

/// An order of nothing needs no provider: it is paid, and opens the same way as any other.
async fn open_free(connection: &mut PgConnection, ctx: &Ctx, order: &OrderRow) -> Result<()> {
    let (before, after) = (OrderState::AwaitingPayment.code(), OrderState::Paid.code());
    queries::update_order(connection, order.id, after, Some(ctx.now()), ctx.now()).await?;
    history::write(connection, ctx, order.id, Line { kind: "order", before: Some(before), after: Some(after), ..Line::default() }).await?;
    events::record(connection, ctx, Event::Payment(PaymentEvent::OrderChanged { order_id: order.id, before, after })).await?;
    completing::complete(connection, ctx, order).await
}

/// After the commit: asks the provider while the buyer waits. What takes too long is the job's.
pub(super) async fn go_on(ctx: &Ctx, order_id: Uuid, payment_id: Option<Uuid>) -> Result<Begun> {
    let redirect_url = match payment_id {
        // A task of its own, so that neither our patience nor a closed browser cuts the call.
        Some(id) => {
            let own = ctx.clone();
            let call = tokio::spawn(async move { opening::open(&own, id).await });
            match tokio::time::timeout(PATIENCE, call).await {
                Ok(Ok(Ok(url))) => url,
                Ok(Ok(Err(error))) => {
                    tracing::warn!(payment_id = %id, %error, "a payment could not be made yet");
                    None
                }
                _ => None,
            }
        }
        None => None,
    };
    Ok(Begun { order_id, link: links::token(&ctx.state, order_id)?, redirect_url })
}
