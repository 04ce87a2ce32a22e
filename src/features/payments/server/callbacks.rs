//! What providers bring to `/webhooks/…`: authenticated, kept once with the job that looks into it, answered at once.

use super::callback_queries::{self, NewCallback};
use super::history::{self, Trouble};
use super::opening::{provider_of, state_of};
use super::payment_queries::{self as queries, PaymentRow};
use super::providers::{About, Callback, Delivery, Provider, ProviderError, Question, Reply, Trust, Verdict};
use super::{queries as order_queries, refund_queries, refunds, settling};
use crate::features::payments::rules::{OrderState, PaymentState};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::server::jobs::{self, Job};
use crate::server::limits;
use anyhow::{Context as _, anyhow};
use sqlx::PgConnection;
use uuid::Uuid;

/// Takes a delivery and answers as the provider's protocol wants.
pub async fn receive(ctx: &Ctx, provider: &dyn Provider, delivery: &Delivery<'_>) -> Reply {
    let callback = match provider.callback(delivery) {
        Ok(callback) => callback,
        Err(refused) => {
            tracing::warn!(provider = provider.name(), peer = %delivery.peer, reason = refused.reason, "a callback is refused");
            return refused.reply;
        }
    };
    let verdict = match &callback.question {
        Some(question) => answer(ctx, provider.name(), &callback, question).await,
        None => keep(ctx, provider.name(), &callback).await,
    };
    let verdict = verdict.unwrap_or_else(|error| {
        error.into_app_error(&format!("callback of {}", provider.name()));
        Verdict::Later
    });
    provider.reply(&callback, verdict)
}

async fn find(connection: &mut PgConnection, provider: &str, about: &About) -> Result<Option<Uuid>> {
    let number = about.number.as_deref().and_then(|number| Uuid::try_parse(number).ok());
    let (provider_id, operation_id, refund_id) = (about.provider_id.as_deref(), about.operation_id.as_deref(), about.refund_id.as_deref());
    Ok(queries::find_payment(connection, provider, number, provider_id, operation_id, refund_id).await?)
}

/// Whether nothing but the movement of money is named.
const fn is_bare(about: &About) -> bool {
    about.number.is_none() && about.provider_id.is_none() && about.operation_id.is_some()
}

/// Whether nothing is said but that a payment is to be looked at.
const fn is_plain(about: &About) -> bool {
    about.operation_id.is_none() && about.refund_id.is_none()
}

async fn unknown(connection: &mut PgConnection, ctx: &Ctx, provider: &str, event_key: &str, event: &str) -> Result<()> {
    let trouble = Trouble { kind: "unknown_payment", provider, order_id: None, about: event_key, note: event };
    history::trouble(connection, ctx, trouble).await
}

/// What is answered to a hint that nobody looks into; nothing for one that is worth a look. Anybody may send what is not signed: of what
/// we do not know nothing is kept, and of what we know not more than a provider has to tell. What is dropped the poller makes up for.
async fn unheeded(ctx: &Ctx, provider: &str, about: &About) -> Result<Option<Verdict>> {
    let throttles = &ctx.state.limits;
    if throttles.take(limits::HINT_ADDRESS, &ctx.address).await > 0 {
        return Ok(Some(Verdict::Later));
    }
    let mut connection = ctx.connection().await?;
    let row = match find(&mut connection, provider, about).await? {
        Some(id) => queries::payment(&mut connection, id).await?,
        None => None,
    };
    drop(connection);
    // Our number on another of the provider's payments is nothing of ours.
    let is_other = |row: &PaymentRow| row.provider_payment_id.as_ref().zip(about.provider_id.as_ref()).is_some_and(|(ours, theirs)| ours != theirs);
    let Some(row) = row.filter(|row| !is_other(row)) else { return Ok(Some(Verdict::Taken)) };
    throttles.give_back(limits::HINT_ADDRESS, &ctx.address).await;
    let wait = throttles.take(limits::HINT_PAYMENT, &row.id.to_string()).await;
    Ok((wait > 0).then_some(Verdict::Taken))
}

