//! Payments that nobody pays: their pages are closed at their providers, so that an old page takes no money, and holds no order open and
//! no use of a discount. Money that comes all the same is settled as ever.

use super::history::{self, Trouble};
use super::opening::{self, reference, state_of};
use super::payment_queries::{self as queries, PaymentRow};
use super::providers::{Attempt, PaymentRef, PaymentSeen, PaymentState as SeenState, Provider, ProviderError, Stage};
use super::{asking, due_queries, queries as order_queries, settling};
use crate::features::payments::rules::PaymentState;
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use anyhow::anyhow;
use chrono::Duration;
use sqlx::PgConnection;
use uuid::Uuid;

/// No provider keeps a page open for so long: what does not end and can't be closed counts as closed then.
const LASTS: Duration = Duration::days(14);
/// Why it ended, as the story and the buyer read it beside the providers' own codes.
const CLOSED: &str = "closed";

/// The job: closes a payment, unless it is paid meanwhile.
pub async fn close(ctx: &Ctx, payment_id: Uuid) -> Result<()> {
    let row = read(ctx, payment_id).await?;
    if row.provider == "manual" || !state_of(&row)?.is_open() || end_unsent(ctx, &row).await? {
        return Ok(());
    }
    let Some(provider) = ctx.state.payments.get(&row.provider) else { return end_unknown(ctx, &row).await };
    let _turn = ctx.state.payments.turn(&row.provider).await?;
    if state_of(&row)? == PaymentState::Created {
        // Whether it was made is not known: the same key finds that out.
        opening::open(ctx, payment_id).await?;
    }
    let row = read(ctx, payment_id).await?;
    match state_of(&row)? {
        PaymentState::Pending => close_page(ctx, provider.as_ref(), &row).await,
        PaymentState::WaitingForCapture => settling::check(ctx, payment_id).await,
        _ => Ok(()),
    }
}

async fn read(ctx: &Ctx, payment_id: Uuid) -> Result<PaymentRow> {
    queries::payment(&mut *ctx.connection().await?, payment_id).await?.ok_or(ServiceError::NotFound)
}

/// Closes an order's pages at a provider whose addresses were lost with the answers: nobody can go on with them, and they would be in
/// the way of new ones.
pub(super) async fn close_lost(ctx: &Ctx, order_id: Uuid, provider: &str) -> Result<()> {
    let rows = queries::payments_of(&mut *ctx.connection().await?, order_id).await?;
    for row in rows.iter().filter(|row| row.provider == provider && row.redirect_url.is_none()) {
        if state_of(row)? == PaymentState::Pending {
            close(ctx, row.id).await?;
        }
    }
    Ok(())
}

async fn close_page(ctx: &Ctx, provider: &dyn Provider, row: &PaymentRow) -> Result<()> {
    let payment = reference(row)?;
    let called = |error: ProviderError| anyhow!("{}: {error}", row.provider);
    let seen = match asking::ask(provider, &payment).await {
        Ok(seen) => seen,
        // Nobody pays what is not there.
        Err(ProviderError::NotFound) => return end(ctx, row).await,
        Err(error) => {
            settling::note_check(ctx, row, &error.to_string()).await?;
            return Err(called(error).into());
        }
    };
    match settling::apply(ctx, row.id, &seen).await? {
        PaymentState::Pending => {}
        PaymentState::WaitingForCapture => return settling::check(ctx, row.id).await,
        _ => return Ok(()),
    }
    // Its id may be news.
    let payment = PaymentRef { provider_id: payment.provider_id.or_else(|| seen.provider_id.clone()), ..payment };
    let attempt = Attempt { key: format!("{}-x", row.id.simple()), first_sent: ctx.now(), now: ctx.now() };
    match provider.cancel(&attempt, &payment, Stage::Unpaid).await {
        Ok(()) | Err(ProviderError::NotFound) => {}
        // It ends by itself, or somebody pays just now.
        Err(ProviderError::Unsupported | ProviderError::Final { .. } | ProviderError::KeyForgotten) => {
            if row.created_at > ctx.now() - LASTS {
                return Ok(());
            }
        }
        Err(error) => return Err(called(error).into()),
    }
    // The payer may have been faster.
    let seen = provider.query(&payment).await.map_err(called)?;
    let seen =
        if seen.state == SeenState::Pending { PaymentSeen { state: SeenState::Canceled, reason: Some(CLOSED.to_owned()), ..seen } } else { seen };
    settling::apply(ctx, row.id, &seen).await?;
    Ok(())
}

/// Ends a payment that its provider was never asked for. Returns whether it was one.
async fn end_unsent(ctx: &Ctx, row: &PaymentRow) -> Result<bool> {
    if row.first_sent_at.is_some() {
        return Ok(false);
    }
    let mut tx = ctx.begin().await?;
    order_queries::lock_order(&mut tx, row.order_id).await?.ok_or(ServiceError::NotFound)?;
    let is_unsent = due_queries::lock_unsent(&mut tx, row.id, ctx.now()).await?;
    if is_unsent {
        move_to_end(&mut tx, ctx, row.id, PaymentState::Failed).await?;
    }
    tx.commit().await?;
    Ok(is_unsent)
}

/// Ends a payment whose provider is switched off: nobody can ask it, so a person may have to look there.
async fn end_unknown(ctx: &Ctx, row: &PaymentRow) -> Result<()> {
    let mut tx = ctx.begin().await?;
    order_queries::lock_order(&mut tx, row.order_id).await?.ok_or(ServiceError::NotFound)?;
    if move_to_end(&mut tx, ctx, row.id, PaymentState::Canceled).await? {
        let note = "it is switched off, and payments that were begun there can't be looked at";
        let trouble = Trouble { kind: "settings", provider: &row.provider, order_id: Some(row.order_id), about: &row.provider, note };
        history::trouble(&mut tx, ctx, trouble).await?;
    }
    Ok(tx.commit().await?)
}

async fn end(ctx: &Ctx, row: &PaymentRow) -> Result<()> {
    let mut tx = ctx.begin().await?;
    order_queries::lock_order(&mut tx, row.order_id).await?.ok_or(ServiceError::NotFound)?;
    move_to_end(&mut tx, ctx, row.id, PaymentState::Canceled).await?;
    Ok(tx.commit().await?)
}

/// In the caller's transaction, under the order's lock. Returns false when something happened to the payment meanwhile.
async fn move_to_end(connection: &mut PgConnection, ctx: &Ctx, payment_id: Uuid, after: PaymentState) -> Result<bool> {
    let row = queries::payment(connection, payment_id).await?.ok_or(ServiceError::NotFound)?;
    let is_open = state_of(&row)?.is_open();
    if is_open {
        queries::release_opening(connection, payment_id, CLOSED).await?;
        settling::move_to(connection, ctx, &row, after, CLOSED).await?;
    }
    Ok(is_open)
}
