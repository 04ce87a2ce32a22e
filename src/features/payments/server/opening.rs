//! Making a payment at its provider. The row is committed before; a call whose answer is not known is repeated with the same key.

use super::history::{self, Line, Trouble};
use super::payment_queries::{self as queries, Learned, PaymentRow};
use super::providers::{Attempt, Created, NewPayment, Payer, PaymentRef, Provider, ProviderError};
use super::{links, queries as order_queries, receipts, settling};
use crate::features::payments::rules::PaymentState;
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::shared::i18n::Locale;
use crate::shared::money::{Currency, Money};
use anyhow::{Context as _, anyhow};
use chrono::Duration;
use std::sync::Arc;
use uuid::Uuid;

/// Whoever calls has the payment this long: more than any provider's time-out.
const LEASE: Duration = Duration::seconds(120);

/// The amount of a row.
pub(super) fn money(minor: i64, currency: &str) -> Result<Money> {
    let currency = Currency::from_code(currency).with_context(|| format!("the currency `{currency}` is not known"))?;
    Ok(Money { minor, currency })
}

/// The state of a row.
pub(super) fn state_of(row: &PaymentRow) -> Result<PaymentState> {
    Ok(PaymentState::from_code(&row.state).with_context(|| format!("payments.state of {} is `{}`", row.id, row.state))?)
}

/// What a provider finds a payment with.
pub(super) fn reference(row: &PaymentRow) -> Result<PaymentRef> {
    Ok(PaymentRef {
        number: row.id.to_string(),
        provider_id: row.provider_payment_id.clone(),
        operation_id: row.provider_operation_id.clone(),
        amount: money(row.amount_minor, &row.currency)?,
        created_at: row.first_sent_at.unwrap_or(row.created_at),
    })
}

/// The provider of a payment, if it is still switched on.
pub(super) fn provider_of(ctx: &Ctx, name: &str) -> Result<Arc<dyn Provider>> {
    Ok(ctx.state.payments.get(name).ok_or_else(|| anyhow!("the payment provider {name} is switched off"))?)
}

/// The address of a payment's page: makes the payment at its provider, unless that was done or is being done.
///
/// # Errors
/// When the outcome is not known yet, or the provider's settings are wrong: to be tried again.
pub async fn open(ctx: &Ctx, payment_id: Uuid) -> Result<Option<String>> {
    let mut tx = ctx.begin().await?;
    let claim = queries::claim_opening(&mut tx, payment_id, ctx.now(), ctx.now() + LEASE).await?;
    let row = queries::payment(&mut tx, payment_id).await?.ok_or(ServiceError::NotFound)?;
    let Some(claim) = claim else { return Ok(row.redirect_url) };
    let order = order_queries::order(&mut tx, row.order_id).await?.ok_or(ServiceError::NotFound)?;
    // Repeats say nothing new, and there may be hundreds.
    if !claim.was_tried {
        history::write(&mut tx, ctx, order.id, Line { payment_id: Some(row.id), kind: "asked", note: "create", ..Line::default() }).await?;
    }
    tx.commit().await?;
    let locale = Locale::from_code(&order.locale).unwrap_or_default();
    let back = links::address(ctx, order.id)?;
    let payment = NewPayment {
        attempt: Attempt { key: row.idempotency_key.clone(), first_sent: row.first_sent_at.unwrap_or_else(|| ctx.now()), now: ctx.now() },
        number: row.id.to_string(),
        amount: money(row.amount_minor, &row.currency)?,
        description: row.description.clone(),
        return_url: back.clone(),
        fail_url: back,
        is_two_stage: false,
        payer: Payer { id: order.buyer_id.to_string(), email: Some(row.payer_email.clone()), phone: None },
        locale,
        receipt: receipts::of_payment(&row)?,
    };
    let answer = match provider_of(ctx, &row.provider) {
        Ok(provider) => provider.create(&payment).await,
        Err(error) => Err(ProviderError::Settings(error.to_string())),
    };
    match answer {
        Ok(created) => keep(ctx, &row, created).await,
        Err(error) => not_made(ctx, &row, claim.was_sent, error).await,
    }
}

async fn keep(ctx: &Ctx, row: &PaymentRow, created: Created) -> Result<Option<String>> {
    let mut tx = ctx.begin().await?;
    order_queries::lock_order(&mut tx, row.order_id).await?.ok_or(ServiceError::NotFound)?;
    let now = queries::payment(&mut tx, row.id).await?.ok_or(ServiceError::NotFound)?;
    let learned = Learned {
        id: row.id,
        provider_id: Some(&created.provider_id),
        operation_id: None,
        redirect_url: created.redirect_url.as_deref(),
        receipt: None,
        error: "",
        is_check: false,
        now: ctx.now(),
    };
    queries::learn(&mut tx, learned).await?;
    // A callback may have been faster.
    if state_of(&now)? == PaymentState::Created {
        settling::move_to(&mut tx, ctx, &now, PaymentState::Pending, "").await?;
    }
    tx.commit().await?;
    Ok(created.redirect_url.or(now.redirect_url))
}

async fn not_made(ctx: &Ctx, row: &PaymentRow, was_sent: bool, error: ProviderError) -> Result<Option<String>> {
    match error {
        ProviderError::Again { reason, .. } => {
            queries::release_opening(&mut *ctx.connection().await?, row.id, &reason).await?;
            Err(anyhow!("{}: {reason}", row.provider).into())
        }
        // Nothing is sent any more with this key: either the payment is there, or this attempt has failed.
        ProviderError::KeyForgotten => match provider_of(ctx, &row.provider)?.query(&reference(row)?).await {
            Ok(seen) => {
                settling::apply(ctx, row.id, &seen).await?;
                Ok(None)
            }
            Err(ProviderError::NotFound) => fail(ctx, row, "the key is forgotten").await,
            Err(error) => {
                queries::release_opening(&mut *ctx.connection().await?, row.id, &error.to_string()).await?;
                Err(anyhow!("{}: {error}", row.provider).into())
            }
        },
        ProviderError::Settings(reason) => {
            let mut tx = ctx.begin().await?;
            queries::release_opening(&mut tx, row.id, &reason).await?;
            if !was_sent {
                queries::forget_sending(&mut tx, row.id).await?;
            }
            let trouble = Trouble { kind: "settings", provider: &row.provider, order_id: Some(row.order_id), about: &row.provider, note: &reason };
            history::trouble(&mut tx, ctx, trouble).await?;
            tx.commit().await?;
            Err(anyhow!("{}: {reason}", row.provider).into())
        }
        ProviderError::NotFound | ProviderError::Unsupported | ProviderError::Final { .. } => fail(ctx, row, &error.to_string()).await,
    }
}

/// The provider refused: this attempt is over, a new one may begin.
async fn fail(ctx: &Ctx, row: &PaymentRow, reason: &str) -> Result<Option<String>> {
    let mut tx = ctx.begin().await?;
    order_queries::lock_order(&mut tx, row.order_id).await?.ok_or(ServiceError::NotFound)?;
    let now = queries::payment(&mut tx, row.id).await?.ok_or(ServiceError::NotFound)?;
    queries::release_opening(&mut tx, row.id, reason).await?;
    if state_of(&now)? == PaymentState::Created {
        settling::move_to(&mut tx, ctx, &now, PaymentState::Failed, reason).await?;
    }
    tx.commit().await?;
    Ok(None)
}