async fn keep(ctx: &Ctx, provider: &str, callback: &Callback) -> Result<Verdict> {
    let Some(about) = &callback.about else { return Ok(Verdict::Taken) };
    // Before the transaction: throttles may be in Redis.
    if callback.trust == Trust::Hint
        && let Some(verdict) = unheeded(ctx, provider, about).await?
    {
        return Ok(verdict);
    }
    let mut tx = ctx.begin().await?;
    let payment_id = find(&mut tx, provider, about).await?;
    if payment_id.is_none() && callback.trust == Trust::Hint {
        return Ok(Verdict::Taken);
    }
    let about_json = serde_json::to_value(about).context("what a callback is about")?;
    let row = NewCallback {
        id: ctx.new_id(),
        provider,
        event_key: &callback.event_key,
        event: &callback.event,
        about: &about_json,
        payment_id,
        now: ctx.now(),
    };
    let (callback_id, is_new) = callback_queries::keep_callback(&mut tx, row).await?;
    match payment_id {
        Some(id) => {
            let row = queries::payment(&mut tx, id).await?.ok_or(ServiceError::NotFound)?;
            // A forger who was first must not silence the provider.
            if is_new || (callback.trust == Trust::Hint && state_of(&row)?.is_open()) {
                let payment_id = payment_id.filter(|_| is_plain(about));
                jobs::enqueue(&mut tx, ctx, &Job::HandleCallback { callback_id, payment_id }).await?;
            }
        }
        // Events about a movement of money may come before we know of it: the provider is asked whose it is.
        None if is_bare(about) => {
            if is_new {
                jobs::enqueue(&mut tx, ctx, &Job::HandleCallback { callback_id, payment_id: None }).await?;
            }
        }
        None => unknown(&mut tx, ctx, provider, &callback.event_key, &callback.event).await?,
    }
    tx.commit().await?;
    Ok(Verdict::Taken)
}

/// The provider asks before it charges: decided from our own rows.
async fn answer(ctx: &Ctx, provider: &str, callback: &Callback, question: &Question) -> Result<Verdict> {
    let mut connection = ctx.connection().await?;
    let found = match &callback.about {
        Some(about) => find(&mut connection, provider, about).await?,
        None => None,
    };
    let Some(id) = found else { return Ok(Verdict::UnknownNumber) };
    let row = queries::payment(&mut connection, id).await?.ok_or(ServiceError::NotFound)?;
    let order = order_queries::order(&mut connection, row.order_id).await?.ok_or(ServiceError::NotFound)?;
    Ok(if question.payer.as_ref().is_some_and(|payer| *payer != order.buyer_id.to_string()) {
        Verdict::OtherPayer
    } else if !question.amount.is(super::opening::money(row.amount_minor, &row.currency)?) {
        Verdict::OtherAmount
    } else if order.state == OrderState::Cancelled.code() || state_of(&row)? == PaymentState::Canceled {
        Verdict::Expired
    } else if state_of(&row)?.is_open() && order.state == OrderState::AwaitingPayment.code() {
        Verdict::Taken
    } else {
        Verdict::NotPayable
    })
}

/// The payment that a callback is about which named none of ours: known by now, or by what the provider says.
async fn asked_for(ctx: &Ctx, provider: &str, about: &About) -> Result<Option<Uuid>> {
    let known = find(&mut *ctx.connection().await?, provider, about).await?;
    let (None, Some(operation_id)) = (known, &about.operation_id) else { return Ok(known) };
    let number = match provider_of(ctx, provider)?.number(operation_id).await {
        Ok(number) => number,
        Err(ProviderError::NotFound | ProviderError::Unsupported | ProviderError::Final { .. }) => None,
        Err(error) => return Err(anyhow!("{provider}: {error}").into()),
    };
    let named = About { number, ..About::default() };
    find(&mut *ctx.connection().await?, provider, &named).await
}

/// The job: whatever the callback says, the provider is asked.
pub async fn handle(ctx: &Ctx, callback_id: Uuid) -> Result<()> {
    let row = callback_queries::callback(&mut *ctx.connection().await?, callback_id).await?.ok_or(ServiceError::NotFound)?;
    let about: About = serde_json::from_value(row.about).context("payment_callbacks.about")?;
    let _turn = ctx.state.payments.turn(&row.provider).await?;
    let found = match row.payment_id {
        Some(id) => Some(id),
        None => asked_for(ctx, &row.provider, &about).await?,
    };
    let Some(payment_id) = found else {
        let mut tx = ctx.begin().await?;
        unknown(&mut tx, ctx, &row.provider, &row.event_key, &row.event).await?;
        callback_queries::finish_callback(&mut tx, callback_id, ctx.now()).await?;
        return Ok(tx.commit().await?);
    };
    if row.payment_id.is_none() {
        // At once, so that the order's story has it whatever comes of the look.
        callback_queries::match_callback(&mut *ctx.connection().await?, callback_id, payment_id).await?;
    }
    if is_plain(&about) {
        settling::check(ctx, payment_id).await?;
        return Ok(callback_queries::finish_plain_callbacks(&mut *ctx.connection().await?, callback_id, payment_id, ctx.now()).await?);
    }
    settling::check_operation(ctx, payment_id, about.operation_id).await?;
    if let Some(refund_id) = about.refund_id {
        let known = refund_queries::refunds(&mut *ctx.connection().await?, Some(payment_id), None).await?;
        match known.iter().find(|refund| refund.provider_refund_id.as_ref() == Some(&refund_id)) {
            Some(refund) => refunds::look(ctx, refund.id).await?,
            None => refunds::learn(ctx, payment_id, refund_id).await?,
        }
    }
    Ok(callback_queries::finish_callback(&mut *ctx.connection().await?, callback_id, ctx.now()).await?)
}
